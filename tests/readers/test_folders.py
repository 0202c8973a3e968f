import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from reading import (
    limiter,
    messages,
    no_input,
    only_policy,
    only_problem,
    only_rule,
    read_paths,
    read_plain,
    read_text,
    waf,
)

from edgelint.readers import InputError, formats, read
from edgelint.readers.contract import MOST_BYTES, Reading
from support import FIXTURES

ROUTES = {"routes": [{"listener_id": 1, "path_prefix": "/"}]}
ANSWER = {"wafRules": [{"name": "r", "enabled": True, "createdAtUnixMillis": "1"}]}


def write(folder: Path, **files: object) -> Path:
    for name, value in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
    return folder


def test_files_of_a_folder_that_are_kept_by_hand_are_one_policy(tmp_path):
    write(tmp_path, a_dot_json=waf(), b_dot_yaml="rate_limit_rules:\n- name: x\n", c_dot_yml=json.dumps(ROUTES))
    policy = only_policy(read_paths(tmp_path))
    assert policy.name == str(tmp_path)
    assert [rule.phase for rule in policy.rules] == ["waf", "rate_limit"]
    assert len(policy.routes) == 1
    assert [Path(rule.place.source.name).name for rule in policy.rules] == ["a.json", "b.yaml"]


def test_files_named_one_by_one_are_one_policy_when_they_are_in_one_folder(tmp_path):
    write(tmp_path, a_dot_json=waf(), b_dot_json=limiter(), sub__c_dot_json=limiter())
    reading = read_paths(tmp_path / "a.json", tmp_path / "sub" / "c.json", tmp_path / "b.json")
    assert [policy.name for policy in reading.policies] == [str(tmp_path), str(tmp_path / "sub" / "c.json")]


def test_one_name_in_two_files_of_a_policy_is_a_problem_in_the_second(tmp_path):
    write(tmp_path, a_dot_json=waf(), b_dot_json=waf(), c_dot_json=limiter())
    problem = only_problem(only_policy(read_paths(tmp_path)))
    assert "is called `r` too" in problem.message
    assert problem.place.location().path == str(tmp_path / "b.json")


def test_rules_without_ids_are_ordered_through_the_files_of_a_policy(tmp_path):
    write(tmp_path, a_dot_json={"waf_rules": [{"name": "x"}, {"name": "y"}]}, b_dot_json={"waf_rules": [{"name": "z"}]})
    policy = only_policy(read_paths(tmp_path))
    assert [(rule.name, rule.order) for rule in policy.rules] == [("x", (100, 1)), ("y", (100, 2)), ("z", (100, 3))]


def test_an_answer_stands_for_itself(tmp_path):
    write(tmp_path, a_dot_json=waf(), b_dot_json=ANSWER, c_dot_json=limiter())
    reading = read_paths(tmp_path)
    assert [policy.name for policy in reading.policies] == [str(tmp_path), str(tmp_path / "b.json")]


def test_two_files_that_hold_rules_and_routes_stand_for_themselves(tmp_path):
    write(tmp_path, one_dot_json={**waf(), **ROUTES}, two_dot_json={**waf(), **ROUTES}, three_dot_json=limiter())
    names = [Path(policy.name).name for policy in read_paths(tmp_path).policies]
    assert sorted(names) == ["one.json", "three.json", "two.json"]


def test_folders_below_are_policies_of_their_own_in_sorted_order(tmp_path):
    write(tmp_path, z__a_dot_json=waf(), b__a_dot_json=waf(), b__c__a_dot_json=waf())
    names = [os.path.relpath(policy.name, tmp_path) for policy in read_paths(tmp_path).policies]
    assert names == ["b/a.json", "b/c/a.json", "z/a.json"]


