"""The completions, as the shells themselves take them."""

import argparse
import os
import pty
import select
import shutil
import subprocess
import sys
import time

import pytest

from edgelint import catalog
from edgelint.cli import main
from edgelint.cli.arguments import COMMANDS
from edgelint.completions import SHELLS, script
from edgelint.completions.words import Command, described
from edgelint.finding import Severity
from edgelint.report import formats
from edgelint.resources import modules
from support import ROOT


def shell(name):
    """The path of a shell; a test that needs it skips where it is absent."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """A folder with a script for each shell, and the program itself."""
    folder = tmp_path_factory.mktemp("completions")
    for name in SHELLS:
        done = subprocess.run(
            [sys.executable, "-m", "edgelint", "completions", name],
            env=os.environ | {"PYTHONPATH": str(ROOT / "linter")},
            capture_output=True,
            check=True,
        )
        assert done.stderr == b""
        (folder / name).write_bytes(done.stdout)
    program = folder / "edgelint"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT}/linter exec {sys.executable} -m edgelint "$@"\n')
    program.chmod(0o755)
    return folder


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a few files to name."""
    monkeypatch.chdir(tmp_path)
    for name in ("policy.json", "two words.json"):
        (tmp_path / name).write_text("{}")
    return tmp_path


def in_bash(scripts, *words):
    """What bash offers for the last of some words, sorted; nothing where it turns to the names of files."""
    program = (
        'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _edgelint; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    command = [shell("bash"), "--norc", "-c", program, "bash", str(scripts / "bash"), "edgelint", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return sorted(done.stdout.split())


def in_fish(scripts, *words):
    """What fish offers for the last of some words, sorted."""
    line = " ".join(["edgelint", *words])
    program = f"source {scripts}/fish; complete -C '{line}'"
    command = [shell("fish"), "--no-config", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return sorted(line.split("\t")[0] for line in done.stdout.splitlines())


def typed(command, setup, line, wanted, environment):
    """Whether a shell on a terminal comes to show a text after a line was typed."""
    ours, theirs = pty.openpty()
    ends = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    child = subprocess.Popen(command, env=os.environ | environment, start_new_session=True, **ends)
    try:
        os.write(ours, f"{setup}; echo re''ady\n".encode())
        _until(ours, b"ready")
        os.write(ours, line.encode())
        return wanted.encode() in _until(ours, wanted.encode())
    finally:
        child.kill()
        child.wait()
        os.close(ours)
        os.close(theirs)


def _until(terminal, wanted):
    seen, end = b"", time.monotonic() + 20
    while wanted not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 4096)
    return seen


OFFERS = [
    (["che"], ["check"]),
    ([""], sorted(COMMANDS)),
    (["explain", "shadowed"], ["shadowed-rule"]),
    (["explain", ""], sorted(catalog.names())),
    (["check", "--format", ""], sorted(formats())),
    (["check", "--fail-on", ""], sorted(severity.value for severity in Severity)),
    (["check", "--fail-on", "cri"], ["critical"]),
    (["check", "--pedantic", "x.json", "--fail-on", "h"], ["high"]),
    (["check", "--ped"], ["--pedantic"]),
    (["--ver"], ["--version"]),
    (["completions", ""], sorted(SHELLS)),
    (["rules", ""], []),
]


@pytest.mark.parametrize(("words", "offered"), OFFERS, ids=lambda words: " ".join(words[:4]))
def test_bash_offers_what_can_follow(scripts, words, offered):
    assert in_bash(scripts, *words) == offered


@pytest.mark.parametrize(("words", "offered"), OFFERS, ids=lambda words: " ".join(words[:4]))
def test_fish_offers_what_can_follow(scripts, here, words, offered):
    assert in_fish(scripts, *words) == offered


def test_what_is_taken_once_is_offered_once(scripts):
    assert in_bash(scripts, "completions", "bash", "") == []


def test_the_script_can_be_read_from_the_program(scripts):
    program = 'PATH="$1:$PATH"; source <(edgelint completions bash); COMP_WORDS=(edgelint sch) COMP_CWORD=1; _edgelint; echo "${COMPREPLY[@]}"; complete -p edgelint'
    done = subprocess.run([shell("bash"), "-c", program, "bash", scripts], capture_output=True, text=True, check=True)
    assert done.stdout == "schema\ncomplete -o default -F _edgelint edgelint\n"


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_lists_go_on_behind_a_comma(scripts, option):
    assert in_bash(scripts, "check", option, "broad-scope,shadowed") == ["broad-scope,shadowed-rule"]
    assert in_bash(scripts, "check", option, "=", "broad-scope,shadowed") == ["broad-scope,shadowed-rule"]


def test_fish_lists_go_on_behind_a_comma(scripts, here):
    assert "broad-scope,shadowed-rule" in in_fish(scripts, "check", "--select", "broad-scope,shadowed")


def test_values_behind_an_equals_sign_are_offered(scripts):
    """Bash takes the sign as a word of its own."""
    assert in_bash(scripts, "check", "--fail-on", "=", "cri") == ["critical"]
    assert in_bash(scripts, "check", "--fail-on", "=") == sorted(severity.value for severity in Severity)
    assert in_bash(scripts, "check", "--fail-on", "=", "low", "--ped") == ["--pedantic"]


def test_fish_offers_files_where_files_are_taken(scripts, here):
    assert in_fish(scripts, "check", "pol") == ["policy.json"]
    assert in_fish(scripts, "check", "--output", "pol") == ["policy.json"]
    assert in_fish(scripts, "explain", "policy.j") == []


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("edgelint che\t", "edgelint check "),
        ("edgelint explain shadowed\t", "edgelint explain shadowed-rule "),
        ("edgelint check --config two\t", r"--config two\ words.json"),
        ("edgelint check --output=pol\t", "--output=policy.json"),
        ("edgelint check pol\t", "check policy.json"),
        ("edgelint check --select=broad-scope,shadowed\t", "broad-scope,shadowed-rule"),
    ],
)
@pytest.mark.parametrize("name", ["bash", "zsh"])
def test_a_shell_on_a_terminal_completes(scripts, here, name, line, wanted):
    setup = {
        "bash": f"source {scripts}/bash",
        "zsh": f"autoload -Uz compinit; compinit -u -D; source {scripts}/zsh",
    }
    command = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}
    plain = {"TERM": "dumb", "PS1": "$ ", "INPUTRC": "/dev/null", "COLUMNS": "500"}
    shell(name)
    assert typed(command[name], setup[name], line, wanted, plain)


