"""Addresses of the management API of a p2pstream."""

from __future__ import annotations

from urllib.parse import urlsplit

from edgelint.readers import InputError
from edgelint.readers.documents.document import quoted
from edgelint.record import record


@record
class Address:
    """Where the management API of a p2pstream is: host, port, and the path in front of its procedures."""

    text: str
    host: str
    port: int
    prefix: str


def address_of(text: str) -> Address | None:
    """The address that a text is, None when it is none at all. Raises InputError where it is no https address."""
    scheme, found, _ = text.partition("://")
    if not found or not scheme.isalnum():
        return None
    if scheme.lower() != "https":
        raise InputError(f"{quoted(scheme + '://')} is not https, and a token is sent over nothing else")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        raise InputError("the address cannot be understood, it is like `https://host:8081`") from None
    if "@" in parts.netloc:
        raise InputError("the address holds a user name or password, p2pstream wants a token instead")
    if not host or not text.isascii() or not text.isprintable() or " " in text or "?" in text or "#" in text:
        raise InputError(f"{quoted(text)} is no address like `https://host:8081` or `https://host/environments/3`")
    return Address(text, host, port, parts.path.rstrip("/"))
