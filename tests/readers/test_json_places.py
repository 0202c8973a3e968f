import json
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.readers.documents import json_document
from edgelint.readers.documents.document import UnreadableError
from edgelint.source import Place, Route, Span

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def spelled(value: object, chance: random.Random) -> str:
    """A value as JSON with blanks and escapes at random."""
    blank = lambda: "".join(chance.choices(" \t\r\n", k=chance.choice((0, 0, 0, 1, 3))))  # noqa: E731
    match value:
        case dict():
            pairs = (
                f"{blank()}{spelled(k, chance)}{blank()}:{blank()}{spelled(v, chance)}{blank()}"
                for k, v in value.items()
            )
            return "{" + (",".join(pairs) or blank()) + "}"
        case list():
            return "[" + (",".join(f"{blank()}{spelled(item, chance)}{blank()}" for item in value) or blank()) + "]"
        case str():
            return '"' + "".join(escaped(letter, chance) for letter in value) + '"'
    return json.dumps(value)


def escaped(letter: str, chance: random.Random) -> str:
    if chance.random() < 0.3:
        units = letter.encode("utf-16-be")
        return "".join(f"\\u{units[at]:02x}{units[at + 1]:02X}" for at in range(0, len(units), 2))
    return json.dumps(letter, ensure_ascii=False)[1:-1]


def every_route(value: object, route: Route = ()) -> list[tuple[Route, object]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(route, value), *(pair for step, item in children for pair in every_route(item, (*route, step)))]


def text_at(document: json_document.Document, route: Route, inner: tuple[int, int] | None = None) -> str:
    span = document.source.find(route, inner)
    assert isinstance(span, Span)
    return document.source.text[span.start : span.end]


@given(VALUES, st.randoms(use_true_random=False))
def test_every_route_leads_to_the_text_of_its_value(value, chance):
    document = json_document.read("x", " " + spelled(value, chance))
    assert document.value == value
    assert not document.problems
    for route, part in every_route(value):
        assert json.loads(text_at(document, route)) == part


@given(st.text(max_size=12), st.data(), st.randoms(use_true_random=False))
def test_a_span_inside_a_text_leads_to_the_code_points_that_spell_it(value, data, chance):
    document = json_document.read("x", spelled({"a": [value]}, chance))
    start = data.draw(st.integers(0, len(value)))
    end = data.draw(st.integers(start, len(value)))
    found = text_at(document, ("a", 0), (start, end))
    assert json.loads(f'"{found}"') == value[start:end]


def test_a_route_that_does_not_exist_leads_to_the_nearest_value_around_it():
    document = json_document.read("x", '{"a": [1, {"b": 2}]}')
    assert text_at(document, ("a", 1, "c", "d")) == '{"b": 2}'
    assert text_at(document, ("a", 7)) == '[1, {"b": 2}]'
    assert text_at(document, ("a", 0, "x")) == "1"


def test_a_duplicate_key_counts_last_and_its_second_key_is_shown():
    document = json_document.read("x", '{"a": {"k": 1,\n "\\u006b": 2}}')
    assert document.value == {"a": {"k": 2}}
    (problem,) = document.problems
    assert "`k` stands twice" in problem.message
    assert (problem.place.location().line, problem.place.location().column) == (2, 2)
    assert text_at(document, ("a", "k")) == "2"


@pytest.mark.parametrize(
    ("text", "value", "column", "words"),
    [
        ('{"a": "x\\ud800y"}', {"a": "x�y"}, 9, "surrogate"),
        ('{"a": "\\udc00"}', {"a": "�"}, 8, "surrogate"),
        ('{"a": Infinity}', {"a": float("inf")}, 7, "`Infinity` is not JSON"),
        ('{"a": ' + "7" * 5000 + "}", {"a": float("inf")}, 7, "5000 digits"),
        ('{"a": -' + "7" * 5000 + "}", {"a": float("-inf")}, 7, "digits"),
    ],
)
def test_what_json_forbids_is_a_problem_at_its_place_and_the_rest_is_read(text, value, column, words):
    document = json_document.read("x", text)
    assert document.value == value
    (problem,) = document.problems
    assert words in problem.message
    assert problem.place.location().column == column


def test_an_escaped_backslash_before_a_u_is_no_surrogate():
    assert not json_document.read("x", r'{"a": "\\ud800"}').problems


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"a": [1,\n  2', 2, 4),
        ('{"a":\n tru}', 2, 2),
        ('{"a": 1}\nx', 2, 1),
        ('{"a": "b\n"}', 1, 9),
        ("[" * 100_000, 1, 501),
        ('{"a":' * 100_000, 1, 2501),
    ],
)
def test_broken_json_names_the_place_where_it_breaks(text, line, column):
    with pytest.raises(UnreadableError) as caught:
        json_document.read("x", text)
    (problem,) = caught.value.problems
    location = problem.place.location()
    assert (location.line, location.column) == (line, column)


def test_only_the_first_of_very_many_problems_are_listed():
    document = json_document.read("x", json.dumps([1] * 100).replace("1", "NaN"))
    assert len(document.problems) == 21
    assert "not listed" in document.problems[-1].message


def test_many_places_in_a_large_file_cost_little_more_than_one():
    rules = [{"name": f"rule {index}", "match": {"text": 'path \\ "x" é ' * 20}} for index in range(3000)]
    document = json_document.read("x", json.dumps({"rules": rules}))
    started = time.perf_counter()
    places = [Place(document.source, ("rules", index, "match", "text"), (5, 6)).span() for index in range(3000)]
    assert time.perf_counter() - started < 2
    assert len(set(places)) == 3000
