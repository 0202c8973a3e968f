"""All that was proved and tried on one policy, as text, as JSON, and as JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from edgelint.model.policy import Policy, Rule
from edgelint.proving import Proof
from edgelint.proving.examples import Trial
from edgelint.record import record
from edgelint.report._requests import request_object
from edgelint.report._safe import Object, dump, visible
from edgelint.report._words import count

VERSION = 1
"""Grows when a key of the JSON changes its meaning or goes away; keys may be added at any time."""


@record(eq=False)
class Outcome:
    """What became of the assertions and examples of a policy; `unreached` are the rules that no example reaches."""

    policy: Policy
    proofs: tuple[Proof, ...]
    trials: tuple[Trial, ...]
    unreached: tuple[Rule, ...]

    @property
    def holds(self) -> bool:
        """Whether every assertion is proved and every example comes to what is expected."""
        return all(proof.outcome == "proved" for proof in self.proofs) and not any(
            trial.faults for trial in self.trials
        )


# Text


def text(outcomes: Sequence[Outcome]) -> str:
    """What failed, what no example reaches, and a line that sums up, for each policy."""
    return "\n".join("\n".join(_lines(outcome)) + "\n" for outcome in outcomes)


def _lines(outcome: Outcome) -> Iterator[str]:
    for proof in outcome.proofs:
        yield from _proof(proof)
    for trial in outcome.trials:
        if trial.faults:
            yield f"failed: {visible(trial.example.title)} ({visible(_where(trial))})"
            yield from (f"  {visible(fault)}" for fault in trial.faults)
    if outcome.trials and outcome.unreached:
        names = ", ".join(f"{rule.phase}/{rule.name}" for rule in outcome.unreached)
        yield f"no example reaches {count(len(outcome.unreached), 'rule')}: {visible(names)}"
    yield visible(f"{outcome.policy.name}: {_summary(outcome)}")


def _proof(proof: Proof) -> Iterator[str]:
    yield f"{proof.outcome}: {visible(proof.assertion.name)}"
    if proof.reason:
        yield f"  {visible(proof.reason)}"
    if proof.request is not None:
        yield f"  request: {visible(proof.request.curl())} (from {visible(proof.request.address)})"


def _summary(outcome: Outcome) -> str:
    proved = sum(proof.outcome == "proved" for proof in outcome.proofs)
    passed = sum(not trial.faults for trial in outcome.trials)
    rules = sum(len(phase.active) for phase in outcome.policy.phases)
    parts = [f"{proved} of {count(len(outcome.proofs), 'assertion')} proved"] if outcome.proofs else []
    if outcome.trials:
        parts.append(f"{passed} of {count(len(outcome.trials), 'example')} as expected")
        parts.append(f"{rules - len(outcome.unreached)} of {count(rules, 'rule')} reached by examples")
    return ", ".join(parts) or "nothing to test"


def _where(trial: Trial) -> str:
    place = trial.example.place.location()
    return f"{place.path}:{place.line}"


# JSON


def document(outcomes: Sequence[Outcome]) -> str:
    """All of it as one JSON document."""
    return dump({"version": VERSION, "policies": [_object(outcome) for outcome in outcomes]})


def _object(outcome: Outcome) -> Object:
    return {
        "policy": outcome.policy.name,
        "holds": outcome.holds,
        "assertions": [_assertion(proof) for proof in outcome.proofs],
        "examples": [
            {"name": trial.example.title, "place": _where(trial), "faults": list(trial.faults)}
            for trial in outcome.trials
        ],
        "unreached": [f"{rule.phase}/{rule.name}" for rule in outcome.unreached] if outcome.trials else [],
        "summary": _summary(outcome),
    }


def _assertion(proof: Proof) -> Object:
    request = proof.request
    return {
        "name": proof.assertion.name,
        "outcome": proof.outcome,
        "reason": proof.reason,
        "request": None if request is None else request_object(request),
    }


# JUnit


def junit(outcomes: Sequence[Outcome]) -> str:
    """A suite for each policy, a test for each assertion and each example; in ASCII."""
    root = Element("testsuites", name="edgelint test")
    for outcome in outcomes:
        suite = SubElement(root, "testsuite", name=visible(outcome.policy.name))
        for proof in outcome.proofs:
            lines = list(_proof(proof)) if proof.outcome != "proved" else []
            _case(suite, "edgelint.assertions", proof.assertion.name, lines)
        for trial in outcome.trials:
            _case(suite, "edgelint.examples", f"{trial.example.title} ({_where(trial)})", list(trial.faults))
        failures = len(list(suite.iter("failure")))
        suite.attrib |= {"tests": str(len(suite)), "failures": str(failures), "errors": "0", "time": "0"}
    indent(root)
    found: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return found.decode("ascii") + "\n"


def _case(suite: Element, kind: str, name: str, faults: Sequence[str]) -> None:
    case = SubElement(suite, "testcase", classname=kind, name=visible(name), time="0")
    if faults:
        failure = SubElement(case, "failure", message=visible(faults[0]), type=kind)
        failure.text = "\n".join(map(visible, faults))
