"""What a person in a browser can be shown: the requests that open a page, and the places where a rule catches such."""

from __future__ import annotations

from edgelint.facts import Facts
from edgelint.model.expression import METHOD, And, AnyValue, Equals, Expression, Field, Not, Or, Present, Test
from edgelint.model.policy import Rule
from edgelint.space.limits import Unbounded
from edgelint.space.region import Box, Region

_MODE = Field("header", "sec-fetch-mode")


def _by_browser(method: str) -> Expression:
    """The requests with a method that lead a browser to another page: no script made them."""
    headers = (Not(Present(Field("header", name))) for name in ("upgrade", "x-requested-with"))
    mode = Or((Not(Present(_MODE)), AnyValue(_MODE, Equals("navigate"))))
    return And((Test(METHOD, Equals(method)), *headers, mode))


NAVIGATION, FORM = _by_browser("GET"), _by_browser("POST")
"""The requests that open a page and that send a form; `Sec-Fetch-Mode` says so where it is there (W3C, Fetch Metadata)."""


def doorways(facts: Facts, rule: Rule) -> Region:
    """Every request to a listener and host where a rule catches the opening of some page, so that a pass can be had there."""
    pages = facts.both(facts.live(rule), facts.matching(NAVIGATION))
    space = facts.meaning.space
    return Region(space, tuple(dict.fromkeys(map(_place, filter(_occupied, pages.boxes)))))


def _occupied(box: Box) -> bool:
    try:
        return box.member() is not None
    except Unbounded:
        return True


def _place(box: Box) -> Box:
    return Box(box.space, {axis: held for axis, held in box.constraints.items() if axis.kind in ("entry", "host")})
