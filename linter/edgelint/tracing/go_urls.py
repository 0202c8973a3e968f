"""Request targets as Go's `net/url` and `net/http` read and write them (Go 1.26), which p2pstream's server rests on."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

_KEPT = "-_.~$&+,/:;=@"
"""What Go leaves as it is when it encodes a path, besides letters and digits."""

_AS_WRITTEN = re.compile(r"[A-Za-z0-9\-_.~$&+,/:;=@!'()*\[\]%]*")
_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROLS = re.compile(r"[\x00-\x20\x7f]")


class Target(NamedTuple):
    """A request target: the path decoded once, the path as Go writes it, and the query as it was sent."""

    path: str
    escaped: str
    query: str


class Query(NamedTuple):
    """The pairs of a query, decoded, and those that Go passes over, as they were sent."""

    pairs: tuple[tuple[str, str], ...]
    dropped: tuple[str, ...]


def read_target(target: str) -> Target | None:
    """The parts of a request target in origin form; None where Go refuses it."""
    path, _, query = target.partition("?")
    if not path.startswith("/") or _CONTROLS.search(target) or _BROKEN.search(path):
        return None
    decoded = unquote_to_bytes(path)
    return Target(_text(decoded), path if _AS_WRITTEN.fullmatch(path) else quote(decoded, safe=_KEPT), query)


def read_query(query: str) -> Query:
    """The pairs of a query in order, without those that have a semicolon or a broken percent-encoding."""
    parts = [part for part in query.split("&") if part]
    dropped = tuple(part for part in parts if ";" in part or _BROKEN.search(part))
    pairs = (part.partition("=") for part in parts if part not in dropped)
    return Query(tuple((_unescaped(name), _unescaped(value)) for name, _, value in pairs), dropped)


def _unescaped(text: str) -> str:
    return _text(unquote_to_bytes(text.replace("+", " ")))


def _text(octets: bytes) -> str:
    """Octets as a text; those that are no UTF-8 become lone surrogates."""
    return octets.decode("utf-8", "surrogateescape")


def cleaned(path: str) -> str:
    """A path without empty, `.` and `..` segments; a slash at its end stays."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(segment)
    joined = "/" + "/".join(kept)
    return f"{joined}/" if kept and path.endswith("/") else joined


def moved(target: Target) -> str | None:
    """Where Go's multiplexer sends a request whose path is not clean; None where it is.

    The path is encoded for a second time on the way, so that `%20` comes back as `%2520`.
    """
    path = cleaned(target.escaped)
    if path == target.escaped:
        return None
    query = f"?{target.query}" if target.query else ""
    return re.sub(r"[\x80-\U0010ffff]", lambda found: _octets(found[0]), encoded(path) + query)


def _octets(character: str) -> str:
    return "".join(f"%{octet:02x}" for octet in character.encode("utf-8", "surrogateescape"))


def encoded(path: str) -> str:
    """A path as Go writes one into a URL."""
    return quote(path.encode("utf-8", "surrogateescape"), safe=_KEPT)


def written(pairs: tuple[tuple[str, str], ...]) -> str:
    """A query as Go writes one: sorted by name, values of one name in order."""

    def escape(text: str) -> str:
        return quote(text.encode("utf-8", "surrogateescape"), safe="-_.~ ").replace(" ", "+")

    ordered = sorted(pairs, key=lambda pair: pair[0].encode("utf-8", "surrogateescape"))
    return "&".join(f"{escape(name)}={escape(value)}" for name, value in ordered)
