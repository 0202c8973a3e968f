"""Rules of the four kinds, from plain values to the rules of the model.

A rule without an id is ordered by its position and goes by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from edgelint.model.expression import ADDRESS, HOST, METHOD, PATH, PROTOCOL, Field
from edgelint.model.policy import Algorithm, KeyPart, Outcome, Reference, Rule
from edgelint.readers.documents.document import quoted
from edgelint.readers.p2pstream import shapes
from edgelint.readers.p2pstream.matches import read_match
from edgelint.readers.p2pstream.objects import Notes, Raw
from edgelint.readers.p2pstream.outcomes import cache_outcome, limit_outcome, shape_outcome, waf_outcome
from edgelint.readers.p2pstream.settings import Places, Settings, chosen, settings_of
from edgelint.readers.p2pstream.shape import read_object
from edgelint.source import Place

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}")
_HEADER_NAME = re.compile(r"[a-zA-Z0-9!#$%&'*+.^_`|~-]+")
_MOST_KEY_PARTS = 8
_FORWARDING = frozenset(
    {
        *("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-real-ip"),
        *("client-ip", "true-client-ip", "cf-connecting-ip", "fastly-client-ip", "x-client-ip", "x-cluster-client-ip"),
    }
)
"""Headers that p2pstream refuses as key parts since v0.1.41, also in stored rows."""

_KEY_FIELDS = {"remote_ip": ADDRESS, "host": HOST, "method": METHOD, "path": PATH, "protocol": PROTOCOL}


class Kind(NamedTuple):
    """One kind of rules: where its list is, its shape, and what it does with a request."""

    phase: str
    words: str
    list_name: str
    shape: type[shapes.RuleShape]
    outcome: Callable[[Settings], Outcome]
    outcome_setting: Callable[[Settings], str]

    def read(self, objects: Iterable[Raw], notes: Notes) -> tuple[Rule, ...]:
        """The rules in the order they are looked at."""
        found = (self._rule(raw, position, notes) for position, raw in enumerate(objects, 1))
        rules = [rule for rule in found if rule]
        _note_twins(rules, notes)
        return tuple(sorted(rules, key=lambda rule: rule.order))

    def _rule(self, raw: Raw, position: int, notes: Notes) -> Rule | None:
        subject = f"{self.phase}/{_label(raw, position)}"
        before = len(notes.problems)
        found = read_object(self.shape, raw, f"a {self.words} rule", notes, subject)
        understood = all(problem.kind != "unknown-field" for problem in notes.problems[before:])
        if found is None:
            return None
        settings = settings_of(found)
        parts = _key_parts(found, raw, subject, notes)
        if parts is None and self._counts(settings):
            return None
        _note_name(found, raw, subject, notes)
        _note_relations(settings, raw, subject, notes)
        return Rule(
            phase=self.phase,
            id=str(found.id) if found.id else found.name or str(position),
            name=found.name or str(found.id or position),
            priority=found.priority,
            order=(found.priority, found.id or position),
            enabled=found.enabled,
            match=read_match(raw, subject, notes, understood=understood),
            outcome=self.outcome(settings),
            place=raw.at("name"),
            key=parts if self._counts(settings) else None,
            conditional=settings.get("activation") == "automatic",
            references=tuple(_references(found, raw)),
            settings=settings,
            chosen=chosen(found, settings),
            places=Places(raw, self.shape, self.outcome_setting(settings)),
        )

    def _counts(self, settings: Settings) -> bool:
        """Whether the key of this rule does anything: WAF rules and budgets per request ignore it."""
        return self.phase in ("rate_limit", "shaper") and settings.get("budget_scope") != "per_request"


def _label(raw: Raw, position: int) -> str:
    """What a rule is called before it is read."""
    name, number = raw.get("name"), raw.get("id")
    if isinstance(name, str) and name:
        return name
    return str(number) if isinstance(number, int | str) else str(position)


def _note_name(found: shapes.RuleShape, raw: Raw, subject: str, notes: Notes) -> None:
    if raw.key("name") is None:
        notes.unreadable("the rule has no name", raw.place, subject)
    elif isinstance(raw.get("name"), str) and not _NAME.fullmatch(found.name):
        message = f"name {quoted(found.name)} is not 1 to 64 letters, digits, `_`, `.` and `-`"
        notes.unreadable(message, raw.at("name"), subject)


def _note_twins(rules: Iterable[Rule], notes: Notes) -> None:
    """Two rules of one kind with one name, or with one id."""
    names: set[str] = set()
    ids: set[str] = set()
    for rule in rules:
        if rule.name in names:
            notes.unreadable(f"another {rule.phase} rule is called {quoted(rule.name)} too", rule.place, _subject(rule))
        elif rule.id in ids:
            notes.unreadable(f"another {rule.phase} rule has the id {quoted(rule.id)} too", rule.place, _subject(rule))
        names.add(rule.name)
        ids.add(rule.id)


def _subject(rule: Rule) -> str:
    return f"{rule.phase}/{rule.name}"


def _key_parts(found: shapes.RuleShape, raw: Raw, subject: str, notes: Notes) -> tuple[KeyPart, ...] | None:
    """The key of a rule, the client's address when it has none; None when a part of it cannot be understood."""
    written: tuple[shapes.KeyPart, ...] = getattr(found, "key_parts", ())
    place = raw.at("key_parts")
    if len(written) > _MOST_KEY_PARTS:
        notes.unreadable(f"a key has at most {_MOST_KEY_PARTS} parts, this one has {len(written)}", place, subject)
    if not written:
        return (KeyPart(ADDRESS, place),)
    parts = [_key_part(part, place.child(index), subject, notes) for index, part in enumerate(written)]
    return None if None in parts else tuple(part for part in parts if part)


