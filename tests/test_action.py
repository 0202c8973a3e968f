"""The action for GitHub, its steps run as a runner would: with findings, without, from forks, and with hostile words."""

import json
import re
import sys
from pathlib import Path

import pytest

from composite import ACTION, Runner
from edgelint.report import formats
from support import ROOT
from throwaway import CLEAN, LINE, commit, git, project, repository, run, with_rule

SETUP, UPLOAD = "actions/setup-python", "github/codeql-action/upload-sarif"
FAULTY = {"edge.yaml": with_rule("typo")}
PUSH = {"ref": "refs/heads/main"}


def change(base, head="team/edge"):
    """A pull request."""
    return {"pull_request": {"number": 7, "base": {"sha": base}, "head": {"repo": {"full_name": head}}}}


@pytest.fixture
def runner(tmp_path, prepared):
    """A runner with a checkout of a clean rule set. Code scanning takes what it can read."""

    def upload(given):
        report = json.loads(Path(given["sarif_file"]).read_text(encoding="utf-8"))
        return {"category": report["runs"][0]["automationDetails"]["id"]}

    (tmp_path / "temporary").mkdir()
    actions = {SETUP: lambda _: {"python-path": str(prepared)}, UPLOAD: upload}
    return Runner(repository(tmp_path / "checkout"), tmp_path / "temporary", actions)


def results(job):
    """What a job's SARIF file says."""
    (found,) = json.loads(Path(job.outputs["sarif-file"]).read_text(encoding="utf-8"))["runs"]
    return found["results"]


def test_findings_fail_the_job_after_they_are_uploaded(runner):
    commit(runner.workspace, FAULTY)
    job = runner.act({}, PUSH)
    assert (job.code, job.outputs["exit-code"], job.outputs["findings"]) == (1, "1", "1"), job.log
    assert job.called[UPLOAD] == {"sarif_file": job.outputs["sarif-file"]}
    assert [one["ruleId"] for one in results(job)] == ["impossible-literal"]
    assert [name for name, _ in job.commands] == ["stop-commands"]
    assert f"edge.yaml:{LINE}:" in job.log
    assert "impossible-literal" in job.summary


@pytest.mark.slow
def test_a_clean_rule_set_is_uploaded_too(runner):
    job = runner.act({"category": "public"}, PUSH)
    assert (job.code, job.outputs["exit-code"], job.outputs["findings"]) == (0, "0", "0"), job.log
    assert UPLOAD in job.called
    assert '"id": "public/"' in Path(job.outputs["sarif-file"]).read_text(encoding="utf-8")
    assert git(runner.workspace, "status", "--porcelain") == ""


@pytest.mark.slow
def test_a_fork_gets_annotations(runner):
    base = git(runner.workspace, "rev-parse", "HEAD")
    commit(runner.workspace, FAULTY)
    for head in ("somebody/edge", None):
        job = runner.act({}, change(base, head))
        assert (job.code, UPLOAD in job.called, len(job.said("error"))) == (1, False, 1), job.log
        assert len(results(job)) == 1
    assert UPLOAD in runner.act({"upload": "true"}, change(base, "somebody/edge")).called


@pytest.mark.slow
def test_a_change_is_judged_by_what_it_did(runner):
    base = commit(runner.workspace, {"edge.yaml": with_rule("old")})
    assert runner.act({}, change(base)).outputs["findings"] == "0"
    commit(
        runner.workspace,
        {
            "edge.yaml": with_rule("old").replace(
                "rate_limit_rules:", with_rule("new").splitlines()[LINE - 1] + "\nrate_limit_rules:"
            )
        },
    )
    job = runner.act({}, change(base))
    assert (job.code, UPLOAD in job.called) == (1, True), job.log
    assert ["`new`" in one["message"]["text"] for one in results(job)] == [True]
    assert runner.act({"diff-base": "none"}, change(base)).outputs["findings"] == "2"
    assert runner.act({"diff-base": "main~1"}, PUSH).outputs["findings"] == "1"
    assert runner.act({}, {"merge_group": {"base_sha": base}}).outputs["findings"] == "1"


@pytest.mark.slow
def test_a_shallow_checkout_is_given_the_base(runner, tmp_path):
    origin = runner.workspace
    base = commit(origin, FAULTY)
    commit(origin, {"README.md": "# Rules\n"})
    git(origin, "switch", "--quiet", "--create", "change")
    commit(origin, {"edge.yaml": FAULTY["edge.yaml"] + "# more\n"})
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    for number, name in enumerate([base, "main", "origin/main"]):
        shallow = tmp_path / str(number)
        git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=change", f"file://{origin}", shallow)
        job = Runner(shallow, runner.temporary, runner.actions).act({"diff-base": name}, PUSH)
        assert (job.code, job.outputs["findings"]) == (0, "0"), job.log
    lost = tmp_path / "lost"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", lost)
    git(lost, "remote", "remove", "origin")
    job = Runner(lost, runner.temporary, runner.actions).act({}, change(base))
    assert (job.code, job.outputs["exit-code"], UPLOAD in job.called) == (2, "2", False)
    assert job.said("error") == [
        f"`{base}` is not in this checkout and cannot be fetched: check out with `fetch-depth: 0`"
    ]


