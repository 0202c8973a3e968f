"""The data folders that are shipped with the package: rule pages and grammars."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).parent


def folder(name: Literal["rules", "grammars"]) -> Path:
    """Where a data folder is: inside the installed package, or beside `linter/` in a checkout."""
    for parent in (PACKAGE, PACKAGE.parents[1]):
        if (parent / name).is_dir():
            return parent / name
    raise FileNotFoundError(f"the folder `{name}` is missing from this installation of edgelint")
