import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from edgelint import __version__, catalog
from edgelint.cli import main
from edgelint.cli.arguments import parser
from edgelint.config import published_schema
from edgelint.finding import Severity
from edgelint.model.policy import Problem
from edgelint.record import replace
from edgelint.report import formats
from edgelint.source import Place
from pipeline_stubs import Reading, pipeline
from report_samples import RULES, json_source, plain, policy, shadowed, source

__all__ = ["pipeline"]

SOURCE = json_source("edge/policy.json", RULES)
LINTER = Path(__file__).parents[1] / "linter"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in, with a plain terminal."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def faulty(pipeline, here):
    """One policy with one finding of high severity."""
    pipeline.reading = Reading((policy(SOURCE),))
    pipeline.says("shadowed-rule", shadowed(SOURCE))
    return pipeline


def call(*arguments):
    """A call of the program of its own."""
    environment = {**os.environ, "PYTHONPATH": str(LINTER)}
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=environment, check=False)


# Exit codes


@pytest.mark.parametrize("name", formats())
def test_exit_codes_are_the_same_for_every_format(pipeline, here, name):
    assert main(["check", "--format", name]) == 3
    pipeline.reading = Reading((policy(SOURCE),))
    assert main(["check", "--format", name]) == 0
    pipeline.says("shadowed-rule", shadowed(SOURCE))
    assert main(["check", "--format", name]) == 1
    assert main(["check", "--format", name, "--fail-on", "critical"]) == 0
    pipeline.says("never-matches", error=ValueError())
    assert main(["check", "--format", name, "--fail-on", "critical"]) == 2


def test_input_that_could_not_be_read_fails_the_run(pipeline, here, capsys):
    pipeline.reading = Reading((), (Problem("unreadable", "is broken", Place(source("a.json", "{", {}), ())),))
    assert main(["check"]) == 1
    assert "high[unreadable-input]: is broken" in capsys.readouterr().out


def test_with_nothing_to_lint_only_one_line_is_said(pipeline, here, capsys):
    main(["check"])
    assert capsys.readouterr() == ("", "edgelint: nothing to lint: no rule set was found\n")


def test_with_nothing_to_lint_a_script_still_gets_its_document(pipeline, here, capsys):
    assert main(["check", "--format", "json"]) == 3
    assert json.loads(capsys.readouterr().out)["findings"] == []


def test_a_broken_check_is_named_and_the_others_are_heard(faulty, capsys):
    faulty.says("never-matches", error=ValueError("bad\x1b thing\nhere"))
    assert main(["check"]) == 2
    out, err = capsys.readouterr()
    assert "high[shadowed-rule]" in out
    assert err.startswith(
        "edgelint: internal error in `never-matches` on edge/policy.json, please report it: ValueError"
    )
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_an_interrupted_run_says_nothing(pipeline, here, monkeypatch, capsys):
    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("edgelint.run.lint", interrupted)
    assert main(["check"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_bug_of_ours_is_one_line(pipeline, here, monkeypatch, capsys):
    def broken(*_arguments):
        raise ZeroDivisionError("a\nb")

    monkeypatch.setattr("edgelint.run.lint", broken)
    assert main(["check"]) == 2
    assert capsys.readouterr().err == "edgelint: internal error, please report it: ZeroDivisionError: a<U+000A>b\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chek"], "argument COMMAND: invalid choice"),
        (["check", "--frm"], "unrecognized arguments: --frm"),
        (["check", "--format", "jsno"], "unknown format `jsno`, did you mean `json`"),
        (["check", "--format", "x"], f"unknown format `x`, there is {', '.join(formats())}"),
        (["check", "--select", "shadowed"], "unknown check `shadowed`, did you mean `shadowed-rule`"),
        (["check", "--ignore", "never-matches,x"], "unknown check `x`"),
        (["check", "--fail-on", "hihg"], "unknown level `hihg`, did you mean `high`"),
        (["check", "--isolated", "--config", "x"], "not allowed with argument"),
        (["check", "--config", "missing.yaml"], "missing.yaml: no such file or directory"),
        (["check", "--output", "missing/x.txt"], "missing/x.txt: no such file or directory"),
        (["check", "--git-tracked"], "git failed: fatal: not a git repository"),
        (["explain", "shadow"], "unknown check `shadow`, did you mean `shadowed-rule`"),
        (["explain", "../LICENSE"], "unknown check `../LICENSE`"),
        (["explain"], "the following arguments are required: CHECK"),
    ],
)
def test_a_wrong_call_is_answered_with_one_line(faulty, capsys, arguments, message):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("edgelint: ")
    assert message in err
    assert err.count("\n") == 1


def test_a_path_that_cannot_be_read_is_a_wrong_call(pipeline, here, capsys):
    pipeline.error = "cannot read `x`: no such file or directory"
    assert main(["check", "x"]) == 2
    assert capsys.readouterr().err == "edgelint: cannot read `x`: no such file or directory\n"


