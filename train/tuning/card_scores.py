"""The part of a model card that says how good the model is: spans, links and claims, each with its interval."""

from collections.abc import Mapping, Sequence

from ..judging.claim_scoring import ClaimScores
from ..judging.evaluation import Evaluation
from ..judging.intervals import RateIntervals
from ..judging.link_scoring import Links
from ..judging.scoring import Counts

__all__ = ["scores_section"]

_Row = tuple[str, Counts, RateIntervals]


def scores_section(evaluations: Mapping[str, Evaluation]) -> str:
    """The section as Markdown; `evaluations` by the name of the data, dev first."""
    lines = ["## Scores", "", "In brackets the 95 % interval of a bootstrap over articles."]
    for name, evaluation in evaluations.items():
        chosen = " (used to choose the model, so a little too good)" if name == "dev" else ""
        lines += ["", f"### {name}: {len(evaluation.documents)} articles{chosen}"]
        lines += ["", "Spans, strict: offsets and label are right.", "", *_table(_span_rows(evaluation))]
        if evaluation.reliability is not None:
            lines += ["", f"Expected calibration error of the span scores: {evaluation.reliability.ece:.3f}."]
        if evaluation.links is not None:
            lines += ["", "Links between gold spans, as the model finds them.", ""]
            lines += _table(_link_rows(evaluation.links))
            strict, family = (each.scores.overall.f1 for each in (evaluation.links.strict, evaluation.links.family))
            lines += ["", f"Between spans the model found itself: F1 {strict:.3f} (both spans right with their labels)"]
            lines[-1] += f", {family:.3f} by families."
        if evaluation.claims is not None:
            lines += ["", "Claims, against those that gold spans and links come to: positions (stance, holders and "]
            lines[-1] += "targets right) and figures (kind of harm, source, bounds)."
            lines += ["", *_table(_claim_rows(evaluation.claims))]
    return "\n".join([*lines, ""])


def _table(rows: Sequence[_Row]) -> list[str]:
    lines = ["| | precision | recall | F1 | gold |", "| --- | --- | --- | --- | --- |"]
    for name, counts, interval in rows:
        if counts:
            f1 = f"{counts.f1:.3f}" + (f" [{interval.f1.low:.3f}, {interval.f1.high:.3f}]" if interval.f1 else "")
            lines.append(f"| {name} | {counts.precision:.3f} | {counts.recall:.3f} | {f1} | {counts.gold:,} |")
    return lines


def _span_rows(evaluation: Evaluation) -> list[_Row]:
    scores, intervals = evaluation.strict.scores, evaluation.strict.intervals
    return [
        ("all labels", scores.overall, intervals.overall),
        ("families", scores.family_overall, intervals.family_overall),
        *((family, counts, intervals.by_family[family]) for family, counts in scores.by_family.items()),
        *((label, counts, intervals.by_label[label]) for label, counts in scores.by_label.items()),
    ]


def _link_rows(links: Links) -> list[_Row]:
    scores, intervals = links.given_gold_spans.scores, links.given_gold_spans.intervals
    rows = [("all links", scores.overall, intervals.overall)]
    return rows + [(kind, counts, intervals.by_kind[kind]) for kind, counts in scores.by_kind.items()]


def _claim_rows(claims: ClaimScores) -> list[_Row]:
    named = [("positions", claims.positions), *claims.by_stance.items()]
    named += [("figures, bounds exact", claims.figures_exact), ("figures, within the range", claims.figures_within)]
    return [(name, score.counts, score.intervals) for name, score in named]
