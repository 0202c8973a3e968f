"""A moving average of traffic, and how far traffic can rise above it."""

from __future__ import annotations

from math import inf


def steepest(gain: float) -> float:
    """How many times the average the requests in a window can be, at most.

    The average starts at one, the request that is in the window at least, and moves by the share `gain` towards the number in
    the window with each request. This number grows by one with a request at most, so nothing rises faster than requests that
    come at once after a lull.
    """
    if not gain:
        return inf
    average, most = 1.0, 1.0
    for requests in range(2, int(10 / gain)):
        most = max(most, requests / average)
        average += gain * (requests - average)
    return most
