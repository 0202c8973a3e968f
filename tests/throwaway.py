"""What is made for a test and thrown away: repositories, this project as its users get it, and a Python that has it installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest

from edgelint.report import formats
from support import FIXTURES, ROOT

ADDRESS = "https://github.com/edgelint/edgelint"
"""Where the documents say this project is."""

CLEAN = {
    name: (FIXTURES / "examples" / "clean" / name).read_text(encoding="utf-8")
    for name in ("edge.yaml", "edgelint.yaml")
}
"""A rule set without findings, and what is declared about it."""

RULE = "  - {{name: {name}, priority: {priority}, action: block, match_rule: {{cel_expression: '{expression}'}}}}\n"
NEVER = 'host == "Shop.example.com"'
"""A condition that no request fulfils: hosts are in lower case."""

STAND_INS = {
    "github": "def render(report):\n"
    "    return ''.join(f'::error title=edgelint::{one.check}\\n' for one in report.findings)\n",
    "gitlab": "import json\n\n\ndef render(report):\n"
    "    return json.dumps([{'check_name': one.check} for one in report.findings])\n",
    "markdown": "def render(report):\n    return ''.join(f'* {one.check}\\n' for one in report.findings)\n",
}
"""Formats that CI is given, for a build that lacks them: what is tested with them is everything but their content."""

_DROPPED = ("GIT_", "CI_", "GITHUB_", "PYTHONDONTWRITEBYTECODE")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)} | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "a@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}
"""What processes find around them: git without the habits of whoever runs the tests, and a Python that compiles once."""


def run(folder: Path, *words: object, code: int | None = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process in a folder, its input empty; the exit code is checked unless it is None."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=ENVIRONMENT | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert code is None or done.returncode == code, done.stdout + done.stderr
    return done


def git(folder: Path, *words: object) -> str:
    """What git answers."""
    return run(folder, "git", *words).stdout.strip()


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def commit(folder: Path, files: Mapping[str, str]) -> str:
    """Commit files, and say which commit that was."""
    write(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "change")
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path, files: Mapping[str, str] = CLEAN) -> Path:
    """A repository with one commit, on the branch `main`."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, files)
    return folder


def with_rule(name: str, expression: str = NEVER, priority: int = 30) -> str:
    """The clean rule set with one more WAF rule; the fault of it is in line `LINE`."""
    head, tail = CLEAN["edge.yaml"].split("rate_limit_rules:")
    return f"{head}{RULE.format(name=name, priority=priority, expression=expression)}rate_limit_rules:{tail}"


LINE = with_rule("typo").splitlines().index(RULE.format(name="typo", priority=30, expression=NEVER).rstrip()) + 1


def project(folder: Path, tag: str) -> Path:
    """A repository of this project's own files as they are now, tagged."""
    if not (ROOT / ".git").exists():
        pytest.skip("the project is not in a git repository, so its own files cannot be told from others")
    names = run(ROOT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file() and not name.startswith("fixtures/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    repository(folder, {})
    git(folder, "tag", tag)
    return folder


def instead(place: Path, address: str = ADDRESS) -> dict[str, str]:
    """What makes git go to a folder where an address is asked for."""
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{place}.insteadOf",
        "GIT_CONFIG_VALUE_0": address,
    }


def python(folder: Path) -> Path:
    """A virtual environment that has edgelint, made without a package registry; a format that is missing gets a stand-in."""
    missing = STAND_INS.keys() - set(formats())
    package = ROOT / "linter"
    if missing:
        package = folder / "package" / "linter"
        shutil.copytree(
            ROOT / "linter" / "edgelint", package / "edgelint", ignore=shutil.ignore_patterns("__pycache__")
        )
        for data in ("grammars", "rules"):
            (package.parent / data).symlink_to(ROOT / data)
        write(package / "edgelint" / "report", {f"{name}.py": STAND_INS[name] for name in missing})
    run(ROOT, sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    write(site, {"edgelint.pth": f"{package}\n{sysconfig.get_path('purelib')}\n"})
    return folder / "venv" / "bin" / "python"


def installer(folder: Path) -> Path:
    """A program to be called as `python3 -m venv FOLDER`, whose environments have edgelint, and a `pip` that installs nothing."""
    environment = python(folder).parents[1]
    (site,) = (environment / "lib").glob("python*/site-packages")
    copy = f'for place; do :; done\nmkdir -p "$place" && cp -a "{environment}/." "$place"\n'
    write(site, {"pip/__init__.py": "", "pip/__main__.py": ""})
    write(folder, {"bin/python3": f"#!/bin/sh\n{copy}", "venv/bin/pip": "#!/bin/sh\n"})
    for name in ("bin/python3", "venv/bin/pip"):
        (folder / name).chmod(0o755)
    return folder / "bin" / "python3"
