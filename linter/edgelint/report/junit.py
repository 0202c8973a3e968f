"""Findings as failed tests, for dashboards that know nothing but tests: JUnit XML.

A suite is a policy, or a file that none could be made of. In it each finding is a test that failed, and each rule without one
is a test that passed, so that counts and trends are those of rules. Checks without findings are no tests: one that was not
wanted, or that lacks what it needs, has not passed. A class is the phase of a rule; dashboards cut its name at the full stop.
What broke on our side is an error. The text of a failure says everything: some dashboards show nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from edgelint.finding import Finding
from edgelint.model.policy import Policy
from edgelint.report import Failure, Report
from edgelint.report._places import Places
from edgelint.report._safe import visible
from edgelint.report._words import doubt, labelled, notes, where


def render(report: Report) -> str:
    """The suites as one XML document, in ASCII."""
    root = Element("testsuites", name="edgelint")
    for name, cases in _suites(report).items():
        suite = SubElement(root, "testsuite", name=_text(name))
        _number(cases)
        suite.extend(cases)
    for element in (root, *root):
        _count(element)
    indent(root)
    document: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return document.decode("ascii") + "\n"


def _suites(report: Report) -> dict[str, list[Element]]:
    """The tests of each suite, those of a policy in the order of its rules behind what was found."""
    places = Places(report.root)
    owners = {file: policy.name for policy in report.policies for file in policy.files}
    suites: dict[str, list[Element]] = {places.path(policy.name): [] for policy in report.policies}
    for finding in report.findings:
        file = finding.place.source.name
        suites.setdefault(places.path(owners.get(file, file)), []).append(_failed(finding, places))
    for failure in report.failures:
        suites.setdefault(places.path(failure.policy), []).append(_broken(failure))
    for policy in report.policies:
        suites[places.path(policy.name)] += _passed(policy, report, places)
    return suites


def _case(phase: str, name: str, file: str = "") -> Element:
    case = Element("testcase", classname=f"edgelint.{_text(phase)}", name=_text(name), time="0")
    if file:
        case.set("file", _text(file))
    return case


def _failed(finding: Finding, places: Places) -> Element:
    subject, location = finding.subject, places.location(finding.place)
    case = _case(subject.phase, f"{subject.name or subject.id}: {finding.check}", location.path)
    lines = [
        f"{finding.severity.value}[{finding.check}]{doubt(finding)}: {visible(finding.message)}",
        f"--> {where(location)}",
        *(labelled(*note) for note in notes(finding, places)),
    ]
    failure = SubElement(case, "failure", message=_text(finding.message), type=finding.check)
    failure.text = "\n".join(map(_text, "\n".join(lines).split("\n")))
    return case


def _broken(failure: Failure) -> Element:
    case = _case("internal", failure.part)
    error = SubElement(case, "error", message=_text(failure.error), type="internal-error")
    error.text = _text(f"{failure.part} failed on {failure.policy}, please report it: {failure.error}")
    return case


def _passed(policy: Policy, report: Report, places: Places) -> Iterator[Element]:
    """A test for each rule of a policy that nothing is said of."""
    files = policy.files
    told = {
        (finding.subject.phase, finding.subject.id, finding.subject.name)
        for finding in report.findings
        if finding.place.source.name in files
    }
    for rule in policy.rules:
        if (rule.phase, rule.id, rule.name) not in told:
            yield _case(rule.phase, rule.name or rule.id, places.path(rule.place.source.name))


def _number(cases: list[Element]) -> None:
    """Number tests of one name: a dashboard takes them for one."""
    seen: Counter[tuple[str, str]] = Counter()
    for case in cases:
        key = case.get("classname", ""), case.get("name", "")
        seen[key] += 1
        if seen[key] > 1:
            case.set("name", f"{key[1]} ({seen[key]})")


def _count(element: Element) -> None:
    """Say how many tests there are in an element, and how they ended."""
    element.set("tests", str(len(list(element.iter("testcase")))))
    element.set("failures", str(len(list(element.iter("failure")))))
    element.set("errors", str(len(list(element.iter("error")))))
    element.set("time", "0")


def _text(text: str) -> str:
    """Text on one line with characters that XML 1.0 allows."""
    return re.sub("[\ufffe\uffff]", lambda found: f"<U+{ord(found[0]):04X}>", visible(text))
