"""An article's spans and links, with what was made of them, looked up by id: the ground that claims are built on.

Tells which spans a link of a kind leads to, which actor a mention is and for which body he speaks. It decides
nothing about claims.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ..articles import Article, Link, Span
from ..errors import ArticleError
from ..facts import Actor, Casualty
from .date_rules import StatedDate, find_dates
from .words import FoldedWord, Sentences, folded_words

__all__ = ["CASUALTY_LINKS", "SpanGraph", "ordered"]

CASUALTY_LINKS = ("place", "victim", "blamed")
"""The kinds of link that lead from a casualty."""


@dataclass(frozen=True, slots=True)
class SpanGraph:
    """Look-ups over one article.

    `actor_of` gives the actor of an ACTOR span, `body_of` the body of a spokesman, `tellers` the cues that are about
    a casualty span, for those that some cue is about.
    """

    article: Article
    spans: Mapping[str, Span]
    links: Mapping[tuple[str, str], tuple[Link, ...]]
    casualties: Mapping[str, Casualty]
    actor_of: Mapping[str, str]
    body_of: Mapping[str, str]
    sentences: Sentences
    tellers: Mapping[str, frozenset[str]]
    _words: dict[int, list[FoldedWord]] = field(default_factory=dict, repr=False)
    _dates: dict[tuple[int, date | None], list[StatedDate]] = field(default_factory=dict, repr=False)
    _sentence_of: dict[str, int] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        article: Article,
        casualties: Sequence[Casualty],
        actors: Sequence[Actor],
        speaks_for: Mapping[str, str],
    ) -> "SpanGraph":
        """Raises ArticleError for a casualty span without a count, a mention of no actor, or an unknown spokesman."""
        links: dict[tuple[str, str], list[Link]] = {}
        for link in article.links:
            links.setdefault((link.source, link.kind), []).append(link)
        about = [link for link in article.links if link.kind == "about"]
        told_by: dict[str, set[str]] = {}
        for link in about:
            told_by.setdefault(link.target, set()).add(link.source)
        tellers = {name: frozenset(cues) for name, cues in told_by.items()}
        graph = cls(
            article=article,
            spans={span.id: span for span in article.spans},
            links={key: tuple(found) for key, found in links.items()},
            casualties={casualty.span: casualty for casualty in casualties},
            actor_of={mention: actor.id for actor in actors for mention in actor.mentions},
            body_of=dict(speaks_for),
            sentences=Sentences.of(article),
            tellers=tellers,
        )
        graph._check({actor.id for actor in actors})
        return graph

    def _check(self, actors: set[str]) -> None:
        for span in self.article.spans:
            if span.family == "CASUALTY" and span.id not in self.casualties:
                raise ArticleError(f"casualty span {span.id} «{span.text}» has no count: count the same article first")
            if span.family == "ACTOR" and span.id not in self.actor_of:
                raise ArticleError(f"mention {span.id} «{span.text}» is in no actor: group the same article first")
        for ends in self.body_of.items():
            for actor in ends:
                if actor not in actors:
                    raise ArticleError(f"{ends[0]} speaks for {ends[1]}: there is no actor {actor}")

    def links_of(self, span_id: str, kind: str) -> tuple[Link, ...]:
        """The links of one kind that lead from a span."""
        return self.links.get((span_id, kind), ())

    def body(self, mention: str) -> str:
        """The actor a mention stands for, or the body for which that actor speaks."""
        actor, seen = self.actor_of[mention], set[str]()
        while actor in self.body_of and actor not in seen:
            seen.add(actor)
            actor = self.body_of[actor]
        return actor

    def sentence(self, span_id: str) -> int:
        """Which sentence a span begins in."""
        if span_id not in self._sentence_of:
            self._sentence_of[span_id] = self.sentences.number(self.spans[span_id].start_char)
        return self._sentence_of[span_id]

    def words_of(self, sentence: int) -> list[FoldedWord]:
        """The folded words of a sentence, made when first asked for."""
        if sentence not in self._words:
            self._words[sentence] = folded_words(self.article.text, *self.sentences.bounds[sentence])
        return self._words[sentence]

    def dates_of(self, sentence: int, published: date | None) -> list[StatedDate]:
        """The dates that a sentence states for an article of that day, found when first asked for."""
        if (sentence, published) not in self._dates:
            self._dates[sentence, published] = find_dates(self.words_of(sentence), published)
        return self._dates[sentence, published]

    def in_order(self, span_ids: Iterable[str]) -> tuple[str, ...]:
        """Each span id once, in the order of the text."""
        return tuple(sorted(set(span_ids), key=lambda name: self.spans[name].start_char))


def ordered(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the order of its first appearance."""
    return tuple(dict.fromkeys(names))
