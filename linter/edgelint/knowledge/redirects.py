"""What a client asks for after a redirect."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from edgelint.facts import Facts
from edgelint.model.policy import Listener, Redirect
from edgelint.model.request import Request
from edgelint.record import replace

_PORTS = {"http": 80, "https": 443}


def followed(facts: Facts, request: Request, redirect: Redirect) -> Request | None:
    """The request that follows a redirected one, None where it does not come back to this edge. Its query is not looked at."""
    if redirect.mode == "same_host_path":
        return replace(request, path=redirect.target)
    try:
        target = urlsplit(redirect.target)
        listener = _listener(facts, target)
    except ValueError:  # no URL, or no port
        return None
    if listener is None or not target.hostname:
        return None
    keeps = redirect.mode == "external_origin_keep_path"
    return replace(
        request,
        protocol=listener.protocol,
        host=target.hostname,
        path=request.path if keeps else target.path or "/",
        listener=listener.id,
        port=listener.port,
    )


def _listener(facts: Facts, target: SplitResult) -> Listener | None:
    """The listener a URL leads to: by its port, or where none has that, the only one of its protocol."""
    speaking = [listener for listener in facts.listeners.values() if listener.protocol == target.scheme]
    exact = [listener for listener in speaking if listener.port == (target.port or _PORTS[listener.protocol])]
    fitting = exact or speaking
    return fitting[0] if len(fitting) == 1 else None
