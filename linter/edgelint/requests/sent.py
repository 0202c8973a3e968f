"""A request as a client sends it, before any server has read it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from ipaddress import IPv6Address, ip_address
from urllib.parse import unquote_to_bytes

from edgelint.record import record, replace
from edgelint.requests.urls import Url, read_url

ADDRESS = "198.51.100.7"
"""The client's address where nobody says another: one of those set aside for documentation (RFC 5737)."""


class RequestError(ValueError):
    """What was written down is no request, or none that can be traced; the text says why, in one line."""


@record
class Sent:
    """One request on the wire.

    `url` is as it was written. `hosts` are the values of the `Host` header, of which there should be one; `target` are path and
    query as they stand in the request line; `headers` are all others, names as written. `body` says whether content follows.
    `assumed` is what was not said, and what it was taken to be; `notes` is what else became of what was written, a line each.
    `listener` names where it comes in, empty where that follows from the URL. `added` are the headers that the client adds.
    """

    method: str
    url: str
    protocol: str
    port: int
    hosts: tuple[str, ...]
    target: str
    headers: tuple[tuple[str, str], ...]
    address: str
    body: bool = False
    listener: str = ""
    assumed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def sent(
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]] = (),
    address: str = "",
    *,
    default: str = "https",
    listener: str = "",
) -> Sent:
    """The request of a method, a URL and headers; without a scheme it is the default one. Raises RequestError."""
    own = tuple(headers)
    if not all(map(_is_text, (url, method, *(part for pair in own for part in pair)))):
        raise RequestError("half of a surrogate pair is no text, it cannot be sent")
    read = _read(url, default)
    assumed = [] if read.stated else [f"{default}, the URL has no scheme"]
    if not address:
        assumed.append(f"the client's address {ADDRESS}, none was given")
    others = tuple((name, value) for name, value in own if name.lower() != "host")
    hosts = tuple(value for name, value in own if name.lower() == "host")
    found = Sent(
        method=method,
        url=url,
        protocol=read.protocol,
        port=read.port,
        hosts=hosts or (read.authority,),
        target=read.target,
        headers=others,
        address=client_address(address) if address else ADDRESS,
        listener=listener,
        assumed=tuple(assumed),
        notes=read.notes,
    )
    return _logged_in(found, read)


def _read(url: str, default: str) -> Url:
    try:
        return read_url(url, default)
    except ValueError as error:
        raise RequestError(str(error)) from None


def _logged_in(request: Sent, url: Url) -> Sent:
    """The request with the user and the password of its URL in a header, which is how clients send them."""
    if url.userinfo is None or request_has(request.headers, "authorization"):
        return request
    credentials = basic(unquote_to_bytes(url.userinfo if ":" in url.userinfo else f"{url.userinfo}:"))
    note = "user and password of the URL go as header `authorization`"
    return replace(request, headers=(*request.headers, ("Authorization", credentials)), notes=(*request.notes, note))


def basic(credentials: bytes) -> str:
    """The value of an `authorization` header with a user and a password (RFC 7617)."""
    return f"Basic {b64encode(credentials).decode()}"


def request_has(headers: Sequence[tuple[str, str]], name: str) -> bool:
    """Whether a header of this lower-case name is among some."""
    return any(key.lower() == name for key, _ in headers)


def client_address(text: str) -> str:
    """An address as servers print the one of a client: of IPv4 in dotted form, of IPv6 compressed. Raises RequestError."""
    try:
        found = ip_address(text.strip())
    except ValueError:
        raise RequestError(f"`{text}` is no IP address") from None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            raise RequestError(f"`{text}` is an address within one link, what rules make of its zone is not modelled")
        return str(found.ipv4_mapped or found)
    return str(found)


def header_line(line: str) -> tuple[str, str]:
    """The name and the value of a header written as `name: value`. Raises RequestError."""
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise RequestError(f"header `{line}` should be written as `name: value`")
    return name.strip(), value.strip(" \t")


_ONE_LINE = re.compile(r"(?s)\s*(?:([^\s/:]+)\s+)?(\S.*?)\s*")


def one_line(text: str) -> tuple[str, str, tuple[str, ...]]:
    """The method and the URL of a line such as `POST https://example.com/`, and what was assumed. Raises RequestError."""
    found = _ONE_LINE.fullmatch(text)
    if found is None:
        raise RequestError("there is no request: write one as `GET https://example.com/`")
    method, url = found.groups()
    return (method, url, ()) if method else ("GET", url, ("method GET, none was given",))


def _is_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
