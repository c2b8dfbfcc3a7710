"""Link scores: counts, precision, recall and F1 of every kind of link, with bootstrap intervals over documents.

    links = measure_links(gold, predicted, link_by_rules)
    links.strict.scores.overall.f1, links.given_gold_spans.scores.by_kind["holder"].recall

A link is right where its kind and both its spans are. Spans are flat, so that a link is known by the offsets of its
ends and stands for at most one gold link. Where links come from is left to others.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ...infer.articles import Article, Link, Span
from ...infer.errors import ArticleError
from ...infer.facts import Facts
from ...infer.scheme import Scheme
from .intervals import RateIntervals, bootstrap_counts
from .scoring import Counts, match_articles

__all__ = [
    "LinkIntervals",
    "LinkScores",
    "Linker",
    "Links",
    "MeasuredLinks",
    "count_links",
    "links_fingerprint",
    "measure_links",
    "score_links",
]

Linker = Callable[[Article], Sequence[Link]]
"""Whatever links the spans an article has; it is given no links to look at."""

Compare = Literal["label", "family"]
"""What must agree of a link's spans besides their offsets."""


@dataclass(frozen=True, slots=True)
class LinkScores:
    """Counts of every kind of link of the scheme, in its order, and of all links together."""

    overall: Counts
    by_kind: dict[str, Counts]


@dataclass(frozen=True, slots=True)
class LinkIntervals:
    """The intervals of a `LinkScores`, field by field."""

    overall: RateIntervals
    by_kind: dict[str, RateIntervals]


@dataclass(frozen=True, slots=True)
class MeasuredLinks:
    """Link scores and their bootstrap intervals."""

    scores: LinkScores
    intervals: LinkIntervals


@dataclass(frozen=True, slots=True)
class Links:
    """Links measured in every way a report shows.

    `strict`: as predicted, from predicted spans, offsets and labels of both spans right; `family`: their families
    instead of their labels; `given_gold_spans`: as the linker finds them between gold spans.
    """

    strict: MeasuredLinks
    family: MeasuredLinks
    given_gold_spans: MeasuredLinks
    linker_name: str


def measure_links(
    gold: Sequence[Article],
    predicted: Sequence[Article],
    linker: Linker,
    *,
    linker_name: str = "rules",
    resamples: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Links:
    """Score the links of predicted articles, and those the linker finds between the spans of the gold ones.

    Raises ArticleError unless both hold the same articles in the same order, or where a link is not allowed.
    """
    match_articles(gold, predicted)
    linked = [_link_again(article, linker) for article in gold]

    def measure(found: Sequence[Article], compare: Compare) -> MeasuredLinks:
        cells = count_links(gold, found, compare)
        names = [kind.name for kind in gold[0].scheme.links]
        overall, rows = bootstrap_counts(cells, resamples=resamples, seed=seed, confidence=confidence)
        return MeasuredLinks(_scores(cells, names), LinkIntervals(overall, dict(zip(names, rows, strict=True))))

    return Links(
        strict=measure(predicted, "label"),
        family=measure(predicted, "family"),
        given_gold_spans=measure(linked, "label"),
        linker_name=linker_name,
    )


def score_links(gold: Sequence[Article], predicted: Sequence[Article], compare: Compare = "label") -> LinkScores:
    """Scores of the links of predicted articles against gold ones.

    Raises ArticleError unless both hold the same articles (id, text, labels) in the same order.
    """
    match_articles(gold, predicted)
    if not gold:
        raise ArticleError("there are no articles to score")
    return _scores(count_links(gold, predicted, compare), [kind.name for kind in gold[0].scheme.links])


def count_links(gold: Sequence[Article], predicted: Sequence[Article], compare: Compare) -> NDArray[np.int64]:
    """Counts per document: (documents, link kinds of the scheme, 3), the last axis tp, fp, fn."""
    scheme = gold[0].scheme
    rows = {kind.name: row for row, kind in enumerate(scheme.links)}
    cells = np.zeros((len(gold), len(rows), 3), dtype=np.int64)
    for document, (ours, theirs) in enumerate(zip(gold, predicted, strict=True)):
        wanted, found = _keys(ours, scheme, compare), _keys(theirs, scheme, compare)
        for column, keys in enumerate((wanted & found, found - wanted, wanted - found)):
            for kind, *_ in keys:
                cells[document, rows[kind], column] += 1
    return cells


def links_fingerprint(articles: Iterable[Article]) -> str:
    """SHA-256 over ids and gold links: two reports with the same one were judged by the same links."""
    digest = hashlib.sha256()
    for article in articles:
        keys = sorted(_keys(article, article.scheme, "label"))
        digest.update(json.dumps([article.id, keys], ensure_ascii=True).encode("ascii"))
    return digest.hexdigest()


_End = tuple[int, int, str]
_Key = tuple[str, _End, _End]


def _keys(article: Article, scheme: Scheme, compare: Compare) -> set[_Key]:
    spans = {span.id: span for span in article.spans}
    for link in article.links:
        if link.kind not in scheme.link_by_name:
            raise ArticleError(f"article {article.id}: scheme {scheme.name!r} has no link {link.kind!r} ({link.id})")
    return {(link.kind, _end(spans[link.source], compare), _end(spans[link.target], compare)) for link in article.links}


def _end(span: Span, compare: Compare) -> _End:
    return span.start_char, span.end_char, span.label if compare == "label" else span.family


def _link_again(article: Article, linker: Linker) -> Article:
    bare = replace(article, links=(), facts=Facts())
    return replace(bare, links=tuple(linker(bare)))


def _scores(cells: NDArray[np.int64], names: Sequence[str]) -> LinkScores:
    total = cells.sum(axis=0)
    rows = [Counts(*row) for row in total.tolist()]
    return LinkScores(Counts(*total.sum(axis=0).tolist()), dict(zip(names, rows, strict=True)))
