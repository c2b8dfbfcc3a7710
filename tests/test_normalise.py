"""The model sees one form per token, after AraBERT v0.2's conventions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasid.infer.normalise import normal_form, normal_forms
from rasid.infer.tokens import tokenize


@given(st.text(max_size=40))
def test_normalising_is_idempotent(text: str) -> None:
    assert normal_form(normal_form(text)) == normal_form(text)


@given(st.text(max_size=40))
def test_a_form_never_holds_white_space(text: str) -> None:
    assert not any(c.isspace() for c in normal_form(text))


@given(st.text(max_size=60))
def test_every_token_of_any_text_has_one_form(text: str) -> None:
    tokens = tokenize(text)
    assert len(normal_forms(text, tokens)) == len(tokens)


@pytest.mark.parametrize(
    ("token", "form"),
    [
        ("مُحَمَّدٌ", "محمد"),
        ("داعـــش", "داعش"),
        ("٢٠١٧", "2017"),
        ("۱۴", "14"),
        ("ﻻجئين", "لاجئين"),
        ("بشار\u200cالأسد", "بشارالأسد"),
        ("لااااا", "لاا"),
        ("1000000", "1000000"),
        ("کرکوک", "كركوك"),
        ("أحمد", "أحمد"),
        ("مدينة", "مدينة"),
        ("”", '"'),
        ("ـ", ""),
        ("\u200f", ""),
    ],
)
def test_forms(token: str, form: str) -> None:
    assert normal_form(token) == form


def test_addresses_become_the_words_arabert_keeps_for_them() -> None:
    text = "انظر https://x.org a@b.co @user"
    assert normal_forms(text, tokenize(text)) == ["انظر", "[رابط]", "[بريد]", "[مستخدم]"]
