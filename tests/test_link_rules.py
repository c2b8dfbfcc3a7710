"""Links made by rules: who says what about whom, from spans alone."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from made_articles import articles

from rasid.infer.articles import Article, Link, Span
from rasid.infer.formats.brat import read_brat
from rasid.infer.links.cues import CueForm, cue_form
from rasid.infer.links.rules import link_by_rules
from rasid.infer.scheme import CONFLICT, Scheme, SpanLabel

SEED = Path(__file__).parent.parent / "seeds" / "deir-ez-zor.txt"


def marked(text: str) -> Article:
    """An article from a text with its spans in brackets: «[REPORT قال] [SOURCE ناشط]»."""
    plain, spans = "", []
    for piece in text.split("["):
        inside, bracket, rest = piece.partition("]")
        if not bracket:
            plain += piece
            continue
        label, _, words = inside.partition(" ")
        start = len(plain)
        plain += words
        family = CONFLICT.family_of(label)
        spans.append(Span(f"T{len(spans) + 1}", label, family, start, len(plain), words))
        plain += rest
    return Article(plain, tuple(spans))


def links_of(text: str, *kinds: str) -> set[tuple[str, str, str]]:
    """Kind, text of the source, text of the target."""
    article = marked(text)
    return {
        (link.kind, article.span(link.source).text, article.span(link.target).text)
        for link in link_by_rules(article)
        if not kinds or link.kind in kinds
    }


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("[REPORT قال] [STATE وزير الصحة] إن المستشفى مغلق", "وزير الصحة"),
        ("[STATE وزير الصحة] [REPORT يؤكد] إغلاق المستشفى", "وزير الصحة"),
        ("المستشفى مغلق [REPORT بحسب] [SOURCE ناشطين محليين]", "ناشطين محليين"),
        ("[DENY نفى] [STATE الجيش] قصف السوق", "الجيش"),
        ("[ADMIT تبنت] [ARMED كتائب الفجر] الهجوم", "كتائب الفجر"),
        ("[OPPOSE أدان] [INTL الاتحاد الأفريقي] الهجوم على السوق", "الاتحاد الأفريقي"),
    ],
)
def test_a_cue_is_held_by_its_subject_whichever_side_it_stands_on(text: str, holder: str) -> None:
    assert {target for kind, _, target in links_of(text) if kind == "holder"} == {holder}


def test_the_accuser_comes_first_and_the_accused_second() -> None:
    text = "[ACCUSE اتهمت] [STATE وزارة الدفاع] [ARMED الفصائل] بقصف السوق"
    assert links_of(text) == {("holder", "اتهمت", "وزارة الدفاع"), ("target", "اتهمت", "الفصائل")}


def test_one_who_is_spoken_of_does_not_speak() -> None:
    text = "[REPORT وقال] [SOURCE مراسلنا] في المدينة.\n[REPORT وأضاف] أن [STATE الجيش] انسحب من الحي"
    assert ("holder", "وأضاف", "الجيش") not in links_of(text)
    assert ("holder", "وأضاف", "مراسلنا") in links_of(text)


def test_a_participle_goes_on_with_the_speaker_of_its_sentence() -> None:
    text = "[REPORT أعلن] [STATE محافظ المدينة] فتح الطريق أمام [CIVILIAN السكان]، [REPORT مشيرا] إلى أن العمل مستمر"
    assert ("holder", "مشيرا", "محافظ المدينة") in links_of(text)


def test_an_agency_and_whom_it_quotes_both_hold() -> None:
    text = "[REPORT ونقلت] [SOURCE وكالة الأنباء المحلية] عن [SOURCE مصدر طبي] أن المشفى مغلق"
    assert links_of(text) == {("holder", "ونقلت", "وكالة الأنباء المحلية"), ("holder", "ونقلت", "مصدر طبي")}


def test_an_office_and_the_name_beside_it_are_both_linked() -> None:
    text = "[REPORT قال] [STATE المتحدث باسم الوزارة] [PERSON سامر حداد] إن الطريق مفتوح"
    assert links_of(text) == {("holder", "قال", "المتحدث باسم الوزارة"), ("holder", "قال", "سامر حداد")}


def test_actors_joined_by_and_are_both_linked() -> None:
    text = "[OPPOSE أدانت] [STATE تونس] [STATE والجزائر] الهجوم على السوق"
    assert links_of(text, "holder") == {("holder", "أدانت", "تونس"), ("holder", "أدانت", "والجزائر")}


def test_killed_and_injured_of_one_strike_share_place_and_stance() -> None:
    text = "[REPORT أفاد] [SOURCE ناشطون] عن [KILLED مقتل 5 أشخاص] [INJURED وإصابة 7 آخرين] في [TOWN بلدة الزهراء]"
    made = links_of(text)
    for casualty in ("مقتل 5 أشخاص", "وإصابة 7 آخرين"):
        assert ("about", "أفاد", casualty) in made
        assert ("place", casualty, "بلدة الزهراء") in made


def test_harm_told_by_an_accuser_is_blamed_on_the_accused() -> None:
    text = "[ACCUSE قالت] [SOURCE مصادر محلية] إن [STATE الطيران] قصف القرية، ما أدى إلى [KILLED مقتل 9 مدنيين]"
    made = links_of(text)
    assert ("target", "قالت", "الطيران") in made
    assert ("about", "قالت", "مقتل 9 مدنيين") in made
    assert ("blamed", "مقتل 9 مدنيين", "الطيران") in made


def test_victims_named_as_an_actor_are_linked() -> None:
    text = "[KILLED مقتل 14] من [ARMED عناصر التنظيم] في غارة"
    assert links_of(text) == {("victim", "مقتل 14", "عناصر التنظيم")}


def test_a_place_lies_in_the_wider_one_only_where_the_text_joins_them() -> None:
    joined = links_of("غارة على [DISTRICT حي النور] في [TOWN مدينة الواحة] ليلا")
    apart = links_of("غارة على [DISTRICT حي النور]. وفي سياق آخر توقفت المدارس. وشهدت [TOWN مدينة الواحة] هدوءا")
    side_by_side = links_of("غارات على [TOWN الواحة] [TOWN والنخيل] ليلا")
    assert joined == {("within", "حي النور", "مدينة الواحة")}
    assert apart == side_by_side == set()


def test_no_link_crosses_into_another_paragraph_for_an_argument_of_its_own() -> None:
    assert links_of("[KILLED مقتل 5 أشخاص] ليلا\n[TOWN بلدة الزهراء] هادئة") == set()


@settings(deadline=None)
@given(articles())
def test_every_link_is_allowed_and_made_once_whatever_the_text(article: Article) -> None:
    links = link_by_rules(article)
    assert replace(article, links=links).links == links  # an article refuses a link its scheme does not allow
    assert [link.id for link in links] == [f"R{number}" for number in range(1, len(links) + 1)]
    assert all(link.score is not None and 0.4 <= link.score <= 1 for link in links)


@settings(deadline=None, max_examples=30)
@given(articles())
def test_links_depend_on_spans_alone(article: Article) -> None:
    assert link_by_rules(article) == link_by_rules(replace(article, links=()))


def test_a_scheme_without_links_or_with_others_gets_none_of_ours() -> None:
    article = marked("[REPORT قال] [STATE وزير الصحة] إن المستشفى مغلق")
    bare = Scheme("spans-only", CONFLICT.labels)
    assert link_by_rules(replace(article, scheme=bare)) == ()
    other = Scheme("other", (SpanLabel("STATE", "ACTOR"),))
    assert link_by_rules(Article("الجيش", (Span("T1", "STATE", "ACTOR", 0, 5, "الجيش"),), scheme=other)) == ()


def test_a_span_of_nothing_but_a_stretched_line_is_no_stumbling_block() -> None:
    article = Article("ـ الجيش", (Span("T1", "DENY", "STANCE", 0, 1, "ـ"), Span("T2", "STATE", "ACTOR", 2, 7, "الجيش")))
    assert isinstance(link_by_rules(article), tuple)


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("قالت", CueForm.PAST),
        ("وأكّدت", CueForm.PAST),
        ("نفت", CueForm.PAST),
        ("ينفي", CueForm.PRESENT),
        ("تهديد", CueForm.NOUN),
        ("وفقا", CueForm.ATTRIBUTION),
        ("ومشيرا", CueForm.PARTICIPLE),
        ("مسؤوليته", CueForm.OWNED),
        ("لم تنفذ", CueForm.NEGATED),
        ("كاذبة", CueForm.PREDICATE),
        ("اتهامات", CueForm.NOUN),
        ("بدعم", CueForm.BOUND_NOUN),
        ("المدعومة", CueForm.PASSIVE),
    ],
)
def test_a_cues_form_is_told_by_its_first_word(word: str, form: CueForm) -> None:
    assert cue_form(Span("T1", "REPORT", "STANCE", 0, len(word), word)) is form


def test_two_thirds_of_the_seed_articles_links_are_found_given_its_spans() -> None:
    article = read_brat(SEED, CONFLICT).article
    gold, made = _keys(article.links), _keys(link_by_rules(article))
    assert 2 * len(gold & made) / (len(gold) + len(made)) >= 2 / 3
    assert {("holder", "T47", "T48"), ("target", "T47", "T49"), ("place", "T40", "T42")} <= made


def _keys(links: tuple[Link, ...]) -> set[tuple[str, str, str]]:
    return {(link.kind, link.source, link.target) for link in links}


def test_time_grows_with_the_article_and_not_with_its_square() -> None:
    line = "[REPORT قال] [SOURCE ناشطون] إن [KILLED 5 أشخاص قتلوا] في [TOWN بلدة الزهراء] [STATE والجيش] صامت "

    def seconds(times: int) -> float:
        article = marked(line * times)
        runs = []
        for _ in range(3):
            start = time.process_time()
            link_by_rules(article)
            runs.append(time.process_time() - start)
        return min(runs)

    link_by_rules(marked(line))
    assert seconds(800) < 8 * seconds(200) + 0.05
