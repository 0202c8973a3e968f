"""Where the time of a check goes, on policies of several sizes.

    python benchmarks/measure.py                      # 10, 100 and 1000 rules
    python benchmarks/measure.py 1000 100000 --limit 600

Everything is measured in fresh processes: the median of three up to 1,000 rules, one beyond. Times are seconds of processor
time, each also as how many starts of a bare Python it is, measured in the same run. What takes more than the limit, also of
processor time, is ended and shown as `> 120`, what would take more than half of the machine's memory as `memory`; `-` stands
where nothing was asked, or could not be because of what had been ended before. Checks are timed one by one, and only up to
`--checks` rules: what some of them cost grows with the square of the rules.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stopwatch import Run, bare_start, fresh, median, ratio, seconds, table

HERE = Path(__file__).resolve().parent
SIZES = (10, 100, 1000)
STAGES = ("rules", "pairs", "unions", "sample", "parsing", "checks", "report")
OF_CHECKS = ("checks", "report")
WHOLE = "whole process"
NOTHING = "-"

STUDY_SIZES = (100, 1000, 10_000)
STUDY = {
    "compile and index": ("0.014", "0.10", "1.3"),
    "shadowing by unions": ("0.004", "0.12", "2.7"),
    "all pairs": ("0.017", "0.26", "6.0"),
    "pairs found": (NOTHING, NOTHING, "1,424,367"),
    "peak MiB": (NOTHING, "28", "192"),
}
"""What a study of the engine's design came to: throw-away code, another machine, another policy of the same mix."""


@dataclass
class Column:
    """What was measured at one size: laps in seconds or why they were ended, what was found of how many, peaks in MiB."""

    size: int
    laps: dict[str, float | str] = field(default_factory=dict)
    found: dict[str, tuple[int, int | None, int]] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def sum(self, *names: str) -> str:
        """Some laps together in seconds."""
        costs = [self.laps.get(name) for name in names]
        known = [cost for cost in costs if isinstance(cost, float)]
        return seconds(sum(known)) if len(known) == len(costs) else NOTHING


class Measurement:
    """The processes that measure one size, and its policy in a file."""

    def __init__(self, size: int, folder: Path, limit: float) -> None:
        self.column = Column(size)
        self.limit = limit
        self.runs = 3 if size <= 1000 else 1
        self.file, self.report = folder / "policy.json", folder / "report.sarif"
        with self.file.open("wb") as stream:  # not through this process: a child begins with the memory of its parent
            subprocess.run([sys.executable, str(HERE / "generate.py"), "--rules", str(size)], stdout=stream, check=True)

    def stages(self, names: Sequence[str]) -> None:
        """Take the policy through parts of the pipeline; what several of them have in common is timed in each."""
        said: dict[str, list[dict[str, float | str]]] = {}
        for name in names:
            command = [sys.executable, str(HERE / "stages.py"), name, str(self.file), str(self.limit)]
            for run in self._run(name, command):
                laps = {lap["name"]: lap for lap in map(json.loads, run.lines)}
                for lap, last in laps.items():
                    said.setdefault(lap, []).append(last)
                self.column.found |= {lap: last["found"] for lap, last in laps.items() if "found" in last}
        self.column.laps |= {lap: self._cost(each) for lap, each in said.items()}
        rules, *_ = self.column.found.get("meaning", (self.column.size,))
        if rules != self.column.size:
            self._note(f"only {rules:,} of them were read, all figures are of these")

    def _note(self, text: str) -> None:
        self.column.notes.append(f"{self.column.size:,} rules: {text}")

    def _cost(self, laps: Sequence[dict[str, float | str]]) -> float | str:
        for lap in laps:
            if "seconds" not in lap:
                reason = str(lap.get("stopped", "died"))
                return f"> {self.limit:g}" if reason == "time" else reason
        return median([float(lap["seconds"]) for lap in laps])

    def whole(self) -> None:
        """Run the command as a user would, to SARIF."""
        options = ["--isolated", "--format", "sarif", "--output", str(self.report), str(self.file)]
        runs = self._run(WHOLE, [sys.executable, "-m", "edgelint", "check", *options], (0, 1), self.limit)
        stopped = any(run.stopped for run in runs)
        self.column.laps[WHOLE] = f"> {self.limit:g}" if stopped else median([run.processor for run in runs])

    def _run(
        self, name: str, command: Sequence[str], good: Sequence[int] = (0,), limit: float | None = None
    ) -> list[Run]:
        print(f"{self.column.size:,} rules: {name}", file=sys.stderr)
        runs = [fresh(command, limit=limit) for _ in range(self.runs)]
        bad = [run.code for run in runs if run.code not in good and not run.stopped]
        if bad:
            self._note(f"{name} ended with {bad[0]}")
        self.column.peaks[name] = median([run.peak for run in runs])
        return runs


