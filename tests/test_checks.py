"""Each check on its own fixtures: the firing ones fire, the near misses beside them stay silent."""

import re

import pytest

from edgelint.finding import Confidence
from edgelint.run import check_names
from support import FIXTURES, ROOT, findings_of

CHECKS = (*check_names(), "invalid-expression", "unreadable-input")
CASES = [
    (check, path)
    for check in CHECKS
    for path in sorted((FIXTURES / check).glob("*.yaml"))
    if not path.name.endswith((".config.yaml", ".before.yaml"))
]


def config_of(path):
    config = path.with_suffix(".config.yaml")
    return config if config.exists() else None


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_has_a_page_and_fixtures_on_both_sides(check):
    names = [path.name for path in (FIXTURES / check).iterdir()]
    assert any(name.startswith("fires-") for name in names)
    assert any(name.startswith("silent-") for name in names)
    assert (ROOT / "rules" / f"{check}.md").exists()


@pytest.mark.parametrize(("check", "path"), CASES, ids=[f"{check}/{path.stem}" for check, path in CASES])
def test_a_check_fires_on_its_faults_and_is_silent_on_near_misses(check, path):
    found = findings_of(check, path, config_of(path))
    assert bool(found) == path.name.startswith("fires-"), [finding.message for finding in found]
    for finding in found:
        assert finding.check == check


@pytest.mark.parametrize(("check", "path"), [case for case in CASES if case[1].name.startswith("fires-")])
def test_messages_keep_the_law_of_messages(check, path):
    for finding in findings_of(check, path, config_of(path)):
        assert "\n" not in finding.message
        assert not finding.message.endswith(".")
        assert finding.message[0].islower() or finding.message.startswith("`")
        assert not re.search(r"\bNone\b|[A-Z]\w+\(", finding.message)
        assert finding.confidence in Confidence


def test_the_largest_rule_with_another_outcome_is_named_beside_a_twin():
    path = FIXTURES / "shadowed-rule" / "fires-block-behind-twin-and-captcha.yaml"
    (found,) = findings_of("shadowed-rule", path)
    assert [other.subject.name for other in found.related] == ["challenge-admin", "block-admin"]


def test_a_service_whose_traffic_switches_a_rule_on_is_not_said_to_be_caught():
    (found,) = findings_of(
        "automatic-activation-misfit", FIXTURES / "automatic-activation-misfit" / "fires-foreign-pressure.yaml"
    )
    assert [(other.subject.name, other.role) for other in found.related] == [
        ("chat.example.com", "has traffic that switches it on")
    ]
