"""The user's settings: where they are found, and what the rest of the program sees of them."""

from __future__ import annotations

import re
from pathlib import Path

from edgelint.finding import Severity
from edgelint.model.assertion import Assertion
from edgelint.model.ignore import Ignore
from edgelint.model.topology import Topology
from edgelint.record import field, record

NAMES = ("edgelint.yaml", ".edgelint.yaml", "pyproject.toml")
"""File names in order of preference within one folder."""

LIMIT = 256 * 1024
"""The greatest size of a configuration file in bytes."""


class ConfigError(Exception):
    """Something is wrong with the configuration; the text says what and where, in one line."""


@record
class Settings:
    """What the user wants. `folder` is where the patterns of `include` begin."""

    folder: Path
    include: tuple[str, ...] = ()
    fail_on: Severity = Severity.MEDIUM
    topology: Topology = field(default_factory=Topology)
    ignores: tuple[Ignore, ...] = ()
    assertions: tuple[Assertion, ...] = ()

    def included(self) -> tuple[str, ...]:
        """The files that the patterns find, as they are called from the working folder; sorted."""
        found = {path for pattern in self.include for path in self.folder.glob(pattern) if path.is_file()}
        return tuple(sorted(str(_near(path)) for path in found))


def settings(
    folder: Path, chosen: Path | None = None, *, isolated: bool = False, tracked: frozenset[str] | None = None
) -> Settings:
    """The settings for work in a folder: from the chosen file, else from the nearest one upwards, else the defaults."""
    path = chosen or (None if isolated else find(folder, tracked))
    return load(path) if path else Settings(folder)


def find(folder: Path, tracked: frozenset[str] | None = None) -> Path | None:
    """The nearest configuration file in a folder or above it, not beyond the top of the git repository.

    With `tracked`, absolute paths, no other file counts.
    """
    for place in (folder, *folder.parents):
        for name in NAMES:
            path = place / name
            known = tracked is None or str(path) in tracked
            if known and path.is_file() and (path.suffix != ".toml" or _concerns_us(path)):
                return path
        if (place / ".git").exists():
            return None
    return None


def load(path: str | Path) -> Settings:
    """The settings in a file. Raises ConfigError."""
    path = Path(path)
    # Imported here because pydantic takes longer to import than most runs take, and most folders have no such file.
    from edgelint.config.document import document
    from edgelint.config.schema import validated

    return validated(document(_near(path), text(path)), path.resolve().parent)


def text(path: Path) -> str:
    """The text of a configuration file."""
    try:
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        raise ConfigError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from error
    if len(data) > LIMIT:
        raise ConfigError(f"{path}: is larger than {LIMIT // 1024} KiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 at byte {error.start}") from error


def _near(path: Path) -> Path:
    """The path as it is called from the working folder, where it lies below that."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _concerns_us(path: Path) -> bool:
    """Whether a pyproject.toml has a table for us. One that cannot be read is somebody else's trouble."""
    try:
        return re.search(r"^\s*\[\[?\s*tool\s*\.\s*edgelint\b", text(path), re.MULTILINE) is not None
    except ConfigError:
        return False
