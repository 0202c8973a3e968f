"""The files for CI, judged by the schemas and linters of others."""

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml

from composite import ACTION
from support import ROOT

pytestmark = pytest.mark.slow

PAGE = (ROOT / ".ci" / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"^```(\w+)\n(?:#|//) (\S+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
SCHEMAS = {
    "azure-pipelines.yml": "azure-pipelines",
    ".gitlab-ci.yml": "gitlab-ci",
    ".github/workflows/edgelint.yml": "github-workflows",
}


def tool(name):
    """A command beside this Python, else on PATH; the test skips without it."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def content(*words, text=None):
    """Assert that a command has nothing to say against something."""
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def checks(name, *files):
    # The schema of Azure has patterns that are none with the flag `u`.
    content(tool("check-jsonschema"), "--regex-variant=nonunicode", "--builtin-schema", f"vendor.{name}", *files)


def test_files_fit_their_schemas():
    checks("github-actions", ROOT / "action.yml")
    checks("gitlab-ci", ROOT / ".ci" / "gitlab.yml")


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_snippets_fit_their_schemas(tmp_path, number):
    _, name, text = SNIPPETS[number]
    if name in SCHEMAS:
        (tmp_path / "snippet.yml").write_text(text, encoding="utf-8")
        checks(SCHEMAS[name], tmp_path / "snippet.yml")
    else:
        assert name in (".pre-commit-config.yaml", "Jenkinsfile")


def scripts():
    """All scripts, with the shell that runs them."""
    for file in (".ci/action.sh", ".ci/run", "tests/browser/install.sh", "tests/sarif/install.sh"):
        yield "bash", (ROOT / file).read_text(encoding="utf-8")
    yield from (("bash", step["run"]) for step in ACTION["runs"]["steps"] if "run" in step)
    job = yaml.safe_load((ROOT / ".ci" / "gitlab.yml").read_text(encoding="utf-8"))["edgelint"]
    variables = "".join(f"export {name}\n" for name in job["variables"])
    yield "sh", variables + "\n".join(job["before_script"] + job["script"])
    for _, name, text in SNIPPETS:
        if name == "azure-pipelines.yml":
            yield from (("bash", step["bash"]) for step in yaml.safe_load(text)["steps"] if "bash" in step)
        if name == "Jenkinsfile":
            yield "sh", textwrap.dedent(text.split("'''")[1])


@pytest.mark.parametrize("number", range(len(list(scripts()))))
def test_scripts_please_shellcheck(number):
    shell, text = list(scripts())[number]
    content(tool("shellcheck"), "--shell", shell, "-", text=text)


@pytest.fixture
def workflow(tmp_path):
    """The documented workflow as a file of a repository."""
    (text,) = [text for _, name, text in SNIPPETS if name == ".github/workflows/edgelint.yml"]
    file = tmp_path / ".github" / "workflows" / "edgelint.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_zizmor_finds_nothing(workflow, tmp_path):
    policies = {"edgelint/*": "ref-pin", "*": "hash-pin"}
    config = tmp_path / "zizmor.yml"
    config.write_text(json.dumps({"rules": {"unpinned-uses": {"config": {"policies": policies}}}}), encoding="utf-8")
    content(tool("zizmor"), "--offline", "--config", config, workflow)
    content(tool("zizmor"), "--offline", "--persona", "auditor", ROOT / "action.yml")


def test_actionlint_finds_nothing(workflow):
    content(tool("actionlint"), "-no-color", workflow)
