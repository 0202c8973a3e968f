r"""Regular expressions: the syntax Go's regexp.Compile accepts, read into a tree.

Differences from Go 1.26, all on purpose. Scripts with names of several words (`\p{Old_Italic}`) are accepted, as by Go up to
1.24. The limits on nesting and size count the tree as it is written, Go counts it after factoring alternatives: near a limit
the answers may differ. Patterns of more than 50,000 characters, and classes of more than 100,000 ranges in one pattern, are
not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from edgelint.space.brackets import InvalidPattern, Reader
from edgelint.space.characters import EVERYTHING, Characters
from edgelint.space.limits import Unbounded
from edgelint.space.syntax import EMPTY, Alternation, Assertion, Concatenation, Regex, Repetition, Symbol, Where
from edgelint.space.unicode import fold

__all__ = ["InvalidPattern", "Regex", "parse"]

_FLAGS = r"\(\?([imsU]*)(?:-([imsU]+))?([:)])"
_NAMED = r"\(\?P?<[0-9A-Za-z_]+>"
_NAME_BEGINS = r"(?s)\(\?P?<."
_COUNT = r"\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\}"

_LONGEST = 50_000
_MOST_RANGES = 100_000
_MOST_COPIES = 1000
_DEEPEST = 1000
_LARGEST = (128 << 20) // 40  # Go's limit on a program is 128 MiB, an instruction takes 40 bytes

_NOT_NEWLINE = ~Characters.of("\n")


@lru_cache(maxsize=4096)
def parse(pattern: str) -> Regex:
    """The tree of a pattern. Raises InvalidPattern if Go refuses it, Unbounded if it is too large."""
    if len(pattern) > _LONGEST:
        raise Unbounded(f"the pattern is longer than {_LONGEST} characters")
    if surrogate := re.search("[\ud800-\udfff]", pattern):
        raise InvalidPattern("invalid UTF-8", surrogate.start())
    return _Parser(Reader(pattern)).parse()


class _Term(NamedTuple):
    """A tree with what Go's limits count: height, size as a program, and the product of nested repetition counts."""

    node: Regex
    height: int = 1
    size: int = 1
    copies: int = 1
    literal: bool = False


class _Group:
    """A group that is not closed yet: where it opens, the flags to go back to, and what is read of it."""

    def __init__(self, start: int, flags: frozenset[str], *, captures: bool) -> None:
        self.start = start
        self.flags = flags
        self.captures = captures
        self.branches: list[_Term] = []
        self.terms: list[_Term] = []

    def end_branch(self) -> None:
        """Make the terms read so far one branch."""
        self.branches.append(_concatenation(self.terms))
        self.terms = []

    def term(self) -> _Term:
        """The whole group as one term."""
        self.end_branch()
        whole = _alternation(self.branches)
        return _Term(whole.node, whole.height + 1, whole.size + 2, whole.copies) if self.captures else whole


