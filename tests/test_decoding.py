"""Decoding gives the best legal tags, exactly."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasid.infer.decoding import (
    best_if_legal,
    decode,
    settled_words,
    softmax,
    span_bounds,
    span_probabilities,
    tagged_spans,
)

TAGS = ("O", "B-X", "I-X", "B-Y", "I-Y")


def legal(tags: tuple[int, ...], previous: int = 0) -> bool:
    return all(
        tag == 0 or tag % 2 == 1 or before in (tag, tag - 1)
        for before, tag in zip((previous, *tags), tags, strict=False)
    )


def score(scores: np.ndarray, tags: tuple[int, ...]) -> float:
    return float(sum(scores[word, tag] for word, tag in enumerate(tags)))


@st.composite
def lines(draw: st.DrawFn) -> list[np.ndarray]:
    seed, count = draw(st.integers(0, 2**32 - 1)), draw(st.integers(1, 4))
    generator = np.random.default_rng(seed)
    return [generator.normal(size=(draw(st.integers(1, 5)), 5)).astype(np.float32) for _ in range(count)]


@settings(deadline=None, max_examples=60)
@given(lines(), st.integers(0, 4))
def test_the_path_is_the_best_legal_one_of_all(batch: list[np.ndarray], previous: int) -> None:
    longest = max(len(line) for line in batch)
    padded = np.full((len(batch), longest, 5), 9.0, dtype=np.float32)  # padding that would win if it were looked at
    for row, line in enumerate(batch):
        padded[row, : len(line)] = line
    lengths = np.asarray([len(line) for line in batch])
    found = decode(padded, lengths, np.full(len(batch), previous))
    for row, line in enumerate(batch):
        best = max((t for t in product(range(5), repeat=len(line)) if legal(t, previous)), key=lambda t: score(line, t))
        tags = tuple(int(t) for t in found[row, : len(line)])
        assert legal(tags, previous)
        assert score(line, tags) == pytest.approx(score(line, best), abs=1e-4)
        assert not found[row, len(line) :].any()


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(0, 8))
def test_settled_tags_are_those_of_the_whole_line_whatever_follows(seed: int, words: int, more: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(words + more, 5)).astype(np.float32)
    count, tags = settled_words(scores[:words])
    assert count <= words
    whole = decode(scores[None], np.asarray([words + more]))[0]
    assert tags.tolist() == whole[:count].tolist()


def test_nothing_is_settled_where_the_next_word_could_change_it() -> None:
    # The second word is I-X only if the third word pays for it, so neither tag is decided yet.
    scores = np.zeros((2, 5), dtype=np.float32)
    scores[0, 1], scores[0, 0], scores[1, 2] = 1.0, 1.5, 1.0
    assert settled_words(scores)[0] < 2


def test_an_empty_batch_decodes_to_nothing() -> None:
    assert decode(np.zeros((0, 0, 5), np.float32), np.zeros(0, np.int64)).shape == (0, 0)


def test_spans_of_tags() -> None:
    tags = np.asarray([TAGS.index(t) for t in ("B-X", "I-X", "B-X", "O", "B-Y", "I-Y", "I-Y")])
    assert list(tagged_spans(tags)) == [(0, 2, 0), (2, 3, 0), (4, 7, 1)]


def test_the_probability_of_a_span_is_that_of_its_tags_and_of_ending_there() -> None:
    probabilities = np.full((3, 5), 0.05, dtype=np.float32)
    probabilities[0, 1], probabilities[1, 2], probabilities[2, 2] = 0.8, 0.5, 0.25
    probabilities[:, 0] += 1.0 - probabilities.sum(axis=1)
    starts, ends, labels = np.array([0, 0, 0]), np.array([2, 3, 2]), np.array([0, 0, 0])
    goes_on = np.array([True, False, False])
    found = span_probabilities(np.log(probabilities), 1.0, starts, ends, labels, goes_on)
    assert found == pytest.approx([0.8 * 0.5 * 0.75, 0.8 * 0.5 * 0.25, 0.8 * 0.5])


def test_a_span_ends_with_its_line() -> None:
    tags = np.asarray([TAGS.index(t) for t in ("B-X", "I-X", "O", "B-Y", "B-Y")])
    starts, ends, labels = span_bounds(tags, np.array([0, 4]))
    assert (starts.tolist(), ends.tolist(), labels.tolist()) == ([0, 3, 4], [2, 4, 5], [0, 1, 1])


@settings(deadline=None)
@given(lines(), st.integers(0, 4))
def test_best_tags_are_legal_just_where_they_are_the_best_legal_ones(batch: list[np.ndarray], previous: int) -> None:
    starts = np.cumsum([0, *(len(line) for line in batch[:-1])])
    tags, fine = best_if_legal(np.concatenate(batch), starts, np.full(len(batch), previous))
    for start, line, is_legal in zip(starts, batch, fine, strict=True):
        best = decode(line[None], np.asarray([len(line)]), np.asarray([previous]))[0]
        assert is_legal == (tags[start : start + len(line)].tolist() == best.tolist())


def test_a_temperature_above_one_makes_scores_less_sure() -> None:
    scores = np.asarray([[2.0, 0.0]], dtype=np.float32)
    assert softmax(scores, 2.0).max() < softmax(scores).max()
    assert softmax(scores, 2.0).sum() == pytest.approx(1.0)
