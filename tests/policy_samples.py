"""Small policies for tests of the trace."""

import json

from edgelint.readers import read


def policy_of(document):
    """The policy of a document kept by hand."""
    (found,) = read(["-"], stdin=json.dumps(document).encode).policies
    return found


def bare(request):
    """A policy with a listener for a request, and a route that takes every path."""
    port = request.port or {"http": 80, "https": 443}[request.protocol]
    return policy_of(
        {
            "listeners": [{"id": 1, "name": "only", "protocol": request.protocol, "port": port}],
            "routes": [
                {"id": 1, "listener_id": 1, "is_default": True, "path_security_mode": "allow_encoded_separators"}
            ],
        }
    )
