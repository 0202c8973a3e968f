import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from edgelint.report._places import Lines, Places
from edgelint.report._safe import dump, sarif_text, visible, width
from edgelint.source import Place, Span, line_and_column
from report_samples import HOSTILE, database, source

texts = some.text(alphabet=some.sampled_from("ab \t\n\r{}[]\\`*<\x1b\x9b\u202e\u2066\u200d\u2028\ud800漢é\u0301𝒳"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain `text` 漢字 é", "plain `text` 漢字 é"),
        ("\x1b[31mred\x07", "<U+001B>[31mred<U+0007>"),
        ("a\u202eb\u2066c\u200f", "a<U+202E>b<U+2066>c<U+200F>"),
        ("two\nlines\r\t.", "two<U+000A>lines<U+000D><U+0009>."),
        ("\x9b2J\x7f\u2028\ufeff\ud800", "<U+009B>2J<U+007F><U+2028><U+FEFF><U+D800>"),
    ],
)
def test_what_is_not_simply_shown_is_written_out(text, shown):
    assert visible(text) == shown


@given(texts)
def test_visible_text_has_nothing_left_that_controls_a_terminal(text):
    assert not [c for c in visible(text) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@pytest.mark.parametrize(("text", "cells"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("", 0), ("ｆ", 2)])
def test_width_counts_cells(text, cells):
    assert width(text) == cells


@given(texts)
def test_text_in_a_sarif_message_is_neither_link_nor_placeholder(text):
    escaped = sarif_text(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*\[[^\]]*(?<!\\)\]\(", escaped)
    assert "{" not in escaped.replace("{{", "")
    assert "}" not in escaped.replace("}}", "")
    unescaped = re.sub(r"\\(.)", r"\1", escaped).replace("{{", "{").replace("}}", "}")
    assert unescaped == visible(text)


@given(texts)
def test_a_dumped_document_is_ascii_and_says_the_same(text):
    dumped = dump({"text": text, text: [1]})
    assert dumped.isascii()
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert json.loads(dumped)["text"] == whole if text != "text" else True
    assert not re.search(r"[\ud800-\udfff]", json.loads(dumped).get("text") if text != "text" else "")


def test_no_hostile_character_survives_in_a_dumped_document():
    assert not re.search(r"[^\n -~]", dump({"text": HOSTILE}))


@given(texts, some.integers(0, 40))
def test_lines_are_counted_as_the_source_counts_them(text, offset):
    offset = min(offset, len(text))
    if not text[:offset].endswith("\r") or text[offset : offset + 1] != "\n":  # inside of a line end nothing begins
        assert Lines(text).position(offset) == line_and_column(text, offset)


@given(texts, some.integers(0, 40), some.integers(0, 40))
def test_places_answer_as_the_place_itself(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    for offset in (start, end):
        if text[max(0, offset - 1) : offset + 1] == "\r\n":
            return
    place = Place(source("x", text, {("a",): Span(start, end)}), ("a",))
    assert Places().location(place) == place.location()
    first = Places().first_line(place)
    assert first is not None
    assert first.start <= first.end
    assert not re.search(r"[\r\n]", text[first.start : first.end])


def test_a_place_in_a_database_has_no_line():
    place = Place(database("edge.db"), ("table", "4", "column"))
    assert Places().location(place) == place.location()
    assert Places().first_line(place) is None
