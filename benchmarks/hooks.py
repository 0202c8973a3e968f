"""How long a commit waits for the hook, beside a hook that does nothing and edgelint by itself.

    python benchmarks/hooks.py
    python benchmarks/hooks.py --runs 31

A throw-away repository with 50 rules has two hooks, edgelint as it is in this checkout and `python -c pass`, each in an
environment that pre-commit or prek has made; making them needs a package registry and is not timed. Then fresh processes take
turns: either hook, and edgelint called directly on the same files. Printed are medians of seconds of wall clock, and how many
times the bare hook and edgelint together the hook takes. The goal is 1.5 at most.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cold import RULES, interleaved, nearby
from generate import generate
from stopwatch import ENVIRONMENT, Run, median, ratio, seconds, table

ROOT = Path(__file__).resolve().parents[1]
MANAGERS = ("pre-commit", "prek")
OWN = "edgelint by itself"
GOAL = 1.5


def configuration() -> str:
    """The two hooks; JSON is YAML."""
    common = {"language": "python", "files": "\\.json$", "pass_filenames": False}
    edgelint = {"id": "edgelint", "name": "edgelint", "entry": "edgelint check --git-tracked", **common}
    bare = {"id": "bare", "name": "bare", "entry": "python -c pass", **common}
    hooks = [edgelint | {"additional_dependencies": [str(ROOT)]}, bare]
    return json.dumps({"repos": [{"repo": "local", "hooks": hooks}]}, indent=2)


def repository(folder: Path) -> None:
    """Make a repository with a policy that is staged, and install its hooks."""
    policy = json.dumps(generate(RULES, seed=1)[0], indent=2)
    (folder / "policy.json").write_text(policy, encoding="utf-8")
    (folder / ".pre-commit-config.yaml").write_text(configuration(), encoding="utf-8")
    for words in (["git", "init", "--quiet"], ["git", "add", "."]):
        subprocess.run(words, cwd=folder, check=True)


def measured(program: str, folder: Path, runs: int) -> dict[str, list[Run]]:
    """The runs of the hook, of the bare one, and of edgelint by itself, in turn."""
    home = str(folder / "home")
    ENVIRONMENT.update(PRE_COMMIT_HOME=home, PREK_HOME=home, PREK_UV_SOURCE="pip", UV_SYSTEM_CERTS="1")
    checkout = folder / "checkout"
    checkout.mkdir()
    repository(checkout)
    subprocess.run([program, "install-hooks"], cwd=checkout, env=ENVIRONMENT, check=True, capture_output=True)
    commands: Mapping[str, Sequence[str]] = {
        "hook": (program, "run", "edgelint"),
        "bare": (program, "run", "bare"),
        OWN: (sys.executable, "-m", "edgelint", "check", "--git-tracked"),
    }
    with contextlib.chdir(checkout):
        return interleaved(commands, runs)


def row(name: str, found: Mapping[str, Sequence[Run]]) -> list[str]:
    """The medians of one manager of hooks."""
    hook, bare, own = (median([run.wall for run in found[kind]]) for kind in ("hook", "bare", OWN))
    return [name, seconds(hook), seconds(bare), seconds(own), ratio(hook, bare + own)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15, help="how many times each is run (default: 15)")
    options = parser.parse_args()
    rows = [[f"{RULES} rules, median wall clock", "hook", "bare hook", OWN, f"hook/(bare+own), goal {GOAL}x"]]
    for name in MANAGERS:
        if program := nearby(name):
            with tempfile.TemporaryDirectory() as folder:
                rows.append(row(name, measured(program, Path(folder), options.runs)))
        else:
            print(f"{name} is left out: it is not installed (dependency group `hooks`)")
    print(table(rows))


if __name__ == "__main__":
    main()
