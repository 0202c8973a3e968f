"""The command line: arguments in, exit code out; the only place that prints or exits. A module for each command."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from edgelint.cli.arguments import INTERRUPTED, WRONG, WrongCallError, parser
from edgelint.cli.terminal import finish, say, write

_ALLOCATIONS = 200_000
"""After how many new objects garbage is looked for: a small run ends before, a large one keeps some tens of megabytes longer."""

# Modules are imported where they are used: `edgelint --version` and a hook with nothing to do should feel instant.


def command() -> NoReturn:
    """Run the command line and end the process: what a run has built goes with it, taking it apart takes a tenth of the time."""
    code = main()
    finish()
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    # A run is short and leaves little garbage: looking for it seldom saves a tenth of the time.
    gc.set_threshold(_ALLOCATIONS)
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - a person is never shown a traceback
        say(_last_words(error))
        return WRONG


def _run(arguments: Sequence[str]) -> int:
    options = parser(arguments).parse_args(arguments)
    if options.command is None:
        write(f"{parser(arguments).format_help()}\n")
        return WRONG
    code: int = import_module(f"edgelint.cli.{options.command}").run(options)
    return code


def _last_words(error: Exception) -> str:
    """One line on what went wrong: the user's mistake in its own words, anything else as a bug of ours."""
    from edgelint.baseline import BaselineError
    from edgelint.config import ConfigError
    from edgelint.proving import DemandError
    from edgelint.readers import InputError
    from edgelint.repository import RepositoryError

    if isinstance(error, WrongCallError | ConfigError | RepositoryError | InputError | BaselineError | DemandError):
        return str(error)
    return f"internal error, please report it: {type(error).__name__}: {error}"
