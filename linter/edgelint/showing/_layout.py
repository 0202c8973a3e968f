"""Words laid out in a terminal: safe, coloured, and as wide as there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.report._safe import visible, width
from edgelint.wording.said import Said, plain

LONGEST = 160
"""How many cells of a text of the user are shown."""

_GAP, _NARROWEST = 2, 8

STRONG, LABEL, ALARM, FAINT = "1", "34", "1;31", "2"


class Painter:
    """Puts colours around text that is safe to show."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def paint(self, code: str, text: str) -> str:
        """The text in a colour, where colours are wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and text else text


def shown(words: Said) -> str:
    """Words as a terminal may show them, the user's texts in back-ticks and long ones cut."""
    return plain(words, lambda text: f"`{cut(visible(text), LONGEST)}`", visible)


def cut(text: str, cells: int) -> str:
    """The beginning of a text, cut to so many cells."""
    return text if width(text) <= cells else f"{_head(text, cells - 3)}..."


def _head(text: str, cells: int) -> str:
    """As much of a text as fits, one character at least."""
    taken = 0
    for size, character in enumerate(text):
        taken += width(character)
        if taken > cells and size:
            return text[:size]
    return text


def wrapped(text: str, cells: int, *, hard: bool = False) -> Iterator[str]:
    """The lines of a text, broken between words; words that are too long for a line are broken where it is to be `hard`."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width(longer) > cells:
            yield line
            longer = word
        while hard and width(longer) > cells:
            head = _fitting(longer, cells)
            yield head
            longer = longer[len(head) :]
        line = longer
    yield line


def _fitting(text: str, cells: int) -> str:
    """As much of a text as fits; up to a sign between its parts where there is one."""
    head = _head(text, cells)
    behind = max(head.rfind(sign, len(head) // 2) for sign in "-._/") + 1
    return head[: behind or None]


def padded(text: str, cells: int) -> str:
    """A text with blanks behind it, so many cells in all."""
    return text + " " * max(0, cells - width(text))


def widths(rows: Sequence[Sequence[str]], cells: int) -> list[int]:
    """How wide the columns of a table are: so that no word is broken if there is room, the rest for those with most to show."""
    columns = list(zip(*rows, strict=True))
    least = [max(1, *(width(word) for cell in column for word in cell.split(" "))) for column in columns]
    most = [max(1, *map(width, column)) for column in columns]
    room = cells - _GAP * (len(columns) - 1)
    while sum(least) > room and max(least) > _NARROWEST:
        least[least.index(max(least))] -= 1
    spare = room - sum(least)
    while spare > 0 and least != most:
        neediest = max(range(len(columns)), key=lambda at: most[at] / least[at])
        least[neediest] += 1
        spare -= 1
    return least


def table(rows: Sequence[Sequence[str]], sizes: Sequence[int]) -> Iterator[str]:
    """Rows of cells side by side, each cell broken into as many lines as it needs."""
    for row in rows:
        columns = [list(wrapped(cell, size, hard=True)) for cell, size in zip(row, sizes, strict=True)]
        for at in range(max(map(len, columns))):
            parts = (
                padded(lines[at] if at < len(lines) else "", size) for lines, size in zip(columns, sizes, strict=True)
            )
            yield (" " * _GAP).join(parts).rstrip()
