"""One file for each export format: bytes in, policy out."""

from __future__ import annotations

import importlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import cast

from edgelint.readers.contract import MOST_BYTES, File, Reader, Reading
from edgelint.readers.documents.document import unreadable
from edgelint.record import replace
from edgelint.resources import modules

__all__ = ["InputError", "Reading", "formats", "read"]

_STDIN = "-"
_SKIPPED_FOLDERS = frozenset({"node_modules"})


class InputError(Exception):
    """The user named something that cannot be read; the message is one line."""


def formats() -> tuple[str, ...]:
    """The names of all formats that can be read."""
    return tuple(reader.FORMAT for reader in _readers())


def read(
    paths: Sequence[str],
    *,
    stdin: Callable[[], bytes],
    input_format: str | None = None,
    tracked: frozenset[str] | None = None,
) -> Reading:
    """Everything these files and folders hold; `-` is standard input. Raises InputError.

    Formats are told by content, unless one is given. Folders are walked in sorted order; hidden files and folders,
    `node_modules`, links to folders, and files that are something else are left out. With `tracked`, absolute paths, no
    other file is opened.
    """
    readers = [reader for reader in _readers() if input_format in (None, reader.FORMAT)]
    if not readers:
        raise InputError(f"unknown input format `{input_format}`, known are: {', '.join(formats())}")
    forced = readers[0] if input_format else None
    groups: dict[tuple[str, str], list[File]] = {}
    reading = Reading()
    for file in _files(paths, stdin, tracked):
        reader = _reader(file, readers, forced)
        if isinstance(reader, Reading):
            reading += reader
        else:
            groups.setdefault((reader.FORMAT, file.folder), []).append(file)
    by_name = {reader.FORMAT: reader for reader in readers}
    for (name, _), files in groups.items():
        reading += _read(by_name[name], files)
    recognised = {file.name for files in groups.values() for file in files}
    return replace(reading, files=tuple(sorted(recognised.difference(reading.ignored))))


def _readers() -> tuple[Reader, ...]:
    """The modules of this package that are readers."""
    found = (importlib.import_module(f"{__name__}.{name}") for name in modules("readers"))
    return tuple(_as_reader(module) for module in found if hasattr(module, "FORMAT"))


def _as_reader(module: ModuleType) -> Reader:
    return cast(Reader, module)


def _read(reader: Reader, files: Sequence[File]) -> Reading:
    try:
        return reader.read(files)
    except OSError as error:
        raise InputError(f"cannot read `{error.filename or files[0].name}`: {_reason(error)}") from None


def _reader(file: File, readers: Sequence[Reader], forced: Reader | None) -> Reader | Reading:
    """The reader of a file, or what to say when there is none."""
    if forced and file.named:
        return forced
    try:
        head = file.head()
    except OSError as error:
        if file.named:
            raise InputError(f"cannot read `{file.name}`: {_reason(error)}") from None
        return Reading(problems=unreadable(file.name, "", f"the file cannot be read: {_reason(error)}").problems)
    for reader in readers:
        if reader.recognises(file.name, head):
            return reader
    if not file.named:
        return Reading(ignored=(file.name,))
    what = "the file is empty" if not head else f"the file is in no format that can be read ({', '.join(formats())})"
    return Reading(problems=unreadable(file.name, "", what).problems)


def _reason(error: OSError) -> str:
    return (error.strerror or "it fails").lower()


def _files(paths: Sequence[str], stdin: Callable[[], bytes], tracked: frozenset[str] | None) -> Iterator[File]:
    """The files that the paths stand for, each once."""
    seen: set[str] = set()
    for name in paths:
        for file in _expanded(name, stdin):
            identity = os.path.realpath(file.path) if file.path else file.name
            known = tracked is None or (identity in tracked and _entry(file) in tracked)
            if known and identity not in seen:
                seen.add(identity)
                yield file


def _entry(file: File) -> str:
    """The absolute path of a file itself, where its name is a link as well."""
    return str(file.path.parent.resolve() / file.path.name) if file.path else file.name


def _expanded(name: str, stdin: Callable[[], bytes]) -> Iterator[File]:
    if name == _STDIN:
        yield File(name, None, named=True, content=stdin())
        return
    path = Path(name)
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            yield from _walk(name)
        elif stat.S_ISREG(mode):
            yield File(name, path, named=True)
        else:
            with path.open("rb") as stream:  # a pipe can be read once only, and may never end
                yield File(name, None, named=True, content=stream.read(MOST_BYTES + 1))
    except OSError as error:
        raise InputError(f"cannot read `{error.filename or name}`: {_reason(error)}") from None
    except ValueError:
        raise InputError(f"cannot read {name!r}: it is no path") from None


def _walk(top: str) -> Iterator[File]:
    """The regular files under a folder, sorted."""
    for folder, folders, names in os.walk(top, onerror=_raise):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _SKIPPED_FOLDERS)
        for name in sorted(names):
            path = Path(folder, name)
            if name[0] != "." and path.is_file():
                yield File(str(path), path, named=False)


def _raise(error: OSError) -> None:
    raise error
