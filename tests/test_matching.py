"""Matching gold and predicted spans one to one."""

import time
from itertools import product

import pytest
from hypothesis import given
from span_articles import article, spans_of_tags, tag_sequences

from rasid.infer.articles import Article, Span
from rasid.train.judging.matching import Outcome, Pair, match_spans

LABELS = ("STATE", "ARMED", "TOWN")


def spans(tags: list[str]) -> tuple[Span, ...]:
    return article(*spans_of_tags(tags), text=" ".join(["كلمة"] * len(tags))).spans


def overlap(gold: Span, predicted: Span) -> int:
    return min(gold.end_char, predicted.end_char) - max(gold.start_char, predicted.start_char)


def weight(pairs: list[tuple[Span, Span]]) -> tuple[int, int, int, int]:
    return (
        sum(a.label == b.label for a, b in pairs),
        sum(a.family == b.family for a, b in pairs),
        len(pairs),
        sum(overlap(a, b) for a, b in pairs),
    )


def best_weight(gold: tuple[Span, ...], predicted: tuple[Span, ...]) -> tuple[int, int, int, int]:
    """By trying every partner, or none, for every gold span."""
    choices = [[None, *(p for p in predicted if overlap(g, p) > 0)] for g in gold]
    best = (0, 0, 0, 0)
    for partners in product(*choices):
        taken = [p for p in partners if p is not None]
        if len(taken) == len(set(taken)):
            best = max(best, weight([(g, p) for g, p in zip(gold, partners, strict=True) if p is not None]))
    return best


@given(tag_sequences(8, LABELS), tag_sequences(8, LABELS))
def test_the_matching_is_the_best_there_is(gold_tags: list[str], predicted_tags: list[str]) -> None:
    gold, predicted = spans(gold_tags), spans(predicted_tags)
    matched = [(g, p) for g, p in match_spans(gold, predicted) if g is not None and p is not None]
    assert weight(matched) == best_weight(gold, predicted)


@given(tag_sequences(20, LABELS), tag_sequences(20, LABELS))
def test_every_span_comes_back_once_and_in_order(gold_tags: list[str], predicted_tags: list[str]) -> None:
    gold, predicted = spans(gold_tags), spans(predicted_tags)
    pairs = match_spans(gold, predicted)
    assert [pair.gold for pair in pairs if pair.gold is not None] == list(gold)
    assert [pair.predicted for pair in pairs if pair.predicted is not None] == list(predicted)


@given(tag_sequences(12, LABELS), tag_sequences(12, LABELS))
def test_spans_with_the_same_offsets_are_always_matched(gold_tags: list[str], predicted_tags: list[str]) -> None:
    gold, predicted = spans(gold_tags), spans(predicted_tags)
    same = {(g.start_char, g.end_char) for g in gold} & {(p.start_char, p.end_char) for p in predicted}
    exact = [pair for pair in match_spans(gold, predicted) if pair.outcome in (Outcome.CORRECT, Outcome.WRONG_LABEL)]
    assert len(exact) == len(same)


def test_a_chain_of_thousands_of_overlaps_is_matched_at_once() -> None:
    words = 20_000  # by the square of its length it would take minutes
    text = " ".join(["و"] * words)
    gold = article(*(("TOWN", at, at + 1) for at in range(0, words - 2, 2)), text=text).spans
    predicted = article(*(("TOWN", at, at + 1) for at in range(1, words - 2, 2)), text=text).spans
    started = time.perf_counter()
    matched = [pair for pair in match_spans(gold, predicted) if None not in pair]
    assert time.perf_counter() - started < 5
    assert len(matched) == min(len(gold), len(predicted))


@pytest.mark.parametrize(
    ("gold", "predicted", "outcome"),
    [
        (("STATE", 1, 2), ("STATE", 1, 2), Outcome.CORRECT),
        (("STATE", 1, 2), ("ARMED", 1, 2), Outcome.WRONG_LABEL),
        (("STATE", 1, 2), ("STATE", 2, 2), Outcome.WRONG_EDGE),
        (("STATE", 1, 2), ("TOWN", 2, 3), Outcome.WRONG_BOTH),
    ],
)
def test_a_pair_says_what_is_wrong(
    gold: tuple[str, int, int], predicted: tuple[str, int, int], outcome: Outcome
) -> None:
    (pair,) = match_spans(article(gold).spans, article(predicted).spans)
    assert pair.outcome is outcome


def test_spans_that_only_touch_are_missed_and_spurious() -> None:
    text = "14قتيلا"
    number, word = Span("T1", "KILLED", "CASUALTY", 0, 2, "14"), Span("T1", "KILLED", "CASUALTY", 2, 7, "قتيلا")
    assert Article(text, (number,)).spans[0].end_char == Article(text, (word,)).spans[0].start_char
    assert [pair.outcome for pair in match_spans([number], [word])] == [Outcome.MISSED, Outcome.SPURIOUS]
    assert [pair.outcome for pair in match_spans([word], [number])] == [Outcome.SPURIOUS, Outcome.MISSED]


def test_the_same_label_is_preferred_to_the_longer_overlap() -> None:
    gold = article(("STATE", 0, 3)).spans
    predicted = article(("TOWN", 0, 2), ("STATE", 3, 3)).spans
    assert match_spans(gold, predicted) == [Pair(None, predicted[0]), Pair(gold[0], predicted[1])]


def test_the_same_family_is_preferred_to_the_longer_overlap() -> None:
    gold = article(("STATE", 0, 3)).spans
    predicted = article(("TOWN", 0, 2), ("ARMED", 3, 3)).spans
    assert match_spans(gold, predicted) == [Pair(None, predicted[0]), Pair(gold[0], predicted[1])]
