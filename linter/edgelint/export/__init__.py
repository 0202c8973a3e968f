"""A p2pstream policy as one canonical text for a repository: the same deployment gives the same bytes, and no secrets.

It holds what the readers look at, and nothing else, so that nothing that may be a secret gets into it. It is no backup.
"""

from __future__ import annotations

import json

from edgelint.export.canonical import configuration
from edgelint.export.comparison import same
from edgelint.model.expression import TRUE
from edgelint.model.policy import Policy, Problem
from edgelint.readers import Reading, p2pstream_json
from edgelint.readers.contract import File
from edgelint.record import record

_MOST_REASONS = 20
_AMBIGUOUS = "where two things share one id, or rules with and without ids one priority"


@record
class Export:
    """A canonical text, and a line for each field that there is no model for and that was left out."""

    text: str
    left_out: tuple[str, ...] = ()


class RefusedError(Exception):
    """A source that cannot be exported as a whole, for some reasons of one line each."""

    def __init__(self, *reasons: str) -> None:
        more = len(reasons) - _MOST_REASONS
        super().__init__(reasons[0])
        self.reasons = reasons if more <= 0 else (*reasons[:_MOST_REASONS], f"for {more} more reasons like these")


def exported(reading: Reading, name: str) -> Export:
    """The export of what was read of a source. Raises RefusedError when that is not exactly one policy, wholly understood."""
    policy = _only(reading, name)
    problems = (*reading.problems, *policy.problems)
    reasons = [_line(problem) for problem in problems if problem.kind != "unknown-field"]
    if not reasons:
        unclear = _unclear(policy)
        reasons = [_line(problem) for problem in problems if problem.subject in unclear]
    if reasons:
        raise RefusedError(*reasons)
    text = json.dumps(configuration(policy), indent=2) + "\n"
    _read_again(policy, text, name)
    return Export(text, tuple(f"{_line(problem)}, it is left out" for problem in problems))


def _only(reading: Reading, name: str) -> Policy:
    if not reading.policies:
        raise RefusedError(*map(_line, reading.problems) if reading.problems else (f"`{name}`: it holds no rule set",))
    if len(reading.policies) > 1:
        names = ", ".join(f"`{policy.name}`" for policy in reading.policies)
        raise RefusedError(f"`{name}`: it holds {len(reading.policies)} rule sets, name one of {names}")
    (policy,) = reading.policies
    if policy.platform.name != "p2pstream":
        raise RefusedError(f"`{name}`: it is a rule set of {policy.platform.name}, not of p2pstream")
    return policy


def _unclear(policy: Policy) -> set[str]:
    """The rules, as phase and name, of which an unknown field may be the match."""
    rules = (rule for rule in policy.rules if rule.match.language is None and rule.match.expression != TRUE)
    return {f"{rule.phase}/{rule.name}" for rule in rules}


def _read_again(policy: Policy, text: str, name: str) -> None:
    """See that a text means what it was made from: an export that says something else would be worse than none."""
    again = p2pstream_json.read([File("export.json", None, named=True, content=text.encode())])
    problems = (*again.problems, *(problem for found in again.policies for problem in found.problems))
    if problems or not all(same(policy, found) for found in again.policies):
        raise RefusedError(f"`{name}`: it has no canonical form that means the same, {_AMBIGUOUS}")


def _line(problem: Problem) -> str:
    """A problem with its place, on one line."""
    place = problem.place.location()
    spot = f"{place.path}:{place.line}:{place.column}" if place.line else f"{place.path} {place.logical}".rstrip()
    subject = f" ({problem.subject})" if problem.subject else ""
    return f"{spot}: {problem.message}{subject}"
