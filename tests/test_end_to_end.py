"""The main job, as a person or a machine runs it: on real exports, on every fixture, from the built wheel."""

import json
import os
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from edgelint.evidence import reached, witness
from edgelint.facts import Facts
from edgelint.finding import Confidence
from edgelint.model.walk import atoms
from edgelint.readers import read
from edgelint.replay import trace
from edgelint.run import Wishes, check_names, lint
from support import CLAIMS, FIXTURES, ROOT, corpus

POLICIES = sorted(
    path for path in FIXTURES.glob("*/*.yaml") if not path.name.endswith((".config.yaml", ".before.yaml"))
)


def edgelint(*arguments, cwd=ROOT, **environment):
    """The command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "edgelint", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT / "linter"), "NO_COLOR": "1"} | environment,
        capture_output=True,
        check=False,
    )


def test_every_real_export_is_read_and_checked_without_a_failure():
    folder = corpus() / "p2pstream"
    report = lint([str(folder)], Wishes(pedantic=True), bytes)
    assert not report.failures
    exports = {str(path) for path in (*folder.glob("*.db"), *folder.glob("GetPublicProxyConfig*.json"))}
    empty = str(folder / "GetPublicProxyConfig.empty.json")  # `{}`: nothing in it says whose it is
    assert {policy.name for policy in report.policies} == exports - {empty}
    assert {finding.check for finding in report.findings} >= {
        "shadowed-rule",
        "impossible-literal",
        "no-client-identity",
    }


def test_every_expression_of_the_real_exports_is_understood_or_named():
    report = lint([str(corpus() / "p2pstream")], Wishes(pedantic=True), bytes)
    named = {finding.subject.name for finding in report.findings if finding.check == "unmodelled-condition"}
    for policy in report.policies:
        facts = Facts(policy)
        for rule in policy.rules:
            if rule.enabled and rule.match.text and rule.name not in named:
                assert not facts.region(rule).opaque()
                assert list(atoms(rule.match.expression)) or rule.match.text


def replay_the_proven_claims_of(path, checks):
    report = lint([str(path)], Wishes(pedantic=True, select=checks), bytes)
    assert not report.failures
    for finding in report.findings:
        rules = [rule for policy in report.policies for rule in policy.rules if rule.place == finding.subject.place]
        if finding.witness and finding.confidence is Confidence.PROVEN:
            claimed = CLAIMS.get(finding.check, {True})
            assert rules
            assert {rule.match.evaluate(finding.witness.request) for rule in rules} <= claimed


each_policy = pytest.mark.parametrize("path", POLICIES, ids=lambda path: f"{path.parent.name}/{path.stem}")


@each_policy
def test_every_proven_claim_about_a_request_carries_one_that_replays(path):
    replay_the_proven_claims_of(path, frozenset({path.parent.name} & set(check_names())))


@pytest.mark.slow
@each_policy
def test_so_does_what_every_other_check_claims_of_it(path):
    replay_the_proven_claims_of(path, frozenset())


@pytest.mark.parametrize(
    "path", [*POLICIES, FIXTURES / "examples" / "shop.json"], ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_a_trace_that_looks_only_at_likely_rules_is_that_which_looks_at_all(path):
    for policy in read([str(path)], stdin=bytes).policies:
        facts = Facts(policy)
        for rule in policy.rules:
            request = reached(facts, rule)
            if request is not None:
                assert witness(facts, request, [rule]).trace == trace(policy, request, [rule])


def test_the_answer_does_not_depend_on_the_order_of_hashing():
    sample = FIXTURES / "examples" / "shop.json"
    answers = {
        edgelint("check", "--format", "json", "--pedantic", sample, PYTHONHASHSEED=str(seed)).stdout
        for seed in range(4)
    }
    assert len(answers) == 1
    assert json.loads(answers.pop())["findings"]


def test_a_clean_policy_is_one_line_and_exit_0(tmp_path):
    clean = FIXTURES / "examples" / "clean"
    done = edgelint("check", ".", cwd=clean)
    assert done.returncode == 0, done.stdout
    assert len(done.stdout.decode().strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("command", "code"), [("check fixtures/examples/shop.json\n", 1), ("trace ", 0), ("show ", 0), ("diff ", 0)]
)
def test_the_readme_shows_what_the_tool_really_says(command, code):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = readme.split(f"```console\n$ edgelint {command}", 1)[1].split("```", 1)[0]
    call, shown = f"{command}{block}".split("\n", 1)
    done = edgelint(*shlex.split(call), COLUMNS="100")
    assert done.returncode == code
    for part in filter(None, (part.strip("\n") for part in shown.split("...\n"))):
        assert part in done.stdout.decode()


def impossible(count):
    """A policy of so many rules that each ask for a host in capitals, which no request has."""
    match = 'host == "Host-{}.example.com"'.format
    return {
        "waf_rules": [
            {"name": f"rule-{n}", "priority": n, "action": "block", "match_rule": {"cel_expression": match(n)}}
            for n in range(count)
        ]
    }


@pytest.mark.slow
def test_three_oracles_find_no_error_and_no_warning_in_the_sarif_of_fixtures_and_exports(tmp_path):
    validator = corpus().parent / "sarif" / "validate"
    if not validator.exists():
        pytest.skip("the SARIF oracles are not beside the project")
    together = tmp_path / "together"  # a folder for each policy: files of one folder would be one policy
    sources = [(together, None), (FIXTURES / "examples" / "shop.json", None), (corpus() / "p2pstream", None)]
    configured = {}
    for path in POLICIES:
        config = path.with_suffix(".config.yaml")
        if config.exists() and path.name.startswith("fires-"):
            configured.setdefault(path.parent, (path, config))  # one run for each check: they are alike
        elif not config.exists():
            folder = together / path.parent.name / path.stem
            folder.mkdir(parents=True)
            (folder / path.name).write_bytes(path.read_bytes())
    files = []
    for number, (source, config) in enumerate([*sources, *configured.values()]):
        files.append(tmp_path / f"{number}.sarif")
        chosen = ["--config", config] if config else ["--isolated"]
        done = edgelint("check", "--pedantic", "--format", "sarif", "--output", files[-1], *chosen, source)
        assert done.returncode in (0, 1), done.stderr
    assert len(json.loads(files[0].read_text(encoding="utf-8"))["runs"][0]["results"]) > len(POLICIES) / 2
    files.append(tmp_path / "large.sarif")
    large = tmp_path / "large.json"
    large.write_text(json.dumps(impossible(5000)), encoding="utf-8")
    chosen = ["--select", "impossible-literal", "--isolated", "--format", "sarif", "--output", files[-1]]
    assert edgelint("check", *chosen, large.name, cwd=tmp_path).returncode == 1
    assert len(json.loads(files[-1].read_text(encoding="utf-8"))["runs"][0]["results"]) == 5000
    judged = subprocess.run([validator, *files], capture_output=True, text=True, check=False)
    if "could not be installed" in judged.stdout:
        pytest.skip(judged.stdout.strip())
    assert judged.returncode == 0, judged.stdout[-3000:]


@pytest.mark.slow
def test_the_wheel_holds_the_grammars_the_pages_and_the_tables_of_unicode_and_no_stray_module(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {Path(name).parts[0] for name in names}
    assert "edgelint" in tops
    assert len(tops) == 2
    assert {"edgelint/grammars/cel.lark", "edgelint/config/schema.json"} <= set(names)
    assert {"edgelint/report/_page/page.css", "edgelint/report/_page/page.js"} <= set(names)
    assert {"edgelint/space/unicode_names.txt", "edgelint/space/unicode_folding.txt"} <= set(names)
    assert sorted(Path(name).stem for name in names if name.startswith("edgelint/rules/")) == sorted(
        page.stem for page in (ROOT / "rules").glob("*.md")
    )


def test_one_source_gives_the_same_findings_read_as_json_or_by_hand(tmp_path):
    sample = json.loads((FIXTURES / "examples" / "shop.json").read_text(encoding="utf-8"))
    wrapped = tmp_path / "wrapped.json"
    wrapped.write_text(json.dumps({"response": sample}), encoding="utf-8")
    (plain,), (other,) = (
        read([str(path)], stdin=bytes).policies for path in (FIXTURES / "examples" / "shop.json", wrapped)
    )
    assert [rule.name for rule in plain.rules] == [rule.name for rule in other.rules]
