"""The form of a configuration: the pydantic models of it, and the way from values to settings."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from edgelint import catalog
from edgelint.config import ConfigError, Settings
from edgelint.config.document import Document
from edgelint.finding import Severity
from edgelint.model.assertion import Assertion, Budget, Treatment
from edgelint.model.ignore import Ignore
from edgelint.model.topology import Front, MachineEndpoint, Stack, Topology, Upstream

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


# What single values may be. The messages follow the name of the key.


def _behind(value: object) -> object:
    """`edge`, a network's name, or a list of networks in CIDR notation."""
    if isinstance(value, str):
        if not re.fullmatch(r"[a-z][a-z0-9_-]*", value):
            raise ValueError("should be `edge`, the name of a network in lower case, or a list of networks")
        return value
    if not isinstance(value, list) or not value:
        raise ValueError("should be `edge`, the name of a network, or a list of networks")
    return tuple(_network(item) for item in value)


def _network(value: object) -> str:
    try:
        return str(ip_network(str(value)))
    except ValueError:
        raise ValueError(f"should list networks in CIDR notation, and `{value}` is none") from None


def _header(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", value):
        raise ValueError("should be the name of a header")
    return value.lower()


def _pattern(value: str) -> str:
    path = PurePosixPath(value)
    wild = any("**" in part and part != "**" for part in path.parts)
    if not path.parts or wild or path.is_absolute() or ".." in path.parts or "\\" in value or ":" in value:
        raise ValueError("should be a pattern for paths below the folder of this file")
    return value


def _seconds(value: object) -> float:
    found = re.fullmatch(r"([1-9][0-9]{0,8})(ms|s|m|h|d)", str(value))
    if not found:
        raise ValueError("should be a time such as `10s` or `5m`")
    return int(found[1]) * SECONDS[found[2]]


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("should be a day such as 2027-01-31") from None


def _budget(value: object) -> Budget:
    count, _, window = str(value).partition("/")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", count):
        raise ValueError("should be a budget such as `10/1m`")
    return Budget(int(count), round(_seconds(window) * 1000))


def _check(value: str) -> str:
    if value not in catalog.names():
        raise ValueError(f"names no check: `{value}`{_instead(value, catalog.names())}")
    return value


def _rule(value: str) -> str:
    if not re.fullmatch(r"[a-z_]+/.+", value):
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


Words = Annotated[str, AfterValidator(_words)]


class _Part(BaseModel):
    """A part of the configuration; keys it does not know are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _Front(_Part):
    behind: Annotated[str | tuple[str, ...] | None, BeforeValidator(_behind)] = None
    preserves_client_ip: bool = False
    caches: bool = False
    longest_header: Annotated[int | None, Field(gt=0)] = None


class _Endpoint(_Part):
    host: Words = ""
    path: Annotated[str, AfterValidator(_path)] = ""
    every: Annotated[float | None, BeforeValidator(_seconds)] = None

    @model_validator(mode="after")
    def _somewhere(self) -> _Endpoint:
        if not self.host and not self.path:
            raise ValueError("should have a `host` or a `path`")
        return self


class _Upstream(_Part):
    host: Annotated[str, AfterValidator(str.lower)] = ""
    stack: Stack | None = None
    websockets: bool | None = None
    acme: bool | None = None
    static: bool | None = None
    overrides: bool | None = None


class _Topology(_Part):
    listeners: dict[str, _Front] = {}
    upstreams: list[_Upstream] = []
    trusted_headers: list[Annotated[str, AfterValidator(_header)]] = []
    machine_endpoints: list[_Endpoint] = []


class _Ignore(_Part):
    check: Annotated[str, AfterValidator(_check)]
    rule: Annotated[str, AfterValidator(_rule)]
    reason: Words
    expires: Annotated[date | None, BeforeValidator(_day)] = None


class _Assertion(_Part):
    name: Words
    subject: Words = Field(alias="for")
    require: Literal[
        "rate_limited", "blocked", "challenged", "shaped", "cached",
        "not_rate_limited", "not_blocked", "not_challenged", "not_shaped", "not_cached",
    ]  # fmt: skip
    at_most: Annotated[InstanceOf[Budget] | None, BeforeValidator(_budget)] = None
    per: Literal["client"] | None = None

    @model_validator(mode="after")
    def _limits_only(self) -> _Assertion:
        if (self.at_most or self.per) and self.require != "rate_limited":
            raise ValueError("should have `at_most` and `per` only where it requires `rate_limited`")
        return self


class _Configuration(_Part):
    version: Literal[1] = 1
    include: list[Annotated[str, AfterValidator(_pattern)]] = []
    fail_on: Severity = Severity.MEDIUM
    topology: _Topology = _Topology()
    ignore: list[_Ignore] = []
    assertions: list[_Assertion] = []


KEYS = tuple(
    field.alias or name
    for part in (_Configuration, _Topology, _Front, _Endpoint, _Upstream, _Ignore, _Assertion)
    for name, field in part.model_fields.items()
)


def validated(document: Document, folder: Path) -> Settings:
    """The settings that a document holds."""
    try:
        form = _Configuration.model_validate(document.values)
    except ValidationError as error:
        raise min((_error(document, one) for one in error.errors(include_url=False)), key=_first)[1] from None
    return Settings(
        folder=folder,
        include=tuple(form.include),
        fail_on=form.fail_on,
        topology=_topology(form.topology),
        ignores=tuple(
            Ignore(entry.check, entry.rule, entry.reason, document.place("ignore", number, "rule"), entry.expires)
            for number, entry in enumerate(form.ignore)
        ),
        assertions=tuple(_assertion(entry, document, number) for number, entry in enumerate(form.assertions)),
    )


def _topology(form: _Topology) -> Topology:
    return Topology(
        fronts=tuple((name, Front(**vars(front))) for name, front in form.listeners.items()),
        trusted_headers=tuple(form.trusted_headers),
        machine_endpoints=tuple(MachineEndpoint(one.host, one.path, one.every) for one in form.machine_endpoints),
        upstreams=tuple(Upstream(**vars(one)) for one in form.upstreams),
    )


def _assertion(form: _Assertion, document: Document, number: int) -> Assertion:
    word = form.require.removeprefix("not_")
    return Assertion(
        name=form.name,
        subject=form.subject,
        treatment=next(known for known in get_args(Treatment) if known == word),
        denied=form.require.startswith("not_"),
        place=document.place("assertions", number, "for"),
        at_most=form.at_most,
        per=form.per,
    )


# Errors: pydantic knows the route, the document knows the place.


def _error(document: Document, error: ErrorDetails) -> tuple[int, ConfigError]:
    route = tuple(error["loc"])
    offset = document.find(route).start
    if error["type"] == "extra_forbidden":
        offset = document.keys[route].start if route in document.keys else offset
        return offset, document.wrong(offset, f"unknown key `{route[-1]}`{_instead(str(route[-1]), KEYS)}")
    if error["type"] == "missing":
        return offset, document.wrong(offset, f"the key `{route[-1]}` is missing")
    key = next((f"`{step}`" for step in reversed(route) if isinstance(step, str)), "a configuration")
    return offset, document.wrong(offset, f"{key} {_reason(error)}")


def _reason(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if error["type"] in ("model_type", "dict_type"):
        message = "should have keys and values"
    return message.replace("'", "`").rstrip(".")


def _first(error: tuple[int, ConfigError]) -> int:
    return error[0]


def _instead(word: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(word, known, n=1)
    return f", did you mean `{close[0]}`" if close else ""
