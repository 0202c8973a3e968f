"""The bounds and short cuts of the engine set to other values, none of which may ever make an answer wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from unittest.mock import patch

from edgelint.space import index, questions, region, search, theory, values

Settings = tuple[tuple[ModuleType, str, int], ...]

NO_SHORT_CUTS: Settings = (
    (region, "JOINS", 0),
    (theory, "_AFFIXES", 1),
    (index, "_FEW", 0),
    (index, "_REMEMBERED", 0),
)
"""Nothing is joined, and what is made for few things is made for none."""

STARVED: Settings = (
    (region, "BOXES", 5),
    (values, "SHAPES", 4),
    (values, "ASSIGNMENTS", 2),
    (questions, "CUTS", 6),
    (search, "STEPS", 60),
)
"""Bounds so tight that ordinary questions run into them."""


@contextmanager
def limited(settings: Settings) -> Iterator[None]:
    """A context in which these settings hold."""
    with ExitStack() as stack:
        for module, name, value in settings:
            stack.enter_context(patch.object(module, name, value))
        yield