def measured(size: int, limit: float, *, checks: bool) -> Column:
    """Everything about one size."""
    with tempfile.TemporaryDirectory() as folder:
        measurement = Measurement(size, Path(folder), limit)
        measurement.stages([stage for stage in STAGES if checks or stage not in OF_CHECKS])
        measurement.whole()
    measurement.column.laps = reading_split(measurement.column.laps)
    return measurement.column


def reading_split(laps: dict[str, float | str]) -> dict[str, float | str]:
    """The laps with reading told from parsing, which the pipeline does in one go and the language alone was timed for."""
    both, parse = laps.get("read and parse"), laps.get("parse")
    if not isinstance(both, float) or not isinstance(parse, float):
        return laps
    apart: dict[str, float | str] = {"read (JSON to objects)": max(0.0, both - parse), "parse (CEL to model)": parse}
    found: dict[str, float | str] = {}
    for name, cost in laps.items():
        if name != "parse":
            found |= apart if name == "read and parse" else {name: cost}
    return found


# Showing


def times(columns: Sequence[Column], bare: Run) -> str:
    """Seconds and starts of a bare Python by lap and size, and the peaks of memory."""
    rows = [["rules", *(cell for column in columns for cell in (f"{column.size:,}", ""))]]
    for name in dict.fromkeys(name for column in columns for name in column.laps):
        costs = (column.laps.get(name, NOTHING) for column in columns)
        rows.append([name, *(cell for cost in costs for cell in shown(cost, bare))])
    for name in dict.fromkeys(name for column in columns for name in column.peaks):
        peaks = (column.peaks.get(name) for column in columns)
        cells = (NOTHING if peak is None else f"{peak:.0f}" for peak in peaks)
        rows.append([f"peak MiB: {name}", *(cell for peak in cells for cell in (peak, ""))])
    return table(rows)


def shown(cost: float | str, bare: Run) -> tuple[str, str]:
    """A cost and what it is in starts, or why there is none."""
    return (cost, "") if isinstance(cost, str) else (seconds(cost), ratio(cost, bare.processor))


def answers(columns: Sequence[Column]) -> str:
    """What the questions and checks found, by size."""
    names = dict.fromkeys(name for column in columns for name in column.found)
    rows = [[name, *(number(column.found.get(name)) for column in columns)] for name in names]
    return table([["found", *(f"{column.size:,}" for column in columns)], *rows])


def number(found: tuple[int, int | None, int] | None) -> str:
    """What was found, of how many, and how many are undecided."""
    if found is None:
        return NOTHING
    hits, total, undecided = found
    return f"{hits:,}" + (f" of {total:,}" if total is not None else "") + (f", {undecided} open" if undecided else "")


def comparison(columns: Sequence[Column]) -> str:
    """The study's figures beside ours, at the sizes it had."""
    here = {column.size: column for column in columns}
    sizes = [size for size in STUDY_SIZES if size in here]
    rows = [["rules", *(cell for size in sizes for cell in (f"{size:,}: study", "here"))]]
    for name, measure in OURS.items():
        theirs = dict(zip(STUDY_SIZES, STUDY[name], strict=True))
        rows.append([name, *(cell for size in sizes for cell in (theirs[size], measure(here[size])))])
    return table(rows) if sizes else ""


PAIRS = "overlap: all pairs of each phase"
OURS: dict[str, Callable[[Column], str]] = {
    "compile and index": lambda column: column.sum("meaning", "index"),
    "shadowing by unions": lambda column: column.sum("shadowing: every rule, by unions"),
    "all pairs": lambda column: column.sum(PAIRS),
    "pairs found": lambda column: number(column.found.get(PAIRS)),
    "peak MiB": lambda column: f"{max(column.peaks['pairs'], column.peaks['unions']):.0f}",
}
"""Our figures for the rows of the study."""


def main() -> None:
    """Measure the sizes that are named and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="how many rules (default: 10 100 1000)")
    parser.add_argument(
        "--limit", type=float, default=120, help="seconds for a lap or the whole process (default: 120)"
    )
    parser.add_argument("--checks", type=int, default=1000, help="rules up to which checks are timed (default: 1000)")
    options = parser.parse_args()
    bare = bare_start()
    print(f"a bare Python starts in {bare.processor:.3f} s of processor time and takes {bare.peak:.0f} MiB")
    columns = [measured(size, options.limit, checks=size <= options.checks) for size in options.sizes]
    notes = [note for column in columns for note in column.notes]
    print("", times(columns, bare), *notes, "", answers(columns), sep="\n")
    if beside := comparison(columns):
        print(
            "\nbeside a study of the design, measured elsewhere with other code and another policy:", beside, sep="\n"
        )


if __name__ == "__main__":
    main()
