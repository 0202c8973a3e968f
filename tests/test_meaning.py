import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.languages.p2pstream_functions import cidr
from edgelint.meaning import text_language
from edgelint.model.expression import InNetwork
from edgelint.space.limits import Unbounded

OCTETS = st.sampled_from(["0", "1", "7", "10", "010", "127", "128", "198", "255", "256", "x", ""])
TEXTS = st.tuples(
    st.sampled_from(["", " ", "\t", "\u00a0", "a"]),
    st.lists(OCTETS, min_size=3, max_size=5).map(".".join),
    st.sampled_from(["", " ", "\u2003", ",10.0.0.1", "/32"]),
).map("".join)
NETWORKS = st.sampled_from(["0.0.0.0/0", "10.0.0.0/8", "10.128.0.0/9", "198.7.0.0/23", "127.0.0.1/32", "7.7.7.128/25"])


@given(TEXTS, NETWORKS)
def test_a_text_lies_in_a_network_when_it_spells_an_address_of_it(text, network):
    assert (text in text_language(InNetwork(network))) is cidr(text, network)


def test_the_many_spellings_of_ipv6_have_no_model():
    with pytest.raises(Unbounded):
        text_language(InNetwork("2001:db8::/32"))
