"""What all objects of a p2pstream configuration have in common at the door: fields, and the values read of them.

Names are those of its API in snake case; lowerCamelCase is read as well, and a null is an absent field. Defaults are those
of its database tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from edgelint.readers.p2pstream.content import camel, snake
from edgelint.readers.p2pstream.objects import Faults, Notes, Raw

MOST_ITEMS = 1000
"""Items of the longest list inside an object."""
MOST_STEPS = 512
"""Steps from an object to the deepest object inside it."""

T = TypeVar("T")
D = TypeVar("D")
T_co = TypeVar("T_co", covariant=True)
Parser = Callable[[object, Faults], T | None]
"""From a plain value to what it stands for, None when it is unfit; its faults are noted."""


class Field(Generic[T_co]):
    """One field of a shape: how it is read, and its default, which it has when it is absent or unfit.

    `zero` is what an API answer means by leaving it out (protojson leaves out zeros), where that is not the default; where
    zero is no legal value the server itself falls back to the default. A `decisive` field decides what an object does: when
    it is unfit, so is the object. `limits` are the least and the greatest number that p2pstream accepts.
    """

    default: T_co

    def __init__(
        self: Field[T | D],
        read: Parser[T],
        default: D,
        *,
        zero: D | None = None,
        decisive: bool = False,
        limits: tuple[int, int | None] | None = None,
    ) -> None:
        self.read, self.default, self.decisive, self.limits = read, default, decisive, limits
        self.zero = default if zero is None else zero

    @overload
    def __get__(self, found: None, shape: type[Shape]) -> Self: ...
    @overload
    def __get__(self, found: Shape, shape: type[Shape]) -> T_co: ...
    def __get__(self, found: Shape | None, shape: type[Shape]) -> Self | T_co:
        return self if found is None else self.default  # a value that was read hides the field


class Shape:
    """An object of a configuration: the fields are its class's, the values that were read its own."""

    fields: ClassVar[Mapping[str, Field[Any]]] = {}

    def __init_subclass__(cls) -> None:
        own = {name: field for name, field in vars(cls).items() if isinstance(field, Field)}
        cls.fields = {**cls.fields, **own}

    @classmethod
    def read(cls, value: object, faults: Faults) -> Self | None:
        """The object that a plain value stands for: a parser."""
        left = _given(value, faults)
        if left is None:
            return None
        found, fit = cls(), True
        for name, field in cls.fields.items():
            key = camel(name)
            key = key if key in left else name
            if key in left:
                before = faults.unfit
                faults.route.append(key)
                item = field.read(left.pop(key), faults)
                faults.route.pop()
                if item is not None:
                    vars(found)[name] = item
                fit = fit and not (field.decisive and faults.unfit > before)
        for key in left:
            faults.unread(key, twice=not faults.route and snake(key) in cls.fields)
        return found if fit else None


def _given(value: object, faults: Faults) -> dict[str, object] | None:
    """The fields that an object gives; None when it is no object, or far larger than p2pstream would accept."""
    if not isinstance(value, dict):
        faults.refuse(value, "an object")
    elif len(faults.route) > MOST_STEPS:
        faults.refuse(value, "nested less deeply")
    elif any(isinstance(item, list) and len(item) > MOST_ITEMS for item in value.values()):
        faults.refuse(value, f"an object whose lists hold at most {MOST_ITEMS} items", "longer ones")
    else:
        return {key: item for key, item in value.items() if item is not None}
    return None


AnyShape = TypeVar("AnyShape", bound=Shape)


def read_object(shape: type[AnyShape], raw: Raw, what: str, notes: Notes, subject: str = "") -> AnyShape | None:
    """The object in the given shape, its faults noted; None when it cannot be used at all."""
    faults = Faults(raw.place, what, notes, subject)
    found = shape.read(raw.value, faults)
    faults.close()
    if found is None:
        return None
    if raw.form == "answer":
        _fill(found)
    _note_limits(found, raw, notes, subject)
    return found


def _fill(found: Shape) -> None:
    """Put zeros for what an answer left out, in the objects that were read inside as well."""
    for value in vars(found).values():
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, Shape):
                _fill(inner)
    for name, field in found.fields.items():
        vars(found).setdefault(name, field.zero)


def _note_limits(found: Shape, raw: Raw, notes: Notes, subject: str) -> None:
    """Note what is out of range; a value that is not even positive where it must be becomes the default."""
    for name, field in found.fields.items():
        if field.limits is None:
            continue
        low, high = field.limits
        value = getattr(found, name)
        if value >= low and (high is None or value <= high):
            continue
        accepted = f"{low} or more" if high is None else f"{low} to {high}"
        notes.unreadable(f"`{raw.key(name) or name}` is {value}, p2pstream accepts {accepted}", raw.at(name), subject)
        if value <= 0:
            vars(found)[name] = field.default
