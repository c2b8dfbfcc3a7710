"""The words of a stretch of text as the count grammar sees them: folded, mended, freed of quotation marks.

Folding takes away what Arabic papers spell in more than one way (marks, hamza on alif, dotless ya), so that the
tables hold one form of each word. What a word means is left to `numerals`, `nouns` and `events`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ..normalise import LETTER_FOLDS, normal_form
from ..tokens import TokenKind, tokenize

__all__ = ["Reading", "Word", "fold", "read_words", "readings", "render", "table"]

_FOLDED = str.maketrans(LETTER_FOLDS | {"ؤ": "و"})
_SKIPPED_MARKS = frozenset("«»\"'()[]{}“”‘’*_")
_DASHES = frozenset("-–—")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, number or mark: `form` is folded, `key` has ta marbuta written as ha, `raw` is as the text has it."""

    form: str
    key: str
    raw: str
    kind: TokenKind


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to cut a word into attached particles and the rest; `conjoined` if they begin with and/so."""

    stem: str
    conjoined: bool = False
    preposition: str = ""
    definite: bool = False


def fold(text: str) -> str:
    """The form the tables are written in: no marks, bare alif, ya with dots, ha for ta marbuta."""
    return normal_form(text).translate(_FOLDED).replace("ة", "ه")


@lru_cache(maxsize=16_384)
def _word(raw: str, kind: TokenKind) -> Word:
    form = normal_form(raw).translate(_FOLDED)
    return Word(form, form.replace("ة", "ه"), raw, kind)


def read_words(text: str, mendable: frozenset[str] | None = None) -> list[Word]:
    """The words of a text, without quotation marks and brackets.

    Pages that lose a diacritic often leave a space in its place («ق تل», «شخص ا»); two pieces are put together
    where the whole is one of `mendable`, or where the second is a lone alif.
    """
    words: list[Word] = []
    for start, end, kind in tokenize(text):
        raw = text[start:end]
        if raw in _SKIPPED_MARKS:
            continue
        word = _word(raw, kind)
        if word.form:
            words.append(word)
            if mendable is not None and len(words) > 1:
                _mend(words, mendable)
    return words


def _mend(words: list[Word], mendable: frozenset[str]) -> None:
    last = words[-1]
    at = len(words) - 2
    if at >= 1 and words[at].raw in _DASHES:
        at -= 1
    if at < 0 or last.kind is not TokenKind.WORD or words[at].kind is not TokenKind.WORD:
        return
    first = words[at]
    if min(len(first.form), len(last.form)) > 2 or (at == len(words) - 3 and len(first.form) > 1):
        return
    whole = _word(first.raw + last.raw, TokenKind.WORD)
    lone_alif = last.form == "ا" and len(first.form) > 2
    broken = len(whole.key) > 2 and first.key not in mendable and last.key not in mendable
    if lone_alif or (broken and any(cut.stem in mendable for cut in readings(whole.key) if not cut.definite)):
        del words[at:]
        words.append(whole)


@lru_cache(maxsize=16_384)
def readings(key: str) -> tuple[Reading, ...]:
    """Every way to cut attached particles (و ف, then ب ل ك, then ال) off a folded word, the fewest first."""
    found = [Reading(key)]
    for conjunction in ("", "و", "ف"):
        if not key.startswith(conjunction):
            continue
        rest = key[len(conjunction) :]
        for preposition in ("", "ب", "ل", "ك"):
            if rest.startswith(preposition):
                found += _cuts(rest[len(preposition) :], bool(conjunction), preposition)
    return tuple(sorted(set(found), key=lambda cut: (len(key) - len(cut.stem), cut.stem)))


def _cuts(rest: str, conjoined: bool, preposition: str) -> Iterable[Reading]:
    if len(rest) > 1:
        yield Reading(rest, conjoined, preposition)
    # With the preposition ل the article loses its alif: للقتلى.
    article = "ل" if preposition == "ل" else "ال"
    if rest.startswith(article) and len(rest) > len(article) + 1:
        yield Reading(rest[len(article) :], conjoined, preposition, definite=True)
    elif preposition and rest.startswith("ال") and len(rest) > 3:
        yield Reading(rest[2:], conjoined, preposition, definite=True)


def render(words: Iterable[Word]) -> str:
    """The keys of words with single spaces, also before the first and after the last, for patterns to match."""
    return f" {' '.join(word.key for word in words)} "


def table(words: str) -> frozenset[str]:
    """A table of folded words written with spaces between them."""
    return frozenset(words.split())
