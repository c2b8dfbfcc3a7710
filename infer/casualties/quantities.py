"""The numbers in a span that count people, with the phrase around them: the first evidence of how many.

Ages, dates, hours and percentages are passed over. What a span without a number says is left to `bounds`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..facts import Bounds
from .digits import is_number
from .lexicon import COLLECTIVE_PLURALS, COLLECTIVES, UNITS
from .modifiers import with_modifier, with_range
from .nouns import noun_number
from .numerals import Numeral, read_numeral
from .words import Word, readings, render, table

__all__ = ["Quantity", "read_quantity"]

_DAYS_BEFORE = table("يوم امس اليوم مساء صباح فجر ليل ليله منذ ظهر عصر حتي")
_AGES_AND_DATES = table("عمره عمرها عام سنه عامي يوم ليوم تاريخ الساعه ساعه العام")
_ORDINALS = table("حادي ثاني ثالث رابع خامس سادس سابع ثامن تاسع حاديه ثانيه ثالثه رابعه خامسه سادسه سابعه ثامنه تاسعه")
_PERCENT = table("% ٪ بالمئه بالمائه")


@dataclass(frozen=True, slots=True)
class Quantity:
    """Bounds read from numbers, the rule that gave them, and `words[start:end]`, the number itself."""

    bounds: Bounds
    rule: str
    start: int
    end: int


def read_quantity(words: Sequence[Word], before: Sequence[Word]) -> Quantity | None:
    """What the numbers of a span say, by the rule `unread` if its figures are none we read; None without a number."""
    numerals, unread = _numerals(words)
    counting = [numeral for numeral in numerals if _counts_people(words, numeral)]
    if not counting:
        return Quantity(Bounds(None, None), "unread", 0, len(words)) if unread and not numerals else None
    first = counting[0]
    if len(counting) > 1:
        said = _with_places(words, counting[:2])
        span = with_range(said, first.value, counting[1].value, render(before))
        if span is not None:
            return Quantity(*span, first.start, counting[1].end)
        if counting[0].definite and not counting[1].definite and counting[0].value <= 2:
            first = counting[1]
    bounds, rule = with_modifier(_with_places(words, [first]), first.value)
    after = words[first.end] if first.end < len(words) else None
    if after is not None and bounds.low is not None and _is_collective(after) and not _says_size(words, first.end):
        # So many families are at least as many people.
        return Quantity(Bounds(bounds.low, None), "collective", first.start, first.end)
    return Quantity(bounds, rule, first.start, first.end)


def _numerals(words: Sequence[Word]) -> tuple[list[Numeral], bool]:
    found: list[Numeral] = []
    unread = False
    at = 0
    while at < len(words):
        numeral = _pronoun_of_one(words, at) or read_numeral(words, at)
        if numeral is None:
            unread = unread or is_number(words[at])
            at += 1
        else:
            found.append(numeral)
            at = numeral.end
    return found, unread


def _pronoun_of_one(words: Sequence[Word], at: int) -> Numeral | None:
    """«أحدهم», «إحداهما»: one of them."""
    form = words[at].form
    for suffix in ("هما", "هم", "هن", "ها", "نا"):
        stem = form.removesuffix(suffix)
        if stem != form and any(cut.stem in ("احد", "احدا") for cut in readings(stem)):
            return Numeral(1, at, at + 1)
    return None


def _counts_people(words: Sequence[Word], numeral: Numeral) -> bool:
    previous = words[numeral.start - 1].key if numeral.start else ""
    first = words[numeral.start].key
    following = words[numeral.end].key if numeral.end < len(words) else ""
    if numeral.start and any(cut.stem in _ORDINALS for cut in readings(previous)) and first.startswith("عشر"):
        return False
    if following in _PERCENT or previous in _PERCENT or first in _PERCENT:
        return False
    if following in UNITS and not _is_counted(words[numeral.end]):
        return False
    if following == "في" and numeral.end + 1 < len(words) and words[numeral.end + 1].key in ("المئه", "المائه"):
        return False
    if previous in _AGES_AND_DATES or (first == "الاحد" and numeral.end == numeral.start + 1):
        return False
    if first == "الاثنين" and numeral.end == numeral.start + 1:
        # Monday, unless those two are spoken of.
        return previous not in _DAYS_BEFORE and (numeral.start == 0 or previous in ("هولاء", "بين"))
    return not (first == "عشره" and previous == "حاله")


def _is_counted(word: Word) -> bool:
    return noun_number(word) is not None


def _is_collective(word: Word) -> bool:
    # «أسر» is families only where it is counted; alone it is capture.
    return any(cut.stem in COLLECTIVES or cut.stem in (*COLLECTIVE_PLURALS, "اسر") for cut in readings(word.key))


def _says_size(words: Sequence[Word], at: int) -> bool:
    return any(word.key in ("مكونه", "مولفه", "من") for word in words[at + 1 : at + 2])


def _with_places(words: Sequence[Word], numerals: Sequence[Numeral]) -> str:
    """The words with each number as a place holder; an attached و of a second number is set apart."""
    parts: list[str] = []
    at = 0
    for place, numeral in enumerate(numerals):
        parts += [word.key for word in words[at : numeral.start]]
        key = words[numeral.start].key
        conjoined = place and key[0] == "و" and not any(cut.stem == key for cut in readings(key) if cut.stem == "واحد")
        preposition = "ل" if not place and key.startswith("لل") else ""
        parts += ["و"] if conjoined and len(key) > 1 and not is_number(words[numeral.start]) else []
        parts += [f"{preposition}<{place}>"] if preposition else [f"<{place}>"]
        at = numeral.end
    parts += [word.key for word in words[at:]]
    return f" {' '.join(parts)} "
