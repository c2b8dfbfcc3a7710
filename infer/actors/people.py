"""Which names of persons in an article are one person: short after long, spellings of one name, bynames.

«الكولونيل رايان ديلون» and «ديلون» are one, «جيراسيموف» and «غيراسيموف», «سيف الله بن حسين، المكنى أبو عياض». Two
different given names are two persons, whatever family they share.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from ..articles import Article
from .folding import fold_word, skeleton, words_of
from .mentions import Mention
from .nouns import NICKNAME_CUES, TITLES
from .table import ActorEntry, ActorTable

__all__ = ["Person", "group_people", "without_titles"]

_JOINED_TO_NEXT = frozenset(map(fold_word, ("أبو", "أبي", "أبا", "عبد", "بن", "ابن", "آل", "دي", "أم", "بو")))
_KUNYA = frozenset(map(fold_word, ("أبو", "أبي", "أبا", "بو")))
_LONGEST_APPOSITION = 30
"""Characters between a name and its byname («، المكنى بـ»)."""

Name = tuple[str, ...]


@dataclass(slots=True)
class Person:
    """A person while an article is read: the table's entry where it has one, the names and mentions so far."""

    entry: ActorEntry | None
    names: list[Name] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)


def without_titles(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name without the ranks and titles before it; a title alone stays."""
    at = 0
    while at < len(words) - 1 and fold_word(words[at]) in TITLES:
        at += 1
    return words[at:]


def group_people(article: Article, mentions: list[Mention], table: ActorTable) -> list[Person]:
    """The persons of an article, from its PERSON mentions in the order of the text."""
    people: list[Person] = []
    names = [_name(mention.words) for mention in mentions]
    entries = [_entry(mention, table) for mention in mentions]
    in_full = {entry.name for entry, name in zip(entries, names, strict=True) if entry and len(name) > 1}
    for mention, name, entry in zip(mentions, names, entries, strict=True):
        person = _known(entry, name, people, in_full) if entry else _match(name, people)
        if person is None:
            person = Person(entry, [_name(tuple(words_of(entry.name)))] if entry else [])
            people.append(person)
        person.names.append(name)
        person.mentions.append(mention)
    return _join_bynames(article, people)


def _entry(mention: Mention, table: ActorTable) -> ActorEntry | None:
    """The person of the table whom the whole name means, with or without titles."""
    for words in (mention.words, without_titles(mention.words)):
        alias = table.alias_at(words, 0)
        if alias is not None and alias.words == len(words):
            for entry in alias.entries:
                if entry.type == "PERSON":
                    return entry
    return None


def _known(entry: ActorEntry, name: Name, people: list[Person], in_full: set[str]) -> Person | None:
    """The person of the table, met before or not; a namesake the article names in full comes before a bare surname."""
    if len(name) == 1 and entry.name not in in_full:
        namesake = _match(name, [person for person in people if person.entry is None])
        if namesake is not None:
            return namesake
    return next((person for person in people if person.entry is entry), None)


def _match(name: Name, people: list[Person]) -> Person | None:
    """The person met last whose name this is, in whole or by surname or byname; else by given name."""
    for fits in (_is_same, _is_given_name):
        for person in reversed(people):
            # «رفيق الحريري» is not the Hariri met before as «سعد الحريري» and «الحريري».
            in_full = [other for other in person.names if len(other) > 1]
            if any(fits(name, other) for other in (in_full or person.names)):
                return person
    return None


def _is_same(name: Name, other: Name) -> bool:
    few, many = sorted((name, other), key=len)
    if len(few) == 1:
        return any(_equal(few[0], word) for word in many if word == many[-1] or word.startswith("ابو"))
    rest = iter(many)
    return all(any(_equal(word, next_word) for next_word in rest) for word in few)


def _is_given_name(name: Name, other: Name) -> bool:
    few, many = sorted((name, other), key=len)
    return len(few) == 1 and _equal(few[0], many[0])


def _equal(word: str, other: str) -> bool:
    if word == other:
        return True
    bones = skeleton(word)
    return len(bones) >= 3 and bones == skeleton(other) and abs(len(word) - len(other)) <= 2


def _name(words: tuple[str, ...]) -> Name:
    """The parts of a name, folded: a kunya, «عبد …» and «… الله» are one part each."""
    parts: list[str] = []
    pending = ""
    for word in without_titles(words):
        folded = fold_word(word)
        if folded in _JOINED_TO_NEXT:
            pending += "ابو" if folded in _KUNYA else folded
        elif word == "الله" and parts and not pending:
            parts[-1] += folded
        else:
            parts.append(pending + folded)
            pending = ""
    return tuple(parts) if parts else (pending or fold_word(words[0]),)


def _join_bynames(article: Article, people: list[Person]) -> list[Person]:
    of = {mention.span.id: person for person in people for mention in person.mentions}
    spans = sorted((m.span for person in people for m in person.mentions), key=lambda span: span.start_char)
    for span, following in pairwise(spans):
        between = article.text[span.end_char : following.start_char]
        if len(between) > _LONGEST_APPOSITION or NICKNAME_CUES.isdisjoint(map(fold_word, words_of(between))):
            continue
        person, byname = of[span.id], of[following.id]
        if person is not byname and (person.entry is None or byname.entry is None):
            person.entry = person.entry or byname.entry
            person.names += byname.names
            person.mentions += byname.mentions
            of.update({mention.span.id: person for mention in byname.mentions})
            people = [other for other in people if other is not byname]
    return people
