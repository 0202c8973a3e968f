"""Other spellings of a path under which an application answers alike, by what it is built with.

Doubled slashes, dot segments and percent-encoded letters are none: the edge settles these before any rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgelint.model.expression import Equals, PathPrefix, Predicate, StartsWith
from edgelint.model.topology import Stack
from edgelint.record import record


@record
class Habits:
    """What an application takes for the same path, as its framework does where nobody says otherwise.

    `case`: letters of either case; `slash`: a slash at the end or none; `parameters`: what follows a `;` in a segment;
    `formats`: an ending such as `.json`; `path_info`: what follows the name of a script.
    """

    case: bool = False
    slash: bool = False
    parameters: bool = False
    formats: bool = False
    path_info: bool = False


_HABITS: dict[Stack, Habits] = {
    "aspnet": Habits(case=True, slash=True),
    "django": Habits(slash=True),
    "express": Habits(case=True, slash=True),
    "go": Habits(),
    "laravel": Habits(slash=True),
    "php": Habits(path_info=True),
    "rails": Habits(slash=True, formats=True),
    "spring": Habits(parameters=True),
}
_FILE = re.compile(r"\.[A-Za-z0-9]+$")
_HIDDEN = re.compile(r"/\.(?!well-known(?:/|$))")
_SCRIPT = re.compile(r"\.php$", re.IGNORECASE)

PARAMETER = "a parameter behind `;`"
"""The difference of a spelling that one rule refuses for all paths."""


@record
class Spelling:
    """Another spelling of a literal's path, and what is different about it, in words."""

    path: str
    difference: str


def spellings(literal: Predicate, stack: Stack | None) -> Iterator[Spelling]:
    """Paths that a literal leaves out and that an application answers as those it names; a few are enough to show.

    Where it is not known what an application is built with, only a slash at the end of a page's path counts. Hidden files,
    such as `/.git`, have one spelling: no framework's habits go for them.
    """
    if not isinstance(literal, Equals | PathPrefix | StartsWith) or literal.text in ("", "/"):
        return
    if _HIDDEN.search(literal.text):
        return
    text, habits = literal.text, _habits(literal.text, stack)
    if isinstance(literal, Equals) and habits.slash:
        yield Spelling(text.removesuffix("/") if text.endswith("/") else f"{text}/", "the slash at the end")
    if habits.case and _capital(text) != text:
        yield Spelling(_capital(text), "the case of its letters")
    if not isinstance(literal, StartsWith) and not text.endswith("/"):
        yield from _longer(text, habits)


def _habits(text: str, stack: Stack | None) -> Habits:
    return _HABITS[stack] if stack else Habits(slash=not _FILE.search(text))


def _capital(text: str) -> str:
    """A path with its first letter in upper case, or in lower case where it is a capital already."""
    return re.sub("[A-Za-z]", lambda letter: letter[0].swapcase(), text, count=1)


def _longer(text: str, habits: Habits) -> Iterator[Spelling]:
    if habits.parameters:
        yield Spelling(f"{text};x", PARAMETER)
    if habits.formats and not _FILE.search(text):
        yield Spelling(f"{text}.json", "an ending that names a format")
    if habits.path_info and _SCRIPT.search(text):
        yield Spelling(f"{text}/x", "what follows the name of the script")