def test_zsh_finds_the_script_in_a_folder_of_functions(scripts, here):
    (here / "_edgelint").write_bytes((scripts / "zsh").read_bytes())
    setup = f"fpath=({here} $fpath); autoload -Uz compinit; compinit -u -D"
    assert typed([shell("zsh"), "-f", "-i"], setup, "edgelint che\t", "edgelint check ", {"TERM": "dumb", "PS1": "$ "})


@pytest.mark.parametrize("name", ["bash", "zsh"])
def test_scripts_have_no_fault_of_grammar(scripts, name):
    done = subprocess.run([shell(name), "-n", scripts / name], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_unknown_shell_is_a_wrong_call(capsys):
    assert main(["completions", "fsh"]) == 2
    assert "unknown shell `fsh`, did you mean `fish`" in capsys.readouterr().err


def test_there_is_a_module_for_each_shell():
    assert set(modules("completions")) - {"words"} == set(SHELLS)


def test_every_command_and_option_is_in_every_script(scripts):
    for name in SHELLS:
        text = (scripts / name).read_text()
        for command in COMMANDS:
            assert command in text
        for option in ("diff-base", "git-tracked", "isolated"):
            assert option in text


def parser():
    """A parser with help texts that mean something to shells."""
    top = argparse.ArgumentParser(prog="edgelint")
    one = top.add_subparsers().add_parser("one", help='it\'s `$(date)` [x]: "y" \\ %% done')
    one.add_argument("--flag", "-f", action="store_true", help="what's [this]: `x`, $HOME and 100%% (%(prog)s)")
    one.add_argument("--kind", choices=["a", "b"], help="one of: a's and b's")
    one.add_argument("--hidden", help=argparse.SUPPRESS)
    one.add_argument("first", metavar="WORD")
    one.add_argument("rest", nargs="*", metavar="PATH")
    return top


def test_a_parser_is_described_as_it_is():
    program = described(parser(), {"WORD": ("x",)})
    (one,) = program.commands
    assert isinstance(one, Command)
    assert [option.flags for option in one.options] == [("-h", "--help"), ("--flag", "-f"), ("--kind",)]
    assert one.options[1].help == "what's [this]: `x`, $HOME and 100% (edgelint one)"
    assert one.options[2].value.words == ("a", "b")
    assert [(value.name, value.words) for value in one.values] == [("word", ("x",)), ("path", None)]
    assert one.repeats


@pytest.mark.parametrize("name", SHELLS)
def test_help_that_means_something_to_a_shell_is_only_text(name, tmp_path):
    (tmp_path / name).write_text(script(name, described(parser(), {"WORD": ("x",)})))
    program = {
        "bash": f"source {tmp_path}/bash",
        "fish": f"source {tmp_path}/fish; complete -C 'edgelint one --'; complete -C 'edgelint '",
        "zsh": f"autoload -Uz compinit; compinit -u -D; source {tmp_path}/zsh",
    }
    done = subprocess.run([shell(name), "-c", program[name]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    if name == "fish":
        assert "--flag\twhat's [this]: `x`, $HOME and 100% (edgelint one)\n" in done.stdout
        assert 'one\tit\'s `$(date)` [x]: "y" \\ % done\n' in done.stdout


def test_places_of_different_kinds_are_told_apart(tmp_path):
    (tmp_path / "bash").write_text(script("bash", described(parser(), {"WORD": ("x",)})))
    assert in_bash(tmp_path, "one", "") == ["x"]
    assert in_bash(tmp_path, "one", "-f", "--kind", "a", "") == ["x"]
    assert in_bash(tmp_path, "one", "x", "") == []
    assert in_bash(tmp_path, "one", "--kind", "") == ["a", "b"]
