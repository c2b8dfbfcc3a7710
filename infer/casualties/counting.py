"""Every casualty span of an article with its bounds, and which toll is a part of which.

A span never loses its count to another: «14 قتيلا بينهم 3 أطفال» is 14, and 3 that are part of them. What a
single span says is left to `bounds`; adding tolls up, and who says them, to claims and incidents.
"""

from collections.abc import Mapping

import regex

from ..articles import Article, Span
from ..facts import Bounds, Casualty
from .bounds import read_bounds
from .words import fold

__all__ = ["count_casualties"]

_REACH = 120
"""How many characters before a span are looked at: no clause needs more, and a book costs no more than a note."""
_NEXT_WORD = 20

_CLAUSE_END = regex.compile(r"[.!؟?;؛\n\r\u2028\u2029…]")
_OPENS_PART = regex.compile(
    r"(?:^|\s)و?(?:من\s+)?(?:بين(?:هم|هما|ها|هن)|من(?:هم|هما|ها|هن)|ضمن(?:هم|ها))"
    r"(?:\s+(?:ايضا|كذلك|علي الاقل|نحو|حوالي|اكثر من|ال))*[\s:«\"(]*$"
)
_STARTS_PART = regex.compile(
    r"و?(?:من )?(?:بينهم|بينهما|بينها|بينهن|منهم|منها|احدهم|احدهما|احداهما|احداهن|نصفهم|ثلثهم|معظمهم|غالبيتهم|اغلبهم)\b"
)

_GOES_ON = regex.compile(r"[\s،,]*(?:و|ثم|اضافه الي|الي جانب|فضلا عن)?[\s«\"]*")
_AMONG = regex.compile(r"(?:^|\s)(?:من\s+)?(?:بين|ضمن)\s+$")


def count_casualties(article: Article) -> tuple[Casualty, ...]:
    """One `Casualty` for each casualty span of an article, in the order of the text.

    A number no grammar covers gives unknown bounds by the rule `unread`; nothing is dropped.
    """
    counted: list[Casualty] = []
    bounds_of: dict[str, Bounds] = {}
    spans = [span for span in article.spans if span.family == "CASUALTY"]
    for at, span in enumerate(spans):
        before, after = _clause_before(article.text, span), _words_after(article.text, span)
        bounds, rule = read_bounds(span.text, before=before, after=after)
        bounds_of[span.id] = bounds
        whole = _whole(article.text, spans, counted, bounds_of, at)
        counted.append(Casualty(span.id, span.label, bounds, rule, whole))
    return tuple(counted)


def _clause_before(text: str, span: Span) -> str:
    before = text[max(0, span.start_char - _REACH) : span.start_char]
    clause: str = _CLAUSE_END.split(before)[-1]
    return clause


def _words_after(text: str, span: Span) -> str:
    following: str = _CLAUSE_END.split(text[span.end_char : span.end_char + _NEXT_WORD])[0]
    return following


def _whole(
    text: str, spans: list[Span], counted: list[Casualty], bounds_of: Mapping[str, Bounds], at: int
) -> str | None:
    """The span whose toll the span at a place is part of, if the words between them say so."""
    span = spans[at]
    for earlier in range(at - 1, -1, -1):
        between = text[spans[earlier].end_char : span.start_char]
        if len(between) > _REACH or _CLAUSE_END.search(between):
            return None
        if spans[earlier].label != span.label:
            continue
        folded = _folded(between)
        opens = _OPENS_PART.search(folded) or (_STARTS_PART.match(_folded(span.text)) is not None)
        among = not between.strip() and _AMONG.search(_folded(_clause_before(text, spans[earlier])))
        part = counted[earlier].part_of
        if opens or among:
            whole = part or counted[earlier].span
        elif part and earlier == at - 1 and _GOES_ON.fullmatch(folded) and _is_conjoined(folded, span):
            whole = part
        else:
            return None
        return whole if _fits(bounds_of[span.id], bounds_of[whole]) else None
    return None


def _is_conjoined(between: str, span: Span) -> bool:
    return between.strip(" ،,") != "" or span.text.startswith("و")


def _fits(part: Bounds, whole: Bounds) -> bool:
    return part.low is None or whole.high is None or part.low <= whole.high


def _folded(text: str) -> str:
    """A text with each of its words folded and single spaces between, the outer ones kept."""
    words = " ".join(fold(word) for word in text.split())
    return f"{' ' if text[:1].isspace() else ''}{words}{' ' if words and text[-1:].isspace() else ''}"
