"""Classes of paths by what is usually kept under them, as languages, made when they are first asked about."""

from __future__ import annotations

from functools import cache

from edgelint.space.language import Language
from edgelint.space.leaves import pattern

_FOLDERS = "assets|static|_nuxt|_next/static|build|dist|css|js|img|images|fonts|media"
_ENDINGS = "css|m?js|map|png|jpe?g|gif|webp|avif|svg|ico|woff2?|ttf|otf|eot|mp4|webm|pdf|txt|xml"


@cache
def assets() -> Language:
    """The paths under which static files are kept by habit."""
    return pattern(rf"\A/(?:{_FOLDERS})(?:/|\z)") | pattern(rf"\.(?:{_ENDINGS})\z")


@cache
def personal() -> Language:
    """The pages that belong to one visitor, or hold a token made for one: accounts, carts, forms for signing in."""
    return pattern(
        r"\A/(?:accounts?|admin|auth|basket|cart|checkout|dashboard|inbox|login|logout|me|my|orders?|payments?|profile|"
        r"register|settings|signin|signup|wallet|wp-admin|wp-login\.php)(?:/|\z)"
    )


@cache
def programs() -> Language:
    """The endpoints that programs call."""
    return pattern(r"\A/(?:_?api|graphql|rest|rpc|v[1-9])(?:/|\z)")


@cache
def computed() -> Language:
    """The endpoints whose answers are worked out from the query: searches, and what programs call."""
    return programs() | pattern(r"\A/(?:find|query|search)(?:/|\z)")


@cache
def fingerprinted() -> Language:
    """The files with room for a hash in their name, or in the folders of a bundler that puts one there: a new version is a new path."""
    return (
        addressed()
        | pattern(r"\A/(?:_nuxt|_next/static)(?:/|\z)")
        | pattern(r"[._-][0-9A-Za-z_-]{8,}(?:\.\w+)+\z")
        | pattern(r"/[0-9a-f]{16,}(?:\.\w+)+\z")
    )


@cache
def addressed() -> Language:
    """The paths that end in a digest of what is kept there, as in a container registry: never changed, the same for everybody."""
    return pattern(r"[/@]sha(?:1|256|384|512)[:=-][0-9a-f]{40,}\z")


@cache
def multiline() -> Language:
    """The paths with a line break. No page has one; `.` in a regular expression does not match it."""
    return pattern(r"\n")


@cache
def embedded() -> Language:
    """The paths of what pages embed, by habit: nobody opens them by themselves."""
    return pattern(
        r"\A/(?:assets|static|_nuxt|_next/static|css|js|fonts)(?:/|\z)"
        r"|\.(?:css|m?js|map|woff2?|ttf|otf|eot|ico|svg|png|jpe?g|gif|webp|avif)\z"
    )


@cache
def transfers() -> Language:
    """The paths of what is fetched as a whole, by habit: static files, downloads, archives, attachments, recordings."""
    return assets() | pattern(
        r"\A/(?:archives?|attachments?|audio|backups?|documents?|downloads?|exports?|files|packages|pdfs?|photos?|"
        r"recordings|releases|videos?)(?:/|\z)"
        r"|\.(?:7z|bz2|deb|dmg|exe|gz|iso|mkv|msi|rpm|tgz|whl|xz|zip|zst)\z"
    )
