"""Chromium, driven through Node: visits of a page, each in a fresh profile, and what was found there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "browser"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Browser:
    """A running Chromium."""

    def __init__(self, chromium: str) -> None:
        self._process = subprocess.Popen(
            ["node", str(HERE / "drive.mjs"), chromium],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def visit(self, url: str, *steps: dict[str, object], **view: object) -> list[object]:
        """The answers to the steps that ask something. A page that complains, or loads anything, is an error."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"url": url, "steps": steps, **view}) + "\n")
        self._process.stdin.flush()
        found = json.loads(self._process.stdout.readline())
        assert "error" not in found, found["error"]
        assert (found["complaints"], found["requests"]) == ([], 1)
        answers: list[object] = found["answers"]
        return answers

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def started() -> Browser:
    """A browser; the test skips where there is none."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        pytest.skip("Chromium is not installed: tests/browser/install.sh does it")
    if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
        pytest.skip("playwright-core and axe-core are not installed: tests/browser/install.sh does it")
    return Browser(chromium)
