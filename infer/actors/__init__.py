"""Who is meant: the table of conflict actors, and mentions grouped within an article."""

from .grouping import group_actors
from .speaking import speaks_for
from .table import ActorEntry, ActorTable

__all__ = ["ActorEntry", "ActorTable", "group_actors", "speaks_for"]
