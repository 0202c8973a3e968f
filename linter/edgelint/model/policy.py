"""A policy: everything read from one source, in platform-neutral terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, Protocol

from edgelint.model.caching import Caching
from edgelint.model.challenges import Challenges
from edgelint.model.costs import Costs
from edgelint.model.expression import TRUE, Expression, Field
from edgelint.model.idle import Idle
from edgelint.model.ignore import Ignore
from edgelint.model.limiting import Limiting
from edgelint.model.request import Request
from edgelint.record import field, record
from edgelint.source import Place

if TYPE_CHECKING:
    from edgelint.model.reason import Reason

Verdict = bool | None
"""What a concrete evaluation came to: true, false, or None for an evaluation error."""

Setting = str | int | float | bool | tuple[str, ...]


class Language(Protocol):
    """The language of a match, which reads and writes conditions."""

    def read(self, text: str) -> tuple[Expression, Callable[[Request], Verdict], Callable[[Request, int], int]]:
        """The model of a condition, what runs it, and what that costs. ValueError when the platform would refuse it."""

    def explain(self, text: str, request: Request) -> tuple[Reason, ...]:
        """The parts of a condition that decide what it comes to for a request. Raises Unbounded."""

    def write(self, expression: Expression) -> str:
        """The text of a condition. ValueError where the language has no words for it."""


def _free(_request: Request, _limit: int) -> int:
    """The cost where nothing is evaluated, or nobody counts."""
    return 0


@record
class Match:
    """What a rule matches.

    `text` is the expression as its author wrote it, empty when there is none and the rule matches everything.
    `expression` is its model; `evaluate` runs the original on one request, independently of the model. `cost` is what that
    run costs, by the platform's own count, or something greater than a limit where it is more than that.
    `place` is the scalar that holds the text: spans of atoms are offsets into it (`anchored` says whether they are; the
    text of a builder form stands nowhere in the source). `language` is None where there is no text to read or write.
    """

    expression: Expression
    evaluate: Callable[[Request], Verdict]
    place: Place
    text: str = ""
    anchored: bool = True
    language: Language | None = field(default=None, compare=False)
    cost: Callable[[Request, int], int] = field(default=_free, compare=False)

    def at(self, span: tuple[int, int] | None) -> Place:
        """The place of a node of the expression, or of the whole expression."""
        return self.place.within(*span) if span and self.anchored else self.place


def match_everything(place: Place) -> Match:
    """The match of a rule without conditions."""
    return Match(TRUE, lambda _request: True, place, anchored=False)


OutcomeKind = Literal["block", "challenge", "queue", "limit", "shape", "cache"]


@record
class Outcome:
    """What a rule does with a request it matches.

    `effect` holds the settings that tell two outcomes of one kind apart, in a fixed order. `passable` outcomes stop a
    visitor once: whoever holds a valid pass is let through and the phase ends there.
    """

    kind: OutcomeKind
    effect: tuple[tuple[str, Setting], ...] = ()
    passable: bool = False

    @property
    def denies(self) -> bool:
        """Whether a matching request is refused, challenged or held."""
        return self.kind in ("block", "challenge", "queue")

    @property
    def protects(self) -> bool:
        """Whether the rule guards what is behind it, so that not matching lets something through."""
        return self.denies or self.kind == "limit"


@record
class KeyPart:
    """One part of a limiter's key."""

    field: Field
    place: Place


@record
class Reference:
    """A rule's reference to another object by id: `captcha provider`, `route`, `target`."""

    kind: Literal["captcha provider", "route", "target"]
    id: str
    place: Place


