"""Move spans to the edges of words: marks at their edges trimmed, words they cut taken whole.

Only offsets are judged here; whether to move a span is the caller's decision.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from ..tokens import TokenKind, tokenize

__all__ = ["to_word_edges"]

_MAY_STAND_AT_AN_EDGE = (TokenKind.WORD, TokenKind.NUMBER)


def to_word_edges(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int] | None]:
    """Each span from its first to its last word or number, both whole; None where it touches none.

    Offsets are code points, end exclusive, inside the text. A span already on word edges comes back as it was.
    """
    if not spans:
        return []
    words = [token for token in tokenize(text) if token.kind in _MAY_STAND_AT_AN_EDGE]
    starts = [word.start_char for word in words]
    ends = [word.end_char for word in words]
    moved: list[tuple[int, int] | None] = []
    for start, end in spans:
        first, after = bisect_right(ends, start), bisect_left(starts, end)
        moved.append((starts[first], ends[after - 1]) if first < after else None)
    return moved
