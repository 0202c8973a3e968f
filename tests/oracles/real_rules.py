"""The expressions of real rule sets: those of the corpus, where it is there, and those of the project's own examples."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from edgelint.languages.p2pstream import InvalidExpression, compile_match
from edgelint.readers import read
from support import FIXTURES, corpus_if_any


@cache
def expressions() -> tuple[str, ...]:
    """Every expression that p2pstream would take, sorted."""
    return tuple(sorted(text for text in set(_texts()) if _compiles(text)))


def _texts() -> Iterator[str]:
    folder = corpus_if_any()
    for path in exports():
        for policy in read([str(path)], stdin=bytes).policies:
            yield from (rule.match.text for rule in policy.rules)
    if folder is None:
        return
    for texts in json.loads((folder / "cel_expressions_in_corpus.json").read_text(encoding="utf-8")).values():
        yield from texts
    with (folder / "p2pstream" / "upstream_cel_expressions.tsv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    yield from (json.loads(text) for _, text in rows)


def exports() -> list[Path]:
    """The files that hold a policy: the fixtures of the checks, the examples, and the corpus."""
    found = [*FIXTURES.glob("*/*.yaml"), *FIXTURES.glob("examples/**/*.*")]
    folder = corpus_if_any()
    if folder is not None:
        found += [*(folder / "p2pstream").glob("*.db"), *(folder / "p2pstream").glob("GetPublicProxyConfig*.json")]
    return sorted(path for path in found if "config" not in path.suffixes[0] and path.name != "edgelint.yaml")


def _compiles(text: str) -> bool:
    try:
        compile_match(text)
    except InvalidExpression:
        return False
    return True
