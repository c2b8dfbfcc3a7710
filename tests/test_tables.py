"""The tables for a person: accounts side by side, every one with its offsets, Arabic kept apart."""

from io import StringIO

import pytest
from rich.console import Console, RenderableType

from rasid.infer import Actor, Article, Bounds, Casualty, Claim, Facts, Incident, Place, Span, SuggestedReading
from rasid.infer.tables.cells import bounds_text
from rasid.infer.tables.claims import claims_table

TEXT = "اتهم الجيش الفصائل بقصف حلب ومقتل 14 شخصا ونفت الفصائل"


def drawn(table: RenderableType, width: int = 200) -> str:
    console = Console(width=width, record=True, file=StringIO())
    console.print(table)
    return console.export_text()


def span(name: str, label: str, family: str, words: str, start: int = 0) -> Span:
    at = TEXT.index(words, start)
    return Span(name, label, family, at, at + len(words), words)


def contested() -> Article:
    spans = (
        span("T1", "ACCUSE", "STANCE", "اتهم"),
        span("T2", "STATE", "ACTOR", "الجيش"),
        span("T3", "ARMED", "ACTOR", "الفصائل"),
        span("T4", "TOWN", "LOCATION", "حلب"),
        span("T5", "KILLED", "CASUALTY", "ومقتل 14 شخصا"),
        span("T6", "DENY", "STANCE", "ونفت"),
        span("T7", "ARMED", "ACTOR", "الفصائل", 45),
    )
    facts = Facts(
        casualties=(Casualty("T5", "KILLED", Bounds(14, 14), "exact"),),
        places=(Place("T4", "حلب", latitude=36.2, longitude=37.2, country="SY", precision="town", candidates=1),),
        actors=(Actor("A1", "الجيش", "STATE", False, ("T2",)), Actor("A2", "الفصائل", "ARMED", False, ("T3", "T7"))),
        claims=(
            Claim("C1", "ACCUSE", "holder", ("T1",), ("A1",), ("A2",), ("T5",), ("T4",), (), ("A2",), ((0, 41),), 0.8),
            Claim("C2", "DENY", "holder", ("T6",), ("A2",), evidence=((42, 54),)),
            Claim("C3", "REPORT", "article", (), casualties=("T5",), evidence=((28, 41),)),
        ),
        incidents=(
            Incident(
                "I1", ("C1", "C2"), "T4", killed=Bounds(14, None), event="shelling",
                suggested=SuggestedReading("contested", "the accused denies"),
            ),
        ),
    )  # fmt: skip
    return Article(TEXT, spans, id="aleppo", facts=facts)


def test_accounts_of_an_incident_stand_under_it_with_their_offsets() -> None:
    lines = drawn(claims_table(contested())).splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith("I1"))
    assert "1 incident, 3 claims" in lines[0]
    assert "killed 14+" in lines[head]
    assert "shelling" in lines[head]
    assert "suggested reading: contested (the accused denies)" in lines[head + 1]
    accuse = next(line for line in lines if line.startswith("C1"))
    for part in (
        "ACCUSE",
        "\u2068الجيش\u2069",
        "\u2068الفصائل\u2069",
        "killed 14",
        "\u2068حلب\u2069 SY",
        "0.80",
        "0-41",
    ):
        assert part in accuse
    assert "42-54" in next(line for line in lines if line.startswith("C2"))


def test_claims_of_no_incident_are_not_lost() -> None:
    lines = drawn(claims_table(contested())).splitlines()
    others = lines.index("other claims")
    assert any(line.startswith("C3") and "the article" in line for line in lines[others:])


def test_an_article_without_claims_says_so() -> None:
    assert "no claims found" in drawn(claims_table(Article("لا شيء هنا")))


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(14, 14, "14"), (10, 15, "10-15"), (22, None, "22+"), (None, 9, "≤9"), (None, None, "?"), (1200, 1200, "1,200")],
)
def test_bounds_are_read_at_a_glance(low: int | None, high: int | None, text: str) -> None:
    assert bounds_text(Bounds(low, high)) == text
