"""Tokens: the words, numbers, addresses and marks of a text, each with its offsets.

Every character that is not white space belongs to exactly one token. Offsets are code points of the text as
given, end exclusive; the text is never changed. What the model sees of a token is `normalise`'s business.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, overload

import numpy as np
import regex
from numpy.typing import NDArray

__all__ = [
    "KINDS",
    "LINE_BREAKS",
    "SPAN_EDGES",
    "Token",
    "TokenKind",
    "TokenTable",
    "iter_tokens",
    "token_table",
    "tokenize",
]

LINE_BREAKS = frozenset("\n\r\u2028\u2029")
"""The characters that end a line; no span crosses one."""


class TokenKind(Enum):
    """What a token is."""

    WORD = "word"
    NUMBER = "number"
    URL = "url"
    EMAIL = "email"
    MENTION = "mention"
    MARK = "mark"


SPAN_EDGES = frozenset({TokenKind.WORD, TokenKind.NUMBER})
"""The kinds of token on which a span may begin and end."""


class Token(NamedTuple):
    """One token: `text[start_char:end_char]`."""

    start_char: int
    end_char: int
    kind: TokenKind


# A word is letters with their combining marks; format characters (zero-width, bidi) belong to it only between
# letters, so that a span never begins or ends on an invisible character. Digits are tokens of their own even
# where they touch letters («لـ6»), as AraBERT's preprocessing sets them apart. U+060C separates thousands in
# some papers, so it stays in a number only before exactly three digits. U+001C-001F are white space to Python, not to
# regular expressions.
_TOKEN = regex.compile(
    r"""
      (?P<url>   (?:https?://|www\.)[^\s\x1c-\x1f<>"«»“”]*[^\s\x1c-\x1f<>"«»“”.,;:!?)\]}'،؛؟…] )
    | (?P<email> [\p{L}\p{N}_.+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+ )
    | (?P<mention> @[\p{L}\p{N}_]+ )
    | (?P<number> \p{Nd}+(?:[.,٫٬]\p{Nd}+|،\p{Nd}{3}(?!\p{Nd}))* )
    | (?P<word>  \p{L}[\p{L}\p{M}]*(?:\p{Cf}+\p{L}[\p{L}\p{M}]*)* )
    | (?P<mark>  [^\s\x1c-\x1f] )
    """,
    regex.VERBOSE,
)
KINDS = tuple(TokenKind)
"""The kinds by the numbers that `TokenTable.kinds` holds."""

_NUMBER_OF = {name: KINDS.index(TokenKind(name)) for name in _TOKEN.groupindex}
_EDGES = np.array([kind in SPAN_EDGES for kind in KINDS])
_LINE_BREAK = re.compile(f"[{''.join(sorted(LINE_BREAKS))}]")
_LONGEST_KEPT = 64
"""Longer stretches between white space are rare, and would make the memory of those met before unbounded."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenTable(Sequence[Token]):
    """All tokens of a text as arrays (tokens,): a book's take a few bytes each, and are asked about all at once.

    `kinds` holds places in `KINDS`; `line_starts` are the numbers of the tokens that begin a line, but for the first.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    line_starts: NDArray[np.int64]

    def __len__(self) -> int:
        """The number of tokens."""
        return len(self.starts)

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> list[Token]: ...
    def __getitem__(self, at: int | slice) -> Token | list[Token]:
        if isinstance(at, slice):
            parts = (self.starts[at].tolist(), self.ends[at].tolist(), self.kinds[at].tolist())
            return [Token(start, end, KINDS[kind]) for start, end, kind in zip(*parts, strict=True)]
        return Token(int(self.starts[at]), int(self.ends[at]), KINDS[self.kinds[at]])

    def may_be_edges(self, words: slice = slice(None)) -> NDArray[np.bool_]:
        """Which tokens (tokens,) a span may begin and end on."""
        return _EDGES[self.kinds[words]]

    def starting_at(self, offsets: Sequence[int]) -> NDArray[np.int64]:
        """The number of the token that begins at each offset; that of the next where none does."""
        return np.searchsorted(self.starts, np.asarray(offsets, dtype=np.int64))

    def ending_at(self, offsets: Sequence[int]) -> NDArray[np.int64]:
        """The number of the token that ends at each offset; that of the next where none does."""
        return np.searchsorted(self.ends, np.asarray(offsets, dtype=np.int64))


def token_table(text: str) -> TokenTable:
    """Cut a text into tokens, in order, without overlap; together they cover all but the white space."""
    starts, ends, kinds = array("q"), array("q"), array("B")
    for at, pieces in _stretches(text):
        for start, end, kind in pieces:
            starts.append(at + start)
            ends.append(at + end)
            kinds.append(kind)
    first = np.frombuffer(starts, dtype=np.int64)
    breaks = [match.start() for match in _LINE_BREAK.finditer(text)]
    numbers = dict.fromkeys(np.searchsorted(first, breaks).tolist()) if breaks else {}
    lines = np.array([number for number in numbers if 0 < number < len(first)], dtype=np.int64)
    return TokenTable(first, np.frombuffer(ends, dtype=np.int64), np.frombuffer(kinds, dtype=np.uint8), lines)


def iter_tokens(text: str) -> Iterator[Token]:
    """The tokens of `token_table`, one by one."""
    for at, pieces in _stretches(text):
        for start, end, kind in pieces:
            yield Token(at + start, at + end, KINDS[kind])


def tokenize(text: str) -> list[Token]:
    """The tokens of `token_table` as a list."""
    return list(iter_tokens(text))


def _stretches(text: str) -> Iterator[tuple[int, tuple[tuple[int, int, int], ...]]]:
    """Each stretch without white space: where it begins, and its tokens counted from there."""
    at = 0
    for stretch in text.split():
        at = text.find(stretch, at)
        yield at, (_pieces(stretch) if len(stretch) <= _LONGEST_KEPT else _cut(stretch))
        at += len(stretch)


def _cut(stretch: str) -> tuple[tuple[int, int, int], ...]:
    """The tokens of a stretch without white space, which none of them can hold: start, end and number of the kind."""
    return tuple(
        (match.start(), match.end(), _NUMBER_OF[match.lastgroup or "mark"]) for match in _TOKEN.finditer(stretch)
    )


_pieces = lru_cache(maxsize=65_536)(_cut)
"""What most stretches of a text are cut into was found out before: words come again."""
