"""Requests as people and browsers write them down: a method and a URL, a `curl` command line, JSON Lines, HAR files."""
