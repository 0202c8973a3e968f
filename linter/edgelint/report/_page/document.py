"""The frame of the page: its head with the policy of what it may load, and its parts in order."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from edgelint.report._page.markup import Html, tag

_FOLDER = Path(__file__).parent


def document(title: str, *body: Html) -> str:
    """The whole file. Nothing is loaded, and nothing runs but the style and the script that are in it."""
    style, script = (_read(name) for name in ("page.css", "page.js"))
    rules = {
        "default-src": "'none'",
        "style-src": _digest(style),
        "script-src": _digest(script),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    policy = "; ".join(f"{name} {value}" for name, value in rules.items())
    head = [
        tag("meta", charset="utf-8"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("title", title),
        tag("style", Html(style)),
    ]
    page = tag("html", tag("head", *head), tag("body", *body, tag("script", Html(script))), lang="en")
    return f"<!doctype html>\n{page}\n"


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
