"""Judging: scores, intervals, calibration, reports, and the dictionary a model must beat."""
