"""The checks on whole deployments whose every fault is written down: all found, nothing else."""

import sys

import pytest

from support import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))
import accuracy

DEPLOYMENTS = accuracy.deployments()


@pytest.fixture(scope="module")
def outcomes():
    return {folder.name: accuracy.judged(folder) for folder in DEPLOYMENTS}


@pytest.mark.parametrize("name", [folder.name for folder in DEPLOYMENTS])
def test_every_planted_fault_is_found_and_nothing_else(outcomes, name):
    assert outcomes[name].missed == ()
    assert outcomes[name].false == ()
    assert outcomes[name].fooled == ()


def test_the_deployments_are_as_many_and_as_large_as_they_are_said_to_be(outcomes):
    assert len(outcomes) >= 10
    assert all(6 <= outcome.rules <= 30 for outcome in outcomes.values())
    assert sum(len(outcome.hit) for outcome in outcomes.values()) >= 190
    assert sum(len(outcome.silent) for outcome in outcomes.values()) >= 270
