"""When and what: the dates a text states, the rule that read each, and the type of event its words tell of."""

from datetime import date
from pathlib import Path

import pytest
from claim_articles import tell

from rasid.infer.claims.date_rules import DATE_RULES, MONTHS, StatedDate, find_dates
from rasid.infer.claims.dates import published_on
from rasid.infer.claims.events import EVENT_TYPES
from rasid.infer.claims.words import folded_words
from rasid.infer.facts import Incident

PUBLISHED = date(2017, 10, 25)
"""A Wednesday."""


def incident(text: str, *links: str, published: str | None = "2017-10-25") -> Incident:
    return tell(text, *links, published=published).incidents[0]


def dates_of(text: str, published: date | None) -> list[StatedDate]:
    return find_dates(folded_words(text, 0, len(text)), published)


@pytest.mark.parametrize(
    ("text", "expected", "precision", "rule"),
    [
        ("في 16 أيلول/سبتمبر 2017", "2017-09-16", "day", "day-month-year"),
        ("في ١٦ سبتمبر ٢٠١٦", "2016-09-16", "day", "day-month-year"),
        ("يوم 7 تشرين الأول عام 2016", "2016-10-07", "day", "day-month-year"),
        ("في الثالث، 2 من كانون الثاني (يناير) 2015", "2015-01-02", "day", "day-month-year"),
        ("في 14 جانفي", "2017-01-14", "day", "day-month"),
        ("في 30 ديسمبر", "2016-12-30", "day", "day-month"),
        ("بتاريخ 16/9/2017", "2017-09-16", "day", "numeric-date"),
        ("بتاريخ 2017-09-16", "2017-09-16", "day", "numeric-date"),
        ("في أيلول/سبتمبر 2015", "2015-09", "month", "month-year"),
        ("في غشت", "2017-08", "month", "month"),
        ("وقتل في نونبر الماضي", "2016-11", "month", "month"),
        ("أمس", "2017-10-24", "day", "yesterday"),
        ("مساء أمس الثلاثاء", "2017-10-24", "day", "yesterday"),
        ("أول أمس", "2017-10-23", "day", "day-before-yesterday"),
        ("أول من أمس", "2017-10-23", "day", "day-before-yesterday"),
        ("فجر اليوم", "2017-10-25", "day", "today"),
        ("الأربعاء", "2017-10-25", "day", "weekday"),
        ("الأربعاء الماضي", "2017-10-18", "day", "weekday"),
        ("ليلة الثلاثاء الفائتة", "2017-10-24", "day", "weekday"),
        ("يوم الجمعة", "2017-10-20", "day", "weekday"),
        ("قبل يومين", "2017-10-23", "day", "days-ago"),
        ("قبل ثلاثة أيام", "2017-10-22", "day", "days-ago"),
        ("الشهر الماضي", "2017-09", "month", "last-month"),
        ("في العام الماضي", "2016", "year", "last-year"),
        ("عام 2014", "2014", "year", "year"),
    ],
)
def test_an_expression_gives_a_date_by_its_rule(text: str, expected: str, precision: str, rule: str) -> None:
    stated = dates_of(text, PUBLISHED)[0]
    assert (stated.date, stated.precision, stated.rule) == (expected, precision, rule)


@pytest.mark.parametrize(
    "text",
    [
        "منذ عام 2011",
        "منذ 16 أيلول 2011",
        "حتى اليوم",
        "الأربعاء المقبل",
        "في اليوم التالي",
        "في اليوم نفسه",
        "31 شباط 2017",
        "مارس الضغط",
        "مصدر يومي",
        "قتل أحد المدنيين",
        "2017 مدني",
    ],
)
def test_what_is_no_date_of_an_event_gives_none(text: str) -> None:
    assert dates_of(text, PUBLISHED) == []


@pytest.mark.parametrize("text", ["أمس", "الثلاثاء", "16 سبتمبر", "في أيلول", "قبل يومين"])
def test_what_is_told_from_the_day_of_publication_needs_one(text: str) -> None:
    assert dates_of(text, None) == []


def test_every_name_of_every_month_is_read() -> None:
    for number, names in enumerate(MONTHS, start=1):
        for name in names:
            text = f"في 3 {name} 2016"
            (stated,) = dates_of(text, None)
            assert stated.date == f"2016-{number:02}-03", name


