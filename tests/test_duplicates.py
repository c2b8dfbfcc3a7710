"""Copies are found whatever hides them, and texts that only share a phrase are left alone."""

from rasid.train.auditing.duplicates import Duplicate, find_duplicates, shingles

WORDS = [f"كلمة{chr(0x627 + n % 20)}{chr(0x627 + n // 20)}" for n in range(200)]


def test_an_exact_copy_is_paired_with_the_first_of_its_kind() -> None:
    text = " ".join(WORDS)
    assert find_duplicates([text, "آخر", text, text]) == [
        Duplicate(0, 2, exact=True, shared=1.0),
        Duplicate(0, 3, exact=True, shared=1.0),
    ]


def test_marks_spacing_and_punctuation_hide_no_copy() -> None:
    (found,) = find_duplicates(["قُتِلَ 14 شخصا في مدينة حلب", "قتل ١٤ شخصاً،\nفي  «مدينة حلب»."])
    assert (found.exact, found.shared) == (False, 1.0)


def test_a_teaser_inside_a_long_article_is_found() -> None:
    (found,) = find_duplicates([" ".join(WORDS), " ".join(WORDS[50:80])])
    assert found.shared == 1.0


def test_the_shared_part_is_that_of_the_shorter_text() -> None:
    first, second = " ".join(WORDS[:100]), " ".join(WORDS[60:160])
    (found,) = find_duplicates([first, second], min_shared=0.3)
    assert found.shared == 36 / 96
    assert find_duplicates([first, second], min_shared=0.5) == []


def test_texts_without_words_are_no_copies_of_one_another() -> None:
    assert shingles("…!؟") == set()
    assert find_duplicates(["…", "!", "؟"]) == []
