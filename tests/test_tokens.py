"""Tokens cover the text, keep their offsets, and know what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasid.infer.tokens import TokenKind, tokenize

ARABIC = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF), st.sampled_from(" \n\r\t.،«»(14٫,@/:a\u200f\u200cـ")
    ),
    max_size=60,
)
ANY = st.one_of(st.text(max_size=60), ARABIC)


@given(ANY)
def test_tokens_cover_all_but_white_space_in_order_and_without_overlap(text: str) -> None:
    covered = [offset for token in tokenize(text) for offset in range(token.start_char, token.end_char)]
    assert covered == sorted(set(covered))
    left_out = set(range(len(text))) - set(covered)
    assert all(text[offset].isspace() for offset in left_out)


@given(ANY)
def test_no_token_holds_white_space(text: str) -> None:
    assert all(not any(c.isspace() for c in text[t.start_char : t.end_char]) for t in tokenize(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("مقتل 14 شخصا.", [("مقتل", "word"), ("14", "number"), ("شخصا", "word"), (".", "mark")]),
        ("لـ6 أيام", [("لـ", "word"), ("6", "number"), ("أيام", "word")]),
        ("١٬٢٠٠ 1,200", [("١٬٢٠٠", "number"), ("1,200", "number")]),
        ("و1.200", [("و", "word"), ("1.200", "number")]),
        ("1،200 و1،20", [("1،200", "number"), ("و", "word"), ("1", "number"), ("،", "mark"), ("20", "number")]),
        ("10-15", [("10", "number"), ("-", "mark"), ("15", "number")]),
        ("مُحمَّد", [("مُحمَّد", "word")]),
        ("بشار\u200cالأسد", [("بشار\u200cالأسد", "word")]),
        ("\u200fالجيش\u200f", [("\u200f", "mark"), ("الجيش", "word"), ("\u200f", "mark")]),
        ("راجع https://a.example/ب?x=1.", [("راجع", "word"), ("https://a.example/ب?x=1", "url"), (".", "mark")]),
        ("a.b@c.example،", [("a.b@c.example", "email"), ("،", "mark")]),
        ("من @user_1", [("من", "word"), ("@user_1", "mention")]),
        ("#حلب", [("#", "mark"), ("حلب", "word")]),
        ("أيلول/سبتمبر", [("أيلول", "word"), ("/", "mark"), ("سبتمبر", "word")]),
        ("😀قتل", [("😀", "mark"), ("قتل", "word")]),
    ],
)  # fmt: skip
def test_what_is_a_token_and_of_which_kind(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[t.start_char : t.end_char], t.kind.value) for t in tokenize(text)] == expected


def test_a_token_of_every_kind_can_be_found() -> None:
    found = {token.kind for token in tokenize("كلمة 5 . @m a@b.co www.x.org")}
    assert found == set(TokenKind)
