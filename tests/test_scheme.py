"""The label scheme is a value that checks itself and survives a round trip."""

import json

import pytest

from rasid.infer.errors import SchemeError
from rasid.infer.scheme import CONFLICT, LinkKind, Scheme, SpanLabel


def test_the_conflict_scheme_has_the_labels_families_and_links_of_the_guidelines() -> None:
    assert (len(CONFLICT.labels), len(CONFLICT.families), len(CONFLICT.links)) == (23, 4, 7)
    assert CONFLICT.family_of("INTL") == "ACTOR"
    assert CONFLICT.link_by_name["victim"] == LinkKind("victim", "CASUALTY", "ACTOR")


def test_tags_are_o_then_begin_and_inside_of_each_label_in_order() -> None:
    scheme = Scheme("two", (SpanLabel("PERS", "ENTITY"), SpanLabel("LOC", "PLACE")))
    assert scheme.tags == ("O", "B-PERS", "I-PERS", "B-LOC", "I-LOC")


def test_json_gives_back_an_equal_scheme_with_its_order() -> None:
    mixed = Scheme("mixed", (SpanLabel("B", "ONE"), SpanLabel("A", "TWO"), SpanLabel("C", "ONE")))
    for scheme in (CONFLICT, mixed):
        again = Scheme.from_json(json.loads(json.dumps(scheme.to_json())))
        assert again == scheme
        assert again.tags == scheme.tags


@pytest.mark.parametrize(
    ("labels", "links", "word"),
    [
        ((), (), "no labels"),
        ((SpanLabel("A", "X"), SpanLabel("A", "Y")), (), "label A more than once"),
        ((SpanLabel("A", "X"),), (LinkKind("l", "X", "Y"),), "'Y'"),
        ((SpanLabel("A", "X"),), (LinkKind("l", "X", "X"), LinkKind("l", "X", "X")), "link l more than once"),
    ],
)
def test_a_scheme_that_contradicts_itself_is_refused(
    labels: tuple[SpanLabel, ...], links: tuple[LinkKind, ...], word: str
) -> None:
    with pytest.raises(SchemeError, match=word):
        Scheme("bad", labels, links)


def test_an_unknown_label_is_named_with_the_known_ones() -> None:
    with pytest.raises(SchemeError, match=r"'STAT'.*STATE"):
        CONFLICT.family_of("STAT")


def test_a_label_listed_in_two_families_is_refused() -> None:
    with pytest.raises(SchemeError, match="label A more than once"):
        Scheme.from_json({"name": "x", "families": {"ONE": ["A"], "TWO": ["A", "B"]}})


def test_json_without_labels_is_not_a_scheme() -> None:
    with pytest.raises(SchemeError, match="not a label scheme"):
        Scheme.from_json({"name": "x"})
