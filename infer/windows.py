"""Windows: an article of any length as overlapping stretches that an encoder can read at once.

Every word of the article is in a window, and its scores are taken from the one in which it has the most context: where
two windows overlap, the first keeps the first half. Words are drawn as they are needed, so a long article is never
held as subwords. What the words are, and what becomes of the scores, is not known here.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tokenizers import Tokenizer

from .errors import ModelError

__all__ = ["SubwordCutter", "Window", "iter_windows"]

_CHUNK_WORDS = 512
_MOST_KNOWN = 65_536


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


class SubwordCutter:
    """Cuts normalised words into the subwords of a tokenizer, and keeps what it has cut: words come again.

    `opening` and `closing` are the subwords the tokenizer puts before and after a sequence, `unknown` stands for what
    it cannot read. Raises ModelError for a tokenizer without an unknown token.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        specials = tokenizer.encode([], is_pretokenized=True, add_special_tokens=True).ids
        self.opening, self.closing = specials[:1], specials[1:]
        self.unknown = _unknown_id(tokenizer)
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}

    def cut(self, forms: Sequence[str]) -> list[list[int]]:
        """The subwords of each word, none for one the tokenizer leaves nothing of; not to be changed."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        known = self._known
        new = list(dict.fromkeys(form for form in forms if form not in known))
        if new:
            known.update((form, []) for form in new)
            encoding = self._tokenizer.encode(new, is_pretokenized=True, add_special_tokens=False)
            for subword, word in zip(encoding.ids, encoding.word_ids, strict=True):
                if word is not None:
                    known[new[word]].append(subword)
        return [known[form] for form in forms]


def iter_windows(
    forms: Iterable[str], tokenizer: Tokenizer | SubwordCutter, max_subwords: int, overlap_subwords: int
) -> Iterator[Window]:
    """Cover normalised words by windows of at most `max_subwords`, specials included.

    Neighbours share about `overlap_subwords`. A word without a form, or with more subwords than a window holds, is
    read as the unknown token. Raises ModelError for sizes that cannot cover a text. One cutter for many articles is
    faster than their tokenizer.
    """
    cutter = tokenizer if isinstance(tokenizer, SubwordCutter) else SubwordCutter(tokenizer)
    opening, closing = cutter.opening, cutter.closing
    room = max_subwords - len(opening) - len(closing)
    if room < 1 or not 0 <= overlap_subwords <= room // 2:
        raise ModelError(
            f"windows of {max_subwords} subwords that overlap by {overlap_subwords}: expected room for a word and an "
            f"overlap of at most half a window ({max(room, 0) // 2})"
        )
    words = _subwords(forms, cutter, room)
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


def _subwords(forms: Iterable[str], cutter: SubwordCutter, room: int) -> Iterator[list[int]]:
    unknown = [cutter.unknown]
    remaining = iter(forms)
    while chunk := list(islice(remaining, _CHUNK_WORDS)):
        for subwords in cutter.cut(chunk):
            yield subwords if 0 < len(subwords) <= room else unknown


def _unknown_id(tokenizer: Tokenizer) -> int:
    for token in (getattr(tokenizer.model, "unk_token", None), "[UNK]", "<unk>"):
        if isinstance(token, str) and (number := tokenizer.token_to_id(token)) is not None:
            return number
    raise ModelError("the tokenizer has no unknown token ([UNK] or <unk>)")
