"""The whole pipeline on one screen: read, know, check, silence, sort."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from edgelint import __version__, catalog, readers
from edgelint.absorption import without_absorbed
from edgelint.baseline import Entry, compared, entries
from edgelint.finding import Accepted, Confidence, Finding, Severity, Subject
from edgelint.fingerprint import Meanings
from edgelint.model.ignore import Ignore
from edgelint.model.policy import Policy, Problem, Rule
from edgelint.model.topology import Topology
from edgelint.record import field, record, replace
from edgelint.report import Failure, Report
from edgelint.resources import modules
from edgelint.source import Cell
from edgelint.space.limits import WORK, Unbounded
from edgelint.suppress import silence

if TYPE_CHECKING:
    from edgelint.facts import Facts

CHECK_OF_PROBLEM = {
    "unreadable": ("unreadable-input", "correct the input; what could be read was checked all the same"),
    "expression": ("invalid-expression", "correct the expression; until then the platform refuses the whole rule set"),
    "mismatch": ("invalid-expression", "keep one of the two forms, or save the rule again so that both say the same"),
    "unknown-field": ("unreadable-input", "nothing is reported that would depend on it"),
}
"""The check that reports a kind of problem, and its advice. A field that has no model is information, the others are faults."""


@record
class Wishes:
    """What a run is asked for.

    `select` names the only checks to run, all when it is empty; what concerns the input itself is always told, unless it
    is in `ignore`. `partial` says that the ignores may speak of files that are not read, `tracked` are the only files that
    count, as absolute paths. `baseline` is what is known and not told again. `fail_on` widens the view: what makes a run fail is shown.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    pedantic: bool = False
    fail_on: Severity = Severity.MEDIUM
    topology: Topology = field(default_factory=Topology)
    ignores: tuple[Ignore, ...] = ()
    baseline: tuple[Entry, ...] | None = None
    partial: bool = False
    tracked: frozenset[str] | None = None
    input_format: str | None = None
    today: date = field(default_factory=date.today)

    def wants_check(self, check: str) -> bool:
        """Whether a check is to run."""
        chosen = not self.select or check in self.select or catalog.page(check).family == "input"
        return chosen and check not in self.ignore

    def wants(self, finding: Finding) -> bool:
        """Whether a finding is of a check that is wanted."""
        return self.wants_check(finding.check)

    def shows(self, finding: Finding) -> bool:
        """Whether a finding belongs to the view: proven and of medium severity, or what its page says is always shown."""
        grave = finding.severity >= min(Severity.MEDIUM, self.fail_on) and finding.confidence is Confidence.PROVEN
        return self.pedantic or grave or finding.severity in catalog.page(finding.check).shown


Tell = Callable[[str], None]
"""Is told what is done next."""


