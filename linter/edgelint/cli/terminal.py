"""What the program says to a person or a script: results on standard output, everything else on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from edgelint.cli.arguments import WrongCallError

if TYPE_CHECKING:
    from edgelint.report import Failure


def colourful(stream: TextIO, *, no_color: bool = False) -> bool:
    """Whether to use colours: NO_COLOR wins over FORCE_COLOR, and both over what the stream is."""
    if no_color or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return os.environ["FORCE_COLOR"] != "0"
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write(text: str) -> None:
    """Print text, whatever the terminal's encoding, and whether or not somebody still reads it."""
    try:
        sys.stdout.write(_encodable(text, sys.stdout))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away, as `head` does; what is left, and the flush at exit, goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_file(name: str, text: str) -> None:
    """Write a text to a file, `-` for standard output. Raises WrongCallError when the file cannot be written."""
    if name == "-":
        write(text)
        return
    try:
        Path(name).write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise WrongCallError(f"{name}: {(error.strerror or 'cannot be written').lower()}") from error


def replace_file(name: str, text: str) -> None:
    """Write a text to a file as a whole or not at all, `-` for standard output. Raises WrongCallError when it cannot be written.

    A link leads to the file it stands for, and a file keeps its permissions; what is no regular file is simply written to.
    """
    if name == "-" or (Path(name).exists() and not Path(name).is_file()):
        write_file(name, text)
        return
    path = Path(name).resolve()
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        try:
            with partial.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            if path.exists():
                partial.chmod(path.stat().st_mode & 0o7777)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise WrongCallError(f"{name}: {(error.strerror or 'cannot be written').lower()}") from error


def say(text: str) -> None:
    """Tell the user something that is not a result, on one line."""
    from edgelint.report._safe import visible

    try:
        sys.stderr.write(_encodable(f"edgelint: {visible(text)}\n", sys.stderr))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def say_failures(failures: Iterable[Failure]) -> None:
    """Tell what broke on our side."""
    for failure in failures:
        say(f"internal error in `{failure.part}` on {failure.policy}, please report it: {failure.error}")


def finish() -> None:
    """Let everything out before the process ends."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()


def _encodable(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
