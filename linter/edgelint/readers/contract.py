"""What every reader is given and gives back.

A reader is a module of this package that says `FORMAT`, the name of an export format, and has two functions:
`recognises(name, head)`, a cheap look at the name and the first bytes of a file, and `read(files)`, which reads the files of
one folder that it recognised. It imports what is slow to import only when it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Protocol

from edgelint.model.policy import Policy, Problem
from edgelint.readers.documents.document import unreadable
from edgelint.record import record

MOST_BYTES = 64 * 1024 * 1024
"""Size of the largest text file that is read."""
HEAD_BYTES = 4096
"""How much of a file is looked at to recognise it."""


@record
class File:
    """One input: the name the user knows it by, its path, and whether the user named it or it was met in a folder.

    Standard input and other streams have no path; their content was read already.
    """

    name: str
    path: Path | None
    named: bool
    content: bytes = b""

    @property
    def folder(self) -> str:
        """The folder it is in, as the user would name it; a stream is a folder of its own."""
        return str(PurePath(self.name).parent) if self.path else self.name

    def head(self) -> bytes:
        """The first bytes; raises OSError."""
        if self.path is None:
            return self.content[:HEAD_BYTES]
        with self.path.open("rb") as stream:
            return stream.read(HEAD_BYTES)

    def data(self) -> bytes:
        """All bytes; raises UnreadableError when there are too many, OSError."""
        data = self.content
        if self.path is not None:
            with self.path.open("rb") as stream:
                data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise unreadable(self.name, "", f"the file is larger than {MOST_BYTES // 2**20} MiB")
        return data


@record
class Reading:
    """What was read: policies, problems that belong to none of them, and the files that are something else.

    `files` are the others, which hold rule sets, parts of some, or what should be one; sorted.
    """

    policies: tuple[Policy, ...] = ()
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def __add__(self, other: Reading) -> Reading:
        """Both together."""
        return Reading(
            self.policies + other.policies,
            self.problems + other.problems,
            self.ignored + other.ignored,
            self.files + other.files,
        )


class Reader(Protocol):
    """A reader module."""

    FORMAT: str

    def recognises(self, name: str, head: bytes) -> bool:
        """Whether a file with this name and these first bytes may be in the format."""

    def read(self, files: Sequence[File]) -> Reading:
        """The policies of these files, which lie in one folder."""
