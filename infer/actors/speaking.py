"""Who speaks for whom: the person named beside an office, and the body the office belongs to.

Only what the text joins counts («الناطق باسم التحالف الدولي، الكولونيل رايان ديلون»), never what is known of a person.
"""

from collections.abc import Sequence
from itertools import pairwise

from ..articles import Article, Span
from ..facts import Actor
from .folding import fold_word, readings, words_of
from .nouns import FORMER, OFFICE_NOUNS

__all__ = ["speaks_for"]

_BETWEEN = " \u00a0،,:()[]«»\"“”'-–\u200f\u200e"


def speaks_for(article: Article, actors: Sequence[Actor]) -> dict[str, str]:
    """The body each person of an office speaks for: ids of actors to ids of actors, both among those given.

    The office may stand before the name or after it. A person named with two offices speaks for the first.
    """
    actor_of = {mention: actor.id for actor in actors for mention in actor.mentions}
    spans = [span for span in article.spans if span.id in actor_of]
    bodies: dict[str, str] = {}
    for first, second in pairwise(spans):
        if (first.label == "PERSON") == (second.label == "PERSON"):
            continue
        person, office = (first, second) if first.label == "PERSON" else (second, first)
        between = article.text[first.end_char : second.start_char]
        if between.strip(_BETWEEN) or len(between) > 4 or not _is_office(office):
            continue
        if actor_of[person.id] != actor_of[office.id]:
            bodies.setdefault(actor_of[person.id], actor_of[office.id])
    return bodies


def _is_office(span: Span) -> bool:
    words = words_of(span.text)
    if span.label == "CIVILIAN" or not words or any(fold_word(word) in FORMER for word in words):
        return False
    return any(fold_word(reading) in OFFICE_NOUNS for reading in readings(words[0]))