def test_a_wrong_configuration_is_one_line_with_its_place(pipeline, here, capsys):
    (here / "edgelint.yaml").write_text("fail_on: hi\n")
    assert main(["check"]) == 2
    assert capsys.readouterr().err.startswith("edgelint: edgelint.yaml:1:10: `fail_on` should be ")
    assert main(["check", "--isolated"]) == 3


def test_no_command_at_all_shows_the_help(capsys):
    assert main([]) == 2
    assert "usage: edgelint" in capsys.readouterr().out


# What is read


@pytest.mark.parametrize(
    ("arguments", "configuration", "paths"),
    [
        ([], "", (".",)),
        (["a", "b.json"], "", ("a", "b.json")),
        ([], "include: ['edge/*.json']", ("edge/one.json",)),
        (["-"], "include: ['edge/*.json']", ("-",)),
    ],
)
def test_paths_come_from_the_call_else_the_configuration_else_the_folder(
    pipeline, here, monkeypatch, arguments, configuration, paths
):
    (here / "edge").mkdir()
    (here / "edge" / "one.json").write_text("{}")
    (here / "edgelint.yaml").write_text(configuration)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    main(["check", *arguments, "--input-format", "any"])
    assert pipeline.asked == [(paths, "any")]
    assert pipeline.stdin == (b"{}" if paths == ("-",) else b"")


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "one", "--pedantic", "two"],
        ["check", "--fail-on", "low", "one", "two", "--pedantic"],
        ["check", "one", "--format", "json", "--output", "-", "two"],
        ["check", "--pedantic", "one", "--", "two"],
    ],
)
def test_paths_may_stand_anywhere_among_the_options(faulty, here, arguments):
    main(arguments)
    assert [paths for paths, _ in faulty.asked] == [("one", "two")]


@pytest.mark.parametrize(
    "arguments", [["edge.json", "--pass", "GET /"], ["--pass", "edge.json", "GET /"], ["edge.json", "GET /", "--pass"]]
)
def test_so_may_a_request(arguments):
    found = parser(["trace"]).parse_args(["trace", *arguments])
    assert (found.policy, found.request, found.passes) == ("edge.json", ["GET /"], True)


def test_an_unknown_option_among_paths_is_refused(faulty, capsys):
    assert main(["check", "one", "--bogus", "two"]) == 2
    assert "unrecognized arguments: --bogus" in capsys.readouterr().err


def test_a_hook_reads_only_what_git_knows(faulty, here):
    subprocess.run(["git", "init", "-q"], cwd=here, check=True)
    (here / "edge").mkdir()
    (here / "edge" / "policy.json").write_text("{}")
    (here / "edgelint.yaml").write_text("fail_on: critical\n")
    assert main(["check", "--git-tracked"]) == 1
    assert {Path(name).relative_to(here).as_posix() for name in faulty.tracked} == set()
    subprocess.run(["git", "add", "."], cwd=here, check=True)
    assert main(["check", "--git-tracked"]) == 0
    assert {Path(name).relative_to(here).as_posix() for name in faulty.tracked} == {"edge/policy.json", "edgelint.yaml"}
    assert main(["check"]) == 0
    assert faulty.tracked is None


def test_settings_reach_the_run(faulty, here):
    (here / "edgelint.yaml").write_text("fail_on: critical\n")
    assert main(["check"]) == 0
    assert main(["check", "--fail-on", "high"]) == 1
    assert main(["check", "--isolated"]) == 1
    (here / "other.yaml").write_text("ignore: [{check: shadowed-rule, rule: waf/20, reason: reviewed}]\n")
    assert main(["check", "--config", "other.yaml"]) == 0


# Where it goes


@pytest.mark.parametrize(
    ("arguments", "files", "said"),
    [
        ([], {}, "high["),
        (["--format", "json"], {}, '"version":1'),
        (["--output", "a"], {"a": "high["}, ""),
        (["--format", "json", "--output", "a"], {"a": '"version":1'}, ""),
        (["--output", "a", "--format", "json"], {"a": '"version":1'}, ""),
        (["--format", "text", "--format", "sarif", "--output", "a"], {"a": '"$schema"'}, "high["),
        (
            ["--format", "json", "--output", "a", "--format", "sarif", "--output", "b"],
            {"a": '"version":1', "b": '"$schema"'},
            "",
        ),
        (["--format", "json", "--output", "-"], {}, '"version":1'),
        (
            ["--format", "github", "--format", "gitlab", "--output", "a", "--format", "markdown", "--output", "b"],
            {"a": '"check_name"', "b": "## edgelint"},
            "::error ",
        ),
    ],
)
def test_each_format_goes_to_the_file_that_follows_it(faulty, here, capsys, arguments, files, said):
    assert main(["check", *arguments]) == 1
    assert said in capsys.readouterr().out
    assert {path.name for path in here.iterdir()} == set(files)
    for name, part in files.items():
        assert part in (here / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "json", "--format", "sarif"],
        ["--output", "a", "--output", "b"],
        ["--format", "json", "--output", "a", "--output", "b"],
    ],
)
def test_formats_and_files_that_do_not_pair_are_refused(faulty, here, arguments):
    assert main(["check", *arguments]) == 2
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("name", sorted({*formats()} - {"text", "json"}))
def test_files_are_named_from_the_top_of_the_repository(faulty, here, monkeypatch, capsys, name):
    subprocess.run(["git", "init", "-q"], cwd=here, check=True)
    (here / "sub").mkdir()
    monkeypatch.chdir(here / "sub")
    main(["check", "--format", name])
    assert "sub/edge/policy.json" in capsys.readouterr().out


