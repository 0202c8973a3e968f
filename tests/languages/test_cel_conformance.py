"""Acceptance of real and of official expressions."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from edgelint.languages.cel.syntax import Node, SyntaxProblem, parse
from edgelint.languages.cel.unparse import unparse
from edgelint.languages.p2pstream import InvalidExpression, compile_match
from support import corpus

FIXTURES = Path(__file__).parents[2] / "fixtures" / "languages"


def parsed(text: str) -> Node | None:
    try:
        return parse(text)
    except SyntaxProblem:
        return None


def test_the_conformance_expressions_parse_but_for_those_of_extension_libraries() -> None:
    entries = json.loads((corpus() / "cel_conformance" / "expressions.json").read_text(encoding="utf-8"))
    refused = {(entry["file"], index) for index, entry in enumerate(entries) if parsed(entry["expr"]) is None}
    lines = (FIXTURES / "cel_not_parsed.txt").read_text(encoding="utf-8").splitlines()
    known = {(line.split()[0], int(line.split()[1])) for line in lines if not line.startswith("#")}
    assert refused == known
    assert (len(entries), len(refused)) == (2456, 56)


def test_the_canonical_texts_of_the_conformance_expressions_parse_back() -> None:
    entries = json.loads((corpus() / "cel_conformance" / "expressions.json").read_text(encoding="utf-8"))
    trees = [tree for entry in entries if (tree := parsed(entry["expr"]))]
    assert [parse(unparse(tree)) for tree in trees] == trees


@pytest.mark.parametrize(
    ("platform", "count", "refused"), [("ngrok", 221, 2), ("cloud_armor", 116, 37), ("p2pstream", 49, 1)]
)
def test_real_expressions_of_a_platform_parse_but_for_broken_ones(platform: str, count: int, refused: int) -> None:
    texts = json.loads((corpus() / "cel_expressions_in_corpus.json").read_text(encoding="utf-8"))[platform]
    assert (len(texts), sum(parsed(text) is None for text in texts)) == (count, refused)


def test_real_expressions_of_p2pstream_compile_but_for_its_own_counter_examples() -> None:
    texts = json.loads((corpus() / "cel_expressions_in_corpus.json").read_text(encoding="utf-8"))["p2pstream"]
    refused = {text for text in texts if not compiles(text)}
    assert refused == {"!(A)", 'path.matches("', 'path.matches(headers["x-re"][0])'}


def test_what_p2pstream_says_must_be_rejected_is_rejected() -> None:
    with (corpus() / "p2pstream" / "upstream_cel_expressions.tsv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    rejected = [json.loads(text) for place, text in rows if "(must be rejected)" in place]
    accepted = [json.loads(text) for place, text in rows if "_test.go" in place and "(must" not in place]
    assert len(rejected) == 8
    assert not any(map(compiles, rejected))
    assert [text for text in accepted if not compiles(text)] == ['path.matches("']


def compiles(text: str) -> bool:
    try:
        compile_match(text)
    except InvalidExpression:
        return False
    return True
