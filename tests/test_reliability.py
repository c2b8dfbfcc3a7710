"""Calibration of stored scores."""

import pytest
from span_articles import article

from rasid.train.judging.matching import Pair, match_spans
from rasid.train.judging.reliability import measure_reliability


def scored(*right: tuple[float, bool]) -> list[Pair]:
    """One predicted span per (score, right or not)."""
    pairs = []
    for score, is_right in right:
        gold = article(("TOWN" if is_right else "SITE", 6, 7)).spans
        pairs += match_spans(gold, article(("TOWN", 6, 7, score)).spans)
    return pairs


def test_the_error_is_the_gap_of_each_bin_weighted_by_its_spans() -> None:
    found = measure_reliability(scored((0.95, True), (0.95, True), (0.95, False), (0.35, False)), bins=10)
    assert found is not None
    assert found.ece == pytest.approx(0.75 * (0.95 - 2 / 3) + 0.25 * 0.35)
    assert found.brier == pytest.approx((2 * 0.05**2 + 0.95**2 + 0.35**2) / 4)
    assert (found.spans, found.share_correct) == (4, 0.5)
    assert found.mean_score == pytest.approx(0.8)
    assert [b.spans for b in found.bins] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 3]
    assert found.bins[0].share_correct is None


def test_scores_on_a_border_belong_to_the_bin_below() -> None:
    found = measure_reliability(scored((0.0, False), (0.1, True), (0.7, True), (1.0, True)), bins=10)
    assert found is not None
    assert [b.spans for b in found.bins] == [2, 0, 0, 0, 0, 0, 1, 0, 0, 1]


def test_a_span_with_a_wrong_edge_is_not_right() -> None:
    found = measure_reliability(match_spans(article(("TOWN", 6, 7)).spans, article(("TOWN", 7, 7, 1.0)).spans))
    assert found is not None
    assert (found.ece, found.share_correct) == (1.0, 0.0)


def test_missed_spans_and_spans_without_a_score_are_left_out() -> None:
    gold = article(("TOWN", 6, 7), ("DENY", 11, 11))
    assert measure_reliability(match_spans(gold.spans, article(("TOWN", 6, 7)).spans)) is None
    found = measure_reliability(match_spans(gold.spans, article(("TOWN", 6, 7, 0.6)).spans))
    assert found is not None
    assert found.spans == 1
