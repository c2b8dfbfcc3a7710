"""JSON Lines: the names of the contract, nothing lost, and every wrong type named by its line and key."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_articles import predicted_articles

from rasid.infer.articles import Article, Link, Metadata, Span
from rasid.infer.errors import EncodingError, InputError, OffsetError
from rasid.infer.facts import Actor, Bounds, Casualty, Claim, Facts, Incident, Place, SuggestedReading
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


TOLD = Article(
    "قال ناشطون إن غارة أوقعت 14 قتيلا في حي النور بمدينة الرستن",
    (
        Span("T1", "REPORT", "STANCE", 0, 3, "قال"),
        Span("T2", "SOURCE", "ACTOR", 4, 10, "ناشطون"),
        Span("T3", "KILLED", "CASUALTY", 25, 33, "14 قتيلا"),
        Span("T4", "DISTRICT", "LOCATION", 37, 45, "حي النور"),
        Span("T5", "TOWN", "LOCATION", 46, 59, "بمدينة الرستن"),
    ),
    id="told",
    facts=Facts(
        casualties=(Casualty("T3", "KILLED", Bounds(14, 14), "exact"),),
        places=(
            Place("T4", "حي النور", ("T5",), 34.93, 36.73, "SY", "حمص", "الرستن", "town", 2, "geonames:1"),
            Place("T5", "الرستن"),
        ),
        actors=(Actor("A1", "ناشطون", "SOURCE", True, ("T2",), "monitor"),),
        claims=(
            Claim(
                *("C1", "REPORT", "holder", ("T1",), ("A1",), (), ("T3",), ("T4",), (), (), ((0, 34), (37, 45)), 0.8)
            ),
            Claim("C2", "REPORT", "article", (), casualties=("T3",)),
        ),
        incidents=(
            Incident(
                *("I1", ("C1", "C2"), "T4", Bounds(14, 14), None, None, Bounds(100, None), "air strike"),
                *("2017-10-05", "published", "publication date", SuggestedReading("fair", "one source")),
            ),
        ),
    ),
)


def told(**keys: Any) -> dict[str, Any]:
    return article_to_json(TOLD) | keys


def first(key: str, **keys: Any) -> dict[str, Any]:
    """The article with facts, the first of a kind changed."""
    value = told()
    value[key][0] |= keys
    return value


@st.composite
def articles_with_facts(draw: st.DrawFn) -> Article:
    """A predicted article with facts of every kind that its spans allow."""
    article = draw(predicted_articles())
    names = {family: [s.id for s in article.spans if s.family == family] for family in ("ACTOR", "LOCATION")}
    cues = [span.id for span in article.spans if span.family == "STANCE"]
    counted = [span.id for span in article.spans if span.family == "CASUALTY"]
    words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    some = st.none() | words
    numbers = st.none() | st.integers(0, 10**7)
    counts = st.tuples(numbers, numbers).map(lambda two: Bounds(*(two if None in two else sorted(two))))  # type: ignore[type-var]  # no None is left where it sorts

    def picked(ids: list[str], least: int = 0) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(ids), min_size=least, max_size=3, unique=True))) if ids else ()

    casualties = tuple(
        Casualty(name, "KILLED", draw(counts), draw(words), draw(st.none() | st.sampled_from(counted)))
        for name in picked(counted)
    )
    places = tuple(
        Place(
            *(name, draw(words), picked(names["LOCATION"])),
            *draw(st.just((None, None)) | st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
            *(draw(some), draw(some), draw(some), draw(some), draw(st.integers(0, 9)), draw(some)),
        )
        for name in picked(names["LOCATION"])
    )
    actors = tuple(
        Actor(f"A{n}", draw(words), "STATE", draw(st.booleans()), picked(names["ACTOR"], 1), draw(some))
        for n in range(draw(st.integers(0, 3)) if names["ACTOR"] else 0)
    )
    people = [actor.id for actor in actors]
    ends = st.integers(0, max(article.characters - 1, 0)).flatmap(
        lambda start: st.tuples(st.just(start), st.integers(start + 1, max(article.characters, start + 1)))
    )
    claims = tuple(
        Claim(
            *(f"C{n}", "DENY", draw(st.sampled_from(["holder", "article"])), picked(cues, 1) if cues else ()),
            *(picked(people), picked(people), picked(counted, 0 if cues else 1), picked(names["LOCATION"])),
            *(picked(people), picked(people), tuple(draw(st.lists(ends, max_size=3)))),
            draw(st.none() | st.floats(0, 1)),
        )
        for n in range(draw(st.integers(0, 3)) if cues or counted else 0)
    )
    told_by = [claim.id for claim in claims]
    readings = st.none() | st.builds(SuggestedReading, words, words)
    incidents = tuple(
        Incident(
            *(f"I{n}", picked(told_by), draw(st.none() | st.sampled_from(names["LOCATION"] or [None]))),
            *(draw(st.none() | counts) for _ in range(4)),
            *(draw(some), draw(some), draw(some), draw(some), draw(readings)),
        )
        for n in range(draw(st.integers(0, 2)))
    )
    return replace(article, facts=Facts(casualties, places, actors, claims, incidents))


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
        "casualties": [],
        "places": [],
        "actors": [],
        "claims": [],
        "incidents": [],
    }


def test_the_names_of_facts_are_those_of_the_contract_and_in_its_order() -> None:
    value = json.loads(jsonl_line(TOLD))
    assert list(value)[-6:] == ["links", "casualties", "places", "actors", "claims", "incidents"]
    assert json.dumps({key: value[key] for key in list(value)[-5:]}, ensure_ascii=False) == json.dumps(
        {
            "casualties": [{"span": "T3", "kind": "KILLED", "low": 14, "high": 14, "rule": "exact", "part_of": None}],
            "places": [
                {"span": "T4", "name": "حي النور", "within": ["T5"], "latitude": 34.93, "longitude": 36.73}
                | {"country": "SY", "admin1": "حمص", "admin2": "الرستن", "precision": "town", "candidates": 2}
                | {"gazetteer_id": "geonames:1"},
                {"span": "T5", "name": "الرستن", "within": [], "latitude": None, "longitude": None}
                | {"country": None, "admin1": None, "admin2": None, "precision": None, "candidates": 0}
                | {"gazetteer_id": None},
            ],
            "actors": [
                {"id": "A1", "name": "ناشطون", "type": "SOURCE", "side": "monitor", "known": True, "mentions": ["T2"]}
            ],
            "claims": [
                {"id": "C1", "stance": "REPORT", "voice": "holder", "cues": ["T1"], "holders": ["A1"], "targets": []}
                | {"casualties": ["T3"], "places": ["T4"], "victims": [], "blamed": []}
                | {"evidence": [[0, 34], [37, 45]], "score": 0.8},
                {"id": "C2", "stance": "REPORT", "voice": "article", "cues": [], "holders": [], "targets": []}
                | {"casualties": ["T3"], "places": [], "victims": [], "blamed": [], "evidence": [], "score": None},
            ],
            "incidents": [
                {"id": "I1", "claims": ["C1", "C2"], "place": "T4", "killed": {"low": 14, "high": 14}}
                | {"injured": None, "missing": None, "displaced": {"low": 100, "high": None}, "event": "air strike"}
                | {"date": "2017-10-05", "date_precision": "published", "date_rule": "publication date"}
                | {"suggested": {"grade": "fair", "reason": "one source"}}
            ],
        },
        ensure_ascii=False,
    )


def test_without_text_only_the_text_is_left_out() -> None:
    value = article_to_json(ARTICLE, with_text=False)
    assert value == {key: each for key, each in article_to_json(ARTICLE).items() if key != "text"}


@given(articles_with_facts())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_an_article_written_is_read_back(tmp_path: Path, article: Article) -> None:
    path = tmp_path / "a.jsonl"
    assert write_jsonl([article, article], path) == 2
    assert list(read_jsonl(path)) == [article, article]
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_keys_that_are_not_known_are_ignored() -> None:
    assert article_from_json(changed(mood=7)) == ARTICLE


def test_facts_that_are_not_there_or_null_are_none() -> None:
    bare = {key: value for key, value in changed().items() if key not in ("casualties", "places", "actors", "claims")}
    assert article_from_json(bare | {"incidents": None}) == ARTICLE


def test_facts_need_only_what_makes_them() -> None:
    value = told(casualties=[], places=[], incidents=[{"id": "I1"}], actors=[])
    value["claims"] = [{"id": "C1", "stance": "REPORT", "voice": "article", "cues": ["T1"]}]
    facts = article_from_json(value).facts
    assert facts == Facts(claims=(Claim("C1", "REPORT", "article", ("T1",)),), incidents=(Incident("I1", ()),))


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
        (told(casualties={}), r"casualties: expected a list, found \{\}"),
        (told(claims=["C1"]), r"claims\[0\]: expected an object, found 'C1'"),
        (first("casualties", rule=None), r"casualties\[0\].rule: expected a string, found nothing"),
        (first("casualties", low="14"), r"casualties\[0\].low: expected a whole number, found '14'"),
        (first("casualties", low=15), "the count of T3: bounds 15-14: the lower is above the upper"),
        (first("casualties", span="T9"), "the count of T9 refers to casualty span T9, which is not there"),
        (first("casualties", span="T1"), "the count of T1 refers to casualty span T1, which is not there"),
        (first("places", latitude="N"), r"places\[0\].latitude: expected a number of degrees, found 'N'"),
        (first("places", latitude=None), "place T4: latitude and longitude come together"),
        (first("places", latitude=91), "place T4: latitude 91.0 is not between -90 and 90"),
        (first("places", within=["T5", 7]), r"places\[0\].within\[1\]: expected a string, found 7"),
        (first("actors", known=1), r"actors\[0\].known: expected true or false, found 1"),
        (first("actors", mentions=[]), "actor A1: expected at least one mention"),
        (first("actors", name="\ud83d"), r"actors\[0\].name: character 0 is half of a surrogate pair"),
        (first("claims", voice="narrator"), 'claim C1: expected voice "holder" or "article", found \'narrator\''),
        (first("claims", score=2), r"claims\[0\].score: expected a number from 0 to 1, found 2"),
        (first("claims", id="C2"), "claim id C2 is used twice"),
        (first("claims", holders=["A7"]), "claim C1 refers to actor A7, which is not there"),
        (first("claims", evidence=[[0]]), r"claims\[0\].evidence\[0\]: expected two whole numbers, start and end"),
        (
            first("claims", evidence=[[0, 60]]),
            r"claims\[0\].evidence\[0\]: expected 0 <= start < end <= 59, found",
        ),
        (first("incidents", killed=14), r"incidents\[0\].killed: expected an object, found 14"),
        (first("incidents", injured={"low": 3, "high": 2}), "incident I1: injured: bounds 3-2: the lower is above"),
        (first("incidents", claims=["C8"]), "incident I1 refers to claim C8, which is not there"),
        (first("incidents", suggested={"grade": "fair"}), r"incidents\[0\].suggested.reason: expected a string"),
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
