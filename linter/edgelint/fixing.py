"""Fixes: looked at again before they are offered, and written into the sources they are for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from edgelint.facts import Facts
from edgelint.finding import Edit, Finding, Fix, Replacement, spliced
from edgelint.model.policy import Match, Outcome, Rule, Setting
from edgelint.readers.documents.editing import NotEditableError, edited, spelled, value_at
from edgelint.record import record, replace
from edgelint.source import Source
from edgelint.space.limits import WORK, Unbounded
from edgelint.space.questions import covers, member

Check = Callable[[Facts], Iterable[Finding]]

STEPS = 300_000
"""How many steps of searching the fixes of a policy may take, about a second; what is left is given as advice only."""


def verified(facts: Facts, findings: Sequence[Finding], checks: Sequence[Check]) -> list[Finding]:
    """The findings with those of their fixes that hold; the gravest findings are seen to first.

    With such a fix the finding is gone, the rules that were edited catch all they did, or something if they are to catch
    less, and none of the checks has anything new to say of them.
    """
    known = {finding.identity() for finding in findings}
    end = WORK.done + STEPS
    held: dict[int, list[Fix]] = {}
    for finding in sorted(findings, key=lambda finding: finding.severity, reverse=True):
        first = _own_first(checks, finding.check) if finding.fixes else checks
        for fix in finding.fixes:
            with WORK.allowance(end - WORK.done):
                holds = WORK.done < end and _holds(facts, finding, fix, first, known)
            if holds:
                held.setdefault(id(finding), []).append(_spelled(fix))
    return [
        replace(finding, fixes=tuple(held.get(id(finding), ()))) if finding.fixes else finding for finding in findings
    ]


def _own_first(checks: Sequence[Check], name: str) -> list[Check]:
    """The checks with the one of a name in front: what it still says ends the look at a fix."""
    own = f".{name.replace('-', '_')}"
    return sorted(checks, key=lambda check: not check.__module__.endswith(own))


def _holds(facts: Facts, finding: Finding, fix: Fix, checks: Sequence[Check], known: set[tuple[str, str, str]]) -> bool:
    try:
        replaced = {rule: _revised(rule, edits) for rule, edits in _by_rule(fix.edits).items()}
        after = facts.revised(replaced)
        if not all(_still_catches(facts, rule, after, new, narrows=fix.narrows) for rule, new in replaced.items()):
            return False
        allowed = known - {finding.identity()}
        return all(found.identity() in allowed for check in checks for found in check(after))
    except (KeyError, ValueError, Unbounded):  # not written down, not in the language, too hard to tell
        return False


def _still_catches(before: Facts, rule: Rule, after: Facts, new: Rule, *, narrows: bool) -> bool:
    if rule.match is new.match:
        return True
    if narrows:
        return member(after.live(new)).yes
    return covers((after.region(new),), before.live(rule))


def _spelled(fix: Fix) -> Fix:
    """A fix with what it replaces in the texts of its sources, where they are texts."""
    try:
        pieces = [
            Replacement(edit.place.source, *spelled(edit.place.source.text, edit.place, edit.text))
            for edit in fix.edits
        ]
    except NotEditableError:
        return fix
    return replace(fix, replacements=tuple(pieces))


def _by_rule(edits: Iterable[Edit]) -> dict[Rule, list[Edit]]:
    found: dict[Rule, list[Edit]] = {}
    for edit in edits:
        found.setdefault(edit.rule, []).append(edit)
    return found


def _revised(rule: Rule, edits: Iterable[Edit]) -> Rule:
    """The rule as edited. KeyError when what is edited is not written down, ValueError when the platform would refuse it."""
    changes: dict[str, str] = {edit.word: edit.text for edit in edits if edit.word != "match"}
    for word in changes:
        rule.places[word]
    found = rule
    if spans := [edit for edit in edits if edit.word == "match"]:
        found = replace(found, match=_rewritten(rule.match, spans))
    if (priority := changes.pop("priority", None)) is not None:
        found = replace(found, priority=int(priority), order=(int(priority), *rule.order[1:]))
    if (enabled := changes.pop("enabled", None)) is not None:
        found = replace(found, enabled=enabled == "true")
    return _with_settings(found, changes) if changes else found


def _rewritten(match: Match, edits: Sequence[Edit]) -> Match:
    if match.language is None or not match.anchored:
        raise ValueError("the match has no text of its own")
    text = spliced(edits[0].rule, edits)
    expression, evaluate, cost = match.language.read(text)
    return replace(match, text=text, expression=expression, evaluate=evaluate, cost=cost)


def _with_settings(rule: Rule, changes: Mapping[str, str]) -> Rule:
    values = {word: _like(rule.settings[word], text) for word, text in changes.items()}
    effect = tuple((word, values.get(word, value)) for word, value in rule.outcome.effect)
    outcome = Outcome(rule.outcome.kind, effect, rule.outcome.passable)
    return replace(rule, settings={**rule.settings, **values}, outcome=outcome)


def _like(old: Setting, text: str) -> Setting:
    """A text as a value of the kind that another one has."""
    if isinstance(old, bool):
        return text == "true"
    if isinstance(old, int | float):
        return type(old)(text)
    if isinstance(old, tuple):
        raise ValueError("a list is not edited")  # noqa: TRY004 - a limit of fixes, no mistake
    return text


# Writing


@record
class Change:
    """A source whose text some fixes change."""

    source: Source
    text: str
    fixes: tuple[Fix, ...]


def planned(findings: Iterable[Finding]) -> tuple[Change, ...]:
    """The changes that the safe fixes of some findings come to. Of fixes that meet one another the first is taken."""
    chosen: dict[Source, list[Fix]] = {}
    for finding in findings:
        fix = next((fix for fix in finding.fixes if fix.safe), None)
        sources = {edit.place.source for edit in fix.edits} if fix else set()
        if fix and len(sources) == 1:
            mates = chosen.setdefault(sources.pop(), [])
            if fix not in mates and _changed([*mates, fix]) is not None:
                mates.append(fix)
    changes = (Change(source, _changed(fixes) or source.text, tuple(fixes)) for source, fixes in chosen.items())
    return tuple(change for change in changes if change.text != change.source.text)


def _changed(fixes: Sequence[Fix]) -> str | None:
    """The text of the source of some fixes with all of them made; None where that cannot be, or would not read as meant."""
    edits = [edit for fix in fixes for edit in fix.edits]
    source = edits[0].place.source
    try:
        text = edited(source.text, [(edit.place, edit.text) for edit in edits])
        for rule, own in _by_rule(edits).items():
            for word in dict.fromkeys(edit.word for edit in own):
                _confirm(source.name, text, rule, [edit for edit in own if edit.word == word])
    except NotEditableError:
        return None
    return text


def _confirm(name: str, text: str, rule: Rule, edits: Sequence[Edit]) -> None:
    """See that one setting of a rule reads as its edits mean it."""
    found = value_at(name, text, edits[0].place.route)
    if (found if isinstance(found, str) else str(found).lower()) != spliced(rule, edits):
        raise NotEditableError("the text would not read as meant")
