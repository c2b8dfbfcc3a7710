"""Cardinal numbers in Arabic words, digits, or both, as whole numbers: «ألفين وخمسمائة», «14 ألفا», «مليون ونصف».

A grammar, not a list: a number is a sum of terms that grow smaller, a term is a number below a thousand times a
scale word, and below a thousand come hundreds, then units before tens, joined by و. Every case, gender and spelling
of each word is accepted whatever the agreement. What is counted is left to `quantities`; `spelling` is the inverse.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..tokens import TokenKind
from .digits import read_digits
from .words import Word, read_words, readings

__all__ = ["NUMBER_WORDS", "Numeral", "parse_number", "read_numeral"]

_UNITS = {
    1: "واحد واحده واحدا احد احدي",
    2: "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي ثنتان ثنتين",
    3: "ثلاث ثلاثه ثلاثا",
    4: "اربع اربعه اربعا",
    5: "خمس خمسه خمسا",
    6: "ست سته ستا",
    7: "سبع سبعه سبعا",
    8: "ثمان ثماني ثمانيه ثمانيا",
    9: "تسع تسعه تسعا",
}
_TEN = "عشر عشره عشرا"
_TENS = {20: "عشر", 30: "ثلاث", 40: "اربع", 50: "خمس", 60: "ست", 70: "سبع", 80: "ثمان", 90: "تسع"}
_HUNDRED = "مئه مائه ميه مايه"
_TWO_HUNDRED = "مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي"
_GLUED_HUNDREDS = {
    300: "ثلاث",
    400: "اربع",
    500: "خمس",
    600: "ست",
    700: "سبع",
    800: "ثمان ثماني",
    900: "تسع",
}
_SCALES = {
    1_000: ("الف الفا", "الفان الفين الفي", "الاف الوف"),
    1_000_000: ("مليون مليونا", "مليونان مليونين مليوني", "ملايين"),
}
_FRACTIONS = {"نصف": 2, "ربع": 4}
_LARGEST = 9_999_999_999
_Read = tuple[int, int]
"""A value and the position after it."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number read from `words[start:end]`; `definite` if its first word bears the article."""

    value: int
    start: int
    end: int
    definite: bool = False


def _table() -> dict[str, tuple[str, int]]:
    atoms = {word: ("unit", value) for value, forms in _UNITS.items() for word in forms.split()}
    atoms |= dict.fromkeys(_TEN.split(), ("ten", 10))
    atoms |= {stem + ending: ("tens", value) for value, stem in _TENS.items() for ending in ("ون", "ين")}
    atoms |= dict.fromkeys(_HUNDRED.split(), ("hundred", 100))
    atoms |= dict.fromkeys(_TWO_HUNDRED.split(), ("hundred", 200))
    for value, stems in _GLUED_HUNDREDS.items():
        atoms |= {stem + word: ("hundred", value) for stem in stems.split() for word in _HUNDRED.split()}
    for value, (singular, dual, plural) in _SCALES.items():
        atoms |= dict.fromkeys(singular.split(), ("scale", value))
        atoms |= dict.fromkeys(dual.split(), ("two-scale", value))
        atoms |= dict.fromkeys(plural.split(), ("scales", value))
    return atoms | {"صفر": ("zero", 0)}


_ATOMS = _table()
NUMBER_WORDS = frozenset(_ATOMS)
"""Every form of a number word, folded."""


def parse_number(text: str) -> int | None:
    """The number a text says and nothing else, or None: «خمسة وعشرون» is 25, «خمسة قتلى» is None."""
    words = read_words(text)
    numeral = read_numeral(words, 0) if words else None
    return numeral.value if numeral is not None and numeral.end == len(words) else None


def read_numeral(words: Sequence[Word], at: int) -> Numeral | None:
    """The longest number that begins with the word at a position, or None."""
    read = _fraction(words, at) or _terms(words, at)
    if read is None or read[0] > _LARGEST:
        return None
    return Numeral(read[0], at, read[1], _is_definite(words[at]))


@lru_cache(maxsize=4_096)
def _atom(key: str, joined: bool) -> tuple[str, int, bool] | None:
    """(kind, value, definite) of a word; `joined` asks for a leading و, else any attached particle will do."""
    for cut in readings(key):
        if cut.stem in _ATOMS and ((cut.conjoined and key[0] == "و" and not cut.preposition) or not joined):
            return (*_ATOMS[cut.stem], cut.definite)
    return None


def _is_definite(word: Word) -> bool:
    atom = _atom(word.key, False)
    return atom is not None and atom[2]


def _at(words: Sequence[Word], at: int, joined: bool = False) -> tuple[str, int]:
    if not 0 <= at < len(words) or words[at].kind is not TokenKind.WORD:
        return "", 0
    found = _atom(words[at].key, joined)
    return found[:2] if found else ("", 0)


