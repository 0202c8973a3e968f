"""Paths at which people and programs prove who they are, or that are for a few only, by the names they have by habit."""

from __future__ import annotations

import re

from edgelint.model.expression import PATH, Equals, PathPrefix, StartsWith
from edgelint.model.policy import Rule
from edgelint.model.walk import literal_atoms

_NAMES = (
    r"log-?in|sign-?in|wp-login\.php|xmlrpc\.php|oauth2?/token|connect/token|password/(?:reset|forgot|email)"
    r"|(?:reset|forgot)-password"
)
_CREDENTIALS = re.compile(rf"(?:^|/)(?:{_NAMES})/?$", re.IGNORECASE)
_SENSITIVE = re.compile(rf"(?:^|/)(?:{_NAMES}|admin|administrator|wp-admin|graphql)/?$", re.IGNORECASE)

WORDPRESS = ("/wp-login.php", "/xmlrpc.php")
"""Where WordPress takes passwords: at its login page, and many at a time over XML-RPC."""


def takes_credentials(path: str) -> bool:
    """Whether a path is, by its name, one at which passwords or tokens are handed in."""
    return bool(_CREDENTIALS.search(path))


def is_sensitive(path: str) -> bool:
    """Whether a path is, by its name, one that is worth guarding."""
    return bool(_SENSITIVE.search(path))


def paths(rule: Rule) -> tuple[str, ...]:
    """The paths that a rule asks for by name, each once."""
    found = (
        predicate.text
        for atom, predicate, positive in literal_atoms(rule.match.expression)
        if positive and atom.field == PATH and isinstance(predicate, Equals | PathPrefix | StartsWith)
    )
    return tuple(dict.fromkeys(found))
