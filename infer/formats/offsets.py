"""Recognise how a file counts its offsets, when it does not count code points of the text as it is.

Annotation tools count UTF-16 code units or bytes, take a line end for one character or two, count a byte order
mark, or give the last character instead of the one after it. Which of these a file does shows in the texts its
spans repeat. Nothing is changed here: the caller decides what to do with what was recognised.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

__all__ = ["Found", "Given", "find_spans", "flat", "nearest"]

_MAX_SHIFT_CHARS = 2


class Given(NamedTuple):
    """What a file says of a span: its offsets as counted there, and its text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where a span is in the text, in code points; `how` names the miscount, None where the offsets were right."""

    start_char: int
    end_char: int
    how: str | None = None


@dataclass(frozen=True, slots=True)
class _Counting:
    unit: str = "code points"
    line_end: str = "as it is"
    from_one: bool = False
    inclusive: bool = False

    @property
    def deviations(self) -> int:
        return (self.unit != "code points") + (self.line_end != "as it is") + self.from_one + self.inclusive

    def name(self, had_mark: bool) -> str:
        parts = []
        if self.unit != "code points":
            parts.append(f"the offsets count {self.unit}")
        if self.line_end == "one":
            parts.append(r"each line end \r\n is counted as one character")
        elif self.line_end == "two":
            parts.append(r"each line end \n is counted as two characters, as if it were \r\n")
        if self.from_one:
            parts.append(
                "the byte order mark is counted"
                if had_mark
                else "the offsets count from 1, or count a byte order mark that is gone"
            )
        if self.inclusive:
            parts.append("the end is the last character of the span, not the one after it")
        return " and ".join(parts)

    def positions(self, text: str) -> dict[int, int]:
        """Code point offset by offset as counted here."""
        at = (3 if self.unit == "UTF-8 bytes" else 1) if self.from_one else 0
        found: dict[int, int] = {}
        previous = ""
        for index, char in enumerate(text):
            # Where two code points share an offset (\r\n as one), a span ends before both, and none begins there.
            found.setdefault(at, index)
            width = _width(char, self.unit)
            if char == "\n" and self.line_end == "one" and previous == "\r":
                width = 0
            elif char == "\n" and self.line_end == "two" and previous != "\r":
                width = 2
            at += width
            previous = char
        found.setdefault(at, len(text))
        return found


def find_spans(
    text: str, spans: Sequence[Given], *, had_mark: bool = False, one_line: bool = False
) -> list[Found | None]:
    """Where each span of a file is, None for one that cannot be found.

    `had_mark` says that a byte order mark stood before the text; `one_line` that line ends and tabs inside the
    spans' texts were written as spaces. The one way of counting that explains most spans is taken, and only if it
    explains more than plain code points do; a span it does not explain may still be off by one or two characters.
    """
    plain = [
        Found(given.start, given.end) if _same(text[given.start : given.end], given.text, one_line) else None
        for given in spans
    ]
    if all(plain):
        return list(plain)
    best, explained = plain, sum(found is not None for found in plain)
    for counting in _countings(text):
        found = _under(counting, text, spans, had_mark, one_line)
        count = sum(one is not None for one in found)
        if count > explained:
            best, explained = found, count
        if explained == len(spans):
            break
    return [
        in_best or as_given or _shifted(text, given, one_line)
        for in_best, as_given, given in zip(best, plain, spans, strict=True)
    ]


def nearest(text: str, given: Given, *, one_line: bool = False) -> int | None:
    """The offset nearest to `given.start` at which its text occurs, None if it does not."""
    if one_line:
        text, given = flat(text), given._replace(text=flat(given.text))
    middle = max(0, min(given.start, len(text)))
    found = (text.rfind(given.text, 0, middle + len(given.text)), text.find(given.text, middle))
    return min((at for at in found if at >= 0), key=lambda at: abs(at - given.start), default=None)


def flat(text: str) -> str:
    """A text with its line ends and tabs as spaces, of the same length."""
    return text.translate(_FLAT)


_WHITE = re.compile(r"\s+")
_FLAT = str.maketrans({"\r": " ", "\n": " ", "\t": " "})


def _width(char: str, unit: str) -> int:
    if unit == "UTF-16 code units":
        return 2 if char > "\uffff" else 1
    if unit == "UTF-8 bytes":
        return len(char.encode("utf-8", "surrogatepass"))
    return 1


def _countings(text: str) -> list[_Counting]:
    """The ways of counting that can differ on this text, the simplest first."""
    units = ["code points"]
    if any(char > "\uffff" for char in text):
        units.append("UTF-16 code units")
    if not text.isascii():
        units.append("UTF-8 bytes")
    pairs = text.count("\r\n")
    line_ends = ["as it is"] + ["one"] * (pairs > 0) + ["two"] * (text.count("\n") > pairs)
    every = [_Counting(*choice) for choice in product(units, line_ends, (False, True), (False, True))]
    # Between two that explain the same spans, a unit that shows in the text is likelier than a shift of all.
    differing = (one for one in every if one.deviations)
    return sorted(differing, key=lambda one: (one.deviations, one.from_one or one.inclusive))


def _under(
    counting: _Counting, text: str, spans: Sequence[Given], had_mark: bool, one_line: bool
) -> list[Found | None]:
    positions = counting.positions(text)
    any_line_end = counting.line_end != "as it is"
    found: list[Found | None] = []
    for given in spans:
        start, end = positions.get(given.start), positions.get(given.end)
        if counting.inclusive and end is not None and end < len(text):
            end += 1
        if start is None or end is None or not _same(text[start:end], given.text, one_line, any_line_end=any_line_end):
            found.append(None)
        elif (start, end) == (given.start, given.end):
            found.append(Found(start, end))
        else:
            found.append(Found(start, end, counting.name(had_mark)))
    return found


def _shifted(text: str, given: Given, one_line: bool) -> Found | None:
    """A span whose text stands one or two characters beside its offsets, at one place only."""
    found = []
    for shift in range(-_MAX_SHIFT_CHARS, _MAX_SHIFT_CHARS + 1):
        start = given.start + shift
        end = start + len(given.text)
        off_chars = max(abs(shift), abs(end - given.end))
        if start >= 0 and off_chars <= _MAX_SHIFT_CHARS and _same(text[start:end], given.text, one_line):
            found.append(Found(start, end, f"the offsets are off by {off_chars}"))
    return found[0] if len(found) == 1 else None


def _same(found: str, given: str, one_line: bool, *, any_line_end: bool = False) -> bool:
    if found == given:
        return bool(given)
    if not any_line_end:
        return one_line and bool(given) and flat(found) == flat(given)
    if one_line:
        return bool(given) and _WHITE.sub(" ", found) == _WHITE.sub(" ", given)
    return bool(given) and found.replace("\r\n", "\n") == given.replace("\r\n", "\n")
