"""Windows cover every word once, with its best context, and never hold more than they may."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasid.infer.errors import ModelError
from rasid.infer.windows import Window, iter_windows
from rasid.train.encoders.classifiers import wordpiece_tokenizer

LETTERS = "ابتثجح"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
TOKENIZER = wordpiece_tokenizer(VOCABULARY).backend_tokenizer
WORDS = st.lists(st.one_of(st.text(alphabet=LETTERS, min_size=1, max_size=9), st.just(""), st.just("ز")), max_size=60)


def windows(forms: list[str], size: int, overlap: int) -> list[Window]:
    return list(iter_windows(forms, TOKENIZER, size, overlap))


@settings(deadline=None)
@given(WORDS, st.integers(3, 30), st.integers(0, 14))
def test_every_word_is_owned_by_exactly_one_window(forms: list[str], size: int, overlap: int) -> None:
    overlap = min(overlap, (size - 2) // 2)
    owned = [w.first_word + i for w in windows(forms, size, overlap) for i in range(w.own_from, w.own_to)]
    assert owned == list(range(len(forms)))


@settings(deadline=None)
@given(WORDS, st.integers(3, 30), st.integers(0, 14))
def test_no_window_is_longer_than_allowed_or_empty(forms: list[str], size: int, overlap: int) -> None:
    for window in windows(forms, size, min(overlap, (size - 2) // 2)):
        assert 2 < len(window.subword_ids) <= size
        assert window.first_subwords == sorted(set(window.first_subwords))
        assert window.own_from < window.own_to <= len(window.first_subwords)


def test_a_word_is_scored_where_it_has_most_context() -> None:
    found = windows(list("ابتثجح" * 4), size=12, overlap=4)
    by_word: dict[int, list[tuple[int, bool]]] = {}
    for window in found:
        words = len(window.first_subwords)
        for i in range(words):
            context = min(i if window.first_word else 99, words - 1 - i if window is not found[-1] else 99)
            owned = window.own_from <= i < window.own_to
            by_word.setdefault(window.first_word + i, []).append((context, owned))
    for views in by_word.values():
        assert max(context for context, _ in views) - max(context for context, owned in views if owned) <= 1


def test_a_short_text_is_one_window_with_special_tokens_around_it() -> None:
    (window,) = windows(["اب", "ت"], size=64, overlap=8)
    tokens = [TOKENIZER.id_to_token(number) for number in window.subword_ids]
    assert tokens == ["[CLS]", "ا", "##ب", "ت", "[SEP]"]
    assert window.first_subwords == [1, 3]


def test_a_word_without_form_or_too_long_for_a_window_is_read_as_unknown() -> None:
    (window,) = windows(["", "ا" * 50], size=10, overlap=0)
    assert [TOKENIZER.id_to_token(n) for n in window.subword_ids] == ["[CLS]", "[UNK]", "[UNK]", "[SEP]"]


def test_words_are_drawn_as_they_are_needed() -> None:
    drawn = 0

    def forms() -> object:
        nonlocal drawn
        for _ in range(100_000):
            drawn += 1
            yield "ا"

    next(iter_windows(forms(), TOKENIZER, 16, 4))  # type: ignore[arg-type]
    assert drawn < 2000


@pytest.mark.parametrize(("size", "overlap"), [(2, 0), (10, 5), (10, -1)])
def test_sizes_that_cannot_cover_a_text_are_refused(size: int, overlap: int) -> None:
    with pytest.raises(ModelError, match="overlap"):
        windows(["ا"], size, overlap)
