"""What the benchmarks share: fresh processes and what they cost, medians, and tables."""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""What processes find around them: a package that is compiled anew at every start is not what anybody has installed."""

BARE = (sys.executable, "-c", "pass")
"""A Python that does nothing: what every other start is compared with."""

_PEAK_UNIT = 2**20 if sys.platform == "darwin" else 2**10


@dataclass(frozen=True)
class Run:
    """What a process cost and said: seconds of wall clock and of processor, peak MiB, lines of output, and its exit code."""

    wall: float
    processor: float
    peak: float
    lines: tuple[str, ...]
    code: int

    @property
    def stopped(self) -> bool:
        """Whether it was ended because its processor time was over."""
        return self.code == -signal.SIGPROF


def fresh(command: Sequence[str], *, limit: float | None = None, text: str = "") -> Run:
    """A process run to its end, or for so many seconds of processor time, with a text as its input."""
    start = time.perf_counter()
    begin = None if limit is None else partial(signal.setitimer, signal.ITIMER_PROF, limit)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=ENVIRONMENT,
        preexec_fn=begin,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError), process.stdin as stream:
        stream.write(text)
    with process.stdout as stream:
        lines = tuple(stream.read().splitlines())
    _, status, usage = os.wait4(process.pid, 0)  # tells the costs of this one process, as Popen.wait does not
    wall, processor = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall, processor, usage.ru_maxrss / _PEAK_UNIT, lines, process.returncode)


def median(values: Sequence[float]) -> float:
    """The median of some seconds."""
    return statistics.median(values)


def bare_start(runs: int = 9) -> Run:
    """What a bare Python's start costs, the median of some runs by processor time."""
    found = sorted((fresh(BARE) for _ in range(runs)), key=lambda run: run.processor)
    return found[runs // 2]


def seconds(value: float) -> str:
    """Seconds as a person reads them: to the millisecond while that is visible."""
    return f"{value:.3f}" if value < 10 else f"{value:.1f}"


def ratio(value: float, base: float) -> str:
    """How many times one cost another is, to two digits."""
    found = value / base if base else 0.0
    return f"{found:.1f}x" if found < 10 else f"{found:,.0f}x"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows with their columns aligned, the first to the left and the others to the right; the first row is the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *rest in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([lines[0], "-" * len(max(lines, key=len)), *lines[1:]])
