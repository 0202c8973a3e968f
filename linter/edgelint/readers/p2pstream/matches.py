"""The match of a rule: expression, builder or the legacy form of v0.1.35 and before, to the match of the model."""

from __future__ import annotations

from edgelint.languages.p2pstream import LANGUAGE, InvalidExpression, compile_match
from edgelint.languages.p2pstream_builder import BuilderError, Condition, Group, builder_text
from edgelint.model.expression import Opaque
from edgelint.model.policy import Match, match_everything
from edgelint.readers.p2pstream import shapes
from edgelint.readers.p2pstream.content import snake
from edgelint.readers.p2pstream.objects import Broken, Notes, Raw, described
from edgelint.readers.p2pstream.shape import read_object
from edgelint.record import replace
from edgelint.source import Place

LONGEST_EXPRESSION = 4096
"""Bytes of the longest expression p2pstream accepts."""

_CURRENT = shapes.MatchRule.fields.keys()
_LEGACY = shapes.LegacyMatch.fields.keys()


def read_match(rule: Raw, subject: str, notes: Notes, *, understood: bool) -> Match:
    """What a rule matches; a match that cannot be understood is one opaque condition of its own.

    A rule without a match matches everything, unless it has fields that were not understood: one may be its match.
    """
    if rule.key("match_rule") and rule.key("match"):
        notes.unreadable(
            f"`match` and `{rule.key('match_rule')}` are both given, the latter counts", rule.at("match"), subject
        )
    name = "match_rule" if rule.key("match_rule") else "match"
    raw = rule.inside(name)
    match raw.value:
        case None if understood:
            return match_everything(rule.place)
        case None:
            return _opaque("", rule.place, subject)
        case Broken.VALUE:
            return _opaque("", raw.place, subject)
        case dict() as value if not value:
            return match_everything(raw.place)
        case dict() as value:
            return _form(raw, frozenset(snake(str(key)) for key in value), subject, notes)
        case other:
            notes.unreadable(f"`{rule.key(name)}` should be an object, not {described(other)}", raw.place, subject)
            return _opaque("", raw.place, subject)


def _opaque(text: str, place: Place, subject: str, *, anchored: bool = False) -> Match:
    """A match nothing is known of, told apart by its text, or by its rule when it has none."""
    return Match(Opaque(f"invalid: {text or subject}"), lambda _request: None, place, text, anchored)


def _form(raw: Raw, keys: frozenset[str], subject: str, notes: Notes) -> Match:
    if keys & _CURRENT:
        return _current(raw, subject, notes)
    if keys & _LEGACY:
        return _legacy(raw, subject, notes)
    notes.expression(
        "the match has neither an expression nor a builder nor conditions of the old form", raw.place, subject
    )
    return _opaque("", raw.place, subject)


def _current(raw: Raw, subject: str, notes: Notes) -> Match:
    before = len(notes.problems)
    found = read_object(shapes.MatchRule, raw, "a match", notes, subject)
    place = raw.at("cel_expression")
    text = found.cel_expression if found else ""
    noted = {problem.kind for problem in notes.problems[before:]}
    if found is None or noted - {"unknown-field"} or (noted and not text):
        return _opaque(text, place, subject)
    if found.builder is None:
        return compiled(text, place, subject, notes) if text.strip() else match_everything(raw.place)
    return _built(text, found.builder.root, raw, subject, notes)


def _built(text: str, root: shapes.Group, raw: Raw, subject: str, notes: Notes) -> Match:
    """The match of a builder, with or without the expression that was made from it."""
    place = raw.at("cel_expression")
    try:
        generated = builder_text(_group(root))
    except BuilderError as error:
        spot = raw.at("builder", "root").child(*error.route)
        notes.expression(error.message, spot, subject)
        return _opaque(text, place, subject)
    if not text.strip():
        return compiled(generated, raw.at("builder"), subject, notes, anchored=False)
    if text != generated:
        notes.mismatch(
            "the expression is not the one its builder stands for, p2pstream refuses to load it", place, subject
        )
    return compiled(text, place, subject, notes)


def compiled(text: str, place: Place, subject: str, notes: Notes, *, anchored: bool = True) -> Match:
    """The match of an expression; one that p2pstream would refuse is noted and opaque."""
    if len(text.encode()) > LONGEST_EXPRESSION:
        notes.expression(f"the expression is longer than {LONGEST_EXPRESSION} bytes", place, subject)
        return _opaque(text, place, subject, anchored=anchored)
    try:
        program = compile_match(text)
    except InvalidExpression as error:
        for issue in error.issues:
            notes.expression(issue.message, place.within(*issue.span) if anchored else place, subject)
        return _opaque(text, place, subject, anchored=anchored)
    return Match(program.expression, program.evaluate, place, text, anchored, LANGUAGE, program.cost)


def _group(group: shapes.Group) -> Group:
    conditions = (
        Condition(each.field, each.operator, each.values, each.name, each.negated, each.legacy_first_value)
        for each in group.conditions
    )
    return Group(
        operator=group.operator,
        conditions=tuple(_normal(condition) for condition in conditions),
        groups=tuple(_group(inner) for inner in group.groups),
        negated=group.negated,
    )


def _normal(condition: Condition) -> Condition:
    """A condition as p2pstream normalises it on save."""
    field, operator = condition.field, condition.operator
    name = condition.name.lower() if field == "header" else condition.name
    values = tuple(_normal_value(field, operator, value) for value in condition.values)
    return replace(condition, name=name, values=values)


def _normal_value(field: str, operator: str, value: str) -> str:
    if field == "method":
        return value.upper()
    if field == "host" and operator == "host_pattern":
        return value.lower().removesuffix(".")
    return value.lower() if field in ("host", "protocol") else value


def _legacy(raw: Raw, subject: str, notes: Notes) -> Match:
    """The match that p2pstream makes of the legacy form when it starts: a builder of type `all`."""
    before = len(notes.problems)
    found = read_object(shapes.LegacyMatch, raw, "a match", notes, subject)
    if found is None or len(notes.problems) > before:
        return _opaque("", raw.place, subject)
    conditions = [
        *_listed("method", "in", found.methods),
        *_listed("protocol", "in", found.protocols),
        *_listed("host", "host_pattern", found.host_patterns),
        *_listed("path", "prefix", tuple("/" + prefix.removeprefix("/") for prefix in found.path_prefixes)),
        *_listed("path", "suffix", found.path_suffixes),
        *(_matcher("header", matcher) for matcher in found.headers),
        *(_matcher("cookie", matcher) for matcher in found.cookies),
        *(_matcher("query_param", matcher) for matcher in found.query_params),
    ]
    try:
        text = builder_text(Group(conditions=tuple(_normal(condition) for condition in conditions)))
    except BuilderError as error:
        notes.expression(error.message, raw.place, subject)
        return _opaque("", raw.place, subject)
    return compiled(text, raw.place, subject, notes, anchored=False)


def _listed(field: str, operator: str, values: tuple[str, ...]) -> list[Condition]:
    return [Condition(field, operator, values)] if values else []


_OPERATORS = frozenset({"present", "prefix", "suffix", "contains"})


def _matcher(field: str, matcher: shapes.Matcher) -> Condition:
    """A matcher of the first value only; an operator nobody knows is equality."""
    short = matcher.operator.removeprefix("PUBLIC_RATE_LIMIT_MATCH_OPERATOR_").lower()
    operator = short if short in _OPERATORS else "equals"
    if operator == "present":
        return Condition(field, operator, name=matcher.name)
    first = field != "cookie"
    return Condition(field, operator, (matcher.value,), matcher.name, legacy_first_value=first)
