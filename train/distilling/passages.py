"""Passages: the stretches of raw text that a teacher labels, streamed from many files.

A passage is some paragraphs of one document, short enough to be read at once by most encoders. Which of them are worth
learning from is for the teacher's labels to say.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from ...infer.tokens import Token, TokenKind, tokenize
from ..pretraining.texts import documents

__all__ = ["cut_passages", "known_paragraphs", "stream_documents"]

_SENTENCE_ENDS = frozenset(".؟?!؛…")
_TELLING_WORDS = 8


def stream_documents(files: Sequence[Path]) -> Iterator[list[str]]:
    """The documents of all files, each a list of paragraphs, one of each file in turn until none has more.

    So any part of the stream is a mixture of the files, and always the same one.
    """
    readers = [documents(path) for path in files]
    while readers:
        for reader in tuple(readers):
            document = next(reader, None)
            if document is None:
                readers.remove(reader)
            else:
                yield document


def cut_passages(
    paragraphs: Iterable[str], passage_words: int, left_out: Collection[str] = ()
) -> Iterator[tuple[str, int]]:
    """The passages of one document with their number of words, at most `passage_words`.

    Neighbouring paragraphs are joined by a line break while they fit; a longer one is cut after the last sentence that
    fits, or in mid-sentence where none does. A paragraph that is in `left_out` (see `known_paragraphs`) is not taken.
    """
    held: list[str] = []
    words = 0
    for paragraph in paragraphs:
        if left_out and _plain(paragraph) in left_out:
            continue
        for piece, length in _pieces(paragraph, passage_words):
            if held and words + length > passage_words:
                yield "\n".join(held), words
                held, words = [], 0
            held.append(piece)
            words += length
    if held:
        yield "\n".join(held), words


def known_paragraphs(texts: Iterable[str]) -> frozenset[str]:
    """The paragraphs of articles that must stay unseen; those of fewer than 8 words stand in many articles."""
    plain = (_plain(line) for text in texts for line in text.splitlines())
    return frozenset(line for line in plain if line.count(" ") + 1 >= _TELLING_WORDS)


def _plain(paragraph: str) -> str:
    return " ".join(paragraph.split())


def _pieces(paragraph: str, limit: int) -> Iterator[tuple[str, int]]:
    tokens = tokenize(paragraph)
    first = 0
    while first < len(tokens):
        last = len(tokens) if len(tokens) - first <= limit else _sentence_end(paragraph, tokens, first, first + limit)
        yield paragraph[tokens[first].start_char : tokens[last - 1].end_char], last - first
        first = last


def _sentence_end(paragraph: str, tokens: Sequence[Token], first: int, limit: int) -> int:
    """Where to cut: behind the last mark before `limit` that ends a sentence, else at `limit`."""
    for last in range(limit, first, -1):
        token = tokens[last - 1]
        if token.kind is TokenKind.MARK and paragraph[token.start_char] in _SENTENCE_ENDS:
            return last
    return limit
