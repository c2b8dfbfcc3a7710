"""Incidents: which claims are about one event, how its toll is given, and how it is read."""

import pytest
from claim_articles import Told, tell

from rasid.infer.facts import Bounds, Place


def killed(told: Told) -> list[tuple[int | None, int | None] | None]:
    return [(one.killed.low, one.killed.high) if one.killed else None for one in told.incidents]


def grades(told: Told) -> list[str]:
    return [one.suggested.grade for one in told.incidents if one.suggested]


def two_reports(first: str, second: str, *links: str, **options: object) -> Told:
    """The monitor's report, then the agency's."""
    text = f"⟦REPORT c1|أفاد⟧ ⟦SOURCE a1|المرصد⟧ عن {first}.\n⟦REPORT c2|وذكرت⟧ ⟦SOURCE a2|الوكالة⟧ {second}."
    heads = ("c1 holder a1", "c1 about k1", "c2 holder a2", "c2 about k2")
    return tell(text, *heads, *links, **options)  # type: ignore[arg-type]  # options of any type, passed on


def test_claims_of_one_place_are_one_incident_and_its_toll_the_range() -> None:
    told = two_reports(
        "⟦KILLED k1 14|مقتل 14⟧ في ⟦TOWN p1|حلب⟧",
        "⟦KILLED k2 22+:at-least|22 قتيلا على الأقل⟧ في ⟦TOWN p2|مدينة حلب⟧",
        "k1 place p1",
        "k2 place p2",
    )
    assert killed(told) == [(14, None)]
    assert told.incidents[0].claims == ("C1", "C2")


def test_claims_of_different_places_are_two_incidents() -> None:
    told = two_reports(
        "⟦KILLED k1 14|مقتل 14⟧ في ⟦TOWN p1|حلب⟧ بقصف ⟦STATE b1|الجيش⟧",
        "⟦KILLED k2 22|22 قتيلا⟧ في ⟦TOWN p2|حمص⟧ بقصف ⟦STATE b2|الجيش⟧",
        *("k1 place p1", "k2 place p2", "k1 blamed b1", "k2 blamed b2"),
    )
    assert killed(told) == [(14, 14), (22, 22)]


def test_a_place_inside_another_is_shared_wherever_the_text_says_so() -> None:
    told = two_reports(
        "⟦KILLED k1 14|مقتل 14⟧ في ⟦DISTRICT p1|حي السكري⟧",
        "⟦KILLED k2 22|22 قتيلا⟧ في ⟦TOWN p2|حلب⟧، وكان ⟦DISTRICT p3|حي السكري⟧ في ⟦TOWN p4|حلب⟧ هدفا",
        *("k1 place p1", "k2 place p2", "p3 within p4"),
    )
    (incident,) = told.incidents
    assert incident.place == "p1"


def test_a_place_inside_another_is_shared_where_the_gazetteer_says_so() -> None:
    places = {
        "p1": Place("p1", "منبج", latitude=36.5, longitude=37.9, country="SY", admin1="09", precision="town"),
        "p2": Place("p2", "محافظة حلب", latitude=36.3, longitude=37.5, country="SY", admin1="09", precision="region"),
    }
    texts = "⟦KILLED k1 14|مقتل 14⟧ في ⟦TOWN p1|منبج⟧", "⟦KILLED k2 22|22 قتيلا⟧ في ⟦REGION p2|محافظة حلب⟧"
    assert len(two_reports(*texts, "k1 place p1", "k2 place p2", places=places).incidents) == 1
    assert len(two_reports(*texts, "k1 place p1", "k2 place p2").incidents) == 2


def test_to_lie_in_one_country_is_not_to_be_one_incident() -> None:
    places = {
        "p1": Place("p1", "منبج", latitude=36.5, longitude=37.9, country="SY", precision="town"),
        "p2": Place("p2", "سوريا", latitude=35.0, longitude=38.0, country="SY", precision="country"),
    }
    told = two_reports(
        "⟦KILLED k1 14|مقتل 14⟧ في ⟦TOWN p1|منبج⟧",
        "⟦KILLED k2 300|300 قتيل⟧ في ⟦COUNTRY p2|سوريا⟧",
        *("k1 place p1", "k2 place p2"),
        places=places,
    )
    assert len(told.incidents) == 2