def test_what_is_something_else_is_ignored_in_a_folder(tmp_path):
    write(
        tmp_path,
        package_dot_json={"name": "x", "dependencies": {}},
        openapi_dot_yaml="openapi: 3.1.0\npaths: {}\n",
        deployment_dot_yaml="kind: Service\n---\nkind: Deployment\n",
        chart_dot_yaml="listeners:\n{{- range .Values.listeners }}\n- {{ . }}\n{{- end }}\n",
        broken_dot_json="{",
        empty_dot_json="",
        readme_dot_md="# waf_rules\n",
        script_dot_py="waf_rules = {}",
        other_dot_json={"rate_limit_rules": [{"name": "x", "expression": "true", "action": "block"}]},
    )
    reading = read_paths(tmp_path)
    assert reading.policies == ()
    assert messages(reading) == []
    assert len(reading.ignored) == 9


def test_broken_input_that_was_meant_for_us_is_a_problem_in_a_folder_too(tmp_path):
    write(tmp_path, a_dot_json='{"waf_rules": [', b_dot_json=limiter())
    reading = read_paths(tmp_path)
    assert only_problem(reading).place.location().path == str(tmp_path / "a.json")
    assert len(reading.policies) == 1


def test_hidden_files_other_peoples_modules_and_links_to_folders_are_left_out(tmp_path):
    write(tmp_path, a_dot_json=waf(), _dot_git__x_dot_json=waf(), node_modules__x_dot_json=waf(), _dot_x_dot_json=waf())
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    reading = read_paths(tmp_path)
    assert len(only_policy(reading).rules) == 1
    assert reading.ignored == ()


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    write(tmp_path, a_dot_json=waf())
    (tmp_path / "b.json").symlink_to(tmp_path / "a.json")
    policy = only_policy(read_paths(tmp_path / "a.json", tmp_path, tmp_path / "." / "a.json"))
    assert len(policy.rules) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"name": "x", "dependencies": {}}', "is no p2pstream configuration"),
        ('{"rate_limit_rules": [{"expression": "true"}]}', "is no p2pstream configuration"),
        ("[]", "is no p2pstream configuration"),
        ("just text", "is no p2pstream configuration"),
        ('{"code": "unauthenticated", "message": "secret"}', "is an error that p2pstream answered with"),
        ("", "is empty"),
        ("# nothing\n", "is no p2pstream configuration"),
    ],
)
def test_what_is_something_else_is_a_problem_when_it_is_named(tmp_path, text, words):
    write(tmp_path, x_dot_yaml=text)
    reading = read_paths(tmp_path / "x.yaml")
    problem = only_problem(reading)
    assert words in problem.message
    assert "secret" not in problem.message
    assert problem.place.location().path == str(tmp_path / "x.yaml")


def test_a_named_file_in_no_known_format_is_a_problem(tmp_path):
    write(tmp_path, x_dot_md="# Title")
    assert "p2pstream-json, p2pstream-sqlite" in only_problem(read_paths(tmp_path / "x.md")).message


def test_a_format_can_be_forced(tmp_path):
    write(tmp_path, x_dot_conf="waf_rules: [{name: r}]")
    assert messages(read_paths(tmp_path / "x.conf"))
    assert only_policy(read_paths(tmp_path / "x.conf", input_format="p2pstream-json")).rules
    assert (
        "not an SQLite database"
        in only_problem(read_paths(tmp_path / "x.conf", input_format="p2pstream-sqlite")).message
    )


def test_json_by_another_name_is_told_by_its_beginning(tmp_path):
    write(tmp_path, export="\ufeff \n" + json.dumps(waf()))
    assert only_policy(read_paths(tmp_path / "export")).rules


@pytest.mark.parametrize("text", [json.dumps(waf()), "waf_rules:\n- name: r\n"])
def test_standard_input_is_json_or_yaml(text):
    policy = only_policy(read_text(text))
    assert policy.name == "-"
    assert only_rule(policy).name == "r"


def test_an_empty_object_is_a_policy_without_rules_when_it_is_named():
    assert read_plain({}).rules == ()


