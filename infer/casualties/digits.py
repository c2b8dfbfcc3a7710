"""Numbers in figures: both sets of digits, with separators of thousands or a decimal fraction before a scale word.

«1,200», «١٬٢٠٠» and «1.200» are 1,200; «1.5» is a number only before a scale word («1.5 مليون»).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import regex

from ..tokens import TokenKind
from .words import Word

__all__ = ["Digits", "is_number", "read_digits"]

_SEPARATOR = regex.compile(r"[.,٬٫،]")
_LONGEST = 10


@dataclass(frozen=True, slots=True)
class Digits:
    """The value of figures that end before the word `end`; `is_whole` if they are a number of people by themselves."""

    value: Fraction
    end: int

    @property
    def is_whole(self) -> bool:
        """Whether there is no fraction left."""
        return self.value.denominator == 1


def is_number(word: Word) -> bool:
    """Whether a word is written in figures."""
    return word.kind is TokenKind.NUMBER


def read_digits(words: Sequence[Word], at: int, scale_at: Callable[[Sequence[Word], int], int]) -> Digits | None:
    """The figures at a position, or None; `scale_at` tells the scale word («ألف») at a position, 0 if none."""
    if not 0 <= at < len(words) or not is_number(words[at]):
        return None
    groups = _SEPARATOR.split(words[at].form)
    if not all(group.isascii() and group.isdigit() for group in groups) or sum(map(len, groups)) > _LONGEST:
        return None
    end = at + 1
    is_grouped = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3
    if len(groups) > 1 and not (is_grouped and not (len(groups) == 2 and scale_at(words, end))):
        if len(groups) != 2:
            return None
        return Digits(Fraction(int(groups[0] + groups[1]), 10 ** len(groups[1])), end)
    whole = "".join(groups)
    # «12 000» and «700، 000»: thousands set apart by a space.
    if len(whole) <= 3 and len(groups) == 1 and whole[0] != "0":
        mark = at + 1 < len(words) and words[at + 1].form in ("،", ",")
        after = at + 2 if mark else at + 1
        group = words[after].form if after < len(words) and is_number(words[after]) else ""
        if group == "000" or (len(group) == 3 and not mark and group.isascii() and group.isdigit()):
            whole, end = whole + group, after + 1
    return Digits(Fraction(int(whole)), end)
