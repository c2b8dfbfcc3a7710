"""How many: a grammar that reads whole-number bounds from Arabic casualty spans."""
