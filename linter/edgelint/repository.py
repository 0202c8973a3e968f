"""The git repository a folder lies in: its top, the files it knows, and where it came from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlsplit

from edgelint.record import record


class RepositoryError(Exception):
    """Git could not answer; the text says why in one line."""


@record
class Provenance:
    """Where the files of a repository came from: an https URL without credentials, and the commit where it is known."""

    url: str
    commit: str = ""


def top(folder: Path) -> Path | None:
    """The top folder of the repository that a folder lies in."""
    for place in (folder, *folder.parents):
        if (place / ".git").exists():
            return place
    return None


def tracked(folder: Path) -> frozenset[str]:
    """The files that git knows in the repository of a folder, as absolute paths."""
    return _listed(folder)


def unignored(folder: Path) -> frozenset[str]:
    """The files that git knows, or would add, in the repository of a folder, as absolute paths."""
    return _listed(folder, "--cached", "--others", "--exclude-standard")


def _listed(folder: Path, *options: str) -> frozenset[str]:
    root = top(folder) or folder
    names = _git(root, "ls-files", "-z", *options).split(b"\0")
    return frozenset(str(root / os.fsdecode(name)) for name in names if name)


@contextmanager
def snapshot(folder: Path, commit: str, names: Sequence[str]) -> Iterator[Path]:
    """A copy of a folder as some paths below it were at a commit; neither the work tree nor the index is touched.

    Paths are relative to the folder. Raises RepositoryError when git does not know the commit.
    """
    from tempfile import TemporaryDirectory  # late: most runs compare with nothing

    root = top(folder)
    if root is None:
        raise RepositoryError(f"{folder} is in no git repository, so there is nothing to compare with")
    tree = _hash(root, commit)
    inside = [os.path.normpath(folder.resolve().relative_to(root.resolve()) / name) for name in names]
    if "." in inside:
        inside = []
    there = _git(root, "ls-tree", "-z", "--name-only", tree, "--", *inside)
    with TemporaryDirectory(prefix="edgelint-") as place:
        if there:
            known = [os.fsdecode(name) for name in there.split(b"\0") if name]
            archive = _git(root, "archive", "--format=tar", tree, "--", *known)
            _unpack(archive, Path(place))
        copy = Path(place, folder.resolve().relative_to(root.resolve()))
        copy.mkdir(parents=True, exist_ok=True)
        yield copy


def changed_lines(folder: Path, commit: str, names: Iterable[str]) -> dict[str, tuple[tuple[int, int], ...]]:
    """First and last line, from 1, of each piece that is new or edited since a commit, of some files named from a folder.

    Raises RepositoryError.
    """
    tree = _hash(folder, commit)
    return {name: _changed(folder, tree, name) for name in names}


def _changed(folder: Path, tree: str, name: str) -> tuple[tuple[int, int], ...]:
    if not _git(folder, "ls-tree", "-z", "--name-only", tree, "--", name):
        return ((1, _ENDLESS),)
    plain = ("--unified=0", "--no-color", "--no-ext-diff", "--no-textconv")
    lines = _git(folder, "diff", *plain, tree, "--", name).splitlines()
    hunks = [found for line in lines if (found := re.match(rb"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line))]
    pieces = [(int(hunk[1]), int(hunk[2] or b"1")) for hunk in hunks]
    return tuple((first, first + count - 1) for first, count in pieces if count)


_ENDLESS = 1 << 31


def _hash(folder: Path, commit: str) -> str:
    """The hash of a commit, whatever it is called: names that begin like options are none."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
    return _git(folder, *words).decode().strip()


def _unpack(archive: bytes, place: Path) -> None:
    """Write out the files of an archive, and those links in it that lead to one of them.

    Python 3.11 has the filters of `tarfile` from its fourth release on only.
    """
    import tarfile  # late, too

    with tarfile.open(fileobj=BytesIO(archive)) as members:
        found = members.getmembers()
        for member in found:
            content = members.extractfile(member) if member.isreg() else None
            if content is not None and _inside(place, place / member.name):
                (place / member.name).parent.mkdir(parents=True, exist_ok=True)
                (place / member.name).write_bytes(content.read())
    for member in found:
        link = place / member.name
        if member.issym() and _inside(place, link) and _inside(place, link.parent / member.linkname):
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(member.linkname)


def _inside(place: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(place.resolve())


def provenance(folder: Path) -> Provenance | None:
    """Where the repository of a folder came from, None without a remote that has an address on the web."""
    if top(folder) is None:
        return None
    try:
        remote, commit = _git(folder, "config", "--get", "remote.origin.url"), _git(folder, "rev-parse", "HEAD")
    except RepositoryError:
        return None
    url = web_address(remote.decode("utf-8", "replace").strip())
    return Provenance(url, commit.decode("ascii", "replace").strip()) if url else None


def web_address(remote: str) -> str:
    """The https address of a remote without user, password and `.git`; empty when it has none."""
    if found := re.fullmatch(_SHORT, remote):
        return f"https://{found['host']}/{_path(found['path'])}"
    try:
        parts = urlsplit(remote)
        port = f":{parts.port}" if parts.port and parts.scheme == "https" else ""
    except ValueError:
        return ""
    if parts.scheme not in ("https", "http", "ssh", "git") or not parts.hostname:
        return ""
    return f"https://{parts.hostname}{port}/{_path(parts.path)}"


_SHORT = r"(?a)(?:[\w.-]+@)?(?P<host>[\w-]+(?:\.[\w-]+)+):(?!//)(?P<path>.+)"
"""The short form of an ssh address, as in `git@example.com:team/edge.git`."""


def _path(path: str) -> str:
    return quote(path.strip("/").removesuffix(".git"))


def _git(folder: Path, *words: str) -> bytes:
    import subprocess  # late: most runs do without git

    # No file system monitor: a repository may name a program for that, and this one may belong to a stranger.
    command = ["git", "--literal-pathspecs", "-c", "core.fsmonitor=false", *words]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=60)  # noqa: S603 - fixed words
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RepositoryError("git could not be run") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RepositoryError(f"git failed: {reason[-1] if reason else words[0]}")
    return done.stdout
