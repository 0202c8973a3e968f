"""Small parts that findings and rules have in common: badges, requests, places, and what folds."""

from __future__ import annotations

from edgelint.finding import Severity
from edgelint.model.request import Request
from edgelint.report._page.markup import Html, code, joined, tag
from edgelint.report._places import Places
from edgelint.report._words import where
from edgelint.source import Place


def badge(severity: Severity, words: str = "") -> Html:
    """A severity as a coloured word."""
    return tag("span", words or severity.value, class_=f"badge {severity.value}")


def command(request: Request) -> Html:
    """A request as a command that can be copied, and the address it comes from."""
    copy = tag("button", "Copy", type="button", class_="copy script", aria_label="Copy request")
    line = tag("pre", tag("code", request.curl()))
    return tag("div", line, copy, tag("p", "from ", code(request.address), class_="aside"), class_="request")


def headed(level: str, title: str, foldable: bool = True) -> Html:
    """The title of a part, with the button that folds and unfolds all of its cards."""
    button = tag("button", "Unfold all", type="button", class_="script unfold") if foldable else Html()
    return tag("div", tag(level, title), button, class_="head")


def place(found: Place, places: Places) -> Html:
    """Where something stands, so that it can be copied into an editor."""
    return code(where(places.location(found)))


def remark(label: str, /, *content: str, **attributes: str) -> Html:
    """A part of a card under its own small heading."""
    return tag("div", tag("p", label, class_="label"), joined(content), **{"class_": "remark", **attributes})
