"""The run configs that ship with the package, found by name: `rasid-train run compact`."""
