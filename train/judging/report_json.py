"""The evaluation as one JSON value: the facts every written report is made from.

Numbers are computed elsewhere; here they get names, definitions and an order. The value holds no date and no
path, so one evaluation always gives the same bytes. Scores of other things than spans have a key beside `spans`.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from .claim_scoring import ClaimScore, ClaimScores
from .evaluation import Document, Evaluation, Measured
from .intervals import Interval, RateIntervals
from .link_scoring import Links, MeasuredLinks, links_fingerprint
from .matching import Outcome
from .scoring import Counts, Rates

__all__ = ["report_to_json"]

_FORMAT = "rasid-evaluation"
_FORMAT_VERSION = 1
_DIGITS = 6
_FREQUENT = 40
_RATES = ("precision", "recall", "f1")

_DEFINITIONS = {
    "span": "a label with half-open code-point offsets [start, end) into the text as given",
    "matching": (
        "gold and predicted spans of an article are matched one to one where they share a character: equal offsets "
        "always; else most pairs of one label, then most of one family, then most pairs, then most characters shared"
    ),
    "strict": "a predicted span is right if its offsets and label equal those of a gold span",
    "partial": "a predicted span is right if it is matched with a gold span of its label; edges may differ",
    "by_family": "labels merged to their families before they are compared",
    "documents": "how many articles have the label (family) in gold or prediction",
    "precision": "tp / (tp + fp); 0 where nothing was predicted",
    "recall": "tp / (tp + fn); 0 where nothing was annotated",
    "f1": "2 tp / (2 tp + fp + fn)",
    "overall": "micro: the counts of all labels added up",
    "macro": "mean over the labels (families) that occur in gold or prediction",
    "intervals": (
        "percentile bootstrap over documents; resamples without the label are left out of its interval; "
        "null where all resamples agree, as they must with fewer than two documents that have it"
    ),
    "outcomes": (
        "correct: offsets and label; wrong-edge: overlap and label; wrong-label: offsets only; "
        "wrong-both: overlap, other label; missed: gold alone; spurious: predicted alone"
    ),
    "confusion": (
        "matched pairs, gold label in rows, predicted in columns, edges may differ; "
        "last column: missed, last row: spurious"
    ),
    "links": (
        "a link is right if its kind and the offsets of both its spans are, and (strict) their labels or (family) "
        "their families; given_gold_spans: the linker was given the gold spans; null where the scheme has no links"
    ),
    "claims": (
        "claims made of predicted spans and links against those made of gold ones; position: stance, holders and "
        "targets right; figure: kind of harm, source and bounds right (exact) or inside the gold range (within)"
    ),
    "calibration": (
        "scores as stored in the predicted spans against strictly right or not, in bins (low, high] of equal width; "
        "ece: mean of |mean score - share right| weighted by spans; brier: mean squared error of the score"
    ),
}


def report_to_json(evaluation: Evaluation) -> dict[str, Any]:
    """Everything measured as plain dicts, lists, numbers and strings; rates and scores from 0 to 1."""
    golds = [document.gold for document in evaluation.documents]
    counts = evaluation.strict.scores.overall
    return {
        "format": _FORMAT,
        "format_version": _FORMAT_VERSION,
        "rasid": evaluation.package_version,
        "model": {"name": evaluation.model_name},
        "data": {
            "name": evaluation.data_name,
            "documents": len(golds),
            "characters": sum(gold.characters for gold in golds),
            "gold_spans": counts.gold,
            "predicted_spans": counts.predicted,
            "fingerprint": f"sha256:{evaluation.data_fingerprint}",
            **_link_data(evaluation),
        },
        "command": evaluation.command,
        "commit": evaluation.commit,
        "bootstrap": {
            "unit": "document",
            "resamples": evaluation.resamples,
            "seed": evaluation.seed,
            "confidence": evaluation.confidence,
        },
        "scheme": evaluation.scheme.to_json(),
        "definitions": dict(_DEFINITIONS),
        "spans": {
            "strict": _measured(evaluation.strict),
            "partial": _measured(evaluation.partial),
            "outcomes": _outcomes(evaluation.outcomes),
            "confusion": {
                "labels": list(evaluation.confusion.labels),
                "matrix": [list(row) for row in evaluation.confusion.matrix],
            },
            "calibration": _rounded(asdict(evaluation.reliability)) if evaluation.reliability else None,
            "frequent_errors": _frequent_errors(evaluation),
        },
        "links": _links(evaluation.links),
        "claims": _claims(evaluation.claims),
        "documents": [_document(document) for document in evaluation.documents],
    }


def _measured(measured: Measured) -> dict[str, Any]:
    scores, intervals = measured.scores, measured.intervals
    return {
        "overall": _row(scores.overall, intervals.overall),
        "macro": _rates(scores.macro, intervals.macro, known=bool(scores.overall)),
        "by_label": {name: _row(row, intervals.by_label[name]) for name, row in scores.by_label.items()},
        "family_overall": _row(scores.family_overall, intervals.family_overall),
        "family_macro": _rates(scores.family_macro, intervals.family_macro, known=bool(scores.overall)),
        "by_family": {name: _row(row, intervals.by_family[name]) for name, row in scores.by_family.items()},
    }


def _link_data(evaluation: Evaluation) -> dict[str, Any]:
    if evaluation.links is None:
        return {}
    counts = evaluation.links.strict.scores.overall
    fingerprint = links_fingerprint(document.gold for document in evaluation.documents)
    return {
        "gold_links": counts.gold,
        "predicted_links": counts.predicted,
        "links_fingerprint": f"sha256:{fingerprint}",
    }


def _links(links: Links | None) -> dict[str, Any] | None:
    if links is None:
        return None
    return {
        "strict": _measured_links(links.strict),
        "family": _measured_links(links.family),
        "given_gold_spans": {"linker": links.linker_name, **_measured_links(links.given_gold_spans)},
    }


def _claims(claims: ClaimScores | None) -> dict[str, Any] | None:
    if claims is None:
        return None

    def row(score: ClaimScore) -> dict[str, Any]:
        return _row(score.counts, score.intervals)

    return {
        "positions": row(claims.positions),
        "by_stance": {stance: row(score) for stance, score in claims.by_stance.items()},
        "figures_exact": row(claims.figures_exact),
        "figures_within": row(claims.figures_within),
    }


def _measured_links(measured: MeasuredLinks) -> dict[str, Any]:
    scores, intervals = measured.scores, measured.intervals
    return {
        "overall": _row(scores.overall, intervals.overall),
        "by_kind": {name: _row(row, intervals.by_kind[name]) for name, row in scores.by_kind.items()},
    }


def _row(counts: Counts, intervals: RateIntervals) -> dict[str, Any]:
    numbers = {"documents": intervals.documents, "gold": counts.gold, "predicted": counts.predicted}
    numbers |= {"tp": counts.tp, "fp": counts.fp, "fn": counts.fn}
    return numbers | _rates(counts, intervals, known=bool(counts))


def _rates(rates: Counts | Rates, intervals: RateIntervals, *, known: bool) -> dict[str, Any]:
    """The three rates with their intervals; null for what was neither annotated nor predicted."""
    values = {name: round(float(getattr(rates, name)), _DIGITS) if known else None for name in _RATES}
    return values | {"intervals": {name: _interval(getattr(intervals, name)) for name in _RATES}}


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(interval.low, _DIGITS), round(interval.high, _DIGITS)]


def _outcomes(outcomes: Mapping[Outcome, int]) -> dict[str, int]:
    return {outcome.value: outcomes.get(outcome, 0) for outcome in Outcome}


def _document(document: Document) -> dict[str, Any]:
    counts = document.counts
    return {
        "id": document.gold.id,
        "characters": document.gold.characters,
        "gold": counts.gold,
        "predicted": counts.predicted,
        "outcomes": _outcomes(document.outcomes),
        "errors": document.errors,
        "f1": round(counts.f1, _DIGITS) if counts else None,
    }


def _frequent_errors(evaluation: Evaluation) -> list[dict[str, Any]]:
    """The errors made more than once on the same words, most frequent first."""
    times: Counter[tuple[str, ...]] = Counter()
    for document in evaluation.documents:
        for pair in document.pairs:
            if pair.outcome is not Outcome.CORRECT:
                ends = (part for span in pair for part in ((span.label, span.text) if span else ("", "")))
                times[(pair.outcome.value, *ends)] += 1
    repeated = sorted((-count, key) for key, count in times.items() if count > 1)
    names = ("outcome", "gold_label", "gold_text", "predicted_label", "predicted_text")
    return [
        {"times": -count, **{name: value or None for name, value in zip(names, key, strict=True)}}
        for count, key in repeated[:_FREQUENT]
    ]


def _rounded(value: Any) -> Any:
    """The same JSON value with its numbers rounded and its tuples as lists."""
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(inner) for inner in value]
    return value
