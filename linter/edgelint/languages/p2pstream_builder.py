"""p2pstream's condition builder: the CEL text that its forms come to, with its checks and its normalisation of values."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgelint.languages import p2pstream_functions as functions
from edgelint.languages.cel.messages import shorten
from edgelint.record import record
from edgelint.space import regex

MAX_NODES, MAX_VALUES, MAX_VALUE_BYTES = 64, 64, 512
"""How many groups and conditions a form may have, how many values a condition, and how long a value may be in UTF-8."""

Route = tuple[str | int, ...]
"""The way from the root group to what is wrong."""

_MAPS = {"header": "headers", "cookie": "cookies", "query_param": "query"}
_FIELDS = ("method", "protocol", "host", "path", "remote_ip", *_MAPS)
_TEXT_OPERATORS = {"prefix": "startsWith", "suffix": "endsWith", "contains": "contains", "matches": "matches"}
_OPERATORS = ("present", "equals", "in", "cidr", "host_pattern", *_TEXT_OPERATORS)
_CALLS = {
    ("path", "prefix"): "path_prefix(path, {})",
    ("host", "host_pattern"): "host_match(host, {})",
    ("remote_ip", "cidr"): "cidr(remote_ip, {})",
}
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", '"': '\\"', "\\": "\\\\",
}  # fmt: skip


class BuilderError(ValueError):
    """A form that p2pstream refuses, with the route to the part it refuses."""

    def __init__(self, message: str, route: Route) -> None:
        super().__init__(message)
        self.message = message
        self.route = route


@record
class Condition:
    """One line of the form. `name` belongs to headers, cookies and query parameters.

    `legacy_first_value` asks the first value of a header or query parameter only.
    """

    field: str
    operator: str
    values: tuple[str, ...] = ()
    name: str = ""
    negated: bool = False
    legacy_first_value: bool = False


@record
class Group:
    """Conditions and groups of which `all` or `any` must hold; the empty operator means `all`."""

    operator: str = "all"
    conditions: tuple[Condition, ...] = ()
    groups: tuple[Group, ...] = ()
    negated: bool = False


def builder_text(root: Group) -> str:
    """The CEL text of a form, character for character as p2pstream writes it; `BuilderError` when it refuses the form."""
    nodes = sum(1 + len(group.conditions) for group in _groups(root))
    if nodes > MAX_NODES:
        raise BuilderError(f"the form has more than {MAX_NODES} groups and conditions", ())
    return _group(root, ())


def _groups(root: Group) -> Iterator[Group]:
    waiting = [root]
    count = 0
    # One group more than allowed is enough to know.
    while waiting and count <= MAX_NODES:
        group = waiting.pop()
        count += 1
        yield group
        waiting.extend(group.groups)


def _group(group: Group, route: Route) -> str:
    operator = functions.trim(group.operator)
    if operator not in ("", "all", "any"):
        raise BuilderError(
            f"there is no group operator `{shorten(operator)}`, only `all` and `any`", (*route, "operator")
        )
    children = [_condition(each, (*route, "conditions", index)) for index, each in enumerate(group.conditions)]
    children += [_group(each, (*route, "groups", index)) for index, each in enumerate(group.groups)]
    joiner = " || " if operator == "any" else " && "
    text = f"({joiner.join(children)})" if children else "true"
    return f"!({text})" if group.negated else text


def _condition(condition: Condition, route: Route) -> str:
    operator = functions.trim(condition.operator)
    _refuse(condition, operator, route)
    name = _name(condition, route)
    values = (
        []
        if operator == "present"
        else [
            _value(condition.field, operator, value, (*route, "values", index))
            for index, value in enumerate(condition.values)
        ]
    )
    if condition.field in _MAPS:
        text = _map_text(condition, operator, name, values)
    else:
        text = _alternatives(condition.field, condition.field, operator, values)
    return f"(!({text}))" if condition.negated else f"({text})"


def _refuse(condition: Condition, operator: str, route: Route) -> None:
    """What p2pstream refuses in a condition whatever its values are."""
    field = condition.field
    for wrong, message, part in (
        (field not in _FIELDS, f"there is no field `{shorten(field)}`", "field"),
        (operator not in _OPERATORS, f"there is no operator `{shorten(operator)}`", "operator"),
        (operator == "present" and field not in _MAPS, f"`present` does not apply to `{shorten(field)}`", "operator"),
        (
            operator == "cidr" and field != "remote_ip",
            f"`cidr` applies to `remote_ip` only, not to `{shorten(field)}`",
            "operator",
        ),
        (
            operator == "host_pattern" and field != "host",
            f"`host_pattern` applies to `host` only, not to `{shorten(field)}`",
            "operator",
        ),
        (
            condition.legacy_first_value and field not in ("header", "query_param"),
            f"`legacy_first_value` does not apply to `{shorten(field)}`",
            "legacy_first_value",
        ),
        (len(condition.values) > MAX_VALUES, f"the condition has more than {MAX_VALUES} values", "values"),
        (operator != "present" and not condition.values, "the condition has no value", "values"),
    ):
        if wrong:
            raise BuilderError(message, (*route, part))


def _name(condition: Condition, route: Route) -> str:
    if condition.field not in _MAPS:
        return ""
    name = functions.trim(condition.name)
    if not name:
        raise BuilderError(f"the {condition.field.replace('_param', ' parameter')} has no name", (*route, "name"))
    if condition.field == "header":
        name = functions.lower(name)
        if not _TOKEN.issuperset(name):
            raise BuilderError(f"`{shorten(name)}` is no header name", (*route, "name"))
    return name


def _value(field: str, operator: str, value: str, route: Route) -> str:
    """A value as p2pstream stores it."""
    size = len(_utf8(value).encode())
    if size > MAX_VALUE_BYTES:
        raise BuilderError(f"the value has {size} bytes, more than the {MAX_VALUE_BYTES} that p2pstream takes", route)
    value = _NORMALISED.get(field, str)(value)
    if operator == "host_pattern":
        value = value.removesuffix(".")
    problem = _value_problem(field, operator, value)
    if problem:
        raise BuilderError(problem, route)
    if operator == "matches":
        _refuse_pattern(value, route)
    return value


_NORMALISED: dict[str, Callable[[str], str]] = {
    "method": lambda value: functions.upper(functions.trim(value)),
    "protocol": lambda value: functions.lower(functions.trim(value)),
    "host": lambda value: functions.lower(functions.trim(value)),
    "path": functions.trim,
    "remote_ip": functions.trim,
}


def _value_problem(field: str, operator: str, value: str) -> str:
    match field:
        case "method" if not value or not _TOKEN.issuperset(value):
            return f"`{shorten(value)}` is no method"
        case "protocol" if value not in ("http", "https"):
            return f"`{shorten(value)}` is no protocol, only `http` and `https` are"
        case "host" | "path" if not value:
            return f"the {field} is empty"
        case "path" if operator == "prefix" and not value.startswith("/"):
            return f"the path prefix `{shorten(value)}` must begin with `/`"
        case "remote_ip" if operator == "cidr" and functions.read_network(value) is None:
            return f"`{shorten(value)}` is no network in CIDR notation"
    return ""


def _refuse_pattern(pattern: str, route: Route) -> None:
    try:
        regex.parse(pattern)
    except regex.InvalidPattern as error:
        raise BuilderError(f"`{shorten(pattern)}` is no regular expression: {error.message}", route) from None


def _map_text(condition: Condition, operator: str, name: str, values: list[str]) -> str:
    collection = _MAPS[condition.field]
    present = f"{quote(name)} in {collection}"
    if operator == "present":
        return present
    found = f"{collection}[{quote(name)}]"
    if condition.field == "cookie":
        return f"({present} && ({_alternatives('cookie', found, operator, values)}))"
    if condition.legacy_first_value:
        first = _alternatives(condition.field, f"{found}[0]", operator, values)
        return f"({present} && {found}.size() > 0 && ({first}))"
    return f"({present} && {found}.exists(v, {_alternatives(condition.field, 'v', operator, values)}))"


def _alternatives(field: str, subject: str, operator: str, values: list[str]) -> str:
    """The question whether a subject is one of the values, or compares so with one of them."""
    quoted = [quote(value) for value in values]
    if operator == "in":
        return f"{subject} in [{', '.join(quoted)}]"
    call = _CALLS.get((field, operator))
    if call is None:
        call = f"{subject} == {{}}" if operator == "equals" else f"{subject}.{_TEXT_OPERATORS[operator]}({{}})"
    before, _, after = call.partition("{}")
    return f"({' || '.join(before + value + after for value in quoted)})"


def quote(text: str) -> str:
    """The text in double quotes, as Go's `strconv.Quote` writes it; which characters print is Python's Unicode version."""
    return '"' + "".join(_ESCAPES.get(character) or _visible(character) for character in _utf8(text)) + '"'


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _utf8(text: str) -> str:
    """The text with the replacement character in place of half surrogate pairs, as Go reads them from JSON."""
    return (
        text
        if text.isascii()
        else "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    )
