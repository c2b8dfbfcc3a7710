"""Casualty spans become bounds: a table of what words say, and what stands between the spans of an article."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasid.infer.articles import Article, Span
from rasid.infer.casualties.bounds import RULES, read_bounds
from rasid.infer.casualties.counting import count_casualties
from rasid.infer.casualties.spelling import spell
from rasid.infer.facts import Bounds
from rasid.infer.scheme import CONFLICT

WORDS = [
    *("مقتل", "قتلى", "14", "و", "3", "ألف", "مئة", "بين", "إلى", "لم", "دون", "من", "عشرات", "على", "الأقل"),
    *("-", "،", "%", "ونصف", "1.5", "جنديين"),
]
TABLE = Path(__file__).parent / "data" / "casualty_cases.tsv"


def _cases() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _article(marked: str) -> Article:
    """An article from a text with its casualty spans in brackets: «[K:مقتل 5] [I:وإصابة 7]»."""
    labels = {"K": "KILLED", "I": "INJURED", "M": "MISSING", "D": "DISPLACED"}
    text, spans = "", []
    for piece in marked.replace("]", "[").split("["):
        if piece[1:2] == ":":
            label, said = labels[piece[0]], piece[2:]
            spans.append(Span(f"T{len(spans) + 1}", label, "CASUALTY", len(text), len(text) + len(said), said))
            text += said
        else:
            text += piece
    return Article(text, tuple(spans))


def _counted(marked: str) -> list[tuple[int | None, int | None, str | None]]:
    return [(one.bounds.low, one.bounds.high, one.part_of) for one in count_casualties(_article(marked))]


@pytest.mark.parametrize("case", _cases(), ids=lambda case: f"{case['before']}[{case['text']}]{case['after']}")
def test_what_a_span_says(case: dict[str, str]) -> None:
    low, high = (int(case[end]) if case[end] else None for end in ("low", "high"))
    bounds, rule = read_bounds(case["text"], before=case["before"], after=case["after"])
    assert (bounds.low, bounds.high, rule) == (low, high, case["rule"])


def test_the_table_is_large_has_no_case_twice_and_tries_every_rule() -> None:
    cases = _cases()
    assert len(cases) >= 400
    assert len({tuple(case.values()) for case in cases}) == len(cases)
    assert {case["rule"] for case in cases} == set(RULES)
    assert {case["label"] for case in cases} == {"KILLED", "INJURED", "MISSING", "DISPLACED"}


@given(st.integers(3, 9_999_999), st.sampled_from(["قتيل", "شهيد", "جريح", "نازح"]))
def test_a_number_in_words_before_a_noun_is_that_many(number: int, noun: str) -> None:
    assert read_bounds(f"{spell(number, case='oblique', construct=True)} {noun}") == (Bounds(number, number), "exact")


@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=20))
def test_any_text_is_given_bounds_by_a_named_rule(text: str, before: str, after: str) -> None:
    _, rule = read_bounds(text, before=before, after=after)
    assert rule in RULES


@given(st.lists(st.sampled_from(WORDS)))
def test_any_order_of_its_words_is_given_bounds(words: list[str]) -> None:
    _, rule = read_bounds(" ".join(words))
    assert rule in RULES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[K:مقتل 5] [I:وإصابة 7] في غارة", [(5, 5, None), (7, 7, None)]),
        ("سقط [K:قتيل] [I:وأربعة جرحى] هناك", [(1, 1, None), (4, 4, None)]),
        ("سقط [K:14 قتيلا] بينهم [K:3 أطفال].", [(14, 14, None), (3, 3, "T1")]),
        ("[K:14 قتيلا] [I:و30 جريحا] بينهم [I:4 نساء]", [(14, 14, None), (30, 30, None), (4, 4, "T2")]),
        ("[K:20 قتيلا]، من بينهم [K:3 أطفال] [K:وامرأتان]", [(20, 20, None), (3, 3, "T1"), (2, 2, "T1")]),
        ("[K:20 قتيلا] منهم [K:ثلاثة أطفال] و [K:5 نساء]", [(20, 20, None), (3, 3, "T1"), (5, 5, "T1")]),
        ("[K:شهيدتان] [K:إحداهما طفلة]", [(2, 2, None), (1, 1, "T1")]),
        ("ومن بين [K:القتلى] [K:7 نساء]", [(3, None, None), (7, 7, "T1")]),
        ("[K:مقتل 20 شخصا]. وقال إن [K:3 أطفال] قضوا بينهم", [(20, 20, None), (3, 3, None)]),
        ("[K:مقتل 5 جنود] [K:و3 مدنيين]", [(5, 5, None), (3, 3, None)]),
        ("[K:مقتل 5] بينهم [K:9 أطفال]", [(5, 5, None), (9, 9, None)]),
        ("[K:قتلت] قوات الأمن [K:14 محتجا]", [(None, None, None), (14, 14, None)]),
        ("[K:ثلاثة] من أفراد القبيلة [K:قتلوا]", [(3, 3, None), (3, None, None)]),
        ("وارتفع [K:عدد القتلى من 20 إلى 32]", [(32, 32, None)]),
        ("انتهى القصف دون وقوع [I:إصابات]", [(0, 0, None)]),
        ("انتهى القصف دون رد.\n[I:إصابات] في الحي", [(3, None, None)]),
        ("لا شيء هنا", []),
    ],
)
def test_what_the_spans_of_an_article_say(text: str, expected: list[tuple[int | None, int | None, str | None]]) -> None:
    assert _counted(text) == expected


def test_every_casualty_span_is_counted_once_in_order_and_keeps_its_label() -> None:
    article = _article("[K:مقتل 2.5 شخص] ثم [M:فقدان] [D:ونزوح الآلاف]")
    counted = count_casualties(article)
    assert [(one.span, one.kind, one.rule) for one in counted] == [
        ("T1", "KILLED", "unread"),
        ("T2", "MISSING", "unstated"),
        ("T3", "DISPLACED", "vague"),
    ]


def test_spans_of_other_families_are_not_counted() -> None:
    text = "14 مدنيا"
    actor = Span("T1", "CIVILIAN", CONFLICT.family_of("CIVILIAN"), 0, len(text), text)
    assert count_casualties(Article(text, (actor,))) == ()


def test_counting_costs_the_same_far_into_a_long_article() -> None:
    filler = "كلمة " * 20_000
    assert _counted(f"{filler}دون وقوع [I:إصابات] {filler}[K:مقتل 3]") == [(0, 0, None), (3, 3, None)]