def test_the_help_names_every_format():
    done = call("-m", "edgelint", "check", "--help")
    assert ", ".join(formats()) in " ".join(done.stdout.split())


# How it looks


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("terminal", "environment", "arguments", "coloured"),
    [
        (False, {}, [], False),
        (True, {}, [], True),
        (True, {"TERM": "dumb"}, [], False),
        (True, {"NO_COLOR": "1"}, [], False),
        (True, {"NO_COLOR": ""}, [], True),
        (True, {}, ["--no-color"], False),
        (False, {"FORCE_COLOR": "1"}, [], True),
        (True, {"FORCE_COLOR": "0"}, [], False),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        (False, {"FORCE_COLOR": "1"}, ["--no-color"], False),
    ],
)
def test_colours_follow_the_terminal_and_the_environment(
    faulty, monkeypatch, terminal, environment, arguments, coloured
):
    for name, value in {"TERM": "xterm", **environment}.items():
        monkeypatch.setenv(name, value)
    stream = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    main(["check", *arguments])
    assert ("\x1b[" in stream.getvalue()) is coloured


def test_files_have_no_colours(faulty, here, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    main(["check", "--output", "a"])
    assert "\x1b" not in (here / "a").read_text(encoding="utf-8")


def test_a_terminal_that_cannot_show_a_character_shows_its_number(faulty, monkeypatch):
    faulty.says("shadowed-rule", replace(shadowed(SOURCE), message="rule `漢` is \udcff"))
    held = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(held, encoding="ascii"))
    assert main(["check"]) == 1
    assert b"rule `\\u6f22` is <U+DCFF>" in held.getvalue()


@pytest.mark.parametrize("command", [["rules"], ["explain", "broad-scope"], ["schema"], ["completions", "zsh"], []])
def test_a_reader_that_goes_away_is_no_trouble(command):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "edgelint", *command],
        stdout=writing,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(LINTER)},
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0 if command else 2, b"")


# The other commands


def test_a_page_is_explained(capsys):
    assert main(["explain", "shadowed-rule"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("shadowed-rule: A rule that never gets its turn\n")
    for heading in ("WHAT", "WHY", "AVOID", "PREFER", "LIMITS"):
        assert f"\n{heading}\n" in out
    assert "```" not in out
    assert "\n    waf_rules:\n" in out or "\n    traffic_shaper_rules:\n" in out
    assert "\n\n\n" not in out


@pytest.mark.parametrize("name", catalog.names())
def test_every_page_fits_a_terminal(capsys, name):
    main(["explain", name])
    prose = [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ") and "://" not in line]
    assert max(map(len, prose)) <= 88


def test_all_checks_are_listed(capsys):
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(catalog.names())
    assert any(line.split()[:3] == ["broad-scope", "scope", "high"] for line in lines)


def test_the_schema_is_printed_as_it_is_published(capsys):
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == published_schema()


def test_the_version_is_told():
    done = call("-m", "edgelint", "--version")
    assert (done.returncode, done.stdout) == (0, f"edgelint {__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["rules"], ["schema"], ["explain", "broad-scope"], ["check", "--help"], ["init", "--help"]],
)
def test_what_needs_no_policy_imports_nothing_slow(arguments):
    program = f"""
import sys
from edgelint.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
slow = {{"pydantic", "yaml", "lark", "networkx", "sqlite3", "subprocess", "edgelint.readers", "edgelint.run"}}
print(sorted(slow & set(sys.modules)), file=sys.stderr)
"""
    assert call("-c", program).stderr == "[]\n"


def test_without_a_configuration_nothing_is_imported_to_read_one(here):
    program = """
import sys
from pathlib import Path
from edgelint.config import settings
settings(Path.cwd())
from edgelint.report import formats, renderer
for name in formats():
    renderer(name)
print(sorted({"pydantic", "yaml", "lark", "networkx"} & set(sys.modules)))
"""
    assert call("-c", program).stdout == "[]\n"


def test_severities_of_the_command_line_are_those_of_findings(faulty):
    for severity in Severity:
        assert main(["check", "--fail-on", severity.value]) == (1 if severity <= Severity.HIGH else 0)


def test_the_finding_is_where_it_is_said_to_be(faulty, capsys):
    main(["check"])
    assert "--> edge/policy.json:11:21\n" in capsys.readouterr().out
    faulty.says("shadowed-rule", plain(SOURCE))
    main(["check"])
    assert "--> edge/policy.json:5:15\n" in capsys.readouterr().out
