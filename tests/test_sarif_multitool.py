"""Another program's judgement of our SARIF: which results are new beside an earlier log, and what lines are hashed to.

`tests/sarif/install.sh` puts that program where it is looked for; EDGELINT_MULTITOOL names another place.
"""

import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from edgelint.cli import main
from support import FIXTURES, ROOT
from test_diff_base import BROAD, OLD, ROUTES
from test_identities import shuffled, with_another_rule

TOOL = Path(
    os.environ.get("EDGELINT_MULTITOOL")
    or ROOT / "tests/sarif/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
)
SHOP = json.loads((FIXTURES / "examples" / "shop.json").read_text(encoding="utf-8"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TOOL.exists(), reason="the SARIF multitool is absent: tests/sarif/install.sh"),
]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def multitool(*words):
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    TOOL.chmod(0o755)
    done = subprocess.run(
        [TOOL, *words, "--log", "ForceOverwrite"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def sarif(text, name):
    """The log of the findings in a text that is kept under a name, and the file that the log is in."""
    Path(name).write_text(text, encoding="utf-8")
    log = Path(f"{name}.sarif")
    assert main(["check", "--isolated", "--pedantic", "--format", "sarif", "--output", str(log), name]) in (0, 1)
    return log


def results(log):
    return json.loads(log.read_text(encoding="utf-8-sig"))["runs"][0]["results"]


def states(before, after):
    """What has become of each result since an earlier log, by check and rule."""
    multitool("match-results-forward", after, "--previous", before, "--output-file-path", "matched.sarif")
    found = results(Path("matched.sarif"))
    return {(one["ruleId"], one["properties"]["subject"]): one["baselineState"] for one in found}


@pytest.mark.parametrize(("seed", "indent", "name"), [(1, 4, "edge.json"), (2, 1, "edge.json"), (3, 8, "moved.json")])
def test_a_document_that_is_written_otherwise_has_nothing_new(here, seed, indent, name):
    before = sarif(json.dumps(SHOP, indent=2), "edge.json")
    kept = before.rename("before.sarif")
    after = sarif(json.dumps(shuffled(SHOP, random.Random(seed)), indent=indent), name)
    assert set(states(kept, after).values()) <= {"unchanged", "updated"}
    assert len(results(after)) == len(results(kept)) > 3


def test_one_more_rule_is_all_that_is_new(here):
    before = sarif(ROUTES + OLD, "edge.yaml").rename("before.sarif")
    found = states(before, sarif(ROUTES + OLD + BROAD, "edge.yaml"))
    assert {subject for (_, subject), state in found.items() if state == "new"} == {"waf/everything"}
    assert set(found.values()) == {"unchanged", "new"}


def test_results_that_have_moved_are_known(here):
    before = sarif(json.dumps(SHOP, indent=2), "edge.json").rename("before.sarif")
    found = states(before, sarif(json.dumps(with_another_rule(SHOP), indent=2), "edge.json"))
    assert {state for (_, subject), state in found.items() if "zz-extra" not in subject} <= {"unchanged", "updated"}


def test_lines_are_hashed_as_that_program_hashes_them(here):
    log = sarif(ROUTES + OLD + BROAD, "edge.yaml")
    stripped = json.loads(log.read_text(encoding="utf-8"))
    ours = [one["partialFingerprints"].pop("primaryLocationLineHash") for one in stripped["runs"][0]["results"]]
    stripped["runs"][0]["originalUriBaseIds"]["%SRCROOT%"]["uri"] = here.as_uri() + "/"
    Path("stripped.sarif").write_text(json.dumps(stripped), encoding="utf-8")
    multitool("rewrite", "stripped.sarif", "-o", "hashed.sarif", "--insert", "RollingHashPartialFingerprints")
    theirs = [one["partialFingerprints"].get("primaryLocationLineHash") for one in results(Path("hashed.sarif"))]
    told = [(own, other) for own, other in zip(ours, theirs, strict=True) if own.count(":") and other]
    assert len(told) >= 30
    assert [own.split(":")[0] for own, _ in told] == [other.split(":")[0] for _, other in told]
