"""All facts of one article at once: counts, places, actors, then the claims and incidents they come to.

The one place that knows the order of the steps; each step stands in its own folder.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from ..actors import ActorTable, group_actors, speaks_for
from ..articles import Article
from ..casualties import count_casualties
from ..facts import Facts
from ..places.gazetteer import Gazetteer
from ..places.resolving import resolve_places
from .calibration import ClaimCalibration
from .incidents import make_incidents
from .merging import make_claims

__all__ = ["FactReader", "read_facts"]


def read_facts(article: Article, gazetteer: Gazetteer, actor_table: ActorTable) -> Article:
    """The article with all that its spans and links amount to, gold or predicted; facts it had are replaced.

    Raises ArticleError for spans and facts that contradict each other, which is a fault of this package.
    """
    casualties = count_casualties(article)
    places = resolve_places(article, gazetteer)
    located = replace(article, facts=Facts(places=places))
    actors = group_actors(located, actor_table)
    bodies = speaks_for(article, actors)
    claims = make_claims(article, casualties, places, actors, bodies)
    incidents = make_incidents(article, claims, casualties, places, actors, bodies)
    return replace(article, facts=Facts(casualties, places, actors, claims, incidents))


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
        read = read_facts(article, self.gazetteer, self.actor_table)
        return read if self.calibration is None else self.calibration(read)
