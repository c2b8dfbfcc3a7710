"""JSON Lines: the names of the contract, nothing lost, and every wrong type named by its line and key."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from made_articles import predicted_articles

from rasid.infer.articles import Article, Link, Metadata, Span
from rasid.infer.errors import EncodingError, InputError, OffsetError
from rasid.infer.formats.jsonl import article_from_json, article_to_json, jsonl_line, read_jsonl, write_jsonl

TEXT = "نفى الجيش القصف"
DENY = Span("T1", "DENY", "STANCE", 0, 3, "نفى", 0.98)
ARMY = Span("T2", "STATE", "ACTOR", 4, 9, "الجيش", 0.9)
ARTICLE = Article(
    TEXT,
    (DENY, ARMY),
    (Link("R1", "holder", "T1", "T2", 0.95),),
    id="2017/a",
    metadata=Metadata(published="2017-10-05"),
    model="rasid-compact 1.0",
    characters_read=15,
)


def changed(**keys: Any) -> dict[str, Any]:
    return article_to_json(ARTICLE) | keys


def span(**keys: Any) -> dict[str, Any]:
    return changed(spans=[article_to_json(ARTICLE)["spans"][0] | keys], links=[])


def test_the_field_names_are_those_of_the_contract() -> None:
    assert json.loads(jsonl_line(ARTICLE)) == {
        "id": "2017/a",
        "text": TEXT,
        "characters": 15,
        "characters_read": 15,
        "model": "rasid-compact 1.0",
        "metadata": {"published": "2017-10-05", "outlet": None, "url": None},
        "spans": [
            {"id": "T1", "label": "DENY", "family": "STANCE", "start": 0, "end": 3, "text": "نفى", "score": 0.98},
            {"id": "T2", "label": "STATE", "family": "ACTOR", "start": 4, "end": 9, "text": "الجيش", "score": 0.9},
        ],
        "links": [{"id": "R1", "kind": "holder", "source": "T1", "target": "T2", "score": 0.95}],
    }


def test_without_text_only_the_text_is_left_out() -> None:
    value = article_to_json(ARTICLE, with_text=False)
    assert value == {key: each for key, each in article_to_json(ARTICLE).items() if key != "text"}


@given(predicted_articles())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_article_written_is_read_back(tmp_path: Path, article: Article) -> None:
    path = tmp_path / "a.jsonl"
    assert write_jsonl([article, article], path) == 2
    assert list(read_jsonl(path)) == [article, article]
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_keys_that_are_not_known_are_ignored() -> None:
    assert article_from_json(changed(claims=[{"id": "C1"}], places=7)) == ARTICLE


def test_only_the_text_is_needed() -> None:
    assert article_from_json({"text": TEXT}) == Article(TEXT)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], r"x\.jsonl:3: expected an object, found \[\]"),
        (changed(text=None), "text: expected a string, found nothing.*--no-text"),
        (changed(text=7), "text: expected a string, found 7"),
        (changed(id=7), "id: expected a string, found 7"),
        (changed(characters="15"), "characters: expected a whole number, found '15'"),
        (changed(characters=16), "characters is 16, but the text has 15 code points"),
        (changed(metadata=[]), r"metadata: expected an object, found \[\]"),
        (changed(metadata={"url": 1}), "metadata.url: expected a string, found 1"),
        (changed(spans={}), r"spans: expected a list, found \{\}"),
        (changed(links=["R1"]), r"links\[0\]: expected an object, found 'R1'"),
        (span(start="0"), r"spans\[0\].start: expected a whole number, found '0'"),
        (span(start=True), r"spans\[0\].start: expected a whole number, found True"),
        (span(end=None), r"spans\[0\].end: expected a whole number, found nothing"),
        (span(text=None), r"spans\[0\].text: expected a string, found nothing"),
        (span(score=1.5), r"spans\[0\].score: expected a number from 0 to 1, found 1.5"),
        (span(score=float("nan")), "from 0 to 1, found nan"),
        (span(start=-3, end=0), "span T1: expected 0 <= start < end, found -3 and 0"),
        (span(label="DENIAL"), "has no label 'DENIAL'"),
        (span(family="ACTOR"), "DENY belongs to family STANCE, found 'ACTOR'"),
        (span(text="نفي"), "span T1 «نفي» is given at 0-3, the text has «نفى» there"),
        (changed(text="\ud83d" + TEXT[1:]), "text: character 0 is half of a surrogate pair"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_key(value: object, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        article_from_json(value, where="x.jsonl:3")
    assert str(caught.value).startswith("x.jsonl:3: ")


def test_a_bad_line_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": ""}\n\n{"text": \n')
    with pytest.raises(InputError, match=r"a\.jsonl:3: expected one JSON object a line"):
        list(read_jsonl(path))
    path.write_bytes(b'{"text": "\xff"}')
    with pytest.raises(EncodingError, match=r"a\.jsonl:1: expected UTF-8, found byte 0xFF at byte 10"):
        list(read_jsonl(path))
    path.write_bytes(b"[" * 200_000)
    with pytest.raises(InputError, match=r"a\.jsonl:1: expected"):
        list(read_jsonl(path))


def test_offsets_of_a_utf16_tool_are_repaired_on_request(tmp_path: Path) -> None:
    text = "😀 نفى"
    value = {
        "text": text,
        "characters": 6,
        "spans": [{"id": "a", "label": "DENY", "start": 3, "end": 6, "text": "نفى"}],
    }
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(OffsetError, match="UTF-16"):
        list(read_jsonl(path))
    repairs: list[str] = []
    (article,) = read_jsonl(path, repair=True, on_repair=repairs.append)
    assert (article.spans[0].start_char, article.spans[0].end_char) == (2, 5)
    assert len(repairs) == 2


def test_an_article_without_an_id_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(b'{"text": ""}\n{"text": "", "id": "b"}\n{"text": ""}\n')
    assert [article.id for article in read_jsonl(path)] == ["news/1", "b", "news/3"]
