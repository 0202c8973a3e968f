"""Rules as cards: the condition, what it catches in words, what others leave of that, and what is said against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from edgelint.finding import Finding, Severity
from edgelint.model.policy import Phase, Policy, Rule
from edgelint.picture import words
from edgelint.picture.overview import Overview, View
from edgelint.report._page.anchors import Anchors
from edgelint.report._page.expressions import expression
from edgelint.report._page.markup import Html, code, joined, link, listed, prose, said, tag
from edgelint.report._page.pieces import badge, command, place
from edgelint.report._places import Places
from edgelint.wording.outcomes import outcome
from edgelint.wording.said import Said

_LABELS = {
    "catches": "Catches",
    "dead": "Never takes effect",
    "unsure": "Undecided",
    "less": "But not",
    "before": "Stopped before",
    "also": "Together with",
    "touches": "Touches",
    "buckets": "Buckets",
}

Told = Mapping[Rule, Sequence[tuple[str, Finding]]]
"""The findings about each rule, with the names they are linked to by."""


class RuleCards:
    """Lays out the rules of a policy; without an overview only what is written in them."""

    def __init__(self, policy: Policy, overview: Overview | None, told: Told, places: Places, anchors: Anchors) -> None:
        self._policy = policy
        self._told = told
        self._places = places
        self._anchors = anchors
        self._teller = words.Teller(overview) if overview else None
        self._views = {view.rule: view for one in overview.sections for view in one.views} if overview else {}

    def phase(self, phase: Phase, shown: Sequence[Rule], *, unfolded: bool) -> Html:
        """The rules of a phase that are shown, in the order in which they are looked at."""
        rest = "" if len(shown) == len(phase.rules) else f"; shown are {len(shown):,} of {len(phase.rules):,}"
        off = "" if phase.on else "; the whole phase is switched off"
        return joined(
            [
                tag("p", words.ALGORITHMS[phase.algorithm], off, rest, class_="aside"),
                *(self._card(rule, self._number(phase, rule), unfolded=unfolded) for rule in shown),
            ]
        )

    def _number(self, phase: Phase, rule: Rule) -> int | None:
        view = self._views.get(rule)
        if view:
            return view.place
        return phase.active.index(rule) + 1 if rule in phase.active else None

    def _card(self, rule: Rule, number: int | None, *, unfolded: bool) -> Html:
        name = tag("h4", tag("span", f"{number}." if number else "–", class_="number"), " ", code(rule.name or rule.id))
        head = tag(
            "summary",
            name,
            " ",
            tag("span", said(outcome(self._policy, rule)), class_="does"),
            self._marks(rule),
            self._gist(rule),
        )
        return tag(
            "details",
            head,
            *self._body(rule),
            id=self._anchors.at(rule.place),
            open=unfolded,
            class_="card rule" if number else "card rule disabled",
            data_phase=rule.phase,
        )

    def _marks(self, rule: Rule) -> Html:
        """What is remarkable about a rule, at a glance."""
        counts = Counter(finding.severity for _, finding in self._told.get(rule, ()))
        marks = [badge(one, f"{counts[one]} {one.value}") for one in reversed(Severity) if counts[one]]
        view = self._views.get(rule)
        if not rule.enabled:
            marks.append(tag("span", "disabled", class_="badge"))
        elif view and view.death:
            marks.append(tag("span", "never takes effect", class_="badge"))
        return joined([" ", joined(marks, " ")]) if marks else Html()

    def _gist(self, rule: Rule) -> Html:
        """What a rule catches on one line, for as long as its card is folded."""
        view = self._views.get(rule)
        lines = tuple(self._teller.caught(view)) if view and self._teller else ()
        return tag("span", joined((said(line) for line in lines), " "), class_="gist") if lines else Html()

    def _body(self, rule: Rule) -> Iterator[Html]:
        text = rule.match.text
        yield tag("pre", tag("code", expression(text)), class_="cel") if text else Html()
        view = self._views.get(rule)
        rows = list(self._rows(view)) if view else []
        if told := self._told.get(rule):
            found = (joined([badge(one.severity), " ", link(name, prose(one.message))]) for name, one in told)
            rows.append(("Findings", listed(found)))
        if view and view.witness:
            rows.append(("A request it takes", command(view.witness)))
        rows.append(("Stands in", place(rule.place, self._places)))
        yield tag("dl", *(tag("div", tag("dt", label), tag("dd", held)) for label, held in rows))

    def _rows(self, view: View) -> Iterator[tuple[str, Html]]:
        assert self._teller is not None  # noqa: S101 - views come from its overview
        known = {rule.name or rule.id: self._anchors.at(rule.place) for rule in _involved(view)}
        for label, lines in self._teller.notes(view):
            links = {} if label in ("catches", "touches", "buckets", "unsure") else known
            yield _LABELS[label], _lines(lines, links)


def _involved(view: View) -> Iterator[Rule]:
    """The rules that have to do with what is said of a rule."""
    for overlap in (*(share.overlap for share in view.earlier), *view.beside):
        yield overlap.later if overlap.earlier is view.rule else overlap.earlier
    yield from (stop.rule for stop in view.stops)
    yield from view.death.by if view.death else ()


def _lines(lines: Sequence[Said], links: Mapping[str, str]) -> Html:
    """Lines of words as a paragraph or a list; texts that name a rule of the lines lead to it."""

    def quote(words: str) -> Html:
        return link(links.get(words, ""), code(words))

    shown = [said(_without_dash(line), quote) for line in lines]
    if len(shown) == 1:
        return tag("p", shown[0])
    head = [tag("p", shown[0])] if _introduces(lines[0]) else []
    return joined([*head, listed(shown[len(head) :])])


def _without_dash(line: Said) -> Said:
    head, *rest = line
    return (head.removeprefix("- "), *rest) if isinstance(head, str) else line


def _introduces(line: Said) -> bool:
    """Whether a line introduces those behind it."""
    return isinstance(line[-1], str) and line[-1].endswith(":")
