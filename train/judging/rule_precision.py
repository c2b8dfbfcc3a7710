"""Measure how often each linking rule is right on annotated articles, and write the linker's table.

    python -m rasid.train.judging.rule_precision ANNOTATED_TRAIN > new.py && mv new.py infer/links/rule_precision.py

A rule's name goes from the general to the particular. Every beginning of a name that proposed enough links gets its
precision, drawn towards that of the next more general one (an m-estimate); beginnings that say nothing new are left
out. Since some rules build on what others chose, measuring and choosing alternate a few times.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ...infer.articles import Article
from ...infer.formats.corpus import read_corpus
from ...infer.links.precision import look_up
from ...infer.links.rules import try_rules

__all__ = ["measure_rules", "render_table"]

_ROUNDS = 4
_LEAST_LINKS = 8
_PRIOR_LINKS = 2
_SAME = 0.15
"""A beginning whose precision is within this of the next more general one is left out."""

_HEAD = '''"""How often each linking rule is right, in percent: a generated table, read by `precision`.

Measured on {articles} annotated articles ({links} gold links), given gold spans, by

    python -m rasid.train.judging.rule_precision ANNOTATED_TRAIN > new.py && mv new.py infer/links/rule_precision.py

A line holds a beginning of rule names and what follows it, each with its precision. The names are put together in
`stance_rules` and `casualty_rules`.
"""

__all__ = ["PERCENT"]

PERCENT = """\\
'''


def measure_rules(articles: Sequence[Article]) -> dict[str, float]:
    """The precision of each beginning of a rule's name that is worth an entry."""
    table: dict[str, float] = {}
    for _ in range(_ROUNDS):
        made, right = _count(articles, partial(look_up, table))
        table = _estimate(made, right)
    return _prune(table)


def render_table(table: dict[str, float], articles: Sequence[Article]) -> str:
    """The table as the module the linker imports."""
    lines: dict[str, list[str]] = defaultdict(list)
    for rule in sorted(table):
        parts = rule.split(":")
        beginning = ":".join(parts[:3])
        lines[beginning].append(f"{rule[len(beginning) :]}={round(100 * table[rule])}")
    text = _HEAD.format(articles=len(articles), links=sum(len(article.links) for article in articles))
    for beginning, entries in lines.items():
        line = beginning
        for entry in entries:
            if len(line) + 1 + len(entry) > 120:
                text += line + "\n"
                line = beginning
            line += " " + entry
        text += line + "\n"
    return text + '"""\n'


def _count(articles: Sequence[Article], precision: Callable[[str], float]) -> tuple[Counter[str], Counter[str]]:
    """How many links each beginning proposed, and how many of them gold has."""
    made: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for article in articles:
        gold = {(link.kind, link.source, link.target) for link in article.links}
        ids = [span.id for span in article.spans]
        for proposal in try_rules(article, precision).proposed:
            found = sum((proposal.kind, ids[proposal.source], ids[at]) in gold for at in proposal.targets)
            parts = proposal.rule.split(":")
            for end in range(1, len(parts) + 1):
                made[":".join(parts[:end])] += len(proposal.targets)
                right[":".join(parts[:end])] += found
    return made, right


def _estimate(made: Counter[str], right: Counter[str]) -> dict[str, float]:
    table: dict[str, float] = {}
    for rule in sorted(made, key=lambda rule: (rule.count(":"), rule)):
        if made[rule] >= _LEAST_LINKS or ":" not in rule:
            general = look_up(table, rule)
            table[rule] = (right[rule] + _PRIOR_LINKS * general) / (made[rule] + _PRIOR_LINKS)
    return table


def _prune(table: dict[str, float]) -> dict[str, float]:
    kept: dict[str, float] = {}
    for rule in sorted(table, key=lambda rule: (rule.count(":"), rule)):
        if ":" not in rule or abs(look_up(kept, rule) - table[rule]) >= _SAME:
            kept[rule] = table[rule]
    return kept


if __name__ == "__main__":
    annotated = read_corpus(Path(sys.argv[1]), repair=True)
    sys.stdout.write(render_table(measure_rules(annotated), annotated))
