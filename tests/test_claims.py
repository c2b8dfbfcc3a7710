"""Claims: each rule that makes one of what an article tells."""

import pytest
from claim_articles import Told, tell

from rasid.infer.articles import Article, Span
from rasid.infer.claims import make_claims
from rasid.infer.errors import ArticleError

REPORTED = "⟦REPORT c1|أفاد⟧ ⟦SOURCE a1|المرصد⟧ ⟦KILLED k1 14|بمقتل 14⟧ في ⟦TOWN p1|حلب⟧ بغارة شنتها ⟦STATE a2|روسيا⟧."
LINKS = ("c1 holder a1", "c1 about k1", "k1 place p1", "k1 blamed a2")


def stances(told: Told) -> list[str]:
    return [claim.stance for claim in told.claims]


def test_a_claim_says_who_says_what_of_whom_where_with_its_evidence() -> None:
    told = tell(REPORTED, *LINKS)
    (claim,) = told.claims
    assert (claim.stance, claim.voice, claim.cues, claim.casualties, claim.places) == (
        "REPORT",
        "holder",
        ("c1",),
        ("k1",),
        ("p1",),
    )
    assert (told.names(claim.holders), told.names(claim.blamed)) == ({"المرصد"}, {"روسيا"})
    (stretch,) = claim.evidence
    assert told.article.text[slice(*stretch)] == told.article.text.rstrip(".")


def test_a_casualty_that_nobody_is_said_to_tell_is_told_by_the_article() -> None:
    (claim,) = tell("⟦KILLED k1 5|مقتل خمسة⟧ في ⟦TOWN p1|حمص⟧", "k1 place p1").claims
    assert (claim.stance, claim.voice, claim.cues, claim.holders, claim.casualties) == (
        "REPORT",
        "article",
        (),
        (),
        ("k1",),
    )


def test_the_article_tells_apart_what_it_tells_of_different_places() -> None:
    told = tell(
        "⟦KILLED k1 5|قتل خمسة⟧ ⟦INJURED k2 2|وجرح اثنان⟧ في ⟦TOWN p1|حمص⟧ ⟦KILLED k3 3|وثلاثة⟧ في ⟦TOWN p2|حماة⟧",
        "k1 place p1",
        "k2 place p1",
        "k3 place p2",
    )
    assert [claim.casualties for claim in told.claims] == [("k1", "k2"), ("k3",)]


def test_every_stance_and_every_casualty_is_in_exactly_one_claim_where_nothing_is_denied() -> None:
    told = tell(
        "⟦KILLED k1 5|مقتل خمسة⟧\n⟦REPORT c1|قال⟧ ⟦STATE a1|الجيش⟧ شيئا. ⟦OPPOSE c2|أدان⟧ ⟦PARTY a2|الحزب⟧ "
        "⟦KILLED k2 7|مقتل سبعة⟧.",
        "c1 holder a1",
        "c2 holder a2",
        "c2 about k2",
    )
    assert sorted(name for claim in told.claims for name in (*claim.cues, *claim.casualties)) == [
        "c1",
        "c2",
        "k1",
        "k2",
    ]


def test_a_spokesman_speaks_for_his_body() -> None:
    told = tell(
        "⟦DENY c1|نفى⟧ ⟦INTL a1|التحالف⟧ ذلك.\n⟦PERSON a2|ديلون⟧ وصفه بأنه ⟦DENY c2|كاذب⟧.",
        "c1 holder a1",
        "c2 holder a2",
        speaks_for={"ديلون": "التحالف"},
    )
    (claim,) = told.claims
    assert (claim.cues, told.names(claim.holders), len(claim.evidence)) == (("c1", "c2"), {"التحالف"}, 2)


def test_a_repeat_is_merged_and_keeps_all_its_evidence() -> None:
    told = tell(
        "⟦STATE a1|الحكومة⟧ ⟦ACCUSE c1|تتهم⟧ ⟦ARMED a2|الحركة⟧\n"
        "⟦ACCUSE c2|واتهمت⟧ ⟦STATE a3|الحكومة⟧ ⟦ARMED a4|الحركة⟧ ⟦KILLED k1 9|بقتل تسعة⟧.",
        *("c1 holder a1", "c1 target a2", "c2 holder a3", "c2 target a4", "c2 about k1"),
    )
    (claim,) = told.claims
    assert (claim.cues, claim.casualties, len(claim.evidence)) == (("c1", "c2"), ("k1",), 2)


