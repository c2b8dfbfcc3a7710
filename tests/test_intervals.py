"""Bootstrap intervals over documents."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from rasid.infer.scheme import Scheme, SpanLabel
from rasid.train.judging import intervals
from rasid.train.judging.intervals import bootstrap_scores, resample_totals
from rasid.train.judging.scoring import Counts, CountTable, rates

SCHEME = Scheme("two", (SpanLabel("X", "F"), SpanLabel("Y", "F")))
"""Rows of a table: X, Y, F."""


def table(*documents: tuple[Counts, Counts]) -> CountTable:
    """Counts of X and Y per document; those of the family are their sums."""
    cells = np.array([[(c.tp, c.fp, c.fn) for c in document] for document in documents], dtype=np.int64)
    return CountTable(SCHEME, np.concatenate([cells, cells.sum(axis=1, keepdims=True)], axis=1))


def varied(documents: int, seed: int = 3) -> CountTable:
    cells = np.random.default_rng(seed).integers(0, 9, size=(documents, 3, 3))
    return CountTable(SCHEME, cells)


def test_the_same_seed_gives_the_same_intervals_and_another_gives_others() -> None:
    counts = varied(12)
    first = bootstrap_scores(counts, resamples=500, seed=7)
    assert first == bootstrap_scores(counts, resamples=500, seed=7)
    assert first != bootstrap_scores(counts, resamples=500, seed=8)


def test_totals_do_not_depend_on_the_size_of_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = varied(11).cells
    whole = resample_totals(cells, resamples=50, seed=1)
    monkeypatch.setattr(intervals, "_BLOCK_CELLS", 30)
    assert np.array_equal(resample_totals(cells, resamples=50, seed=1), whole)


def test_a_resample_draws_as_many_documents_as_there_are() -> None:
    totals = resample_totals(np.ones((9, 1), dtype=np.int64), resamples=200, seed=0)
    assert totals.shape == (200, 1)
    assert set(totals.ravel().tolist()) == {9}


def test_documents_are_drawn_whole() -> None:
    cells = np.array([[1, 100], [1, 100], [1, 100]], dtype=np.int64) * np.array([[1], [10], [100]])
    totals = resample_totals(cells, resamples=300, seed=0)
    assert np.array_equal(totals[:, 1], 100 * totals[:, 0])
    assert len(set(totals[:, 0].tolist())) == 10  # the multisets of 3 out of 3


def test_an_interval_is_the_percentiles_of_the_score_over_the_resamples() -> None:
    counts = varied(20)
    found = bootstrap_scores(counts, resamples=999, seed=4, confidence=0.9)
    totals = resample_totals(counts.cells, resamples=999, seed=4)
    f1 = [Counts(*row).f1 for row in totals[:, 1].tolist()]
    micro = [Counts(*row).f1 for row in totals[:, :2].sum(axis=1).tolist()]
    macro = [(Counts(*x).recall + Counts(*y).recall) / 2 for x, y in totals[:, :2].tolist()]
    for interval, values in ((found.by_label["Y"].f1, f1), (found.overall.f1, micro), (found.macro.recall, macro)):
        assert interval is not None
        assert (interval.low, interval.high) == pytest.approx(tuple(np.quantile(values, [0.05, 0.95])))


def test_intervals_narrow_with_more_documents() -> None:
    def width(documents: int) -> float:
        interval = bootstrap_scores(varied(documents), resamples=400).overall.f1
        assert interval is not None
        return interval.high - interval.low

    assert width(400) < width(100) < width(25)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(0)
    held = 0
    for trial in range(200):
        found = generator.binomial(10, generator.beta(8, 2, size=40))
        documents = [(Counts(int(tp), 10 - int(tp), 10 - int(tp)), Counts(0, 0, 0)) for tp in found]
        interval = bootstrap_scores(table(*documents), resamples=300, seed=trial).overall.f1
        assert interval is not None
        held += interval.low <= 0.8 <= interval.high
    assert 180 <= held <= 198


def test_resamples_without_a_label_do_not_count_as_zero() -> None:
    rare, absent = Counts(8, 2, 0), Counts(0, 0, 0)
    other = Counts(7, 1, 3)
    documents = [(other, rare), (other, Counts(9, 1, 0)), *[(other, absent)] * 8]
    interval = bootstrap_scores(table(*documents), resamples=500).by_label["Y"].precision
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.8, 0.9))


def test_a_mean_over_labels_leaves_out_those_that_do_not_occur() -> None:
    documents = [(Counts(tp, 2, 3), Counts(0, 0, 0)) for tp in range(1, 9)]
    found = bootstrap_scores(table(*documents), resamples=100)
    assert found.macro.f1 is not None
    assert found.macro == found.by_label["X"]


def test_what_cannot_be_known_has_no_interval() -> None:
    right, absent = Counts(3, 0, 0), Counts(0, 0, 0)
    one = bootstrap_scores(table((Counts(3, 1, 1), Counts(3, 1, 1))), resamples=10)
    assert one.overall.f1 is None
    found = bootstrap_scores(table((right, Counts(1, 1, 1)), (right, absent)), resamples=50)
    assert found.by_label["X"].f1 is None  # all right: no spread to see
    assert found.by_label["Y"].f1 is None  # in one document only
    assert (found.by_label["X"].documents, found.by_label["Y"].documents) == (2, 1)


@given(arrays(np.int64, (4, 3), elements=st.integers(0, 5)))
def test_rates_of_arrays_are_those_of_counts(cells: NDArray[np.int64]) -> None:
    for row, (precision, recall, f1) in zip(cells.tolist(), rates(cells).tolist(), strict=True):
        counts = Counts(*row)
        if counts:
            assert (precision, recall, f1) == (counts.precision, counts.recall, counts.f1)
        else:
            assert np.isnan([precision, recall, f1]).all()


def test_no_resamples_no_documents_and_odd_confidences_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one resample"):
        bootstrap_scores(varied(3), resamples=0)
    with pytest.raises(ValueError, match="one document"):
        bootstrap_scores(CountTable(SCHEME, np.zeros((0, 3, 3), dtype=np.int64)))
    with pytest.raises(ValueError, match="confidence"):
        bootstrap_scores(varied(3), confidence=95)
