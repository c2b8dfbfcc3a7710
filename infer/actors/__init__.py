"""Who is meant: the table of conflict actors, and mentions grouped within an article."""
