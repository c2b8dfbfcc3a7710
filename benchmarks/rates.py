"""From seconds to figures: articles and subwords a second, share of the matrix rate, ratios to the pipeline."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .models import windows_of
from .tables import markdown_table, number, spread
from .timing import Spread, ratio_of, spread_of
from .work import read_shape

__all__ = ["Row", "rates_table", "row_of"]


@dataclass(frozen=True, slots=True)
class Row:
    """One side's figures, each with its range over the rounds; all None, and `why_not`, where it was not measured.

    `subwords_per_second` and `matrix_share` count what our windows need for these texts (special subwords and overlap
    included, padding not) over the side's own time, so they compare as the articles a second do. `matrix_share` is of
    the fp32 rate on a CPU and the bf16 rate on CUDA. `against` are ratios of articles a second.
    """

    title: str
    articles_per_second: Spread | None = None
    subwords_per_second: Spread | None = None
    matrix_share: Spread | None = None
    matrix_gflops: Spread | None = None
    memory_mb: float | None = None
    spans: int | None = None
    rounds: int = 0
    against: Mapping[str, Spread | None] | None = None
    why_not: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)


def row_of(
    title: str,
    folder: Path,
    texts: Sequence[str],
    seconds: Sequence[float],
    *,
    matrix_rates: Sequence[float],
    memory_mb: float,
    spans: int,
    against: Mapping[str, Sequence[float] | None],
) -> Row:
    """The figures of a side that took these seconds for the texts, one a round; `against` has others' seconds."""
    lengths = [len(window.subword_ids) for window in windows_of(folder, list(texts))]
    operations = read_shape(folder).operations(lengths)
    return Row(
        title,
        articles_per_second=spread_of([len(texts) / s for s in seconds]),
        subwords_per_second=spread_of([sum(lengths) / s for s in seconds]),
        matrix_share=spread_of([operations / s / rate for s, rate in zip(seconds, matrix_rates, strict=True)]),
        matrix_gflops=spread_of(matrix_rates).scaled(1e-9),
        memory_mb=memory_mb,
        spans=spans,
        rounds=len(seconds),
        against={name: None if other is None else ratio_of(other, seconds) for name, other in against.items()},
    )


def rates_table(rows: Sequence[Row]) -> str:
    """The rows as Markdown, with the matrix rate they are compared to below."""
    headers = ["side", "articles/s", "subwords/s", "of matrix rate", "peak memory, MB", "× pipeline", "× its best"]
    lines = []
    for row in rows:
        if row.why_not is not None:
            lines.append([row.title, f"not measured: {row.why_not}", "", "", "", "", ""])
            continue
        against = row.against or {}
        lines.append(
            [
                row.title,
                spread(row.articles_per_second),
                number(row.subwords_per_second.median) if row.subwords_per_second else "",
                spread(row.matrix_share),
                number(row.memory_mb or 0.0),
                spread(against.get("pipeline")),
                spread(against.get("pipeline-best")),
            ]
        )
    rate = next((row for row in rows if row.matrix_gflops is not None), None)
    below = f"\n\nMatrix rate {spread(rate.matrix_gflops)} GFLOP/s; {rate.rounds} rounds." if rate else ""
    return markdown_table(headers, lines) + below
