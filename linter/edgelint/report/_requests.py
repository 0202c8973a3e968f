"""A request as scripts read it, the same in every document of ours."""

from __future__ import annotations

from edgelint.model.request import Request
from edgelint.report._safe import Object


def request_object(request: Request) -> Object:
    """Method, URL, headers in order, the client's address, and all of it as a command line."""
    return {
        "method": request.method,
        "url": request.url(),
        "headers": [[name, value] for name, value in request.headers],
        "ip": request.address,
        "curl": request.curl(),
    }
