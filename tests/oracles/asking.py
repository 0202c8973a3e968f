"""Questions that are put to us and to an oracle: how they are drawn, asked, counted and, where the two disagree, narrowed down.

A round of a kind is told by its seed: the same seed draws the same questions. A disagreement is noted when it is met, then the
question is made smaller for a while, and the smallest that still shows it is noted, too.
"""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from edgelint.space.limits import Unbounded

Question = TypeVar("Question")

SHRINKING = 30
"""For how many seconds a disagreement is narrowed down."""

PATIENCE = 60
"""How many seconds one question may take before that counts as a disagreement: nothing may hang."""


class Verdict(Enum):
    """What came of a question."""

    AGREED = "agreed"
    UNDECIDED = "undecided by the oracle"
    UNKNOWN = "unknown by us"
    DISAGREED = "disagreed"


class Result(NamedTuple):
    """A verdict; `reason` says why a side does not know, or what the two sides say."""

    verdict: Verdict
    reason: str = ""


AGREED = Result(Verdict.AGREED)


def undecided(reason: str) -> Result:
    """The result of a question that the oracle leaves open."""
    return Result(Verdict.UNDECIDED, reason)


def unknown(reason: str) -> Result:
    """The result of a question that we leave open."""
    return Result(Verdict.UNKNOWN, reason)


def compared(about: object, ours: object, theirs: object) -> Result:
    """The result of a question with two answers."""
    return AGREED if ours == theirs else Result(Verdict.DISAGREED, f"{about}: ours is {ours!r}, theirs {theirs!r}")


def claimed(holds: bool, about: object) -> Result:
    """The result of a question whether something we said is so."""
    return AGREED if holds else Result(Verdict.DISAGREED, f"not so: {about}")


@dataclass(frozen=True)
class Kind(Generic[Question]):
    """One kind of questions: where they come from, and what asking one of them gives.

    `size` is how many are drawn for one round. `missing` says why this kind cannot be asked here, empty when it can.
    """

    name: str
    questions: SearchStrategy[Question]
    ask: Callable[[Question], Iterable[Result]]
    size: int
    missing: str = ""


class Disagreement(NamedTuple):
    """Where two answers differ: the kind and seed that draw the question again, and what was said about which question."""

    kind: str
    seed: int
    text: str


@dataclass
class Tally:
    """What came of the questions of one kind. `unknown` and `undecided` count the reasons."""

    kind: str
    asked: int = 0
    agreed: int = 0
    undecided: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    disagreements: list[Disagreement] = field(default_factory=list)
    seconds: float = 0.0

    def note(self, result: Result) -> None:
        """Count one result."""
        self.asked += 1
        self.agreed += result.verdict is Verdict.AGREED
        if result.verdict is Verdict.UNDECIDED:
            self.undecided[result.reason] += 1
        if result.verdict is Verdict.UNKNOWN:
            self.unknown[result.reason] += 1


class DisagreedError(Exception):
    """The two sides of a question disagree, or we break on it."""


class TookTooLongError(Exception):
    """A question outlasted our patience."""


def ask_round(
    kind: Kind[Question], number: int, tally: Tally, tell: Callable[[Disagreement], None] = lambda _: None
) -> None:
    """Ask the questions that a seed draws, up to the first disagreement, which is told at once and told again when narrowed down."""
    start = time.monotonic()
    round_of = _Round(kind, number, tally, tell)
    drawn = settings(
        max_examples=kind.size,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    try:
        drawn(seed(number)(given(kind.questions)(round_of.ask)))()
    except (DisagreedError, Flaky):
        tally.disagreements.append(round_of.smallest)
        tell(round_of.smallest)
    tally.seconds += time.monotonic() - start


class _Round(Generic[Question]):
    """One round: counts until the first disagreement, and keeps the last one found while that is narrowed down."""

    def __init__(self, kind: Kind[Question], number: int, tally: Tally, tell: Callable[[Disagreement], None]) -> None:
        self.kind, self.number, self.tally, self.tell = kind, number, tally, tell
        self.smallest = Disagreement(kind.name, number, "")
        self.until = 0.0

    def ask(self, question: Question) -> None:
        """Put one question; raises DisagreedError, so that a smaller question is looked for."""
        if self.until and time.monotonic() > self.until:
            return
        for result in self._results(question):
            if not self.until:
                self.tally.note(result)
            if result.verdict is Verdict.DISAGREED:
                self._disagreed(question, result)

    def _results(self, question: Question) -> list[Result]:
        found: list[Result] = []
        try:
            with _alarm(max(1, self.until - time.monotonic()) if self.until else PATIENCE):
                found.extend(self.kind.ask(question))
        except Unbounded as limit:
            found.append(unknown(limit.reason))
        except TookTooLongError as error:
            # One that cannot be made smaller in time is left as it is.
            found += [] if self.until else [Result(Verdict.DISAGREED, str(error))]
        except Exception:  # noqa: BLE001 - whatever it is, we broke on a question
            found.append(Result(Verdict.DISAGREED, traceback.format_exc(limit=-6)))
        return found

    def _disagreed(self, question: Question, result: Result) -> None:
        self.smallest = Disagreement(
            self.kind.name, self.number, f"{result.reason}\n{question}".replace(", span=None", "")
        )
        if not self.until:
            self.tell(self.smallest)
            self.until = time.monotonic() + SHRINKING
        raise DisagreedError


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """A context that raises TookTooLongError when it lasts longer, where the system has such an alarm."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise TookTooLongError(f"no answer after {seconds:.0f} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
