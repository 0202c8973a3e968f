import pytest

from edgelint.grouping import alternatives, bare, crossing, dimensions, excerpt, readings
from edgelint.languages.p2pstream import compile_match
from edgelint.model.expression import And, Or
from edgelint.model.policy import Match

A, B, C, D = 'path == "/a"', 'path == "/b"', 'host == "h"', 'method == "GET"'


def match(text):
    program = compile_match(text)
    return Match(program.expression, program.evaluate, None, text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"{A} || {B} && {C}", f"({A} || {B}) && {C}"),
        (f"{C} && {B} || {A}", f"({A} || {B}) && {C}"),
        (f"{A} || {A} || {B} && {C}", f"({A} || {A} || {B}) && {C}"),
        (f"{A} || {D} || {B} && {C}", f"(({A} || {B}) && {C}) || {D}"),
        (f"{A} || {B} && {C} && {D}", f"({A} || {B}) && {C} && {D}"),
        (f"{A} ||\n  {B} &&\n  {C}", f"({A} || {B}) && {C}"),
    ],
)
def test_the_other_reading_puts_the_alternatives_together(text, meant):
    found = match(text)
    (reading,) = readings(found)
    assert reading.other(found.expression) == compile_match(meant).expression


def test_the_other_reading_stays_inside_its_parentheses():
    found = match(f"{D} && ({A} || {B} && {C})")
    (reading,) = readings(found)
    first, *rest = compile_match(f"{D} && ({A} || {B}) && {C}").expression.operands
    assert reading.other(found.expression) == And((first, And(tuple(rest))))


@pytest.mark.parametrize(
    "text",
    [
        f"{A} || ({B} && {C})",
        f"({A} || {B}) && {C}",
        f"{A} && {C} || {B} && {C}",
        f"{A} && {D} || {B} && {C}",
        f"{D} || {B} && {C}",
        f"{A} || {B}",
        f"{A} || {B} && path.startsWith('/c')",
        f"!({A} || {B} && {C})",
        f"{A} || {B} && host == path",
        f"({A} || {B} && {C}) ? true : false",
    ],
)
def test_there_is_no_other_reading_where_the_first_is_plain(text):
    assert not list(readings(match(text)))


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [("(a) || b", "a", False), ("( a ) || b", "a", False), ("(a || b)", "a", True), ("a || b", "a || b", True)],
)
def test_a_part_is_bare_without_parentheses_of_its_own(text, part, expected):
    start = text.index(part)
    assert bare(text, (start, start + len(part))) is expected


def test_nothing_is_known_of_a_part_without_a_place():
    assert not bare("a", None)


def test_dimensions_are_the_fields_and_none_where_a_part_has_no_model():
    assert dimensions(compile_match(f"{A} && {C}").expression) == {("path", ""), ("host", "")}
    assert dimensions(compile_match(f"{A} && host == path").expression) == frozenset()


def test_alternatives_are_found_below_conjunctions_outermost_first():
    expression = compile_match(f"{A} || {D} && ({B} || {C})").expression
    assert list(alternatives(expression)) == [expression, Or(compile_match(f"{B} || {C}").expression.operands)]


def test_an_excerpt_is_one_line_and_short():
    found = match('path == "/a"\n  || path.startsWith("' + "/x" * 60 + '")')
    first, second = found.expression.operands
    assert excerpt(found, first) == 'path == "/a"'
    assert excerpt(found, found.expression).startswith('path == "/a" || path.startsWith("')
    assert len(excerpt(found, second)) == 60


@pytest.mark.parametrize(
    ("text", "hosts", "pages"),
    [
        (f"{C} || {A}", 1, 1),
        (f"{C} || {A} || {D} || {B}", 1, 3),
        (f"{C} || {A} && {D}", 1, 1),
        (f"{C} || {A} && {C}", None, None),
        (f"{A} || {B}", None, None),
        (f"{C} && {A}", None, None),
        (f'{C} || {A} || "x" in headers', None, None),
    ],
)
def test_a_crossing_is_of_hosts_alone_and_pages_alone(text, hosts, pages):
    found = crossing(match(text).expression)
    assert (found and tuple(map(len, found))) == (hosts and (hosts, pages))
