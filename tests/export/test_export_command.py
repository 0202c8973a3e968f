import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from exporting import export_in

from edgelint.cli import main
from support import FIXTURES, ROOT

KEPT = {"waf_rules": [{"name": "r", "match_rule": {"cel_expression": 'method == "TRACE"'}}]}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in that holds a rule set."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge.json").write_text(json.dumps(KEPT))
    return tmp_path


def test_an_export_goes_to_standard_output(here, capsys):
    assert main(["export", "edge.json"]) == 0
    assert capsys.readouterr() == (export_in(KEPT), "")


def test_an_export_goes_to_a_file(here, capsys):
    assert main(["export", "edge.json", "--output", "out.json"]) == 0
    assert capsys.readouterr() == ("", "")
    assert (here / "out.json").read_bytes() == export_in(KEPT).encode()
    assert sorted(path.name for path in here.iterdir()) == ["edge.json", "out.json"]


def test_a_file_may_be_replaced_by_its_own_export(here):
    assert main(["export", "edge.json", "--output", "edge.json"]) == 0
    assert (here / "edge.json").read_text() == export_in(KEPT)


def test_a_source_comes_through_standard_input(here, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(KEPT).encode())))
    assert main(["export", "-"]) == 0
    assert capsys.readouterr().out == export_in(KEPT)


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        ('{"waf_rules": [{"name": "r", "priority": "x"}]}', ["edge.json:1:42: `priority` should be"]),
        ('{"waf_rules": [{"name": "a b"}, {"nam', ["edge.json:1:34: the text is not valid JSON"]),
        (
            json.dumps({"waf_rules": [{"name": "r", "match_rule": {"cel_expression": "host == 1 ||"}}]}),
            ["edge.json:1:76: the expression ends here"],
        ),
        (
            '{"waf_rules": [{"name": "a b"}, {"name": "r", "limit": 1, "match_rul": {}}]}',
            ["edge.json:1:25: name `a b` is not"],
        ),
        ('{"waf_rules": [{"name": "r", "match_rul": {}}]}', ["`match_rul` is not a known field of a WAF rule (waf/r)"]),
        ("{", ["edge.json:1:2: "]),
        ("", ["edge.json:1:1: the file is empty"]),
        ('{"Statement": []}', ["this is no p2pstream configuration"]),
    ],
)
def test_what_is_not_wholly_understood_is_not_exported(here, capsys, content, messages):
    (here / "edge.json").write_text(content)
    (here / "out.json").write_text("as it was")
    assert main(["export", "edge.json", "--output", "out.json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    for message, line in zip(messages, err.splitlines(), strict=True):
        assert line.startswith("edgelint: cannot export ")
        assert message in line
    assert (here / "out.json").read_text() == "as it was"


def test_of_very_many_reasons_the_first_are_said(here, capsys):
    rules = [{"name": f"r{number}", "priority": "x"} for number in range(50)]
    (here / "edge.json").write_text(json.dumps({"waf_rules": rules}))
    assert main(["export", "edge.json"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "edgelint: cannot export for 30 more reasons like these"


def test_fields_without_a_model_are_left_out_and_said(here, capsys):
    rule = {"name": "r", "match_rule": {"cel_expression": "true"}, "shiny\x1bnew": "hush", "limits": 5}
    (here / "edge.json").write_text(json.dumps({"waf_rules": [rule], "moon": 1}))
    assert main(["export", "edge.json"]) == 0
    out, err = capsys.readouterr()
    assert "hush" not in out + err
    assert "shiny" not in out
    assert err.splitlines() == [
        "edgelint: edge.json:1:121: `moon` is not a known part of a configuration, it is left out",
        "edgelint: edge.json:1:90: `shiny\N{REPLACEMENT CHARACTER}new` is not a known field of a WAF rule (waf/r), it is left out",
        "edgelint: edge.json:1:108: `limits` is not a known field of a WAF rule (waf/r), it is left out",
    ]


def test_two_objects_with_one_id_are_not_exported(here, capsys):
    listeners = [{"id": 1, "name": name, "port": 80, "protocol": "http"} for name in ("b", "a")]
    routes = [{"id": 1, "listener_id": 1, "host_pattern": "x"}]
    (here / "edge.json").write_text(json.dumps({"listeners": listeners, "routes": routes}))
    assert main(["export", "edge.json"]) == 2
    assert "it has no canonical form that means the same, where two things share one id" in capsys.readouterr().err


def test_a_folder_is_one_rule_set_or_is_refused(here, capsys):
    assert main(["export", str(FIXTURES / "deployments" / "town-portal")]) == 0
    assert main(["export", "."]) == 0
    capsys.readouterr()
    answer = {"wafRules": [{"name": "r", "action": "PUBLIC_WAF_RULE_ACTION_BLOCK"}]}
    (here / "answer.json").write_text(json.dumps(answer))
    assert main(["export", "."]) == 2
    assert "`.`: it holds 2 rule sets, name one of `answer.json`, `edge.json`" in capsys.readouterr().err
    (here / "empty").mkdir()
    assert main(["export", "empty"]) == 2
    assert capsys.readouterr().err == "edgelint: cannot export `empty`: it holds no rule set\n"


def test_a_source_that_is_not_there_is_one_line(here, capsys):
    assert main(["export", "missing.db"]) == 2
    assert capsys.readouterr() == ("", "edgelint: cannot read `missing.db`: no such file or directory\n")


# Writing


def test_a_file_keeps_its_permissions_and_a_link_what_it_stands_for(here):
    (here / "real.json").write_text("old")
    (here / "real.json").chmod(0o640)
    (here / "link.json").symlink_to("real.json")
    assert main(["export", "edge.json", "--output", "link.json"]) == 0
    assert (here / "link.json").is_symlink()
    assert (here / "real.json").read_text() == export_in(KEPT)
    assert (here / "real.json").stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_permissions_that_new_files_have(here):
    old = os.umask(0o027)
    try:
        assert main(["export", "edge.json", "--output", "new.json"]) == 0
    finally:
        os.umask(old)
    assert (here / "new.json").stat().st_mode & 0o777 == 0o640


def test_a_disk_that_is_full_leaves_the_old_file(here, monkeypatch, capsys):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    (here / "out.json").write_text("as it was")
    monkeypatch.setattr(os, "fsync", full)
    assert main(["export", "edge.json", "--output", "out.json"]) == 2
    assert capsys.readouterr().err == "edgelint: out.json: no space left on device\n"
    assert (here / "out.json").read_text() == "as it was"
    assert sorted(path.name for path in here.iterdir()) == ["edge.json", "out.json"]


def test_a_folder_that_is_not_there_is_one_line(here, capsys):
    assert main(["export", "edge.json", "--output", "missing/out.json"]) == 2
    assert capsys.readouterr().err == "edgelint: missing/out.json: no such file or directory\n"


def test_what_is_no_regular_file_is_written_to(here):
    reading, writing = os.pipe()
    assert main(["export", "edge.json", "--output", f"/dev/fd/{writing}"]) == 0
    os.close(writing)
    with os.fdopen(reading) as stream:
        assert stream.read() == export_in(KEPT)


# Start-up


@pytest.mark.parametrize("arguments", [["check", "edge.json"], ["export", "--help"], ["export", "edge.json"]])
def test_what_asks_no_server_imports_nothing_to_ask_one(here, arguments):
    program = f"""
import sys
from edgelint.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
print(sorted({{"ssl", "socket", "http.client"}} & set(sys.modules)), file=sys.stderr)
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "linter")}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert done.stderr == "[]\n"
    assert Path("edge.json").exists()
