"""Changes that end common faults, as fixes for findings. Whether one holds is looked at before it is offered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from edgelint.facts import Facts
from edgelint.finding import Edit, Fix
from edgelint.model.expression import And, AnyValue, Every, Expression, Never, Predicate, Some, Test, ValueAt
from edgelint.model.policy import Rule
from edgelint.record import replace


def ahead(facts: Facts, rule: Rule, others: Sequence[Rule]) -> tuple[Fix, ...]:
    """Putting a rule before some others, where it leaves something to each of them."""
    number = min(other.priority for other in others) - 1
    if number < 0 or "priority" not in rule.places or any(facts.within(other, rule) for other in others):
        return ()
    names = ", ".join(f"`{other.name}`" for other in others)
    return (Fix(f"give `{rule.name}` priority {number}, before {names}", (Edit(rule, "priority", str(number)),)),)


def spaced(rule: Rule) -> tuple[Fix, ...]:
    """Keeping a rule behind those of its priority by a priority of its own."""
    if "priority" not in rule.places:
        return ()
    number = rule.priority + 1
    edit = Edit(rule, "priority", str(number))
    return (Fix(f"give `{rule.name}` priority {number}, which keeps the order there is now", (edit,), safe=True),)


def disabled(rule: Rule) -> tuple[Fix, ...]:
    """Switching a rule off that changes nothing."""
    if "enabled" not in rule.places:
        return ()
    return (Fix(f"disable `{rule.name}`, which changes nothing", (Edit(rule, "enabled", "false"),), safe=True),)


def lower_cased(rule: Rule, names: Iterable[tuple[str, tuple[int, int] | None]]) -> tuple[Fix, ...]:
    """Writing names of headers in lower case, given with the spans of the tests they stand in."""
    edits: dict[int, Edit] = {}
    for name, span in names:
        at = rule.match.text.find(name, *span) if span else -1
        if at < 0:
            return ()
        edits[at] = Edit(rule, "match", name.lower(), (at, at + len(name)))
    return (Fix("write the name of the header in lower case", tuple(edits.values()), narrows=True),)


def reworded(rule: Rule, atom: Expression, old: Predicate, new: Predicate, title: str) -> tuple[Fix, ...]:
    """Asking something else of a field: one literal of a test replaced."""
    if not isinstance(atom, Test | AnyValue | ValueAt):
        return ()
    return rewritten(rule, atom, replace(atom, predicate=_with(atom.predicate, old, new)), title, narrows=True)


def rewritten(rule: Rule, old: Expression, new: Expression, title: str, *, narrows: bool = False) -> tuple[Fix, ...]:
    """Putting another condition in the place of a part of a rule's condition."""
    language, span = rule.match.language, old.span
    if language is None or span is None:
        return ()
    try:
        text = language.write(new)
    except ValueError:
        return ()
    return (Fix(title, (Edit(rule, "match", text, span),), narrows=narrows),)


def restricted(rule: Rule, condition: Expression, title: str) -> tuple[Fix, ...]:
    """Letting a rule match only where a further condition holds."""
    match, language = rule.match, rule.match.language
    if language is None or not match.anchored or not match.text:
        return ()
    try:
        more = language.write(condition)
    except ValueError:
        return ()
    end = len(match.text)
    if isinstance(match.expression, And | Test):
        return (Fix(title, (Edit(rule, "match", f"{more} && ", (0, 0)),), narrows=True),)
    edits = (Edit(rule, "match", f"{more} && (", (0, 0)), Edit(rule, "match", ")", (end, end)))
    return (Fix(title, edits, narrows=True),)


def _with(predicate: Predicate, old: Predicate, new: Predicate) -> Predicate:
    match predicate:
        case Never(operand):
            return Never(_with(operand, old, new))
        case Every(predicates):
            return Every(tuple(_with(part, old, new) for part in predicates))
        case Some(predicates):
            return Some(tuple(_with(part, old, new) for part in predicates))
        case _:
            return new if predicate == old else predicate
