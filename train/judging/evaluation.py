"""An evaluation: a predictor's articles against gold, measured in every way the report shows.

    evaluation = evaluate(predictor, gold, data_name="dev")
    evaluation.strict.scores.overall.f1, evaluation.strict.intervals.overall.f1

Reading the data, loading the model and writing the report are left to others. The predictor sees articles
without their annotation, and is never changed.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Protocol

from ...infer.articles import Article
from ...infer.errors import ArticleError
from ...infer.links.rules import link_by_rules
from ...infer.scheme import Scheme
from .claim_scoring import ClaimScores, score_claims
from .confusion import Confusion, count_confusion
from .intervals import ScoreIntervals, bootstrap_scores
from .link_scoring import Linker, Links, measure_links
from .matching import Outcome, Pair
from .reliability import Reliability, measure_reliability
from .scoring import Counts, CountTable, SpanScores, count_pairs, match_articles

__all__ = ["Document", "Evaluation", "Measured", "Streams", "evaluate", "evaluate_articles"]

_CONFIDENCE = 0.95


class Streams(Protocol):
    """Whatever reads articles in order and gives each back with the spans it found; a `Predictor` does."""

    def stream(self, articles: Iterable[Article], /) -> Iterator[Article]:
        """The articles, in order, each with predicted spans."""
        ...


@dataclass(frozen=True, slots=True)
class Measured:
    """Scores and their bootstrap intervals."""

    scores: SpanScores
    intervals: ScoreIntervals


@dataclass(frozen=True, slots=True)
class Document:
    """One article as annotated, as predicted, and the two matched span by span."""

    gold: Article
    predicted: Article
    pairs: tuple[Pair, ...]

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How many pairs came out which way."""
        return Counter(pair.outcome for pair in self.pairs)

    @property
    def errors(self) -> int:
        """How many pairs are not right."""
        return len(self.pairs) - self.counts.tp

    @property
    def counts(self) -> Counts:
        """Strict counts over all labels."""
        correct = sum(pair.outcome is Outcome.CORRECT for pair in self.pairs)
        return Counts(correct, len(self.predicted.spans) - correct, len(self.gold.spans) - correct)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything measured, and what is needed to say what was measured how.

    `documents` are in the order of the data. `reliability` is None where no predicted span carries a score.
    `links` is None where the scheme declares none, `claims` where nobody said how facts are read. `command` and
    `commit` are for the record, None where nobody said.
    """

    model_name: str
    data_name: str
    scheme: Scheme
    documents: tuple[Document, ...]
    strict: Measured
    partial: Measured
    confusion: Confusion
    reliability: Reliability | None
    resamples: int
    seed: int
    confidence: float
    package_version: str
    command: str | None = None
    commit: str | None = None
    links: Links | None = None
    claims: ClaimScores | None = None

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How many matched pairs of all documents came out which way."""
        return sum((document.outcomes for document in self.documents), Counter())

    @property
    def data_fingerprint(self) -> str:
        """SHA-256 over ids, texts and gold spans: two reports with the same one judged the same data."""
        digest = hashlib.sha256()
        for document in self.documents:
            gold = document.gold
            spans = [[span.label, span.start_char, span.end_char] for span in gold.spans]
            digest.update(json.dumps([gold.id, gold.text, spans], ensure_ascii=True).encode("ascii"))
        return digest.hexdigest()


def evaluate(
    predictor: Streams,
    gold: Sequence[Article],
    *,
    data_name: str,
    model_name: str | None = None,
    linker: Linker = link_by_rules,
    linker_name: str = "rules",
    facts: Callable[[Article], Article] | None = None,
    resamples: int = 2000,
    seed: int = 0,
    command: str | None = None,
    commit: str | None = None,
) -> Evaluation:
    """Let a predictor read the gold articles, without their annotation, and measure what it found.

    `model_name` defaults to the name the predicted articles carry. `linker` is the model's own way to link the
    spans of an article, here gold ones, and `linker_name` what a report calls it. `facts` makes claims of spans and
    links; with it the claims of predicted articles are judged by those of the gold ones. Raises ArticleError if there
    are no articles or the predictor does not give back each of them in order.
    """
    predicted = list(predictor.stream(article.without_annotation() for article in gold))
    return evaluate_articles(
        gold,
        predicted,
        data_name=data_name,
        model_name=model_name,
        linker=linker,
        linker_name=linker_name,
        facts=facts,
        resamples=resamples,
        seed=seed,
        command=command,
        commit=commit,
    )


def evaluate_articles(
    gold: Sequence[Article],
    predicted: Sequence[Article],
    *,
    data_name: str,
    model_name: str | None = None,
    linker: Linker = link_by_rules,
    linker_name: str = "rules",
    facts: Callable[[Article], Article] | None = None,
    resamples: int = 2000,
    seed: int = 0,
    command: str | None = None,
    commit: str | None = None,
) -> Evaluation:
    """Measure articles already predicted against gold ones; see `evaluate`."""
    if not gold:
        raise ArticleError(f"{data_name}: there are no articles to evaluate")
    matched = match_articles(gold, predicted)
    scheme = gold[0].scheme
    everything = [pair for pairs in matched for pair in pairs]

    def measure(table: CountTable) -> Measured:
        intervals = bootstrap_scores(table, resamples=resamples, seed=seed, confidence=_CONFIDENCE)
        return Measured(table.scores(), intervals)

    links = None
    if scheme.links:
        links = measure_links(
            gold,
            predicted,
            linker,
            linker_name=linker_name,
            resamples=resamples,
            seed=seed,
            confidence=_CONFIDENCE,
        )
    claims = None
    if facts is not None:
        both = [(facts(ours), facts(theirs)) for ours, theirs in zip(gold, predicted, strict=True)]
        claims = score_claims(both, resamples=resamples, seed=seed, confidence=_CONFIDENCE)
    strict, partial = count_pairs(matched, scheme)
    return Evaluation(
        model_name=model_name or predicted[0].model or "unnamed",
        data_name=data_name,
        scheme=scheme,
        documents=tuple(
            Document(ours, theirs, tuple(pairs)) for ours, theirs, pairs in zip(gold, predicted, matched, strict=True)
        ),
        strict=measure(strict),
        partial=measure(partial),
        confusion=count_confusion(everything, scheme),
        reliability=measure_reliability(everything),
        resamples=resamples,
        seed=seed,
        confidence=_CONFIDENCE,
        package_version=version("rasid"),
        command=command,
        commit=commit,
        links=links,
        claims=claims,
    )
