"""What all objects of a p2pstream configuration have in common at the door.

Names are those of its API in snake case; lowerCamelCase is read as well. 64-bit integers may be text, enumerations their
full name, their short name or their number. Defaults are those of its database tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

EXPECTED = "expected"
"""The type of the validation errors whose message says what was expected."""
TOO_LONG = "expected_shorter"
"""The type of the same for an object with a list that is far longer than p2pstream would accept."""
MOST_ITEMS = 1000
"""Items of the longest list inside an object."""


def _not_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise PydanticCustomError(EXPECTED, "a number")
    return value


def _flag(value: object) -> object:
    if value not in (0, 1) or isinstance(value, float):
        raise PydanticCustomError(EXPECTED, "true or false")
    return bool(value)


def choice(prefix: str, default: str, *names: str) -> BeforeValidator:
    """An enumeration: its full names, short names, or numbers from 1 in this order; 0 and `UNSPECIFIED` are the default."""
    known = {name: name for name in names} | {"": default, "unspecified": default}

    def chosen(value: object) -> str:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= len(names):
            return ("", *names)[value] or default
        short = value.removeprefix(prefix).lower() if isinstance(value, str) else None
        if short not in known:
            raise PydanticCustomError(EXPECTED, "one of {names}", {"names": ", ".join(f"`{name}`" for name in names)})
        return known[short]

    return BeforeValidator(chosen)


Whole = Annotated[int, BeforeValidator(_not_boolean), Field(ge=-(2**63), lt=2**63)]
Real = Annotated[float, BeforeValidator(_not_boolean), Field(allow_inf_nan=False)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Text = Annotated[str, Field(strict=True)]
Unused = Any
"""A field that is known and plays no part; it may hold a secret and is not looked at."""

Protocol = Annotated[str, choice("PUBLIC_LISTENER_PROTOCOL_", "", "http", "https")]
Range = tuple[int, int | None]


class Shape(BaseModel):
    """An object of a configuration. A null is an absent field.

    `zeros` are the fields for which a value that an API answer left out (protojson leaves out zeros) is not the default;
    where zero is no legal value the server itself falls back to the default, so those need none. `decisive` fields decide
    what an object does: one with such a field unreadable is left out. `limits` are the values p2pstream accepts.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True, defer_build=True
    )
    zeros: ClassVar[Mapping[str, object]] = {}
    decisive: ClassVar[frozenset[str]] = frozenset()
    limits: ClassVar[Mapping[str, Range]] = {}

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        if any(isinstance(value, list) and len(value) > MOST_ITEMS for value in data.values()):
            raise PydanticCustomError(TOO_LONG, "an object whose lists hold at most {most} items", {"most": MOST_ITEMS})
        return {key: value for key, value in data.items() if value is not None} if None in data.values() else data
