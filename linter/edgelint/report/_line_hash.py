"""The fingerprint that GitHub's upload step gives a result by the line it stands on, so that ours can be the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

WINDOW = 100
"""How many characters from the start of a line are hashed, blanks not counted."""

BASE, MODULUS = 37, 2**64
END_OF_FILE = "\uffff"


def line_hashes(text: str, lines: Collection[int]) -> dict[int, str]:
    """The hashes of some lines of a text, counted from 1: hexadecimal, `:`, and the number among lines with that hash.

    A line is known by the UTF-16 units of the text from its start on, without spaces and tabs, every line end being one
    line feed, the end of the file being the unit FFFF, and zeros after that. The hash is a polynomial of these units.
    """
    dense = _dense(text)
    starts = [0, *(found.end() for found in re.finditer("\n", dense))]
    windows = {line: dense[starts[line - 1] : starts[line - 1] + WINDOW] for line in lines}
    wanted, counts = set(windows.values()), Counter[str]()
    hashes = {}
    for line, start in enumerate(starts[: max(lines, default=0)], start=1):
        window = dense[start : start + WINDOW]
        if window in wanted:
            counts[window] += 1
            if line in windows:
                hashes[line] = f"{_polynomial(window):x}:{counts[window]}"
    return hashes


def _dense(text: str) -> str:
    feeds = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\U00010000-\U0010ffff]", _surrogates, re.sub(r"[ \t]+", "", feeds) + END_OF_FILE)


def _polynomial(window: str) -> int:
    value = 0
    for unit in window.ljust(WINDOW, "\0"):
        value = (value * BASE + ord(unit)) % MODULUS
    return value


def _surrogates(found: re.Match[str]) -> str:
    offset = ord(found[0]) - 0x10000
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))
