"""What a mention's own words say: its folded words and the actor of the table it names or is an arm or office of.

«طيران النظام», «الناطق باسم التحالف الدولي» and «وزير الخارجية الروسي» name their owner. Whom a mention means that
names nobody is left to `context`.
"""

from collections.abc import Collection
from dataclasses import dataclass

from ..articles import Article, Span
from .folding import fold_word, is_definite, readings, words_of
from .nouns import (
    BODY_NOUNS,
    CONSTRUCT_PLURALS,
    EPITHETS,
    FORCE_NOUNS,
    FORMER,
    GOVERNMENT_NOUNS,
    LEADING_NOUNS,
    MEDIA_NOUNS,
    NOT_ITS_BODY,
    OFFICE_NOUNS,
    ROLE_NOUNS,
    UNIDENTIFIED,
)
from .table import ActorEntry, ActorTable

__all__ = ["Mention", "plain_words", "read_mention", "vocabulary"]

_POLITICAL = frozenset({"STATE", "ARMED", "INTL", "PARTY"})
_NOUNS = BODY_NOUNS | FORCE_NOUNS | GOVERNMENT_NOUNS | LEADING_NOUNS | NOT_ITS_BODY | OFFICE_NOUNS | ROLE_NOUNS
_BEFORE_SHORT = LEADING_NOUNS | FORCE_NOUNS | BODY_NOUNS | GOVERNMENT_NOUNS | CONSTRUCT_PLURALS
_STATE_NOUNS = OFFICE_NOUNS | FORCE_NOUNS | GOVERNMENT_NOUNS | LEADING_NOUNS
_SAME_NOUN = {"مصادر": "مصدر", "شهود": "شاهد", "مراسلنا": "مراسل", "مراسلتنا": "مراسل", "مراسنا": "مراسل"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of the ACTOR family, read.

    `words` stand without the particles before them, `stems` are their folded forms. `entry` is the actor the words
    name; `candidates` those they may name where the article bears it out; `closed` mentions are never resolved from
    context (a former office, the allies of a body, planes said to be unidentified).
    """

    span: Span
    words: tuple[str, ...]
    stems: tuple[str, ...]
    entry: ActorEntry | None
    candidates: tuple[ActorEntry, ...]
    closed: bool

    @property
    def definite(self) -> bool:
        """Whether the mention speaks of something known («التنظيم», «مسلحي التنظيم»)."""
        return is_definite(self.words[0]) or is_definite(self.words[-1]) or self.words[0].endswith("نا")

    @property
    def core(self) -> tuple[str, ...]:
        """The stems without the nouns that may stand before a body («مسلحي التنظيم» is التنظيم)."""
        at = 0
        while at < len(self.stems) - 1 and self.stems[at] in LEADING_NOUNS:
            at += 1
        return self.stems[at:]

    def has(self, nouns: Collection[str]) -> bool:
        """Whether any of its words is one of these nouns."""
        return not nouns.isdisjoint(self.stems) if isinstance(nouns, frozenset) else any(s in nouns for s in self.stems)


def vocabulary(article: Article) -> frozenset[str]:
    """The words of an article as they stand and folded, by which an attached particle is told from a first letter."""
    words = words_of(article.text)
    return frozenset(words) | frozenset(map(fold_word, words))


def plain_words(text: str, known: frozenset[str], *, name: bool = False) -> tuple[str, ...]:
    """The words of a mention without particles, where that leaves the article or a word we know.

    A person's `name` loses one only where the article has the rest («فاليري» is not «ف» and «اليري»).
    """
    words = words_of(text) or [text]
    rest = (_plain(word, known, name=name) if word[0] in "ول" else word for word in words[1:])
    return (_plain(words[0], known, name=name), *rest)


def read_mention(span: Span, table: ActorTable, known: frozenset[str]) -> Mention:
    """Read one mention; `known` is the article's vocabulary. PERSON mentions get no entry here: see `people`."""
    words = plain_words(span.text, known, name=span.label == "PERSON")
    stems = tuple(_stem(word) for word in words)
    around = stems[0] in NOT_ITS_BODY
    former = not FORMER.isdisjoint(stems)
    closed = around or former or not UNIDENTIFIED.isdisjoint(stems)
    entry: ActorEntry | None = None
    candidates: tuple[ActorEntry, ...] = ()
    if span.label != "PERSON":
        entry, candidates = _owner(span, words, table, whole_only=around or former)
        if entry is None and not closed and span.label == "STATE" and stems[0] in _STATE_NOUNS:
            entry = _of_city(words, table) or _of_ruler(words, table)
    return Mention(span, words, stems, entry, () if closed else candidates, closed)


def _owner(
    span: Span, words: tuple[str, ...], table: ActorTable, *, whole_only: bool
) -> tuple[ActorEntry | None, tuple[ActorEntry, ...]]:
    """The actor named, and those a short form in the mention may mean: the best fit to the label, then the first."""
    raw = tuple(words_of(span.text)) or words
    best: tuple[int, int, ActorEntry] | None = None
    short: dict[str, ActorEntry] = {}
    at = 0
    while at < len(words):
        # Each word is tried with its particles first: «وكالة» is not «كالة», «فلسطين» not «لسطين».
        alias = table.alias_at(raw, at)
        if alias is None:
            at += 1
            continue
        run = _Run(words, at, alias.words, definite=is_definite(raw[at]))
        for entry in alias.entries:
            rank = _misfit(entry, span.label, run)
            if rank is not None and (run.whole or not whole_only) and (best is None or (rank, at) < best[:2]):
                best = (rank, at, entry)
        if alias.short and run.may_be_short:
            fitting = [entry for entry in alias.short if entry.type == span.label or _misfit(entry, span.label, run)]
            short.update({entry.name: entry for entry in fitting})
        at += alias.words
    if best is None and len(span.text) > 4:
        glued = table.glued(span.text)
        if glued is not None and _misfit(glued, span.label, _Run(words, 0, len(words), definite=True)) is not None:
            return glued, ()
    return (best[2] if best else None), tuple(short.values())


@dataclass(frozen=True, slots=True)
class _Run:
    """Some words of a mention that are an alias: from `at`, `length` of them."""

    words: tuple[str, ...]
    at: int
    length: int
    definite: bool

    @property
    def whole(self) -> bool:
        """Whether they are all the mention has."""
        return self.length == len(self.words)

    @property
    def may_be_short(self) -> bool:
        """Whether a short form is a body here: «مسلحي التنظيم», but not «تنظيم», «التنظيمات», «محور المقاومة»."""
        before = self.words[: self.at]
        after = self.words[self.at + self.length :]
        one = self.length == 1
        return (
            (not one or (self.definite and not self.words[self.at].endswith("ات")))
            and all(_stem(word) in _BEFORE_SHORT for word in before)
            and all(fold_word(word) in EPITHETS for word in after)
        )


def _misfit(entry: ActorEntry, label: str, run: _Run) -> int | None:
    """0 where the actor's type is the label, 1 where the label may be another view of it, None where it cannot be."""
    if entry.type == label:
        # «صحيفة الحياة» is a paper, «الحياة» inside another name a word.
        bare = label == "SOURCE" and run.length == 1 and run.at > 0
        return None if bare and fold_word(run.words[run.at - 1]) not in MEDIA_NOUNS else 0
    fits = run.whole or run.length > 1
    if {label, entry.type} == {"ARMED", "PARTY"}:
        return 1 if fits or run.definite else None
    if label in _POLITICAL and entry.type in _POLITICAL:
        # A nationality makes no militia or party the arm of that state («سعوديين»).
        return 1 if fits and (entry.type != "STATE" or (run.whole and run.length > 1)) else None
    if {label, entry.type} == {"SOURCE", "INTL"} or (label == "CIVILIAN" and entry.type in ("SOURCE", "INTL")):
        return 1 if run.length > 1 or (label != "CIVILIAN" and run.whole) else None
    return 1 if label == "SOURCE" and entry.type != "PERSON" and run.whole and run.length > 1 else None


def _of_city(words: tuple[str, ...], table: ActorTable) -> ActorEntry | None:
    """The state whose office or force bears the name of a city («قائد شرطة دمشق», «محافظ كركوك»)."""
    for at in range(1, len(words)):
        for length in (3, 2, 1):
            country = table.place_countries.get(tuple(map(fold_word, words[at : at + length])))
            if country is not None:
                return table.state_of(country)
    return None


def _of_ruler(words: tuple[str, ...], table: ActorTable) -> ActorEntry | None:
    """The state whose government or force bears the name of who leads it («حكومة نتنياهو»)."""
    for at in range(1, len(words)):
        alias = table.alias_at(words, at)
        for entry in alias.entries if alias else ():
            if entry.type == "PERSON" and entry.countries:
                return table.state_of(entry.countries[0])
    return None


def _plain(word: str, known: frozenset[str], *, name: bool) -> str:
    found = readings(word)[1:]
    # Words we know come first: «للجنة» is «لجنة» where the article has it, and «الجنة» only else.
    for reading in found:
        folded = "" if name else fold_word(reading)
        if reading in known or folded in _NOUNS or (len(folded) > 3 and folded in known):
            return reading
    return next((reading for reading in found if is_definite(reading) and not name), word)


def _stem(word: str) -> str:
    stem = fold_word(word)
    if stem[-1:] in ("و", "ي") and stem[:-1] in CONSTRUCT_PLURALS:
        stem = stem[:-1]
    return _SAME_NOUN.get(stem, stem)
