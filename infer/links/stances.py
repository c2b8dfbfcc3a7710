"""What a stance turns out to be once it is linked: a report that lays harm at a door is an accusation.

A tagger sees «قال» and takes it for a report; whom the harm it tells of is blamed on stands elsewhere in the sentence
and is known only when the links are. The guidelines decide by that: a harmful act laid at a named actor by anyone but
the doer is ACCUSE, told by the doer it is ADMIT.
"""

import re
from dataclasses import replace

from ..articles import Article, Link, Span, read_article
from ..normalise import normal_form

__all__ = ["revise_stances"]

_CLITICS = re.compile(r"^[وف]?(?:لل|[بكل]?ال)")
"""A conjunction, a preposition and the article before a word; a letter without the article may be the word's own."""

_ACCUSED = frozenset({"STATE", "INTL"})
"""Armed groups are left out: in the training articles a report of what they did is a plain report as often as not."""


def revise_stances(article: Article) -> Article:
    """The article with each REPORT read as ACCUSE or ADMIT where its own links say so, and the accused as its target.

    A report becomes ACCUSE if a casualty it is about is blamed on a state or an international body and on none of its
    holders, ADMIT if all those blamed are its holders. A holder and a blamed are one where the words of one mention are
    all in the other («التحالف», «الناطق باسم التحالف الدولي»). A report without a holder, or about no blamed casualty,
    stays.
    """
    by_id = {span.id: span for span in article.spans}
    ends: dict[tuple[str, str], list[Link]] = {}
    for link in article.links:
        ends.setdefault((link.source, link.kind), []).append(link)
    if not any(link.kind == "blamed" for link in article.links):
        return article
    spans: list[Span] = []
    targets: list[tuple[str, Link]] = []
    for span in article.spans:
        holders = {link.target for link in ends.get((span.id, "holder"), [])}
        if span.label != "REPORT" or not holders:
            spans.append(span)
            continue
        about = ends.get((span.id, "about"), [])
        blamed = [link for told in about for link in ends.get((told.target, "blamed"), [])]
        accused = [by_id[name] for name in {link.target: None for link in blamed}]
        own = [any(_same(each, by_id[name]) for name in holders) for each in accused]
        if accused and all(own):
            spans.append(replace(span, label="ADMIT"))
        elif not any(own) and any(each.label in _ACCUSED for each in accused):
            spans.append(replace(span, label="ACCUSE"))
            targets += [(span.id, link) for link in blamed]
        else:
            spans.append(span)
    return read_article(article, spans=tuple(spans), links=(*article.links, *_as_targets(article.links, targets)))


def _same(one: Span, other: Span) -> bool:
    """Whether two mentions name one party, as far as their words tell."""
    some, others = _words(one), _words(other)
    return some <= others or others <= some


def _words(span: Span) -> frozenset[str]:
    return frozenset(_CLITICS.sub("", normal_form(word)) or word for word in span.text.split())


def _as_targets(links: tuple[Link, ...], blamed: list[tuple[str, Link]]) -> list[Link]:
    """A target link for every accused that is not one already, with the score of the blame."""
    known = {(link.source, link.target) for link in links if link.kind == "target"}
    ids = {link.id for link in links}
    made: list[Link] = []
    for cue, link in blamed:
        if (cue, link.target) not in known:
            known.add((cue, link.target))
            number = next(n for n in range(len(links) + len(made) + 1, 10**9) if f"R{n}" not in ids)
            ids.add(f"R{number}")
            made.append(Link(f"R{number}", "target", cue, link.target, link.score))
    return made
