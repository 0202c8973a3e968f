"""The table of absorbed findings, and what it does to a list of them."""

import pytest

from edgelint import catalog
from edgelint.absorption import ABSORBS, without_absorbed
from edgelint.finding import Confidence, Finding, Severity, Subject
from edgelint.source import Place, Source, Span

PLACE = Place(Source("edge.yaml", "", lambda _route, _inner: Span(0, 0)))
CAUSE, EFFECT = next((cause, effects[0]) for cause, effects in ABSORBS.items())


def finding(check, rule="one", confidence=Confidence.PROVEN):
    return Finding(check, Severity.HIGH, confidence, "something is wrong", Subject("waf", "1", rule, PLACE), PLACE)


def test_the_table_names_checks_and_nothing_absorbs_itself_or_what_absorbs_it():
    names = set(catalog.names())
    for cause, effects in ABSORBS.items():
        assert {cause, *effects} <= names
        assert cause not in effects
        assert len(set(effects)) == len(effects)
        assert not [effect for effect in effects if cause in ABSORBS.get(effect, ())]


@pytest.mark.parametrize(
    ("cause", "effect"), [(cause, effect) for cause, effects in ABSORBS.items() for effect in effects]
)
def test_the_cause_stands_for_its_effects_on_the_same_rule_only(cause, effect):
    here, there = finding(effect), finding(effect, "two")
    assert without_absorbed([here, finding(cause), there]) == [finding(cause), there]


def test_what_is_less_sure_absorbs_nothing_surer():
    supposed = finding(CAUSE, confidence=Confidence.LIKELY)
    assert without_absorbed([supposed, finding(EFFECT)]) == [supposed, finding(EFFECT)]
    doubted = finding(EFFECT, confidence=Confidence.LIKELY)
    assert without_absorbed([doubted, supposed]) == [supposed]
