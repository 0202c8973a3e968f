"""What the fields of an object may hold: parsers from plain values, which say what they expected of an unfit one."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import inf, isfinite

from edgelint.readers.documents.document import quoted
from edgelint.readers.p2pstream.objects import Faults
from edgelint.readers.p2pstream.shape import Field, Parser, T

_WHOLE = re.compile(r"([-+]?[0-9]++(?:_[0-9]++)*+)(?:\.0++)?")
_LONGEST_WHOLE = 100
"""Characters of the longest text that is worth reading as a number of 64 bits."""


class Unfit(Exception):
    """A value that is not what was expected: what that is, and what was found where its kind does not tell."""

    def __init__(self, expected: str, found: str = "") -> None:
        super().__init__(expected)
        self.expected, self.found = expected, found


def scalar(read: Callable[[object], T]) -> Parser[T]:
    """The parser made of a function from a plain value to what it stands for, which raises Unfit."""

    def parser(value: object, faults: Faults) -> T | None:
        try:
            return read(value)
        except Unfit as error:
            faults.refuse(value, error.expected, error.found)
            return None

    return parser


UNUSED = Field(lambda _value, _faults: None, None)
"""A field that is read elsewhere or plays no part; it may hold a secret and is neither looked at nor kept."""


@scalar
def text(value: object) -> str:
    """Text."""
    if isinstance(value, str):
        return value
    raise Unfit("text")


@scalar
def flag(value: object) -> bool:
    """True or false, or 1 or 0 as databases have it."""
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    raise Unfit("true or false")


@scalar
def whole(value: object) -> int:
    """A number of 64 bits, which protojson writes as text; a fraction of zero may follow."""
    number = _integral(value)
    if isinstance(number, int) and -(2**63) <= number < 2**63:
        return number
    raise Unfit("a number of 64 bits")


def _integral(value: object) -> int | float:
    """The whole number that a plain value stands for, infinity for all that are far too long."""
    if isinstance(value, bool):
        raise Unfit("a number")
    if isinstance(value, int):
        return value
    if isinstance(value, float) and not isfinite(value):
        raise Unfit("a finite number")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    numeral = _WHOLE.fullmatch(value.strip()) if isinstance(value, str) else None
    if numeral is None:
        raise Unfit("a whole number")
    return int(numeral[1]) if len(numeral[1]) <= _LONGEST_WHOLE else inf


@scalar
def real(value: object) -> float:
    """A number, or text of one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unfit("a number")
    try:
        number = float(value)
    except ValueError:
        raise Unfit("a number") from None
    except OverflowError:
        number = inf
    if isfinite(number):
        return number
    raise Unfit("a finite number")


class Choice:
    """The parser of an enumeration: one of some words, its full name behind the prefix, or its number from 1.

    0, empty text and `UNSPECIFIED` are the first word, unless they are something else.
    """

    def __init__(self, prefix: str, words: str, *, unspecified: str | None = None) -> None:
        names = words.split()
        default = names[0] if unspecified is None else unspecified
        self._prefix, self._numbers = prefix, (default, *names)
        self._known = {name: name for name in names} | {"": default, "unspecified": default}
        self._expected = "one of " + ", ".join(f"`{name}`" for name in names)

    def __call__(self, value: object, faults: Faults) -> str | None:
        """The word that a plain value stands for."""
        found: str | None = None
        if isinstance(value, str):
            found = self._known.get(value.removeprefix(self._prefix).lower())
        elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(self._numbers):
            found = self._numbers[value]
        if found is None:
            faults.refuse(value, self._expected, quoted(value) if isinstance(value, str) else "")
        return found

    def full(self, word: str) -> str:
        """The full name of a word, as the API has it."""
        return self._prefix + word.upper()


PROTOCOL = Choice("PUBLIC_LISTENER_PROTOCOL_", "http https", unspecified="")


def each(item: Parser[T]) -> Parser[tuple[T, ...]]:
    """A list, unfit as a whole when anything in it is."""

    def parser(value: object, faults: Faults) -> tuple[T, ...] | None:
        if not isinstance(value, list):
            faults.refuse(value, "a list")
            return None
        before = faults.unfit
        items = []
        for index, member in enumerate(value):
            faults.route.append(index)
            found = item(member, faults)
            faults.route.pop()
            if found is not None:
                items.append(found)
        return tuple(items) if faults.unfit == before else None

    return parser


def labels(value: object, faults: Faults) -> dict[str, str] | None:
    """Text by names of the user's choice."""
    if not isinstance(value, dict):
        faults.refuse(value, "an object")
        return None
    before = faults.unfit
    for name, label in value.items():
        faults.route.append(name)
        text(label, faults)
        faults.route.pop()
    return value if faults.unfit == before else None
