"""Label confusion: which label was predicted for which, what was missed and what was made up.

Counts matched pairs as `matching` found them; how the table is shown is left to the report.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ...infer.scheme import Scheme
from .matching import Pair

__all__ = ["Confusion", "count_confusion"]


@dataclass(frozen=True, slots=True)
class Confusion:
    """Matched spans by gold label (row) and predicted label (column).

    `matrix` is (labels + 1, labels + 1): the last row holds spurious spans (no gold), the last column missed
    ones (no prediction); the corner is 0. Edges may differ, so the diagonal counts partial matches.
    """

    labels: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]

    def common(self, most: int) -> list[tuple[str, str, int]]:
        """The most frequent confusions of one label with another: (gold, predicted, times)."""
        found = [
            (gold, predicted, self.matrix[row][column])
            for row, gold in enumerate(self.labels)
            for column, predicted in enumerate(self.labels)
            if row != column and self.matrix[row][column]
        ]
        return sorted(found, key=lambda entry: -entry[2])[:most]


def count_confusion(pairs: Iterable[Pair], scheme: Scheme) -> Confusion:
    """Count matched pairs by their two labels."""
    times = Counter((gold and gold.label, predicted and predicted.label) for gold, predicted in pairs)
    ends: tuple[str | None, ...] = (*scheme.label_names, None)
    return Confusion(
        labels=scheme.label_names,
        matrix=tuple(tuple(times[gold, predicted] for predicted in ends) for gold in ends),
    )
