"""A runner of GitHub's, as far as a composite action can tell: expressions, steps, files for outputs, and workflow commands.

Written after the runner's documentation and published source. Actions from elsewhere are stood in for by functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from support import ROOT
from throwaway import run

COMMANDS = frozenset(
    "add-mask add-matcher add-path debug echo endgroup error group notice remove-matcher save-state set-env set-output "
    "stop-commands warning".split()
)
"""What a line of a log can ask of the runner."""

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


@dataclass
class Job:
    """What is left after an action has run: how it ended, its outputs, its log, and the commands that were obeyed."""

    code: int = 0
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    commands: list[tuple[str, str]] = field(default_factory=list)
    called: dict[str, dict[str, str]] = field(default_factory=dict)

    def said(self, command: str) -> list[str]:
        """The messages of one command."""
        return [message for name, message in self.commands if name == command]


@dataclass(frozen=True)
class Runner:
    """A machine with a workspace and a folder for what is temporary."""

    workspace: Path
    temporary: Path
    actions: Mapping[str, Callable[[dict[str, str]], dict[str, str] | None]]
    """What actions from elsewhere do, by the first part of their address: their outputs, or None when they fail."""

    def act(self, inputs: Mapping[str, str], event: Mapping[str, Any], action: Path = ROOT) -> Job:
        """Run the action with some inputs, because of an event."""
        defaults = {name: given.get("default", "") for name, given in ACTION["inputs"].items()}
        assert inputs.keys() <= defaults.keys()
        contexts: dict[str, Any] = {"inputs": defaults | dict(inputs), "github": {"event": event}, "steps": {}}
        job = Job()
        for step in ACTION["runs"]["steps"]:
            outcome = "skipped"
            if "if" not in step or value(step["if"], contexts) == "true":
                outcome = self._step(step, contexts, job, action)
            contexts["steps"].setdefault(step.get("id"), {})["outcome"] = outcome
            if outcome == "failure" and not step.get("continue-on-error"):
                break
        job.outputs = {name: filled(given["value"], contexts) for name, given in ACTION["outputs"].items()}
        return job

    def _step(self, step: Mapping[str, Any], contexts: dict[str, Any], job: Job, action: Path) -> str:
        outputs: dict[str, str] | None
        if "uses" in step:
            given = {name: filled(str(text), contexts) for name, text in step.get("with", {}).items()}
            name = step["uses"].split("@")[0]
            job.called[name] = given
            outputs = self.actions[name](given)
            job.code = 0 if outputs is not None or step.get("continue-on-error") else 1
        else:
            job.code, outputs = self._script(step, contexts, job, action)
        contexts["steps"].setdefault(step.get("id"), {})["outputs"] = outputs or {}
        return "failure" if outputs is None or job.code else "success"

    def _script(
        self, step: Mapping[str, Any], contexts: dict[str, Any], job: Job, action: Path
    ) -> tuple[int, dict[str, str]]:
        """Run a script as the shell `bash` does; its exit code and outputs."""
        assert step["shell"] == "bash"
        files = {name: self.temporary / name for name in ("script.sh", "output", "summary")}
        for file in files.values():
            file.write_text("", encoding="utf-8")
        files["script.sh"].write_text(filled(step["run"], contexts), encoding="utf-8")
        environment = {name: filled(text, contexts) for name, text in step.get("env", {}).items()} | {
            "GITHUB_ACTION_PATH": str(action),
            "GITHUB_OUTPUT": str(files["output"]),
            "GITHUB_STEP_SUMMARY": str(files["summary"]),
            "GITHUB_REPOSITORY": "team/edge",
            "RUNNER_TEMP": str(self.temporary),
        }
        shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", files["script.sh"])
        done = run(self.workspace, *shell, code=None, **environment)
        job.log += done.stdout + done.stderr
        job.summary += files["summary"].read_text(encoding="utf-8")
        commands, outputs = obeyed(done.stdout.splitlines() + done.stderr.splitlines())
        job.commands += commands
        return done.returncode, outputs | entries(files["output"].read_text(encoding="utf-8"))


def entries(text: str) -> dict[str, str]:
    """What a file for outputs says, a name and a value in each line."""
    found = {}
    for line in text.splitlines():
        name, equals, content = line.partition("=")
        assert equals, f"the runner refuses `{line}`"
        found[name] = content
    return found


def obeyed(lines: Sequence[str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The commands in a log that the runner obeys, and the outputs that are set so."""
    commands: list[tuple[str, str]] = []
    outputs: dict[str, str] = {}
    token = ""
    for line in lines:
        found = re.match(r"\s*::([\w-]+)(.*?)::(.*)", line) or re.search(r"##\[([\w-]+)(.*?)\](.*)", line)
        if found and token:
            token = "" if found[1] == token else token
        elif found and found[1] in COMMANDS:
            token = found[3] if found[1] == "stop-commands" else ""
            commands.append((found[1], found[3]))
            if found[1] == "set-output":
                outputs[found[2].strip().removeprefix("name=")] = found[3]
    return commands, outputs


def filled(text: str, contexts: Mapping[str, Any]) -> str:
    """A text with its expressions replaced, once."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: value(found[1], contexts), text)


def value(expression: str, contexts: Mapping[str, Any]) -> str:
    """The text that an expression comes to: a name, a literal, or some of them with `||` or `==` between."""
    if "==" in expression:
        left, right = (value(part, contexts) for part in expression.split("=="))
        return "true" if left == right else "false"
    for part in map(str.strip, expression.split("||")):
        found = part[1:-1] if part.startswith("'") else _named(part, contexts)
        if found:
            return found
    return ""


def _named(name: str, contexts: Mapping[str, Any]) -> str:
    found: Any = contexts
    for step in name.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return "" if found is None else str(found)
