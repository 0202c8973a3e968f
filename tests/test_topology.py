import pytest

from edgelint.model.topology import Front, Topology, Upstream


@pytest.mark.parametrize(
    ("front", "declared", "hides", "behind"),
    [
        (Front(), False, False, ""),
        (Front("edge"), True, False, ""),
        (Front("cloudflare"), True, True, "cloudflare"),
        (Front(("10.0.0.0/8", "::/0")), True, True, "10.0.0.0/8, ::/0"),
        (Front("haproxy", preserves_client_ip=True), True, False, "haproxy"),
        (Front(preserves_client_ip=True), True, False, ""),
    ],
)
def test_what_stands_in_front_decides_whether_clients_are_seen(front, declared, hides, behind):
    topology = Topology((("public", front),))
    assert topology.declared("public") is declared
    assert topology.hides_clients("public") is hides
    assert topology.behind("public") == behind


def test_an_entry_of_its_own_wins_over_the_one_for_all():
    topology = Topology((("*", Front("cloudflare")), ("internal", Front("edge"))))
    assert topology.hides_clients("public")
    assert not topology.hides_clients("internal")


def test_nothing_is_known_of_a_listener_that_nobody_speaks_of():
    assert not Topology((("internal", Front("edge")),)).declared("public")


def test_the_first_fitting_entry_says_what_is_known_of_an_application():
    topology = Topology(upstreams=(Upstream("app.example.com", stack="rails"), Upstream(websockets=False)))
    assert topology.upstream("app.example.com").stack == "rails"
    assert topology.upstream("app.example.com").websockets is None
    assert topology.upstream("other.example.com").websockets is False
    assert Topology().upstream("app.example.com") == Upstream()
