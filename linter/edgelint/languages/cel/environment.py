"""What an expression may use: variables, and the functions of CEL's standard library as cel-go declares them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from edgelint.languages.cel.type_system import DYN, Bindings, Type, read_type, type_of
from edgelint.record import field as attribute
from edgelint.record import record

_STANDARD = """
&&(bool, bool) -> bool; ||(bool, bool) -> bool; !(bool) -> bool; ?:(bool, A, A) -> A
==(A, A) -> bool; !=(A, A) -> bool; in(A, list(A)) -> bool; in(A, map(A, B)) -> bool
[](list(A), int) -> A; [](map(A, B), A) -> B
+(int, int) -> int; +(uint, uint) -> uint; +(double, double) -> double; +(string, string) -> string
+(bytes, bytes) -> bytes; +(list(A), list(A)) -> list(A); +(duration, duration) -> duration
+(duration, timestamp) -> timestamp; +(timestamp, duration) -> timestamp
-(int, int) -> int; -(uint, uint) -> uint; -(double, double) -> double; -(duration, duration) -> duration
-(timestamp, duration) -> timestamp; -(timestamp, timestamp) -> duration; -(int) -> int; -(double) -> double
*(int, int) -> int; *(uint, uint) -> uint; *(double, double) -> double
/(int, int) -> int; /(uint, uint) -> uint; /(double, double) -> double; %(int, int) -> int; %(uint, uint) -> uint
size(string) -> int; size(bytes) -> int; size(list(A)) -> int; size(map(A, B)) -> int
string.size() -> int; bytes.size() -> int; list(A).size() -> int; map(A, B).size() -> int
string.contains(string) -> bool; string.startsWith(string) -> bool; string.endsWith(string) -> bool
string.matches(string) -> bool; matches(string, string) -> bool
dyn(A) -> dyn; type(A) -> type(A); bool(bool) -> bool; bool(string) -> bool; bytes(bytes) -> bytes; bytes(string) -> bytes
double(double) -> double; double(int) -> double; double(string) -> double; double(uint) -> double
int(int) -> int; int(double) -> int; int(duration) -> int; int(string) -> int; int(timestamp) -> int; int(uint) -> int
uint(uint) -> uint; uint(double) -> uint; uint(int) -> uint; uint(string) -> uint
string(string) -> string; string(bool) -> string; string(bytes) -> string; string(double) -> string
string(duration) -> string; string(int) -> string; string(timestamp) -> string; string(uint) -> string
duration(duration) -> duration; duration(string) -> duration
timestamp(timestamp) -> timestamp; timestamp(int) -> timestamp; timestamp(string) -> timestamp
"""
_ORDERED = ("bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration")
_CLOCK = ("getHours", "getMinutes", "getSeconds", "getMilliseconds")
CALENDAR = ("getFullYear", "getMonth", "getDayOfYear", "getDayOfMonth", "getDate", "getDayOfWeek", *_CLOCK)
"""The functions that give a part of a timestamp, and some of them of a duration."""

_TYPES = (*_ORDERED, "list(dyn)", "map(dyn, dyn)", "null_type", "type")
TYPE_NAMES = frozenset(read_type(text).name for text in _TYPES)
"""The types that an expression can name."""


@record
class Overload:
    """One signature of a function. The parameters of a `member` begin with what it is called on."""

    parameters: tuple[Type, ...]
    result: Type
    member: bool

    def write(self, name: str) -> str:
        """The signature as a call."""
        return write_call(name, self.parameters, member=self.member)


@record
class Environment:
    """The variables and types by name, and the overloads of every function and operator."""

    variables: Mapping[str, Type]
    functions: Mapping[str, tuple[Overload, ...]]
    _memory: dict[tuple[str, bool, tuple[Type, ...]], Type | None] = attribute(default_factory=dict, compare=False)

    def result(self, name: str, kinds: tuple[Type, ...], bindings: Bindings, *, member: bool) -> Type | None:
        """What a function gives for arguments of these types: dyn when its overloads differ, None when it takes no such."""
        if any(kind.open for kind in kinds):
            return self._resolve(name, kinds, bindings, member=member)
        key = (name, member, kinds)
        if key not in self._memory:
            found = self._resolve(name, kinds, bindings, member=member)
            if found is not None and found.open:
                return found
            self._memory[key] = found
        return self._memory[key]

    def _resolve(self, name: str, kinds: tuple[Type, ...], bindings: Bindings, *, member: bool) -> Type | None:
        result: Type | None = None
        for overload in self.functions[name]:
            if overload.member == member and len(overload.parameters) == len(kinds):
                *parameters, overload_result = bindings.rename((*overload.parameters, overload.result))
                if bindings.fit(kinds, parameters):
                    found = bindings.resolve(overload_result)
                    result = found if result in (None, found) else DYN
        return result


def environment(variables: Mapping[str, str], functions: Iterable[str]) -> Environment:
    """The standard library with variables (name to type) and functions (`name(type, type) -> type`) added."""
    types = {**_standard_types(), **{name: read_type(text) for name, text in variables.items()}}
    return Environment(types, _Functions((*_standard_signatures(), *functions)))


def write_call(name: str, arguments: Iterable[Type], *, member: bool) -> str:
    """A call as text, with types for values."""
    texts = list(map(str, arguments))
    target = texts.pop(0) + "." if member else ""
    return f"{target}{name}({', '.join(texts)})"


class _Functions(Mapping[str, tuple[Overload, ...]]):
    """The overloads of functions by name, each read when it is first asked for."""

    def __init__(self, signatures: Iterable[str]) -> None:
        self._signatures: dict[str, list[str]] = {}
        self._read: dict[str, tuple[Overload, ...]] = {}
        for text in signatures:
            called, _ = _cut_arguments(_call(text))
            self._signatures.setdefault(called.rpartition(".")[2], []).append(text)

    def __getitem__(self, name: str) -> tuple[Overload, ...]:
        if name not in self._read:
            self._read[name] = tuple(map(_read_overload, self._signatures[name]))
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._signatures

    def __iter__(self) -> Iterator[str]:
        return iter(self._signatures)

    def __len__(self) -> int:
        return len(self._signatures)


def _standard_signatures() -> Iterator[str]:
    yield from _STANDARD.strip().replace("\n", ";").split(";")
    yield from (f"{operator}({kind}, {kind}) -> bool" for operator in ("<", "<=", ">", ">=") for kind in _ORDERED)
    for name in CALENDAR:
        yield f"timestamp.{name}() -> int"
        yield f"timestamp.{name}(string) -> int"
    yield from (f"duration.{name}() -> int" for name in _CLOCK)


@cache
def _standard_types() -> Mapping[str, Type]:
    return {kind.name: type_of(kind) for kind in map(read_type, _TYPES)}


def _call(text: str) -> str:
    return text.strip().partition(" -> ")[0]


def _read_overload(text: str) -> Overload:
    called, arguments = _cut_arguments(_call(text))
    target, dot, _ = called.rpartition(".")
    parameters = read_type(f"tuple({arguments})").parameters if arguments else ()
    if dot:
        parameters = (read_type(target), *parameters)
    return Overload(parameters, read_type(text.partition(" -> ")[2]), bool(dot))


def _cut_arguments(call: str) -> tuple[str, str]:
    if call.count("(") == 1:
        called, _, arguments = call.partition("(")
        return called, arguments[:-1]
    depth = 0
    for position in range(len(call) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(call[position], 0)
        if depth == 0:
            break
    return call[:position], call[position + 1 : -1]