@pytest.mark.parametrize(
    ("files", "inputs", "code", "words"),
    [
        ({"edgelint.yaml": "version: 2\n"}, {}, 2, "edgelint.yaml:1:10"),
        pytest.param({}, {"config": "no such.yaml"}, 2, "no such.yaml", marks=pytest.mark.slow),
        pytest.param({}, {"fail-on": "often"}, 2, "unknown level `often`", marks=pytest.mark.slow),
        pytest.param({}, {"paths": "no/such folder"}, 2, "cannot read `no/such folder`", marks=pytest.mark.slow),
        pytest.param({"docs/x": "nothing"}, {"paths": "docs"}, 3, "nothing to lint", marks=pytest.mark.slow),
        ({}, {"working-directory": "no/such"}, 2, "`working-directory` names no folder"),
        ({}, {"sarif-file": "edge.yaml/x"}, 2, "`sarif-file` names no file"),
        ({}, {"upload": "maybe"}, 2, "`upload` is"),
        ({}, {"pedantic": "yes"}, 2, "`pedantic` is `true` or `false`"),
        ({}, {"summary": ""}, 2, "`summary` is `true` or `false`"),
        ({}, {"category": "//"}, 2, "`category` is empty"),
        ({}, {"diff-base": "nowhere"}, 2, "`nowhere` is not in this checkout"),
        ({}, {"diff-base": "main:refs/heads/x"}, 2, "`diff-base` is"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_uploaded(runner, files, inputs, code, words):
    commit(runner.workspace, files | {"note": "x"})
    job = runner.act(inputs, PUSH)
    assert (job.code, job.outputs["exit-code"], job.outputs["findings"]) == (code, str(code), ""), job.log
    (message,) = job.said("error")
    assert words in message
    assert UPLOAD not in job.called


@pytest.mark.slow
def test_a_failing_upload_is_told_and_fails_only_who_asked_for_it(runner):
    failing = Runner(runner.workspace, runner.temporary, {**runner.actions, UPLOAD: lambda _: None})
    job = failing.act({}, PUSH)
    assert (job.code, len(job.said("warning")), job.said("error")) == (0, 1, []), job.log
    job = failing.act({"upload": "true"}, PUSH)
    assert (job.code, len(job.said("error"))) == (1, 1), job.log
    assert job.outputs["exit-code"] == "0"
    commit(runner.workspace, FAULTY)
    job = failing.act({}, PUSH)
    assert (job.code, len(job.said("error")), len(job.said("warning"))) == (1, 1, 1), job.log


@pytest.mark.slow
def test_inputs_reach_the_program(runner):
    commit(runner.workspace, {"public/edge.yaml": with_rule("typo"), "other.yaml": "fail_on: critical\n"})
    assert runner.act({"fail-on": "critical"}, PUSH).code == 0
    assert runner.act({"config": "other.yaml"}, PUSH).code == 0
    assert runner.act({"paths": "edge.yaml"}, PUSH).code == 0
    assert runner.act({"paths": "edge.yaml\r\n\npublic"}, PUSH).code == 1
    pedantic = runner.act({"pedantic": "true", "paths": "public"}, PUSH)
    assert int(pedantic.outputs["findings"]) > 1
    job = runner.act({"working-directory": "public", "sarif-file": "out/report.sarif", "summary": "false"}, PUSH)
    assert (job.code, job.summary) == (1, "")
    assert job.outputs["sarif-file"] == str(runner.workspace / "public" / "out" / "report.sarif")
    assert runner.act({"upload": "false"}, PUSH).said("error")


@pytest.mark.slow
def test_names_of_files_are_only_names(runner):
    names = ["a b", "-x", "--help", "$(touch pwned)", "`touch pwned`", "';touch pwned;'", '"', "*", "${{ x }}", "-"]
    commit(runner.workspace, {f"edge/{name}": with_rule("typo") for name in names})
    job = runner.act({"working-directory": "edge", "paths": "\n".join(names)}, PUSH)
    read = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results(job)}
    assert len(read) == len(names), job.log
    assert not list(runner.workspace.rglob("pwned"))


HOSTILE = [
    '"; touch pwned; "',
    "$(touch pwned)",
    "`touch pwned`",
    "a\nexit-code=0",
    "${{ github.token }}",
    "-x",
    "--fix",
    "'",
]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ACTION["inputs"]))
@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_inputs_do_no_harm(runner, name, words):
    commit(runner.workspace, FAULTY)
    job = runner.act({name: words}, PUSH)
    assert job.code == int(job.outputs["exit-code"])
    assert job.outputs.keys() == ACTION["outputs"].keys()
    assert {command for command, _ in job.commands} <= {"stop-commands", "error"}
    assert not list(runner.workspace.rglob("pwned"))
    assert (runner.workspace / "edge.yaml").read_text(encoding="utf-8") == FAULTY["edge.yaml"]
    if job.code == 0:
        assert name in ("paths", "fail-on"), job.log


