"""The form of a configuration as pydantic models: what its JSON Schema, errors and suggestions are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from edgelint.config.values import (
    Behind,
    Budget,
    CheckName,
    Day,
    Header,
    Path,
    Pattern,
    RuleName,
    Seconds,
    Version,
    Words,
)
from edgelint.finding import Severity
from edgelint.model.topology import Stack


class Part(BaseModel):
    """A part of the configuration; a key that it does not know is an error, and so is one without a value."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @field_validator("*", mode="before")
    @classmethod
    def _said(cls, value: object) -> object:
        if value is None:
            raise ValueError("has no value")
        return value


class Front(Part):
    """What stands before a listener, and what that does."""

    behind: Behind = Field(
        default=None,
        description="What the clients of this listener come through: `edge` for nothing at all, the name of a known network"
        " such as `cloudflare`, or a list of the proxy's networks in CIDR notation. Not said: unknown, and findings that"
        " depend on it are likely only.",
    )
    preserves_client_ip: bool = Field(
        default=False,
        description="Whether the edge still sees the addresses of the clients, as behind a load balancer of layer 4 that"
        " passes connections through.",
    )
    caches: bool = Field(
        default=False, description="Whether what stands in front stores answers and shares them between clients."
    )
    longest_header: int | None = Field(
        default=None, gt=0, description="How many bytes of headers what stands in front lets through at most."
    )


class Endpoint(Part):
    """Requests of clients that are no browsers: monitors, webhooks, other programs."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["host"]}, {"required": ["path"]}]})

    host: Words = Field(
        default="", description="The host they ask for, or `*.example.com` for all below it. Not said: every host."
    )
    path: Path = Field(default="", description="The path they ask for, with all below it. Not said: every path.")
    every: Seconds = Field(
        default=None, description="How often one client asks, such as `10s`: then it asks for this very path only."
    )

    @model_validator(mode="after")
    def _somewhere(self) -> Endpoint:
        if not self.host and not self.path:
            raise ValueError("should have a `host` or a `path`")
        return self


class Upstream(Part):
    """What is known of the application behind a host. What is not said is unknown."""

    host: Annotated[str, AfterValidator(str.lower)] = Field(
        default="", description="The host, or the host pattern of the route, that it answers for. Not said: all hosts."
    )
    stack: Stack | None = Field(
        default=None,
        description="What it is built with: that tells how it reads paths, methods and repeated parameters.",
    )
    websockets: bool | None = Field(default=None, description="Whether it takes WebSocket connections.")
    acme: bool | None = Field(
        default=None,
        description="Whether it renews its certificates over HTTP itself, so that `/.well-known/acme-challenge/` must reach it.",
    )
    static: bool | None = Field(default=None, description="Whether it is nothing but files that everybody may have.")
    overrides: bool | None = Field(
        default=None,
        description="Whether it obeys headers that override method or path, such as `x-http-method-override` and `x-original-url`.",
    )


class Topology(Part):
    """What stands around the edge: facts that no rule set holds."""

    listeners: dict[str, Front] = Field(
        default={},
        description="What stands before each listener, by the listener's name; `*` speaks for all without an entry.",
    )
    upstreams: list[Upstream] = Field(
        default=[],
        description="What is known of the applications behind the edge; the first entry that fits a host counts.",
    )
    trusted_headers: list[Header] = Field(
        default=[], description="Headers that only the trusted proxy in front can set: clients cannot forge them."
    )
    machine_endpoints: list[Endpoint] = Field(
        default=[],
        description="Where clients are programs, which can solve no captcha and may ask often from one address.",
    )


class IgnoreEntry(Part):
    """A finding that was looked at and accepted. An entry that is expired or matches nothing is itself reported."""

    check: CheckName = Field(description="The check, as in `edgelint rules`.")
    rule: RuleName = Field(description="The rule that the finding is about, as `phase/id` or `phase/name`.")
    reason: Words = Field(description="Why that is all right, for whoever reads this next.")
    expires: Day = Field(default=None, description="The last day on which this holds. Not said: for good.")


class Demand(Part):
    """Something that must be true of every request that an expression matches."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"anyOf": [{"required": ["at_most"]}, {"required": ["per"]}]},
            "then": {"properties": {"require": {"const": "rate_limited"}}},
        }
    )

    name: Words = Field(description="What this demand is called when it is broken.")
    subject: Words = Field(
        alias="for", description="An expression in the language of the rules: the requests that this is about."
    )
    require: Literal[
        "rate_limited", "blocked", "challenged", "shaped", "cached",
        "not_rate_limited", "not_blocked", "not_challenged", "not_shaped", "not_cached",
    ] = Field(description="What is to be done with all of these requests, or with none of them.")  # fmt: skip
    at_most: Budget = Field(default=None, description="The widest limit that will do, as requests in a time: `10/1m`.")
    per: Literal["client"] | None = Field(
        default=None, description="Whose limit that is: each client has one of its own."
    )

    @model_validator(mode="after")
    def _limits_only(self) -> Demand:
        if (self.at_most or self.per) and self.require != "rate_limited":
            raise ValueError("should have `at_most` and `per` only where it requires `rate_limited`")
        return self


class Configuration(Part):
    """What edgelint is told about a repository: `edgelint.yaml`, `.edgelint.yaml`, or `tool.edgelint` in pyproject.toml."""

    version: Version = Field(default=1, description="The version of this format.")
    include: list[Pattern] = Field(
        default=[],
        description="What `edgelint check` reads when no paths are given: patterns for paths below the folder of this file,"
        " with `**` for folders at any depth.",
    )
    fail_on: Annotated[Severity, Field(strict=False)] = Field(
        default=Severity.MEDIUM, description="A finding of this severity or more ends a run with exit code 1."
    )
    topology: Topology = Field(
        default=Topology(), description="What stands around the edge: facts that no rule set holds."
    )
    ignore: list[IgnoreEntry] = Field(default=[], description="Findings that were looked at and accepted.")
    assertions: list[Demand] = Field(default=[], description="What must always be true of the rules.")
    tests: list[Pattern] = Field(
        default=[],
        description="Files of example requests for `edgelint test`: patterns for paths below the folder of this file.",
    )


PARTS: dict[str, type[Part]] = {
    "": Configuration,
    "topology": Topology,
    "topology.listeners": Front,
    "topology.upstreams": Upstream,
    "topology.machine_endpoints": Endpoint,
    "ignore": IgnoreEntry,
    "assertions": Demand,
}
"""The parts by the keys that lead to them."""


def keys(part: str) -> tuple[str, ...]:
    """The keys that a part knows."""
    return tuple(field.alias or name for name, field in PARTS[part].model_fields.items())
