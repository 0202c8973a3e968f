"""Classes of paths by what is usually kept under them, as languages."""

from __future__ import annotations

from edgelint.space.leaves import pattern

PERSONAL = pattern(
    r"\A/(?:accounts?|admin|auth|basket|cart|checkout|dashboard|inbox|login|logout|me|my|orders?|payments?|profile|"
    r"register|settings|signin|signup|wallet|wp-admin|wp-login\.php)(?:/|\z)"
)
"""The pages that belong to one visitor, or hold a token made for one: accounts, carts, forms for signing in."""

PROGRAMS = pattern(r"\A/(?:_?api|graphql|rest|rpc|v[1-9])(?:/|\z)")
"""The endpoints that programs call."""

COMPUTED = PROGRAMS | pattern(r"\A/(?:find|query|search)(?:/|\z)")
"""The endpoints whose answers are worked out from the query: searches, and what programs call."""

FINGERPRINTED = (
    pattern(r"\A/(?:_nuxt|_next/static)(?:/|\z)")
    | pattern(r"[._-][0-9A-Za-z_-]{8,}(?:\.\w+)+\z")
    | pattern(r"/[0-9a-f]{16,}(?:\.\w+)+\z")
)
"""The files with room for a hash in their name, or in the folders of a bundler that puts one there: a new version is a new path."""
