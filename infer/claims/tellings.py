"""Tellings: every single time a text takes a position or tells of harm, before repeats are put together.

A telling is one stance cue with what its links lead to, or the casualties one sentence tells in the article's own
voice. `merging` makes claims of tellings.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .graph import CASUALTY_LINKS, SpanGraph, ordered
from .place_relations import PlaceRelations
from .words import REACH_CHARS, line_bounds

__all__ = ["Telling", "joined", "read_tellings", "union"]

_SHORTEST_TEASER = 20
"""Characters a cut-off line must share with a later one to be its teaser."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling: spans by id in the order of the text, actors by id, a spokesman given as his body.

    `scores` holds the span and link scores it rests on, by id, so that two tellings put together count each once.
    """

    stance: str
    start_char: int
    cues: tuple[str, ...]
    holders: tuple[str, ...]
    targets: tuple[str, ...]
    casualties: tuple[str, ...]
    places: tuple[str, ...]
    victims: tuple[str, ...]
    blamed: tuple[str, ...]
    evidence: tuple[tuple[int, int], ...]
    scores: frozenset[tuple[str, float]]

    @property
    def score(self) -> float | None:
        """The score of its weakest part, the most the joint probability can be; None for gold.

        Parts stand and fall together, so that their product is far too low: on annotated articles with links by rule
        its calibration error was more than twice that of the weakest part.
        """
        return min((score for _, score in self.scores), default=None)


def read_tellings(graph: SpanGraph, relations: PlaceRelations) -> list[Telling]:
    """All tellings of an article in the order of the text."""
    parts = _parts(graph)
    tellings = []
    for span in graph.article.spans:
        if span.family == "STANCE":
            about = [link.target for link in graph.links_of(span.id, "about")]
            about += [part for whole in about for part in parts.get(whole, ()) if part not in graph.tellers]
            tellings.append(_telling(graph, span.label, (span.id,), about))
    for names in _own_voice(graph, relations):
        tellings.append(_telling(graph, "REPORT", (), names))
    return _resolve_teasers(graph, sorted(tellings, key=lambda telling: telling.start_char))


def joined(graph: SpanGraph, first: Telling, second: Telling) -> Telling:
    """Two tellings as one; stance and holders are those of the first, unless it has none."""
    return replace(
        first,
        start_char=min(first.start_char, second.start_char),
        cues=graph.in_order(first.cues + second.cues),
        holders=first.holders or second.holders,
        targets=first.targets or second.targets,
        casualties=graph.in_order(first.casualties + second.casualties),
        places=graph.in_order(first.places + second.places),
        victims=ordered(first.victims + second.victims),
        blamed=ordered(first.blamed + second.blamed),
        evidence=union(first.evidence + second.evidence),
        scores=first.scores | second.scores,
    )


def union(stretches: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Stretches in order, those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _telling(graph: SpanGraph, stance: str, cues: Sequence[str], about: Sequence[str]) -> Telling:
    casualties = graph.in_order(about)
    links = [link for cue in cues for kind in ("holder", "target", "about") for link in graph.links_of(cue, kind)]
    links += [link for name in casualties for kind in CASUALTY_LINKS for link in graph.links_of(name, kind)]

    def ends(kind: str, sources: Iterable[str]) -> list[str]:
        return [link.target for source in sources for link in graph.links_of(source, kind)]

    core = (*cues, *casualties)
    arguments = [link.target for link in links]
    rests_on = {name: graph.spans[name].score for name in (*core, *arguments)} | {link.id: link.score for link in links}
    return Telling(
        stance=stance,
        start_char=min(graph.spans[name].start_char for name in core),
        cues=tuple(cues),
        holders=ordered(graph.body(name) for name in ends("holder", cues)),
        targets=ordered(graph.body(name) for name in ends("target", cues)),
        casualties=casualties,
        places=graph.in_order(ends("place", casualties)),
        victims=ordered(graph.actor_of[name] for name in ends("victim", casualties)),
        blamed=ordered(graph.actor_of[name] for name in ends("blamed", casualties)),
        evidence=_evidence(graph, core, arguments),
        scores=frozenset((name, score) for name, score in rests_on.items() if score is not None),
    )


def _evidence(graph: SpanGraph, core: Iterable[str], arguments: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """In each sentence with a cue or a casualty, the stretch from the first to the last span that takes part."""
    stretches: dict[int, tuple[int, int]] = {}
    for name in core:
        span = graph.spans[name]
        start, end = stretches.get(graph.sentence(name), (span.start_char, span.end_char))
        stretches[graph.sentence(name)] = min(start, span.start_char), max(end, span.end_char)
    for name in arguments:
        span = graph.spans[name]
        if graph.sentence(name) in stretches:
            start, end = stretches[graph.sentence(name)]
            stretches[graph.sentence(name)] = min(start, span.start_char), max(end, span.end_char)
    return union(stretches.values())


def _parts(graph: SpanGraph) -> dict[str, list[str]]:
    """The casualty spans that are parts of each other's toll, by the whole."""
    parts: dict[str, list[str]] = {}
    for casualty in graph.casualties.values():
        if casualty.part_of is not None:
            parts.setdefault(casualty.part_of, []).append(casualty.span)
    return parts


