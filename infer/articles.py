"""The domain types: an article with its spans, links and facts, checked when they are made.

An `Article` cannot hold an offset outside its text, a span that cuts a word, overlapping spans, a label its
scheme lacks, a link between families the scheme does not join or a fact about a span it lacks. Files and models are
not known here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from .errors import ArticleError
from .facts import Actor, Casualty, Claim, Facts, Incident, Place, check_facts
from .scheme import CONFLICT, Scheme
from .tokens import TokenTable, token_table

__all__ = ["Article", "Link", "Metadata", "Span", "read_article", "word_edges"]


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of an article: `text == article.text[start_char:end_char]`.

    Offsets are code points, end exclusive. `score` is the calibrated probability that the span is right, None
    for gold. Raises ArticleError for offsets that cannot be.
    """

    id: str
    label: str
    family: str
    start_char: int
    end_char: int
    text: str
    score: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start_char < self.end_char:
            raise ArticleError(
                f"span {self.id}: expected 0 <= start < end, found {self.start_char} and {self.end_char}"
            )
        if len(self.text) != self.end_char - self.start_char:
            raise ArticleError(
                f"span {self.id}: offsets {self.start_char}-{self.end_char} cover "
                f"{self.end_char - self.start_char} characters, its text «{self.text}» has {len(self.text)}"
            )
        _check_score("span", self.id, self.score)


@dataclass(frozen=True, slots=True)
class Link:
    """A directed link of one kind from one span to another, both by id."""

    id: str
    kind: str
    source: str
    target: str
    score: float | None = None

    def __post_init__(self) -> None:
        if self.source == self.target:
            raise ArticleError(f"link {self.id}: {self.kind} leads from {self.source} to itself")
        _check_score("link", self.id, self.score)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article from outside its text, as given; None where it is not known."""

    published: str | None = None
    outlet: str | None = None
    url: str | None = None


class _Tokenised:
    """Room for what an article's text is cut into, which is no part of its value: it follows from the text."""

    __slots__ = ("_tokens",)
    _tokens: TokenTable


