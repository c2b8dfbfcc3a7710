"""A report is read as what its links make of it, by the guidelines' rule and no further."""

import pytest

from rasid.infer.articles import Article, Link, Span
from rasid.infer.links.stances import revise_stances
from rasid.infer.scheme import CONFLICT

TEXT = "وقال الدفاع المدني إن مقتل 9 مدنيين تسببت به طائرات التحالف والفصائل"


def article(*links: tuple[str, str, str], cue: str = "REPORT") -> Article:
    parts = (
        ("T1", cue, "وقال"),
        ("T2", "SOURCE", "الدفاع المدني"),
        ("T3", "KILLED", "مقتل 9 مدنيين"),
        ("T4", "INTL", "طائرات التحالف"),
        ("T5", "ARMED", "والفصائل"),
    )
    spans = tuple(
        Span(name, label, CONFLICT.family_of(label), TEXT.index(words), TEXT.index(words) + len(words), words)
        for name, label, words in parts
    )
    return Article(TEXT, spans, tuple(Link(f"R{n}", *link, score=0.5) for n, link in enumerate(links, 1)))


HOLDER, ABOUT = ("holder", "T1", "T2"), ("about", "T1", "T3")


def label(found: Article) -> str:
    return found.span("T1").label


def test_harm_laid_at_a_states_door_by_another_is_an_accusation_with_its_target() -> None:
    found = revise_stances(article(HOLDER, ABOUT, ("blamed", "T3", "T4")))
    assert label(found) == "ACCUSE"
    (target,) = [link for link in found.links if link.kind == "target"]
    assert (target.source, target.target, target.score) == ("T1", "T4", 0.5)


def test_harm_told_by_the_doer_is_an_admission() -> None:
    assert label(revise_stances(article(("holder", "T1", "T4"), ABOUT, ("blamed", "T3", "T4")))) == "ADMIT"


def test_a_spokesman_who_tells_what_his_body_did_admits() -> None:
    text = "قال الناطق باسم التحالف الدولي إن مقتل 9 مدنيين كان خطأ للتحالف"
    parts = (
        ("T1", "REPORT", "قال"),
        ("T2", "INTL", "الناطق باسم التحالف الدولي"),
        ("T3", "KILLED", "مقتل 9 مدنيين"),
        ("T4", "INTL", "للتحالف"),
    )
    spans = tuple(
        Span(name, label, CONFLICT.family_of(label), text.index(words), text.index(words) + len(words), words)
        for name, label, words in parts
    )
    links = (Link("R1", *HOLDER), Link("R2", *ABOUT), Link("R3", "blamed", "T3", "T4"))
    assert label(revise_stances(Article(text, spans, links))) == "ADMIT"


@pytest.mark.parametrize(
    "links",
    [
        (HOLDER, ABOUT),
        (HOLDER, ("blamed", "T3", "T4")),
        (ABOUT, ("blamed", "T3", "T4")),
        (HOLDER, ABOUT, ("blamed", "T3", "T5")),
    ],
    ids=["nobody blamed", "about something else", "no holder", "armed group"],
)
def test_other_reports_stay_reports(links: tuple[tuple[str, str, str], ...]) -> None:
    given = article(*links)
    assert revise_stances(given) == given


def test_other_stances_are_left_alone() -> None:
    given = article(HOLDER, ABOUT, ("blamed", "T3", "T4"), cue="DENY")
    assert revise_stances(given) == given


def test_a_target_that_is_there_is_not_made_twice() -> None:
    found = revise_stances(article(HOLDER, ABOUT, ("blamed", "T3", "T4"), ("target", "T1", "T4")))
    assert len([link for link in found.links if link.kind == "target"]) == 1
