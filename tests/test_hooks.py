"""The hook, run by the real pre-commit and prek on throw-away repositories, as the documents tell to use it."""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from support import ROOT
from throwaway import (
    ADDRESS,
    CLEAN,
    ENVIRONMENT,
    LINE,
    RULE,
    commit,
    git,
    instead,
    project,
    repository,
    run,
    with_rule,
    write,
)

pytestmark = pytest.mark.slow

CONFIG = ".pre-commit-config.yaml"
SNIPPETS = [
    text
    for text in re.findall(r"```yaml\n(.*?)```", (ROOT / ".ci" / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    if CONFIG in text
]
PUBLISHED, LOCAL, SYSTEM = SNIPPETS
TAG = yaml.safe_load(PUBLISHED)["repos"][0]["rev"]
FOUND = f"edge.yaml:{LINE}:"


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """Where the project is as its users get it."""
    return project(tmp_path_factory.mktemp("published") / "edgelint", TAG)


@dataclass(frozen=True)
class Manager:
    """A manager of hooks, and what it finds around it."""

    program: str
    environment: dict[str, str]

    def run(self, folder, *words, code=None, **more):
        """Call it."""
        return run(folder, self.program, *words, code=code, **self.environment | more)

    def judged(self, folder, *words):
        """The exit code and the output of the hook."""
        done = self.run(folder, "run", "edgelint", *words)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="session", params=["pre-commit", "prek"])
def manager(request, tmp_path_factory, published, registry):
    """A manager of hooks, whose environments are made once."""
    name = request.param
    program = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed: it comes with the `hooks` dependency group")
    home = str(tmp_path_factory.mktemp(name))
    return Manager(
        program,
        {"PRE_COMMIT_HOME": home, "PREK_HOME": home, "PREK_UV_SOURCE": "pip", "UV_SYSTEM_CERTS": "1", "NO_COLOR": "1"}
        | instead(published),
    )


@pytest.fixture
def guarded(tmp_path):
    """A repository with a clean rule set that uses the published hook."""
    return repository(tmp_path / "guarded", CLEAN | {CONFIG: PUBLISHED})


def test_what_is_staged_is_judged(manager, guarded):
    write(guarded, {"edge.yaml": with_rule("typo")})
    git(guarded, "add", ".")
    code, said = manager.judged(guarded)
    assert (code, FOUND in said) == (1, True), said
    assert "high[impossible-literal]: waf rule `typo`" in said
    write(
        guarded, {"edge.yaml": with_rule("precise", 'path == "/old" && method == "POST" && host == "shop.example.com"')}
    )
    git(guarded, "add", ".")
    code, said = manager.judged(guarded)
    assert (code, "Passed" in said) == (0, True), said


def test_what_is_not_staged_is_not_seen(manager, guarded):
    write(guarded, {"edge.yaml": CLEAN["edge.yaml"] + "# staged\n"})
    git(guarded, "add", ".")
    write(guarded, {"edge.yaml": with_rule("typo")})
    code, said = manager.judged(guarded)
    assert (code, "Passed" in said) == (0, True), said
    assert (guarded / "edge.yaml").read_text() == with_rule("typo")
    git(guarded, "add", ".")
    write(guarded, {"edge.yaml": CLEAN["edge.yaml"]})
    code, said = manager.judged(guarded)
    assert (code, FOUND in said) == (1, True), said
    assert (guarded / "edge.yaml").read_text() == CLEAN["edge.yaml"]


def test_a_file_counts_from_when_it_is_staged(manager, guarded):
    """A new export lies in a folder of its own, another beside the rule set, to whose policy it would belong."""
    write(guarded, {"more/edge.yaml": with_rule("typo"), "edge.yaml": CLEAN["edge.yaml"] + "# staged\n"})
    write(guarded, {"beside.yaml": "waf_rules:\n  - {name: typo, match_rule: {cel_expression: '('}}\n"})
    git(guarded, "add", "edge.yaml")
    code, said = manager.judged(guarded)
    assert (code, "typo" in said) == (0, False), said
    git(guarded, "add", "more")
    code, said = manager.judged(guarded)
    assert (code, f"more/{FOUND}" in said, "beside.yaml" in said) == (1, True, False), said
    git(guarded, "add", "beside.yaml")
    assert "beside.yaml:2:" in manager.judged(guarded)[1]


def test_a_change_that_touches_no_rules_starts_nothing(manager, guarded):
    commit(guarded, {"edge.yaml": with_rule("typo")})
    write(guarded, {"README.md": "# Rules\n"})
    git(guarded, "add", ".")
    code, said = manager.judged(guarded)
    assert (code, "Skipped" in said) == (0, True), said


def test_a_commit_is_refused_by_an_installed_hook(manager, guarded):
    manager.run(guarded, "install", code=0)
    write(guarded, {"edge.yaml": with_rule("typo")})
    refused = run(guarded, "git", "commit", "--all", "--message", "x", code=1, **manager.environment)
    assert FOUND in refused.stdout + refused.stderr
    write(guarded, {"edge.yaml": CLEAN["edge.yaml"] + "# better\n"})
    run(guarded, "git", "commit", "--message", "x", "edge.yaml", **manager.environment)


def test_many_files_are_one_policy_however_their_names_are_split(manager, guarded):
    name = "edge/" + "a-rule-of-one-of-the-many-teams-that-keep-theirs-in-a-file-" * 3 + "{:04}.yaml"
    paths = [f'path == "/{number}"' for number in range(2, 2500)]
    conditions = ['path_prefix(path, "/shared")', *paths, 'path == "/shared/last"']
    rules = [
        RULE.format(name=f"rule-{number}", priority=number, expression=text)
        for number, text in enumerate(conditions, 1)
    ]
    rules[0] = rules[0].replace("action: block", "action: captcha, captcha_provider_id: 1")
    files = {name.format(number): f"waf_rules:\n{rule}" for number, rule in enumerate(rules)}
    write(guarded, files | {"edge/routes.yaml": CLEAN["edge.yaml"].split("waf_rules")[0]})
    (guarded / "edge.yaml").unlink()
    git(guarded, "add", "--all")
    code, said = manager.judged(guarded, "--all-files")
    assert code == 1, said
    assert said.count("in 1 policy, 2500 rules") == 1, said
    assert "[shadowed-rule]: waf rule `rule-2500`" in said


@pytest.mark.parametrize("snippet", [LOCAL, SYSTEM], ids=["python", "system"])
def test_local_hooks_work_as_documented(manager, tmp_path, snippet):
    folder = repository(tmp_path / "local", CLEAN | {CONFIG: snippet})
    write(
        tmp_path, {"bin/edgelint": f'#!/bin/sh\nPYTHONPATH="{ROOT}/linter" exec "{sys.executable}" -m edgelint "$@"\n'}
    )
    (tmp_path / "bin" / "edgelint").chmod(0o755)
    path = {"PATH": f"{tmp_path / 'bin'}:{ENVIRONMENT['PATH']}"}
    write(folder, {"edge.yaml": with_rule("typo"), "untracked.yaml": with_rule("typo")})
    git(folder, "add", "edge.yaml")
    done = manager.run(folder, "run", **path)
    assert (done.returncode, FOUND in done.stdout, "untracked" in done.stdout) == (1, True, False), (
        done.stdout + done.stderr
    )
    git(folder, "restore", "--staged", "--worktree", "edge.yaml")
    write(folder, {"README.md": "# Rules\n"})
    git(folder, "add", "README.md")
    assert "Skipped" in manager.run(folder, "run", code=0, **path).stdout


def test_documents_agree_with_the_manifest():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert yaml.safe_load(PUBLISHED)["repos"][0]["repo"] == ADDRESS
    assert PUBLISHED in (ROOT / "README.md").read_text(encoding="utf-8")
    for snippet in (LOCAL, SYSTEM):
        (local,) = yaml.safe_load(snippet)["repos"][0]["hooks"]
        assert {name: hook[name] for name in ("id", "entry", "files", "pass_filenames")}.items() <= local.items()


def test_the_manifest_is_valid(manager):
    manager.run(ROOT, "validate-manifest", ".pre-commit-hooks.yaml", code=0)
