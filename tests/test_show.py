"""`edgelint show`, as it is called."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edgelint.cli import main
from hostile_policies import export, policies
from support import FIXTURES, ROOT, corpus

SHOP = str(FIXTURES / "examples" / "shop.json")


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def test_a_policy_is_shown(capsys):
    assert main(["show", SHOP]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{SHOP}: 4 rules, 3 routes\n")
    assert err == ""


def test_several_are_shown_one_behind_the_other(capsys):
    assert main(["show", SHOP, str(FIXTURES / "examples" / "clean")]) == 0
    assert capsys.readouterr().out.count(" rules, ") == 2


def test_standard_input_is_read(capsys, monkeypatch):
    with Path(SHOP).open(encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["show", "-", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["policies"][0]["name"] == "-"


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["--rule", "waf/blocklist"], ["blocklist"]),
        (["--rule", "waf/3"], ["blocklist"]),
        (["--phase", "rate_limit"], ["login-limit"]),
        (["--phase", "waf", "--rule", "waf/login-captcha"], ["login-captcha"]),
    ],
)
def test_some_rules_are_chosen(capsys, arguments, names):
    assert main(["show", SHOP, "--format", "json", *arguments]) == 0
    (policy,) = json.loads(capsys.readouterr().out)["policies"]
    assert [rule["name"] for phase in policy["phases"] for rule in phase["rules"]] == names


def test_of_a_graph_a_chosen_rule_is_shown_with_those_it_meets(capsys):
    assert main(["show", SHOP, "--graph", "json", "--rule", "waf/login-captcha"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["policies"]
    assert [node["name"] for node in found["nodes"]] == ["login-captcha", "blocklist"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: POLICY"),
        ([SHOP, "--format", "jsno"], "unknown format `jsno`, did you mean `json`"),
        ([SHOP, "--graph", "svg"], "unknown format `svg`, there is dot, json, mermaid, text"),
        ([SHOP, "--graph", "dot", "--format", "json"], "not allowed with argument"),
        ([SHOP, "--phase", "wfa"], "unknown phase `wfa`, did you mean `waf`"),
        ([SHOP, "--rule", "waf/blokclist"], "unknown rule `waf/blokclist`, did you mean `waf/blocklist`"),
        ([SHOP, "--rule", "blocklist"], "unknown rule `blocklist`"),
        ([SHOP, "--rule", "\x1b[2J"], "unknown rule `<U+001B>[2J`"),
        ([SHOP, "--phase", "cache", "--rule", "waf/blocklist"], "unknown rule `waf/blocklist`"),
        ([SHOP, "--input-format", "x"], "unknown input format `x`"),
        (["missing.json"], "cannot read `missing.json`: no such file or directory"),
        ([SHOP, "--config", "missing.yaml"], "missing.yaml: no such file or directory"),
    ],
)
def test_a_wrong_call_is_answered_with_one_line(capsys, arguments, message):
    assert main(["show", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1


def test_what_cannot_be_read_is_said_and_the_rest_is_shown(capsys, tmp_path):
    path = tmp_path / "edge.yaml"
    path.write_text("waf_rules:\n  - {name: a, action: block, match_rule: {cel_expression: 'path =='}}\n")
    assert main(["show", str(path)]) == 0
    out, err = capsys.readouterr()
    assert "where `invalid: path ==` holds, which has no model" in out
    assert "unsure" in out
    assert err.startswith(f"edgelint: {path}:2:")


def test_without_a_policy_there_is_nothing_to_show(capsys, tmp_path):
    assert main(["show", str(tmp_path)]) == 3
    assert capsys.readouterr().err == "edgelint: nothing to show: no rule set was found\n"


def test_the_configuration_says_what_stands_before_the_edge(capsys, tmp_path):
    (tmp_path / "edgelint.yaml").write_text('topology: {listeners: {"*": {behind: cloudflare}}}\n')
    main(["show", str(FIXTURES / "examples" / "clean"), "--rule", "rate_limit/login-limit"])
    assert "all clients of a proxy share one" in capsys.readouterr().out
    main(["show", str(FIXTURES / "examples" / "clean"), "--rule", "rate_limit/login-limit", "--isolated"])
    assert "every client has its own" in capsys.readouterr().out


def test_the_width_of_the_terminal_is_used(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "72")
    main(["show", SHOP])
    lines = capsys.readouterr().out.splitlines()[1:]
    assert 60 < max(map(len, (line for line in lines if not line.startswith("   request")))) <= 72


def test_networkx_is_imported_for_graphs_only():
    program = f"""
import sys
import time
from pathlib import Path
from edgelint.cli import main
main(["show", {SHOP!r}, *sys.argv[1:]])
print("networkx" in sys.modules, file=sys.stderr)
"""
    for arguments, wanted in (([], "False\n"), (["--graph", "dot"], "True\n")):
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            env=os.environ | {"PYTHONPATH": str(ROOT / "linter")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == wanted


@pytest.mark.slow
def test_the_answer_does_not_depend_on_the_order_of_hashing():
    for arguments in (["--format", "json"], ["--graph", "mermaid"]):
        answers = {
            subprocess.run(
                [sys.executable, "-m", "edgelint", "show", str(FIXTURES / "deployments" / "web-shop"), *arguments],
                env=os.environ | {"PYTHONPATH": str(ROOT / "linter"), "PYTHONHASHSEED": str(seed)},
                capture_output=True,
                check=False,
            ).stdout
            for seed in range(3)
        }
        assert len(answers) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["hundreds of wildcards", "demands on one list", "choices across fields, all", "hundreds of headers"]
)
def test_a_policy_of_hard_conditions_is_shown_within_bounds(name, tmp_path, capsys):
    path = tmp_path / "edge.json"
    path.write_text(json.dumps(export(policies()[name])), encoding="utf-8")
    for arguments in ([], ["--format", "json"], ["--graph", "text"]):
        start = time.process_time()
        assert main(["show", str(path), *arguments]) == 0
        assert time.process_time() - start < 60  # a hang, not a benchmark: each takes some seconds
        assert capsys.readouterr().out


@pytest.mark.slow
def test_every_real_export_is_shown(capsys):
    assert main(["show", str(corpus() / "p2pstream")]) == 0
    assert main(["show", str(corpus() / "p2pstream"), "--graph", "dot"]) == 0
    assert capsys.readouterr().out
