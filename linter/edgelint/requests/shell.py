"""Command lines as shells take them apart: POSIX ones with the quoting of bash, and the `cmd` of Windows.

Nothing is filled in: what a shell would replace by something else, such as `$HOME`, is refused.
"""

from __future__ import annotations

import re

_CARETS = re.compile(r'\^"|\^\r?\n')
"""What tells a command line for `cmd`: browsers quote so, and continue lines so."""

_SPACE = " \t\r\n"
_ENDS = ";|&<>()"
_NAMES = re.compile(r"\$(?:[A-Za-z_0-9@*#?$!-]|[{(])")
_ESCAPES = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
_NUMBERED = re.compile(r"x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|c([@-_a-z])")


class ShellError(ValueError):
    """A command line that no shell takes, or that a shell would have to fill in; the text says where."""


def words(line: str) -> list[str]:
    """The words of a command line. Raises ShellError."""
    return _cmd_words(line) if _CARETS.search(line) else _Reader(line).words()


class _Reader:
    """One pass over a command line for a POSIX shell."""

    def __init__(self, line: str) -> None:
        self.line = line.strip(_SPACE)
        self.at = 0

    def words(self) -> list[str]:
        found: list[str] = []
        while self._skip():
            found.append(self._word())
        return found

    def _skip(self) -> bool:
        """Go to the next word; whether there is one."""
        while self.at < len(self.line):
            if self.line[self.at] in _SPACE:
                self.at += 1
            elif self.line.startswith(("\\\n", "\\\r\n"), self.at):
                self.at = self.line.index("\n", self.at) + 1
            else:
                return self.line[self.at] != "#"
        return False

    def _word(self) -> str:
        pieces: list[str] = []
        while self.at < len(self.line) and self.line[self.at] not in _SPACE:
            pieces.append(self._piece())
        return "".join(pieces)

    def _piece(self) -> str:
        start = self.line[self.at]
        if start == "'":
            return self._until_quote()
        if self.line.startswith("$'", self.at):
            self.at += 2
            return self._ansi()
        if start == '"' or self.line.startswith('$"', self.at):
            self.at += 1 + (start == "$")
            return self._double()
        if start == "\\":
            return self._escaped()
        if start in _ENDS:
            raise ShellError(f"`{start}` outside of quotes ends the command, put the whole URL in quotes")
        self._refuse_filling_in()
        self.at += 1
        return start

    def _refuse_filling_in(self) -> None:
        if self.line[self.at] == "`" or _NAMES.match(self.line, self.at):
            part = re.match(r"`[^`]*`?|\$\w+|\$\{[^}]*\}?|\$\([^)]*\)?|\$.", self.line[self.at :])
            name = part[0] if part else "$"
            raise ShellError(f"a shell would fill in {name.strip('`')}, write out what it stands for")

    def _until_quote(self) -> str:
        end = self.line.find("'", self.at + 1)
        if end < 0:
            raise ShellError("a quote is opened with ' and never closed")
        found = self.line[self.at + 1 : end]
        self.at = end + 1
        return found

    def _escaped(self) -> str:
        """What a backslash stands for outside of quotes; with a line end behind it, nothing."""
        following = self.line[self.at + 1 : self.at + 3]
        size = 2 if following == "\r\n" else 1
        self.at += 1 + size
        return "" if following[:size] in ("\n", "\r\n") else following[:1] or "\\"

    def _double(self) -> str:
        pieces: list[str] = []
        while self.at < len(self.line):
            letter = self.line[self.at]
            if letter == '"':
                self.at += 1
                return "".join(pieces)
            if letter == "\\" and self.line[self.at + 1 : self.at + 2] in ('"', "\\", "$", "`", "\n"):
                pieces.append(self.line[self.at + 1].replace("\n", ""))
                self.at += 2
                continue
            self._refuse_filling_in()
            pieces.append(letter)
            self.at += 1
        raise ShellError('a quote is opened with " and never closed')

    def _ansi(self) -> str:
        """A text in the quotes $'...', whose escapes are those of C."""
        pieces: list[bytes] = []
        while self.at < len(self.line):
            letter = self.line[self.at]
            if letter == "'":
                self.at += 1
                return b"".join(pieces).decode("utf-8", "replace")
            self.at += 1
            pieces.append(self._ansi_escape() if letter == "\\" else letter.encode("utf-8", "replace"))
        raise ShellError("a quote is opened with $' and never closed")

    def _ansi_escape(self) -> bytes:
        found = _NUMBERED.match(self.line, self.at)
        if found is None:
            letter = self.line[self.at : self.at + 1]
            self.at += 1
            return (_ESCAPES.get(letter) or f"\\{letter}").encode("utf-8", "replace")
        self.at = found.end()
        octet, short, long, octal, control = found.groups()
        if octet or octal:
            return bytes([(int(octet, 16) if octet else int(octal, 8)) & 0xFF])
        if control:
            return bytes([ord(control.upper()) & 0x1F])
        code = int(short or long, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise ShellError(f"\\u{code:04x} is no character")
        return chr(code).encode()


def _cmd_words(line: str) -> list[str]:
    r"""The words of a command line for `cmd` in which every special character stands behind a caret, as browsers write it.

    What is left without the carets is taken apart as C programs do on Windows: quotes group, `\"` is a quote.
    """
    text = re.sub(r"(?s)\^\r?\n(\r?\n)?|\^(.)", lambda found: found[2] or ("\n" if found[1] else ""), line)
    words: list[str] = []
    word: str | None = None
    quoted = False
    for slashes, quote, other in re.findall(r'(?s)(\\*)(")|(\\+|.)', text):
        if quote:
            quoted ^= len(slashes) % 2 == 0
            word = (word or "") + "\\" * (len(slashes) // 2) + '"' * (len(slashes) % 2)
        elif quoted or other not in _SPACE:
            word = (word or "") + other
        elif word is not None:
            words.append(word)
            word = None
    if quoted:
        raise ShellError('a quote is opened with " and never closed')
    return words if word is None else [*words, word]
