"""What a reader chooses findings and rules by: it is shown where scripts are on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from edgelint.finding import Confidence, Finding, Severity
from edgelint.report import Report
from edgelint.report._page.markup import Html, joined, tag


def controls(report: Report, findings: Sequence[Finding]) -> Html:
    """Search, filters and the look of the page."""
    search = tag("label", "Search ", tag("input", type="search", id="search", autocomplete="off", spellcheck="false"))
    reset = tag("button", "Clear", type="reset", id="clear")
    return tag(
        "form",
        search,
        tag("details", tag("summary", "Filters"), *_filters(report, findings), id="filters", open=True),
        tag("div", reset, tag("button", "Theme: system", type="button", id="theme"), class_="buttons"),
        class_="script",
        id="controls",
        role="search",
        aria_label="findings and rules",
    )


def _filters(report: Report, findings: Sequence[Finding]) -> Iterable[Html]:
    severities = Counter(finding.severity.value for finding in findings)
    confidences = Counter(finding.confidence.value for finding in findings)
    yield _boxes("severity", "Severity", {one.value: severities[one.value] for one in reversed(Severity)})
    if len(confidences) > 1:
        yield _boxes("confidence", "Confidence", {one.value: confidences[one.value] for one in Confidence})
    checks = Counter(finding.check for finding in findings)
    yield _choice("check", "Check", "all checks", {name: f"{name} ({checks[name]:,})" for name in sorted(checks)})
    yield _choice("phase", "Phase", "all phases", _phases(report, findings))


def _phases(report: Report, findings: Iterable[Finding]) -> dict[str, str]:
    """The names of the phases with rules or findings, and what they are called."""
    titles = {phase.name: phase.title for policy in report.policies for phase in policy.phases if phase.rules}
    others = (finding.subject.phase for finding in findings)
    return titles | {name: name.replace("_", " ") for name in others if name not in titles}


def _boxes(name: str, title: str, counts: Mapping[str, int]) -> Html:
    boxes = [
        tag(
            "label",
            tag("input", type="checkbox", name=name, value=word),
            f" {word} ",
            tag("span", f"{number:,}"),
            class_=word,
        )
        for word, number in counts.items()
        if number
    ]
    return tag("fieldset", tag("legend", title), joined(boxes)) if boxes else Html()


def _choice(name: str, title: str, every: str, words: Mapping[str, str]) -> Html:
    options = [tag("option", every, value=""), *(tag("option", word, value=value) for value, word in words.items())]
    return tag("label", f"{title} ", tag("select", *options, name=name)) if words else Html()
