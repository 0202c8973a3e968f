import os
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from edgelint.config import LIMIT, ConfigError, find, load, settings
from edgelint.finding import Severity
from edgelint.model.assertion import Budget
from edgelint.model.topology import Front, MachineEndpoint, Upstream

WHOLE = """
version: 1
include: ["edge/**/*.json"]
fail_on: high
topology:
  listeners:
    "*":
      behind: cloudflare
      preserves_client_ip: false
    internal:
      behind: [10.0.0.0/8, "2001:db8::/32"]
      caches: true
      longest_header: 8192
  upstreams:
    - {host: App.example.com, stack: rails, websockets: false}
    - {acme: true}
  trusted_headers: [X-Edge-Client]
  machine_endpoints:
    - {path: /healthz, every: 10s}
    - {host: api.example.com}
ignore:
  - check: broad-scope
    rule: waf/20
    reason: "maintenance page for every host, reviewed"
    expires: 2027-01-31
assertions:
  - name: logins are limited
    for: 'path_prefix(path, "/login")'
    require: rate_limited
    at_most: 10/1m
    per: client
  - name: never cache accounts
    for: 'path_prefix(path, "/account")'
    require: not_cached
"""

TOML = """
[tool.edgelint]
fail_on = "low"
[tool.edgelint.topology.listeners."*"]
behind = "nginx"
[[tool.edgelint.ignore]]
check = "broad-scope"
rule = "waf/20"
reason = "reviewed"
expires = 2027-01-31
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_that_can_be_said_is_understood(here):
    found = load(write(here / "edgelint.yaml", WHOLE))
    assert found.folder == here
    assert found.include == ("edge/**/*.json",)
    assert found.fail_on is Severity.HIGH
    assert found.topology.behind("public") == "cloudflare"
    assert found.topology.networks("internal") == ("10.0.0.0/8", "2001:db8::/32")
    assert found.topology.trusted_headers == ("x-edge-client",)
    assert found.topology.machine_endpoints == (
        MachineEndpoint(path="/healthz", every=10.0),
        MachineEndpoint(host="api.example.com"),
    )
    assert found.topology.front("internal") == Front(("10.0.0.0/8", "2001:db8::/32"), False, True, 8192)
    assert found.topology.upstream("app.example.com") == Upstream("app.example.com", "rails", False)
    assert found.topology.upstream("other.example.com").acme
    (entry,) = found.ignores
    assert (entry.check, entry.rule, entry.expires) == ("broad-scope", "waf/20", date(2027, 1, 31))
    assert (entry.place.location().path, entry.place.location().line) == ("edgelint.yaml", 23)
    limited, cached = found.assertions
    assert (limited.treatment, limited.denied, limited.at_most) == ("rate_limited", False, Budget(10, 60_000))
    assert (cached.treatment, cached.denied, cached.per) == ("cached", True, None)


def test_pyproject_says_the_same_things(here):
    found = load(write(here / "pyproject.toml", TOML))
    assert found.fail_on is Severity.LOW
    assert found.topology.behind("public") == "nginx"
    assert found.ignores[0].expires == date(2027, 1, 31)
    assert found.ignores[0].place.location().line == 8


@pytest.mark.parametrize("text", ["", "\ufeff", "# nothing yet\n", "version: 1\n", "---\n{}\n", "---\n", "{}"])
def test_a_file_that_says_nothing_changes_nothing(here, text):
    found = load(write(here / "edgelint.yaml", text))
    assert (found.include, found.fail_on, found.ignores) == ((), Severity.MEDIUM, ())


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("verson: 1\n", "1:1: unknown key `verson`, did you mean `version`"),
        ("listeners: {}\n", "1:1: unknown key `listeners`, it belongs under `topology`"),
        ("topology: {behind: edge}\n", "1:12: unknown key `behind`, it belongs under `topology.listeners`"),
        ("host: x\n", "1:1: unknown key `host`, it belongs under `topology.upstreams` or `topology.machine_endpoints`"),
        ("topology: {fail_on: low}\n", "1:12: unknown key `fail_on`, it belongs at the top"),
        ("topology: {listeners: {ignore: {hehind: x}}}\n", "1:33: unknown key `hehind`, did you mean `behind`"),
        ("topology:\n", "1:10: `topology` has no value"),
        ("topology: {listeners: {a: }}\n", "1:27: `a` should have keys and values"),
        ("topology: {listeners: {a: {longest_header: ~}}}", "1:44: `longest_header` has no value"),
        ("topology: {listeners: {a: {caches: no}}}", "1:36: `caches` should be `true` or `false`"),
        ("topology: {listeners: {a: {longest_header: '1'}}}", "1:44: `longest_header` should be a valid integer"),
        ("version: 2\n", "1:10: `version` should be 1"),
        ("topology:\n  listeners:\n    a: {bahind: x}\n", "3:9: unknown key `bahind`, did you mean `behind`"),
        ("topology: {listeners: {a: {behind: Cloud Flare}}}", "1:36: `behind` should be `edge`"),
        ("topology: {listeners: {a: {behind: []}}}", "1:36: `behind` should be `edge`"),
        (
            "topology: {listeners: {a: {behind: [10.0.0.1/8]}}}",
            "1:36: `behind` should list networks in CIDR notation, and `10.0.0.1/8` is none, did you mean `10.0.0.0/8`",
        ),
        ("topology: {listeners: {a: {behind: ['::1%a/128']}}}", "1:36: `behind` should list networks"),
        ("topology: {trusted_headers: ['a b']}", "1:30: `trusted_headers` should be the name of a header"),
        ("topology: {machine_endpoints: [{every: 1s}]}", "1:32: `machine_endpoints` should have a `host` or a `path`"),
        ("topology: {machine_endpoints: [{path: x}]}", "1:39: `path` should begin with `/`"),
        ("topology: {machine_endpoints: [{path: /x, every: 1}]}", "1:50: `every` should be a time such as `10s`"),
        ("ignore: [{check: never-matches, rule: waf/2}]", "1:10: the key `reason` is missing"),
        ("ignore:\n- check: never-match\n  rule: waf/2\n  reason: x\n", "2:10: `check` names no check: `never-match`"),
        ("ignore: [{check: never-matches, rule: waf, reason: x}]", "1:39: `rule` should read `phase/id`"),
        ("ignore: [{check: never-matches, rule: waf/2, reason: ' '}]", "1:54: `reason` should not be empty"),
        ("ignore: [{check: never-matches, rule: waf/2, reason: x, expires: 5}]", "1:66: `expires` should be a day"),
        ("assertions: [{name: a, for: b, require: safe}]", "1:41: `require` should be `rate_limited`"),
        ("assertions: [{name: a, for: b, require: cached, per: client}]", "1:14: `assertions` should have `at_most`"),
        ("assertions: [{name: a, for: b, require: rate_limited, at_most: 0/1m}]", "1:64: `at_most` should be a budget"),
        (
            "ignore: [{check: never-matches, rule: waf/2, reason: x, expires: 20310131}]",
            "1:66: `expires` should be a day",
        ),
        ("fail_on: never\n", "1:10: `fail_on` should be `info`"),
        ("include: x.json\n", "1:10: `include` should be a valid list"),
        ("include: [../x]\n", "1:11: `include` should be a pattern for paths below"),
        ("include: [/etc/x]\n", "1:11: `include` should be a pattern for paths below"),
        ("include: ['a**b']\n", "1:11: `include` should be a pattern for paths below"),
        ("include: ['**/a/**/b/**']\n", "1:11: `include` should be a pattern with `**` in it twice at most"),
        ('include: ["a\\0b"]\n', "1:11: `include` should be a pattern for paths below"),
        ("version: true\n", "1:10: `version` should be 1"),
        ("- a\n", "1:1: a configuration should have keys and values"),
        ("fail_on: low\nfail_on: high\n", "2:1: the key `fail_on` is there twice"),
        ("fail_on: &a low\n", "1:10: anchors, aliases and tags"),
        ("fail_on: !!str low\n", "1:10: anchors, aliases and tags"),
        ("? [a]\n: b\n", "1:3: a key is a plain text"),
        ("fail_on: low\n---\nfail_on: high\n", "2:1: a configuration is one document"),
        ("fail_on: [\n", "2:1: not YAML"),
        ("fail_on: \x01\n", "1:1: not YAML: it holds a character"),
        ("[" * 900, "1:14: this is nested too deeply"),
        ("- " * 100_000, "1:27: this is nested too deeply"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(here, text, error):
    path = write(here / "edgelint.yaml", text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"edgelint.yaml:{error}")
    assert "\n" not in str(caught.value)


def test_a_message_is_short_however_long_the_value(here):
    path = write(here / "edgelint.yaml", f"ignore: [{{check: {'x' * 9999}, rule: waf/1, reason: x}}]\n")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"k{number}: 1\n" for number in range(5000)),
        "ignore:\n" + "- {check: shadowed-rul, rule: waf/1, reason: x}\n" * 2000,
    ],
    ids=["unknown keys", "unknown checks"],
)
def test_thousands_of_mistakes_cost_no_more_than_one(here, text, monkeypatch):
    asked = []
    monkeypatch.setattr("edgelint.config.validation.get_close_matches", lambda *words, n: asked.append(words) or [])
    with pytest.raises(ConfigError):
        load(write(here / "edgelint.yaml", text))
    assert len(asked) == 1  # looking for a similar word takes long: it is done for the mistake that is told


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[tool.edgelint]\nfail_on = 1\nfoo = 2\n", "2:1: `fail_on` should be `info`"),
        ("[tool.edgelint]\nfoo = 2\n", "2:1: unknown key `foo`"),
        ("[[tool.edgelint.ignore]]\ncheck = 'never-matches'\nrule = 'waf/1'\n", "1:3: the key `reason` is missing"),
        ("[tool.edgelint]\nignore = [{check = 'x'}]\n", "2:1: `check` names no check"),
        ("[tool.edgelint\n", "1:15: not TOML: expected"),
        ("[tool]\nedgelint = 3\n", " `tool.edgelint` is not a table"),
        ("[tool.other]\na = 1\n", " there is no table `tool.edgelint` in it"),
        ("[tool.edgelint]\n\nfail_on = 'low'\nfail_on = 'low'\n", "4:16: not TOML: cannot overwrite a value"),
        ("[tool.edgelint]\n[tool.edgelint]\n", "2:15: not TOML: cannot declare `tool.edgelint` twice"),
        ("[tool.edgelint]\nfail_on = '''low", "2:17: not TOML: "),
        (
            "[[tool.edgelint.ignore]]\ncheck='never-matches'\nrule='waf/1'\nreason='x'\nexpires = 2031-01-31T10:00:00\n",
            "5:1: `expires` should be a day",
        ),
        ("[tool.edgelint]\nversion = 1.0\n", "2:1: `version` should be 1"),
        ("[tool.edgelint]\nversion = nan\n", "2:1: `version` should be 1"),
        ("[tool.edgelint]\na" + ".a" * 100_000 + " = 1\n", "2:1: this is nested too deeply"),
        ("[tool.edgelint]\n[" + '"\\u0061". ' * 20_000 + "a]\n", "2:1: this is nested too deeply"),
        ("[tool.edgelint]\nx = {a" + ".a" * 100_000 + " = 1}\n", "1:1: a line of this file has too many dots"),
        ("[tool.edgelint]\nx = " + "[" * 100_000 + "\n", "1:1: something in this file is nested too deeply"),
    ],
)
def test_what_is_wrong_in_pyproject_is_said_with_its_place(here, text, error):
    path = write(here / "pyproject.toml", text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"pyproject.toml:{error}")


def test_a_file_that_cannot_be_read_is_one_line(here):
    with pytest.raises(ConfigError, match="no such file or directory"):
        load(here / "missing.yaml")
    with pytest.raises(ConfigError, match="larger than"):
        load(write(here / "edgelint.yaml", " " * (LIMIT + 1)))
    (here / "bytes.yaml").write_bytes(b"a: \xff")
    with pytest.raises(ConfigError, match="not UTF-8 at byte 3"):
        load(here / "bytes.yaml")


def test_the_nearest_file_upwards_counts(here):
    outer, inner = write(here / "edgelint.yaml", ""), write(here / "a/b/.edgelint.yaml", "")
    assert find(here / "a/b") == inner
    assert find(here / "a/b/c") == inner
    assert find(here / "a") == outer


def test_of_several_files_in_one_folder_the_plainest_counts(here):
    pyproject = write(here / "pyproject.toml", TOML)
    assert find(here) == pyproject
    hidden = write(here / ".edgelint.yaml", "")
    assert find(here) == hidden
    plain = write(here / "edgelint.yaml", "")
    assert find(here) == plain


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("[tool.other]\n", False),
        ("[tool.edgelint]\n", True),
        ("[tool.edgelint-plugins]\nfail_on = 'low'\n", False),
        ("[ tool . 'edgelint' ]\nfail_on = 'low'\n", True),
        ("[tool]\nedgelint.fail_on = 'low'\n", True),
        ("tool.edgelint.fail_on = 'low'\n", True),
        ("tool = {edgelint = {fail_on = 'low'}}\n", True),
        ("[project]\ndescription = '''\n[tool.edgelint]\n'''\n", False),
        ("# [tool.edgelint]\n", False),
        ("[project]\nname = 'edgelint'\n", False),
        ("\n" * 100_000 + "[project]\nname = 'edgelint'\n", False),
        ("[project\nname = 'edgelint'\n", False),
        ("[project]\nx = \n[tool.edgelint.topology]\n", True),
        ("[tool.edgelint]\n#" + "x" * LIMIT, True),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_pyproject_counts_only_when_it_speaks_of_us(here, text, counts):
    outer, inner = write(here / "edgelint.yaml", ""), write(here / "a/pyproject.toml", text)
    assert find(here / "a") == (inner if counts else outer)


@pytest.mark.parametrize("content", [b"\xff", b"\xff edgelint", None])
def test_a_broken_pyproject_of_somebody_else_is_no_concern_of_ours(here, content):
    outer = write(here / "edgelint.yaml", "")
    (here / "a").mkdir()
    if content is None:
        (here / "a/pyproject.toml").symlink_to("nowhere")
    else:
        (here / "a/pyproject.toml").write_bytes(content)
    assert find(here / "a") == outer


def test_a_broken_pyproject_that_speaks_of_us_is_told_of(here):
    (here / "pyproject.toml").write_bytes(b"[tool.edgelint]\nfail_on = '\xff'\n")
    with pytest.raises(ConfigError, match=r"^pyproject.toml: is not UTF-8 at byte 27$"):
        settings(here)


def test_the_search_ends_at_the_top_of_the_repository(here):
    write(here / "edgelint.yaml", "")
    (here / "repository/.git").mkdir(parents=True)
    (here / "repository/a").mkdir(parents=True)
    assert find(here / "repository/a") is None
    inner = write(here / "repository/edgelint.yaml", "")
    assert find(here / "repository/a") == inner


def test_the_top_of_a_second_work_tree_is_a_top_as_well(here):
    def git(*words):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words]
        subprocess.run(command, cwd=here / "first", check=True, capture_output=True)

    write(here / "edgelint.yaml", "")
    (here / "first").mkdir()
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "x")
    git("worktree", "add", "-q", "../second")
    assert (here / "second/.git").is_file()  # it says where the repository is
    assert find(here / "second") is None


def test_of_tracked_files_the_nearest_counts(here):
    write(here / "edgelint.yaml", "fail_on: high")
    write(here / "edge" / "edgelint.yaml", "fail_on: low")
    known = frozenset({str(here / "edgelint.yaml")})
    assert settings(here / "edge", tracked=known).fail_on is Severity.HIGH
    assert settings(here / "edge", here / "edge" / "edgelint.yaml", tracked=known).fail_on is Severity.LOW
    assert settings(here / "edge", tracked=frozenset()).fail_on is Severity.MEDIUM


def test_isolation_and_a_chosen_file_pass_the_search_over(here):
    write(here / "edgelint.yaml", "fail_on: low\n")
    other = write(here / "other.yaml", "fail_on: critical\n")
    assert settings(here).fail_on is Severity.LOW
    assert settings(here, isolated=True).fail_on is Severity.MEDIUM
    assert settings(here, other).fail_on is Severity.CRITICAL


def test_what_is_chosen_is_read_whatever_it_is(here):
    with pytest.raises(ConfigError, match="is a directory"):
        settings(here, here)
    assert settings(here, Path("/dev/null")).fail_on is Severity.MEDIUM


@pytest.mark.parametrize("name", ["edgelint.yaml", ".edgelint.yaml"])
def test_what_has_the_name_and_cannot_be_read_is_not_passed_over(here, name):
    path = here / name
    path.mkdir()
    with pytest.raises(ConfigError, match=rf"^{name}: is not a file$"):
        settings(here)
    path.rmdir()
    path.symlink_to("nowhere.yaml")
    with pytest.raises(ConfigError, match=rf"^{name}: no such file or directory$"):
        settings(here)
    path.unlink()
    path.symlink_to(name)
    with pytest.raises(ConfigError, match=rf"^{name}: too many levels of symbolic links$"):
        settings(here)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ConfigError, match=rf"^{name}: is not a file$"):
        settings(here)


def test_a_file_that_may_not_be_read_is_told_of(here, monkeypatch):
    path = write(here / "edgelint.yaml", "")

    def refused(self, *_arguments, **_options):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(ConfigError, match=r"^edgelint.yaml: permission denied$"):
        load(path)


def test_patterns_begin_in_the_folder_of_the_file_even_where_it_is_a_link(here):
    write(here / "elsewhere/shared.yaml", "include: ['*.json']\n")
    write(here / "elsewhere/wrong.json", "{}")
    write(here / "work/right.json", "{}")
    (here / "work/edgelint.yaml").symlink_to("../elsewhere/shared.yaml")
    assert settings(here / "work").included() == ("work/right.json",)


def test_included_files_are_found_below_the_file_that_includes_them(here, monkeypatch):
    write(here / "edgelint.yaml", "include: ['edge/**/*.json', '*.json']\n")
    for name in ("edge/b/x.json", "edge/a.json", "other/y.json", "z.json"):
        write(here / name, "{}")
    assert settings(here).included() == ("edge/a.json", "edge/b/x.json", "z.json")
    monkeypatch.chdir(here / "edge")
    assert settings(here / "edge").included() == (str(here / "z.json"), "a.json", "b/x.json")


def outcome(path, text):
    """What loading a text comes to: an error in words, or nothing."""
    path.write_text(text, encoding="utf-8")
    try:
        load(path)
    except ConfigError as error:
        return str(error)
    return ""


def test_truth_is_spelled_as_the_core_schema_of_yaml_has_it(here):
    for text, said in (("True", True), ("FALSE", False), ("true", True)):
        found = load(write(here / "edgelint.yaml", f"topology: {{listeners: {{a: {{caches: {text}}}}}}}"))
        assert found.topology.front("a").caches is said


@given(text=some.text(alphabet="abc:-[]{}#&*!|>'\"%@`,?~ \n\t\\1", max_size=60))
def test_no_text_does_more_than_be_wrong(text, tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "edgelint.yaml"
    error = outcome(path, text)
    assert error == "" or error.startswith(f"{path}:")
    assert "\n" not in error


@given(text=some.text(alphabet="ab=[]{}.\"'\n#1 tol", max_size=60))
def test_no_toml_does_more_than_be_wrong(text, tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "pyproject.toml"
    error = outcome(path, f"[tool.edgelint]\n{text}")
    assert error == "" or error.startswith(f"{path}:")
