"""The addresses whose canonical text lies in a language of strings.

IPv4 text is walked octet by octet; equal derivatives are walked once. The canonical text of IPv6 (RFC 5952) is not walked:
a language that tells one IPv6 address from another is answered only where it is finite.
"""

from __future__ import annotations

from edgelint.space.addresses import EVERY_V6, NO_ADDRESS, Addresses, address, every
from edgelint.space.language import ANYTHING, NOTHING, Language, Words
from edgelint.space.leaves import pattern
from edgelint.space.limits import Unbounded
from edgelint.space.search import is_empty

RANGES = 4096
"""How many address ranges one condition on the text of an address may need."""


def matching(language: Language) -> Addresses:
    """The addresses whose text is in a language. Raises Unbounded."""
    if isinstance(language, Words):
        return every(address(word) for word in language.words)
    return _version_4(language) | _version_6(language)


def _version_6(language: Language) -> Addresses:
    texts = pattern(r"\A[0-9a-f:]*:[0-9a-f:.]*\z")
    if is_empty(texts & language):
        return NO_ADDRESS
    if is_empty(texts - language):
        return EVERY_V6
    raise Unbounded("a condition on the text of IPv6 addresses")


def _version_4(language: Language) -> Addresses:
    known: dict[tuple[Language, int], tuple[tuple[int, int], ...]] = {}
    return Addresses(_octets(language, 3, known))


def _octets(
    language: Language, below: int, known: dict[tuple[Language, int], tuple[tuple[int, int], ...]]
) -> tuple[tuple[int, int], ...]:
    """Ranges of the addresses that can follow, with `below` more octets behind the next one."""
    if language is NOTHING:
        return ()
    if language is ANYTHING:
        return ((0, 256 << 8 * below),)
    found = known.get((language, below))
    if found is None:
        found = known[language, below] = _walk(language, below, known)
    return found


def _walk(
    language: Language, below: int, known: dict[tuple[Language, int], tuple[tuple[int, int], ...]]
) -> tuple[tuple[int, int], ...]:
    ranges: list[tuple[int, int]] = []
    for octet in range(256):
        rest = language.advance(str(octet) + ("." if below else ""))
        inner = _octets(rest, below - 1, known) if below else (((0, 1),) if rest.nullable else ())
        base = octet << 8 * below
        for first, last in inner:
            if ranges and ranges[-1][1] == base + first:
                ranges[-1] = (ranges[-1][0], base + last)
            else:
                ranges.append((base + first, base + last))
        if len(ranges) > RANGES:
            raise Unbounded("a condition on the text of addresses that picks too many ranges")
    return tuple(ranges)