class _Parser:
    """One pass over a pattern. Go's parser works on a stack too, so that no nesting exhausts it."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.flags: frozenset[str] = frozenset()
        self.groups = [_Group(0, self.flags, captures=False)]
        self.ranges = 0  # in bracketed classes; others are shared
        self.repeated: int | None = None  # offset of the token just read if it was a repetition

    @property
    def folded(self) -> bool:
        return "i" in self.flags

    def parse(self) -> Regex:
        """Read everything."""
        while character := self.reader.peek():
            if character in "*+?{":
                self.repetition()
            else:
                self.repeated = None
                _TOKENS.get(character, _Parser.literal)(self)
        if len(self.groups) > 1:
            raise InvalidPattern("missing closing )", self.groups[-1].start)
        return _limited(self.groups[0].term()).node

    def push(self, term: _Term) -> None:
        """Take a term into the innermost group."""
        self.groups[-1].terms.append(_limited(term))

    def literal(self) -> None:
        """Read a character that stands for itself."""
        self.push(_literal(self.reader.peek(), folded=self.folded))
        self.reader.at += 1

    def dot(self) -> None:
        """Read `.`."""
        self.reader.at += 1
        self.push(_Term(Symbol(EVERYTHING if "s" in self.flags else _NOT_NEWLINE)))

    def bracket(self) -> None:
        """Read `[...]`."""
        characters = self.reader.bracketed(folded=self.folded)
        self.ranges += len(characters.ranges)
        if self.ranges > _MOST_RANGES:
            raise Unbounded(f"the classes of the pattern have more than {_MOST_RANGES} ranges")
        self.push(_Term(Symbol(characters)))

    def caret(self) -> None:
        """Read `^`."""
        self.reader.at += 1
        self.push(_Term(Assertion(Where.LINE_START if "m" in self.flags else Where.TEXT_START)))

    def dollar(self) -> None:
        """Read `$`."""
        self.reader.at += 1
        self.push(_Term(Assertion(Where.LINE_END if "m" in self.flags else Where.TEXT_END)))

    def backslash(self) -> None:
        r"""Read `\b`, `\Q...\E`, `\d`, `\pL` or an escaped character."""
        if where := _ASSERTIONS.get(self.reader.peek(1)):
            self.reader.at += 2
            self.push(_Term(Assertion(where)))
        elif self.reader.skip("\\Q"):
            while self.reader.peek() and not self.reader.skip("\\E"):
                self.literal()
        elif (characters := self.reader.shorthand(folded=self.folded)) is not None:
            self.push(_Term(Symbol(characters)))
        else:
            self.push(_literal(chr(self.reader.escape()), folded=self.folded))

    def opening(self) -> None:
        """Read `(`, `(?:`, `(?P<name>`, `(?flags)` or `(?flags:`."""
        start = self.reader.at
        if self.reader.peek(1) != "?":
            self.reader.at += 1
            self.groups.append(_Group(start, self.flags, captures=True))
        elif self.reader.matched(_NAMED):
            self.groups.append(_Group(start, self.flags, captures=True))
        elif written := self.reader.matched(_FLAGS):
            if written[3] == ":":
                self.groups.append(_Group(start, self.flags, captures=False))
            self.flags = (self.flags | set(written[1])) - set(written[2] or "")
        else:
            named = self.reader.matched(_NAME_BEGINS)
            raise InvalidPattern("invalid named capture" if named else "invalid or unsupported Perl syntax", start)

    def closing(self) -> None:
        """Read `)`."""
        if len(self.groups) == 1:
            raise InvalidPattern("unexpected )", self.reader.at)
        self.reader.at += 1
        group = self.groups.pop()
        self.flags = group.flags
        self.push(group.term())

    def bar(self) -> None:
        """Read `|`."""
        self.reader.at += 1
        self.groups[-1].end_branch()

    def repetition(self) -> None:
        """Read `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`, and the `?` behind it; a brace of another form is a literal."""
        start = self.reader.at
        bounds = self._bounds()
        if bounds is None:
            self.repeated = None
            self.literal()
            return
        self.reader.skip("?")
        if self.repeated is not None:
            raise InvalidPattern("invalid nested repetition operator", self.repeated)
        self.repeated = start
        if not self.groups[-1].terms:
            raise InvalidPattern("missing argument to repetition operator", start)
        term = _repetition(self.groups[-1].terms.pop(), *bounds)
        self.push(term)
        if term.copies > _MOST_COPIES:
            raise InvalidPattern("invalid repeat count", start)

    def _bounds(self) -> tuple[int, int | None] | None:
        start = self.reader.at
        if bounds := _OPERATORS.get(self.reader.peek()):
            self.reader.at += 1
            return bounds
        written = self.reader.matched(_COUNT)
        if written is None:
            return None
        least = _count(written[1])
        most = _count(written[3]) if written[3] else None if written[2] else least
        if max(least, most or 0) > _MOST_COPIES or (most is not None and least > most):
            raise InvalidPattern("invalid repeat count", start)
        return least, most


_TOKENS: dict[str, Callable[[_Parser], None]] = {
    "(": _Parser.opening,
    ")": _Parser.closing,
    "|": _Parser.bar,
    "^": _Parser.caret,
    "$": _Parser.dollar,
    ".": _Parser.dot,
    "[": _Parser.bracket,
    "\\": _Parser.backslash,
}
_OPERATORS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_ASSERTIONS = {
    "A": Where.TEXT_START,
    "z": Where.TEXT_END,
    "b": Where.WORD_BOUNDARY,
    "B": Where.NO_WORD_BOUNDARY,
}


def _count(written: str) -> int:
    return int(written) if len(written) < 5 else _MOST_COPIES + 1


@lru_cache(maxsize=1024)
def _literal(character: str, *, folded: bool) -> _Term:
    characters = Characters.of(character)
    return _Term(Symbol(fold(characters) if folded else characters), literal=True)


def _limited(term: _Term) -> _Term:
    if term.height > _DEEPEST:
        raise InvalidPattern("expression nests too deeply", 0)
    if term.size > _LARGEST:
        raise InvalidPattern("expression too large", 0)
    return term


def _concatenation(terms: list[_Term]) -> _Term:
    if len(terms) == 1:
        return terms[0]
    literal = all(term.literal for term in terms)
    node = Concatenation(tuple(term.node for term in terms)) if terms else EMPTY
    height = max((term.height for term in terms), default=0) + (not literal)
    size = max(1, sum(term.size for term in terms))
    return _Term(node, height, size, max((term.copies for term in terms), default=1), literal)


def _alternation(branches: list[_Term]) -> _Term:
    if len(branches) == 1:
        return branches[0]
    node = Alternation(tuple(branch.node for branch in branches))
    copies = max(branch.copies for branch in branches)
    if all(isinstance(branch.node, Symbol) and branch.height == 1 for branch in branches):
        return _Term(node, 1, 1, copies)  # Go makes one class of them
    height = max(branch.height for branch in branches) + 1
    return _Term(node, height, sum(branch.size for branch in branches) + len(branches) - 1, copies)


def _repetition(term: _Term, least: int, most: int | None) -> _Term:
    node = term.node
    if most == 0:
        node = EMPTY
    elif (least, most) != (1, 1):
        node = Repetition(node, least, most)
    count = least if most is None else most
    size = max(least, 1) * term.size + 1 + (least == 0) if most is None else most * term.size + most - least
    copies = max(1, count) * max(1, term.copies) if count or most is None else 0
    return _Term(node, term.height + 1, max(1, size), copies)
