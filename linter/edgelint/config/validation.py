"""The way from the values of a document to settings, or to the first thing that is wrong with them."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from edgelint import catalog
from edgelint.config import Settings
from edgelint.config.document import Document
from edgelint.config.schema import PARTS, Configuration, Demand, keys
from edgelint.config.schema import Topology as TopologyPart
from edgelint.model.assertion import Assertion, Treatment
from edgelint.model.ignore import Ignore
from edgelint.model.topology import Front, MachineEndpoint, Topology, Upstream
from edgelint.source import Route


def validated(document: Document, folder: Path) -> Settings:
    """The settings that a document holds."""
    try:
        form = Configuration.model_validate(document.values)
    except ValidationError as error:
        first = min(error.errors(include_url=False), key=lambda one: _offset(document, one))
        raise document.wrong(_offset(document, first), _message(first)) from None
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
        tests=tuple(form.tests),
    )


def _topology(form: TopologyPart) -> Topology:
    return Topology(
        fronts=tuple((name, Front(**vars(front))) for name, front in form.listeners.items()),
        trusted_headers=tuple(form.trusted_headers),
        machine_endpoints=tuple(MachineEndpoint(one.host, one.path, one.every) for one in form.machine_endpoints),
        upstreams=tuple(Upstream(**vars(one)) for one in form.upstreams),
    )


def _assertion(form: Demand, document: Document, number: int) -> Assertion:
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


def _offset(document: Document, error: ErrorDetails) -> int:
    """Where an error is: at the key where the key is wrong, else at the value."""
    route = tuple(error["loc"])
    if error["type"] == "extra_forbidden" and route in document.keys:
        return document.keys[route].start
    return document.find(route).start


def _message(error: ErrorDetails) -> str:
    route = tuple(error["loc"])
    if error["type"] == "extra_forbidden":
        return f"unknown key `{route[-1]}`{_instead_of_key(route)}"
    if error["type"] == "missing":
        return f"the key `{route[-1]}` is missing"
    key = next((f"`{step}`" for step in reversed(route) if isinstance(step, str)), "a configuration")
    return f"{key} {reason(error)}"


def reason(error: ErrorDetails) -> str:
    """What is wrong with a value, to be read after the name of its key."""
    match error["type"]:
        case "model_type" | "dict_type":
            return "should have keys and values"
        case "bool_type":
            return "should be `true` or `false`"
        case _:
            message = error["msg"].removeprefix("Value error, ").removeprefix("Input ").replace("'", "`").rstrip(".")
    return message + _instead(str(error["input"]), catalog.names()) if message.startswith("names no check") else message


def _instead_of_key(route: Route) -> str:
    """Which key is meant: one that belongs here, or this one where it belongs."""
    part, word = _part(route), str(route[-1])
    homes = [f"`{name}`" for name in PARTS if name and word in keys(name)]
    if homes and word not in keys(part):
        return f", it belongs under {' or '.join(homes)}"
    if word in keys(""):
        return ", it belongs at the top"
    return _instead(word, keys(part))


def _part(route: Route) -> str:
    """The part of the configuration that a route to a key leads into, as in `PARTS`."""
    *way, _ = [step for step in route if isinstance(step, str)]
    return ".".join(way[:2])


def _instead(word: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(word[:100], known, n=1)
    return f", did you mean `{close[0]}`" if close else ""
