"""URLs as clients take them apart before they send anything (RFC 3986, and what the URL standard of browsers forgives)."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from unicodedata import category, normalize

from edgelint.record import record

PORTS = {"http": 80, "https": 443}
"""The protocols that an edge speaks, and their ports where a URL names none."""

_PARTS = re.compile(
    r"(?s)(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://)?(?P<authority>[^/?#\\]*)(?P<path>[^?#]*)"
    r"(?:\?(?P<query>[^#]*))?(?P<fragment>#.*)?"
)
_UPGRADED = {"ws": "http", "wss": "https"}
_LONGEST_LABEL = 63
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_LONGEST_SHOWN = 100


@record
class Url:
    """The parts of a URL that matter to a server.

    `stated` says whether the scheme was written, `authority` is what goes into the `Host` header, `target` what stands in the
    request line. `userinfo` is None where there is none. `notes` is what became of parts that are not sent as written.
    """

    protocol: str
    stated: bool
    authority: str
    port: int
    target: str
    userinfo: str | None
    notes: tuple[str, ...]


def read_url(text: str, default: str = "https") -> Url:
    """The parts of a URL. ValueError with one line on what is wrong."""
    text = text.strip(" \t\r\n")
    found = _PARTS.fullmatch(text)
    if re.search(r"[\r\n\t]", text):
        raise ValueError("there is a line break or a tab in the URL")
    if found is None or not found["authority"]:
        raise ValueError(f"there is no host in `{_short(text)}`")
    scheme = (found["scheme"] or default).lower()
    protocol = _UPGRADED.get(scheme, scheme)
    if protocol not in PORTS:
        raise ValueError(f"`{scheme}` is none of the protocols that an edge speaks, which are http and https")
    userinfo, at, place = found["authority"].rpartition("@")
    host, port = _host_and_port(place)
    name = _host(host)
    notes = [] if name == host.lower() else [f"host `{host}` is sent as `{name}`"]
    if found["fragment"]:
        notes.append(f"`{_short(found['fragment'])}` stays in the client, it is never sent")
    stated = port or PORTS[protocol]
    return Url(
        protocol=protocol,
        stated=found["scheme"] is not None,
        authority=name if stated == PORTS[protocol] else f"{name}:{stated}",
        port=stated,
        target=_target(found["path"], found["query"]),
        userinfo=userinfo if at else None,
        notes=tuple(notes),
    )


def _host_and_port(place: str) -> tuple[str, int]:
    """A host and a port, 0 where none is named."""
    host, port = place, ""
    if ":" in place and not place.endswith("]"):
        host, _, port = place.rpartition(":")
    if port and not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        raise ValueError(f"`{_short(port)}` is no port")
    if not host:
        raise ValueError("there is no host in front of the port")
    return host, int(port or 0)


def _host(host: str) -> str:
    """A host as clients send it: names outside of ASCII in Punycode, IPv6 addresses in brackets."""
    if host.startswith("["):
        return _bracketed(host)
    if not host.isascii():
        host = ".".join(_label(label) for label in _DOTS.split(host))
    if re.search(r"[^!$%&'()*+,\-.;=_~0-9A-Za-z]", host):
        raise ValueError(f"`{_short(host)}` is no name of a host")
    return host.lower()


def _bracketed(host: str) -> str:
    try:
        address = IPv6Address(host[1:-1])
    except ValueError:
        raise ValueError(f"`{_short(host)}` is no IPv6 address") from None
    return f"[{str(address).partition('%')[0]}]"


def _label(label: str) -> str:
    """A label of a name in the form that DNS knows (RFC 5891).

    The mapping is that of Unicode's NFKC and lower case, which is what clients do but for a few rare characters.
    """
    mapped = normalize("NFKC", normalize("NFKC", label).lower())
    if mapped.isascii():
        return mapped
    if any(category(character)[0] in "CZ" or character in "/?#@:[]\\" for character in mapped):
        raise ValueError(f"`{_short(label)}` is no part of a name of a host")
    encoded = "xn--" + mapped.encode("punycode").decode()
    if len(encoded) > _LONGEST_LABEL:
        raise ValueError(f"`{_short(label)}` is too long for a part of a name of a host")
    return encoded


def _target(path: str, query: str | None) -> str:
    """Path and query as they are sent: spaces and characters outside of ASCII as percent-encoded UTF-8, the rest as it is."""
    target = (path if path.startswith("/") else f"/{path}") + ("" if query is None else f"?{query}")
    return re.sub(r"[ \x80-\U0010ffff]", lambda found: _encoded(found[0]), target)


def _encoded(character: str) -> str:
    try:
        octets = character.encode()
    except UnicodeEncodeError:
        raise ValueError("half of a surrogate pair is no text, it cannot be sent") from None
    return "".join(f"%{octet:02X}" for octet in octets)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."
