"""edgelint tells the people who run an HTTP edge what their rules really catch."""

__version__ = "0.1.0"
