import string

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from edgelint.readers.documents import yaml_document
from edgelint.readers.documents.document import UnreadableError
from edgelint.source import Route, Span

WORDS = st.text(alphabet=string.ascii_letters + " '\"\\#:-,é😀\n\t", max_size=40)
LINES = st.lists(st.text(alphabet="ab c#:'\"-é", max_size=8), max_size=6).map("\n".join)
TEXTS = WORDS | LINES
STYLES = st.sampled_from([None, '"', "'", "|", ">"])


@pytest.fixture(params=["libyaml", "plain Python"])
def parser(request, monkeypatch):
    if request.param == "plain Python":
        monkeypatch.setattr(yaml_document, "_LOADER", None)


def text_at(document: yaml_document.Document, route: Route, inner: tuple[int, int] | None = None) -> str:
    span = document.source.find(route, inner)
    assert isinstance(span, Span)
    return document.source.text[span.start : span.end]


def spells(found: str, letter: str) -> bool:
    """Whether a stretch of the source can stand for one code point of a value."""
    if found == letter:
        return True
    folded = letter in " \n" and not found.strip(" \t\r\n\\")
    return folded or found.startswith("\\") or (found == "''" and letter == "'")


@given(st.lists(TEXTS, min_size=1, max_size=4), STYLES, st.integers(10, 60), st.integers(2, 6), st.booleans())
def test_scalars_of_every_style_are_read_and_found_letter_by_letter(texts, style, width, indent, flow):
    value = {"a": texts, "b": {"c": texts[0]}}
    text = yaml.dump(
        value, default_style=style, width=width, indent=indent, allow_unicode=True, default_flow_style=flow
    )
    assume(yaml.safe_load(text) == value)  # PyYAML does not always write what it can read
    document = yaml_document.read("x", text)
    assert document.value == value
    for index, item in enumerate(texts):
        whole = document.source.find(("a", index), None)
        spans = [document.source.find(("a", index), (at, at + 1)) for at in range(len(item))]
        for letter, span in zip(item, spans, strict=True):
            assert spells(text[span.start : span.end], letter)
            assert span.start >= whole.start
        assert spans == sorted(spans, key=lambda span: (span.start, span.end))


@given(TEXTS.filter(lambda text: "\n" not in text), st.sampled_from(["'", '"']))
def test_the_place_of_a_quoted_scalar_holds_its_quotes(value, style):
    text = "key:   " + yaml.dump(value, default_style=style, width=1000, allow_unicode=True)
    document = yaml_document.read("x", text)
    found = text_at(document, ("key",))
    assert found[0] == found[-1]
    assert found[0] in "'\""
    assert yaml.safe_load(found) == value


BLOCKS = """\
literal: |  # comment
    first
      more

    last
kept: |+
  one

folded: >-
  a b
  c

  d
    indented
  e
indented: |2
    two more
"""


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("key", "part", "line", "column"),
    [
        ("literal", "first", 2, 5),
        ("literal", "more", 3, 7),
        ("literal", "last", 5, 5),
        ("kept", "one", 7, 3),
        ("folded", "c", 11, 3),
        ("folded", "d", 13, 3),
        ("folded", "indented", 14, 5),
        ("folded", "e\n", 15, 3),
        ("indented", "two", 17, 5),
    ],
)
def test_a_word_in_a_block_is_found_on_its_line(key, part, line, column):
    document = yaml_document.read("x", BLOCKS)
    value = document.value[key] + "\n"
    at = value.index(part)
    span = document.source.find((key,), (at, at + len(part.strip())))
    before = BLOCKS[: span.start]
    assert (before.count("\n") + 1, len(before) - before.rfind("\n")) == (line, column)
    assert BLOCKS[span.start : span.end] == part.strip()


@pytest.mark.usefixtures("parser")
def test_a_block_collection_ends_with_its_last_value():
    text = "a:\n  - b: 1\n    c: two  # why\n\n# more\n\nd: 3\n"
    document = yaml_document.read("x", text)
    assert text_at(document, ("a",)) == "- b: 1\n    c: two"
    assert text_at(document, ("a", 0)) == "b: 1\n    c: two"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("017", 17),
        ("0o17", 15),
        ("0x1f", 31),
        ("1_000", "1_000"),
        ("2024-01-01", "2024-01-01"),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("true", True),
        ("~", None),
        ("", None),
        ("=", "="),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("!!int 12", 12),
        ("-.inf", float("-inf")),
        (".", "."),
        ("+", "+"),
    ],
)
@pytest.mark.usefixtures("parser")
def test_plain_scalars_follow_the_core_schema_of_yaml_1_2(text, value):
    document = yaml_document.read("x", f"k: {text}")
    assert document.value == {"k": value}
    assert type(document.value["k"]) is type(value)
    assert not document.problems


