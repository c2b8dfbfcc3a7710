"""Auditing annotated corpora: counts, faults and duplicates."""
