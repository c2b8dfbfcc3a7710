"""Annotated articles for the tests of claims, written as text with the spans marked in it.

    ⟦REPORT c1|أفاد⟧ ⟦SOURCE a1|المرصد⟧ ⟦KILLED k1 14|بمقتل 14⟧

A mark holds the label, the id and, of a casualty, its count: 14, 22+, 3-9 or ? (unknown), or the rule's name
after it (3+:plural). Actors and places are one where their text is one, unless the test says otherwise.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rasid.infer.articles import Article, Link, Metadata, Span
from rasid.infer.claims import make_claims, make_incidents
from rasid.infer.facts import Actor, Bounds, Casualty, Claim, Facts, Incident, Place
from rasid.infer.scheme import CONFLICT

_MARK = re.compile(r"⟦(\w+) (\w+)(?: ([^|]+))?\|([^⟧]*)⟧")


@dataclass(frozen=True)
class Told:
    """An article with its facts, and look-ups by the names the test gave."""

    article: Article
    claims: tuple[Claim, ...]
    incidents: tuple[Incident, ...]
    actors: Mapping[str, str]

    def claim(self, cue: str) -> Claim:
        """The one claim that a cue or a casualty belongs to."""
        (claim,) = (one for one in self.claims if cue in one.cues or (not one.cues and cue in one.casualties))
        return claim

    def names(self, ids: tuple[str, ...]) -> set[str]:
        """Actors by name."""
        return {self.actors[name] for name in ids}


def tell(
    marked: str,
    *links: str,
    same: Mapping[str, str] | None = None,
    sides: Mapping[str, str] | None = None,
    parts: Mapping[str, str] | None = None,
    speaks_for: Mapping[str, str] | None = None,
    places: Mapping[str, Place] | None = None,
    published: str | None = None,
    scores: Mapping[str, float] | None = None,
) -> Told:
    """Make an article and all its facts from marked text and links («c1 holder a1»).

    `same` gives mentions (by span id) another actor's name, `sides` actors (by name) their side, `parts` the whole
    of a casualty span, `speaks_for` actor names, `scores` spans and links («c1 holder a1») their scores.
    """
    scores = scores or {}
    text, spans, casualties = _read(marked, scores)
    made = []
    for number, line in enumerate(links, start=1):
        source, kind, target = line.split()
        made.append(Link(f"R{number}", kind, source, target, scores.get(line)))
    article = Article(text, tuple(spans), tuple(made), id="told", metadata=Metadata(published=published))
    names = {span.id: (same or {}).get(span.id, span.text) for span in spans if span.family == "ACTOR"}
    actors = []
    for number, name in enumerate(dict.fromkeys(names.values()), start=1):
        mentions = tuple(mention for mention, called in names.items() if called == name)
        label = article.span(mentions[0]).label
        actors.append(Actor(f"A{number}", name, label, False, mentions, (sides or {}).get(name)))
    ids = {actor.name: actor.id for actor in actors}
    bodies = {ids[one]: ids[other] for one, other in (speaks_for or {}).items()}
    found = [
        replace(one, part_of=(parts or {}).get(one.span)) if one.span in (parts or {}) else one for one in casualties
    ]
    located = tuple(
        (places or {}).get(span.id, Place(span.id, span.text)) for span in article.spans if span.family == "LOCATION"
    )
    claims = make_claims(article, found, located, actors, bodies)
    incidents = make_incidents(article, claims, found, located, actors, bodies)
    facts = Facts(tuple(found), located, tuple(actors), claims, incidents)
    return Told(replace(article, facts=facts), claims, incidents, {actor.id: actor.name for actor in actors})


def _read(marked: str, scores: Mapping[str, float]) -> tuple[str, list[Span], list[Casualty]]:
    text, at = "", 0
    spans, casualties = [], []
    for match in _MARK.finditer(marked):
        label, name, count, words = match.groups()
        text += marked[at : match.start()]
        start = len(text)
        text += words
        at = match.end()
        family = CONFLICT.family_of(label)
        spans.append(Span(name, label, family, start, len(text), words, scores.get(name)))
        if family == "CASUALTY":
            bounds, _, rule = (count or "?").partition(":")
            casualties.append(Casualty(name, label, _bounds(bounds), rule or "exact"))
    return text + marked[at:], spans, casualties


def _bounds(count: str) -> Bounds:
    if count == "?":
        return Bounds(None, None)
    if count.endswith("+"):
        return Bounds(int(count[:-1]), None)
    low, _, high = count.partition("-")
    return Bounds(int(low), int(high or low))
