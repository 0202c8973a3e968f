"""Names of findings that outlive edits of the source around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

from edgelint.finding import Finding


def fingerprints(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The fingerprint of each finding, in order: 16 hexadecimal digits of its identity, `:`, and its number among equals."""
    seen: Counter[str] = Counter()
    names = []
    for finding in findings:
        digest = sha256("\0".join(finding.identity()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        seen[digest] += 1
        names.append(f"{digest}:{seen[digest]}")
    return tuple(names)


def fingerprints_by_file(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The fingerprint of each finding among those in its file, in order: what is found in one file says nothing of another."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.place.source.name, []).append(finding)
    own = {file: iter(fingerprints(group)) for file, group in groups.items()}
    return tuple(next(own[finding.place.source.name]) for finding in findings)
