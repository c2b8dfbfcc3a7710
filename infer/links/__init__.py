"""Which span belongs to which: the link head, the rules beside it, and how the two are put together."""
