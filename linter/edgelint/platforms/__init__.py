"""One file for each platform: how it behaves, as data."""
