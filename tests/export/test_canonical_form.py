import re

import pytest
from exporting import export_in, export_of, plain

from edgelint.readers.p2pstream.content import camel, snake
from support import FIXTURES

# What it looks like


def test_a_configuration_in_its_canonical_form():
    text = export_in(
        {
            "waf_rules": [
                {"id": 8, "name": "b", "priority": 10, "action": "captcha", "captcha_provider_id": 77},
                {"id": 9, "name": "c", "priority": 10, "match_rule": {"cel_expression": 'method == "TRACE"'}},
                {"id": 5, "name": "a", "priority": 20, "enabled": False},
            ],
            "waf_captcha_providers": [{"id": 77, "name": "t", "provider_type": "turnstile", "secret_key": "hush"}],
        }
    )
    assert (
        text
        == """\
{
  "listeners": [],
  "routes": [],
  "wafCaptchaProviders": [
    {
      "id": 1,
      "name": "t",
      "enabled": true,
      "providerType": "PUBLIC_WAF_CAPTCHA_PROVIDER_TYPE_TURNSTILE"
    }
  ],
  "wafRules": [
    {
      "name": "b",
      "priority": 10,
      "enabled": true,
      "matchRule": {},
      "action": "PUBLIC_WAF_RULE_ACTION_CAPTCHA",
      "activationMode": "PUBLIC_WAF_ACTIVATION_MODE_ALWAYS",
      "captchaProviderId": 1
    },
    {
      "name": "c",
      "priority": 10,
      "enabled": true,
      "matchRule": {
        "celExpression": "method == \\"TRACE\\""
      },
      "action": "PUBLIC_WAF_RULE_ACTION_BLOCK",
      "activationMode": "PUBLIC_WAF_ACTIVATION_MODE_ALWAYS"
    },
    {
      "name": "a",
      "priority": 20,
      "enabled": false,
      "matchRule": {},
      "action": "PUBLIC_WAF_RULE_ACTION_BLOCK",
      "activationMode": "PUBLIC_WAF_ACTIVATION_MODE_ALWAYS"
    }
  ],
  "rateLimitRules": [],
  "trafficShaperRules": [],
  "cacheRules": []
}
"""
    )


@pytest.mark.parametrize("name", ["examples/shop.json", "deployments/web-shop", "deployments/ticket-sale"])
def test_every_name_is_one_of_the_api(name):
    names = set(re.findall(r'"([^"]+)":', export_of(FIXTURES / name)))
    assert names
    assert names == {camel(snake(name)) for name in names}
    assert not names & {"createdAtUnixMillis", "updatedAtUnixMillis", "createdAt", "updatedAt"}


def test_a_cache_that_is_off_keeps_what_its_rules_say():
    rules = [{"name": "a", "enabled": True}, {"name": "b", "enabled": False}]
    found = plain({"cache_rules": rules, "cache_settings": {"enabled": False}})
    assert [rule["enabled"] for rule in found["cacheRules"]] == [True, False]
    assert found["cacheSettings"] == {"enabled": False}


def test_the_old_form_of_a_match_is_the_expression_that_is_made_of_it():
    rule = {
        "name": "r",
        "match": {"methods": ["get"], "path_prefixes": ["api"], "headers": [{"name": "A", "operator": "present"}]},
    }
    (found,) = plain({"waf_rules": [rule]})["wafRules"]
    assert found["matchRule"] == {
        "celExpression": '((method in ["GET"]) && ((path_prefix(path, "/api"))) && ("a" in headers))'
    }


def test_control_and_bidirectional_characters_are_escaped():
    text = export_in({"waf_rules": [{"name": "r", "match_rule": {"cel_expression": 'host == "a\u202eb\x7f\u2028"'}}]})
    assert re.fullmatch(r"[\n -~]*", text)
    assert "a\\u202eb\\u007f\\u2028" in text


# Ids


def cached(routes, **rule):
    return {
        "listeners": [
            {"id": 30, "name": "b", "port": 1, "protocol": "http"},
            {"id": 20, "name": "a", "port": 2, "protocol": "http"},
        ],
        "routes": routes,
        "cache_rules": [{"name": "r", **rule}],
    }


