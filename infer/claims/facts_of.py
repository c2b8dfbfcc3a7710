"""All facts of one article at once: counts, places, actors, then the claims and incidents they come to.

The one place that knows the order of the steps; each step stands in its own folder.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from ..actors import ActorTable, group_actors, speaks_for
from ..articles import Article, read_article
from ..casualties import count_casualties
from ..facts import Facts
from ..places.gazetteer import Gazetteer
from ..places.resolving import resolve_places
from .calibration import ClaimCalibration
from .graph import SpanGraph
from .incidents import incidents_of
from .merging import claims_of
from .place_relations import PlaceRelations

__all__ = ["FactReader", "read_facts"]


def read_facts(article: Article, gazetteer: Gazetteer, actor_table: ActorTable) -> Article:
    """The article with all that its spans and links amount to, gold or predicted; facts it had are replaced.

    Raises ArticleError for spans and facts that contradict each other, which is a fault of this package.
    """
    return read_article(article, keep_tokens=False, facts=_facts(article, gazetteer, actor_table))


def _facts(article: Article, gazetteer: Gazetteer, actor_table: ActorTable) -> Facts:
    casualties = count_casualties(article)
    places = resolve_places(article, gazetteer)
    located = read_article(article, facts=Facts(places=places))
    actors = group_actors(located, actor_table)
    bodies = speaks_for(article, actors)
    # One look at the article serves claims and incidents: they ask the same questions about the same spans.
    graph = SpanGraph.of(article, casualties, actors, bodies)
    relations = PlaceRelations(article, places)
    claims = claims_of(graph, relations)
    return Facts(casualties, places, actors, claims, incidents_of(graph, relations, claims, actors))


@dataclass(frozen=True, slots=True)
class FactReader:
    """`read_facts` with its tables and a model's calibration at hand: `FactReader.load()(article)`."""

    gazetteer: Gazetteer
    actor_table: ActorTable
    calibration: ClaimCalibration | None = None

    @classmethod
    def load(
        cls, places: Path | None = None, actors: Path | None = None, calibration: ClaimCalibration | None = None
    ) -> "FactReader":
        """The tables of the package, with a user's own places and actors; InputError names a mistake in those."""
        return cls(Gazetteer.load(places), ActorTable.load(actors), calibration)

    def __call__(self, article: Article) -> Article:
        """The article with its facts; claims are scored by the calibration where there is one."""
        facts = _facts(article, self.gazetteer, self.actor_table)
        if self.calibration is not None:
            facts = replace(facts, claims=self.calibration.calibrated(facts.claims))
        return read_article(article, keep_tokens=False, facts=facts)
