"""The addresses whose text lies in a language: against the texts the standard library prints, address by address."""

import itertools
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from edgelint.space import addresses as adr
from edgelint.space import language as lang
from edgelint.space import leaves
from edgelint.space.dotted import matching
from edgelint.space.limits import Unbounded
from support import many

V6 = adr.EVERY_V6.ranges[0][0]
END = adr.EVERY_V6.ranges[-1][1]


def text_of(point):
    """The text of the address at a place on the axis."""
    return str(IPv4Address(point)) if point < V6 else str(IPv6Address(point - V6))


def has_a_peer(text):
    return getattr(ip_address(text), "ipv4_mapped", None) is None


groups = st.sampled_from([0, 0, 0, 1, 0x10, 0xDB8, 0x2001, 0xFE80, 0xFFFF]) | st.integers(0, 0xFFFF)
octets = st.sampled_from([0, 1, 10, 25, 99, 100, 199, 200, 255]) | st.integers(0, 255)
TEXTS = st.one_of(
    st.ip_addresses().map(str),
    st.tuples(*[octets] * 4).map(lambda found: str(IPv4Address(bytes(found)))),
    st.tuples(*[groups] * 8).map(lambda found: ":".join(f"{group:x}" for group in found)).map(IPv6Address).map(str),
).filter(has_a_peer)
"""Canonical texts of addresses, many with runs of zeros."""


def leaf(text, start, end, kind):
    """A language that an address has something to do with."""
    start, end = min(start, end), max(start, end)
    piece, quoted = text[start:end], text[:end].replace(".", "\\.")
    match kind:
        case "prefix":
            return leaves.prefix(text[:end])
        case "both ends":
            return leaves.prefix(text[:end]) & leaves.suffix(text[end:])
        case "around":
            return leaves.prefix(text[:start]) & leaves.suffix(text[end:])
        case "substring":
            return leaves.substring(piece) & leaves.prefix(text[: len(text) // 2])
        case "below":
            return leaves.below(text[:end], inclusive=bool(start % 2))
        case "length":
            return leaves.length(len(text) - start, len(text)) & leaves.prefix(text[:end])
        case "word":
            return lang.words([text])
        case _:
            return leaves.pattern(f"^{quoted}{kind}")


kinds = ["prefix", "both ends", "around", "substring", "below", "length", "word"]
endings = ["[0-9a-f]*$", ":", "\\.", "(:0)*:?1?$", "[0-9]{1,2}", "(::|:0:)", "[^:]*:[^:]*$"]
LEAVES = st.builds(leaf, TEXTS, st.integers(0, 39), st.integers(0, 39), st.sampled_from(kinds + endings))
LANGUAGES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda one: ~one),
        st.tuples(inner, inner).map(lambda two: two[0] & two[1]),
        st.tuples(inner, inner).map(lambda two: two[0] | two[1]),
    ),
    max_leaves=4,
)


def edges(found):
    """The places at and beside the ends of the ranges of a set."""
    return {
        point
        for first, last in (*found.ranges[:40], *found.ranges[-40:])
        for point in (first - 1, first, first + 1, last - 1, last, last + 1)
        if 0 <= point < END
    }


@settings(max_examples=many(200))
@given(LANGUAGES, st.lists(TEXTS, max_size=20))
def test_an_address_is_in_the_set_exactly_if_its_text_is_in_the_language(language, texts):
    try:
        found = matching(language)
    except Unbounded:
        reject()
    near = filter(has_a_peer, map(text_of, sorted(edges(found) | edges(~found))))
    for text in [*texts, *near]:
        assert (text in found) == (text in language), text
    assert all(first < last for first, last in found.ranges)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(found.ranges))


SPARSE = [":".join(f"{group:x}" for group in found) for found in itertools.product((0, 1), repeat=8)]


@pytest.mark.parametrize("written", SPARSE, ids=lambda written: written.replace(":", ""))
def test_every_place_and_length_of_a_run_of_zeros_is_found_by_its_text_and_by_no_other(written):
    text = str(IPv6Address(written))
    only = matching(leaves.prefix(text) & leaves.length(len(text), len(text)))
    assert only == adr.address(text)
    assert only.size() == 1
    assert not matching(leaves.prefix(written) & ~lang.words([text]) & leaves.length(len(written), len(written)))