def _own_voice(graph: SpanGraph, relations: PlaceRelations) -> list[list[str]]:
    """The casualties nobody is said to tell, those of one sentence together unless their places are apart."""
    groups: list[list[str]] = []
    for span in graph.article.spans:
        if span.family != "CASUALTY" or span.id in graph.tellers:
            continue
        whole = graph.casualties[span.id].part_of
        if whole in graph.tellers:
            continue  # whoever tells the whole tells its part
        places = [link.target for link in graph.links_of(span.id, "place")]
        last = groups[-1] if groups else []
        told = [link.target for name in last for link in graph.links_of(name, "place")]
        if last and graph.sentence(last[-1]) == graph.sentence(span.id) and not relations.apart(places, told):
            last.append(span.id)
        else:
            groups.append([span.id])
    return groups


def _resolve_teasers(graph: SpanGraph, tellings: list[Telling]) -> list[Telling]:
    """Give a cue whose holder was cut off with its line («نفى...») the holder and target of its repeat.

    A line that another within `REACH_CHARS` begins with, but for dots, is its teaser; a cue is repeated at the same
    place of that line.
    """
    text, lines = graph.article.text, line_bounds(graph.article.text)
    starts = [start for start, _ in lines]
    openings: dict[str, list[int]] = {}  # which lines begin with the same letters
    for number, (start, _) in enumerate(lines):
        openings.setdefault(text[start : start + _SHORTEST_TEASER], []).append(number)
    by_start = {graph.spans[telling.cues[0]].start_char: telling for telling in tellings if telling.cues}
    resolved = []
    for telling in tellings:
        start = telling.start_char
        at = bisect_right(starts, start) - 1
        if telling.holders or not telling.cues or at < 0 or start >= lines[at][1]:
            resolved.append(telling)
            continue
        begins, ends = lines[at]
        teaser = text[begins:ends].rstrip(" .…")
        alike = openings[text[begins : begins + _SHORTEST_TEASER]] if len(teaser) >= _SHORTEST_TEASER else []
        near = alike[bisect_left(alike, bisect_left(starts, start - REACH_CHARS)) :]
        for a, b in (lines[number] for number in near if number != at):
            if a > start + REACH_CHARS:
                break
            twin = by_start.get(a + start - begins)
            if twin is None or twin.stance != telling.stance or not twin.holders or not text[a:b].startswith(teaser):
                continue
            telling = replace(telling, holders=twin.holders, targets=telling.targets or twin.targets)
            break
        resolved.append(telling)
    return resolved
