"""What a pre-training step reads: whole words masked, sequences packed, the same for a seed and a step."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasid.train.encoders.classifiers import wordpiece_tokenizer
from rasid.train.pretraining.config import Stage, TrainConfig
from rasid.train.pretraining.embeddings import cooccurrence_vectors
from rasid.train.pretraining.masking import Masker
from rasid.train.pretraining.schedule import StepReader, learning_rate_share, subwords_read
from rasid.train.pretraining.store import TokenStore, build_stores
from rasid.train.pretraining.vocabulary import train_vocabulary

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TOKENIZER = wordpiece_tokenizer([*SPECIAL, "ا", "ب", "##ا", "##ب", "كلمة"]).backend_tokenizer
FIRST, SECOND, INSIDE = 5, 6, 7


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.9))
def test_words_are_masked_whole_and_everything_else_is_left(seed: int, share: float) -> None:
    generator = np.random.default_rng(seed)
    bodies = generator.choice([1, 3, FIRST, SECOND, INSIDE, 8], size=(4, 30)).astype(np.int32)
    batch = Masker(TOKENIZER, share).batch(bodies, np.random.default_rng(seed))
    original = np.full((4, 32), 2)
    original[:, 1:-1], original[:, -1] = bodies, 3
    flat, got = original.reshape(-1), batch.input_ids.reshape(-1)
    chosen = np.zeros(flat.size, dtype=bool)
    chosen[batch.positions] = True
    assert (got[~chosen] == flat[~chosen]).all()
    assert (batch.targets == flat[chosen]).all()
    assert not np.isin(flat[chosen], [0, 1, 2, 3, 4]).any()
    for place in np.flatnonzero(np.isin(flat, [INSIDE, 8])):
        starts_row = place % 32 == 1
        if not starts_row and not np.isin(flat[place - 1], [1, 2, 3]):
            assert chosen[place] == chosen[place - 1]


def test_four_fifths_of_the_chosen_words_are_hidden_and_a_tenth_left() -> None:
    bodies = np.full((200, 100), FIRST, dtype=np.int32)
    batch = Masker(TOKENIZER, 0.15).batch(bodies, np.random.default_rng(0))
    got = batch.input_ids.reshape(-1)[batch.positions]
    assert len(got) / bodies.size == pytest.approx(0.15, abs=0.02)
    assert (got == 4).mean() == pytest.approx(0.8 + 0.1 / 10, abs=0.03)


def stores(tmp_path: Path, text: str = "ا با اب\n\nب ا\n\n" * 40) -> tuple[TokenStore, TokenStore]:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    train, held_out, checksums = build_stores([path], TOKENIZER, tmp_path / "cache", 0.0)
    assert list(checksums) == ["a.txt"]
    return train, held_out


def test_documents_are_packed_one_after_another_with_a_separator(tmp_path: Path) -> None:
    train, held_out = stores(tmp_path, "ا با\n\nب\n")
    assert train.ids.tolist() == [FIRST, SECOND, INSIDE, 3, SECOND, 3]
    assert (train.words, train.documents, len(held_out.ids)) == (3, 2, 0)


def test_a_held_out_document_is_not_trained_on_and_none_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n\n".join("ا " * n for n in range(1, 60)), encoding="utf-8")
    train, held_out, _ = build_stores([path], TOKENIZER, tmp_path / "cache", 0.3)
    assert train.documents + held_out.documents == 59
    assert 5 < held_out.documents < 35
    assert train.words + held_out.words == sum(range(1, 60))


def test_a_store_is_built_once_and_again_when_the_text_changes(tmp_path: Path) -> None:
    stores(tmp_path)
    before = sorted(p.name for p in (tmp_path / "cache").iterdir())
    stores(tmp_path)
    assert sorted(p.name for p in (tmp_path / "cache").iterdir()) == before
    stores(tmp_path, "ب ب\n")
    assert len(list((tmp_path / "cache").iterdir())) == 2 * len(before)


TRAIN = TrainConfig(
    stages=(
        Stage(subwords=16, sequences=4, million_subwords=0.001),
        Stage(subwords=32, sequences=2, million_subwords=0.001),
    ),
    warmup_steps=4,
    decay_share=0.5,
)  # fmt: skip


def test_a_step_reads_the_same_whatever_was_read_before(tmp_path: Path) -> None:
    train, _ = stores(tmp_path)
    one, two = StepReader(train, TRAIN, seed=1), StepReader(train, TRAIN, seed=1)
    in_order = [one.bodies(step) for step in range(TRAIN.steps)]
    for step in (TRAIN.steps - 1, 0, 9):
        assert (two.bodies(step) == in_order[step]).all()
    assert any((StepReader(train, TRAIN, seed=2).bodies(s) != in_order[s]).any() for s in range(3))


def test_an_epoch_reads_every_sequence_once(tmp_path: Path) -> None:
    train, _ = stores(tmp_path, "".join(f"{'ا ' * n}{'ب ' * (40 - n)}\n\n" for n in range(40)))
    sequences = train.sequences(16)
    config = TrainConfig(stages=(Stage(subwords=16, sequences=1, million_subwords=sequences * 16 / 1e6),))
    assert config.steps == sequences
    reader = StepReader(train, config, seed=3)
    read = sorted(reader.bodies(step).tobytes() for step in range(sequences))
    assert read == sorted(train.sequence(n, 16).tobytes() for n in range(sequences))


def test_stages_follow_one_another() -> None:
    first, second = (stage.steps for stage in TRAIN.stages)
    assert subwords_read(first + 1, TRAIN) == first * 64 + 64
    assert TRAIN.steps == first + second
    shares = [learning_rate_share(step, TRAIN) for step in range(TRAIN.steps)]
    assert shares[0] == 0.25
    assert max(shares) == 1.0
    assert 0 < shares[-1] < 0.1


def test_a_vocabulary_holds_the_special_tokens_first_and_the_frequent_words(tmp_path: Path) -> None:
    entries = train_vocabulary([["قصف الجيش المدينة", "الجيش"]] * 50, 100)
    assert entries[:5] == SPECIAL
    assert "الجيش" in entries
    assert len(entries) == len(set(entries)) <= 100


def test_subwords_that_keep_the_same_company_start_out_alike() -> None:
    generator = np.random.default_rng(0)
    # 10 and 11 stand among 20-29; 12 and 13 among 30-39.
    rows = []
    for _ in range(12_000):
        pair, low = (10, 20) if generator.random() < 0.5 else (12, 30)
        left, right = generator.integers(low, low + 10, 2)
        rows += [left, pair + generator.integers(0, 2), right]
    ids = np.asarray(rows, dtype=np.int32)
    vectors = cooccurrence_vectors(ids, 50, 8)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert unit[10] @ unit[11] > unit[10] @ unit[12] + 0.3
    assert vectors.std() == pytest.approx(0.02, rel=0.01)
    assert np.isfinite(vectors).all()


def test_the_same_texts_give_the_same_vocabulary() -> None:
    generator = np.random.default_rng(1)
    letters = list("ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
    words = ["".join(generator.choice(letters, size=generator.integers(2, 8))) for _ in range(3000)]
    one, two = (train_vocabulary([[" ".join(words)]], 600) for _ in range(2))
    assert one == two
    assert len(one) == 600
