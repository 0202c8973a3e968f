"""What single values of a configuration may be: a type for each kind, with its validator and its pattern in a JSON Schema.

The patterns mean the same in Python and in ECMAScript. The messages of errors follow the name of the key.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, InstanceOf, WithJsonSchema

from edgelint import catalog
from edgelint.model.assertion import Budget as Allowance

_MILLIS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

_DURATION = r"([1-9][0-9]{0,8})(ms|s|m|h|d)"
_BUDGET = rf"([1-9][0-9]{{0,8}})/{_DURATION}"
_NETWORK_NAME = r"[a-z][a-z0-9_-]*"
_V4, _V6 = r"[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?", r"[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*(/[0-9]{1,3})?"
_NETWORK = rf"{_V4}|{_V6}"
_HEADER = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_RULE = r"[a-z_]+/[^\n]+"

_NOWHERE, _UPWARDS = r"(\.?/)*\.?$", r"([^/]*/)*\.\.(/|$)"
_MANY_DEPTHS, _PART_OF_A_NAME = r"(.*\*\*){3}", r".*([^/]\*\*|\*\*[^/])"
_PATTERN = (
    rf"(?!{_NOWHERE})(?!{_UPWARDS})(?!{_MANY_DEPTHS})(?!{_PART_OF_A_NAME})[^/\\:\u0000-\u001f][^\\:\u0000-\u001f]*"
)
"""Paths below a folder. The time to follow a pattern grows with the number of folders to the power of its `**`."""


def _schema(pattern: str, *examples: str) -> dict[str, object]:
    """The JSON Schema of the texts that a pattern matches as a whole."""
    found: dict[str, object] = {"type": "string", "pattern": f"^(?:{pattern})$"}
    return found | {"examples": list(examples)} if examples else found


def _version(value: object) -> object:
    if type(value) is not int or value != 1:
        raise ValueError("should be 1")
    return value


def _behind(value: object) -> object:
    if isinstance(value, str):
        if not re.fullmatch(_NETWORK_NAME, value):
            raise ValueError("should be `edge`, the name of a network in lower case, or a list of networks")
        return value
    if not isinstance(value, list) or not value:
        raise ValueError("should be `edge`, the name of a network, or a list of networks")
    return tuple(map(_network, value))


def _network(value: object) -> str:
    try:
        if isinstance(value, str) and re.fullmatch(_NETWORK, value):
            return str(ip_network(value))
    except ValueError:
        pass
    raise ValueError(f"should list networks in CIDR notation, and `{value}` is none{_corrected(value)}")


def _corrected(value: object) -> str:
    """A proposal of the network that an address with a mask is in."""
    try:
        network = str(ip_network(str(value), strict=False))
    except ValueError:
        return ""
    return f", did you mean `{network}`" if re.fullmatch(_NETWORK, network) else ""


def _header(value: str) -> str:
    if not re.fullmatch(_HEADER, value):
        raise ValueError("should be the name of a header")
    return value.lower()


def _pattern(value: str) -> str:
    if re.match(_MANY_DEPTHS, value):
        raise ValueError("should be a pattern with `**` in it twice at most")
    if not re.fullmatch(_PATTERN, value):
        raise ValueError("should be a pattern for paths below the folder of this file")
    return value


def _seconds(value: object) -> float:
    found = re.fullmatch(_DURATION, str(value))
    if not found:
        raise ValueError("should be a time such as `10s` or `5m`")
    return int(found[1]) * _MILLIS[found[2]] / 1000


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(_DAY, value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError("should be a day such as 2027-01-31")


def _budget(value: object) -> Allowance:
    found = re.fullmatch(_BUDGET, str(value))
    if not found:
        raise ValueError("should be a budget such as `10/1m`")
    return Allowance(int(found[1]), int(found[2]) * _MILLIS[found[3]])


def _check(value: str) -> str:
    if value not in catalog.names():
        raise ValueError(f"names no check: `{value}`")
    return value


def _rule(value: str) -> str:
    if not re.fullmatch(_RULE, value):
        raise ValueError("should read `phase/id` or `phase/name`, as in `waf/20`")
    return value


def _path(value: str) -> str:
    if not value.startswith("/"):
        raise ValueError("should begin with `/`")
    return value


def _words(value: str) -> str:
    if not value.strip():
        raise ValueError("should not be empty")
    return value


_NETWORKS = {"type": "array", "minItems": 1, "items": _schema(_NETWORK, "10.0.0.0/8", "2001:db8::/32")}

Version = Annotated[Literal[1], BeforeValidator(_version), WithJsonSchema({"const": 1})]
Behind = Annotated[
    str | tuple[str, ...] | None,
    BeforeValidator(_behind),
    WithJsonSchema({"anyOf": [_schema(_NETWORK_NAME, "edge", "cloudflare", "nginx"), _NETWORKS]}),
]
Header = Annotated[str, AfterValidator(_header), WithJsonSchema(_schema(_HEADER, "x-edge-client"))]
Pattern = Annotated[str, AfterValidator(_pattern), WithJsonSchema(_schema(_PATTERN, "edge/**/*.json"))]
Seconds = Annotated[float | None, BeforeValidator(_seconds), WithJsonSchema(_schema(_DURATION, "10s", "5m"))]
Day = Annotated[date | None, BeforeValidator(_day), WithJsonSchema(_schema(_DAY) | {"format": "date"})]
Budget = Annotated[
    InstanceOf[Allowance] | None, BeforeValidator(_budget), WithJsonSchema(_schema(_BUDGET, "10/1m", "600/1h"))
]
CheckName = Annotated[str, AfterValidator(_check), WithJsonSchema({"enum": list(catalog.names())})]
RuleName = Annotated[str, AfterValidator(_rule), WithJsonSchema(_schema(_RULE, "waf/20", "rate_limit/logins"))]
Path = Annotated[
    str, AfterValidator(_path), WithJsonSchema({"type": "string", "pattern": "^/", "examples": ["/healthz"]})
]
Words = Annotated[str, AfterValidator(_words), WithJsonSchema({"type": "string", "pattern": r"\S"})]
