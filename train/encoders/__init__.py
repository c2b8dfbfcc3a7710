"""Encoders to start from: where they come from and how they become classifiers."""
