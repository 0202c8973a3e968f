"""Sets of addresses against the standard library."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.space import addresses as adr

NETWORKS = st.sampled_from(
    ["10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "203.0.113.7/32", "2001:db8::/32", "::/0", "10.1.2.3/8", "fd00::/8"]
)
ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6).filter(lambda ip: ip.ipv4_mapped is None)).map(str)


@given(st.lists(NETWORKS, max_size=3), st.lists(NETWORKS, max_size=3), ADDRESSES)
def test_the_operators_are_those_of_sets(one, two, text):
    def inside(nets):
        return any(ip_address(text) in ip_network(net, strict=False) for net in nets)

    a, b = adr.every(map(adr.network, one)), adr.every(map(adr.network, two))
    assert (text in a) == inside(one)
    assert (text in a & b) == (inside(one) and inside(two))
    assert (text in a | b) == (inside(one) or inside(two))
    assert (text in ~a) == (not inside(one))
    assert (text in a - b) == (inside(one) and not inside(two))


@given(st.lists(NETWORKS, max_size=3))
def test_a_member_is_in_the_set_and_an_empty_set_has_none(nets):
    found = adr.every(map(adr.network, nets))
    member = found.member()
    assert (member is None) == (not nets)
    assert member is None or member in found


def test_a_text_that_no_peer_has_is_no_address():
    for text in ("2001:DB8::1", "10.0.0.0/8", "::ffff:10.0.0.1", "010.0.0.1", "", "localhost"):
        assert not adr.address(text) & adr.EVERY_ADDRESS


def test_what_is_no_address_is_in_no_set():
    assert "localhost" not in adr.EVERY_ADDRESS


def test_a_text_without_a_length_is_no_network():
    with pytest.raises(ValueError, match="is not a network"):
        adr.network("10.0.0.1")


def test_the_size_is_the_number_of_addresses():
    assert adr.NO_ADDRESS.size() == 0
    assert (adr.network("10.0.0.0/8") | adr.network("2001:db8::/127")).size() == 2**24 + 2


def test_a_member_comes_from_the_ranges_for_documentation_where_possible():
    assert adr.EVERY_ADDRESS.member() == "203.0.113.7"
    assert adr.EVERY_V6.member() == "2001:db8::7"
    assert adr.network("10.0.0.0/8").member() == "10.0.0.1"
