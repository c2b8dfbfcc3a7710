"""Rules for what a stance cue is linked to: who holds the position, whom it is about, which harm it states.

A cue's form says where its holder stands (`cues`); what is said begins after a complementiser («إن») or a colon, so
an actor beyond it is spoken of and does not speak. Which proposal wins is left to `proposals`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .clauses import Break, Layout, Mark
from .cues import CueForm, cue_form, first_word, gender, is_complementiser, quotes_another
from .proposals import Choices, Proposal

__all__ = ["DOERS", "StanceLinks", "link_stances"]

DOERS = frozenset(("STATE", "ARMED", "INTL", "PERSON", "PARTY"))
"""Labels of actors who do harm; sources and civilians do not."""

_SPEECH = (CueForm.PAST, CueForm.PRESENT, CueForm.PARTICIPLE)
_REACH_BACK = 40
_EARLIER_CUES = 6
_ABOUT_AFTER, _ABOUT_BEFORE = 20, 12
_NO_SUBJECT = frozenset(("الي", "عن", "في", "علي", "من", "ب", "ل", ":", '"', "«", "“", "(", "،", "ايضا", "كذلك", ""))
_SAYING = ("قول", "القول", "تاكيد")
_RELATIVES = frozenset(("الذي", "التي", "الذين", "قد", "كان"))


@dataclass(slots=True)
class StanceLinks:
    """What cues were linked to, by position; `about_of` gives the first cue that is about a casualty."""

    forms: dict[int, CueForm]
    holders: dict[int, tuple[int, ...]] = field(default_factory=dict)
    targets: dict[int, tuple[int, ...]] = field(default_factory=dict)
    about_of: dict[int, int] = field(default_factory=dict)


def link_stances(layout: Layout, choices: Choices) -> StanceLinks:
    """Link every cue of an article."""
    forms = {at: cue_form(span) for at, span in enumerate(layout.spans) if span.family == "STANCE"}
    links = StanceLinks(forms)
    before: dict[int, int] = dict(zip(list(forms)[1:], forms, strict=False))
    for cue in forms:
        _link_holder(cue, layout, links, before, choices)
    for cue in forms:
        _link_casualties(cue, layout, links, choices)
    for cue in forms:
        _link_target(cue, layout, links, before.get(cue), choices)
    return links


def _link_holder(cue: int, layout: Layout, links: StanceLinks, before: dict[int, int], choices: Choices) -> None:
    proposals = [
        *_holder_after(cue, layout, links.forms[cue]),
        *_holder_before(cue, layout, links.forms[cue]),
        *_holder_again(cue, layout, links, before),
        *_holder_first(cue, layout, links.forms[cue]),
    ]
    held = choices.choose(proposals)
    held += choices.choose([*_quoted(cue, layout, held)])
    if held:
        links.holders[cue] = held


def _holder_after(cue: int, layout: Layout, form: CueForm) -> Iterator[Proposal]:
    """The actor that follows: «قال X», «بحسب X», «دعم X»."""
    actor = layout.nearest(cue, 1, lambda at: layout.spans[at].family == "ACTOR")
    if actor is None or layout.boundary(cue, actor) > Break.COMMA:
        return
    words = layout.count(Mark.WORD, cue, actor)
    state = "0" if words == 0 else "2" if words <= 2 else "5" if words <= 5 else "9"
    state += "," if layout.count(Mark.COMMA, cue, actor) else ""
    state += "+" if actor > cue + 1 else ""
    if layout.count(Mark.COMPLEMENTISER, cue, actor) or layout.count(Mark.COLON, cue, actor):
        state = "speech"
    if layout.has_family("STANCE", cue, actor):
        state = "cue"
    rule = f"holder:after:{form.value}:{state}:{layout.preposition(actor)}:{_sort(layout, actor)}"
    yield Proposal("holder", cue, layout.groups[actor], rule)


def _holder_before(cue: int, layout: Layout, form: CueForm) -> Iterator[Proposal]:
    """The actor that precedes: «X يؤكد», «X: لم ننفذ»."""
    actor = layout.nearest(cue, -1, lambda at: layout.spans[at].family == "ACTOR")
    if actor is None or layout.boundary(actor, cue) > Break.COMMA:
        return
    words = layout.count(Mark.WORD, actor, cue)
    state = "0" if words == 0 else "2" if words <= 2 else "9"
    state += "," if layout.boundary(actor, cue) is Break.COMMA else ""
    state += "!" if layout.has_family("STANCE", actor, cue) else ""
    relative = "r" if _RELATIVES & set(layout.gaps[cue].words[-1:]) else ""
    rule = f"holder:before:{form.value}:{state}:{_sort(layout, actor)}:{relative}"
    yield Proposal("holder", cue, layout.groups[actor], rule)


def _holder_again(cue: int, layout: Layout, links: StanceLinks, before: dict[int, int]) -> Iterator[Proposal]:
    """Who held the cue before, or spoke last: «وأضاف أن», «مشيرا إلى»; verbs that agree in gender more likely so."""
    form = links.forms[cue]
    follows = _what_follows(cue, layout)
    mine = gender(layout.spans[cue], form)
    seen = 0
    earlier = before.get(cue)
    while earlier is not None and cue - earlier < _REACH_BACK and seen < _EARLIER_CUES:
        if earlier in links.holders:
            seen += 1
            their_form = links.forms[earlier]
            theirs = gender(layout.spans[earlier], their_form)
            agrees = "" if not mine or not theirs else "=" if mine == theirs else "~"
            speech = "s" if their_form in _SPEECH else "a" if their_form is CueForm.ATTRIBUTION else "n"
            far = layout.boundary(earlier, cue)
            if seen == 1 or speech == "s":
                near = f"{'' if seen == 1 else '+'}{min(far, Break.SENTENCE):d}"
                rule = f"holder:again:{form.value}:{follows}:{speech}{agrees}:{near}:{far:d}"
                yield Proposal("holder", cue, links.holders[earlier], rule)
            if speech == "s" and agrees != "~":
                return
        earlier = before.get(earlier)


def _quoted(cue: int, layout: Layout, held: tuple[int, ...]) -> Iterator[Proposal]:
    """Whom an agency quotes: «نقلت X عن Y أن», both hold; in «نقلت X عن Y قوله» Y holds «قوله»."""
    if not held or held[-1] < cue or not quotes_another(layout.spans[cue]):
        return
    quoted = layout.nearest(held[-1], 1, lambda at: layout.spans[at].family == "ACTOR")
    if quoted is None or layout.boundary(cue, quoted) > Break.COMMA:
        return
    if "عن" in layout.gaps[quoted].words[-2:]:
        last = layout.groups[quoted][-1]
        words = layout.gaps[last + 1].words
        if not words and last + 1 < len(layout.spans):
            words = (first_word(layout.spans[last + 1]),)
        own = "own" if words and words[0].startswith(_SAYING) else ""
        group = tuple(at for at in layout.groups[quoted] if at not in held)
        yield Proposal("holder", cue, group, f"holder:quoted:{own}")


def _what_follows(cue: int, layout: Layout) -> str:
    """What a cue is followed by: a marked actor (a) or other span (s), no subject (o), other words (w)."""
    opening = layout.gaps[cue + 1].opening
    if not opening and cue + 1 < len(layout.spans):
        return "a" if layout.spans[cue + 1].family == "ACTOR" else "s"
    return "o" if is_complementiser(opening) or opening in _NO_SUBJECT else "w"


def _holder_first(cue: int, layout: Layout, form: CueForm) -> Iterator[Proposal]:
    """The first actor of the sentence, its subject in headlines; where it is not the nearest one too."""
    nearest = first = None
    at = layout.nearest(cue, -1, lambda at: layout.spans[at].family == "ACTOR")
    while at is not None and layout.boundary(at, cue) < Break.SENTENCE and cue - at <= 11:
        nearest, first = nearest if nearest is not None else at, at
        at = layout.nearest(at, -1, lambda at: layout.spans[at].family == "ACTOR")
    if first is not None and nearest is not None and first not in layout.groups[nearest]:
        rule = f"holder:first:{form.value}:{_sort(layout, first)}"
        yield Proposal("holder", cue, layout.groups[first], rule)


def _link_casualties(cue: int, layout: Layout, links: StanceLinks, choices: Choices) -> None:
    """`about`: the harm told after the cue, or, for «بحسب X» at its end, before it in the sentence."""
    label, form = layout.spans[cue].label, links.forms[cue].value
    cues = told = 0
    for at in range(cue + 1, min(len(layout.spans), cue + _ABOUT_AFTER)):
        far = layout.boundary(cue, at)
        if far is Break.PARAGRAPH or layout.count(Mark.SENTENCE, cue, at) > 1:
            break
        cues += layout.spans[at].family == "STANCE"
        if layout.spans[at].family == "CASUALTY":
            rule = f"about:after:{min(cues, 2)}:{label}:{far:d}:{'more' if told else ''}"
            told += 1
            if choices.choose([Proposal("about", cue, (at,), rule)]):
                links.about_of.setdefault(at, cue)
    for at in range(cue - 1, max(-1, cue - _ABOUT_BEFORE), -1):
        far = layout.boundary(at, cue)
        if far >= Break.SENTENCE:
            break
        if layout.spans[at].family == "CASUALTY":
            between = "1" if layout.has_family("STANCE", at, cue) else "0"
            rule = f"about:before:{form}:{label}:{between}{'t' if at in links.about_of else ''}:{far:d}"
            if choices.choose([Proposal("about", cue, (at,), rule)]):
                links.about_of.setdefault(at, cue)


def _link_target(cue: int, layout: Layout, links: StanceLinks, before: int | None, choices: Choices) -> None:
    label, form = layout.spans[cue].label, links.forms[cue].value
    if label in ("REPORT", "ADMIT"):
        return
    held = links.holders.get(cue, ())
    proposals: list[Proposal] = []

    def eligible(at: int) -> bool:
        span = layout.spans[at]
        return span.family == "ACTOR" and at not in held and (label != "ACCUSE" or span.label in DOERS)

    actor = layout.nearest(cue, 1, eligible)
    if actor is not None:
        far = layout.boundary(cue, actor)
        speech = "c" if layout.count(Mark.COMPLEMENTISER, cue, actor) else ""
        side = "n" if not held else "h" if cue < held[0] < actor else "b"
        other = "!" if layout.has_family("STANCE", cue, actor) else ""
        rule = f"target:after:{label}:{speech}{side}:{form}:{layout.preposition(actor)}:{far:d}{other}"
        proposals.append(Proposal("target", cue, layout.groups[actor], rule))
    actor = layout.nearest(cue, -1, lambda at: layout.spans[at].family == "ACTOR" and at not in held)
    if actor is not None:
        far = layout.boundary(actor, cue)
        rule = f"target:before:{label}:{form}:{far:d}{'h' if held and held[0] > cue else ''}"
        proposals.append(Proposal("target", cue, layout.groups[actor], rule))
    if label == "DENY":
        proposals += _denied(cue, layout, links, before)
    if before in links.targets and not set(links.targets[before]) & set(held):
        rule = f"target:again:{label}:{layout.spans[before].label}:{layout.boundary(before, cue):d}"
        proposals.append(Proposal("target", cue, links.targets[before], rule))
    chosen = choices.choose(proposals)
    if chosen:
        links.targets[cue] = chosen


def _denied(cue: int, layout: Layout, links: StanceLinks, before: int | None) -> Iterator[Proposal]:
    """Whose claim is denied: the holder of the cue after («نفى X اتهامات Y») or before."""
    form, held = links.forms[cue].value, set(links.holders.get(cue, ()))
    after = next((at for at in range(cue + 1, min(len(layout.spans), cue + 4)) if at in links.holders), None)
    for rule, claim in (("claim", after), ("claimed", before)):
        if claim is not None and claim in links.holders and not held & set(links.holders[claim]):
            name = f"target:{rule}:{layout.spans[claim].label}:{layout.boundary(cue, claim):d}:{form}"
            yield Proposal("target", cue, links.holders[claim], name)


def _sort(layout: Layout, actor: int) -> str:
    label = layout.spans[actor].label
    return {"SOURCE": "source", "CIVILIAN": "civilian"}.get(label, "body")