def test_a_blamed_actor_joins_claims_that_name_no_different_places() -> None:
    told = two_reports(
        "⟦KILLED k1 14|مقتل 14⟧ في ⟦TOWN p1|حلب⟧ بقصف ⟦STATE b1|الجيش⟧",
        "⟦KILLED k2 22|22 قتيلا⟧ بقصف ⟦STATE b2|الجيش⟧",
        *("k1 place p1", "k1 blamed b1", "k2 blamed b2"),
    )
    assert killed(told) == [(14, 22)]


def test_a_victim_by_name_joins_claims_but_not_a_class_of_people() -> None:
    def told(label: str, victim: str) -> Told:
        texts = (
            f"⟦KILLED k1 ?|مقتل⟧ ⟦{label} v1|{victim}⟧",
            f"⟦KILLED k2 ?|مقتل⟧ ⟦{label} v2|{victim}⟧ في ⟦TOWN p1|حلب⟧",
        )
        return two_reports(*texts, "k1 victim v1", "k2 victim v2", "k2 place p1")

    assert len(told("PERSON", "سمير العلي").incidents) == 1
    assert len(told("CIVILIAN", "مدنيين").incidents) == 2


def test_a_claim_that_counts_two_towns_is_in_both_incidents_with_the_figure_of_each() -> None:
    told = tell(
        "⟦REPORT c1|أفاد⟧ ⟦SOURCE a1|المرصد⟧ ⟦KILLED k1 5|بمقتل خمسة⟧ في ⟦TOWN p1|حلب⟧ "
        "⟦KILLED k2 3|وثلاثة⟧ في ⟦TOWN p2|حمص⟧",
        *("c1 holder a1", "c1 about k1", "c1 about k2", "k1 place p1", "k2 place p2"),
    )
    assert [one.claims for one in told.incidents] == [("C1",), ("C1",)]
    assert killed(told) == [(5, 5), (3, 3)]


def test_parts_and_pieces_never_add() -> None:
    told = tell(
        "⟦KILLED k1 14|قتل 14 شخصا⟧ بينهم ⟦KILLED k2 3|3 أطفال⟧ في ⟦TOWN p1|حلب⟧",
        *("k1 place p1", "k2 place p1"),
        parts={"k2": "k1"},
    )
    assert killed(told) == [(14, 14)]
    told = tell(
        "⟦KILLED k1 ?:unstated|قتلت⟧ ⟦STATE b1|الشرطة⟧ ⟦KILLED k2 14|14 محتجا⟧ في ⟦TOWN p1|حلب⟧",
        *("k1 place p1", "k2 place p1", "k1 blamed b1", "k2 blamed b1"),
    )
    assert killed(told) == [(14, 14)]


def test_counts_that_the_text_coordinates_add_and_others_give_a_range() -> None:
    told = tell(
        "⟦KILLED k1 5|مقتل خمسة مدنيين⟧ ⟦KILLED k2 3|وثلاثة جنود⟧ في ⟦TOWN p1|حلب⟧", "k1 place p1", "k2 place p1"
    )
    assert killed(told) == [(8, 8)]
    told = tell(
        "⟦KILLED k1 5|مقتل خمسة مدنيين⟧، ⟦KILLED k2 3|مقتل ثلاثة⟧ في ⟦TOWN p1|حلب⟧", "k1 place p1", "k2 place p1"
    )
    assert killed(told) == [(5, 8)]


def test_a_vague_count_leaves_the_range_open_above_and_does_not_lower_it() -> None:
    told = two_reports(
        "⟦KILLED k1 3+:vague|عدد كبير من القتلى⟧ في ⟦TOWN p1|حلب⟧",
        "⟦KILLED k2 14|14 قتيلا⟧ في ⟦TOWN p2|حلب⟧",
        *("k1 place p1", "k2 place p2"),
    )
    assert killed(told) == [(14, None)]


