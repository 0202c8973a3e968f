"""How right the checks are on deployments whose faults are known: recall and precision of every check.

    python benchmarks/accuracy.py
    python benchmarks/accuracy.py fixtures/deployments/webshop

A deployment is a folder with rule sets, an `edgelint.yaml`, and its truth in `truth.json`: `planted`, every finding there is to
be, as `[check, subject, why]`, and `near_misses`, rules that a check might be fooled by and has to be silent about, in the same
form. A subject reads `phase/name`, or `phase/` where a finding is about no single rule. The exit code is 1 when anything is
missed or found for nothing.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stopwatch import table

from edgelint.config import settings
from edgelint.finding import Subject
from edgelint.run import Wishes, lint

DEPLOYMENTS = Path(__file__).resolve().parents[1] / "fixtures" / "deployments"
TRUTH = "truth.json"

Claim = tuple[str, str]
"""A check, and what it speaks of as `phase/name`."""


@dataclass(frozen=True)
class Outcome:
    """What came out of one deployment: claims by whether they are true and were made, and how many rules it has."""

    name: str
    rules: int
    hit: tuple[Claim, ...]
    missed: tuple[Claim, ...]
    false: tuple[Claim, ...]
    fooled: tuple[Claim, ...]
    silent: tuple[Claim, ...]


def judged(folder: Path) -> Outcome:
    """The outcome of one deployment."""
    truth = json.loads((folder / TRUTH).read_text(encoding="utf-8"))
    planted, near = claims(truth["planted"]), claims(truth["near_misses"])
    config = settings(folder, folder / "edgelint.yaml", isolated=False)
    sources = sorted(str(path) for path in folder.iterdir() if path.name not in ("edgelint.yaml", TRUTH))
    report = lint(sources, Wishes(pedantic=True, topology=config.topology, ignores=config.ignores), bytes)
    if report.failures:
        raise SystemExit(f"{folder.name}: {report.failures[0].part} failed: {report.failures[0].error}")
    wholes = {policy.name for policy in report.policies}
    found = Counter((finding.check, spoken_of(finding.subject, wholes)) for finding in report.findings)
    return Outcome(
        folder.name,
        sum(len(policy.rules) for policy in report.policies),
        hit=tuple((planted & found).elements()),
        missed=tuple((planted - found).elements()),
        false=tuple((found - planted).elements()),
        fooled=tuple((near & found).elements()),
        silent=tuple((near - found).elements()),
    )


def spoken_of(subject: Subject, wholes: Collection[str]) -> str:
    """A subject as `phase/name`; a phase as a whole, whose name is that of a policy and says where it lies, has none."""
    return f"{subject.phase}/{'' if subject.name in wholes else subject.name}"


def claims(entries: Iterable[Sequence[str]]) -> Counter[Claim]:
    """The claims of a list of the truth; each has to say why."""
    found: Counter[Claim] = Counter()
    for check, subject, why in entries:
        if not why.strip():
            raise SystemExit(f"{check} on {subject}: why?")
        found[check, subject] += 1
    return found


def summary(outcomes: Sequence[Outcome]) -> str:
    """Recall and precision of every check that is planted or spoke."""
    counts = {kind: Counter(check for one in outcomes for check, _ in getattr(one, kind)) for kind in KINDS}
    rows = [["check", "planted", "found", "false", "near misses", "recall", "precision"]]
    for check in sorted(set().union(*counts.values())):
        hit, missed, false = (counts[kind][check] for kind in ("hit", "missed", "false"))
        near = counts["silent"][check] + counts["fooled"][check]
        numbers = [str(hit + missed), str(hit), str(false), str(near)]
        rows.append([check, *numbers, percent(hit, hit + missed), percent(hit, hit + false)])
    planted = sum(len(one.hit) + len(one.missed) for one in outcomes)
    hit, false = sum(len(one.hit) for one in outcomes), sum(len(one.false) for one in outcomes)
    near = sum(len(one.silent) + len(one.fooled) for one in outcomes)
    total = ["all", str(planted), str(hit), str(false), str(near), percent(hit, planted), percent(hit, hit + false)]
    return table([*rows, total])


KINDS = ("hit", "missed", "false", "fooled", "silent")


def percent(part: int, whole: int) -> str:
    """A share, or that there is nothing to share."""
    return f"{100 * part / whole:.0f} %" if whole else "-"


def deployments() -> list[Path]:
    """The folders of all deployments."""
    return sorted(path.parent for path in DEPLOYMENTS.glob(f"*/{TRUTH}"))


def main(arguments: Sequence[str]) -> int:
    """Judge the deployments that are named, else all, and print what came out."""
    outcomes = [judged(Path(name)) for name in arguments or deployments()]
    print(summary(outcomes))
    print(f"\n{len(outcomes)} deployments with {sum(one.rules for one in outcomes)} rules")
    wrong = [
        (one.name, kind, *claim) for one in outcomes for kind in ("missed", "false") for claim in getattr(one, kind)
    ]
    for name, kind, check, subject in wrong:
        print(f"{name}: {kind}: {check} on {subject}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
