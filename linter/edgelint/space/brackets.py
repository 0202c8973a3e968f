r"""What a regular expression writes for one character: escapes, and Perl, POSIX, Unicode and bracketed classes.

The syntax is that of Go's package regexp/syntax with the flags regexp.Compile uses; reasons of errors are worded as there.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import or_

from edgelint.space.characters import LAST, Characters, Range
from edgelint.space.unicode import fold, named


class InvalidPattern(ValueError):
    """A text that Go's regexp refuses: `message` is Go's reason, `offset` counts code points to where the trouble begins."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


WORD = Characters([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
r"""`\w`: what `\b` tells from the rest."""

_PERL = {"d": Characters([(0x30, 0x39)]), "s": Characters.of("\t\n\f\r "), "w": WORD}
_POSIX = {
    "alnum": [(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)],
    "alpha": [(0x41, 0x5A), (0x61, 0x7A)],
    "ascii": [(0x00, 0x7F)],
    "blank": [(0x09, 0x09), (0x20, 0x20)],
    "cntrl": [(0x00, 0x1F), (0x7F, 0x7F)],
    "digit": [(0x30, 0x39)],
    "graph": [(0x21, 0x7E)],
    "lower": [(0x61, 0x7A)],
    "print": [(0x20, 0x7E)],
    "punct": [(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)],
    "space": [(0x09, 0x0D), (0x20, 0x20)],
    "upper": [(0x41, 0x5A)],
    "word": [*WORD],
    "xdigit": [(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
}
_PERL_CLASS = r"\\([dswDSW])"
_PROPERTY = r"\\([pP])(?:\{([^}]*)\}|([^{])|)"
_OCTAL = r"\\(0[0-7]{0,2}|[1-7][0-7]{1,2})"
_HEXADECIMAL = r"\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))"
_CONTROLS = {"a": 0x07, "f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09, "v": 0x0B}


class Reader:
    """A pattern and the offset up to which it is read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        """The character so far ahead, or nothing behind the end."""
        return self.text[self.at + ahead : self.at + ahead + 1]

    def skip(self, text: str) -> bool:
        """Whether this text came next; then it is read."""
        if not self.text.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def matched(self, form: str) -> re.Match[str] | None:
        """What comes next if it has this form; then it is read."""
        found = re.compile(form).match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def escape(self) -> int:
        r"""The code point of `\n`, `\.`, `\052`, `\x2A` or `\x{2A}`."""
        if found := self.matched(_OCTAL):
            return int(found[1], 8)
        start = self.at
        character = self.peek(1)
        if not character:
            raise InvalidPattern("trailing backslash at end of expression", start)
        if (found := self.matched(_HEXADECIMAL)) and (point := int(found[1] or found[2], 16)) <= LAST:
            return point
        self.at = start + 2
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character.isascii() and not character.isalnum():
            return ord(character)
        raise InvalidPattern("invalid escape sequence", start)

    def shorthand(self, *, folded: bool) -> Characters | None:
        r"""The class of `\d`, `\W`, `\pL`, `\P{^Lu}` and the like, if one comes next."""
        if written := self.matched(_PROPERTY):
            return self._property(written, folded=folded)
        written = self.matched(_PERL_CLASS)
        if written is None:
            return None
        return _class(_PERL[written[1].lower()], folded=folded, negated=written[1].isupper())

    def _property(self, written: re.Match[str], *, folded: bool) -> Characters:
        name = written[2] or written[3] or ""
        negated = name.startswith("^") != (written[1] == "P")
        found = named(name.removeprefix("^"), folded=folded, negated=negated)
        if found is None:
            raise InvalidPattern("invalid character class range", written.start())
        return found

    def bracketed(self, *, folded: bool) -> Characters:
        """The class of `[...]`, the opening bracket of which comes next."""
        start = self.at
        self.at += 1
        negated = self.skip("^")
        parts: dict[Characters, None] = {}
        ranges: list[Range] = []
        first = self.at
        while self.at == first or self.peek() != "]":
            part = self._posix(folded=folded)
            if part is None:
                part = self.shorthand(folded=folded)
            if part is None:
                ranges.append(self._range(start))
            else:
                parts[part] = None
        self.at += 1
        parts[_class(Characters(ranges), folded=folded, negated=False)] = None
        found = reduce(or_, parts)
        return ~found if negated else found

    def _posix(self, *, folded: bool) -> Characters | None:
        end = self.text.find(":]", self.at + 2) if self.text.startswith("[:", self.at) else -1
        if end < 0:
            return None
        name = self.text[self.at + 2 : end]
        ranges = _POSIX.get(name.removeprefix("^"))
        if ranges is None:
            raise InvalidPattern("invalid character class range", self.at)
        self.at = end + 2
        return _class(Characters(ranges), folded=folded, negated=name.startswith("^"))

    def _range(self, opening: int) -> Range:
        start = self.at
        low = high = self._member(opening)
        if self.peek() == "-" and self.peek(1) not in {"", "]"}:
            self.at += 1
            high = self._member(opening)
        if high < low:
            raise InvalidPattern("invalid character class range", start)
        return low, high

    def _member(self, opening: int) -> int:
        character = self.peek()
        if not character:
            raise InvalidPattern("missing closing ]", opening)
        if character == "\\":
            return self.escape()
        self.at += 1
        return ord(character)


def _class(members: Characters, *, folded: bool, negated: bool) -> Characters:
    found = fold(members) if folded else members
    return ~found if negated else found
