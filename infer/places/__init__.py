"""Where: the gazetteer, and the entry a location span stands for."""
