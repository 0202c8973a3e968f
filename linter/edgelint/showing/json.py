"""Overviews for scripts: a stable, versioned JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from edgelint import __version__
from edgelint.model.policy import Route, Rule
from edgelint.picture import words
from edgelint.picture.buckets import Bucket
from edgelint.picture.matrix import Entry, matrix
from edgelint.picture.overview import Overview, Section, Share, View
from edgelint.report._places import Places
from edgelint.report._requests import request_object
from edgelint.report._safe import Object, dump
from edgelint.showing import Look
from edgelint.wording import listener_names, sentences, told
from edgelint.wording.description import Alternative, Description
from edgelint.wording.outcomes import outcome
from edgelint.wording.requests import phrase, sentence
from edgelint.wording.said import plain

VERSION = 1
"""Grows when a key changes its meaning or goes away; keys may be added at any time."""


def render(overviews: Sequence[Overview], _look: Look) -> str:
    """All policies as one JSON document, in ASCII."""
    policies = [_Writer(overview).policy() for overview in overviews]
    return dump({"version": VERSION, "tool": {"name": "edgelint", "version": __version__}, "policies": policies})


class _Writer:
    """Turns what is known of one policy into JSON."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview
        self._listeners = listener_names(overview.policy)
        self._routes = words.route_names(overview.policy)
        self._places = Places()

    def policy(self) -> Object:
        """The whole policy."""
        overview = self._overview
        return {
            "name": overview.policy.name,
            "platform": overview.policy.platform.name,
            "routes": [self._route(route) for route in overview.routes],
            "services": [{"name": one.name, "routes": [route.id for route in one.routes]} for one in overview.services],
            "phases": [self._phase(section) for section in overview.sections],
            "matrix": self._matrix(),
        }

    def _route(self, route: Route) -> Object:
        return {
            "id": route.id,
            "name": plain(self._routes[route], str),
            "listener": route.listener,
            "host": route.host,
            "path": route.path,
            "default": route.default,
        }

    def _phase(self, section: Section) -> Object:
        phase = section.phase
        return {
            "name": phase.name,
            "title": phase.title,
            "algorithm": phase.algorithm,
            "rules": [self._rule(view) for view in section.views],
        }

    def _rule(self, view: View) -> Object:
        return {
            **self._subject(view.rule),
            "place": view.place,
            "outcome": {
                "kind": view.rule.outcome.kind,
                "words": plain(outcome(self._overview.policy, view.rule)),
                "settings": dict(view.rule.outcome.effect),
            },
            "at_times": view.rule.conditional,
            "catches": self._description(view.own),
            "bound_to": [route.id for route in view.bound_to],
            "less": [self._share(share) for share in view.earlier],
            "beside": [(one.later if one.earlier is view.rule else one.earlier).name for one in view.beside],
            "stopped_before": [
                {
                    "phase": stop.rule.phase,
                    "rule": stop.rule.name,
                    "kind": stop.rule.outcome.kind,
                    "extent": stop.extent,
                }
                for stop in view.stops
            ],
            "routes": [{"id": one.route.id, "extent": one.extent} for one in view.routes],
            "services": [{"name": one.service.name, "extent": one.extent} for one in view.services],
            "bucket": _bucket(view.bucket) if view.bucket else None,
            "witness": request_object(view.witness) if view.witness else None,
            "dead": {
                "cause": view.death.cause,
                "by": [rule.name for rule in view.death.by],
                "words": plain(words.dead(view.death)),
            }
            if view.death
            else None,
            "undecided": view.doubt or None,
        }

    def _subject(self, rule: Rule) -> Object:
        location = self._places.location(rule.place)
        return {
            "phase": rule.phase,
            "id": rule.id,
            "name": rule.name,
            "path": location.path,
            "line": location.line,
            "column": location.column,
        }

    def _share(self, share: Share) -> Object:
        return {
            "rule": share.overlap.earlier.name,
            "relation": share.overlap.relation,
            "certain": share.overlap.certain,
            "takes": self._description(share.what) if share.what else None,
        }

    def _description(self, description: Description) -> Object:
        """What is said of a region; of its alternatives, each condition with the field it is about."""
        found = told(description, self._listeners)
        return {
            "exact": description.exact,
            "further": description.further,
            "words": [plain(line) for line in sentences(found)],
            "alternatives": [self._alternative(one) for one in description.alternatives],
            "within": self._alternative(description.most) if description.most else None,
        }

    def _alternative(self, one: Alternative) -> Object:
        return {
            "words": plain(sentence(one, self._listeners)),
            "conditions": [
                {
                    "field": condition.axis.kind,
                    "name": condition.axis.name,
                    "words": plain(phrase(condition, self._listeners)),
                }
                for condition in one.conditions
            ],
            "exceptions": [self._alternative(exception) for exception in one.exceptions],
        }

    def _matrix(self) -> list[Object]:
        found = matrix(self._overview)
        return [
            {
                "route": row.route.id,
                **{
                    phase.name: [_entry(one) for one in (*every, *cell)]
                    for phase, every, cell in zip(found.phases, found.everywhere, row.cells, strict=True)
                },
            }
            for row in found.rows
        ]


def _entry(entry: Entry) -> Object:
    return {"rule": entry.rule.name, "extent": entry.extent}


def _bucket(bucket: Bucket) -> Object:
    budget = bucket.budget
    return {
        "words": plain(words.counted_by(bucket)),
        "identity": bucket.identity,
        "algorithm": budget.algorithm if budget else None,
        "limit": budget.limit if budget else None,
        "window": float(budget.window) if budget else None,
        "burst": budget.burst if budget and budget.buckets else None,
        "per_request": bucket.parts is None,
        "key": [
            {
                "field": part.field.kind,
                "name": part.field.name,
                "role": part.role,
                "free": part.free,
                "missing": part.missing,
            }
            for part in bucket.parts or ()
        ],
    }
