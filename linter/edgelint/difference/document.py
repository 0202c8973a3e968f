"""A difference for scripts: a stable, versioned JSON document."""

from __future__ import annotations

from edgelint.difference import Change, Difference, Edit
from edgelint.difference.text import summary
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.replay import route_name
from edgelint.report._requests import request_object
from edgelint.report._safe import Object

VERSION = 1
"""Grows when a key changes its meaning or goes away; keys may be added at any time."""


def document(name: str, difference: Difference) -> Object:
    """What changed in one policy."""
    return {
        "policy": name,
        "edits": [_edit(edit) for edit in difference.edits],
        "changes": [_change(change) for change in difference.changes],
        "undecided": list(difference.undecided),
        "widens": difference.widens,
        "summary": summary(difference),
    }


def _edit(edit: Edit) -> Object:
    return {
        "before": _party(edit.version.before),
        "after": _party(edit.version.after),
        "written": list(edit.written),
        "verdict": edit.verdict,
        "gained": _request(edit.gained),
        "lost": _request(edit.lost),
    }


def _change(change: Change) -> Object:
    return {
        "title": change.title,
        "phase": change.phase,
        "before": _party(change.before),
        "after": _party(change.after),
        "within": list(change.within),
        "request": _request(change.request),
        "services": list(change.services),
        "warning": change.note,
        "under_load": change.loaded,
        "widens": change.widens,
    }


def _party(one: Rule | Route | None) -> Object | None:
    if one is None:
        return None
    if isinstance(one, Rule):
        return {"phase": one.phase, "id": one.id, "name": one.name}
    return {"phase": "route", "id": one.id, "name": route_name(one).strip("`")}


def _request(request: Request | None) -> Object | None:
    return None if request is None else request_object(request)
