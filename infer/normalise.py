"""The one form of a token that the model sees, after AraBERT v0.2's conventions (no Farasa segmentation).

Diacritics, tatweel and invisible characters go, presentation forms and Persian keyboard letters become their
plain Arabic letters, digits become 0-9, a character repeated more than twice is kept twice, and addresses
become the three words AraBERT keeps for them. Offsets are not known here: a token keeps its own.

Source: W. Antoun, F. Baly, H. Hajj, "AraBERT", OSACT 2020, and its published pre-processing options.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex

from .tokens import KINDS, Token, TokenKind, TokenTable

__all__ = ["ADDRESS_FORMS", "LETTER_FOLDS", "NORMALISATION", "iter_normal_forms", "normal_form", "normal_forms"]

NORMALISATION = "arabert-v02/1"
"""Name and version of these rules; a model folder records which it was trained with."""

ADDRESS_FORMS = {TokenKind.URL: "[رابط]", TokenKind.EMAIL: "[بريد]", TokenKind.MENTION: "[مستخدم]"}
"""The forms that stand for addresses, as in AraBERT's vocabulary."""

_FORM_OF_KIND = tuple(ADDRESS_FORMS.get(kind) for kind in KINDS)

LETTER_FOLDS = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي"}
"""Spellings of one letter that writers interchange: for comparing words, never for what a model reads."""

_DROPPED = regex.compile(r"[\p{M}\p{C}\p{Z}\sـ]+")
_REPEATED = regex.compile(r"(\P{Nd})\1{2,}", regex.DOTALL)
_DIGIT = regex.compile(r"(?![0-9])\p{Nd}")
_LETTERS = str.maketrans(
    {"ک": "ك", "ی": "ي", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'"}
)


def _once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = _DROPPED.sub("", text).translate(_LETTERS)
    text = _DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), text)
    form: str = _REPEATED.sub(r"\1\1", text)
    return form


@lru_cache(maxsize=65_536)
def normal_form(text: str) -> str:
    """The normalised form of a token's text; idempotent, possibly empty, never holds white space."""
    # Dropping a mark can bring two characters together that compose, so one pass is not always the last.
    while (form := _once(text)) != text:
        text = form
    return text


def iter_normal_forms(text: str, tokens: TokenTable) -> Iterator[str]:
    """The form of each token of a text's table, one by one: a book's are never held together."""
    for start, end, kind in zip(tokens.starts.data, tokens.ends.data, tokens.kinds.data, strict=True):
        yield _FORM_OF_KIND[kind] or normal_form(text[start:end])


def normal_forms(text: str, tokens: Iterable[Token]) -> list[str]:
    """The form of each token of a text; an empty form stands for the unknown token."""
    return [
        ADDRESS_FORMS[kind] if kind in ADDRESS_FORMS else normal_form(text[start:end]) for start, end, kind in tokens
    ]
