"""An article's claims as a table for a person: one incident under the other, its contradicting accounts side by side.

Every account keeps the offsets of the words it rests on. What an incident amounts to is a suggestion and called one.
"""

from collections.abc import Iterable, Sized

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ..articles import Article
from ..facts import Bounds, Claim, Incident
from .cells import bounds_text, heading, isolated

__all__ = ["claims_table"]

_STYLES = {
    "ACCUSE": "red", "DENY": "yellow", "ADMIT": "magenta", "REPORT": "cyan", "SUPPORT": "green", "OPPOSE": "bright_red",
}  # fmt: skip
_TOLLS = ("killed", "injured", "missing", "displaced")


def claims_table(article: Article) -> RenderableType:
    """A heading, then a table for each incident and one for the claims that belong to none."""
    parts: list[RenderableType] = [
        heading(article, f"{_counted(article.incidents, 'incident')}, {_counted(article.claims, 'claim')}")
    ]
    by_id = {claim.id: claim for claim in article.claims}
    told: set[str] = set()
    for incident in article.incidents:
        told.update(incident.claims)
        parts += ["", *_incident_lines(article, incident), _rows(article, (by_id[name] for name in incident.claims))]
    others = [claim for claim in article.claims if claim.id not in told]
    if others:
        parts += ["", Text("other claims" if article.incidents else "claims", style="bold"), _rows(article, others)]
    if not article.claims:
        parts.append(Text("no claims found", style="dim"))
    return Group(*parts)


def _counted(what: Sized, name: str) -> str:
    return f"{len(what)} {name}{'' if len(what) == 1 else 's'}"


def _incident_lines(article: Article, incident: Incident) -> Iterable[RenderableType]:
    line = Text(incident.id, style="bold")
    if incident.place is not None:
        line.append(f"  {isolated(article.span(incident.place).text)}")
    for value in (incident.event, incident.date):
        if value:
            line.append(f"  {value}", style="not bold")
    for name in _TOLLS:
        bounds: Bounds | None = getattr(incident, name)
        if bounds is not None:
            line.append(f"  {name} {bounds_text(bounds)}", style="red")
    yield line
    if incident.suggested is not None:
        suggestion = Text(f"suggested reading: {incident.suggested.grade}", style="italic")
        yield suggestion.append(f" ({incident.suggested.reason})", style="dim")


def _rows(article: Article, claims: Iterable[Claim]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
    for name in ("claim", "stance", "who", "about whom", "harm", "where", "blamed", "score", "characters"):
        table.add_column(name, justify="right" if name == "score" else "left", overflow="fold")
    for claim in claims:
        style = _STYLES.get(claim.stance, "white")
        table.add_row(
            Text(claim.id, style="dim"),
            Text(claim.stance, style=f"bold {style}"),
            _names(article, claim.holders) if claim.voice == "holder" else Text("the article", style="italic"),
            _names(article, claim.targets),
            _harm(article, claim),
            _places(article, claim),
            _names(article, claim.blamed),
            f"{claim.score:.2f}" if claim.score is not None else "",
            Text(", ".join(f"{start}-{end}" for start, end in claim.evidence), style="dim"),
        )
    return table


def _names(article: Article, ids: tuple[str, ...]) -> Text:
    by_id = {actor.id: actor for actor in article.actors}
    return Text("\n".join(isolated(by_id[name].name) for name in ids))


def _harm(article: Article, claim: Claim) -> Text:
    counted = {casualty.span: casualty for casualty in article.casualties}
    lines: dict[str, None] = {}
    for name in claim.casualties:
        casualty = counted.get(name)
        if casualty is not None:
            part = "of them " if casualty.part_of else ""
            lines[f"{part}{casualty.kind.lower()} {bounds_text(casualty.bounds)}"] = None
    return Text("\n".join(lines))


def _places(article: Article, claim: Claim) -> Text:
    known = {place.span: place for place in article.places}
    lines: dict[str, None] = {}
    for name in claim.places:
        place = known.get(name)
        country = f" {place.country}" if place is not None and place.country else ""
        lines[isolated(article.span(name).text) + country] = None
    return Text("\n".join(lines))
