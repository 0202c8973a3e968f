"""Immutable classes with named fields, as frozen dataclasses with slots are, made in a tenth of the time.

The standard library writes source text for the methods of every dataclass and compiles it at import; with over a hundred
classes that is half of what a short run takes. Here the methods are shared and look at the fields. For type checkers and for
`match` a record is a dataclass (PEP 681).
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar, cast, dataclass_transform, overload

_Class = TypeVar("_Class", bound=type)
_Record = TypeVar("_Record")
_MISSING = object()
_HASH = "_hash"
"""Where a record keeps its hash once that was asked for; conditions are looked up often, and their hash is that of all in them."""


class _Field:
    """What is said of a field besides its type."""

    __slots__ = ("compare", "default", "default_factory")

    def __init__(self, default: object, default_factory: Callable[[], object] | None, *, compare: bool) -> None:
        self.default = default
        self.default_factory = default_factory
        self.compare = compare

    @property
    def required(self) -> bool:
        """Whether a value has to be given."""
        return self.default is _MISSING and self.default_factory is None

    def value(self) -> object:
        """The value where none is given, `_MISSING` where one has to be."""
        return self.default_factory() if self.default_factory else self.default


def field(
    *, default: Any = _MISSING, default_factory: Callable[[], Any] | None = None, compare: bool = True
) -> Any:  # type checkers look at the annotation it stands beside
    """A field with a default that is made anew each time, or one that equality and hash leave out."""
    return _Field(default, default_factory, compare=compare)


@overload
def record(cls: _Class, /) -> _Class: ...
@overload
def record(*, eq: bool = True, order: bool = False) -> Callable[[_Class], _Class]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type | None = None, /, *, eq: bool = True, order: bool = False) -> object:
    """The record of a class whose body declares its fields.

    Two are equal when they are of one class and their compared fields are equal; with `eq=False` when they are one object.
    With `order` they compare like tuples of these fields.
    """
    if cls is None:
        return lambda declared: _made(declared, eq=eq, order=order)
    return _made(cls, eq=eq, order=order)


def replace(one: _Record, /, **changes: object) -> _Record:
    """The same record with some fields changed."""
    values = {name: getattr(one, name) for name in type(one).__match_args__}  # type: ignore[attr-defined]  # records have them
    return type(one)(**(values | changes))


def _made(cls: type, *, eq: bool, order: bool) -> type:
    body = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    names = tuple(body.get("__annotations__", ()))
    fields = {name: _field_of(body.pop(name, _MISSING)) for name in names}
    body |= {"__slots__": (*names, _HASH) if eq else names, "__match_args__": names} | _FROZEN
    if eq:
        body |= _comparison([name for name in names if fields[name].compare], order=order)
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__init__ = _initialiser(made, fields)  # type: ignore[misc]  # it needs the slots, which come with the class
    return made


def _field_of(value: object) -> _Field:
    return value if isinstance(value, _Field) else _Field(value, None, compare=True)


def _initialiser(made: type, fields: dict[str, _Field]) -> Callable[..., None]:
    setters = tuple(vars(made)[name].__set__ for name in fields)
    count = len(setters)
    rows: dict[tuple[int, tuple[str, ...]], tuple[int | _Field, ...]] = {}

    def arranged(values: tuple[object, ...], named: dict[str, object]) -> list[object]:
        call = (len(values), tuple(named))
        row = rows.get(call)
        if row is None:
            row = rows[call] = _row(made, fields, *call)
        given = (*values, *named.values())
        return [given[source] if isinstance(source, int) else source.value() for source in row]

    def initialise(self: object, *values: object, **named: object) -> None:
        for store, value in zip(
            setters, arranged(values, named) if named or len(values) != count else values, strict=False
        ):
            store(self, value)

    return initialise


def _row(made: type, fields: dict[str, _Field], values: int, named: tuple[str, ...]) -> tuple[int | _Field, ...]:
    """For each field, where among positional and named values its own stands, or what it has where none is given."""
    given = {name: position for position, name in enumerate((*list(fields)[:values], *named))}
    absent = [name for name, stated in fields.items() if name not in given and stated.required]
    if absent or values > len(fields) or len(given) != values + len(named) or not given.keys() <= fields.keys():
        raise TypeError(f"{made.__name__} takes {', '.join(fields)}, not {values} values and {', '.join(named)}")
    return tuple(given.get(name, stated) for name, stated in fields.items())


def _comparison(names: list[str], *, order: bool) -> dict[str, object]:
    """Equality and hash by some fields, and the order if there is one."""
    key: Callable[[object], object] = attrgetter(*names) if names else lambda _: ()

    def hashed(self: Any) -> int:
        try:
            return cast(int, self._hash)
        except AttributeError:
            found = hash(key(self))
            object.__setattr__(self, _HASH, found)
            return found

    def by(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], object]:
        def method(self: object, other: object) -> object:
            return compare(key(self), key(other)) if other.__class__ is self.__class__ else NotImplemented

        return method

    found: dict[str, object] = {
        "__eq__": by(lambda one, other: one == other),
        "__hash__": hashed,
    }
    if order:
        found |= {
            "__lt__": by(lambda one, other: one < other),
            "__le__": by(lambda one, other: one <= other),
            "__gt__": by(lambda one, other: one > other),
            "__ge__": by(lambda one, other: one >= other),
        }
    return found


def _refuse(self: object, name: str, *_: object) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")


def _shown(self: Any) -> str:
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in type(self).__match_args__)
    return f"{type(self).__name__}({values})"


def _reduced(self: Any) -> tuple[type, tuple[object, ...]]:
    return type(self), tuple(getattr(self, name) for name in type(self).__match_args__)


_FROZEN: dict[str, object] = {
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__repr__": _shown,
    "__reduce__": _reduced,
}
