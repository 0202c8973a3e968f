"""The recipes for GitLab, Azure DevOps and Jenkins: their commands run in throw-away repositories, as the services would run them."""

import json
import re
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from edgelint.report import formats
from support import ROOT
from throwaway import CLEAN, LINE, NEVER, RULE, commit, git, instead, project, repository, run, with_rule

PAGE = (ROOT / ".ci" / "README.md").read_text(encoding="utf-8")
GITLAB = yaml.safe_load((ROOT / ".ci" / "gitlab.yml").read_text(encoding="utf-8"))["edgelint"]
AZURE = yaml.safe_load(re.findall(r"```yaml\n# azure-pipelines.yml\n(.*?)```", PAGE, re.DOTALL)[0])
JENKINS = re.findall(r"```groovy\n.*?sh '''(.*?)'''", PAGE, re.DOTALL)[0]
HOSTILE = [
    '"; touch pwned; "',
    "$(touch pwned)",
    "`touch pwned`",
    "a\nPATHS\ntouch pwned",
    "${{ x }}",
    "-x",
    "--fix",
    "'",
]


def gitlab(temporary: Path, base: str) -> tuple[list[list[str]], dict[str, str], str]:
    """The shell of a job of GitLab's, and what it finds around it."""
    lines = "\n".join(GITLAB["before_script"] + GITLAB["script"])
    known = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base} if base else {}
    return [["bash", "-eo", "pipefail", "-c", lines]], GITLAB["variables"] | known, "edgelint.sarif"


def dash(temporary: Path, base: str) -> tuple[list[list[str]], dict[str, str], str]:
    """The same in an image without bash."""
    ((*_, lines),), known, report = gitlab(temporary, base)
    return [["sh", "-e", "-c", lines]], known, report


def azure(temporary: Path, base: str) -> tuple[list[list[str]], dict[str, str], str]:
    """The scripts of a job of Azure's. A pull request is told by the name of its target."""
    scripts = [["bash", "--noprofile", "--norc", "-c", step["bash"]] for step in AZURE["steps"] if "bash" in step]
    known = {"AGENT_TEMPDIRECTORY": str(temporary), "BUILD_ARTIFACTSTAGINGDIRECTORY": str(temporary)}
    target = {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"} if base else {}
    return scripts, known | target, str(temporary / "edgelint.sarif")


def jenkins(temporary: Path, base: str) -> tuple[list[list[str]], dict[str, str], str]:
    """The script of a stage of Jenkins'. A change request is told by the name of its target."""
    target = {"CHANGE_TARGET": "main"} if base else {}
    return [["sh", "-xe", "-c", textwrap.dedent(JENKINS)]], {"WORKSPACE_TMP": str(temporary)} | target, "edgelint.sarif"


@dataclass
class Job:
    """How a job ended, its log, and where its report is."""

    code: int
    log: str
    report: Path

    def found(self):
        """The messages of the report."""
        (one,) = json.loads(self.report.read_text(encoding="utf-8"))["runs"]
        return [result["message"]["text"] for result in one["results"]]


@dataclass(frozen=True)
class Service:
    """One of the services, with a checkout of a branch `change` of a repository that has a clean rule set on `main`."""

    recipe: Callable[[Path, str], tuple[list[list[str]], dict[str, str], str]]
    checkout: Path
    temporary: Path
    path: str

    def job(self, base: str = "", **more: str) -> Job:
        """Run its scripts until one fails."""
        scripts, known, report = self.recipe(self.temporary, base)
        log, code = "", 0
        for words in scripts:
            done = run(
                self.checkout, *words, code=None, **known | {"PATH": self.path, "TMPDIR": str(self.temporary)} | more
            )
            log, code = log + done.stdout + done.stderr, done.returncode
            if code:
                break
        return Job(code, log, self.checkout / report)


def served(recipe, folder: Path, prepared: Path, files: Mapping[str, str] = CLEAN) -> Service:
    origin = repository(folder / "origin", files)
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(origin, "config", "receive.denyCurrentBranch", "ignore")
    git(folder, "clone", "--quiet", f"file://{origin}", "checkout")
    git(folder / "checkout", "switch", "--quiet", "--create", "change")
    (folder / "temporary").mkdir()
    path = f"{prepared.parent}:{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    return Service(recipe, folder / "checkout", folder / "temporary", path)


@pytest.fixture(params=[gitlab, dash, azure, jenkins], ids=lambda recipe: recipe.__name__)
def service(request, tmp_path, prepared):
    """Each of the services."""
    return served(request.param, tmp_path, prepared)


def test_findings_fail_the_job_and_are_reported(service):
    commit(service.checkout, {"edge.yaml": with_rule("typo")})
    job = service.job()
    assert (job.code, len(job.found())) == (1, 1), job.log
    assert f"edge.yaml:{LINE}:" in job.log


@pytest.mark.slow
def test_a_clean_rule_set_passes_and_is_reported(service):
    job = service.job()
    assert (job.code, job.found()) == (0, []), job.log


@pytest.mark.slow
def test_a_change_is_judged_by_what_it_did(tmp_path, service):
    old = with_rule("old")
    base = commit(service.checkout, {"edge.yaml": old})
    git(service.checkout, "push", "--quiet", "origin", "HEAD:main")
    commit(service.checkout, {"README.md": "# Rules\n"})
    job = service.job(base)
    assert (job.code, "`old`" in job.log) == (0, False), job.log
    rule = RULE.format(name="new", priority=40, expression=NEVER)
    commit(service.checkout, {"edge.yaml": old.replace("rate_limit_rules:", f"{rule}rate_limit_rules:")})
    job = service.job(base)
    assert (job.code, "`old`" in job.log, "`new`" in job.log) == (1, False, True), job.log
    assert any("`new`" in message for message in job.found())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "code", "words"),
    [({"edgelint.yaml": "version: 2\n"}, 2, "edgelint.yaml:1:10"), ({"edge.yaml": "# none\n"}, 3, "nothing to lint")],
)
@pytest.mark.parametrize("base", [False, True])
def test_what_is_wrong_is_said(service, files, code, words, base):
    base = git(service.checkout, "rev-parse", "HEAD") if base else ""
    commit(service.checkout, files | {"edgelint.sarif": "a stale one"})
    job = service.job(base)
    assert (job.code, words in job.log) == (code, True), job.log
    assert not job.report.exists() or job.found() == []


