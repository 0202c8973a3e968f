"""One file for each check: facts in, findings out."""
