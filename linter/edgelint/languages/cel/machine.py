"""A shift-reduce parser that runs on the tables of a grammar (`edgelint.languages.cel.grammar`), which are plain data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

_END = "$END"


class Token:
    """A piece of a text with its kind and its half-open span of code points."""

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end


class NotInGrammarError(Exception):
    """The text is no sentence of the grammar; nothing is said of where and why."""


class _Rule(NamedTuple):
    """A reduction: the symbols it takes, the parts that count, and what makes a value of them; None for a list of parts."""

    origin: str
    size: int
    kept: tuple[tuple[int, bool], ...]
    single: bool
    make: Callable[[list[Any]], Any] | None

    @property
    def renames(self) -> bool:
        """Whether its value is that of its only symbol, as along the levels of precedence."""
        return self.single and self.make is not None and self.size == 1 and self.kept == ((0, False),)

    def value(self, symbols: list[Any]) -> Any:
        """The value of this rule out of the values of its symbols."""
        parts: list[Any] = []
        for position, spliced in self.kept:
            if not spliced:
                parts.append(symbols[position])
            elif parts:
                parts += symbols[position]
            else:
                parts = symbols[position]  # a list has one owner: long ones grow in place
        if self.make is None:
            return parts
        return parts[0] if self.single and len(parts) == 1 else self.make(parts)


class Machine:
    """A parser whose values are made by a builder: its method of a rule's name gets the values of the rule's parts."""

    def __init__(self, tables: Path, builder: object) -> None:
        known = json.loads(tables.read_text(encoding="utf-8"))
        self._scan = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in known["tokens"])).match
        self._words: dict[str, dict[str, str]] = known["words"]
        self._ignored = frozenset(known["ignored"])
        self._actions: list[dict[str, int]] = known["actions"]
        self._gotos: list[dict[str, int]] = known["gotos"]
        self._end: int = known["end"]
        self._rules = [
            _Rule(
                rule["origin"],
                rule["size"],
                tuple(map(tuple, rule["kept"])),
                rule["single"],
                getattr(builder, rule["name"], _never) if rule["name"] else None,
            )
            for rule in known["rules"]
        ]
        self._renaming = [rule.renames for rule in self._rules]
        self._renamed: dict[tuple[int, int, str], int] = {}

    def parse(self, text: str) -> Any:
        """The value of a text. NotInGrammarError, and what the builder raises."""
        states, values = [0], []
        actions, renamed = self._actions, self._renamed
        for token in self._tokens(text):
            kind = token.kind
            while True:
                action = actions[states[-1]].get(kind)
                if action is None:
                    raise NotInGrammarError
                if action >= 0:
                    states.append(action)
                    values.append(token)
                    break
                if self._renaming[-1 - action]:
                    place = (states[-2], states[-1], kind)
                    state = renamed.get(place)
                    if state is None:
                        state = renamed[place] = self._rename(*place)
                    states[-1] = state
                else:
                    rule = self._rules[-1 - action]
                    kept = len(values) - rule.size
                    values[kept:] = [rule.value(values[kept:])]
                    del states[kept + 1 :]
                    states.append(self._gotos[states[-1]][rule.origin])
                if kind == _END and states[-1] == self._end:
                    return values[-1]
        raise NotInGrammarError

    def _rename(self, below: int, state: int, kind: str) -> int:
        """The state on top of another one after all reductions in a row that change nothing but the symbol's name."""
        while state != self._end:
            action = self._actions[state].get(kind)
            if action is None or action >= 0 or not self._renaming[-1 - action]:
                break
            state = self._gotos[below][self._rules[-1 - action].origin]
        return state

    def _tokens(self, text: str) -> Iterator[Token]:
        at = 0
        while at < len(text):
            found = self._scan(text, at)
            if found is None:
                raise NotInGrammarError
            kind, start, at = found.lastgroup or "", at, found.end()
            if kind not in self._ignored:
                words = self._words.get(kind)
                yield Token(words.get(found[0], kind) if words else kind, found[0], start, at)
        yield Token(_END, "", at, at)


def _never(parts: list[Any]) -> Any:
    raise NotInGrammarError(parts)
