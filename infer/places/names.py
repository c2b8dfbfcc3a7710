"""Arabic place names as they are written, and the one key under which all spellings of a name meet.

Letters that writers exchange (أ إ آ ا, ة ه, ى ي, hamza on its seats) are folded, marks, tatweel and quotation
marks go, and the key leaves out spaces and the article, so that «دير الزور» and «الدير زور» meet. Which places
bear a name is left to `gazetteer`, what stands before and after it in a text to `readings`.
"""

import regex

__all__ = ["fold", "name_key", "without_article"]

_FOLDED = str.maketrans(
    {
        **dict.fromkeys("أإآٱٲٳ", "ا"),
        **dict.fromkeys("ىیېئ", "ي"),
        **dict.fromkeys("ةۀەہھ", "ه"),
        **dict.fromkeys("ڤپ", "ف"),
        "ؤ": "و",
        "ک": "ك",
        "گ": "غ",
        "چ": "ج",
        "ژ": "ز",
        "ء": None,
        "ـ": None,
        **{digit: str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")},
    }
)
_MARKS = regex.compile(r"[\p{M}\p{Cf}]+")
_NO_WORD = regex.compile(r"[^\p{L}\p{N}]+")
_SHORTEST_WITH_ARTICLE = 4
"""«الي» or «الف» is a word of its own, not an article before one letter."""


def fold(text: str) -> tuple[str, ...]:
    """The words of a name with exchangeable letters folded; empty for a text without letters and digits."""
    return tuple(_NO_WORD.sub(" ", _MARKS.sub("", text).translate(_FOLDED)).split())


def without_article(word: str) -> str:
    """A folded word without the article «ال»."""
    return word[2:] if word.startswith("ال") and len(word) >= _SHORTEST_WITH_ARTICLE else word


def name_key(words: tuple[str, ...]) -> str:
    """The key of folded words: the article of every word left out, the words put together."""
    return "".join(map(without_article, words))
