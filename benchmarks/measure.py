"""Where the time of a check goes, on policies of several sizes.

    python benchmarks/measure.py 10 100 1000

Each size runs in a process of its own: seconds of processor time for imports, reading (with parsing of expressions), regions,
the index, shadowing of every rule, each check, and the report, and the peak of memory. The first line is a bare Python's
start in the same run, to compare machines by.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def bare_start() -> float:
    runs = []
    for _ in range(9):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        runs.append(time.perf_counter() - start)
    return statistics.median(runs)


def measure(rules: int) -> dict[str, float]:
    """Seconds for each part, measured in this process, which must be fresh."""
    found: dict[str, float] = {}
    mark = time.process_time()

    def lap(name: str) -> None:
        nonlocal mark
        now = time.process_time()
        found[name] = now - mark
        mark = now

    from generate import generate

    policy, _ = generate(rules, seed=1)
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(policy, file)
    mark = time.process_time()
    from edgelint import run
    from edgelint.facts import Facts
    from edgelint.readers import read
    from edgelint.report import renderer

    lap("imports")
    reading = read([file.name], stdin=bytes)
    lap("read, parse")
    facts = Facts(reading.policies[0])
    for rule in facts.active():
        facts.live(rule)
    lap("regions")
    pairs = sum(len(facts.neighbours(rule)) for rule in facts.active()) // 2
    lap("all overlaps")
    for rule in facts.active():
        facts.effective(rule)
    lap("shadowing")
    for name in run.check_names():
        list(run.check_of(name)(facts))
        lap(name)
    report = run.lint([file.name], run.Wishes(), bytes)
    mark = time.process_time()
    renderer("sarif")(report)
    lap("sarif")
    Path(file.name).unlink()
    return {"pairs": pairs, **found, "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    print(f"a bare Python starts in {bare_start() * 1000:.1f} ms")
    sizes = sys.argv[1:] or ["10", "100", "1000"]
    columns = [
        json.loads(subprocess.run([sys.executable, __file__, "--one", size], check=True, capture_output=True).stdout)
        for size in sizes
    ]
    print(f"{'rules':32}" + "".join(f"{size:>10}" for size in sizes))
    for name in columns[0]:
        print(f"{name:32}" + "".join(f"{column[name]:10.3f}" for column in columns))


if __name__ == "__main__":
    main()