@pytest.mark.slow
def test_a_rule_set_gives_no_orders_to_the_service(service):
    name = "##vso[task.setvariable variable=x]y ##[group]"
    commit(service.checkout, {"edge.yaml": with_rule("typo").replace("name: typo", f"name: '{name}'")})
    job = service.job()
    assert job.code == 1
    assert service.recipe is not azure or ("##" not in job.log and "# #vso[" in job.log)


@pytest.mark.slow
@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize(
    "name", ["EDGELINT_PATHS", "EDGELINT_CONFIG", "EDGELINT_FAIL_ON", "CI_MERGE_REQUEST_DIFF_BASE_SHA"]
)
def test_hostile_variables_of_gitlab_do_no_harm(tmp_path, prepared, name, words):
    job = served(dash, tmp_path, prepared, CLEAN | {"edge.yaml": with_rule("typo")}).job(**{name: words})
    assert job.code > 0, job.log
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.slow
@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize(("recipe", "name"), [(azure, "SYSTEM_PULLREQUEST_TARGETBRANCH"), (jenkins, "CHANGE_TARGET")])
def test_hostile_names_of_branches_do_no_harm(tmp_path, prepared, recipe, name, words):
    job = served(recipe, tmp_path, prepared).job("x", **{name: words})
    assert job.code > 0, job.log
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.slow
def test_gitlab_is_told_what_to_lint(tmp_path, prepared):
    files = {"a b/$(x).yaml": with_rule("typo"), "edge.yaml": CLEAN["edge.yaml"], "other.yaml": "fail_on: critical\n"}
    service = served(gitlab, tmp_path, prepared, files)
    assert service.job(EDGELINT_PATHS="edge.yaml\n").code == 0
    assert service.job(EDGELINT_PATHS="edge.yaml\na b/$(x).yaml").code == 1
    assert service.job(EDGELINT_CONFIG="other.yaml").code == 0
    assert service.job(EDGELINT_FAIL_ON="critical").code == 0
    report = json.loads((service.checkout / GITLAB["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
    assert "impossible-literal" in [one["check_name"] for one in report]


@pytest.mark.slow
def test_gitlab_fetches_the_base_of_a_shallow_checkout(tmp_path, prepared):
    service = served(gitlab, tmp_path, prepared, CLEAN | {"edge.yaml": with_rule("typo")})
    base = git(service.checkout, "rev-parse", "HEAD")
    commit(service.checkout, {"README.md": "# Rules\n"})
    git(service.checkout, "push", "--quiet", "origin", "change")
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=change", f"file://{tmp_path}/origin", "shallow")
    shallow = Service(gitlab, tmp_path / "shallow", service.temporary, service.path)
    job = shallow.job(base)
    assert (job.code, len(job.found())) == (0, 1), job.log


@pytest.mark.slow
def test_recipes_install_what_they_name(tmp_path, prepared, registry):
    source = GITLAB["variables"]["EDGELINT_SOURCE"]
    assert PAGE.count(f'install --quiet "{source}"') == 2  # Azure and Jenkins
    service = served(gitlab, tmp_path, prepared)
    commit(service.checkout, {"edge.yaml": with_rule("typo")})
    published = instead(project(tmp_path / "edgelint", source.rpartition("@")[2]))
    job = service.job(PATH=f"{Path(sys.executable).parent}:/usr/bin:/bin", **published)
    assert job.code == 1 if "gitlab" in formats() else "unknown format `gitlab`" in job.log, job.log


def test_scripts_of_jenkins_are_what_groovy_makes_of_them():
    assert "\\" not in JENKINS
