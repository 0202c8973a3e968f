"""The two versions that are compared: files, folders, or what these were at a commit."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from edgelint.model.policy import Policy
from edgelint.readers import InputError, read
from edgelint.record import record
from edgelint.repository import snapshot


@record(eq=False)
class Pair:
    """A policy in both versions; None where it was not there or is not any more."""

    name: str
    before: Policy | None
    after: Policy | None


def policies(name: str, stdin: Callable[[], bytes], input_format: str | None) -> tuple[Policy, ...]:
    """The policies of a file or folder, or with `COMMIT:PATH` what they were at a commit. Raises InputError, RepositoryError.

    A policy that was not read whole is refused: what is missing in it would look like a change.
    """
    commit, colon, path = name.partition(":")
    if not colon or name == "-" or Path(name).exists():
        return _whole(read([name], stdin=stdin, input_format=input_format).policies, name)
    if not commit or not path:
        raise InputError(f"cannot read `{name}`: it is no file, and no `COMMIT:PATH`")
    near = os.path.relpath(path)
    with snapshot(Path.cwd(), commit, [near]) as copy, contextlib.chdir(copy):
        if not Path(near).exists():
            raise InputError(f"cannot read `{name}`: no such file at that commit")
        return _whole(read([near], stdin=bytes, input_format=input_format).policies, name)


def _whole(found: tuple[Policy, ...], name: str) -> tuple[Policy, ...]:
    if not found:
        raise InputError(f"cannot read `{name}`: there is no rule set in it")
    for policy in found:
        broken = next((problem for problem in policy.problems if problem.kind != "unknown-field"), None)
        if broken is not None:
            raise InputError(
                f"{broken.place.location().spot()}: {broken.message}; correct that first, it could hide a change"
            )
    return found


def paired(old: Sequence[Policy], new: Sequence[Policy], top: tuple[str, str]) -> tuple[Pair, ...]:
    """The policies of both sides by their names below the two `top` folders; where each side has one, these two."""
    if len(old) == len(new) == 1:
        return (Pair(new[0].name, old[0], new[0]),)
    before = {_below(policy.name, top[0]): policy for policy in old}
    after = {_below(policy.name, top[1]): policy for policy in new}
    return tuple(Pair(name, before.get(name), after.get(name)) for name in sorted(before | after))


def _below(name: str, top: str) -> str:
    _, _, path = top.rpartition(":")
    return os.path.relpath(name, path)