@pytest.mark.parametrize(
    ("second", "links"),
    [
        ("⟦REPORT c2|أفاد⟧ ⟦SOURCE a3|المرصد⟧ ⟦KILLED k2 22|بمقتل 22⟧", "k2 place p2"),
        ("⟦REPORT c2|أفاد⟧ ⟦SOURCE a3|المرصد⟧ ⟦INJURED k2 14|بجرح 14⟧", "k2 place p2"),
        ("⟦REPORT c2|أفادت⟧ ⟦SOURCE a3|الوكالة⟧ ⟦KILLED k2 14|بمقتل 14⟧", "k2 place p2"),
        ("⟦ACCUSE c2|أفاد⟧ ⟦SOURCE a3|المرصد⟧ ⟦KILLED k2 14|بمقتل 14⟧", "k2 place p2"),
    ],
    ids=["another figure", "another kind", "another holder", "another stance"],
)
def test_what_differs_is_another_claim(second: str, links: str) -> None:
    told = tell(f"{REPORTED}\n{second} في ⟦TOWN p2|حلب⟧.", *LINKS, "c2 holder a3", "c2 about k2", links)
    assert len(told.claims) == 2


def test_the_same_figure_of_another_place_is_another_claim() -> None:
    second = "⟦REPORT c2|وأفاد⟧ ⟦SOURCE a3|المرصد⟧ ⟦KILLED k2 14|بمقتل 14⟧ في ⟦TOWN p2|الرقة⟧."
    told = tell(f"{REPORTED}\n{second}", *LINKS, "c2 holder a3", "c2 about k2", "k2 place p2")
    assert len(told.claims) == 2


def test_the_same_figure_of_other_victims_is_another_claim() -> None:
    text = "⟦REPORT {0}|أفاد⟧ ⟦SOURCE a{0}|المرصد⟧ ⟦KILLED k{0} 1|بمقتل⟧ ⟦PERSON v{0}|{1}⟧."
    links = ("c1 holder ac1", "c1 about kc1", "kc1 victim vc1", "c2 holder ac2", "c2 about kc2", "kc2 victim vc2")
    assert len(tell(text.format("c1", "سمير") + "\n" + text.format("c2", "سامي"), *links).claims) == 2
    assert len(tell(text.format("c1", "سمير") + "\n" + text.format("c2", "سمير"), *links).claims) == 1


def test_a_vague_figure_and_a_number_it_allows_are_one_claim() -> None:
    second = "⟦REPORT c2|وكان⟧ ⟦SOURCE a3|المرصد⟧ تحدث عن ⟦KILLED k2 3+:plural|قتلى⟧ في ⟦TOWN p2|حلب⟧."
    told = tell(f"{REPORTED}\n{second}", *LINKS, "c2 holder a3", "c2 about k2", "k2 place p2")
    assert len(told.claims) == 1


def test_two_reports_without_figures_are_two_claims_for_their_content_is_unknown() -> None:
    told = tell("⟦REPORT c1|قال⟧ ⟦PERSON a1|الوزير⟧ شيئا. ⟦REPORT c2|وأضاف⟧ شيئا آخر.", "c1 holder a1", "c2 holder a1")
    assert len(told.claims) == 2


def test_accusations_of_different_targets_stay_apart() -> None:
    told = tell(
        "⟦ACCUSE c1|اتهم⟧ ⟦STATE a1|الجيش⟧ ⟦ARMED a2|الحركة⟧ ثم ⟦ACCUSE c2|اتهم⟧ ⟦STATE a3|الجيش⟧ ⟦STATE a4|الجار⟧",
        *("c1 holder a1", "c1 target a2", "c2 holder a3", "c2 target a4"),
    )
    assert stances(told) == ["ACCUSE", "ACCUSE"]


ACCUSED = "⟦ACCUSE c1|واتهم⟧ ⟦STATE a1|الجيش⟧ ⟦INTL a2|التحالف⟧ بالقصف، ⟦REPORT c2|مؤكدا⟧ ⟦KILLED k1 14|مقتل 14⟧ فيه."


def test_a_report_after_an_accusation_by_the_same_holder_belongs_to_it_where_the_accused_is_blamed() -> None:
    links = ("c1 holder a1", "c1 target a2", "c2 holder a1", "c2 about k1")
    (claim,) = tell(ACCUSED, *links, "k1 blamed a2").claims
    assert (claim.stance, claim.cues, claim.casualties) == ("ACCUSE", ("c1", "c2"), ("k1",))
    assert stances(tell(ACCUSED, *links)) == ["ACCUSE", "REPORT"]


