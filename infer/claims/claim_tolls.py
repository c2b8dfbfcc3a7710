"""What each claim of a finished article counts, for whoever shows, exports or scores claims.

The arithmetic is `tolls`'; nothing is kept in the article, because it follows from the casualties a claim names.
"""

from ..articles import Article
from ..facts import Bounds
from .graph import SpanGraph
from .tolls import toll_of

__all__ = ["claim_tolls"]


def claim_tolls(article: Article) -> dict[str, dict[str, Bounds]]:
    """The toll of each kind of harm (a casualty label) that each claim tells, by claim id.

    Of a denial they are the figures it denies. Raises ArticleError for an article whose spans have no facts.
    """
    graph = SpanGraph.of(article, article.casualties, article.actors, {})
    return {claim.id: toll_of(graph, claim.casualties) for claim in article.claims}
