"""Dates in Arabic news: absolute ones with the months of Levant, Egypt and Maghreb, and those relative to publication.

Every expression has a named rule, listed with examples in `docs/claims.md`. Hijri dates and days written in words are
not read. Which date is an incident's is `dates`' business.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .words import FoldedWord, fold

__all__ = ["DATE_RULES", "MONTHS", "StatedDate", "find_dates"]

MONTHS = (
    ("كانون الثاني", "يناير", "جانفي"),
    ("شباط", "فبراير", "فيفري"),
    ("آذار", "مارس"),
    ("نيسان", "أبريل", "إبريل", "أفريل"),
    ("أيار", "مايو", "ماي"),
    ("حزيران", "يونيو", "يونيه", "جوان"),
    ("تموز", "يوليو", "يوليه", "جويلية", "يوليوز"),
    ("آب", "أغسطس", "أوت", "غشت"),
    ("أيلول", "سبتمبر", "شتنبر"),
    ("تشرين الأول", "أكتوبر"),
    ("تشرين الثاني", "نوفمبر", "نونبر"),
    ("كانون الأول", "ديسمبر", "دجنبر"),
)
"""The names of each month, January first: of Levant and Iraq, of Egypt and the Gulf, of Maghreb."""

_WEEKDAYS = ("اثنين", "ثلاثاء", "اربعاء", "خميس", "جمعه", "سبت", "احد")
_FEW = {"يومين": 2, "ثلاثه": 3, "اربعه": 4, "خمسه": 5, "سته": 6, "سبعه": 7, "ثمانيه": 8, "تسعه": 9, "عشره": 10}


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date a text states: ISO 8601 as far as `precision` (day, month, year) goes, its rule and its offsets."""

    date: str
    precision: str
    rule: str
    start_char: int
    end_char: int


def find_dates(words: Sequence[FoldedWord], published: date | None) -> list[StatedDate]:
    """The dates that the folded words of a sentence state, in order, without overlap.

    What is told relative to publication needs `published` and is left out without it, as is a day without a year;
    with it, such a day is the last one of its name on or before publication. Starts of a period («منذ 2011») and
    days to come are no dates of what happened.
    """
    line, starts = "", []
    for word in words:
        starts.append(len(line))
        line += word.form + " "
    taken: list[tuple[int, int]] = []  # also by what gives no date, so that «31 شباط 2017» is not read as a month
    found: list[StatedDate] = []
    has_digits = _DIGIT.search(line) is not None
    for rule, pattern, read in _RULES:
        if not has_digits and rule in _WITH_DIGITS:
            continue
        for match in pattern.finditer(line):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            value = read(match, published)
            if value is None or _SINCE.search(line[max(0, start - _SINCE_REACH) : start]) or _TO_COME.match(line, end):
                continue
            first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
            found.append(StatedDate(*value, rule, words[first].start_char, words[last].end_char))
    return sorted(found, key=lambda stated: stated.start_char)


_Value = tuple[str, str] | None
"""A date and its precision."""


def _absolute(match: re.Match[str], published: date | None) -> _Value:
    parts = match.groupdict()
    month = int(parts["month"]) if parts["month"].isdigit() else _MONTH_NUMBERS[parts["month"]]
    year = parts.get("year")
    if parts.get("day") is None:
        return _month(int(year) if year else None, month, published)
    day = int(parts["day"])
    if year:
        return _checked(int(year), month, day)
    if published is None:
        return None
    this_year = _checked(published.year, month, day)
    past = this_year is not None and this_year[0] <= published.isoformat()
    return this_year if past else _checked(published.year - 1, month, day)


def _checked(year: int, month: int, day: int) -> _Value:
    try:
        return date(year, month, day).isoformat(), "day"
    except ValueError:
        return None


def _month(year: int | None, month: int, published: date | None) -> _Value:
    if not 1 <= month <= 12:
        return None
    if year is None and published is not None:
        year = published.year if month <= published.month else published.year - 1
    return None if year is None else (f"{year:04}-{month:02}", "month")


def _year(match: re.Match[str], _: date | None) -> _Value:
    return match["year"], "year"


def _days_before(days: int) -> Callable[[re.Match[str], date | None], _Value]:
    def read(_: re.Match[str], published: date | None) -> _Value:
        return _day(published, days)

    return read


def _counted_days(match: re.Match[str], published: date | None) -> _Value:
    days = match["days"]
    return _day(published, int(days) if days.isdigit() else _FEW[days])


def _day(published: date | None, days_before: int) -> _Value:
    return ((published - timedelta(days=days_before)).isoformat(), "day") if published else None


def _weekday(match: re.Match[str], published: date | None) -> _Value:
    if published is None:
        return None
    days = (published.weekday() - _WEEKDAYS.index(match["weekday"])) % 7
    return _day(published, days or (7 if match["past"] else 0))


