"""The tables of CEL's grammar, made by lark out of `grammars/cel.lark`: what `edgelint.languages.cel.parser` runs on.

They are kept beside the grammar, because making them takes longer than most checks. After a change of the grammar:

    python -m edgelint.languages.cel.grammar
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from lark import Lark
from lark.grammar import Rule, Terminal
from lark.lexer import BasicLexer, PatternRE
from lark.parsers.lalr_analysis import IntParseTable, Shift

from edgelint.resources import folder

TABLES = "cel.json"
"""The name of the file with the tables."""


@cache
def lark() -> Lark:
    """The grammar as lark has it."""
    # CEL's tokens do not depend on where they stand, so one scanner does; it also names what it found in every message.
    return Lark((folder("grammars") / "cel.lark").read_text(encoding="utf-8"), parser="lalr", lexer="basic")


def tables() -> dict[str, Any]:
    """The tables as plain values.

    `tokens` are pairs of a name and a pattern in the order in which they are tried, `words` the texts of a token that are
    another one, `ignored` the tokens without meaning. A rule has a name, a number of symbols, the parts that count with
    whether they are lists to be spliced in, and whether a single part stands for the whole. `actions` say for each state and
    token where to go (0 and up), or with which rule to reduce (-1 and down); `gotos` where to go from a state behind a rule.
    """
    grammar = lark()
    lexer, table = grammar.parser.lexer, grammar.parser.parser._parse_table  # noqa: SLF001 - lark has no public way
    states = {state: number for number, state in enumerate(_reached(table))}  # the start is state 0
    rules = {rule: -1 - number for number, rule in enumerate(sorted(grammar.rules, key=_spelled))}
    terminals = set(lexer.terminals_by_name)
    actions: list[dict[str, int]] = [{} for _ in states]
    gotos: list[dict[str, int]] = [{} for _ in states]
    for state, number in states.items():
        for symbol, (action, target) in sorted(table.states[state].items()):
            row = actions if symbol in terminals or symbol == "$END" else gotos
            row[number][symbol] = states[target] if action is Shift else rules[target]
    return {
        **_tokens(lexer),
        "rules": [_rule(rule) for rule in rules],
        "end": states[table.end_states["start"]],
        "actions": actions,
        "gotos": gotos,
    }


def _reached(table: IntParseTable) -> Iterator[int]:
    """The states from the start on, in an order that does not depend on how lark numbers them."""
    seen = dict.fromkeys([table.start_states["start"]])
    fresh = list(seen)
    while fresh:
        state = fresh.pop(0)
        yield state
        for _, (action, target) in sorted(table.states[state].items(), key=lambda item: item[0]):
            if action is Shift and target not in seen:
                seen[target] = None
                fresh.append(target)


def _spelled(rule: Rule) -> tuple[str, list[str]]:
    return rule.origin.name, [symbol.name for symbol in rule.expansion]


def _rule(rule: Rule) -> dict[str, Any]:
    kept = [
        [position, symbol.name.startswith("_")]
        for position, symbol in enumerate(rule.expansion)
        if not (isinstance(symbol, Terminal) and symbol.filter_out)
    ]
    return {
        "origin": str(rule.origin.name),
        "name": "" if rule.origin.name.startswith("_") else str(rule.alias or rule.origin.name),
        "size": len(rule.expansion),
        "kept": kept,
        "single": rule.options.expand1 and not rule.alias,
    }


def _tokens(lexer: BasicLexer) -> dict[str, Any]:
    """How a text falls into tokens. A text that is also matched by a pattern of lower rank is a word of that token."""
    patterns = [terminal for terminal in lexer.terminals if isinstance(terminal.pattern, PatternRE)]
    words: dict[str, dict[str, str]] = {}
    for terminal in lexer.terminals:
        if terminal not in patterns:
            for other in patterns:
                if lexer.re.fullmatch(other.pattern.to_regexp(), terminal.pattern.value):
                    words.setdefault(str(other.name), {})[str(terminal.pattern.value)] = str(terminal.name)
    known = {name for found in words.values() for name in found.values()}
    scanned = [terminal for terminal in lexer.terminals if terminal.name not in known]
    return {
        "tokens": [[str(terminal.name), terminal.pattern.to_regexp()] for terminal in scanned],
        "words": words,
        "ignored": sorted(map(str, lexer.ignore_types)),
    }


def written(tables: dict[str, Any]) -> str:
    """The tables as JSON, a row a line."""
    lines = (f"{json.dumps(name)}: {_listed(value)}" for name, value in tables.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _listed(value: object) -> str:
    if not isinstance(value, list):
        return json.dumps(value)
    return "[\n" + ",\n".join(map(json.dumps, value)) + "\n]"


def main() -> None:
    """Write the tables."""
    (folder("grammars") / TABLES).write_text(written(tables()), encoding="utf-8")


if __name__ == "__main__":
    main()