def _inside(words: Sequence[Word], at: int, kind: str) -> int:
    """The value of the word if it goes on a number without و: bare or with the article («الثلاثة عشر», «8 آلاف»)."""
    if not 0 <= at < len(words) or words[at].key[:1] == "و":
        return 0
    found = _atom(words[at].key, False)
    return found[1] if found and found[0] == kind else 0


def _terms(words: Sequence[Word], at: int) -> _Read | None:
    first = _term(words, at, joined=False)
    if first is None:
        return None
    total, end, scale, coefficient = first
    while scale > 1:
        half = _half(words, end)
        if half:
            return total + scale // half[0], half[1]
        after, joined = _after_and(words, end)
        following = _term(words, after, joined=joined) if after else None
        if following is None:
            break
        value, next_end, next_scale, next_coefficient = following
        # «مئة ألف وألفان» is 102,000: one and two thousand follow round hundreds of thousands.
        extends = coefficient % 100 == 0 and next_scale == scale and next_coefficient in (1, 2)
        if not (value < scale or extends):
            break
        total, end, scale, coefficient = total + value, next_end, next_scale, next_coefficient
    return total, end


def _after_and(words: Sequence[Word], at: int) -> tuple[int, bool]:
    """Where a further term may begin, and whether its و is attached; position 0 if there is none."""
    if at >= len(words):
        return 0, False
    if words[at].key == "و":
        return at + 1, False
    return (at, True) if words[at].key[0] == "و" else (0, False)


def _term(words: Sequence[Word], at: int, *, joined: bool) -> tuple[int, int, int, int] | None:
    """(value, end, scale, coefficient) of one term: «14 ألفا» is (14000, …, 1000, 14)."""
    kind, value = _at(words, at, joined)
    if kind == "two-scale":
        return 2 * value, at + 1, value, 2
    if kind == "scale":
        # Unpointed «ألفا» is the construct dual («ألفا قتيل»); with tanween it is one thousand.
        dual = words[at].key.endswith(("الفا", "مليونا")) and "ً" not in words[at].raw
        return (2 if dual else 1) * value, at + 1, value, 2 if dual else 1
    digits = None if joined else read_digits(words, at, _has_scale)
    read = (digits.value, digits.end) if digits else _below_thousand(words, at, joined)
    if read is None:
        return None
    coefficient, end = read
    scale = _inside(words, end, "scale") or _inside(words, end, "scales")
    if scale and (coefficient >= 3 or digits):
        return int(coefficient * scale), end + 1, scale, int(coefficient)
    if digits is not None:
        return (int(coefficient), end, 1, 1) if digits.is_whole else None
    return int(coefficient), end, 1, 1


def _has_scale(words: Sequence[Word], at: int) -> int:
    return _inside(words, at, "scale") or _inside(words, at, "scales")


def _below_thousand(words: Sequence[Word], at: int, joined: bool) -> _Read | None:
    kind, value = _at(words, at, joined)
    end = at + 1
    if kind == "zero":
        return (0, end) if not joined else None
    if kind == "unit" and 3 <= value <= 9 and (_inside(words, end, "hundred") == 100 or _is_hundreds(words, end)):
        kind, value, end = "hundred", value * 100, end + 1
    if kind != "hundred":
        return _below_hundred(words, at, joined)
    after, attached = _after_and(words, end)
    rest = _below_hundred(words, after, attached) if after else None
    return (value + rest[0], rest[1]) if rest else (value, end)


def _is_hundreds(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].key in ("مئات", "مائات")


def _below_hundred(words: Sequence[Word], at: int, joined: bool) -> _Read | None:
    kind, value = _at(words, at, joined)
    if kind in ("ten", "tens"):
        return value, at + 1
    if kind != "unit":
        return None
    if _inside(words, at + 1, "ten"):
        return value + 10, at + 2
    after, attached = _after_and(words, at + 1)
    if after:
        tens_kind, tens = _at(words, after, attached)
        if tens_kind == "tens":
            return value + tens, after + 1
    return value, at + 1


def _fraction(words: Sequence[Word], at: int) -> _Read | None:
    """«نصف مليون», «ربع المليون»."""
    for cut in readings(words[at].key):
        if cut.stem in _FRACTIONS and not cut.definite:
            scale = _inside(words, at + 1, "scale")
            return (scale // _FRACTIONS[cut.stem], at + 2) if scale else None
    return None


def _half(words: Sequence[Word], at: int) -> _Read | None:
    """The divisor and end of «ونصف» or «ونصف المليون» after a scale word."""
    after, attached = _after_and(words, at)
    if not after or after >= len(words):
        return None
    key = words[after].key[1:] if attached else words[after].key
    divisor = _FRACTIONS.get(key.removeprefix("ال"))
    if divisor is None:
        return None
    return divisor, after + 2 if _inside(words, after + 1, "scale") else after + 1
