"""Offsets counted in another way than code points are recognised, named, and found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_articles import articles

from rasid.infer.articles import Article
from rasid.infer.formats.offsets import Given, find_spans, nearest

TEXT = "نفى 😀 الجيش\r\nقصف 😀 المدينة\nمقتل 14 شخصا"
WORDS = ("نفى", "الجيش", "المدينة", "14 شخصا")


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def one_for_two(text: str) -> int:
    return len(text.replace("\r\n", "\n"))


def two_for_one(text: str) -> int:
    return len(text.replace("\r\n", "\n").replace("\n", "\r\n"))


def one_more(text: str) -> int:
    return len(text) + 1


def utf16_on_unix(text: str) -> int:
    return utf16(text.replace("\r\n", "\n"))


def counted(count: object, words: tuple[str, ...] = WORDS) -> list[Given]:
    assert callable(count)
    starts = [TEXT.index(word) for word in words]
    return [
        Given(count(TEXT[:at]), count(TEXT[: at + len(word)]), word) for at, word in zip(starts, words, strict=True)
    ]


@pytest.mark.parametrize(
    ("count", "name"),
    [
        (utf16, "the offsets count UTF-16 code units"),
        (one_for_two, r"each line end \r\n is counted as one character"),
        (two_for_one, r"each line end \n is counted as two characters, as if it were \r\n"),
        (lambda text: len(text.encode()), "the offsets count UTF-8 bytes"),
        (one_more, "the byte order mark is counted"),
        (utf16_on_unix, r"the offsets count UTF-16 code units and each line end \r\n is counted as one character"),
    ],
)
def test_a_way_of_counting_is_named_and_its_spans_are_found(count: object, name: str) -> None:
    found = find_spans(TEXT, counted(count), had_mark=True)
    assert [TEXT[at.start_char : at.end_char] for at in found if at] == list(WORDS)
    assert {at.how for at in found if at} - {None} == {name}


def test_offsets_from_one_are_named_where_there_was_no_mark() -> None:
    found = find_spans(TEXT, counted(one_more))
    assert found[0] is not None
    assert found[0].how == "the offsets count from 1, or count a byte order mark that is gone"


def test_an_end_that_is_the_last_character_is_named() -> None:
    given_spans = [one._replace(end=one.end - 1) for one in counted(len)]
    found = find_spans(TEXT, given_spans)
    assert [TEXT[at.start_char : at.end_char] for at in found if at] == list(WORDS)
    assert {at.how for at in found if at} == {"the end is the last character of the span, not the one after it"}


def test_one_span_beside_its_offsets_does_not_change_how_the_others_are_counted() -> None:
    right = counted(len)
    wrong = right[1]._replace(start=right[1].start + 1, end=right[1].end + 1)
    found = find_spans(TEXT, [right[0], wrong, *right[2:]])
    assert [at and at.how for at in found] == [None, "the offsets are off by 1", None, None]


def test_a_span_that_is_not_there_is_not_found() -> None:
    assert find_spans(TEXT, [Given(0, 4, "اتهم"), *counted(len)])[0] is None
    assert find_spans(TEXT, [Given(9, 12, "نفى"), *counted(len)])[0] is None


def test_the_nearest_place_of_a_lost_span_is_told() -> None:
    assert nearest("نفى ثم نفى", Given(9, 12, "نفى")) == 7
    assert nearest("نفى ثم نفى", Given(1, 4, "نفى")) == 0
    assert nearest("نفى", Given(0, 3, "قال")) is None


@given(articles(), st.sampled_from([utf16, one_for_two, two_for_one, one_more, len]))
def test_what_is_found_always_has_the_text_of_the_span(article: Article, count: object) -> None:
    assert callable(count)
    text = article.text
    spans = [Given(count(text[: s.start_char]), count(text[: s.end_char]), s.text) for s in article.spans]
    for at, span in zip(find_spans(text, spans), article.spans, strict=True):
        assert at is None or text[at.start_char : at.end_char].split() == span.text.split()
