"""Windows: an article of any length as overlapping stretches that an encoder can read at once.

Every word of the article is in a window, and its scores are taken from the one in which it has the most context: where
two windows overlap, the first keeps the first half. Words are drawn as they are needed, so a long article is never
held as subwords. What the words are, and what becomes of the scores, is not known here.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from tokenizers import Tokenizer

from .errors import ModelError

__all__ = ["Window", "iter_windows"]

_CHUNK_WORDS = 512


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of an article's words as the encoder reads it.

    `subword_ids` holds [CLS] and [SEP]; `first_subwords[i]` is the position in it of the first subword of word
    `first_word + i`. The window's scores count for its words `own_from` to `own_to`, exclusive, counted inside the
    window; over all windows these stretches follow one another without gap.
    """

    first_word: int
    subword_ids: list[int]
    first_subwords: list[int]
    own_from: int
    own_to: int


def iter_windows(
    forms: Iterable[str], tokenizer: Tokenizer, max_subwords: int, overlap_subwords: int
) -> Iterator[Window]:
    """Cover normalised words by windows of at most `max_subwords`, specials included.

    Neighbours share about `overlap_subwords`. A word without a form, or with more subwords than a window holds, is
    read as the unknown token. Raises ModelError for sizes that cannot cover a text.
    """
    opening, closing = _special_ids(tokenizer)
    room = max_subwords - len(opening) - len(closing)
    if room < 1 or not 0 <= overlap_subwords <= room // 2:
        raise ModelError(
            f"windows of {max_subwords} subwords that overlap by {overlap_subwords}: expected room for a word and an "
            f"overlap of at most half a window ({max(room, 0) // 2})"
        )
    words = _subwords(forms, tokenizer, room)
    window: deque[list[int]] = deque()
    first_word, own_from, filled = 0, 0, 0
    upcoming = next(words, None)
    while upcoming is not None or window:
        while upcoming is not None and filled + len(upcoming) <= room:
            window.append(upcoming)
            filled += len(upcoming)
            upcoming = next(words, None)
        dropped = len(window) if upcoming is None else _words_to_drop(window, overlap_subwords, room - len(upcoming))
        own_to = len(window) if upcoming is None else dropped + (len(window) - dropped + 1) // 2
        yield _window(first_word, window, opening, closing, own_from, own_to)
        for _ in range(dropped):
            filled -= len(window.popleft())
        first_word, own_from = first_word + dropped, own_to - dropped


def _words_to_drop(window: deque[list[int]], overlap: int, room: int) -> int:
    """How many words the next window leaves out: it keeps at most `overlap` subwords and takes the next word."""
    kept, words = 0, 0
    for subwords in reversed(window):
        if kept + len(subwords) > min(overlap, room):
            break
        kept += len(subwords)
        words += 1
    return max(1, len(window) - words)


def _window(
    first_word: int, words: Iterable[list[int]], opening: list[int], closing: list[int], own_from: int, own_to: int
) -> Window:
    ids, firsts = list(opening), []
    for subwords in words:
        firsts.append(len(ids))
        ids += subwords
    return Window(first_word, ids + closing, firsts, own_from, own_to)


def _subwords(forms: Iterable[str], tokenizer: Tokenizer, room: int) -> Iterator[list[int]]:
    unknown = _unknown_id(tokenizer)
    remaining = iter(forms)
    while chunk := list(islice(remaining, _CHUNK_WORDS)):
        encoding = tokenizer.encode(chunk, is_pretokenized=True, add_special_tokens=False)
        words: list[list[int]] = [[] for _ in chunk]
        for subword, word in zip(encoding.ids, encoding.word_ids, strict=True):
            if word is not None:
                words[word].append(subword)
        for subwords in words:
            yield subwords if 0 < len(subwords) <= room else [unknown]


def _special_ids(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """The subwords the tokenizer puts before and after a sequence."""
    ids = tokenizer.encode([], is_pretokenized=True, add_special_tokens=True).ids
    return ids[:1], ids[1:]


def _unknown_id(tokenizer: Tokenizer) -> int:
    for token in (getattr(tokenizer.model, "unk_token", None), "[UNK]", "<unk>"):
        if isinstance(token, str) and (number := tokenizer.token_to_id(token)) is not None:
            return number
    raise ModelError("the tokenizer has no unknown token ([UNK] or <unk>)")
