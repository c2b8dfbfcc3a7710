"""Small articles for the tests of scoring and reports: spans given by their words, not their characters."""

from collections.abc import Iterable, Iterator, Sequence

from hypothesis import strategies as st

from rasid.infer.articles import Article, Span
from rasid.infer.scheme import CONFLICT, Scheme

Words = tuple[str, int, int]
"""Label, first word, last word."""

TEXT = "قال المرصد السوري إن طائرات قصفت مدينة الباب ومقتل سبعة مدنيين ونفى الجيش"


def article(
    *spans: Words | tuple[str, int, int, float], text: str = TEXT, id: str = "a", scheme: Scheme = CONFLICT
) -> Article:
    """An article whose spans cover whole words of `text`, both ends included; a fourth value is the score."""
    starts, ends = [], []
    at = 0
    for word in text.split(" "):
        starts.append(at)
        ends.append(at + len(word))
        at += len(word) + 1
    made = []
    for number, (label, first, last, *score) in enumerate(spans, 1):
        start, end = starts[first], ends[last]
        family = scheme.family_of(label)
        made.append(Span(f"T{number}", label, family, start, end, text[start:end], *score))
    return Article(text, tuple(made), id=id, scheme=scheme)


def spans_of_tags(tags: Sequence[str]) -> list[Words]:
    """The spans of IOB2 tags by the strict reading: an I- that continues nothing is no span."""
    spans: list[Words] = []
    open_label = None
    for at, tag in enumerate(tags):
        edge, _, label = tag.partition("-")
        if edge == "B":
            spans.append((label, at, at))
            open_label = label
        elif edge == "I" and label == open_label:
            spans[-1] = (label, spans[-1][1], at)
        else:
            open_label = None
    return spans


def tag_sequences(length: int, labels: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """Random tags, legal or not."""
    tags = ["O", *(f"{edge}-{label}" for label in labels for edge in "BI")]
    return st.lists(st.sampled_from(tags), min_size=length, max_size=length)


class Scripted:
    """Stands in for a predictor: gives the prepared spans to whatever article has their id."""

    def __init__(self, predicted: Iterable[Article]) -> None:
        self.predicted = {article.id: article for article in predicted}
        self.seen: list[Article] = []

    def stream(self, articles: Iterable[Article], /) -> Iterator[Article]:
        for given in articles:
            self.seen.append(given)
            yield self.predicted[given.id]
