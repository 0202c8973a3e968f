"""What a check says: a finding, with its rule, the other rules, and the request that proves it."""

from __future__ import annotations

from enum import Enum
from functools import total_ordering

from edgelint.model.request import Request
from edgelint.record import record
from edgelint.source import Place


@total_ordering
class Severity(Enum):
    """How bad it is, from `info` to `critical`."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    def __lt__(self, other: Severity) -> bool:
        order = list(Severity)
        return order.index(self) < order.index(other)


class Confidence(Enum):
    """How sure it is: `proven` was replayed on a request, `likely` rests on a stated assumption, `suspicion` on a guess."""

    PROVEN = "proven"
    LIKELY = "likely"
    SUSPICION = "suspicion"


@record
class Subject:
    """A rule, route or other object a finding speaks of. `phase` is `input` for what concerns a whole source."""

    phase: str
    id: str
    name: str
    place: Place


@record
class Related:
    """Another object that takes part in a finding, and what its part is."""

    subject: Subject
    role: str


@record
class Witness:
    """A request that demonstrates a finding, and what the edge does with it, step by step."""

    request: Request
    trace: tuple[str, ...] = ()


@record
class Finding:
    """One fault, proved or supposed.

    `message` is one line, lower-case, without a full stop; text of the user stands in back-ticks. `place` is the exact spot
    inside the subject. `advice` says what to do, `detail` what else is worth knowing, a line each.
    """

    check: str
    severity: Severity
    confidence: Confidence
    message: str
    subject: Subject
    place: Place
    related: tuple[Related, ...] = ()
    witness: Witness | None = None
    detail: tuple[str, ...] = ()
    advice: str = ""

    def identity(self) -> tuple[str, str, str]:
        """What stays the same when the source is edited around the finding: check, phase and name of the subject."""
        return (self.check, self.subject.phase, self.subject.name or self.subject.id)