@record(eq=False)
class Rule:
    """One entry of a phase.

    `order` decides which of two rules is looked at first (ascending); its last part is the tie-breaker the user does not
    see. `conditional` rules are active only at times (under load), so they may stop a request but need not. `key` is None
    for rules that count nothing. `places` maps the words `match`, `key`, `outcome`, `priority` and `settings` names to places.

    `settings` holds, by phase (durations in seconds, rates in bytes a second):

    * limits: `algorithm` (`fixed_window`, `sliding_window`, `token_bucket`, `leaky_bucket`), `limit`, `window`, `burst`
      (0: the limit), `status`, `headers` (`name: value`), `content_type`, `body_mode`;
    * WAF: `action`, `activation` (`always`, `automatic`), the `status`, `headers`, `content_type` and `body_mode` of a block,
      `provider` and `pass_ttl` of a challenge, `room_capacity`, `room_rate` (visitors a second), `room_ttl`, `room_poll` and
      `room_timeout` of a queue, and what switches an automatic rule on, 0 for a signal that is off: `trigger_window`,
      `trigger_rate`, `trigger_spike`, `trigger_requests`, `trigger_target_requests`, `trigger_agent_requests`,
      `trigger_server_cpu`, `trigger_agent_cpu`, `trigger_delay`, `trigger_quiet`;
    * shapers: `budget_scope` (`per_key`, `per_request`), `upload`, `download` (0: unlimited), `burst` (0: the rate),
      `request_exempt`, `response_exempt`;
    * caches: `scope` (`route`, `selected_backend`), `ttl_mode` (`fixed`, `origin`), `ttl`, `query_mode` (`full`, `ignore`,
      `allowlist`, `denylist`), `query_params`, `vary`, `statuses`, `max_object`, `status_header`, `allow_cookies`, `routes`,
      `targets`.

    Those that count or could count have `key_parts` as text, too. `chosen` are the settings that differ from the platform's
    default.
    """

    phase: str
    id: str
    name: str
    priority: int
    order: tuple[int, ...]
    enabled: bool
    match: Match
    outcome: Outcome
    place: Place
    key: tuple[KeyPart, ...] | None = None
    conditional: bool = False
    references: tuple[Reference, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    places: Mapping[str, Place] = field(default_factory=dict)

    def at(self, word: str) -> Place:
        """The place of one of this rule's settings, or of the rule's name when it is not written down."""
        return self.places.get(word, self.place)

    def __str__(self) -> str:
        return f"{self.phase.replace('_', ' ')} rule `{self.name}`"


Algorithm = Literal["first_match", "all_match"]


@record
class Phase:
    """One stage of the edge: its rules in the order they are looked at, and what happens when several match.

    A stage that is not `on` does nothing, whichever of its rules are enabled.
    """

    name: str
    title: str
    algorithm: Algorithm
    rules: tuple[Rule, ...]
    on: bool = True

    @property
    def active(self) -> tuple[Rule, ...]:
        """The enabled rules, none where the stage is off."""
        return tuple(rule for rule in self.rules if rule.enabled and self.on)


@record(eq=False)
class Listener:
    """A port the edge listens on. `address` is empty when it listens on all."""

    id: str
    name: str
    protocol: Literal["http", "https"]
    address: str
    port: int
    enabled: bool
    place: Place


@record(eq=False)
class Target:
    """Where a route sends requests: a proxied origin, or a static answer (`origin` empty).

    The lowest `group` with a healthy target serves, within it by `weight`. `injected` are the lower-case names of headers
    that the edge adds on the way to the origin, `authorization` among them where it logs in itself. `health_checked` says
    that the edge takes the target out of service when it seems to fail.
    """

    id: str
    name: str
    origin: str
    enabled: bool
    place: Place
    group: int = 0
    weight: int = 100
    injected: tuple[str, ...] = ()
    health_checked: bool = False


@record
class Redirect:
    """Where a redirecting route sends clients.

    `mode` `same_host_path` keeps the host and puts `target` for the path, `external_origin_keep_path` keeps the path and puts
    `target` for the origin, `absolute_url` answers `target` as it stands. `keeps_suffix` appends what of the path lies below
    the route's own, unless the path is kept anyway; `keeps_query` appends the query.
    """

    mode: Literal["same_host_path", "external_origin_keep_path", "absolute_url"]
    target: str
    status: int
    keeps_suffix: bool = True
    keeps_query: bool = True


@record(eq=False)
class Route:
    """One entry of the route table.

    `match` covers host and path, not the listener. A default route takes what no other route of its listener matched.
    `separators` routes accept encoded separators, so that decoded paths with `//` and a backslash reach the rules.
    """

    id: str
    listener: str
    order: tuple[int, ...]
    host: str
    path: str
    default: bool
    enabled: bool
    action: Literal["forward", "redirect"]
    match: Expression
    targets: tuple[Target, ...]
    place: Place
    separators: bool = False
    redirect: Redirect | None = None


@record
class Provider:
    """A captcha provider: `kind` is its service, `site_key` the public half of its keys."""

    id: str
    name: str
    enabled: bool
    place: Place
    kind: str = ""
    site_key: str = ""


@record
class Store:
    """The store of the shared cache: whether it is on, and what it holds at most, in bytes and in objects."""

    enabled: bool
    capacity: int
    entries: int
    place: Place


@record
class Platform:
    """How a platform behaves, as data.

    The languages of the fields' values are regular expressions (RE2 syntax) that a whole value matches: what the platform
    can ever hand to a rule. `host` (a name) and `address_host` (an IPv6 address), `path`, `separated_path` (where encoded
    separators are allowed), `header`, `cookie`, `query`. `reserved` paths are answered before any rule. `invisible_headers` are never among the headers a rule sees.
    `missing_key` is what an absent part of a limiter's key becomes; None when such requests are not counted.
    `terms` are the platform's words for our settings where they differ, by `phase.setting` or for every phase by `setting`.
    `limiting` is how it keeps count, `challenges` how it challenges visitors, `caching` what its shared cache keeps, `idle`
    which settings have no effect. `forgets_edited` says that a rule that is saved again begins with empty counters, and that
    nobody's pass or place is valid any more. `costs` are the bounds of one evaluation, None where there are none.
    """

    name: str
    host: str
    address_host: str
    path: str
    separated_path: str
    header: str
    cookie: str
    query: str
    reserved: tuple[str, ...]
    invisible_headers: frozenset[str]
    missing_key: str | None
    terms: Mapping[str, str] = field(default_factory=dict)
    limiting: Limiting = Limiting()
    challenges: Challenges = Challenges()
    forgets_edited: bool = False
    caching: Caching = Caching()
    idle: tuple[Idle, ...] = ()
    costs: Costs | None = None

    def term(self, phase: str, setting: str) -> str:
        """The platform's word for a setting of the rules of a phase."""
        return self.terms.get(f"{phase}.{setting}") or self.terms.get(setting, setting)


@record
class Problem:
    """Something in the source that could not be read or understood.

    `kind` `unreadable` is input that is broken; `expression` a match expression the platform would refuse; `unknown-field`
    something we have no model for. `subject` is the rule it concerns, where there is one.
    """

    kind: Literal["unreadable", "expression", "mismatch", "unknown-field"]
    message: str
    place: Place
    subject: str = ""


@record(eq=False)
class Policy:
    """Everything read from one source, or from several files of one folder that belong together.

    `ignores` are the findings that comments beside its rules accept.
    """

    name: str
    platform: Platform
    phases: tuple[Phase, ...]
    routes: tuple[Route, ...] = ()
    listeners: tuple[Listener, ...] = ()
    providers: tuple[Provider, ...] = ()
    store: Store | None = None
    problems: tuple[Problem, ...] = ()
    ignores: tuple[Ignore, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of every phase."""
        return tuple(rule for phase in self.phases for rule in phase.rules)

    @property
    def files(self) -> frozenset[str]:
        """The names of the sources that hold it."""
        places = [
            *(rule.place for rule in self.rules),
            *(route.place for route in self.routes),
            *(listener.place for listener in self.listeners),
            *(provider.place for provider in self.providers),
            *(problem.place for problem in self.problems),
        ]
        return frozenset({self.name, *(place.source.name for place in places)})
