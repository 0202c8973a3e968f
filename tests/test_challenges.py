"""How grave and how sure the findings about challenges are, and what they say, on their fixtures."""

import pytest

from support import FIXTURES, findings_of
from test_checks import config_of

CASES = [
    ("machine-endpoint-collateral", "fires-captcha", "high", "proven", "asks the clients of `/healthz` for a captcha"),
    ("machine-endpoint-collateral", "fires-automatic-captcha", "medium", "proven", "while the rule is active"),
    (
        "machine-endpoint-collateral",
        "fires-block",
        "high",
        "proven",
        "refuses the clients of `app.example.com/metrics`",
    ),
    ("machine-endpoint-collateral", "fires-method-block", "low", "likely", "CORS preflights"),
    ("machine-endpoint-collateral", "fires-by-habit", "low", "likely", "health checks, `/.well-known/`"),
    ("machine-endpoint-collateral", "fires-only-get", "medium", "likely", "topology.machine_endpoints"),
    ("machine-endpoint-collateral", "fires-below-the-endpoint", "medium", "likely", "`/hooks`"),
    ("machine-endpoint-collateral", "fires-api-host", "high", "proven", "`chat.example.com`"),
    ("machine-endpoint-collateral", "fires-no-cookie-captcha", "high", "proven", "`/healthz`"),
    (
        "machine-endpoint-collateral",
        "fires-limit",
        "high",
        "proven",
        "5 requests in 1 minute, but `/healthz` is asked for 6",
    ),
    ("machine-endpoint-collateral", "fires-limit-by-address", "medium", "likely", "from one address"),
    ("machine-endpoint-collateral", "fires-limit-behind-proxy", "high", "proven", "6 times"),
    (
        "challenge-not-navigable",
        "fires-login-form-only",
        "medium",
        "proven",
        "`POST` requests, but no page on their host",
    ),
    ("challenge-not-navigable", "fires-waiting-room-for-orders", "high", "proven", "behind it for 30 minutes"),
    ("challenge-not-navigable", "fires-api-changes", "high", "proven", "`PUT` requests"),
    ("challenge-not-navigable", "fires-page-on-another-host", "medium", "proven", "`POST` requests"),
    ("challenge-not-navigable", "fires-websocket-only", "high", "proven", "requests of scripts"),
    ("challenge-not-navigable", "fires-api-path", "medium", "likely", "scripts call"),
    ("challenge-not-navigable", "fires-assets", "medium", "likely", "pages embed"),
    (
        "waiting-room-slot-leak",
        "fires-health-check",
        "critical",
        "proven",
        "505 seconds and asks every 5 seconds is let in after 30",
    ),
    ("waiting-room-slot-leak", "fires-automatic", "high", "proven", "all its 50 slots"),
    ("waiting-room-slot-leak", "fires-some-slots", "medium", "proven", "60 of its 500 slots"),
    (
        "waiting-room-slot-leak",
        "fires-two-monitors",
        "critical",
        "proven",
        "every 10 seconds, `/metrics` every 12 seconds",
    ),
    ("waiting-room-slot-leak", "fires-faster-than-the-door", "critical", "proven", "is jammed by programs"),
    ("waiting-room-slot-leak", "fires-unknown-pace", "medium", "proven", "more often than every 12 seconds"),
    ("waiting-room-slot-leak", "fires-too-large-to-replay", "medium", "proven", "more often than every 0.006 seconds"),
    ("waiting-room-slot-leak", "fires-only-get", "medium", "likely", "some of the requests for `/healthz`"),
    ("waiting-room-slot-leak", "fires-by-habit", "low", "likely", "health checks"),
    ("challenge-capacity", "fires-captcha-behind-proxy", "high", "proven", "for each address of cloudflare"),
    (
        "challenge-capacity",
        "fires-short-patience",
        "medium",
        "proven",
        "after 10 minutes, but its slots are taken for 1 hour",
    ),
    (
        "challenge-capacity",
        "fires-slow-room",
        "info",
        "proven",
        "10 visitors a minute once it is full, not 20 a second",
    ),
    ("automatic-activation-misfit", "fires-all-off", "high", "proven", "switched off"),
    ("automatic-activation-misfit", "fires-unreachable-spike", "high", "proven", "traffic is at most 3.2 times"),
    ("automatic-activation-misfit", "fires-unreachable-share", "high", "proven", "850 is never reached"),
    ("automatic-activation-misfit", "fires-steady-traffic", "medium", "proven", "0.5 is no rise"),
    ("automatic-activation-misfit", "fires-late", "low", "proven", "only after 30 minutes"),
    ("automatic-activation-misfit", "fires-foreign-pressure", "low", "likely", "`chat.example.com`"),
    ("automatic-activation-misfit", "fires-foreign-sockets", "medium", "likely", "`chat.example.com`"),
    ("pass-too-generous", "fires-a-day", "medium", "proven", "a pass for 1 day"),
    (
        "challenge-before-redirect",
        "fires-captcha-twice",
        "medium",
        "proven",
        "only redirects to https://app.example.com/login",
    ),
    ("challenge-before-redirect", "fires-waiting-room-twice", "medium", "proven", "takes a slot in each"),
    ("challenge-before-redirect", "fires-apex-twice", "medium", "proven", "https://example.com/login only redirects"),
    ("challenge-before-redirect", "fires-apex-once", "low", "proven", "before a mere redirect"),
    ("challenge-before-redirect", "fires-redirect-elsewhere", "low", "proven", "before a mere redirect"),
    ("challenge-breaks-cross-site-post", "fires-saml", "medium", "likely", "(single sign-on)"),
]


@pytest.mark.parametrize(("check", "case", "severity", "confidence", "words"), CASES)
def test_a_challenge_is_judged(check, case, severity, confidence, words):
    path = FIXTURES / check / f"{case}.yaml"
    (found,) = findings_of(check, path, config_of(path))
    assert (found.severity.value, found.confidence.value) == (severity, confidence)
    assert words in "\n".join((found.message, *found.detail))


@pytest.mark.parametrize(
    ("case", "curl"),
    [
        ("fires-login-form-only", "curl -X POST https://app.example.com/login"),
        ("fires-page-on-another-host", "curl -X POST https://chat.example.com/login"),
    ],
)
def test_the_request_that_is_lost_is_shown(case, curl):
    (found,) = findings_of("challenge-not-navigable", FIXTURES / "challenge-not-navigable" / f"{case}.yaml")
    assert found.witness.request.curl() == curl
