"""What several tests share: the project's folders, the corpus, and linting a file with one check."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings as settings_of_run

from edgelint.config import settings
from edgelint.facts import Facts
from edgelint.readers import read
from edgelint.record import replace
from edgelint.run import Wishes, lint

ROOT = Path(__file__).parents[1]


def many(examples: int) -> int:
    """So many random examples, in the part that is run at every save two fifths of them."""
    return max(1, examples * settings_of_run.default.max_examples // 100)


FIXTURES = ROOT / "fixtures"

CLAIMS: dict[str, set[bool | None]] = {
    "alternate-entry-bypass": {False, None},
    "any-vs-first-value": {False},
    "client-controlled-exemption": {False},
    "encoded-separator-policy": {True, False, None},
    "ip-list-behind-proxy": {True, False},
    "ip-literal-pitfall": {True, False, None},
    "loose-regex": {True, False, None},
    "method-and-override-gap": {False, None},
    "path-variant-gap": {True, False, None},
    "prefix-boundary": {True, False, None},
    "sensitive-path-uncovered": {False, None},
    "spoofable-client-ip": {False},
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


def earlier(path: Path, text: str) -> list | None:
    """The policy that a file held before, under the name it is given now; None where nothing is known of it."""
    if not text:
        return None
    with TemporaryDirectory() as folder:
        Path(folder, path.name).write_text(text, encoding="utf-8")
        (policy,) = read([str(Path(folder, path.name))], stdin=bytes).policies
    return [replace(policy, name=name) for name in (path.name, str(path))]


def findings_of(check: str, path: Path, config: Path | None = None) -> list:
    """What one check alone says about one file, pedantically. A failure of the check fails the test."""
    found = settings(ROOT, config, isolated=config is None)
    wishes = Wishes(select=frozenset({check}), pedantic=True, topology=found.topology)
    before = path.with_suffix(".before.yaml")
    report = lint([str(path)], wishes, bytes, earlier(path, before.read_text() if before.exists() else ""))
    assert not report.failures
    return [finding for finding in report.findings if finding.check == check]


def facts_of(*expressions, action="block", topology=None):
    """The facts of a policy with one WAF rule for each expression, or one limit."""
    kind = "rate_limit_rules" if action == "limit" else "waf_rules"
    rules = [
        {"name": f"rule-{number}", "priority": number, "match_rule": {"cel_expression": text}}
        | ({"limit": 5, "window_millis": 60000} if action == "limit" else {"action": action})
        for number, text in enumerate(expressions)
    ]
    document = {"listeners": [{"id": 1, "name": "public", "protocol": "https", "port": 443}], kind: rules}
    (policy,) = read(["-"], stdin=lambda: json.dumps(document).encode()).policies
    return Facts(policy, topology)
