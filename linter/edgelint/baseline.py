"""Findings that were known before: of an earlier version of the rules, or written down in a file to begin with.

A finding is known by its check, by phase and name of its rule, and by what the rule means: neither moving, renumbering nor
reformatting it makes a finding new, but changing what the rule does asks for a second look.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from edgelint.finding import Finding
from edgelint.fingerprint import Meanings
from edgelint.record import record, replace

VERSION = 1
MOST_BYTES = 16 * 1024 * 1024
"""The greatest size of a baseline in bytes."""

CHANGED = "this was said of the rule before, too, and the rule was changed since"


class BaselineError(Exception):
    """A baseline cannot be read; the text says why, in one line."""


@record(order=True)
class Entry:
    """A known finding: its check, its rule as `phase/name`, and the meaning of the rule (empty where it is about no rule)."""

    check: str
    rule: str
    meaning: str


def entries(findings: Iterable[Finding], meanings: Meanings) -> tuple[Entry, ...]:
    """What makes some findings known, in order."""
    return tuple(_entry(finding, meanings) for finding in findings)


def _entry(finding: Finding, meanings: Meanings) -> Entry:
    check, phase, name = finding.identity()
    return Entry(check, f"{phase}/{name}", meanings.of(finding))


@record
class Comparison:
    """Findings beside what was known: the new ones, the known ones, and the entries that have no finding any more."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: tuple[Entry, ...]


def compared(findings: Iterable[Finding], meanings: Meanings, before: Iterable[Entry]) -> Comparison:
    """Findings beside what was known before; of several alike, the first ones count as known."""
    left = Counter(before)
    rules = {(entry.check, entry.rule) for entry in left}
    new, known = [], []
    for finding in findings:
        entry = _entry(finding, meanings)
        if left[entry] > 0:
            left[entry] -= 1
            known.append(finding)
        else:
            changed = (entry.check, entry.rule) in rules and entry.meaning
            new.append(replace(finding, detail=(*finding.detail, CHANGED)) if changed else finding)
    return Comparison(tuple(new), tuple(known), tuple(sorted(left.elements())))


def write(known: Iterable[Entry]) -> str:
    """A baseline as text: sorted, an entry a line, so that merging two branches seldom meets a conflict."""
    lines = [json.dumps(dict(zip(Entry.__match_args__, _values(entry), strict=True))) for entry in sorted(known)]
    listed = ",".join(f"\n    {line}" for line in lines)
    end = "\n  " if lines else ""
    return f'{{\n  "version": {VERSION},\n  "findings": [{listed}{end}]\n}}\n'


def _values(entry: Entry) -> tuple[str, str, str]:
    return (entry.check, entry.rule, entry.meaning)


def read(path: Path) -> tuple[Entry, ...]:
    """The entries of a baseline. Raises BaselineError."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise BaselineError(f"{path}: is larger than {MOST_BYTES // 2**20} MiB")
        document = json.loads(data)
    except OSError as error:
        raise BaselineError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from error
    except json.JSONDecodeError as error:
        raise BaselineError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg.lower()}") from error
    except (ValueError, RecursionError) as error:  # what is no UTF-8, too many digits or levels
        raise BaselineError(f"{path}: cannot be read as JSON") from error
    return tuple(_read(path, document))


def _read(path: Path, document: object) -> Iterable[Entry]:
    if not isinstance(document, dict) or not isinstance(document.get("findings"), list):
        raise BaselineError(f"{path}: is no baseline, `edgelint baseline write` makes one")
    if document.get("version") != VERSION:
        raise BaselineError(f"{path}: is a baseline of another version, write it anew")
    for number, item in enumerate(document["findings"], start=1):
        values = [item.get(name) for name in Entry.__match_args__] if isinstance(item, dict) else []
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) != len(Entry.__match_args__):
            raise BaselineError(f"{path}: entry {number} has no check, rule and meaning")
        yield Entry(*texts)
