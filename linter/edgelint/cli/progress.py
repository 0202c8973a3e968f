"""What is being done just now: on a terminal when it takes long, line by line when everything is to be told."""

from __future__ import annotations

import argparse
import sys
import time
from types import TracebackType
from typing import TextIO

from edgelint.cli.terminal import say

_PATIENCE, _PACE = 0.7, 0.1
"""Seconds until anything is shown, and between two changes of it."""

_WIDTH = 79


def add_telling(parser: argparse._ActionsContainer) -> None:
    """Add the options that say how much is told beside the result."""
    telling = parser.add_mutually_exclusive_group()
    telling.add_argument("--quiet", action="store_true", help="nothing but the result, and that only if there is one")
    telling.add_argument("--verbose", action="store_true", help="also what is being done, and when, on standard error")


class Progress:
    """Tells step by step what is being done; a context, which leaves no trace of it on the terminal."""

    def __init__(self, options: argparse.Namespace, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._verbose: bool = options.verbose
        self._shows = not options.quiet and not options.verbose and self._stream.isatty()
        self._start = time.monotonic()
        self._next = self._start + _PATIENCE
        self._shown = False

    def __call__(self, step: str) -> None:
        """Tell a step that begins."""
        now = time.monotonic()
        if self._verbose:
            say(f"{now - self._start:8.2f} s  {step}")
        elif self._shows and now >= self._next:
            from edgelint.report._safe import visible

            self._next = now + _PACE
            self._shown = True
            self._stream.write(f"\r\x1b[K{visible(step)[:_WIDTH]}")
            self._stream.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
