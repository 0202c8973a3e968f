"""What becomes of one request at the edge, step by step and with reasons: arrival, phases, route, cache, decision."""
