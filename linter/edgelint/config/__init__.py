"""The user's settings: where they are found, and what the rest of the program sees of them."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
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
    """What the user wants. `folder` is where the patterns of `include` and `tests` begin."""

    folder: Path
    include: tuple[str, ...] = ()
    fail_on: Severity = Severity.MEDIUM
    topology: Topology = field(default_factory=Topology)
    ignores: tuple[Ignore, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    tests: tuple[str, ...] = ()

    def included(self) -> tuple[str, ...]:
        """The rule files that the patterns find, as they are called from the working folder; sorted."""
        return self._found(self.include)

    def reads(self, paths: Sequence[str]) -> Sequence[str]:
        """What is read: the paths that were named, else what is included, else this folder."""
        return paths or (self.included() if self.include else (".",))

    def tested(self) -> tuple[str, ...]:
        """The files of examples that the patterns find, as they are called from the working folder; sorted."""
        return self._found(self.tests)

    def _found(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        found = {path for pattern in patterns for path in self.folder.glob(pattern) if path.is_file()}
        return tuple(sorted(str(near(path)) for path in found))


def settings(
    folder: Path, chosen: Path | None = None, *, isolated: bool = False, tracked: frozenset[str] | None = None
) -> Settings:
    """The settings for work in a folder: from the chosen file, else from the nearest one upwards, else the defaults."""
    path = chosen or (None if isolated else find(folder, tracked))
    if path and not chosen and os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113 - they never fail
        raise ConfigError(f"{near(path)}: is not a file")
    return load(path) if path else Settings(folder)


def find(folder: Path, tracked: frozenset[str] | None = None) -> Path | None:
    """The nearest configuration file in a folder or above it, not beyond the top of the git repository.

    With `tracked`, absolute paths, no other file counts. What has the name counts, even where it cannot be read: to go on without it would be to lint something else.
    """
    for place in (folder, *folder.parents):
        for name in NAMES:
            path = place / name
            if tracked is not None and str(path) not in tracked:
                continue
            if _concerns_us(path) if path.suffix == ".toml" else os.path.lexists(path):
                return path
        if os.path.lexists(place / ".git"):
            return None
    return None


def load(path: str | Path) -> Settings:
    """The settings in a file. Raises ConfigError."""
    path = near(Path(path))
    # Imported here because pydantic takes longer to import than most runs take, and most folders have no such file.
    from edgelint.config.document import document
    from edgelint.config.validation import validated

    return validated(document(path, text(path)), path.parent.resolve())


def published_schema() -> str:
    """The JSON Schema (draft-07) of a configuration, as it is shipped with the package."""
    return Path(__file__).with_name("schema.json").read_text(encoding="utf-8")


def text(path: Path, most: int = LIMIT) -> str:
    """The text of a file of so many bytes at most. Raises ConfigError."""
    try:
        data = _head(path, most)
    except OSError as error:
        raise ConfigError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from error
    if len(data) > most:
        raise ConfigError(f"{path}: is larger than {most // 1024} KiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 at byte {error.start}") from error


def _head(path: Path, most: int = LIMIT) -> bytes:
    """The beginning of a file, by which it can be told whether it is too large."""
    with path.open("rb") as file:
        return file.read(most + 1)


def near(path: Path) -> Path:
    """The path as it is called from the working folder, where it lies below that."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _concerns_us(path: Path) -> bool:
    """Whether a pyproject.toml has a table for us. One that cannot be read is somebody else's trouble, unless it names us."""
    try:
        if not path.is_file() or b"edgelint" not in (data := _head(path)):
            return False
    except OSError:
        return False
    from edgelint.config.toml import TomlError, table

    with contextlib.suppress(TomlError, UnicodeDecodeError):
        if len(data) <= LIMIT:
            return table(data.decode("utf-8-sig")) is not None
    return re.search(rb"^[ \t]*\[\[?[ \t]*tool[ \t]*\.[ \t]*edgelint[ \t]*[].]", data, re.MULTILINE) is not None
