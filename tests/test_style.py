"""The project's own linters, run as tests so that one command says whether everything is well."""

import shutil
import subprocess

import pytest

from support import ROOT

COMMANDS = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_linters_are_content(command):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed: it comes with the `lint` dependency group")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
