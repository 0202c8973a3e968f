"""Differential oracles: random questions to the engine and the languages, and to something that answers them otherwise."""
