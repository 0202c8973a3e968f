"""How long a person waits for a small policy, beside other starts: everything from the command to the end of the process.

    python benchmarks/cold.py
    python benchmarks/cold.py --gixy ../gixy/bin/gixy --runs 31

Fresh processes take turns, so that what else the machine does hits all alike: a bare Python, the imports that matter, a check
of 50 rules to SARIF in a file, and gixy on a small nginx configuration to JSON in a file. Printed are medians of seconds of
wall clock and of processor time, each also in starts of a bare Python, and the wall clock in runs of gixy.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from generate import generate
from stopwatch import BARE, Run, fresh, median, ratio, seconds, table

IMPORTS = (
    "import argparse, json, re",
    "import yaml",
    "import lark",
    "from pydantic import BaseModel",
    "import edgelint.cli",
    "import edgelint.facts",
)
RULES = 50
BARE_PYTHON, CHECK, GIXY = "bare Python", f"edgelint check, {RULES} rules", "gixy, 3 servers"

NGINX = """\
events {}
http {
    server_tokens off;
    server {
        listen 80;
        server_name example.com www.example.com;
        return 301 https://example.com$request_uri;
    }
    server {
        listen 443 ssl;
        server_name example.com;
        add_header X-Frame-Options DENY;
        location / {
            proxy_pass http://10.0.0.1:8080;
            proxy_set_header Host $host;
        }
        location /assets {
            alias /srv/assets/;
            add_header Cache-Control "public";
        }
        location ~ ^/admin/(.*)$ {
            allow 10.0.0.0/8;
            deny all;
            proxy_pass http://10.0.0.2:8080/$1;
        }
    }
    server {
        listen 443 ssl;
        server_name api.example.com;
        location /v1/ {
            proxy_pass http://10.0.0.3:8080;
        }
    }
}
"""


def commands(folder: Path, gixy: str | None) -> dict[str, Sequence[str]]:
    """What is run, by the words of its row."""
    policy, nginx = folder / "policy.json", folder / "nginx.conf"
    policy.write_text(json.dumps(generate(RULES, seed=1)[0], indent=2), encoding="utf-8")
    nginx.write_text(NGINX, encoding="utf-8")
    sarif = ["--isolated", "--format", "sarif", "--output", str(folder / "report.sarif")]
    found: dict[str, Sequence[str]] = {
        BARE_PYTHON: BARE,
        **{statement: (sys.executable, "-c", statement) for statement in IMPORTS},
        CHECK: (sys.executable, "-m", "edgelint", "check", *sarif, str(policy)),
    }
    if gixy:
        found[GIXY] = (gixy, "-f", "json", "-o", str(folder / "gixy.json"), str(nginx))
    return found


def interleaved(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, list[Run]]:
    """Every command so many times in turn, after one round that does not count: it warms the caches of files."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            run = fresh(command)
            if run.code not in (0, 1):
                raise SystemExit(f"`{' '.join(command)}` ended with {run.code}")
            if turn:
                found[name].append(run)
    return found


def report(found: Mapping[str, Sequence[Run]]) -> str:
    """The table of medians."""
    walls = {name: median([run.wall for run in runs]) for name, runs in found.items()}
    processors = {name: median([run.processor for run in runs]) for name, runs in found.items()}
    rows = [["median of a cold start", "wall", "/bare", "/gixy", "processor", "/bare"]]
    for name in found:
        beside = ratio(walls[name], walls[GIXY]) if GIXY in walls else "-"
        wall = [seconds(walls[name]), ratio(walls[name], walls[BARE_PYTHON]), beside]
        rows.append([name, *wall, seconds(processors[name]), ratio(processors[name], processors[BARE_PYTHON])])
    return table(rows)


def nearby(name: str) -> str | None:
    """A command beside this Python, else on PATH."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gixy", default=nearby("gixy"), help="the command (default: beside this Python, or on PATH)")
    parser.add_argument("--runs", type=int, default=15, help="how many times each is run (default: 15)")
    options = parser.parse_args()
    if not options.gixy:
        print("gixy is left out: it is not installed (dependency group `benchmarks`), nor named with --gixy")
    with tempfile.TemporaryDirectory() as folder:
        print(report(interleaved(commands(Path(folder), options.gixy), options.runs)))


if __name__ == "__main__":
    main()