@dataclass(frozen=True, slots=True)
class Article(_Tokenised):
    """A text with its spans and links, in the order of the text, and the facts made of them.

    `characters_read` is how many characters a model has read (all of them: nothing is ever truncated), and
    `model` names it; both are None for an article no model has read. Raises ArticleError, naming the span or
    link, for whatever the scheme does not allow.
    """

    text: str
    spans: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()
    id: str = ""
    metadata: Metadata = Metadata()
    scheme: Scheme = field(default=CONFLICT, repr=False)
    model: str | None = None
    characters_read: int | None = None
    facts: Facts = field(default=Facts(), repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spans", tuple(sorted(self.spans, key=lambda span: (span.start_char, span.end_char))))
        object.__setattr__(self, "links", tuple(self.links))
        self._check(spans=True, links=True, edges=True)

    def _check(self, *, spans: bool, links: bool, edges: bool = False) -> None:
        """Check spans, links, or whether spans stand on the edges of words; facts, and what rests on these, always."""
        try:
            if spans:
                _check_spans(self.text, self.spans, self.scheme)
            if edges and self.spans:
                _check_edges(self.tokens, self.spans)
            if spans or links:
                _check_links(self.links, self.spans, self.scheme)
            check_facts(self.facts, {span.id: span.family for span in self.spans})
        except ArticleError as error:
            raise (ArticleError(f"article {self.id}: {error}") if self.id else error) from None

    @property
    def tokens(self) -> TokenTable:
        """The tokens of the text, found when they are first asked for."""
        try:
            return self._tokens
        except AttributeError:
            object.__setattr__(self, "_tokens", token_table(self.text))
            return self._tokens

    @property
    def characters(self) -> int:
        """Length of the text in code points."""
        return len(self.text)

    @property
    def casualties(self) -> tuple[Casualty, ...]:
        """How many people each casualty span says were harmed."""
        return self.facts.casualties

    @property
    def places(self) -> tuple[Place, ...]:
        """What each location span stands for."""
        return self.facts.places

    @property
    def actors(self) -> tuple[Actor, ...]:
        """The actors, each with all its mentions."""
        return self.facts.actors

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Who says what about whom, how many and where."""
        return self.facts.claims

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """The events the claims are about, with contradicting accounts side by side."""
        return self.facts.incidents

    def span(self, span_id: str) -> Span:
        """The span with this id; KeyError if there is none."""
        for span in self.spans:
            if span.id == span_id:
                return span
        raise KeyError(span_id)

    def links_from(self, span: Span) -> Iterator[tuple[Link, Span]]:
        """Each link that leads from a span, with the span it leads to."""
        for link in self.links:
            if link.source == span.id:
                yield link, self.span(link.target)

    def without_annotation(self) -> "Article":
        """The same text, id and metadata with no spans, links and facts."""
        return replace(self, spans=(), links=(), facts=Facts())


def read_article(article: Article, *, keep_tokens: bool = True, **changes: Any) -> Article:
    """The article as a reader of its words has changed it: `replace`, without a second look at what stays.

    For what this package finds itself: new spans stand on the edges of words and in the order of the text, because
    they were made of its tokens. All else is checked where it, or what it rests on, is new. The tokens are handed on
    unless they are no longer needed.
    """
    made = object.__new__(Article)
    for name in _FIELDS:
        object.__setattr__(made, name, changes[name] if name in changes else getattr(article, name))
    if keep_tokens and made.text is article.text:
        object.__setattr__(made, "_tokens", article.tokens)
    made._check(spans=not changes.keys().isdisjoint(("text", "spans", "scheme")), links="links" in changes)
    return made


_FIELDS = tuple(part.name for part in fields(Article))


def word_edges(text: str) -> tuple[set[int], set[int]]:
    """The offsets at which a span may begin and those at which it may end: edges of words and numbers."""
    tokens = token_table(text)
    edges = tokens.may_be_edges()
    return set(tokens.starts[edges].tolist()), set(tokens.ends[edges].tolist())


def _check_score(what: str, name: str, score: float | None) -> None:
    if score is not None and not 0.0 <= score <= 1.0:
        raise ArticleError(f"{what} {name}: expected a score between 0 and 1, found {score}")


def _check_spans(text: str, spans: tuple[Span, ...], scheme: Scheme) -> None:
    seen: set[str] = set()
    previous: Span | None = None
    for span in spans:
        if span.id in seen:
            raise ArticleError(f"span id {span.id} is used twice")
        seen.add(span.id)
        if span.label not in scheme:
            raise ArticleError(f"span {span.id}: scheme {scheme.name!r} has no label {span.label!r}")
        if span.family != scheme.family_of(span.label):
            raise ArticleError(
                f"span {span.id}: {span.label} belongs to {scheme.family_of(span.label)}, found {span.family}"
            )
        if span.end_char > len(text):
            raise ArticleError(f"span {span.id} ends at {span.end_char}, the text has {len(text)} characters")
        found = text[span.start_char : span.end_char]
        if found != span.text:
            raise ArticleError(
                f"span {span.id}: the text has «{found}» at {span.start_char}-{span.end_char}, the span «{span.text}»"
            )
        if previous is not None and span.start_char < previous.end_char:
            raise ArticleError(
                f"spans {previous.id} «{previous.text}» and {span.id} «{span.text}» overlap; spans are flat"
            )
        previous = span


def _check_edges(tokens: TokenTable, spans: tuple[Span, ...]) -> None:
    starts, ends = [span.start_char for span in spans], [span.end_char for span in spans]
    # One more of each for an offset behind the last token, which none of them has.
    edges = np.append(tokens.may_be_edges(), False)
    first, last = tokens.starting_at(starts), tokens.ending_at(ends)
    sound = (np.append(tokens.starts, -1)[first] == starts) & (np.append(tokens.ends, -1)[last] == ends)
    for number in np.flatnonzero(~(sound & edges[first] & edges[last])):
        span = spans[number]
        raise ArticleError(
            f"span {span.id} «{span.text}» at {span.start_char}-{span.end_char} does not begin and end "
            "on the edges of words or numbers"
        )


def _check_links(links: Iterable[Link], spans: tuple[Span, ...], scheme: Scheme) -> None:
    by_id = {span.id: span for span in spans}
    ids: set[str] = set()
    seen: set[tuple[str, str, str]] = set()
    for link in links:
        if link.id in ids:
            raise ArticleError(f"link id {link.id} is used twice")
        ids.add(link.id)
        kind = scheme.link_by_name.get(link.kind)
        if kind is None:
            known = ", ".join(scheme.link_by_name) or "none"
            raise ArticleError(f"link {link.id}: unknown kind {link.kind!r}; scheme {scheme.name!r} has {known}")
        for end, family in ((link.source, kind.source_family), (link.target, kind.target_family)):
            if end not in by_id:
                raise ArticleError(f"link {link.id} ({link.kind}): there is no span {end}")
            if by_id[end].family != family:
                raise ArticleError(
                    f"link {link.id}: {link.kind} joins {kind.source_family} to {kind.target_family}, "
                    f"but {end} is {by_id[end].label} ({by_id[end].family})"
                )
        if (link.kind, link.source, link.target) in seen:
            raise ArticleError(f"link {link.id}: {link.kind} from {link.source} to {link.target} is there twice")
        seen.add((link.kind, link.source, link.target))