ROUTES = [
    {"id": 12, "listener_id": 30, "priority": 2, "path_prefix": "/x", "targets": [{"id": 41, "name": "t", "url": "http://a"}]},
    {"id": 10, "listener_id": 20, "priority": 2, "path_prefix": "/y", "targets": [{"id": 40, "name": "t", "url": "http://a"}]},
    {"id": 11, "listener_id": 20, "priority": 1, "path_prefix": "/z"},
]  # fmt: skip


def test_only_what_is_spoken_of_has_an_id():
    found = plain(cached(ROUTES, route_ids=[12, 10], target_ids=[41]))
    assert [(one["id"], one["name"]) for one in found["listeners"]] == [(1, "a"), (2, "b")]
    assert [(one.get("id"), one["listenerId"], one["pathPrefix"]) for one in found["routes"]] == [
        (None, 1, "/z"),
        (2, 1, "/y"),
        (3, 2, "/x"),
    ]
    assert [target.get("id") for one in found["routes"] for target in one.get("targets", ())] == [None, 1]
    assert found["cacheRules"][0]["routeIds"] == [2, 3]
    assert found["cacheRules"][0]["targetIds"] == [1]


def test_a_reference_to_what_is_gone_leads_nowhere_still():
    found = plain(cached(ROUTES, route_ids=[3, 12, 99, 4], target_ids=[1, 41]))
    assert [one.get("id") for one in found["routes"]] == [None, None, 3]
    assert found["cacheRules"][0]["routeIds"] == [3, 4, 99, 100]  # the old 3 is 100
    assert found["cacheRules"][0]["targetIds"] == [1, 2]


def test_targets_that_only_their_ids_tell_apart_have_one():
    targets = [{"id": 7, "name": "a", "target_type": "static"}, {"id": 9, "name": "b", "target_type": "static"}]
    found = plain({"routes": [{"host_pattern": "a", "targets": targets}]})
    assert [target["id"] for target in found["routes"][0]["targets"]] == [1, 2]


def test_rules_keep_their_ids_where_a_rule_speaks_of_the_cookie_of_a_pass():
    captcha = {"id": 7, "name": "captcha", "priority": 1, "action": "captcha"}
    blocking = {"id": 3, "name": "block", "priority": 1}
    limit = {"id": 4, "name": "limit", "key_parts": [{"source": "cookie", "name": "p2pstream_waf_7"}]}
    condition = {"id": 4, "name": "limit", "match_rule": {"cel_expression": '"p2pstream_waf_7" in cookies'}}
    for other in (limit, condition):
        found = plain({"waf_rules": [captcha, blocking], "rate_limit_rules": [other]})
        assert [(rule["name"], rule["id"]) for rule in found["wafRules"]] == [("block", 3), ("captcha", 7)]
        assert "id" not in found["rateLimitRules"][0]
    found = plain({"waf_rules": [captcha, blocking], "rate_limit_rules": [{"name": "other"}]})
    assert [rule.get("id") for rule in found["wafRules"]] == [None, None]


# Secrets


def test_nothing_secret_is_written():
    text = export_in(
        {
            "waf_captcha_providers": [{"id": 1, "name": "t", "secret_key": "hush-1", "site_key": "public"}],
            "routes": [
                {
                    "host_pattern": "a",
                    "targets": [
                        {
                            "name": "t",
                            "url": "http://user:hush-2@origin:80/hush-3",
                            "upstream_request_headers": [{"name": "X-Key", "value": "hush-4", "sensitive": False}],
                            "upstream_basic_auth": {"enabled": True, "username": "hush-5", "password": "hush-6"},
                            "static_response_body": "hush-7",
                        }
                    ],
                }
            ],
            "waf_rules": [{"name": "r", "block_response_body": "hush-8", "match_rule": {}, "api_key": "hush-9"}],
            "tls_dns_credentials": [{"token": "hush-10"}],
            "agents": [{"token": "hush-11"}],
            "access_tokens": ["hush-12"],
        }
    )
    assert "hush" not in text
    assert '"url": "http://origin:80"' in text
    assert text.count('"name": "x-key"') == text.count('"name": "authorization"') == 1