def _key_part(part: shapes.KeyPart, place: Place, subject: str, notes: Notes) -> KeyPart | None:
    name = part.name.strip()
    if part.source in _KEY_FIELDS:
        return KeyPart(_KEY_FIELDS[part.source], place)
    if not name:
        notes.unreadable(f"a key part of source `{part.source}` needs a name", place, subject)
        return None
    if part.source != "header":
        return KeyPart(Field("query" if part.source == "query_param" else "cookie", name), place)
    if name.lower() in _FORWARDING:
        message = f"header {quoted(name)} is refused as a key part since p2pstream v0.1.41, which then loads no rules"
        notes.unreadable(message, place.child("name"), subject)
    elif not _HEADER_NAME.fullmatch(name):
        notes.unreadable(f"{quoted(name)} is no name of a header", place.child("name"), subject)
    return KeyPart(Field("header", name.lower()), place)


def _note_relations(settings: Settings, raw: Raw, subject: str, notes: Notes) -> None:
    """What p2pstream refuses of settings taken together."""
    limit, burst = settings.get("limit"), settings.get("burst")
    if isinstance(limit, int) and isinstance(burst, int) and burst > 10 * limit:
        notes.unreadable(f"`burst` is {burst}, p2pstream accepts at most 10 times the limit", raw.at("burst"), subject)
    if settings.get("upload") == 0 and settings.get("download") == 0:
        notes.unreadable("the shaper limits neither upload nor download, p2pstream refuses it", raw.at("name"), subject)
    if settings.get("query_mode") in ("allowlist", "denylist") and not settings.get("query_params"):
        mode = settings["query_mode"]
        notes.unreadable(f"`query_mode` {mode} needs `query_params`", raw.at("query_mode"), subject)


def _references(found: shapes.RuleShape, raw: Raw) -> Iterator[Reference]:
    """The objects a rule speaks of; the provider of a captcha rule that names none has an empty id."""
    if isinstance(found, shapes.WafRule) and found.action == "captcha":
        yield Reference("captcha provider", str(found.captcha_provider_id or ""), raw.at("captcha_provider_id"))
    if isinstance(found, shapes.CacheRule):
        for index, number in enumerate(found.route_ids):
            yield Reference("route", str(number), raw.at("route_ids").child(index))
        for name, numbers in (("target_ids", found.target_ids), ("backend_ids", found.backend_ids or ())):
            for index, number in enumerate(numbers):
                yield Reference("target", str(number), raw.at(name).child(index))


WAF = Kind("waf", "WAF", "waf_rules", shapes.WafRule, waf_outcome, lambda _: "action")
RATE_LIMIT = Kind(
    "rate_limit", "rate-limit", "rate_limit_rules", shapes.RateLimitRule, limit_outcome, lambda _: "limit"
)
SHAPER = Kind(
    "shaper",
    "traffic-shaper",
    "traffic_shaper_rules",
    shapes.TrafficShaperRule,
    shape_outcome,
    lambda settings: "download" if settings["download"] else "upload",
)
CACHE = Kind("cache", "cache", "cache_rules", shapes.CacheRule, cache_outcome, lambda _: "ttl")


PHASES: tuple[tuple[Kind, str, Algorithm], ...] = (
    (WAF, "WAF", "first_match"),
    (RATE_LIMIT, "rate limit", "all_match"),
    (SHAPER, "traffic shaper", "first_match"),
    (CACHE, "cache", "first_match"),
)
"""The kinds in the order a request meets them, their titles, and what happens when several rules match."""
