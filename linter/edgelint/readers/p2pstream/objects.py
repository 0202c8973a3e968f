"""The plain objects of a configuration in their places, and every fault of them as a problem at its exact place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from types import NoneType
from typing import NamedTuple

from edgelint.model.policy import Problem
from edgelint.readers.documents.document import MOST_PROBLEMS, quoted
from edgelint.readers.p2pstream.content import Form, camel
from edgelint.source import Place

MOST_OBJECTS = 200_000
"""Objects read of one list."""


class Broken(Enum):
    """A value that could not be decoded and was reported where that happened."""

    VALUE = 1


class Notes:
    """The problems met while one configuration is read."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def unreadable(self, message: str, place: Place, subject: str = "") -> None:
        """Note input that is broken, or that p2pstream would refuse."""
        self.problems.append(Problem("unreadable", message, place, subject))

    def expression(self, message: str, place: Place, subject: str = "") -> None:
        """Note a match that p2pstream would refuse."""
        self.problems.append(Problem("expression", message, place, subject))

    def mismatch(self, message: str, place: Place, subject: str = "") -> None:
        """Note two forms of one thing that contradict one another."""
        self.problems.append(Problem("mismatch", message, place, subject))

    def unknown(self, message: str, place: Place, subject: str = "") -> None:
        """Note a field there is no model for."""
        self.problems.append(Problem("unknown-field", message, place, subject))


class Raw(NamedTuple):
    """One object as it stands in a source: its plain value, its place, the form it is in."""

    value: object
    place: Place
    form: Form

    def key(self, name: str) -> str | None:
        """How a field is spelled in this object, or None when it is not there."""
        if not isinstance(self.value, dict):
            return None
        spelling = camel(name)
        if self.value.get(spelling) is not None:
            return spelling
        return name if self.value.get(name) is not None else None

    def get(self, name: str) -> object:
        """The plain value of a field, None when it is not there."""
        key = self.key(name)
        return self.value[key] if key is not None and isinstance(self.value, dict) else None

    def at(self, *names: str) -> Place:
        """The place of a field, or of the nearest thing around it that is there."""
        raw = self
        for name in names:
            if raw.key(name) is None:
                break
            raw = raw.inside(name)
        return raw.place

    def has(self, *names: str) -> bool:
        """Whether a field is there."""
        raw = self
        for name in names[:-1]:
            raw = raw.inside(name)
        return raw.key(names[-1]) is not None

    def inside(self, name: str) -> Raw:
        """The object in a field."""
        return Raw(self.get(name), self.place.child(self.key(name) or name), self.form)

    def items(self, name: str, notes: Notes) -> list[Raw]:
        """The objects of a list; anything but a list is noted and empty."""
        value = self.get(name)
        if value is None or value is Broken.VALUE:
            return []
        if not isinstance(value, list):
            notes.unreadable(f"`{self.key(name)}` should be a list, not {described(value)}", self.at(name))
            return []
        place = self.at(name)
        if len(value) > MOST_OBJECTS:
            notes.unreadable(f"`{self.key(name)}` holds more than {MOST_OBJECTS}, the rest is not read", place)
        return [Raw(item, place.child(index), self.form) for index, item in enumerate(value[:MOST_OBJECTS])]


class Faults:
    """What is wrong inside one object: noted while it is read, of very many faults the first.

    `route` is the way to the value being read, `unfit` how many values so far were not what they should be.
    """

    def __init__(self, place: Place, what: str, notes: Notes, subject: str) -> None:
        self._place, self._what, self._notes, self._subject = place, what, notes, subject
        self._count = 0
        self.route: list[str | int] = []
        self.unfit = 0

    def refuse(self, value: object, expected: str, found: str = "") -> None:
        """Note that this value should be something else."""
        self.unfit += 1
        if value is not Broken.VALUE:
            self._note(self._notes.unreadable, f"should be {expected}, not {found or described(value)}")

    def unread(self, key: str, *, twice: bool) -> None:
        """Note a field of this value that is not read: nobody knows it, or it is the second spelling of one that is."""
        self.route.append(key)
        if twice:
            self._note(self._notes.unreadable, f"stands twice in {self._what}, in two spellings")
        else:
            self._note(self._notes.unknown, f"is not a known field of {self._what}")
        self.route.pop()

    def close(self) -> None:
        """Note how many there are more."""
        if self._count > MOST_PROBLEMS:
            message = f"{self._count - MOST_PROBLEMS} more problems of {self._what} are not listed"
            self._notes.unknown(message, self._place, self._subject)

    def _note(self, note: Callable[[str, Place, str], None], message: str) -> None:
        self._count += 1
        if self._count <= MOST_PROBLEMS:
            path = _dotted(self.route) if self.route else self._what
            note(f"{path} {message}", self._place.child(*self.route), self._subject)


def _dotted(route: Iterable[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route)
    return quoted(text.removeprefix("."))


_KINDS = {NoneType: "nothing", bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}


def described(value: object) -> str:
    """What a plain value is, in words, without quoting it."""
    return _KINDS.get(type(value), "an object" if isinstance(value, dict) else "binary data")
