"""Makes the package's gazetteer from public tables."""