def _last_month(_: re.Match[str], published: date | None) -> _Value:
    if published is None:
        return None
    before = published.replace(day=1) - timedelta(days=1)
    return f"{before.year:04}-{before.month:02}", "month"


def _years_before(years: int) -> Callable[[re.Match[str], date | None], _Value]:
    def read(_: re.Match[str], published: date | None) -> _Value:
        return (f"{published.year - years:04}", "year") if published else None

    return read


_MONTH_NUMBERS = {fold(name): number for number, names in enumerate(MONTHS, start=1) for name in names}
_MONTH = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
_AND_OTHER_NAME = rf"(?: (?:[/-] )?(?:\( )?(?:{_MONTH})(?: \))?)?"
_YEAR = r"(?: ,| ،)?(?: من)?(?: (?:ال|ل|لل)?(?:عام|سنه))? (?P<year>(?:19|20)\d\d)"
_PAST = "(?:ال)?(?:ماضي|ماضيه|فائت|فائته|منصرم|منصرمه|سابق)"
_PARTICLES = "[وف]?[بل]?"
_SINCE = re.compile(r"(?<!\S)[وف]?(?:منذ|حتي)(?: (?:يوم|ال?عام|شهر|مطلع|بدايه|اوائل|نهايه))? $")
_SINCE_REACH = 40
"""Characters before a date in which «منذ بداية» stands, its words and what is before them."""
_TO_COME = re.compile(r" ?(?:ال)?(?:مقبل|مقبله|قادم|قادمه|التالي|تالي|نفسه|ذاته)(?!\S)")


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{body})(?!\S)")


_Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str], date | None], _Value]]


def _rules() -> Iterator[_Rule]:
    """From the most exact to the least; what one has read no other reads again."""
    day = r"(?P<day>\d{1,2})"
    yield "numeric-date", _pattern(rf"{day} ?[/-] ?(?P<month>\d{{1,2}}) ?[/-] ?(?P<year>(?:19|20)\d\d)"), _absolute
    yield "numeric-date", _pattern(rf"(?P<year>(?:19|20)\d\d) [/-] (?P<month>\d{{1,2}}) [/-] {day}"), _absolute
    of_month = rf"(?: من)?(?: شهر)? (?P<month>{_MONTH}){_AND_OTHER_NAME}"
    yield "day-month-year", _pattern(rf"{day}{of_month}{_YEAR}"), _absolute
    yield "day-month", _pattern(rf"{day}{of_month}(?! من (?:ال)?عام)"), _absolute
    yield "month-year", _pattern(rf"{_PARTICLES}(?P<month>{_MONTH}){_AND_OTHER_NAME}{_YEAR}"), _absolute
    yield "month", _pattern(rf"{_PARTICLES}(?:شهر|في) (?P<month>{_MONTH}){_AND_OTHER_NAME}(?: {_PAST})?"), _absolute
    yield "day-before-yesterday", _pattern(rf"{_PARTICLES}(?:اول (?:من )?امس|(?:ال)?امس الاول)"), _days_before(2)
    yield "yesterday", _pattern(rf"{_PARTICLES}(?:ال)?(?:امس|بارحه)|ليله امس|الليله الماضيه"), _days_before(1)
    yield "weekday", _pattern(rf"[وفبل]?ال(?P<weekday>{'|'.join(_WEEKDAYS)})(?P<past> {_PAST})?"), _weekday
    yield "days-ago", _pattern(r"قبل (?P<days>\d{1,2}|ثلاثه|اربعه|خمسه|سته|سبعه|ثمانيه|تسعه|عشره) ايام"), _counted_days
    yield "days-ago", _pattern(r"قبل (?P<days>يومين)"), _counted_days
    yield "today", _pattern(rf"{_PARTICLES}(?:هذا )?اليوم(?! (?:ال|نفسه|ذاته))"), _days_before(0)
    yield "last-month", _pattern(rf"(?:في )?الشهر {_PAST}"), _last_month
    yield "last-year", _pattern(rf"(?:في )?(?:العام|السنه) {_PAST}"), _years_before(1)
    yield "year", _pattern(rf"{_PARTICLES}(?:ال)?(?:عام|سنه) (?P<year>(?:19|20)\d\d)"), _year


_RULES: tuple[_Rule, ...] = tuple(_rules())
_DIGIT = re.compile(r"\d")
_WITH_DIGITS = frozenset(("numeric-date", "day-month-year", "day-month", "month-year", "year"))
"""Rules that read nothing in a sentence without figures, as most are."""

DATE_RULES = tuple(dict.fromkeys(name for name, *_ in _RULES))
"""The names of the rules, as `date_rule` gives them."""
