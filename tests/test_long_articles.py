"""What is read of an article costs the same a word however long it is: work is counted, not timed."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from rasid.infer import actors, casualties, claims, links, places
from rasid.infer.actors import ActorTable, nearby, people
from rasid.infer.articles import Article, Link, Span
from rasid.infer.claims import incidents, merging, tellings, words
from rasid.infer.claims.facts_of import read_facts
from rasid.infer.links.rules import link_by_rules
from rasid.infer.places import nearness
from rasid.infer.places.gazetteer import Gazetteer
from rasid.infer.scheme import CONFLICT

_LETTERS = "بتثجحخدذرزسشصضطظعغفقكلمن"
_MOST_GROWTH = 2.05
_FOLDERS = tuple(str(Path(str(part.__file__)).parent) for part in (actors, casualties, claims, links, places))


def _name(number: int) -> str:
    """A word of its own for each number, no two of which differ in one letter only."""
    first, second = divmod(number, len(_LETTERS))
    return "".join(_LETTERS[at % len(_LETTERS)] * 2 for at in (first, second, first + second))


def _digest(paragraphs: int, end: str) -> Article:
    """Reports of harm by new sources at new places by new bodies and persons, one after the other."""
    text, spans, made = "", [], []
    for number in range(paragraphs):
        pieces = (
            ("SOURCE", "s", f"وكالة {_name(number)}"),
            ("REPORT", "c", "أفادت"),
            ("KILLED", "k", f"بمقتل {number + 2}"),
            ("TOWN", "t", f"دار{_name(number)}"),
            ("DISTRICT", "d", f"حارة {_name(number + 1)}"),
            ("ARMED", "b", f"الفرقة ال{_name(number)}"),
            ("PERSON", "p", f"زيد {_name(number)}"),
            ("OPPOSE", "o", "ندد"),
            ("ARMED", "e", "المقاتلين"),
            ("DENY", "n", "نفى"),
        )
        for label, kind, words_of_it in pieces:
            start = len(text)
            text += words_of_it
            span = Span(f"{kind}{number}", label, CONFLICT.family_of(label), start, len(text), words_of_it)
            spans.append(span)
            text += " ثم "
        text = text[:-1] + end
        ends = (("holder", "c", "s"), ("about", "c", "k"), ("place", "k", "t"), ("blamed", "k", "b"))
        ends += (("holder", "o", "p"), ("target", "o", "e"), ("within", "d", "t"), ("target", "n", "s"))
        made += [
            Link(f"R{number}{kind}{source}", kind, f"{source}{number}", f"{target}{number}")
            for kind, source, target in ends
        ]
    return Article(text, tuple(spans), tuple(made))


def _lines_run(work: Callable[[], object]) -> int:
    """How many lines of the folders in question run."""
    count = 0

    def in_line(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return in_line

    def in_call(frame: FrameType, event: str, _: Any) -> Any:
        return in_line if frame.f_code.co_filename.startswith(_FOLDERS) else None

    before = sys.gettrace()
    sys.settrace(in_call)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.fixture
def gazetteer(tmp_path: Path) -> Gazetteer:
    """The gazetteer with a place for each town of the digest, so that every name has something to choose from."""
    rows = [f"دار{_name(number)},{30 + number / 20},{35 + number / 30},SY,town,\n" for number in range(160)]
    file = tmp_path / "places.csv"
    file.write_text("name,latitude,longitude,country,level,within\n" + "".join(rows), "utf-8")
    return Gazetteer.load(file)


@pytest.fixture
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reaches so short that an article need not be a book to pass them."""
    for module in (incidents, merging, tellings):
        monkeypatch.setattr(module, "REACH_CHARS", 600)
    monkeypatch.setattr(words, "_LONGEST_SENTENCE", 600)
    monkeypatch.setattr(nearby, "MOST_ASKED", 5)
    monkeypatch.setattr(people, "_MOST_NAMESAKES", 5)
    monkeypatch.setattr(nearness, "_MOST_BESIDE", 5)


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize("end", [".\n", " "], ids=["paragraphs", "one line without a full stop"])
def test_facts_of_twice_the_article_take_twice_the_work(gazetteer: Gazetteer, end: str) -> None:
    table = ActorTable.load()
    once, twice = _digest(60, end), _digest(120, end)
    read_facts(twice, gazetteer, table)  # what is remembered of words is remembered for both
    work = [_lines_run(lambda article=article: read_facts(article, gazetteer, table)) for article in (once, twice)]
    assert work[1] <= _MOST_GROWTH * work[0], work


@pytest.mark.parametrize("end", [".\n", " "], ids=["paragraphs", "one line without a full stop"])
def test_rule_links_of_twice_the_article_take_twice_the_work(end: str) -> None:
    once, twice = _digest(60, end), _digest(120, end)
    link_by_rules(twice)
    work = [_lines_run(lambda article=article: link_by_rules(article)) for article in (once, twice)]
    assert work[1] <= _MOST_GROWTH * work[0], work


@pytest.mark.parametrize(("apart", "expected"), [(1_000, 1), (words.REACH_CHARS, 2)])
def test_one_claim_is_told_again_within_reach_only(gazetteer: Gazetteer, apart: int, expected: int) -> None:
    one = _digest(1, ".\n")
    shift = len(one.text) + apart
    again = [Span(f"x{s.id}", s.label, s.family, s.start_char + shift, s.end_char + shift, s.text) for s in one.spans]
    also = [Link(f"x{link.id}", link.kind, f"x{link.source}", f"x{link.target}") for link in one.links]
    article = Article(one.text + " " * apart + one.text, (*one.spans, *again), (*one.links, *also))
    read = read_facts(article, gazetteer, ActorTable.load())
    assert sum(claim.stance == "REPORT" for claim in read.claims) == expected
    assert len(read.incidents) == expected
