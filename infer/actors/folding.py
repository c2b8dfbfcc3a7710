"""The folded form of Arabic words, in which the ways to write one name meet.

Folding is for comparing names only: hamza seats, taa marbuta and alef maqsura, diacritics, the article, plural and
dual endings and a few letters of foreign names go. What a folded form is worth is left to `matching` and `people`.
"""

import re
import unicodedata
from functools import lru_cache

__all__ = ["fold", "fold_word", "is_definite", "joined", "readings", "skeleton", "words_of"]

_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200b-\u200f\ufeff]+")
_LETTERS = str.maketrans("أإآٱىئؤةکیہھ", "ااااييوهكيهه", "ء")
_WORD = re.compile(r"[^\W_]+")
_ADJECTIVE_ENDINGS = ("يتين", "يتان", "يين", "يون", "يان", "يات", "يه", "يا")
_NOUN_ENDINGS = ("تان", "تين", "ون", "ين", "ات", "ه")
_SPELLINGS = (("ديموقراط", "ديمقراط"), ("اميريك", "اميرك"), ("امريك", "اميرك"), ("كورد", "كرد"), ("مليشي", "ميليشي"))
_NOT_ARTICLE = ("المان", "البان")
"""Names of countries that begin like the article."""


def words_of(text: str) -> list[str]:
    """The words of a text without marks and punctuation, letters as they stand."""
    return _WORD.findall(_MARKS.sub("", unicodedata.normalize("NFKC", text)))


def is_definite(word: str) -> bool:
    """Whether a word bears the article, with or without a particle before it."""
    return word.startswith(("ال", "لل", "وال", "بال", "كال", "فال", "ولل")) and len(word) > 4


@lru_cache(maxsize=16_384)
def fold_word(word: str) -> str:
    """The folded form of one word; the empty string for a word of marks only."""
    folded = word.lower().translate(_LETTERS)
    # A hamza tells the first letters of a name (ألمانيا) from the article.
    if word.startswith("ال") and len(folded) >= 5 and not folded.startswith(_NOT_ARTICLE):
        folded = folded[2:]
    for ending in _ADJECTIVE_ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= 2:
            folded = folded[: -len(ending)] + "ي"
            break
    else:
        for ending in _NOUN_ENDINGS:
            if folded.endswith(ending) and len(folded) - len(ending) >= 3:
                folded = folded[: -len(ending)]
                break
    for spelling, usual in _SPELLINGS:
        folded = folded.replace(spelling, usual)
    return folded


@lru_cache(maxsize=16_384)
def fold(text: str) -> tuple[str, ...]:
    """The folded words of a name."""
    return tuple(map(fold_word, words_of(text)))


def joined(text: str) -> str:
    """The letters of a name in one piece, article and endings kept: for names glued together or broken by a page."""
    return "".join(words_of(text)).translate(_LETTERS)


@lru_cache(maxsize=16_384)
def readings(word: str) -> tuple[str, ...]:
    """A word as it stands, then with the particles that may be attached to it (و ف ب ل ك) taken off."""
    found = [word]
    if word[0] in "وف" and len(word) > 3:
        found.append(word[1:])
    for form in tuple(found):
        if form.startswith("لل") and len(form) > 4:
            found.append("ال" + form[2:])
        if form[0] in "بلك" and len(form) > 3:
            found.append(form[1:])
    return tuple(found)


@lru_cache(maxsize=16_384)
def skeleton(folded: str) -> str:
    """The consonants of a foreign name as any paper would write it (غ, ج and ق for g; long vowels at will)."""
    return re.sub("[اويه]", "", folded).translate(str.maketrans("جقثط", "غغتت")) or folded
