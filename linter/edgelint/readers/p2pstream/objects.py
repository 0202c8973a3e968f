"""Reading one object: plain values in, a shape out, and every fault of it as a problem at its exact place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from itertools import takewhile
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from edgelint.model.policy import Problem
from edgelint.readers.documents.document import MOST_PROBLEMS, quoted
from edgelint.readers.p2pstream.content import Form, snake
from edgelint.readers.p2pstream.shape import EXPECTED, TOO_LONG, Shape
from edgelint.source import Place

MOST_OBJECTS = 20_000
"""Objects read of one list."""

Plain = dict[str, Any]
AnyShape = TypeVar("AnyShape", bound=Shape)


class Broken(Enum):
    """A value that could not be decoded and was reported where that happened."""

    VALUE = 1


@dataclass(slots=True)
class Notes:
    """The problems met while one configuration is read."""

    problems: list[Problem] = field(default_factory=list)

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


@dataclass(frozen=True, slots=True)
class Raw:
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


@cache
def camel(name: str) -> str:
    """The lowerCamelCase spelling of a field."""
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def described(value: object) -> str:
    """What a plain value is, in words, without quoting it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list() | tuple():
            return "a list"
        case dict():
            return "an object"
    return "binary data"


def read_object(shape: type[AnyShape], raw: Raw, what: str, notes: Notes, subject: str = "") -> AnyShape | None:
    """The object in the given shape, faulty fields at their defaults; None when it cannot be used at all."""
    if not isinstance(raw.value, dict):
        if raw.value is not Broken.VALUE:
            notes.unreadable(f"{what} should be an object, not {described(raw.value)}", raw.place, subject)
        return None
    value: Plain = raw.value
    while True:
        try:
            found = shape.model_validate(value)
        except ValidationError as error:
            faults = error.errors(include_url=False)
        else:
            return _within_limits(_zeroed(found) if raw.form == "answer" else found, raw, notes, subject)
        for fault in faults[:MOST_PROBLEMS]:
            _note(fault, shape, raw, what, notes, subject)
        if len(faults) > MOST_PROBLEMS:
            rest = len(faults) - MOST_PROBLEMS
            notes.unknown(f"{rest} more problems of {what} are not listed", raw.place, subject)
        if any(_decides(fault, shape) for fault in faults):
            return None
        value = _without(value, [_faulty(fault) for fault in faults])


def _note(fault: ErrorDetails, shape: type[Shape], raw: Raw, what: str, notes: Notes, subject: str) -> None:
    if fault["input"] is Broken.VALUE:
        return
    place = raw.place.child(*fault["loc"])
    path = _dotted(fault["loc"]) if fault["loc"] else what
    if fault["type"] != "extra_forbidden":
        notes.unreadable(f"{path} should be {_expected(fault)}, not {_found(fault)}", place, subject)
    elif len(fault["loc"]) == 1 and snake(str(fault["loc"][0])) in shape.model_fields:
        notes.unreadable(f"{path} stands twice in {what}, in two spellings", place, subject)
    else:
        notes.unknown(f"{path} is not a known field of {what}", place, subject)


def _dotted(route: tuple[str | int, ...]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route)
    return quoted(text.removeprefix("."))


_EXPECTATIONS = (
    ("int_parsing_size", "a number of 64 bits"),
    ("less_than", "a number of 64 bits"),
    ("greater_than", "a number of 64 bits"),
    ("int_", "a whole number"),
    ("float_", "a number"),
    ("finite_number", "a finite number"),
    ("string_", "text"),
    ("tuple_", "a list"),
    ("dict_", "an object"),
    ("model_", "an object"),
    ("recursion", "nested less deeply"),
)


def _expected(fault: ErrorDetails) -> str:
    if fault["type"] in (EXPECTED, TOO_LONG):
        return fault["msg"]
    return next((words for kind, words in _EXPECTATIONS if fault["type"].startswith(kind)), "something else")


def _found(fault: ErrorDetails) -> str:
    """What stood there instead, quoted only where a word of an enumeration is expected."""
    value = fault["input"]
    if fault["type"] == TOO_LONG:
        return "longer ones"
    is_word = fault["type"] == EXPECTED and fault["msg"].startswith("one of") and isinstance(value, str)
    return quoted(value) if is_word else described(value)


def _decides(fault: ErrorDetails, shape: type[Shape]) -> bool:
    if fault["type"] == "extra_forbidden":
        return False
    return not fault["loc"] or snake(str(fault["loc"][0])) in shape.decisive


FaultRoute = tuple[str | int, ...]


def _faulty(fault: ErrorDetails) -> FaultRoute:
    """What has to go: a faulty field; a list as a whole when an item is faulty, unless the item just has too much."""
    route = fault["loc"]
    if fault["type"] == "extra_forbidden":
        return route
    return tuple(takewhile(lambda step: not isinstance(step, int), route))


def _without(value: Plain, routes: Iterable[FaultRoute]) -> Plain:
    """A copy of an object without what these routes lead to."""
    copy = value.copy()
    deeper: dict[str | int, list[FaultRoute]] = {}
    for step, *rest in routes:
        if rest:
            deeper.setdefault(step, []).append(tuple(rest))
        else:
            copy.pop(str(step), None)
    for step, rests in deeper.items():
        if step in copy:
            copy[str(step)] = _deeper(copy[str(step)], rests)
    return copy


def _deeper(value: Any, routes: Iterable[FaultRoute]) -> Any:
    """The same of a value that may be a list, whose items have routes of their own."""
    if not isinstance(value, list):
        return _without(value, routes)
    copy = value.copy()
    by_item: dict[int, list[FaultRoute]] = {}
    for step, *rest in routes:
        by_item.setdefault(int(step), []).append(tuple(rest))
    for index, rests in by_item.items():
        copy[index] = _deeper(copy[index], rests)
    return copy


def _zeroed(found: AnyShape) -> AnyShape:
    """The object with zero for what an answer left out, the objects in it included."""
    update = {name: value for name, value in found.zeros.items() if name not in found.model_fields_set}
    for name in found.model_fields_set:
        match getattr(found, name):
            case Shape() as inner:
                update[name] = _zeroed(inner)
            case (Shape(), *_) as inner:
                update[name] = tuple(_zeroed(item) for item in inner)
    return found.model_copy(update=update) if update else found


def _within_limits(found: AnyShape, raw: Raw, notes: Notes, subject: str) -> AnyShape:
    """The object with what is out of range noted; a value that is not even positive where it must be is the default."""
    update: dict[str, object] = {}
    for name, (low, high) in found.limits.items():
        value = getattr(found, name)
        if value >= low and (high is None or value <= high):
            continue
        accepted = f"{low} or more" if high is None else f"{low} to {high}"
        notes.unreadable(f"`{raw.key(name) or name}` is {value}, p2pstream accepts {accepted}", raw.at(name), subject)
        if value <= 0:
            update[name] = type(found).model_fields[name].default
    return found.model_copy(update=update) if update else found