def test_line_separators_of_yaml_1_1_stay_what_they_are():
    value = "a\x85b\u2028c\u2029d"
    document = yaml_document.read("x", f'k: "{value}"\nl: plain {value}\n')
    assert document.value == {"k": value, "l": f"plain {value}"}
    assert text_at(document, ("k",), (1, 2)) == "\x85"
    assert text_at(document, ("l",), (6, 8)) == "a\x85"


@pytest.mark.usefixtures("parser")
def test_an_alias_shares_the_value_and_the_inside_of_its_anchor():
    text = "a: &name  some text\nb: *name\nc: &list [x, yy]\nd: *list\n"
    document = yaml_document.read("x", text)
    assert document.value == {"a": "some text", "b": "some text", "c": ["x", "yy"], "d": ["x", "yy"]}
    assert text_at(document, ("a",)) == "some text"
    assert text_at(document, ("b",)) == "*name"
    assert text_at(document, ("b",), (5, 9)) == "text"
    assert document.source.find(("b",), (5, 9)) == document.source.find(("a",), (5, 9))
    assert text_at(document, ("d", 1)) == "yy"


@pytest.mark.usefixtures("parser")
def test_merge_keys_are_followed_and_never_override():
    text = "base: &b {x: 1, y: 2}\nother: &o {y: 3, z: 4}\none: {<<: *b, y: 5}\nboth:\n  <<: [*b, *o]\n"
    document = yaml_document.read("x", text)
    assert document.value["one"] == {"y": 5, "x": 1}
    assert document.value["both"] == {"x": 1, "y": 2, "z": 4}
    assert text_at(document, ("both", "z")) == "4"
    assert not document.problems


@pytest.mark.parametrize(
    ("text", "value", "shown", "words"),
    [
        ("a: 1\na: 2", {"a": 2}, "a", "stands twice"),
        ("1: x", {"1": "x"}, "1", "is no text"),
        ("true: x", {"true": "x"}, "true", "is no text"),
        ("? [p, q]\n: x", {"": "x"}, "[p, q]", "as a key"),
        ("a: &k x\n*k : y", {"a": "x", "*k": "y"}, "*k", "alias as a key"),
        ("a: !Ref name", {"a": "name"}, "name", "tag `!Ref`"),
        ("a: !!binary aGk=", {"a": "aGk="}, "aGk=", "tag `!!binary`"),
        ("a: !!python/object/apply:os.system [x]", {"a": ["x"]}, None, "tag"),
        ("a: {<<: 1}", {"a": {}}, "1", "only a mapping"),
        ("a: 1\n---\nb: 2", {"a": 1}, "---", "here is the second"),
    ],
)
@pytest.mark.usefixtures("parser")
def test_what_has_no_plain_meaning_is_a_problem_at_its_place_and_the_rest_is_read(text, value, shown, words):
    document = yaml_document.read("x", text)
    assert document.value == value
    (problem,) = document.problems
    assert words in problem.message
    span = problem.place.span()
    assert shown is None or text[span.start : span.end] == shown


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: [1,\n  2", 2, 4, "not valid YAML"),
        ("a: b: c", 1, 5, "not valid YAML"),
        ('a: "x', 1, 6, "not valid YAML"),
        ("a: *b", 1, 4, "`*b` stands for nothing"),
        ("&a [*a]", 1, 5, "stands for nothing"),
        ("a: x\x07", 1, 5, "control character U+0007"),
        ("[" * 900, 1, 201, "too deeply"),
        ("- " * 100_000, 1, 401, "too deeply"),
    ],
)
def test_broken_yaml_names_the_place_where_it_breaks(text, line, column, words):
    with pytest.raises(UnreadableError) as caught:
        yaml_document.read("x", text)
    (problem,) = caught.value.problems
    location = problem.place.location()
    assert (location.line, location.column) == (line, column)
    assert words in problem.message


def test_aliases_that_grow_without_end_are_stopped():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 12)]
    with pytest.raises(UnreadableError, match="more than"):
        yaml_document.read("x", "\n".join(lines))


def test_without_libyaml_a_long_text_is_refused_at_once(monkeypatch):
    monkeypatch.setattr(yaml_document, "_LOADER", None)
    with pytest.raises(UnreadableError, match="too long"):
        yaml_document.read("x", "a: " + "b" * 5_000_000)


def test_a_text_that_uses_up_all_private_characters_is_still_read():
    text = "k: '" + "".join(map(chr, range(0xE000, 0xF900))) + "\x85'"
    assert len(yaml_document.read("x", text).value["k"]) == 0xF900 - 0xE000 + 1
