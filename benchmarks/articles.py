"""The texts that are read: real ones from a folder, or composed articles recombined to the same lengths.

The composed articles of `seeds/corpus` stand in where no folder is given, so that every benchmark runs from the
repository alone; their sentences are repeated where a text is longer than all of them together.
"""

from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

import regex

from rasid.infer.formats.text import read_text

__all__ = ["NEWS_WORDS", "SEED_ARTICLE", "evenly", "news_articles", "text_of_words", "with_long_article"]

ROOT = Path(__file__).resolve().parents[1]
SEED_ARTICLE = ROOT / "seeds" / "deir-ez-zor.txt"
NEWS_WORDS = (146, 176, 207, 215, 218, 225, 230, 234, 238, 243, 257)
"""Words of the shortest, the longest and every tenth in between of 51 real conflict news articles, by length."""

_WORD = regex.compile(r"\S+\s*")


def news_articles(folder: Path | None, count: int) -> list[str]:
    """`count` articles of the lengths of conflict news: from a folder of .txt files, or recombined from composed ones.

    From a folder they are taken evenly over its lengths; composed ones have the quantiles of `NEWS_WORDS`.
    """
    if folder is not None:
        texts = sorted((read_text(path) for path in sorted(folder.rglob("*.txt"))), key=len)
        if not texts:
            raise SystemExit(f"{folder}: there are no .txt files")
        return evenly(texts, count)
    words = _composed_words()
    return [_take(words, _quantile(NEWS_WORDS, (n + 0.5) / count)) for n in range(count)]


def with_long_article(articles: Sequence[str], words: int) -> list[str]:
    """The articles with one of so many words in their middle."""
    middle = len(articles) // 2
    return [*articles[:middle], text_of_words(words), *articles[middle:]]


def text_of_words(words: int) -> str:
    """A text of so many words, recombined from the composed articles."""
    return _take(_composed_words(), words)


def evenly(values: Sequence[str], count: int) -> list[str]:
    """`count` of the values at even steps, or all of them if there are no more."""
    if count >= len(values):
        return list(values)
    return [values[int((n + 0.5) * len(values) / count)] for n in range(count)]


def _composed_words() -> Iterator[str]:
    """Words with the white space after them, article after article, without end."""
    texts = [read_text(path).strip() + "\n\n" for path in sorted((ROOT / "seeds" / "corpus").rglob("*.txt"))]
    if not texts:
        raise SystemExit("seeds/corpus has no articles: run a benchmark from the root of a checkout")
    return cycle(match[0] for text in texts for match in _WORD.finditer(text))


def _take(words: Iterator[str], count: int) -> str:
    return "".join(next(words) for _ in range(count)).rstrip()


def _quantile(values: Sequence[int], share: float) -> int:
    at = share * (len(values) - 1)
    low = min(int(at), len(values) - 2)
    return round(values[low] + (at - low) * (values[low + 1] - values[low]))