def test_json_is_never_read_as_yaml(tmp_path):
    write(
        tmp_path,
        a_dot_json="waf_rules: [{name: r}]",
        b_dot_yaml='{"waf_rules": [{"name": "r", "action": "\\ud83d\\ude00"}]}',
    )
    assert "not valid JSON" in only_problem(read_paths(tmp_path / "a.json")).message
    assert "`action` should be one of" in only_problem(only_policy(read_paths(tmp_path / "b.yaml"))).message


@pytest.mark.parametrize("name", ["missing.json", "no\0path", "a.json/b.json"])
def test_a_path_that_cannot_be_read_is_the_callers_mistake(tmp_path, name):
    write(tmp_path, a_dot_json=waf())
    with pytest.raises(InputError, match="cannot read "):
        read_paths(f"{tmp_path}/{name}")


def test_an_unknown_format_is_the_callers_mistake():
    with pytest.raises(InputError, match="unknown input format `moon`, known are: p2pstream-json, p2pstream-sqlite"):
        read([], stdin=no_input, input_format="moon")


def test_a_pipe_is_read_once(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = subprocess.Popen([sys.executable, "-c", f"open({str(pipe)!r}, 'w').write('waf_rules: [{{name: r}}]')"])
    reading = read_paths(pipe, input_format="p2pstream-json")
    assert writer.wait() == 0
    assert only_policy(reading).rules


def test_a_stream_without_end_is_cut_and_refused(tmp_path):
    link = tmp_path / "zero.json"
    link.symlink_to("/dev/zero")
    assert "is larger than 64 MiB" in only_problem(read_paths(link)).message


def test_a_file_that_is_too_large_is_refused(tmp_path):
    with (tmp_path / "a.json").open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    assert "is larger than 64 MiB" in only_problem(read_paths(tmp_path)).message


def test_nothing_slow_is_imported_before_it_is_needed(tmp_path):
    write(tmp_path, x_dot_txt="nothing of ours")
    code = (
        "import sys, edgelint.readers as readers;"
        f"readers.read([{str(tmp_path)!r}], stdin=bytes);"
        "print(sorted({'pydantic', 'yaml', 'sqlite3', 'lark', 'networkx'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.strip() == "[]"


def test_an_export_in_json_needs_no_library():
    path = FIXTURES / "examples" / "shop.json"
    code = (
        "import sys, edgelint.readers as readers;"
        f"assert readers.read([{str(path)!r}], stdin=bytes).policies;"
        "print(sorted({'pydantic', 'yaml', 'sqlite3', 'networkx', 'edgelint.readers.documents.yaml_document'}"
        " & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.strip() == "[]"


def test_formats_are_found_by_themselves():
    assert formats() == ("p2pstream-json", "p2pstream-sqlite")


def test_of_files_that_do_not_count_none_is_opened(tmp_path):
    write(tmp_path, a_dot_json=waf(), b_dot_json=limiter(), broken_dot_json="{", sub__c_dot_json=limiter())
    known = frozenset({str(tmp_path / "a.json"), str(tmp_path / "sub" / "c.json")})
    reading = read([str(tmp_path), str(tmp_path / "b.json"), "-"], stdin=lambda: b"{}", tracked=known)
    assert [policy.name for policy in reading.policies] == [str(tmp_path / "a.json"), str(tmp_path / "sub" / "c.json")]
    assert reading.problems == ()
    assert read([str(tmp_path)], stdin=no_input, tracked=frozenset()) == Reading()


def test_a_link_counts_when_it_and_what_it_leads_to_do(tmp_path):
    write(tmp_path, in__a_dot_json=waf(), out__b_dot_json=limiter())
    links = {"known.json": "in/a.json", "astray.json": "out/b.json", "unknown.json": "in/a.json"}
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    known = frozenset(str(tmp_path / name) for name in ("in/a.json", "known.json", "astray.json"))
    reading = read([str(tmp_path / name) for name in links], stdin=no_input, tracked=known)
    assert [policy.name for policy in reading.policies] == [str(tmp_path / "known.json")]
