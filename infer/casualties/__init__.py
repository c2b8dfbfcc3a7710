"""How many: a grammar that reads whole-number bounds from Arabic casualty spans.

Numbers in words and figures, counted nouns, the phrases around them, negation, and which toll is a part of which.
Every span gets its bounds by a named rule; what no rule covers is unknown, never dropped.
"""

from .bounds import RULES, read_bounds
from .counting import count_casualties

__all__ = ["RULES", "count_casualties", "read_bounds"]
