"""Completions of the command line: what can follow what, read off its parser, and a module for each shell."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from edgelint.completions.words import Command

SHELLS = ("bash", "fish", "zsh")


def script(shell: str, program: Command) -> str:
    """The script that teaches a shell to complete the calls of a program."""
    write: Callable[[Command], str] = import_module(f"edgelint.completions.{shell}").script
    return write(program)
