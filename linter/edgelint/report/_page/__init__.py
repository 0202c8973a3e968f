"""The parts of the page that `html` writes: one file that needs nothing else, and no scripts to be read."""
