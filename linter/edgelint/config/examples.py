"""Files of examples: requests with what is expected to become of them, as YAML or JSON."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from edgelint.config import near, text
from edgelint.config.document import Document, document
from edgelint.config.schema import Part
from edgelint.config.validation import reason
from edgelint.config.values import Words
from edgelint.model.example import Example

MOST_BYTES = 4 * 1024 * 1024
"""The greatest size of a file of examples in bytes."""

DECISIONS = (
    "blocked", "challenged", "queued", "forwarded", "redirected", "static", "unrouted", "unavailable", "refused",
    "answered", "unheard", "passed",
)  # fmt: skip
"""What a request may be expected to come to; a status may stand behind it, as in `blocked 403`."""


class Case(Part):
    """One request, and what is expected of it."""

    request: Words
    expect: str
    name: str = ""
    headers: list[str] = Field(default=[])
    ip: str = ""
    listener: str = ""
    active: list[str] | Literal["*"] = Field(default=[])
    passes: bool = Field(default=False, alias="pass")
    rule: str | None = None
    limits: list[str] | None = None
    shaper: str | None = None
    cache: str | None = None
    route: str | None = None
    location: str | None = None

    @field_validator("expect")
    @classmethod
    def _known(cls, value: str) -> str:
        kind, _, status = value.partition(" ")
        if kind not in DECISIONS or not re.fullmatch(r"([1-5][0-9]{2})?", status):
            raise ValueError(f"should be one of {', '.join(DECISIONS)}, perhaps with a status, as in `blocked 403`")
        return value


class Cases(Part):
    """A file of examples; `policy` is the file of the rules they are about, seen from this file."""

    policy: str = ""
    requests: list[Case]


def load(path: Path) -> tuple[Example, ...]:
    """The examples of a file, in order. Raises ConfigError with the place of what is wrong."""
    found = document(near(path), text(path, MOST_BYTES))
    try:
        form = Cases.model_validate(found.values)
    except ValidationError as error:
        first = min(
            error.errors(include_url=False), key=lambda one: (one["type"] != "extra_forbidden", _offset(found, one))
        )
        raise found.wrong(_offset(found, first), _message(first)) from None
    policy = str(near(path.parent / form.policy)) if form.policy else ""
    return tuple(_example(case, found, number, policy) for number, case in enumerate(form.requests))


def _example(case: Case, found: Document, number: int, policy: str) -> Example:
    kind, _, status = case.expect.partition(" ")
    return Example(
        request=case.request,
        comes_to=kind,
        place=found.place("requests", number, "request"),
        name=case.name,
        headers=tuple(case.headers),
        address=case.ip,
        listener=case.listener,
        active=("*",) if case.active == "*" else tuple(case.active),
        passes=case.passes,
        status=int(status) if status else None,
        rule=case.rule,
        limits=None if case.limits is None else tuple(sorted(case.limits)),
        shaper=case.shaper,
        cache=case.cache,
        route=case.route,
        location=case.location,
        policy=policy,
    )


def _offset(found: Document, error: ErrorDetails) -> int:
    route = tuple(step for step in error["loc"] if step != "list[str]")
    return found.keys[route].start if route in found.keys else found.find(route).start


def _message(error: ErrorDetails) -> str:
    key = str(error["loc"][-1]) if error["loc"] else ""
    match error["type"]:
        case "extra_forbidden":
            return f"unknown key `{key}`"
        case "missing":
            return f"the key `{key}` is missing"
        case _:
            names = [step for step in error["loc"] if isinstance(step, str)]
            return f"`{names[-1]}` {reason(error)}" if names else f"a file of examples {reason(error)}"