def networks(*texts):
    return adr.every(map(adr.network, texts))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (leaves.prefix("2001:db8:"), networks("2001:db8::/32")),
        (leaves.prefix("fe80:"), networks("fe80::/16")),
        (leaves.prefix("10."), networks("10.0.0.0/8")),
        (leaves.substring(":"), adr.EVERY_V6),
        (leaves.substring("."), adr.EVERY_V4),
        (leaves.length(0, 1), adr.NO_ADDRESS),
        (leaves.length(2, 2), adr.address("::")),
        (leaves.length(40, None), adr.NO_ADDRESS),
        (leaves.pattern("^(10\\.|fd)"), networks("10.0.0.0/8", "fd::/16", "fd0::/12", "fd00::/8")),
        (leaves.pattern("(?i)^FE80:"), networks("fe80::/16")),
        (leaves.pattern("^[0-9.]+$"), adr.EVERY_V4),
        (leaves.pattern("^[0-9a-f:]+$"), adr.EVERY_V6),
        (leaves.pattern("^2001:db8::[0-9a-f]{1,4}$"), networks("2001:db8::/112") - adr.address("2001:db8::")),
        (leaves.pattern("^(127\\.|::1$)"), networks("127.0.0.0/8", "::1/128")),
        (leaves.pattern("^192\\.168\\.\\d+\\.[0-9]*$"), networks("192.168.0.0/16")),
        (lang.words(["2001:db8::1", "10.0.0.1", "2001:DB8::1"]), networks("2001:db8::1/128", "10.0.0.1/32")),
        (~lang.words(["2001:db8::1"]), adr.EVERY_ADDRESS - networks("2001:db8::1/128")),
        (~leaves.below("fe", inclusive=False), networks("fe::/16", "fe0::/11", "fe00::/7") | networks("ff::/16")),
        (lang.ANYTHING, adr.EVERY_ADDRESS),
        (lang.NOTHING, adr.NO_ADDRESS),
    ],
)
def test_conditions_people_write_give_the_networks_they_mean(language, expected):
    assert matching(language) == expected


@pytest.mark.parametrize(
    "language",
    [
        leaves.prefix("FE80:"),
        leaves.prefix("2001:0db8:"),
        leaves.suffix("zz"),
        leaves.substring("/"),
        leaves.substring(":::"),
        leaves.substring("00000"),
        leaves.substring("::") & leaves.pattern("::.*::"),
        leaves.prefix("fd00:") & leaves.suffix(":xyz"),
        leaves.pattern("^::ffff:10\\."),
        leaves.pattern("%"),
        lang.union(leaves.substring(f"w{number}x") for number in range(500)),
    ],
)
def test_texts_no_address_has_give_no_address(language):
    assert matching(language) == adr.NO_ADDRESS


def test_no_address_is_an_ipv4_address_written_as_ipv6():
    written = leaves.prefix("::ffff:a00:") & leaves.length(12, 12)
    assert "::ffff:a00:1" in written
    assert matching(written) == adr.NO_ADDRESS


@pytest.mark.parametrize(
    "language",
    [
        leaves.suffix(":1"),
        leaves.suffix("::1"),
        leaves.suffix(".1"),
        leaves.substring("dead"),
        leaves.substring("::"),
        ~leaves.length(0, 15),
    ],
)
def test_a_condition_that_picks_too_many_ranges_is_not_decided(language):
    with pytest.raises(Unbounded, match="too many ranges"):
        matching(language)


@pytest.mark.parametrize(
    "language",
    [
        lang.union(leaves.substring(f"{number:03x}") for number in range(0, 4000, 8)),
        leaves.pattern("^(?:[0-9a-f.:]*1[0-9a-f.:]{8}){2}zz"),
    ],
)
def test_a_condition_that_takes_too_long_is_not_decided(language):
    with pytest.raises(Unbounded, match="too long"):
        matching(language)
