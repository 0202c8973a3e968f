import pytest

from edgelint.facts import Facts
from edgelint.knowledge.redirects import followed
from edgelint.model.policy import Redirect
from edgelint.model.request import Request
from edgelint.readers import read

LISTENERS = """listeners:
  - {id: 1, name: web, port: 443, protocol: https}
  - {id: 2, name: plain, port: 80, protocol: http}
  - {id: 3, name: more, port: 8443, protocol: https}
"""
ASKED = Request("GET", "http", "example.com", "/a", "198.51.100.7", listener="2", port=80)


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    path = tmp_path_factory.mktemp("policy") / "policy.yaml"
    path.write_text(LISTENERS, encoding="utf-8")
    return Facts(read([str(path)], stdin=bytes, input_format=None).policies[0])


@pytest.mark.parametrize(
    ("mode", "target", "url", "listener"),
    [
        ("external_origin_keep_path", "https://www.example.com", "https://www.example.com/a", "1"),
        ("external_origin_keep_path", "https://www.example.com:8443", "https://www.example.com:8443/a", "3"),
        ("external_origin_keep_path", "http://WWW.example.com", "http://www.example.com/a", "2"),
        ("absolute_url", "https://example.com", "https://example.com/", "1"),
        ("absolute_url", "https://example.com/b?c=d", "https://example.com/b", "1"),
        ("same_host_path", "/b", "http://example.com/b", "2"),
    ],
)
def test_a_client_goes_where_a_redirect_leads(facts, mode, target, url, listener):
    found = followed(facts, ASKED, Redirect(mode, target, 302))
    assert (found.url(), found.listener) == (url, listener)


@pytest.mark.parametrize(
    "target",
    ["ftp://example.com", "https:///b", "https://[example.com", "https://example.com:b", "https://example.com:99"],
)
def test_what_does_not_lead_back_is_not_followed(facts, target):
    assert followed(facts, ASKED, Redirect("external_origin_keep_path", target, 302)) is None
