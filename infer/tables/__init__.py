"""Results as tables for a person, safe for right-to-left text in a terminal."""
