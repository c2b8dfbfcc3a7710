"""Whom a mention means that names nobody of its own: «التحالف», «الجيش», «الحركة», «قواته».

Decided inside the article, in this order: a long form of the same actor, the nearest before it; the countries the
article speaks of; a longer mention whose words it repeats; for the arms and offices every state has, the country most
of the article's places are in. What none of them decides stays unknown.
"""

from collections import Counter
from collections.abc import Iterable

from ..articles import Article
from .folding import fold_word, readings, words_of
from .mentions import Mention
from .nearby import NearbyMentions, nearest, same_or_misspelt
from .nouns import BODY_NOUNS, FORCE_NOUNS, GOVERNMENT_NOUNS, PEOPLE_OF_ITS, STATE_HEADS
from .table import ActorEntry, ActorTable

__all__ = ["antecedent", "by_country", "by_long_form", "countries_of", "government", "has_owner", "possessor"]

_OFTEN = 3
"""Mentions of the only state an article names before «الطائرات» is taken for its own."""

_POSSESSIVES = ("هما", "هم", "هن", "ها", "ه")


def countries_of(article: Article, mentions: Iterable[Mention], table: ActorTable) -> Counter[str]:
    """How often the article's places lie in each country; the homes of its armed actors where it names no place.

    A place that was looked up in the gazetteer counts for the country it was found in, any other by its name.
    """
    found = {place.span: place.country for place in article.places if place.country}
    countries: Counter[str] = Counter()
    for span in article.spans:
        if span.family == "LOCATION":
            country = found.get(span.id) or _country_named(span.text, table)
            if country:
                countries[country] += 1
    if not countries:
        homes = (m.entry.countries[0] for m in mentions if m.entry and m.entry.type != "STATE" and m.entry.countries)
        countries.update(homes)
    return countries


def by_long_form(mention: Mention, mentions: NearbyMentions) -> ActorEntry | None:
    """The candidate the article names in full nearest before the mention, else nearest after it."""
    named = mentions.naming((entry.name for entry in mention.candidates), mention)
    return named.entry if named else None


def by_country(candidates: Iterable[ActorEntry], countries: Counter[str]) -> ActorEntry | None:
    """The candidate that acts where the article plays; None where none does or two do equally."""
    scores = [(sum(countries[code] for code in entry.countries), entry) for entry in candidates]
    top = max((score for score, _ in scores), default=0)
    best = [entry for score, entry in scores if score == top]
    if len(best) > 1:  # an actor at home there before one that has come
        best = [entry for entry in best if countries[entry.countries[0]] > 0]
    return best[0] if top > 0 and len(best) == 1 else None


def antecedent(mention: Mention, mentions: NearbyMentions, table: ActorTable) -> Mention | None:
    """The mention that a definite one takes up: one with all its words and more, or a body of that noun's name.

    The nearest before it, else the nearest after; of those about its noun no more than `MOST_ASKED` on either side.
    """
    if not mention.definite or mention.closed:
        return None
    core = mention.core
    # «الميليشيات» are several, and may be anybody's.
    several = mention.words[-1].endswith("ات") and core[0] != "قوات"

    def has_all_words(other: Mention) -> bool:
        return other.stems != mention.stems and len(other.stems) > len(core) and _all_in(core, other.stems)

    # The noun itself must be what the other is about: «الإرهابيين» does not take up «الانتحاري الإرهابي».
    found = [(mentions.alike_before(mention), None), mentions.about(mention, core[0], has_all_words)]
    if len(core) == 1 and core[0] in BODY_NOUNS and not several:
        found.append(mentions.called(mention, core[0], table))
    return nearest(found)


def possessor(mention: Mention, mentions: NearbyMentions) -> Mention | None:
    """The body before «قواته», «مدفعيتها» or «مقاوميها»: the nearest earlier mention of its label."""
    if mention.closed or mention.span.label not in ("STATE", "ARMED", "INTL", "PARTY") or not has_owner(mention):
        return None
    return mentions.free_before(mention)


def government(
    mention: Mention, mentions: NearbyMentions, countries: Counter[str], table: ActorTable
) -> ActorEntry | None:
    """The state whose arm or office an unnamed one is: the country's own, for forces the only state named.

    Planes and forces without the article are never laid at a state's door: «طائرات قصفت» stays unknown.
    """
    if mention.span.label != "STATE" or mention.closed or mention.stems[0] not in STATE_HEADS:
        return None
    states = mentions.states
    only = table.entry(next(iter(states))) if len(states) == 1 else None
    if mention.has(FORCE_NOUNS) and not mention.definite:
        return None
    if mention.has(GOVERNMENT_NOUNS):
        ranked = countries.most_common(1)
        if not ranked:
            return only
        if ranked[0][1] * 2 <= countries.total():
            return None
        home = table.state_of(ranked[0][0])
        # Where another state is named more than the country's own, «رئيس الحكومة» may be either's.
        return home if home and states[home.name] >= max(states.values(), default=0) else None
    if mention.has(FORCE_NOUNS) and states.total() >= _OFTEN:
        return only
    return None


def has_owner(mention: Mention) -> bool:
    """Whether a mention says that it is another's: «قواته», «الناطق باسمها»."""
    return _is_owned(mention.words[0]) or not _IN_ITS_NAME.isdisjoint(mention.words)


def _is_owned(word: str) -> bool:
    """Whether a word is a body's people or arms with a possessive ending («قواته»)."""
    nouns = (word.removesuffix(ending) for ending in _POSSESSIVES if word.endswith(ending))
    # «مدفعيته» is «مدفعية» and «مقاتليها» «مقاتلين» with the ending taken off.
    forms = (form for noun in nouns for form in (noun, noun.removesuffix("ت") + "ة", noun + "ن"))
    return any(fold_word(form) in FORCE_NOUNS | PEOPLE_OF_ITS for form in forms)


_IN_ITS_NAME = frozenset({"باسمه", "باسمها", "باسمهم", "بلسانه", "بلسانها"})
"""«الناطق باسمها» is the office of the body spoken of."""


def _all_in(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    return all(any(same_or_misspelt(word, other) for other in many) for word in few)


def _country_named(text: str, table: ActorTable) -> str | None:
    words = words_of(text)
    for at, word in enumerate(words):
        for length in (3, 2, 1):
            rest = tuple(map(fold_word, words[at + 1 : at + length]))
            for reading in readings(word):
                country = table.place_countries.get((fold_word(reading), *rest))
                if country is not None:
                    return country
    return None
