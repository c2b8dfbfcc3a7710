"""Which names of persons in an article are one person: short after long, spellings of one name, bynames.

«الكولونيل رايان ديلون» and «ديلون» are one, «جيراسيموف» and «غيراسيموف», «سيف الله بن حسين، المكنى أبو عياض». Two
different given names are two persons, whatever family they share.
"""

from collections import defaultdict
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

_MOST_NAMESAKES = 200
"""How many persons that share a part of a name are compared with it."""

Name = tuple[str, ...]


@dataclass(slots=True)
class Person:
    """A person while an article is read: the table's entry where it has one, the names (each once) and mentions."""

    entry: ActorEntry | None
    names: dict[Name, None] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)


class _People:
    """The persons of an article in the order they are met, and by the consonants of their names' parts."""

    def __init__(self) -> None:
        self.met: list[Person] = []
        self._by_part: defaultdict[str, list[int]] = defaultdict(list)
        self._by_entry: dict[str, Person] = {}
        self._number: dict[int, int] = {}

    def add(self, person: Person) -> None:
        """A person met for the first time."""
        self._number[id(person)] = len(self.met)
        self.met.append(person)
        if person.entry is not None:
            self._by_entry[person.entry.name] = person
        for name in person.names:
            self._note(person, name)

    def call(self, person: Person, name: Name) -> None:
        """One more name of a person; a name he has is not noted twice."""
        if name not in person.names:
            person.names[name] = None
            self._note(person, name)

    def of_entry(self, entry: ActorEntry) -> Person | None:
        """The person of the table, if he was met."""
        return self._by_entry.get(entry.name)

    def sharing(self, name: Name, *, unlisted: bool) -> list[Person]:
        """Those with a part of this name in theirs, the last met first; `unlisted`, only those the table lacks.

        Of those with one part the last `_MOST_NAMESAKES`: an article of 2,000 words has fewer persons.
        """
        numbers = {at for part in name for at in self._by_part.get(skeleton(part), ())[-_MOST_NAMESAKES:]}
        found = (self.met[at] for at in sorted(numbers, reverse=True))
        return [person for person in found if not unlisted or person.entry is None]

    def _note(self, person: Person, name: Name) -> None:
        at = self._number[id(person)]
        for part in dict.fromkeys(map(skeleton, name)):
            places = self._by_part[part]
            if at not in places[-1:]:
                places.append(at)


def without_titles(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name without the ranks and titles before it; a title alone stays."""
    at = 0
    while at < len(words) - 1 and fold_word(words[at]) in TITLES:
        at += 1
    return words[at:]


def group_people(article: Article, mentions: list[Mention], table: ActorTable) -> list[Person]:
    """The persons of an article, from its PERSON mentions in the order of the text."""
    people = _People()
    names = [_name(mention.words) for mention in mentions]
    entries = [_entry(mention, table) for mention in mentions]
    in_full = {entry.name for entry, name in zip(entries, names, strict=True) if entry and len(name) > 1}
    for mention, name, entry in zip(mentions, names, entries, strict=True):
        person = _known(entry, name, people, in_full) if entry else _match(name, people.sharing(name, unlisted=False))
        if person is None:
            person = Person(entry, {_name(tuple(words_of(entry.name))): None} if entry else {})
            people.add(person)
        people.call(person, name)
        person.mentions.append(mention)
    return _join_bynames(article, people.met)


def _entry(mention: Mention, table: ActorTable) -> ActorEntry | None:
    """The person of the table whom the whole name means, with or without titles."""
    for words in (mention.words, without_titles(mention.words)):
        alias = table.alias_at(words, 0)
        if alias is not None and alias.words == len(words):
            for entry in alias.entries:
                if entry.type == "PERSON":
                    return entry
    return None


def _known(entry: ActorEntry, name: Name, people: _People, in_full: set[str]) -> Person | None:
    """The person of the table, met before or not; a namesake the article names in full comes before a bare surname."""
    if len(name) == 1 and entry.name not in in_full:
        namesake = _match(name, people.sharing(name, unlisted=True))
        if namesake is not None:
            return namesake
    return people.of_entry(entry)


def _match(name: Name, people: list[Person]) -> Person | None:
    """The first person whose name this is, in whole or by surname or byname; else by given name."""
    for fits in (_is_same, _is_given_name):
        for person in people:
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
    joined: set[int] = set()
    of = {mention.span.id: person for person in people for mention in person.mentions}
    spans = sorted((m.span for person in people for m in person.mentions), key=lambda span: span.start_char)
    for span, following in pairwise(spans):
        between = article.text[span.end_char : following.start_char]
        if len(between) > _LONGEST_APPOSITION or NICKNAME_CUES.isdisjoint(map(fold_word, words_of(between))):
            continue
        person, byname = of[span.id], of[following.id]
        if person is not byname and (person.entry is None or byname.entry is None):
            person.entry = person.entry or byname.entry
            person.names |= byname.names
            person.mentions += byname.mentions
            of.update({mention.span.id: person for mention in byname.mentions})
            joined.add(id(byname))
    return [person for person in people if id(person) not in joined]
