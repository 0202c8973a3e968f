"""Small exact simulators of what an edge keeps state for."""