@pytest.mark.slow
@pytest.mark.parametrize("words", ["::add-mask::x", "##[set-output name=exit-code]0", "a%0A::error::x", "x ::error::y"])
def test_a_rule_set_gives_no_orders_to_the_runner(runner, words):
    base = git(runner.workspace, "rev-parse", "HEAD")
    rule = with_rule("typo").replace("name: typo", f"name: '{words}'")
    commit(runner.workspace, {"edge.yaml": rule, f"more/{words.replace('/', ' ')}.yaml": rule})
    job = runner.act({}, PUSH)
    assert (job.code, job.outputs["exit-code"]) == (1, "1"), job.log
    assert [name for name, _ in job.commands] == ["stop-commands"]
    job = runner.act({}, change(base, "somebody/edge"))
    assert {name for name, _ in job.commands} == {"stop-commands", "error"}
    commit(runner.workspace, {"edgelint.yaml": f"'{words}': 1\n"})
    assert [name for name, _ in runner.act({}, PUSH).commands] == ["stop-commands", "error"]


@pytest.mark.slow
def test_a_checkout_is_data_only(runner, tmp_path):
    code = f"open({str(tmp_path / 'pwned')!r}, 'w')\n"
    modules = [
        "edgelint/__init__.py",
        "edgelint/__main__.py",
        "yaml.py",
        "json.py",
        "sitecustomize.py",
        "pip.py",
        "venv.py",
    ]
    commit(runner.workspace, dict.fromkeys(modules, code))
    (tmp_path / "precious").write_text("kept", encoding="utf-8")
    (runner.workspace / "edgelint.sarif").symlink_to(tmp_path / "precious")
    job = runner.act({"sarif-file": "edgelint.sarif"}, PUSH)
    assert job.code == 0, job.log
    assert not (tmp_path / "pwned").exists()
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "kept"


def test_a_summary_too_long_for_github_is_cut_at_a_line(tmp_path):
    (tmp_path / "long").write_text("ä line of text\n" * 100_000, encoding="utf-8")
    words = ("bash", ROOT / ".ci" / "action.sh", "summarise", "long")
    run(tmp_path, *words, RUNNER_TEMP=str(tmp_path), GITHUB_STEP_SUMMARY=str(tmp_path / "summary"))
    *lines, _, _, last = (tmp_path / "summary").read_bytes().decode().splitlines()
    assert set(lines) == {"ä line of text"}
    assert last == "The rest is in the SARIF file."
    assert (tmp_path / "summary").stat().st_size < 2**20


def test_nothing_is_pasted_into_scripts_and_everything_is_pinned():
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
    assert (
        len(re.findall(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", text, re.MULTILINE))
        == text.count("uses:")
        == 2
    )


def test_inputs_and_outputs_are_documented():
    page = (ROOT / ".ci" / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.*?) \|", page, re.MULTILINE))
    assert list(rows) == list(ACTION["inputs"])
    for name, given in ACTION["inputs"].items():
        assert not given["default"] or rows[name] == f"`{given['default']}`"
    assert all(f"`{name}`" in page for name in ACTION["outputs"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["github", "markdown"])
def test_annotations_and_summary_tell_where(runner, name):
    if name not in formats():
        pytest.skip(f"this build has no `{name}` format")
    base = git(runner.workspace, "rev-parse", "HEAD")
    commit(runner.workspace, FAULTY)
    job = runner.act({}, change(base, "somebody/edge"))
    if name == "github":
        assert f"file=edge.yaml,line={LINE}," in job.log
    else:
        assert f"edge.yaml:{LINE}" in job.summary


@pytest.mark.slow
def test_the_action_installs_itself_from_its_checkout(registry, tmp_path):
    actions = {SETUP: lambda _: {"python-path": sys.executable}, UPLOAD: lambda _: {}}
    (tmp_path / "temporary").mkdir()
    fresh = Runner(repository(tmp_path / "checkout", CLEAN | FAULTY), tmp_path / "temporary", actions)
    job = fresh.act({}, PUSH, action=project(tmp_path / "action", "v0"))
    missing = {"github", "markdown"} - set(formats())
    assert (job.code, job.outputs["exit-code"]) == ((2, "2") if missing else (1, "1")), job.log
    assert not missing or "unknown format" in job.said("error")[0]
