"""How a link is chosen among what several rules propose: by the precision each rule was measured to have.

A rule's name goes from the general to the particular, `kind:side:feature:…`; its precision is that of the longest
beginning of its name the table holds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

__all__ = ["LEAST_PRECISION", "Choices", "Proposal"]

LEAST_PRECISION = 0.4
"""A link is made by a rule that is right at least this often; about half the F1 that is reached maximises F1."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Links of one kind from a span to one or more, and the rule that proposes them; spans by position."""

    kind: str
    source: int
    targets: tuple[int, ...]
    rule: str


@dataclass(slots=True)
class Choices:
    """What was proposed and what was chosen, in order; `precision` gives that of a rule by name."""

    precision: Callable[[str], float]
    proposed: list[Proposal] = field(default_factory=list)
    chosen: list[Proposal] = field(default_factory=list)

    def choose(self, proposals: Sequence[Proposal]) -> tuple[int, ...]:
        """Take the proposal of the most precise rule, the first of equals; the spans it leads to, or none."""
        self.proposed += proposals
        best = max(proposals, key=lambda proposal: self.precision(proposal.rule), default=None)
        if best is None or self.precision(best.rule) < LEAST_PRECISION:
            return ()
        self.chosen.append(best)
        return best.targets
