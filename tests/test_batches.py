"""Steps: a pure function of lengths, seed and epoch, cut into parts without loss."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasid.train.tuning.ahead import made_ahead
from rasid.train.tuning.batches import make_batch, make_packed_batch, parts_of_step, plan_epoch
from rasid.train.tuning.examples import IGNORED, Example

LENGTHS = st.lists(st.integers(2, 200), min_size=1, max_size=60)


def padded(length: int) -> int:
    return -(-length // 8) * 8


def plan(
    lengths: list[int], *, budget: int = 512, seed: int = 1, epoch: int = 0, repeat: float = 1.0
) -> list[tuple[int, ...]]:
    return plan_epoch(lengths, [repeat] * len(lengths), batch_subwords=budget, seed=seed, epoch=epoch)


@settings(max_examples=50, deadline=None)
@given(LENGTHS, st.integers(0, 5), st.integers(0, 5))
def test_an_epoch_sees_every_example_once_within_the_budget(lengths: list[int], seed: int, epoch: int) -> None:
    steps = plan(lengths, seed=seed, epoch=epoch)
    assert sorted(example for step in steps for example in step) == list(range(len(lengths)))
    for step in steps:
        assert len(step) == 1 or len(step) * max(padded(lengths[example]) for example in step) <= 512


def test_the_order_depends_on_seed_and_epoch_and_on_nothing_else() -> None:
    lengths = np.random.default_rng(0).integers(10, 200, 100).tolist()
    assert plan(lengths) == plan(lengths)
    assert plan(lengths) != plan(lengths, epoch=1)
    assert plan(lengths) != plan(lengths, seed=2)


def test_a_step_holds_examples_of_like_length() -> None:
    lengths = np.random.default_rng(0).integers(10, 200, 500).tolist()
    steps = plan(lengths, budget=2048)
    area = sum(len(step) * max(padded(lengths[example]) for example in step) for step in steps)
    assert sum(lengths) / area > 0.85  # without buckets about 0.55


def test_repeats_are_kept_and_fractions_differ_by_epoch() -> None:
    lengths = [20] * 40
    twice = Counter(example for step in plan(lengths, repeat=2.0) for example in step)
    assert set(twice.values()) == {2}
    halves = [{example for step in plan(lengths, repeat=0.5, epoch=epoch) for example in step} for epoch in range(2)]
    assert all(10 <= len(half) <= 30 for half in halves)
    assert halves[0] != halves[1]


@settings(max_examples=50, deadline=None)
@given(LENGTHS, st.integers(1, 4), st.one_of(st.none(), st.integers(8, 400)))
def test_parts_hold_the_whole_step_and_every_process_has_one(
    lengths: list[int], processes: int, part_subwords: int | None
) -> None:
    step = tuple(sorted(range(len(lengths)), key=lengths.__getitem__))
    shares = parts_of_step(step, lengths, processes=processes, part_subwords=part_subwords)
    assert len(shares) == processes
    assert all(shares)
    parts = [part for share in shares for part in share]
    assert sorted(example for part in parts for example in part) == sorted(step)
    if part_subwords is not None:
        for part in parts:
            assert len(part) <= 1 or len(part) * padded(max(lengths[example] for example in part)) <= part_subwords
    if len(step) >= processes:
        assert all(part for share in shares for part in share)


def test_padding_teaches_nothing_and_is_masked() -> None:
    short = Example(np.array([2, 7, 3]), np.array([IGNORED, 4, IGNORED]))
    long = Example(np.arange(10), np.full(10, 1))
    batch = make_batch([short, long], pad_id=9)
    assert batch.subword_ids.shape == (2, 16)
    assert batch.subword_ids[0].tolist() == [2, 7, 3] + [9] * 13
    assert batch.attention_mask.sum(1).tolist() == [3, 10]
    assert batch.tags[0].tolist() == [IGNORED, 4] + [IGNORED] * 14


def test_a_packed_batch_is_the_padded_one_without_its_padding() -> None:
    short = Example(np.array([2, 7, 3]), np.array([IGNORED, 4, IGNORED]))
    long = Example(np.arange(10), np.full(10, 1))
    packed, padded = make_packed_batch([short, long]), make_batch([short, long], pad_id=9)
    assert packed.subword_ids.tolist() == [[2, 7, 3, *range(10)]]
    assert packed.tags.tolist() == [[IGNORED, 4, IGNORED] + [1] * 10]
    assert packed.inputs()["position_ids"].tolist() == [[0, 1, 2, *range(10)]]
    assert packed.by_example(packed.subword_ids)[0].tolist() == [2, 7, 3] + [0] * 7
    assert padded.by_example(padded.tags) is padded.tags
    assert set(padded.inputs()) == {"input_ids", "attention_mask"}


def test_what_is_made_ahead_comes_in_order_and_one_at_a_time() -> None:
    begun: list[int] = []

    def square(number: int) -> int:
        begun.append(number)
        if number == 4:
            raise ValueError("four")
        return number * number

    made = made_ahead(square, range(5))
    assert next(made) == 0
    assert begun in ([0], [0, 1])  # the second may have been begun by another thread
    assert [next(made), next(made), next(made)] == [1, 4, 9]
    with pytest.raises(ValueError, match="four"):
        next(made)
    assert list(made_ahead(square, [])) == []