def lint(
    paths: Sequence[str],
    wishes: Wishes,
    stdin: Callable[[], bytes],
    before: Sequence[Policy] | None = None,
    tell: Tell = lambda _step: None,
) -> Report:
    """Everything there is to say about the rule sets in some files and folders. Raises InputError.

    With what these rule sets were `before`, only what is new since then: what is said of a rule that was said of it already is
    not, wherever it stands by now.
    """
    tell("reading")
    reading = readers.read(paths, stdin=stdin, input_format=wishes.input_format, tracked=wishes.tracked)
    policies = reading.policies
    problems = [*reading.problems, *(problem for policy in policies for problem in policy.problems)]
    failures: list[Failure] = []
    found = [*_troubles(reading.problems)]
    old = {policy.name: policy for policy in before or ()}
    for policy in policies:
        tell(f"{policy.name}: {len(policy.rules)} rules, {len(policy.routes)} routes")
        found += _told(policy, wishes, failures, tell, old.get(policy.name), fixes=True)
    ignores = (*wishes.ignores, *(ignore for policy in policies for ignore in policy.ignores))
    judged = _judged(wishes, ignores, policies, problems, failures)
    silenced = silence(filter(wishes.wants, found), ignores, today=wishes.today, judged=judged)
    kept, accepted, meanings = silenced.kept, silenced.accepted, Meanings(policies)
    if before is not None:
        earlier = [finding for one in before for finding in _told(one, wishes, [], tell)]
        files = {name for policy in before for name in policy.files}
        kept = tuple(sorted(kept, key=lambda finding: finding.place.source.name not in files))  # copies are what is new
        kept = compared(kept, meanings, entries(earlier, Meanings(before))).new
    if wishes.baseline is not None:
        beside = compared(kept, meanings, wishes.baseline)
        kept = beside.new
        accepted += tuple(Accepted(finding, "baseline", "it was known before") for finding in beside.known)
    wanted = [finding for finding in kept if wishes.wants(finding)]
    shown = [finding for finding in wanted if wishes.shows(finding)]
    return Report(
        version=__version__,
        policies=policies,
        findings=tuple(sorted(shown, key=_order)),
        pages=catalog.pages(),
        topology=wishes.topology,
        hidden=len(wanted) - len(shown),
        accepted=accepted,
        problems=tuple(problem for problem in problems if problem.kind == "unknown-field" and not wishes.pedantic),
        failures=tuple(failures),
    )


def _told(
    policy: Policy,
    wishes: Wishes,
    failures: list[Failure],
    tell: Tell,
    before: Policy | None = None,
    *,
    fixes: bool = False,
) -> list[Finding]:
    """The findings about one policy; their fixes are looked at where they are asked for, and count for nothing elsewhere."""
    # Imported here: the engine takes a while to import, and a run without a readable policy does without it.
    from edgelint.facts import steps_for

    found = [*_troubles(policy.problems, policy.rules)]
    with WORK.allowance(steps_for(policy)):
        facts = _known(policy, wishes, failures, before)
        said = _examine(facts, wishes, failures, tell) if facts else []
        if WORK.exhausted:
            found.append(_unfinished(policy))
        if facts and fixes:
            tell(f"{policy.name}: fixes")
            said = _with_fixes(facts, said, wishes, failures)
    return found + said


def _unfinished(policy: Policy) -> Finding:
    """What is said of a policy whose conditions were too hard to analyse all of them."""
    words, first = catalog.page("unmodelled-condition"), policy.rules[0]
    return Finding(
        check=words.name,
        severity=Severity.MEDIUM,
        confidence=words.confidence,
        message=f"the conditions of these {len(policy.rules)} rules are too hard to analyse all of them, there may be more to find",
        subject=Subject("input", "", policy.name, first.place),
        place=first.place,
        advice="split conditions with very many alternatives, and patterns with large counts, into several rules",
    )


def check_names() -> tuple[str, ...]:
    """The names of the checks, sorted: one for each module of the folder."""
    return tuple(name.replace("_", "-") for name in modules("checks"))


def _known(policy: Policy, wishes: Wishes, failures: list[Failure], before: Policy | None) -> Facts | None:
    """The facts about a policy, None where they cannot be had."""
    from edgelint.facts import Facts  # late, as above

    try:
        return Facts(policy, wishes.topology, before=before)
    except Unbounded as limit:
        failures += _unexpected("facts", policy, limit)
    except Exception as error:  # noqa: BLE001 - whatever it is, the findings about other policies are to be told
        failures.append(_failure("facts", policy, error))
    return None


def _examine(facts: Facts, wishes: Wishes, failures: list[Failure], tell: Tell) -> list[Finding]:
    """The findings of all wanted checks. A check that breaks takes only its own further findings with it."""
    found: list[Finding] = []
    policy = facts.policy
    for name in filter(wishes.wants_check, check_names()):
        tell(f"{policy.name}: {name}")
        try:
            found.extend(check_of(name)(facts))
        except Unbounded as limit:
            failures += _unexpected(name, policy, limit)
        except Exception as error:  # noqa: BLE001 - whatever it is, the findings of other checks are to be told
            failures.append(_failure(name, policy, error))
    return without_absorbed(found)


