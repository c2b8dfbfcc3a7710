"""Masked words and exchanged names: what is learned stays right while what is read changes."""

import numpy as np
import pytest

from rasid.infer.articles import Article, Link, Span
from rasid.train.tuning.examples import IGNORED, Example
from rasid.train.tuning.masking import mask_words
from rasid.train.tuning.swapping import NamePool, swap_names

FAMILY = {"TOWN": "LOCATION", "KILLED": "CASUALTY", "STATE": "ACTOR"}


def article(text: str, *spans: tuple[str, str], links: tuple[Link, ...] = ()) -> Article:
    found, at = [], 0
    for number, (label, words) in enumerate(spans, 1):
        start = text.index(words, at)
        at = start + len(words)
        found.append(Span(f"T{number}", label, FAMILY[label], start, at, words))
    return Article(text, tuple(found), links)


FIRST = article(
    "قصف الجيش حلب أمس. مقتل 14 شخصا بحلب وفي إدلب.",
    ("STATE", "الجيش"), ("TOWN", "حلب"), ("KILLED", "مقتل 14 شخصا"), ("TOWN", "بحلب"), ("TOWN", "إدلب"),
    links=(Link("R1", "place", "T3", "T4"),),
)  # fmt: skip
SECOND = article("معارك قرب بيروت وفي مدينة صعدة", ("TOWN", "بيروت"), ("TOWN", "مدينة صعدة"))


def test_names_change_and_annotation_stays_right() -> None:
    pool = NamePool([FIRST, SECOND], ["TOWN"])
    seen = set()
    for seed in range(20):
        copy = swap_names(FIRST, pool, 1.0, np.random.default_rng(seed))
        assert [span.label for span in copy.spans] == [span.label for span in FIRST.spans]
        assert copy.links == FIRST.links
        # One name gets one other name throughout, and its particle stays.
        assert copy.span("T4").text == "ب" + copy.span("T2").text
        assert copy.span("T1").text == "الجيش"
        assert copy.span("T3").text == "مقتل 14 شخصا"
        seen.add(copy.span("T2").text)
    assert seen == {"حلب", "إدلب", "بيروت", "مدينة صعدة"}


def test_no_share_changes_nothing() -> None:
    pool = NamePool([FIRST, SECOND], ["TOWN"])
    assert swap_names(FIRST, pool, 0.0, np.random.default_rng(1)) == FIRST


def test_a_first_letter_that_is_the_names_own_is_no_particle() -> None:
    pool = NamePool([SECOND], ["TOWN"])
    assert pool.split(SECOND.spans[0]) == ("", "بيروت")


def example() -> Example:
    # [CLS], a context word, three words of two, one and three subwords, a context word, [SEP]
    tags = np.array([IGNORED, IGNORED, 4, IGNORED, 0, 7, IGNORED, IGNORED, IGNORED, IGNORED])
    return Example(np.arange(10) + 100, tags)


@pytest.mark.parametrize("seed", range(5))
def test_whole_words_are_hidden_and_tags_are_kept(seed: int) -> None:
    masked = mask_words([example()], 0.5, 3, np.random.default_rng(seed))[0]
    assert np.array_equal(masked.tags, example().tags)
    hidden = masked.subword_ids == 3
    assert hidden[2] == hidden[3], "a word of two subwords is hidden as a whole"
    assert not hidden[[0, 1, 8, 9]].any(), "context and special tokens stay"
    assert np.array_equal(masked.subword_ids[~hidden], example().subword_ids[~hidden])


def test_the_share_is_that_of_the_words() -> None:
    generator = np.random.default_rng(0)
    many = mask_words([example()] * 4000, 0.2, 3, generator)
    assert np.mean([each.subword_ids[4] == 3 for each in many]) == pytest.approx(0.2, abs=0.03)
    assert not any((each.subword_ids == 3).any() for each in mask_words([example()] * 50, 0.0, 3, generator))
