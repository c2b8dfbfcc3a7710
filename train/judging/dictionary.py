"""The baseline every model must beat: a dictionary of the spans seen in training.

It looks words up and learns nothing from context. A wording is kept where it was annotated in at least half of its
occurrences in the training texts, with its most frequent label; reading takes the longest wording that fits, from left
to right. It has the predictor's `stream`, so the same evaluation judges both.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...infer.articles import Article, Span
from ...infer.normalise import normal_forms
from ...infer.scheme import Scheme
from ...infer.tokens import SPAN_EDGES, Token, tokenize

__all__ = ["DictionaryReader"]

Wording = tuple[str, ...]

_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Entry:
    label: str
    share: float


class DictionaryReader:
    """Reads articles with the wordings of annotated ones."""

    def __init__(self, training: Sequence[Article], scheme: Scheme) -> None:
        self._scheme = scheme
        labels: dict[Wording, Counter[str]] = defaultdict(Counter)
        texts = [_words(article) for article in training]
        for article, (tokens, forms) in zip(training, texts, strict=True):
            place = {token.start_char: number for number, token in enumerate(tokens)}
            for span in article.spans:
                first = place[span.start_char]
                words = sum(token.start_char < span.end_char for token in tokens[first : first + len(span.text)])
                labels[tuple(forms[first : first + words])][span.label] += 1
        self._longest = max((len(wording) for wording in labels), default=0)
        seen = Counter(
            wording for _, forms in texts for wording in _wordings(forms, self._longest) if wording in labels
        )
        self._entries: dict[Wording, _Entry] = {}
        for wording, counts in labels.items():
            label, count = counts.most_common(1)[0]
            if sum(counts.values()) >= _LEAST_SHARE * seen[wording]:
                self._entries[wording] = _Entry(label, count / seen[wording])

    def stream(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Each article with the spans the dictionary knows; a score is the wording's share of that label."""
        for article in articles:
            yield replace(article, spans=tuple(self._spans(article)), links=(), characters_read=article.characters)

    def _spans(self, article: Article) -> Iterator[Span]:
        tokens, forms = _words(article)
        word, found = 0, 0
        while word < len(tokens):
            entry, words = self._longest_at(forms, word)
            last = tokens[word + words - 1]
            if entry is None or tokens[word].kind not in SPAN_EDGES or last.kind not in SPAN_EDGES:
                word += 1
                continue
            found += 1
            start, end = tokens[word].start_char, last.end_char
            family = self._scheme.family_of(entry.label)
            yield Span(f"T{found}", entry.label, family, start, end, article.text[start:end], entry.share)
            word += words

    def _longest_at(self, forms: Sequence[str], word: int) -> tuple[_Entry | None, int]:
        for words in range(min(self._longest, len(forms) - word), 0, -1):
            entry = self._entries.get(tuple(forms[word : word + words]))
            if entry is not None:
                return entry, words
        return None, 1


def _words(article: Article) -> tuple[list[Token], list[str]]:
    tokens = tokenize(article.text)
    return tokens, normal_forms(article.text, tokens)


def _wordings(forms: Sequence[str], longest: int) -> Iterator[Wording]:
    for start in range(len(forms)):
        for end in range(start + 1, min(start + longest, len(forms)) + 1):
            yield tuple(forms[start:end])
