"""The first configuration: it is valid, finds what is there, and teaches nothing wrong."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import settings as trials
from hypothesis import strategies as some

from edgelint.cli import main
from edgelint.config import LIMIT, load, settings
from edgelint.config.yaml_text import remark, scalar
from edgelint.facts import Facts
from edgelint.knowledge.hints import hinted
from edgelint.model.topology import MachineEndpoint
from edgelint.readers import read
from edgelint.scaffold import patterns, scaffold
from support import FIXTURES, facts_of, many

RULES = {"waf_rules": [{"name": "a", "priority": 1, "action": "block", "match_rule": {"cel_expression": "true"}}]}
SHOP = (FIXTURES / "examples" / "shop.json").read_text(encoding="utf-8")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, content=RULES):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def git(folder, *words):
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def said(text):
    """A configuration with everything in it said that it only proposes."""
    lines = text.split("\n")
    start = lines.index("# topology:")
    return "\n".join(
        [*lines[:start], *(line.removeprefix("# ") for line in lines[start:] if not line.startswith("# F"))]
    )


def listed(folder):
    """The files that a check without paths reads."""
    return settings(folder).included()


def test_it_finds_what_a_check_of_the_folder_finds(here, capsys):
    for name in ("edge/shop.json", "staging/edge.json"):
        write(here / name, SHOP)
    write(here / "edge/package.json", {"name": "x"})
    write(here / "notes.yaml", "a: 1\n")
    assert main(["check", "--format", "json"]) == 1
    before = capsys.readouterr().out
    assert main(["init"]) == 0
    assert capsys.readouterr() == (
        "",
        "edgelint: wrote edgelint.yaml, which includes 2 files of rules; next, say in it what stands before the edge, and"
        " run `edgelint check`\n",
    )
    assert listed(here) == ("edge/shop.json", "staging/edge.json")
    assert main(["check", "--format", "json"]) == 1
    assert capsys.readouterr().out == before


def test_it_names_the_listeners_and_what_programs_ask_for(here):
    document = json.loads(SHOP)
    names = [listener["name"] for listener in document["listeners"]]
    write(here / "shop.json", SHOP)
    text = scaffold(here).text
    assert load(write(here / "edgelint.yaml", text)).topology.fronts == ()
    proposed = load(write(here / "edgelint.yaml", said(text)))
    assert [name for name, _ in proposed.topology.fronts] == names
    assert proposed.topology.machine_endpoints == (MachineEndpoint("api.example.com"),)
    assert proposed.topology.trusted_headers
    assert proposed.topology.upstreams[0].host == "shop.example.com"


@pytest.mark.parametrize("folder", sorted((FIXTURES / "deployments").iterdir()), ids=lambda folder: folder.name)
def test_what_it_proposes_for_the_deployments_is_valid(folder, here):
    text = scaffold(folder).text
    assert load(write(here / "edgelint.yaml", text)).include
    proposed = load(write(here / "edgelint.yaml", said(text)))
    assert proposed.topology.fronts
    assert proposed.topology.machine_endpoints


def test_with_nothing_there_it_teaches_all_the_same(here, capsys):
    write(here / "package.json", {"name": "x"})
    assert main(["init"]) == 0
    assert "includes no rules so far" in capsys.readouterr().err
    assert settings(here).include == ()
    text = (here / "edgelint.yaml").read_text(encoding="utf-8")
    assert load(write(here / "edgelint.yaml", said(text))).topology.behind("any") == ""
    assert main(["check"]) == 3


def test_it_can_be_printed(here, capsys):
    write(here / "edge.json")
    assert main(["init", "--stdout"]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == (scaffold(here).text, "")
    assert [path.name for path in here.iterdir()] == ["edge.json"]


@pytest.mark.parametrize("name", ["edgelint.yaml", ".edgelint.yaml", "pyproject.toml"])
def test_a_configuration_is_never_overwritten(here, monkeypatch, capsys, name):
    there = write(here / name, "[tool.edgelint]\n" if name.endswith("toml") else "fail_on: low\n")
    (here / "below").mkdir()
    for folder in (here, here / "below"):
        monkeypatch.chdir(folder)
        before = there.read_bytes()
        assert main(["init"]) == 2
        assert f"{there} holds for this folder already" in capsys.readouterr().err
        assert there.read_bytes() == before
        assert main(["init", "--stdout"]) == 0
    assert list((here / "below").iterdir()) == []


def test_what_only_has_the_name_is_not_overwritten(here, capsys):
    (here / "edgelint.yaml").symlink_to("elsewhere.yaml")
    assert main(["init"]) == 2
    assert not (here / "elsewhere.yaml").exists()


def test_a_folder_that_takes_no_file_is_told_of(here, monkeypatch, capsys):
    def refused(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    assert main(["init"]) == 2
    assert capsys.readouterr().err == "edgelint: edgelint.yaml: permission denied\n"


def test_what_git_ignores_is_left_out(here):
    git(here, "init", "-q")
    for name in ("edge/tracked.json", "edge/new.json", "edge/secret.json", "build/edge.json"):
        write(here / name, SHOP.replace("public-https", Path(name).stem))
    write(here / ".gitignore", "build/\nsecret.json\n")
    git(here, "add", "edge/tracked.json")
    made = scaffold(here)
    assert made.files == ("edge/new.json", "edge/tracked.json")
    assert "secret" not in made.text
    assert main(["init"]) == 0
    assert listed(here) == made.files


def test_below_the_top_of_a_repository_it_says_that_hooks_run_elsewhere(here, monkeypatch, capsys):
    git(here, "init", "-q")
    write(here / "edge/one.json")
    monkeypatch.chdir(here / "edge")
    assert main(["init"]) == 0
    assert "a hook runs at the top of the repository" in capsys.readouterr().err
    assert listed(here / "edge") == ("one.json",)


# Patterns


@pytest.mark.parametrize(
    ("files", "others", "expected"),
    [
        (["edge.json"], [], ["edge.json"]),
        (["a.json", "b.json"], [], ["a.json", "b.json"]),
        (["edge/a.json"], [], ["edge/a.json"]),
        (["edge/a.json", "edge/b.json"], ["edge/c.yaml"], ["edge/*.json"]),
        (["edge/a.json", "edge/b.json"], ["edge/package.json"], ["edge/a.json", "edge/b.json"]),
        (["edge/a.json", "edge/b.json"], ["edge/.hidden.json"], ["edge/a.json", "edge/b.json"]),
        (["edge/x/a.json", "edge/y/b.json"], [], ["edge/**/*.json"]),
        (["edge/a.json", "edge/y/b.json"], [], ["edge/**/*.json"]),
        (["edge/a.json", "edge/b.json"], ["edge/x/c.json"], ["edge/*.json"]),
        (["edge/x/a.json", "edge/x/b.json", "edge/c.json"], ["edge/d.json"], ["edge/x/*.json", "edge/c.json"]),
        (["edge/a.json", "edge/b.json", "edge/c.db", "edge/d"], [], ["edge/d", "edge/c.db", "edge/*.json"]),
        (["x/a [1].json"], ["x/a 1.json"], ["x/a [[]1].json"]),
        (["x*/a.json", "x*/b.json"], ["xy/a.json"], ["x[*]/*.json"]),
    ],
)
def test_patterns_find_just_what_was_found(here, files, others, expected):
    for name in (*files, *others):
        write(here / name)
    found = list(patterns(here, files))
    assert found == expected
    text = "include:\n" + "".join(f"  - {scalar(pattern)}\n" for pattern in found)
    assert load(write(here / "edgelint.yaml", text)).included() == tuple(sorted(files))


NAMES = some.text(alphabet="ab.*?[]!:\\#'\" -{}é\n", min_size=1, max_size=6).map(lambda text: f"x{text}.json")


@trials(max_examples=many(25))
@given(names=some.lists(NAMES, min_size=1, max_size=3, unique=True))
@example(names=["x:.json"])
@example(names=["x\n.json", "x**.json"])
def test_whatever_files_are_called_they_are_found_again(names, tmp_path_factory):
    folder = tmp_path_factory.mktemp("named")
    for name in names:
        write(folder / "edge" / name)
    made = scaffold(folder)
    found = load(write(folder / "edgelint.yaml", made.text)).included()
    assert {Path(path).name for path in found} == set(names)


@pytest.mark.parametrize("more", [0, 1])
def test_too_many_places_are_not_listed(here, monkeypatch, capsys, more):
    monkeypatch.setattr("edgelint.scaffold.MOST_PATTERNS", 3)
    for number in range(3 + more):
        write(here / f"{number}/edge.json")
        write(here / f"{number}/other.json", {"name": "x"})
    assert main(["init"]) == 0
    assert len(settings(here).include) == (0 if more else 3)
    main(["check"])
    assert f" in {3 + more} policies" in capsys.readouterr().out


def test_the_file_stays_small_whatever_there_is(here):
    listeners = [{"id": n, "name": f"{n}" + "é" * 900, "protocol": "https", "port": 443} for n in range(200)]
    routes = [
        {"id": n, "listener_id": 1, "host_pattern": f"api.{n}.example", "path_prefix": "/" + "é" * 900}
        for n in range(200)
    ]
    write(here / "edge.json", {"listeners": listeners, "routes": routes, **RULES})
    text = scaffold(here).text
    assert len(text.encode()) < LIMIT
    assert load(write(here / "edgelint.yaml", said(text))).topology.fronts


# Names from elsewhere


NASTY = some.text(alphabet=some.characters(codec="utf-8"), max_size=20) | some.text(
    alphabet="ab :#'\"\\\n\r\t{}[],&*!|>%@`-?~\x00\x1b\x7f\x85\u2028\u202e\ufeff\ufffe🙂", max_size=12
)


@given(text=NASTY)
@example(text="no")
@example(text="1:30")
@example(text="")
@example(text="\U0010ffff\ufffe\x7f")
def test_a_text_written_as_yaml_is_that_text(text):
    for written in (
        scalar(text),
        f"{{k: {scalar(text)}}}",
        f"{{{scalar(text)}: 1}}",
        f"{scalar(text)}: {scalar(text)}",
    ):
        for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            found = yaml.load(written, Loader=loader)
            assert found in (text, {"k": text}, {text: 1}, {text: text})
    assert "\n" not in scalar(text)


@given(text=some.text(max_size=20))
def test_a_text_in_a_comment_ends_no_comment(text):
    assert yaml.safe_load(f"a: 1  # {remark(text)}\nb: 2\n") == {"a": 1, "b": 2}


def test_a_lone_surrogate_is_refused():
    with pytest.raises(ValueError, match="surrogate"):
        scalar("a\ud800")


@trials(max_examples=many(25))
@given(names=some.lists(NASTY.filter(str.strip), min_size=1, max_size=4, unique=True))
@example(names=["*"])
@example(names=["a: {behind: x}\n# b", "null"])
@example(names=["x" * 1023, "y" * 1024, "é" * 1030])
def test_listeners_with_any_name_can_be_spoken_of(names, tmp_path_factory):
    folder = tmp_path_factory.mktemp("named")
    listeners = [{"id": n + 1, "name": name, "protocol": "https", "port": 443 + n} for n, name in enumerate(names)]
    write(folder / "edge.json", {"listeners": listeners, **RULES})
    (policy,) = read([str(folder)], stdin=bytes).policies
    known = {listener.name for listener in policy.listeners if listener.enabled}
    text = scaffold(folder).text
    assert load(write(folder / "edgelint.yaml", text)).include == ("edge.json",)
    proposed = load(write(folder / "edgelint.yaml", said(text)))
    fronts = {name for name, _ in proposed.topology.fronts}
    assert fronts <= known | {"*"}
    assert {name for name in known if len(name) < 300} <= fronts


@trials(max_examples=many(25))
@given(text=NASTY)
def test_hosts_and_paths_of_any_kind_break_nothing(text, tmp_path_factory):
    folder = tmp_path_factory.mktemp("named")
    routes = [{"id": 1, "listener_id": 1, "host_pattern": f"api.{text}", "path_prefix": f"/healthz/{text}"}]
    rules = [
        {
            "name": text or "a",
            "priority": 1,
            "action": "block",
            "match_rule": {"cel_expression": f"path == {json.dumps('/api/' + text)}"},
        }
    ]
    listeners = [{"id": 1, "name": "public", "protocol": "https", "port": 443}]
    write(folder / "edge.json", {"listeners": listeners, "routes": routes, "waf_rules": rules})
    text = scaffold(folder).text
    assert load(write(folder / "edgelint.yaml", said(text))).topology.machine_endpoints


# What programs ask for


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('host_match(host, "a.example.com") && path_prefix(path, "/webhooks")', [("a.example.com", "/webhooks", None)]),
        ('path != "/healthz"', [("", "/healthz", 10.0)]),
        ('path_prefix(path, "/api") || path_prefix(path, "/api/v1")', [("", "/api", None)]),
        ('host == "api.example.com"', [("api.example.com", "", None)]),
        ('host_match(host, "*.example.com")', []),
        ('path_prefix(path, "/")', []),
        ('path_prefix(path, "/login")', []),
        ('host in ["a.example.com", "b.example.com"] && path == "/metrics"', [("", "/metrics", 10.0)]),
        ('path.startsWith("/ws/")', [("", "/ws/", None)]),
        ('path.contains("/api")', []),
    ],
)
def test_what_a_rule_names_is_a_hint(expression, expected):
    found = hinted([facts_of(expression)])
    assert [(one.endpoint.host, one.endpoint.path, one.endpoint.every) for one in found] == expected


def test_hints_of_several_policies_are_one_list():
    one, other = (
        facts_of('path_prefix(path, "/api")'),
        facts_of('host == "a.example.com" && path_prefix(path, "/api/x")'),
    )
    assert [hint.endpoint for hint in hinted([one, other])] == [MachineEndpoint("", "/api")]
    assert [hint.endpoint for hint in hinted([one, one])] == [MachineEndpoint("", "/api")]
    assert isinstance(one, Facts)
