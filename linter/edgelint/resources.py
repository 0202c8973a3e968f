"""What is shipped with the package: the folders of rule pages and grammars, and the modules that are one for each thing."""

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


def modules(package: str) -> tuple[str, ...]:
    """The names of the modules directly in a package of ours, sorted; those that begin with `_` are helpers and left out."""
    files = (PACKAGE / package).glob("*.py")  # `pkgutil` would do, and imports half of the compiler
    return tuple(sorted(file.stem for file in files if not file.stem.startswith("_")))
