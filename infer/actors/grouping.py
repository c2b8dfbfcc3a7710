"""The actors of an article: every mention of the ACTOR family belongs to exactly one.

A mention is its owner's where its words name one (`mentions`), a person's by name (`people`), else decided from the
article (`context`); a class of people («مدنيين», «شهود عيان») is one actor by its folded form. What no rule decides
stays an actor of its own, under its own name: nothing is dropped and nobody guessed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..articles import Article
from ..facts import Actor
from .context import antecedent, by_country, by_long_form, countries_of, government, has_owner, possessor
from .folding import words_of
from .mentions import Mention, read_mention, vocabulary
from .nearby import NearbyMentions
from .nouns import OFFICE_NOUNS, ROLE_NOUNS
from .people import Person, group_people, without_titles
from .table import ActorEntry, ActorTable

__all__ = ["group_actors"]


@dataclass(frozen=True, slots=True)
class _Key:
    """What mentions of one actor have in common: the table's entry, a person, or a label and a folded form."""

    entry: ActorEntry | None = None
    person: int | None = None
    form: tuple[str, ...] = ()


def group_actors(article: Article, table: ActorTable) -> tuple[Actor, ...]:
    """The actors of an article with their mentions, numbered A1, A2, … in the order of their first mention.

    Uses the article's spans, and its places where they have been resolved; links are not looked at.
    """
    known = vocabulary(article)
    mentions = [read_mention(span, table, known) for span in article.spans if span.family == "ACTOR"]
    people = group_people(article, [m for m in mentions if m.span.label == "PERSON"], table)
    keys = _keys_of_people(people)
    keys |= _keys_of_bodies(article, [m for m in mentions if m.span.label != "PERSON"], table)
    _join_appositions(article, mentions, keys)
    groups: dict[_Key, list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(keys[mention.span.id], []).append(mention)
    return tuple(_actor(f"A{number}", key, group) for number, (key, group) in enumerate(groups.items(), start=1))


def _keys_of_people(people: list[Person]) -> dict[str, _Key]:
    keys: dict[str, _Key] = {}
    for number, person in enumerate(people):
        key = _Key(entry=person.entry) if person.entry else _Key(person=number)
        keys.update({mention.span.id: key for mention in person.mentions})
    return keys


def _keys_of_bodies(article: Article, mentions: Sequence[Mention], table: ActorTable) -> dict[str, _Key]:
    countries = countries_of(article, mentions, table)
    keys: dict[str, _Key] = {}
    takes_up: dict[str, Mention] = {}
    in_full = NearbyMentions(mentions, has_owner)
    mentions = [_with_short_form(mention, in_full, countries) for mention in mentions]
    nearby = NearbyMentions(mentions, has_owner)
    for mention in mentions:
        entry = mention.entry
        if entry is None and mention.span.label != "CIVILIAN":
            earlier = possessor(mention, nearby) or antecedent(mention, nearby, table)
            if earlier is not None:
                takes_up[mention.span.id] = earlier
                continue
            entry = government(mention, nearby, countries, table)
        keys[mention.span.id] = _Key(entry=entry) if entry else _own_key(mention)
    for mention in mentions:
        last, seen = mention, {mention.span.id}
        # What a mention before it came to holds for all that take it up, so that no chain is followed twice.
        while last.span.id not in keys and last.span.id in takes_up and takes_up[last.span.id].span.id not in seen:
            last = takes_up[last.span.id]
            seen.add(last.span.id)
        keys.setdefault(mention.span.id, keys.get(last.span.id) or _own_key(last))
    return keys


def _with_short_form(mention: Mention, mentions: NearbyMentions, countries: Counter[str]) -> Mention:
    if mention.entry is not None or not mention.candidates:
        return mention
    return replace(mention, entry=by_long_form(mention, mentions) or by_country(mention.candidates, countries))


def _own_key(mention: Mention) -> _Key:
    return _Key(form=(mention.span.label, *sorted(mention.stems)))


def _join_appositions(article: Article, mentions: Sequence[Mention], keys: dict[str, _Key]) -> None:
    """Give a description beside a name, or a name in brackets after another, the actor it stands beside."""
    for first, second in pairwise(mentions):
        gap = article.text[first.span.end_char : second.span.start_char].strip(" ،,\"«»“”'")
        if gap not in ("", "("):
            continue
        of_first, of_second = keys[first.span.id], keys[second.span.id]
        one_label = first.span.label == second.span.label
        if second.span.label == "PERSON" and _describes(first, of_first):
            keys[first.span.id] = of_second
        elif (first.span.label == "PERSON" and _describes(second, of_second)) or (
            gap == "(" and one_label and of_second.form
        ):
            keys[second.span.id] = of_first
        elif gap == "(" and one_label and of_first.form:
            keys[first.span.id] = of_second


def _describes(mention: Mention, key: _Key) -> bool:
    """Whether a mention only says what a person is or was («الصحافي», «الرئيس السابق»): it names no body."""
    word = words_of(mention.span.text)[0]
    # «قال بيسكوف للصحفيين»: several, or joined by a particle, are somebody else.
    alone = word == mention.words[0] and not word.endswith(("ين", "ون", "ان"))
    over = mention.closed and mention.stems[0] in OFFICE_NOUNS
    return bool(key.form) and alone and (mention.stems[0] in ROLE_NOUNS or over)


def _actor(name: str, key: _Key, mentions: list[Mention]) -> Actor:
    ids = tuple(mention.span.id for mention in mentions)
    if key.entry is not None:
        return Actor(name, key.entry.name, key.entry.type, True, ids, key.entry.side)
    labels = Counter(mention.span.label for mention in mentions)
    label = "PERSON" if key.person is not None else labels.most_common(1)[0][0]
    return Actor(name, _normalised_name(mentions, label), label, False, ids)


def _normalised_name(mentions: list[Mention], label: str) -> str:
    """The longest mention with the actor's label, the first of them, without particles; a person's without titles."""
    names = [mention.words for mention in mentions if mention.span.label == label]
    if label == "PERSON":
        names = [without_titles(words) for words in names]
    longest = max(names, key=len)
    return " ".join(longest)
