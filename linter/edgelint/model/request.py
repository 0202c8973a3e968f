"""A concrete HTTP request as an edge sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from shlex import quote
from urllib.parse import quote as percent_encode

from edgelint.record import record

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""The `token` of RFC 9110, section 5.6.2: what a method, a header name or a cookie name is."""

_NO_COOKIE = re.compile(r'[^ -~]|["\\;]')


@record
class Request:
    """One request.

    `host` is without port; `path` is decoded; `query` holds decoded pairs in order; `headers` holds lower-case names in
    order, one pair for each value, the `cookie` header included; `listener` is the id of the listener that took the
    request, empty when the policy declares none; `port` is that listener's port, 0 for the default of the protocol.
    """

    method: str
    protocol: str
    host: str
    path: str
    address: str
    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    listener: str = ""
    port: int = 0

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in order."""
        return tuple(value for key, value in self.headers if key == name)

    def parameters(self, name: str) -> tuple[str, ...]:
        """Every decoded value of a query parameter, in order."""
        return tuple(value for key, value in self.query if key == name)

    def cookies(self) -> dict[str, str]:
        """The first value of each cookie."""
        return read_cookies(self.values("cookie"))

    def target(self) -> str:
        """The request-target in origin form (RFC 9112, section 3.2.1).

        A slash behind another is written encoded: servers merge those that are not.
        """
        path = percent_encode(self.path, safe="/!$&'()*+,;=:@-._~")
        path = re.sub("(?<=/)/+", lambda more: "%2F" * len(more[0]), path)
        if not self.query:
            return path
        return path + "?" + "&".join(f"{_encode(name)}={_encode(value)}" for name, value in self.query)

    def url(self) -> str:
        """The absolute URL; an empty host is shown as `localhost`."""
        host = self.host or "localhost"
        if ":" in host:
            host = f"[{host}]"
        default = {"http": 80, "https": 443}.get(self.protocol)
        port = f":{self.port}" if self.port and self.port != default else ""
        return f"{self.protocol}://{host}{port}{self.target()}"

    def curl(self) -> str:
        """The request as one `curl` command line."""
        words = ["curl"]
        if self.method == "HEAD":
            words.append("--head")
        elif self.method != "GET":
            words += ["-X", quote(self.method)]
        if not self.host:
            words += ["-H", "'Host;'"]
        for name, value in self.headers:
            words += ["-H", quote(f"{name}: {value}" if value else f"{name};")]
        words.append(quote(self.url()))
        return " ".join(words)


def read_cookies(headers: Iterable[str]) -> dict[str, str]:
    """The first value of each cookie in some `cookie` headers (RFC 6265, section 4.2), quotes around a value taken off.

    A pair whose name is no token or whose value has a character no cookie can have is passed over, as Go's `net/http` does.
    """
    jar: dict[str, str] = {}
    for header in headers:
        for pair in header.split(";"):
            name, _, value = pair.strip(" \t").partition("=")
            name = name.strip(" \t")
            if len(value) > 1 and value[0] == value[-1] == '"':
                value = value[1:-1]
            if TOKEN.fullmatch(name) and not _NO_COOKIE.search(value):
                jar.setdefault(name, value)
    return jar


def write_cookies(cookies: Iterable[tuple[str, str]]) -> str:
    """A `cookie` header with these cookies; values that begin or end with a space are quoted."""
    return "; ".join(f'{name}="{value}"' if value != value.strip(" ") else f"{name}={value}" for name, value in cookies)


def _encode(text: str) -> str:
    return percent_encode(text, safe="!$'()*,:@/-._~")
