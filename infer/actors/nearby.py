"""The mentions of an article by what they may be asked for, so that the nearest is found without reading them all.

By the actor they name, by label and words, by label and the nouns they are about. Which of them a mention takes up is
left to `context`; a mention is never compared with all others, so a book costs as much a word as a note.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from .mentions import Mention
from .table import ActorTable

__all__ = ["MOST_ASKED", "NearbyMentions", "nearest", "same_or_misspelt"]

MOST_ASKED = 200
"""How many mentions of one noun are compared on either side; an article of 2,000 words has some 200 of all actors."""


class NearbyMentions:
    """The mentions of one article in the order of the text, and where each kind of them stands."""

    def __init__(self, mentions: Sequence[Mention], has_owner: Callable[[Mention], bool]) -> None:
        self.mentions = mentions
        self.states = Counter(one.entry.name for one in mentions if one.entry and one.entry.type == "STATE")
        """How often each state is named."""
        self._starts = [mention.span.start_char for mention in mentions]
        self._of_entry: defaultdict[str, list[int]] = defaultdict(list)
        self._named: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)
        self._called: dict[tuple[str, str], list[int]] = {}
        self._free: defaultdict[str, list[int]] = defaultdict(list)
        self._alike: defaultdict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
        self._about: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._nouns: defaultdict[str, set[str]] = defaultdict(set)
        self._spelt: dict[str, tuple[str, ...]] = {}
        for at, mention in enumerate(mentions):
            label = mention.span.label
            if mention.entry is not None:
                self._of_entry[mention.entry.name].append(at)
                self._named[label].setdefault(mention.entry.name, []).append(at)
            if not has_owner(mention):
                self._free[label].append(at)
            self._alike[label, mention.stems].append(at)
            # The noun a mention is about stands first, or after the nouns that may stand before a body.
            for noun in set(mention.stems[: len(mention.stems) - len(mention.core) + 1]):
                self._about[label, noun].append(at)
                if noun not in self._nouns[noun]:
                    for key in _spellings(noun):
                        self._nouns[key].add(noun)

    def naming(self, names: Iterable[str], mention: Mention) -> Mention | None:
        """The nearest mention before one that names an actor of these, else the nearest after it."""
        lists = [self._of_entry[name] for name in names if name in self._of_entry]
        return nearest(self._around(places, mention) for places in lists)

    def free_before(self, mention: Mention) -> Mention | None:
        """The nearest mention of its label before one, of those that are not said to be another's."""
        return self._around(self._free.get(mention.span.label, []), mention)[0]

    def called(self, mention: Mention, noun: str, table: ActorTable) -> tuple[Mention | None, Mention | None]:
        """The nearest mentions of its label, before and after one, of an actor whose name begins with a noun."""
        key = mention.span.label, noun
        if key not in self._called:
            of_label = self._named.get(mention.span.label, {})
            entries = {name: table.entry(name) for name in of_label}
            bodies = [of_label[name] for name, entry in entries.items() if entry and table.called(entry, noun)]
            self._called[key] = sorted(at for places in bodies for at in places)
        return self._around(self._called[key], mention)

    def alike_before(self, mention: Mention) -> Mention | None:
        """The nearest mention before one with its label and its folded words."""
        return self._around(self._alike[mention.span.label, mention.stems], mention)[0]

    def about(
        self, mention: Mention, noun: str, fits: Callable[[Mention], bool]
    ) -> tuple[Mention | None, Mention | None]:
        """Of the mentions of its label about a noun, misspellings allowed, the nearest before and after that fit."""
        if noun not in self._spelt:
            near = {other for key in _spellings(noun) for other in self._nouns.get(key, ())}
            self._spelt[noun] = tuple(other for other in sorted(near) if same_or_misspelt(noun, other))
        label, at = mention.span.label, self._at(mention)
        before, after = [], []
        for other in self._spelt[noun]:
            found = self._about.get((label, other), [])
            first, last = bisect_left(found, at), bisect_left(found, at + 1)
            before += self._first(found[max(0, first - MOST_ASKED) : first][::-1], fits)
            after += self._first(found[last : last + MOST_ASKED], fits)
        return self._mention(max(before, default=None)), self._mention(min(after, default=None))

    def _first(self, places: Iterable[int], fits: Callable[[Mention], bool]) -> list[int]:
        """The first of some places whose mention fits, as a list of one or none."""
        return list(islice((at for at in places if fits(self.mentions[at])), 1))

    def _around(self, places: Sequence[int], mention: Mention) -> tuple[Mention | None, Mention | None]:
        """Of places in order the nearest before and after a mention."""
        at = self._at(mention)
        first, last = bisect_left(places, at), bisect_left(places, at + 1)
        before = places[first - 1] if first else None
        return self._mention(before), self._mention(places[last] if last < len(places) else None)

    def _mention(self, at: int | None) -> Mention | None:
        return None if at is None else self.mentions[at]

    def _at(self, mention: Mention) -> int:
        return bisect_left(self._starts, mention.span.start_char)


def nearest(around: Iterable[tuple[Mention | None, Mention | None]]) -> Mention | None:
    """Of pairs of a mention before and one after, the last before, else the first after."""
    pairs = list(around)
    before = [one for one, _ in pairs if one is not None]
    after = [one for _, one in pairs if one is not None]
    return max(before, key=_start, default=None) or min(after, key=_start, default=None)


def _start(mention: Mention) -> int:
    return mention.span.start_char


def same_or_misspelt(word: str, other: str) -> bool:
    """Whether two folded words are one, a letter left out or changed in a long one allowed."""
    if word == other:
        return True
    short, long = sorted((word, other), key=len)
    if len(short) < 4 or len(long) < 5 or len(long) - len(short) > 1:
        return False
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


def _spellings(word: str) -> set[str]:
    """Keys of which two words that differ in one letter share one: the word, and it without each of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))} if len(word) >= 4 else {word}
