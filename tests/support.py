"""What several tests share: the project's folders, the corpus, and linting a file with one check."""

import os
from pathlib import Path

import pytest

from edgelint.config import settings
from edgelint.run import Wishes, lint

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"

CLAIMS: dict[str, set[bool | None]] = {
    "ip-literal-pitfall": {True, False, None},
    "loose-regex": {True, False, None},
    "prefix-boundary": {True, False, None},
    "unguarded-lookup-fails-open": {None},
    "wildcard-misses-apex": {False, None},
}
"""What a rule says of the request that a finding about it shows, where that is not simply that it matches."""


def corpus_if_any() -> Path | None:
    """The folder of real rule sets, None where it is absent."""
    found = Path(os.environ.get("EDGELINT_CORPUS") or ROOT.parent / "shared" / "corpus")
    return found if found.is_dir() else None


def corpus() -> Path:
    """The folder of real rule sets; a test that needs it skips where it is absent."""
    found = corpus_if_any()
    if found is None:
        pytest.skip("the corpus of real rule sets is not beside the project")
    return found


def findings_of(check: str, path: Path, config: Path | None = None) -> list:
    """What one check alone says about one file, pedantically. A failure of the check fails the test."""
    found = settings(ROOT, config, isolated=config is None)
    report = lint([str(path)], Wishes(select=frozenset({check}), pedantic=True, topology=found.topology), bytes)
    assert not report.failures
    return [finding for finding in report.findings if finding.check == check]
