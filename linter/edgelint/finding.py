"""What a check says: a finding, with its rule, the other rules, and the request that proves it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import total_ordering
from typing import Literal

from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.record import record
from edgelint.source import Place, Source, Span


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
class Edit:
    """A text that replaces what a rule says at one place.

    `word` is `match` or a setting that is written down (`Rule.places`); of a match only the half-open `span` of code points
    is replaced where one is given.
    """

    rule: Rule
    word: str
    text: str
    span: tuple[int, int] | None = None

    @property
    def place(self) -> Place:
        """The place that is replaced."""
        whole = self.rule.match.place if self.word == "match" else self.rule.places[self.word]
        return whole.within(*self.span) if self.span else whole


@record
class Replacement:
    """A span of the text of a source, and what is to stand there."""

    source: Source
    span: Span
    text: str


@record
class Fix:
    """A change of the rules that ends a fault. A `safe` one treats all requests but those of the fault as before.

    `title` says what it does, as an order. One that `narrows` is to catch less. `replacements` are its edits as they are
    spelled in the sources, none where these are no texts.
    """

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False
    narrows: bool = False
    replacements: tuple[Replacement, ...] = ()

    def results(self) -> tuple[tuple[Rule, str, str], ...]:
        """The settings it changes, each with its rule, its word, and all of its text afterwards."""
        own: dict[tuple[Rule, str], list[Edit]] = {}
        for edit in self.edits:
            own.setdefault((edit.rule, edit.word), []).append(edit)
        return tuple((rule, word, spliced(rule, edits)) for (rule, word), edits in own.items())


def spliced(rule: Rule, edits: Iterable[Edit]) -> str:
    """The text of one setting of a rule with all of some edits of it made."""
    text = rule.match.text
    for edit in sorted(edits, key=lambda edit: edit.span or (0, 0), reverse=True):
        start, end = edit.span or (0, len(text))
        text = text[:start] + edit.text + text[end:]
    return text


@record
class Finding:
    """One fault, proved or supposed.

    `message` is one line, lower-case, without a full stop; text of the user stands in back-ticks. `place` is the exact spot
    inside the subject. `advice` says what to do, `detail` what else is worth knowing, a line each. `fixes` are changes that
    would end it, the best first.
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
    fixes: tuple[Fix, ...] = ()

    def identity(self) -> tuple[str, str, str]:
        """What stays the same when the source is edited around the finding: check, phase and name of the subject."""
        return (self.check, self.subject.phase, self.subject.name or self.subject.id)


Authority = Literal["configuration", "comment", "baseline"]
"""Where it is written down that a finding is accepted."""


@record
class Accepted:
    """A finding that is not reported, where that is written down, and why."""

    finding: Finding
    by: Authority
    reason: str
