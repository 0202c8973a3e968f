"""Findings and rules for a person who sits down to review them: one page in one file, which needs nothing else.

Everything can be read without scripts; with them it can be searched and filtered. What comes from the input is text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from edgelint.catalog import Page
from edgelint.finding import Severity
from edgelint.fingerprint import fingerprints
from edgelint.report import Failure, Report
from edgelint.report._page.anchors import Anchors
from edgelint.report._page.controls import controls
from edgelint.report._page.document import document
from edgelint.report._page.explanations import explanation
from edgelint.report._page.findings import Cards
from edgelint.report._page.markup import Html, code, joined, link, listed, prose, tag
from edgelint.report._page.pictures import pictures
from edgelint.report._page.pieces import headed, place
from edgelint.report._page.policies import PolicySection
from edgelint.report._places import Places
from edgelint.report._words import count, ranked, summary, tally

MOST_FINDINGS = 2000
"""How many findings have cards; the gravest, of more."""

UNFOLDED = 30
"""Up to how many cards of a kind stand open."""


def render(report: Report) -> str:
    """The page."""
    return _Page(report).text()


class _Page:
    """Lays out a report, the gravest findings first."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._findings = ranked(report.findings)[:MOST_FINDINGS]
        self._places = Places(report.root)
        self._anchors = Anchors()
        found = pictures(report)
        for picture in found:
            self._anchors.add(picture.policy, picture.rules, picture.routes)
        self._names = [self._anchors.give("finding", name) for name in fingerprints(self._findings)]
        told = list(zip(self._names, self._findings, strict=True))
        self._policies = [PolicySection(picture, told, self._places, self._anchors) for picture in found]
        self._checks = self._explained()
        self._cards = Cards(self._places, self._anchors, self._checks)

    def _explained(self) -> dict[str, Page]:
        """The pages of the checks that have something to say, by name."""
        spoken = {finding.check for finding in self._findings}
        spoken |= {accepted.finding.check for accepted in self._report.accepted}
        return {name: self._report.pages[name] for name in sorted(spoken) if name in self._report.pages}

    def text(self) -> str:
        """The whole file."""
        parts = [self._finding_cards(), *(one.section(unfolded=self._few()) for one in self._policies)]
        main = tag("main", *parts, *self._rest(), id="main", tabindex=-1)
        side = tag("div", controls(self._report, self._findings), self._ways(), class_="side")
        return document(
            f"edgelint: {tally(self._report.findings)}",
            tag("a", "Skip to the findings", href="#main", class_="skip"),
            self._header(),
            tag("div", side, main, class_="page"),
            tag("footer", tag("p", f"edgelint {self._report.version}")),
        )

    def _few(self) -> bool:
        return sum(len(policy.rules) for policy in self._report.policies) <= UNFOLDED

    # The head

    def _header(self) -> Html:
        findings = self._report.findings
        gravest = max((finding.severity for finding in findings), default=None)
        verdict = count(len(findings), "finding") if findings else "No findings"
        counts = Counter(finding.severity for finding in findings)
        tiles = (
            tag("li", tag("b", f"{counts[one]:,}"), " ", one.value, class_=one.value if counts[one] else "zero")
            for one in reversed(Severity)
        )
        return tag(
            "header",
            tag("p", "edgelint", class_="brand"),
            tag("h1", verdict, class_=gravest.value if gravest else "clean"),
            tag("p", joined((code(policy.name) for policy in self._report.policies), ", "), class_="names"),
            tag("ul", *tiles, class_="tiles", aria_label="findings by severity"),
            tag("p", prose(summary(self._report)), class_="aside"),
            *map(_failure, self._report.failures),
        )

    def _ways(self) -> Html:
        """The parts of the page."""
        ways = [link("findings", f"Findings ({len(self._findings):,})")]
        ways += [one.ways() for one in self._policies]
        if self._report.accepted:
            ways.append(link("accepted", f"Accepted ({len(self._report.accepted):,})"))
        if self._report.problems:
            ways.append(link("problems", f"Not understood ({len(self._report.problems):,})"))
        if self._checks:
            ways.append(link("checks", f"About the checks ({len(self._checks):,})"))
        folded = tag("details", tag("summary", "On this page"), listed(ways), id="ways", open=True)
        return tag("nav", folded, aria_label="parts of the page")

    # The parts

    def _finding_cards(self) -> Html:
        unfolded = len(self._findings) <= UNFOLDED
        told = zip(self._names, self._findings, strict=True)
        cards = [self._cards.finding(finding, name, unfolded=unfolded) for name, finding in told]
        left = len(self._report.findings) - len(cards)
        more = tag("p", f"{left:,} more are left out: these are the gravest.", class_="aside") if left else Html()
        none = tag("p", "Nothing to report.", class_="aside") if not cards else Html()
        status = tag("p", id="status", role="status", class_="script aside")
        return tag("section", headed("h2", "Findings", bool(cards)), status, none, *cards, more, id="findings")

    def _rest(self) -> Iterator[Html]:
        if self._report.accepted:
            items = listed(map(self._cards.accepted, self._report.accepted), class_="plain")
            head = tag("summary", f"{count(len(self._report.accepted), 'finding')} that somebody accepted")
            yield tag("section", tag("h2", "Accepted"), tag("details", head, items), id="accepted")
        if self._report.problems:
            said = (joined([prose(one.message), ": ", place(one.place, self._places)]) for one in self._report.problems)
            head = tag("summary", f"{count(len(self._report.problems), 'thing')} without a model")
            yield tag("section", tag("h2", "Not understood"), tag("details", head, listed(said)), id="problems")
        if self._checks:
            cards = (explanation(page, self._checks) for page in self._checks.values())
            yield tag("section", headed("h2", "About the checks"), *cards, id="checks")


def _failure(failure: Failure) -> Html:
    words = joined(["internal error in ", code(failure.part), " on ", code(failure.policy), ", please report it: "])
    return tag("p", words, code(failure.error), class_="alarm")
