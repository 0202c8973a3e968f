"""Every branch of the engine is taken by the engine's own tests, the short ones at that."""

import os
import subprocess
import sys

import pytest

from support import ROOT

COVERAGE = [sys.executable, "-m", "coverage"]
ENGINE = ROOT / "linter" / "edgelint" / "space"
SHORT = [
    "-m",
    "pytest",
    "-n",
    "0",
    "-p",
    "no:cacheprovider",
    "-m",
    "not slow",
    "--hypothesis-seed=0",
    ROOT / "tests" / "space",
]


@pytest.mark.slow
def test_the_tests_of_the_engine_take_each_of_its_branches(tmp_path):
    settings = {"cwd": ROOT, "env": os.environ | {"COVERAGE_FILE": str(tmp_path / "found")}, "text": True}
    measured = [*COVERAGE, "run", "--branch", f"--source={ENGINE}", *SHORT]
    done = subprocess.run(measured, **settings, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    told = subprocess.run([*COVERAGE, "report", "-m", "--fail-under=100"], **settings, capture_output=True, check=False)
    assert told.returncode == 0, told.stdout
