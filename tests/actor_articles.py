"""Short articles for the tests of actors: spans are written into the text, «{INTL:التحالف}»."""

import re

from rasid.infer.actors import ActorTable, group_actors, speaks_for
from rasid.infer.articles import Article, Span
from rasid.infer.facts import Actor
from rasid.infer.scheme import CONFLICT

_SPAN = re.compile(r"\{(?P<label>[A-Z]+):(?P<text>[^}]*)\}")


def told(marked: str) -> Article:
    """The article whose spans stand in braces; they are T1, T2, … in the order of the text."""
    text, spans, at = "", [], 0
    for number, match in enumerate(_SPAN.finditer(marked), start=1):
        text += marked[at : match.start()]
        label, words = match["label"], match["text"]
        family = CONFLICT.family_of(label)
        spans.append(Span(f"T{number}", label, family, len(text), len(text) + len(words), words))
        text += words
        at = match.end()
    return Article(text + marked[at:], tuple(spans))


def names(marked: str, table: ActorTable | None = None) -> list[str]:
    """The name of the actor each mention of an article belongs to, in the order of the text."""
    article = told(marked)
    of = {mention: actor.name for actor in actors_of(marked, table) for mention in actor.mentions}
    return [of[span.id] for span in article.spans if span.family == "ACTOR"]


def actors_of(marked: str, table: ActorTable | None = None) -> tuple[Actor, ...]:
    """The actors of an article written that way."""
    return group_actors(told(marked), table or ActorTable.load())


def voices(marked: str) -> dict[str, str]:
    """Who speaks for whom in such an article, by name."""
    actors = actors_of(marked)
    name = {actor.id: actor.name for actor in actors}
    return {name[person]: name[body] for person, body in speaks_for(told(marked), actors).items()}