def _with_fixes(facts: Facts, found: list[Finding], wishes: Wishes, failures: list[Failure]) -> list[Finding]:
    """The findings with those fixes that hold; nothing is looked at for findings that are not shown."""
    found = [finding if wishes.shows(finding) else replace(finding, fixes=()) for finding in found]
    if not any(finding.fixes for finding in found):
        return found
    from edgelint.fixing import verified  # late: most runs have nothing to fix

    try:
        return verified(facts, found, [check_of(name) for name in filter(wishes.wants_check, check_names())])
    except Exception as error:  # noqa: BLE001 - whatever it is, the findings are to be told
        failures.append(_failure("fixes", facts.policy, error))
        return [replace(finding, fixes=()) for finding in found]


def check_of(name: str) -> Callable[[Facts], Iterable[Finding]]:
    """The function of a check."""
    check: Callable[[Facts], Iterable[Finding]] = import_module(f"edgelint.checks.{name.replace('-', '_')}").check
    return check


def _unexpected(part: str, policy: Policy, limit: Unbounded) -> list[Failure]:
    """A limit that nobody took care of is a failure, unless it is the end of what the whole policy may take."""
    return [] if WORK.exhausted else [_failure(part, policy, limit)]


def _failure(part: str, policy: Policy, error: Exception) -> Failure:
    import traceback  # late: it is for bugs only

    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return Failure(part, policy.name, f"{type(error).__name__}{place}: {error}"[:300])


def _troubles(problems: Iterable[Problem], rules: Sequence[Rule] = ()) -> Iterator[Finding]:
    """A finding for each problem of the input."""
    known = _by_name(rules)
    for problem in problems:
        name, advice = CHECK_OF_PROBLEM[problem.kind]
        words = catalog.page(name)
        severity = Severity.INFO if problem.kind == "unknown-field" else words.severity
        subject = _subject(problem, known.get(problem.subject))
        yield Finding(name, severity, words.confidence, problem.message, subject, problem.place, advice=advice)


def _subject(problem: Problem, rule: Rule | None) -> Subject:
    """What a problem concerns: a rule, one that could not be read but is named as `phase/name`, or the whole input."""
    if rule:
        return Subject(rule.phase, rule.id, rule.name, rule.place)
    phase, slash, name = problem.subject.partition("/")
    if slash:
        return Subject(phase, "", name, problem.place)
    return Subject("input", "", problem.subject or problem.place.source.name, problem.place)


def _by_name(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Rules by `phase/id` and `phase/name`."""
    return {f"{rule.phase}/{word}": rule for rule in rules for word in (rule.id, rule.name)}


def _judged(
    wishes: Wishes,
    ignores: Iterable[Ignore],
    policies: Sequence[Policy],
    problems: Iterable[Problem],
    failures: Iterable[Failure],
) -> tuple[Ignore, ...]:
    """The ignores that would have had something to ignore, if there was anything."""
    broken = {failure.part for failure in failures}
    ran = {name for name in catalog.names() if wishes.wants_check(name)} - broken
    if "facts" in broken:
        return ()
    partial = wishes.partial or not policies or any(problem.kind == "unreadable" for problem in problems)
    read = _by_name(rule for policy in policies for rule in policy.rules)
    return tuple(entry for entry in ignores if entry.check in ran and (entry.rule in read or not partial))


def _order(finding: Finding) -> tuple[str, int, str, int, str, str]:
    """By place, then the gravest first, then by name."""
    found = finding.place.span()
    gravity = -list(Severity).index(finding.severity)
    rest = (gravity, finding.check, finding.subject.name)
    if isinstance(found, Cell):
        return (finding.place.source.name, 0, f"{found.table} {found.row:>20} {found.column}", *rest)
    return (finding.place.source.name, found.start, "", *rest)