def test_offsets_are_those_of_the_expression() -> None:
    text = "قُتل خمسةٌ يوم 16 أيلول/سبتمبر 2017 هناك"
    (stated,) = dates_of(text, None)
    assert text[stated.start_char : stated.end_char] == "16 أيلول/سبتمبر 2017"


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2017-10-25", PUBLISHED),
        ("2017-10-25T08:00:00Z", PUBLISHED),
        ("2017/10/25", PUBLISHED),
        ("25 October", None),
        ("2017-13-40", None),
        ("", None),
        (None, None),
    ],
)
def test_the_day_of_publication_is_read_or_left(published: str | None, day: date | None) -> None:
    assert published_on(published) == day


def test_an_incident_has_the_date_beside_its_harm_else_that_of_publication() -> None:
    stated = incident("⟦KILLED k1 5|مقتل خمسة⟧ أمس في هجوم. وكان هجوم آخر وقع في 3 آب.")
    assert (stated.date, stated.date_precision, stated.date_rule) == ("2017-10-24", "day", "yesterday")
    silent = incident("⟦KILLED k1 5|مقتل خمسة⟧ في هجوم.")
    assert (silent.date, silent.date_precision, silent.date_rule) == ("2017-10-25", "published", "published")
    unknown = incident("⟦KILLED k1 5|مقتل خمسة⟧ الثلاثاء في هجوم.", published=None)
    assert (unknown.date, unknown.date_precision, unknown.date_rule) == (None, None, None)


def test_the_date_of_what_is_denied_is_not_the_date_of_the_incident() -> None:
    denied = incident("⟦STATE a1|الجيش⟧ ⟦DENY c1|نفى⟧ ⟦KILLED k1 5|مقتل خمسة⟧ أمس.", "c1 holder a1", "c1 about k1")
    assert denied.date_rule == "published"


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("⟦KILLED k1 5|مقتل خمسة⟧ بغارة على القرية", "air strike"),
        ("⟦KILLED k1 5|مقتل خمسة⟧ في قصف من طائرات على القرية", "air strike"),
        ("⟦KILLED k1 5|مقتل خمسة⟧ بالقصف على القرية", "shelling"),
        ("⟦KILLED k1 5|مقتل خمسة⟧ بقذيفة هاون", "shelling"),
        ("⟦KILLED k1 5|مقتل خمسة⟧ وانفجرت عبوتان", "explosion"),
        ("⟦KILLED k1 5|مقتل خمسة⟧ في هجوم بسيارة مفخخة", "explosion"),
        ("⟦KILLED k1 5|مقتل خمسة⟧ في هجوم على القرية", "attack"),
        ("⟦KILLED k1 5|مقتل خمسة⟧ برصاص مجهولين", "shooting"),
        ("⟦KILLED k1 5|مقتل خمسة⟧ في الاشتباكات", "clash"),
        ("⟦MISSING k1 5|اعتقال خمسة⟧ في القرية", "arrest"),
        ("⟦MISSING k1 5|اختطاف خمسة⟧ من القرية", "abduction"),
        ("⟦DISPLACED k1 3+|نزوح عائلات⟧ من القرية", "displacement"),
        ("⟦KILLED k1 5|مقتل خمسة⟧ فجر أمس", None),
    ],
)
def test_the_type_of_event_is_that_of_the_nearest_cue(text: str, event: str | None) -> None:
    assert incident(text).event == event


def test_the_cue_nearest_to_the_harm_counts_not_the_first() -> None:
    text = "بعد غارات ليلية دون أثر، جرت اشتباكات أدت إلى ⟦KILLED k1 5|مقتل خمسة⟧ من السكان"
    assert incident(text).event == "clash"


def test_no_cue_stands_for_two_types() -> None:
    cues = [cue for kind in EVENT_TYPES for cue in kind.cues]
    assert len(cues) == len(set(cues))


def test_the_documented_tables_are_those_of_the_code() -> None:
    text = (Path(__file__).parent.parent / "docs" / "claims.md").read_text("utf-8")
    for kind in EVENT_TYPES:
        assert f"| {kind.name} | {'، '.join(kind.cues)} |" in text
    assert all(f"`{rule}`" in text for rule in DATE_RULES)
