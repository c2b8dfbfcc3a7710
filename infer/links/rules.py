"""The deterministic linker: links from spans alone, gold or predicted.

    links = link_by_rules(article)

Each rule looks at the form of a cue, the side and distance of an argument and the boundaries between (`stance_rules`,
`casualty_rules`); where several propose something, the one that was most often right in annotated articles decides,
and that share is the link's score. The baseline of the neural head, and what stands in where a model has none.
"""

from collections.abc import Callable

from ..articles import Article, Link
from .casualty_rules import link_casualties, link_places
from .clauses import lay_out
from .precision import precision_of
from .proposals import Choices
from .stance_rules import link_stances

__all__ = ["link_by_rules", "try_rules"]


def link_by_rules(article: Article) -> tuple[Link, ...]:
    """The links of an article's spans, ids R1, R2, … in the order of their sources; its own links are not looked at.

    Only kinds its scheme declares are made, so a scheme without links has none. `score` is the measured precision of
    the rule. Reads no model and costs time in proportion to the article's length.
    """
    kinds = {kind.name: number for number, kind in enumerate(article.scheme.links)}
    if not kinds:
        return ()
    scores: dict[tuple[int, int, int], tuple[str, float]] = {}
    for proposal in try_rules(article, precision_of).chosen:
        if proposal.kind in kinds:
            for target in proposal.targets:
                key = (proposal.source, kinds[proposal.kind], target)
                scores.setdefault(key, (proposal.kind, precision_of(proposal.rule)))
    ids = [span.id for span in article.spans]
    return tuple(
        Link(f"R{number}", kind, ids[source], ids[target], score)
        for number, ((source, _, target), (kind, score)) in enumerate(sorted(scores.items()), 1)
        if _allowed(article, kind, source, target)
    )


def try_rules(article: Article, precision: Callable[[str], float]) -> Choices:
    """Everything the rules propose for an article, and what is chosen if they have these precisions."""
    layout, choices = lay_out(article), Choices(precision)
    inner = link_places(layout, choices)
    stances = link_stances(layout, choices)
    link_casualties(layout, stances, inner, choices)
    return choices


def _allowed(article: Article, kind: str, source: int, target: int) -> bool:
    """Whether the article's scheme joins these families by this kind: another scheme may use the names otherwise."""
    declared = article.scheme.link_by_name[kind]
    families = article.spans[source].family, article.spans[target].family
    return source != target and families == (declared.source_family, declared.target_family)
