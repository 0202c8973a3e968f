"""A difference for people: on a terminal, and as Markdown for a review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.difference import Change, Difference, Edit
from edgelint.model.policy import Route, Rule
from edgelint.model.request import Request
from edgelint.replay import route_name
from edgelint.report._markdown import markdown
from edgelint.report._safe import visible

_SERVICES = 5
"""How many services are named."""

WORDS = {
    "equivalent": "takes effect on the same requests",
    "narrower": "takes effect on fewer requests",
    "wider": "takes effect on more requests",
    "incomparable": "takes effect on other requests",
    "undecided": "may take effect on other requests",
}


def summary(difference: Difference) -> str:
    """What changed, in one line."""
    kinds = dict.fromkeys(change.title for change in difference.changes)
    doubts = f"; {_count(len(difference.undecided), 'question')} undecided" if difference.undecided else ""
    edited = f"{_count(len(difference.edits), 'rule')} edited" if difference.edits else "no rule edited"
    if not kinds:
        sure = "no change in behaviour" if not difference.undecided else "no change in behaviour found"
        return f"{sure} ({edited}){doubts}"
    return f"{', '.join(kinds)}; {edited}{doubts}"


def text(difference: Difference) -> str:
    """The rules that were edited, what that changes, and a line that sums up."""
    blocks = ["\n".join(_edit(edit)) for edit in difference.edits]
    blocks += ["\n".join(_change(change)) for change in difference.changes]
    blocks += [f"undecided: {visible(doubt)}" for doubt in difference.undecided]
    return "\n\n".join([*blocks, summary(difference)]) + "\n"


def _edit(edit: Edit) -> Iterator[str]:
    yield f"{visible(str(edit.version.rule))}: {', '.join(map(visible, edit.written))}"
    yield f"  {WORDS[edit.verdict]}"
    for label, request in (("more", edit.gained), ("less", edit.lost)):
        if request is not None and edit.version.before and edit.version.after:
            yield f"  {label}: {_request(request)}"


def _change(change: Change) -> Iterator[str]:
    load = " while it is active" if change.loaded else ""
    yield f"{change.title}{load}: {visible(', now '.join(_parties(change)))}"
    yield from (
        f"  {'within' if not number else '      '}: {visible(line)}" for number, line in enumerate(change.within)
    )
    yield f"  request: {_request(change.request)}"
    if change.services:
        yield f"  services: {visible(_services(change.services))}"
    if change.note:
        yield f"  warning: {change.note}"


def _parties(change: Change) -> tuple[str, ...]:
    """The rules or routes that decided and decide, one when it is the same."""
    return tuple(dict.fromkeys(_party(one) for one in (change.before, change.after) if one is not None))


def _party(one: Rule | Route) -> str:
    return str(one) if isinstance(one, Rule) else f"route {route_name(one)}"


def _request(request: Request) -> str:
    return f"{visible(request.curl())} (from {visible(request.address)})"


def _services(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SERVICES} more" if len(names) > _SERVICES else ""
    return ", ".join(names[:_SERVICES]) + more


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


# Markdown


def review(difference: Difference) -> str:
    """The same as Markdown: what changes first, the edits below it."""
    lines = [f"**{_sentence(summary(difference))}**", ""]
    for change in difference.changes:
        lines += _item(change)
    if difference.edits:
        lines += ["", "| rule | edit | takes effect on |", "| --- | --- | --- |"]
        lines += [_row(edit) for edit in difference.edits]
    lines += (
        ["", *(f"- undecided: {markdown(doubt)}" for doubt in difference.undecided)] if difference.undecided else []
    )
    return "\n".join(lines) + "\n"


def _item(change: Change) -> Iterator[str]:
    load = " while it is active" if change.loaded else ""
    services = f" Services: {markdown(_services(change.services))}." if change.services else ""
    note = f" **{_sentence(change.note)}.**" if change.note else ""
    yield f"- **{_sentence(change.title)}{load}**: {markdown(', now '.join(_parties(change)))}.{services}{note}"
    yield ""
    yield from (f"  {markdown(line)}  " for line in change.within)
    yield ""
    yield f"      {visible(change.request.curl())}"
    yield ""


def _row(edit: Edit) -> str:
    cells = (str(edit.version.rule), ", ".join(edit.written), WORDS[edit.verdict].removeprefix("takes effect on "))
    return f"| {' | '.join(markdown(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