def test_a_report_that_another_stance_parts_from_the_accusation_stands_alone() -> None:
    told = tell(
        "⟦ACCUSE c1|اتهم⟧ ⟦STATE a1|الجيش⟧ ⟦INTL a2|التحالف⟧. ⟦DENY c3|ونفى⟧ ⟦INTL a4|التحالف⟧. "
        "⟦REPORT c2|وقال⟧ ⟦STATE a3|الجيش⟧ إن التحالف ⟦KILLED k1 14|قتل 14⟧.",
        *("c1 holder a1", "c1 target a2", "c3 holder a4", "c2 holder a3", "c2 about k1", "k1 blamed a2"),
    )
    assert stances(told) == ["ACCUSE", "DENY", "REPORT"]


DENIED = (
    "⟦REPORT c0|قال⟧ ⟦SOURCE a0|المرصد⟧ إن ⟦KILLED k0 22+:at-least|22 على الأقل قتلوا⟧ بقصف ⟦INTL a5|التحالف⟧.\n"
    "⟦PERSON a1|الناطق⟧ قال إن ⟦ACCUSE c1|الادعاء⟧ أن ⟦INTL a2|التحالف⟧ تسبب في ⟦KILLED k1 14|مقتل 14⟧ ⟦DENY c2|كاذب⟧."
)
DENIED_LINKS = ("c0 holder a0", "c0 about k0", "k0 blamed a5", "c1 target a2", "c1 about k1", "c2 holder a1")


def test_a_charge_nobody_is_named_for_belongs_to_the_denial_that_quotes_it() -> None:
    told = tell(DENIED, *DENIED_LINKS, "c2 about k1", "k1 blamed a2")
    claim = told.claim("c2")
    assert stances(told) == ["REPORT", "DENY"]
    assert (claim.stance, claim.cues, claim.casualties) == ("DENY", ("c1", "c2"), ("k1",))
    assert claim.targets == ()


def test_denied_figures_are_kept_and_never_count_as_told() -> None:
    told = tell(DENIED, *DENIED_LINKS, "c2 about k1", "k1 blamed a2")
    (incident,) = told.incidents
    assert incident.claims == ("C1", "C2")
    assert incident.killed is not None
    assert (incident.killed.low, incident.killed.high) == (22, None)


def test_a_cue_cut_off_in_a_teaser_takes_its_holder_from_the_line_it_begins() -> None:
    told = tell(
        "بعد إعلان عن قصف المدينة ليلا، ⟦DENY c1|نفى⟧...\n"
        "بعد إعلان عن قصف المدينة ليلا، ⟦DENY c2|نفى⟧ ⟦STATE a1|الجيش⟧ ذلك.",
        "c2 holder a1",
    )
    (claim,) = told.claims
    assert (claim.cues, told.names(claim.holders)) == (("c1", "c2"), {"الجيش"})


def test_a_cue_without_a_holder_speaks_in_the_articles_voice() -> None:
    (claim,) = tell("⟦OPPOSE c1|تنديد⟧ ⟦STATE a1|بالحكومة⟧", "c1 target a1").claims
    assert (claim.voice, claim.holders) == ("article", ())


def test_the_score_is_that_of_the_weakest_part_of_the_best_telling() -> None:
    text = "⟦DENY c1|نفى⟧ ⟦STATE a1|الجيش⟧.\n⟦DENY c2|نفى⟧ ⟦STATE a2|الجيش⟧."
    scores = {"c1": 0.9, "a1": 0.5, "c1 holder a1": 0.4, "c2": 0.9, "a2": 0.8, "c2 holder a2": 0.6}
    (claim,) = tell(text, "c1 holder a1", "c2 holder a2", scores=scores).claims
    assert claim.score == pytest.approx(0.6)
    (gold,) = tell(text, "c1 holder a1", "c2 holder a2").claims
    assert gold.score is None


def test_facts_of_another_article_are_refused_by_name() -> None:
    article = Article("قال الجيش", (Span("T1", "STATE", "ACTOR", 4, 9, "الجيش"),))
    with pytest.raises(ArticleError, match=r"mention T1 «الجيش» is in no actor"):
        make_claims(article, (), (), (), {})
    article = Article("مقتل 5", (Span("T1", "KILLED", "CASUALTY", 0, 6, "مقتل 5"),))
    with pytest.raises(ArticleError, match=r"casualty span T1 «مقتل 5» has no count"):
        make_claims(article, (), (), (), {})
