"""The links of an article, kind by kind from the head or from the rules, whichever a run found better on dev.

`links.json` in a model folder holds the choice, with what the head needs to be read: reach, temperatures and
thresholds. A folder without a head takes all its links from the rules. How either finds links is not known here.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..articles import Article, Link
from ..errors import ModelError
from ..scheme import Scheme
from .gathering import SpanGatherer, all_vectors
from .head import LinkHead, SpanVectors, load_link_head
from .pairs import candidate_pairs, place_spans, side_by_side
from .rules import link_by_rules

__all__ = ["SETTINGS", "KindSettings", "LinkSettings", "Linker", "load_linker", "read_settings", "write_settings"]

SETTINGS = "links.json"
"""What a model folder says of its link head."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class KindSettings:
    """How links of one kind are found.

    `by` names who finds them. The head's logits are divided by `temperature` before they become scores, and a pair
    whose score reaches `threshold` is linked; both were fitted on dev.
    """

    by: Literal["head", "rules"] = "head"
    temperature: float = 1.0
    threshold: float = 0.5

    def __post_init__(self) -> None:
        if self.by not in ("head", "rules") or not self.temperature > 0 or not 0 < self.threshold < 1:
            raise ModelError(
                "expected by head or rules, a temperature above 0 and a threshold between 0 and 1, found "
                f"{self.by!r}, {self.temperature}, {self.threshold}"
            )


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """What links.json says: the reach in words between two spans, each kind's settings, and the scores on dev."""

    reach_words: int
    kinds: dict[str, KindSettings]
    measured: dict[str, Any] = field(default_factory=dict)


class Linker:
    """Finds the links of articles whose spans are known; without a head, by rules alone."""

    def __init__(self, scheme: Scheme, head: LinkHead | None = None, settings: LinkSettings | None = None) -> None:
        self.head = head
        self.settings = settings or LinkSettings(0, {kind.name: KindSettings("rules") for kind in scheme.links})
        self._scheme = scheme
        self._by_rules = {name for name, kind in self.settings.kinds.items() if kind.by == "rules"}

    def gatherer(self) -> SpanGatherer | None:
        """What takes the states of one article for the head; None where no state is needed."""
        return None if self.head is None else SpanGatherer(self.head)

    def links(self, article: Article, vectors: SpanVectors | None) -> tuple[Link, ...]:
        """The links of an article between its spans, in the order of their sources; `vectors` are the head's."""
        return self.links_of([article], None if vectors is None else [vectors])[0]

    def links_of(self, articles: Sequence[Article], vectors: Sequence[SpanVectors] | None) -> list[tuple[Link, ...]]:
        """The `links` of several articles, scored side by side: many small computations take far longer."""
        found: list[list[Link]] = [[] for _ in articles]
        if self.head is not None and vectors is not None:
            with_spans = [number for number, article in enumerate(articles) if article.spans]
            for at, link in self._by_head(
                self.head, [articles[number] for number in with_spans], [vectors[number] for number in with_spans]
            ):
                found[with_spans[at]].append(link)
        for article, links in zip(articles, found, strict=True):
            if self._by_rules and article.spans:
                links += (link for link in link_by_rules(article) if link.kind in self._by_rules)
        return [_numbered(_one_way(links), article) for article, links in zip(articles, found, strict=True)]

    def _by_head(
        self, head: LinkHead, articles: Sequence[Article], vectors: Sequence[SpanVectors]
    ) -> Iterator[tuple[int, Link]]:
        """Each link with the number of its article."""
        if not articles:
            return
        reach = self.settings.reach_words
        spans = [span for article in articles for span in article.spans]
        owner = np.repeat(np.arange(len(articles)), [len(article.spans) for article in articles])
        places = side_by_side([place_spans(article.text, article.spans, article.tokens) for article in articles], reach)
        pairs = candidate_pairs(spans, places, self._scheme, reach)
        logits = head.logits(all_vectors(vectors), places, pairs)
        for column, kind in enumerate(self._scheme.links):
            how = self.settings.kinds[kind.name]
            if how.by == "rules":
                continue
            scores = np.exp(-np.logaddexp(0.0, -logits[:, column].astype(np.float64) / how.temperature))  # the sigmoid
            linked = np.flatnonzero(pairs.allowed[:, column] & (scores >= how.threshold))
            rows = (pairs.source[linked].tolist(), pairs.target[linked].tolist(), scores[linked].tolist())
            for source, target, score in zip(*rows, strict=True):
                yield int(owner[source]), Link("R", kind.name, spans[source].id, spans[target].id, score)


def load_linker(folder: Path, scheme: Scheme) -> Linker:
    """The linker of a model folder; ModelError for a head whose weights or settings cannot be used."""
    head = load_link_head(folder, scheme)
    return Linker(scheme) if head is None else Linker(scheme, head, read_settings(folder, scheme))


def write_settings(folder: Path, settings: LinkSettings) -> None:
    """Write links.json."""
    value = {"format": _FORMAT, **asdict(settings)}
    (folder / SETTINGS).write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_settings(folder: Path, scheme: Scheme) -> LinkSettings:
    """Read links.json; ModelError says what is missing, wrong or from another version or scheme."""
    path = folder / SETTINGS
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["format"] != _FORMAT:
            raise ModelError(f"format {value['format']} is not known to this version, which reads {_FORMAT}")
        kinds = {name: KindSettings(**kind) for name, kind in value["kinds"].items()}
        settings = LinkSettings(int(value["reach_words"]), kinds, value.get("measured", {}))
    except FileNotFoundError:
        raise ModelError(f"{folder}: has a link head but no {SETTINGS}, so the folder is not complete") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{path}: {type(error).__name__} {error}; the file is not complete") from error
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error
    expected = [kind.name for kind in scheme.links]
    if sorted(kinds) != sorted(expected):
        raise ModelError(f"{path}: expected the link kinds {', '.join(expected)}, found {', '.join(kinds) or 'none'}")
    return settings


def _one_way(links: Iterable[Link]) -> list[Link]:
    """Links without the weaker of two of a kind that lead from one span to another and back."""
    best: dict[tuple[str, frozenset[str]], Link] = {}
    for link in links:
        key = (link.kind, frozenset((link.source, link.target)))
        if key not in best or (link.score or 0.0) > (best[key].score or 0.0):
            best[key] = link
    return list(best.values())


def _numbered(links: Iterable[Link], article: Article) -> tuple[Link, ...]:
    order = {span.id: number for number, span in enumerate(article.spans)}
    kinds = {kind.name: number for number, kind in enumerate(article.scheme.links)}
    ordered = sorted(links, key=lambda link: (order[link.source], kinds[link.kind], order[link.target]))
    return tuple(
        Link(f"R{number}", link.kind, link.source, link.target, link.score) for number, link in enumerate(ordered, 1)
    )
