"""CEL's types as the checker sees them, and when one may stand for another: cel-spec, langdef.md, "Gradual Type Checking"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

MAX_SIZE = 200
"""How many names a type may spell; what grows beyond becomes dyn."""


class Type:
    """A type, such as `map(string, int)`. A name that is one upper-case letter, or begins with `%`, is a type variable.

    `size` is the number of names it spells, and `open` says whether one of them is a type variable.
    """

    __match_args__ = ("name", "parameters")
    __slots__ = ("name", "open", "parameters", "size")

    def __init__(self, name: str, parameters: tuple[Type, ...] = ()) -> None:
        self.name = name
        self.parameters = parameters
        self.size: int = 1 + sum(parameter.size for parameter in parameters)
        self.open: bool = self.variable or any(parameter.open for parameter in parameters)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Type) and (self.name, self.parameters) == (other.name, other.parameters)

    def __hash__(self) -> int:
        return hash((self.name, self.parameters))

    @property
    def variable(self) -> bool:
        """Whether this is a type variable."""
        return self.name[0] == "%" or (len(self.name) == 1 and self.name.isupper())

    def __str__(self) -> str:
        if self.variable:
            return "dyn"
        return f"{self.name}({', '.join(map(str, self.parameters))})" if self.parameters else self.name


BOOL, INT, UINT, DOUBLE = Type("bool"), Type("int"), Type("uint"), Type("double")
STRING, BYTES, NULL, DYN = Type("string"), Type("bytes"), Type("null_type"), Type("dyn")
TIMESTAMP, DURATION = Type("google.protobuf.Timestamp"), Type("google.protobuf.Duration")
"""The types without parameters."""

UNKNOWN = Type("unknown")
"""The type of an expression that has a problem already: it fits everywhere, so that one mistake gives one message."""

_ALIASES = {"timestamp": TIMESTAMP, "duration": DURATION}
_TOKEN = re.compile(r"\s*([\w.]+|[(),])")


def compound(name: str, parameters: tuple[Type, ...]) -> Type:
    """The type of this name with these parameters, dyn if it is too large."""
    kind = Type(name, parameters)
    return kind if kind.size <= MAX_SIZE else DYN


def list_of(element: Type) -> Type:
    """The type of lists of an element type."""
    return compound("list", (element,))


def map_of(key: Type, value: Type) -> Type:
    """The type of maps of a key and a value type."""
    return compound("map", (key, value))


def type_of(value: Type) -> Type:
    """The type of a type denotation."""
    return Type("type", (value,))


def read_type(text: str) -> Type:
    """The type that a text such as `map(string, list(string))` spells."""
    return _read(iter(_TOKEN.findall(text)))[0]


def _read(tokens: Iterator[str]) -> tuple[Type, str]:
    name, after = next(tokens), next(tokens, "")
    if after != "(":
        return _ALIASES.get(name, Type(name)), after
    parameters = []
    while after != ")":
        parameter, after = _read(tokens)
        parameters.append(parameter)
    return Type(name, tuple(parameters)), next(tokens, "")


class Bindings:
    """What the type variables stand for so far; grows while an expression is checked."""

    def __init__(self) -> None:
        self._bound: dict[Type, Type] = {}
        self._count = 0

    def fresh(self) -> Type:
        """A new type variable."""
        self._count += 1
        return Type(f"%{self._count}")

    def rename(self, kinds: Iterable[Type]) -> list[Type]:
        """These types with new type variables in place of their own."""
        fresh: dict[str, Type] = {}
        return [self._rename(kind, fresh) for kind in kinds]

    def _rename(self, kind: Type, fresh: dict[str, Type]) -> Type:
        if not kind.open:
            return kind
        if not kind.variable:
            return compound(kind.name, tuple(self._rename(parameter, fresh) for parameter in kind.parameters))
        if kind.name not in fresh:
            fresh[kind.name] = self.fresh()
        return fresh[kind.name]

    def resolve(self, kind: Type) -> Type:
        """The type with its bound variables replaced."""
        if not kind.open:
            return kind
        while kind in self._bound:
            kind = self._bound[kind]
        return compound(kind.name, tuple(map(self.resolve, kind.parameters)))

    def close(self, kind: Type) -> Type:
        """The type with its bound variables replaced, and its free variables by dyn."""
        kind = self.resolve(kind)
        return DYN if kind.variable else compound(kind.name, tuple(map(self.close, kind.parameters)))

    def fit(self, given: Iterable[Type], wanted: Iterable[Type]) -> bool:
        """Whether these types may stand for those, pairwise; binds variables if so, changes nothing if not."""
        before = self._bound.copy()
        if all(self._fits(one, other) for one, other in zip(given, wanted, strict=True)):
            return True
        self._bound = before
        return False

    def _fits(self, given: Type, wanted: Type) -> bool:
        if given == wanted:
            return True
        if wanted.variable:
            bound_before = wanted in self._bound
            if self._bind(wanted, given):
                return True
            if bound_before:
                return False
        if given.variable:
            return self._bind(given, wanted)
        if given in (DYN, UNKNOWN) or wanted in (DYN, UNKNOWN):
            return True
        if NULL in (given, wanted):
            return given in (TIMESTAMP, DURATION) or wanted in (TIMESTAMP, DURATION)
        if given.name != wanted.name:
            return False
        return given.name == "type" or all(map(self._fits, given.parameters, wanted.parameters))

    def _bind(self, variable: Type, kind: Type) -> bool:
        if variable == kind:
            return True
        bound = self._bound.get(variable)
        if bound is None:
            if self._occurs(variable, kind):
                return False
            self._bound[variable] = kind
            return True
        if bound == kind:
            return True
        if not self._fits(kind, bound):
            return False
        general = kind if less_specific(kind, bound) else bound
        if not self._occurs(variable, general):
            self._bound[variable] = general
        return True

    def _occurs(self, variable: Type, kind: Type) -> bool:
        if variable == kind:
            return True
        if kind.variable:
            return kind in self._bound and self._occurs(variable, self._bound[kind])
        return any(self._occurs(variable, parameter) for parameter in kind.parameters)


def less_specific(one: Type, other: Type) -> bool:
    """Whether the first of two types that fit is the same as the other, or more general."""
    if one == DYN or one.variable:
        return True
    if other == DYN or other.variable or one.name != other.name:
        return False
    return one.name == "type" or all(map(less_specific, one.parameters, other.parameters))