def test_a_count_of_killed_and_injured_together_bounds_each_from_above() -> None:
    told = tell(
        "⟦KILLED k1 9:mixed|9 أشخاص بين قتيل⟧ ⟦INJURED k2 ?:mixed|وجريح⟧ في ⟦TOWN p1|حلب⟧", "k1 place p1", "k2 place p1"
    )
    assert killed(told) == [(None, 9)]


def test_an_account_of_no_harm_does_not_lower_the_toll_but_contests_it() -> None:
    told = two_reports(
        "⟦KILLED k1 14|مقتل 14⟧ في ⟦TOWN p1|حلب⟧",
        "أنه ⟦KILLED k2 0:negated|لم يسقط قتلى⟧ في ⟦TOWN p2|حلب⟧",
        *("k1 place p1", "k2 place p2"),
    )
    assert (killed(told), grades(told)) == ([(14, 14)], ["contested"])


def test_kinds_of_harm_keep_apart_and_what_was_not_told_is_none() -> None:
    (incident,) = tell(
        "⟦KILLED k1 5|مقتل 5⟧ ⟦INJURED k2 7|وإصابة 7⟧ في ⟦TOWN p1|حلب⟧", "k1 place p1", "k2 place p1"
    ).incidents
    assert (incident.killed, incident.injured, incident.missing) == (Bounds(5, 5), Bounds(7, 7), None)


STRUCK = "⟦KILLED k1 14|مقتل 14⟧ بقصف ⟦STATE b1|الجيش⟧ ⟦TOWN p1|حلب⟧."
STRUCK_LINKS = ("k1 blamed b1", "k1 place p1")


def test_a_stance_joins_the_incident_of_its_actors_and_else_the_last_one_before() -> None:
    told = tell(
        f"{STRUCK}\n⟦KILLED k2 6|مقتل ستة⟧ بقصف ⟦ARMED b2|الحركة⟧ ⟦TOWN p2|حمص⟧.\n⟦DENY c1|نفى⟧ ⟦STATE a1|الجيش⟧.\n"
        "⟦OPPOSE c2|أدان⟧ ⟦PARTY a2|الحزب⟧ ذلك.",
        *STRUCK_LINKS,
        *("k2 blamed b2", "k2 place p2", "c1 holder a1", "c2 holder a2"),
    )
    denial, condemnation = told.claim("c1").id, told.claim("c2").id
    assert [denial in one.claims for one in told.incidents] == [True, False]
    assert [condemnation in one.claims for one in told.incidents] == [False, True]


def test_a_stance_whose_sentence_names_another_place_joins_no_incident() -> None:
    told = tell(f"{STRUCK}\n⟦OPPOSE c1|أدان⟧ ⟦PARTY a1|الحزب⟧ ما جرى في ⟦TOWN p2|حمص⟧.", *STRUCK_LINKS, "c1 holder a1")
    assert told.claim("c1").id not in told.incidents[0].claims


def test_an_article_without_harm_has_no_incident() -> None:
    assert tell("⟦REPORT c1|قال⟧ ⟦STATE a1|الجيش⟧ شيئا", "c1 holder a1").incidents == ()


def test_confirmed_where_the_doer_admits() -> None:
    admitted = f"{STRUCK}\n⟦ADMIT c1|وأقر⟧ ⟦STATE a1|الجيش⟧ بذلك."
    assert grades(tell(admitted, *STRUCK_LINKS, "c1 holder a1")) == ["confirmed"]


def test_an_admission_by_one_who_denies_confirms_nothing() -> None:
    both = f"{STRUCK}\n⟦ADMIT c1|وأقر⟧ ⟦STATE a1|الجيش⟧ بذلك.\n⟦DENY c2|نفى⟧ ⟦STATE a2|الجيش⟧."
    assert grades(tell(both, *STRUCK_LINKS, "c1 holder a1", "c2 holder a2")) == ["contested"]


