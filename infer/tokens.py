"""Tokens: the words, numbers, addresses and marks of a text, each with its offsets.

Every character that is not white space belongs to exactly one token. Offsets are code points of the text as
given, end exclusive; the text is never changed. What the model sees of a token is `normalise`'s business.
"""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

import regex

__all__ = ["LINE_BREAKS", "SPAN_EDGES", "Token", "TokenKind", "iter_tokens", "tokenize"]

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
_KINDS = {name: TokenKind(name) for name in _TOKEN.groupindex}


def iter_tokens(text: str) -> Iterator[Token]:
    """Cut a text into tokens, in order, without overlap; together they cover all but the white space."""
    kinds = _KINDS
    for match in _TOKEN.finditer(text):
        yield Token(match.start(), match.end(), kinds[match.lastgroup or "mark"])


def tokenize(text: str) -> list[Token]:
    """All of `iter_tokens` at once."""
    return list(iter_tokens(text))
