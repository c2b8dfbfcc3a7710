"""All facts of one article at once: counts, places, actors, then the claims and incidents they come to.

The one place that knows the order of the steps; each step stands in its own folder.
"""

from dataclasses import replace

from ..actors import ActorTable, group_actors, speaks_for
from ..articles import Article
from ..casualties import count_casualties
from ..facts import Facts
from ..places.gazetteer import Gazetteer
from ..places.resolving import resolve_places
from .incidents import make_incidents
from .merging import make_claims

__all__ = ["read_facts"]


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
