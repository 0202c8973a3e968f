"""A story in a real repository: a change adds one broad rule to a policy with old findings, and only that is told."""

import json
import subprocess

import pytest

from edgelint.cli import main

ROUTES = """\
listeners:
  - {id: 1, name: tls, protocol: https, port: 443}
routes:
  - {id: 1, listener_id: 1, priority: 10, host_pattern: app.example.com, targets: [{id: 1, name: a, url: "http://10.0.0.1"}]}
  - {id: 2, listener_id: 1, priority: 20, host_pattern: api.example.com, targets: [{id: 2, name: b, url: "http://10.0.0.2"}]}
waf_rules:
"""
OLD = "".join(
    f"""  - {{name: old-{number}, priority: {number}, action: block, match_rule: {{cel_expression: 'host == "App-{number}.example.com"'}}}}\n"""
    for number in range(30)
)
BROAD = "  - {name: everything, priority: 90, action: block, match_rule: {cel_expression: 'method == \"POST\"'}}\n"


@pytest.fixture
def repository(tmp_path, monkeypatch):
    def git(*words):
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=tmp_path, check=True, capture_output=True
        )

    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    (tmp_path / "edge.yaml").write_text(ROUTES + OLD, encoding="utf-8")
    (tmp_path / "edgelint.yaml").write_text('topology: {listeners: {"*": {behind: edge}}}\n', encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", "old")
    return tmp_path


def told(capsys, *arguments):
    code = main(["check", "--format", "json", *arguments])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return code, sorted({(finding["check"], finding["subject"]["name"]) for finding in findings})


def test_only_what_the_change_did_is_told(repository, capsys):
    code, old = told(capsys)
    assert (code, len(old)) == (1, 30)
    assert told(capsys, "--diff-base", "HEAD") == (0, [])
    (repository / "edge.yaml").write_text(ROUTES + OLD + BROAD, encoding="utf-8")
    code, new = told(capsys, "--diff-base", "HEAD")
    assert code == 1
    assert {name for _, name in new} == {"everything"}
    assert ("broad-scope", "everything") in new


def test_moving_renumbering_and_reformatting_rules_is_nothing_new(repository, capsys):
    lines = (
        OLD.replace("  - {name: old-", "  - {enabled: true,   name: old-")
        .replace("priority: ", "priority: 1")
        .splitlines()
    )
    (repository / "edge.yaml").write_text("# moved\n" + ROUTES + "\n".join(reversed(lines)) + "\n", encoding="utf-8")
    assert told(capsys, "--diff-base", "HEAD", ".") == (0, [])
    assert told(capsys, "--diff-base", "HEAD", str(repository / "edge.yaml")) == (0, [])


def test_a_new_file_is_new_as_a_whole(repository, capsys):
    (repository / "more").mkdir()
    (repository / "more" / "edge.yaml").write_text(ROUTES + OLD, encoding="utf-8")
    assert len(told(capsys, "--diff-base", "HEAD", "more")[1]) == 30


def test_what_an_edit_resets_is_told(repository, capsys):
    room = "  - {name: room, priority: 95, action: waiting_room, match_rule: {cel_expression: 'path == \"/sale%s\"'}}\n"
    (repository / "edge.yaml").write_text(ROUTES + OLD + room % "", encoding="utf-8")
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "x"], check=True)
    (repository / "edge.yaml").write_text(ROUTES + OLD + room % "s", encoding="utf-8")
    assert ("edit-resets-state", "room") in told(capsys, "--diff-base", "HEAD", "--pedantic")[1]


def test_a_wrong_commit_and_standard_input_are_wrong_calls(repository, capsys):
    assert main(["check", "--diff-base", "nowhere"]) == 2
    assert "git failed" in capsys.readouterr().err
    assert main(["check", "--diff-base", "HEAD", "-"]) == 2
    assert "standard input" in capsys.readouterr().err


def sarif(capsys):
    main(["check", "--format", "sarif", "--diff-base", "HEAD"])
    return json.loads(capsys.readouterr().out)["runs"][0]["results"]


def test_what_a_review_shows_is_the_new_finding_at_its_new_line(repository, capsys):
    (repository / "edge.yaml").write_text(ROUTES + OLD + BROAD, encoding="utf-8")
    (result,) = sarif(capsys)
    assert result["ruleId"] == "broad-scope"
    last = len((ROUTES + OLD + BROAD).splitlines())
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == last


SHADOWING = '  - {name: first, priority: 50, action: block, match_rule: {cel_expression: \'path_prefix(path, "/a") && method == "GET"\'}}\n'
SHADOWED = '  - {name: later, priority: 60, action: waiting_room, match_rule: {cel_expression: \'path == "/a/b" && method == "GET"\'}}\n'


def test_a_finding_stands_at_the_rule_that_was_changed(repository, capsys):
    kept = OLD + SHADOWED
    (repository / "edge.yaml").write_text(ROUTES + kept, encoding="utf-8")
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "x"], check=True)
    (repository / "edge.yaml").write_text(ROUTES + SHADOWING + kept, encoding="utf-8")
    result = next(one for one in sarif(capsys) if "later" in one["properties"]["subject"])
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == len(ROUTES.splitlines()) + 1
    texts = [one["message"]["text"] for one in result["relatedLocations"]]
    assert texts == ["waf 'later': is the rule in question."]


def test_no_commit_is_an_option_of_git(repository, capsys):
    assert main(["check", "--diff-base", "--output=stolen"]) == 2
    assert not (repository / "stolen").exists()


def test_every_format_of_a_review_shows_the_new_finding_and_nothing_old(repository, capsys):
    (repository / "edge.yaml").write_text(ROUTES + OLD + BROAD, encoding="utf-8")
    files = {name: f"out.{name}" for name in ("sarif", "github", "markdown", "gitlab", "junit", "rdjson")}
    words = [word for name, file in files.items() for word in ("--format", name, "--output", file)]
    assert main(["check", "--diff-base", "HEAD", "edge.yaml", *words]) == 1
    said = {name: (repository / file).read_text(encoding="utf-8") for name, file in files.items()}
    assert not [name for name, text in said.items() if "impossible-literal]" in text or "`old-" in text]
    assert [one["ruleId"] for one in json.loads(said["sarif"])["runs"][0]["results"]] == ["broad-scope"]
    commands = [line for line in said["github"].splitlines() if line.startswith("::")]
    assert len(commands) == 1
    assert f"line={len((ROUTES + OLD + BROAD).splitlines())}," in commands[0]
    assert said["markdown"].startswith("## edgelint: 1 finding (1 ")
    assert [one["check_name"] for one in json.loads(said["gitlab"])] == ["broad-scope"]
    assert len(json.loads(said["rdjson"])["diagnostics"]) == 1