def test_admitting_ones_own_losses_confirms_nothing() -> None:
    told = tell(
        "⟦ADMIT c1|أقر⟧ ⟦ARMED a1|التنظيم⟧ ⟦KILLED k1 14|بمقتل 14⟧ في ⟦TOWN p1|حلب⟧ بغارة ⟦INTL b1|للتحالف⟧.",
        *("c1 holder a1", "c1 about k1", "k1 place p1", "k1 blamed b1"),
    )
    assert grades(told) == ["weak"]


@pytest.mark.parametrize(
    ("more", "links", "grade"),
    [
        ("⟦DENY c1|نفى⟧ ⟦STATE a1|الجيش⟧.", ("c1 holder a1",), "contested"),
        ("⟦ACCUSE c1|اتهم⟧ ⟦SOURCE a1|ناشطون⟧ ⟦ARMED a2|الحركة⟧.", ("c1 holder a1", "c1 target a2"), "contested"),
        ("⟦ACCUSE c1|اتهم⟧ ⟦SOURCE a1|ناشطون⟧ ⟦STATE a2|الجيش⟧.", ("c1 holder a1", "c1 target a2"), "weak"),
        ("⟦OPPOSE c1|أدان⟧ ⟦SOURCE a1|ناشطون⟧ ⟦STATE a2|الجيش⟧.", ("c1 holder a1", "c1 target a2"), "weak"),
    ],
    ids=["the accused denies", "another is accused", "one source accuses", "one source condemns"],
)
def test_what_another_claim_does_to_a_toll_the_article_tells(more: str, links: tuple[str, ...], grade: str) -> None:
    assert grades(tell(f"{STRUCK}\n{more}", *STRUCK_LINKS, *links)) == [grade]


def test_fair_where_two_independent_sources_name_one_doer() -> None:
    text = "⟦KILLED k1 14|مقتل 14⟧ بقصف ⟦STATE b1|الجيش⟧", "أن ⟦KILLED k2 15|15 قتلوا⟧ بقصف ⟦STATE b2|الجيش⟧"
    links = ("k1 blamed b1", "k2 blamed b2")
    assert grades(two_reports(*text, *links)) == ["fair"]
    one_side = {"المرصد": "Opposition", "الوكالة": "Opposition"}
    assert grades(two_reports(*text, *links, sides=one_side)) == ["weak"]
    media = {"المرصد": "media", "الوكالة": "media"}
    assert grades(two_reports(*text, *links, sides=media)) == ["fair"]


def test_an_unidentified_doer_names_nobody() -> None:
    told = two_reports(
        "⟦KILLED k1 14|مقتل 14⟧ في ⟦TOWN p1|حلب⟧ بقصف ⟦STATE b1|طائرات مجهولة⟧",
        "⟦KILLED k2 14|مقتل 14⟧ في ⟦TOWN p2|حلب⟧ بقصف ⟦STATE b2|الجيش⟧",
        *("k1 place p1", "k2 place p2", "k1 blamed b1", "k2 blamed b2"),
    )
    assert grades(told) == ["weak"]


def test_discounted_where_those_killed_were_fighters() -> None:
    fighters = "⟦KILLED k1 14|مقتل 14⟧ من ⟦ARMED v1|عناصر التنظيم⟧ في ⟦TOWN p1|حلب⟧"
    assert grades(tell(fighters, "k1 victim v1", "k1 place p1")) == ["discounted"]
    assert grades(tell("⟦KILLED k1 2|مقتل جنديين⟧ في ⟦TOWN p1|حلب⟧", "k1 place p1")) == ["discounted"]


def test_every_incident_has_a_reading_with_its_reason() -> None:
    (incident,) = tell("⟦KILLED k1 2|مقتل اثنين⟧").incidents
    assert incident.suggested is not None
    assert (incident.suggested.grade, incident.suggested.reason) == ("weak", "no account names who did it")
