"""The characters of a pattern, in the coarsest classes that its positions tell apart."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property

from edgelint.space.brackets import WORD as WORD_CHARACTERS
from edgelint.space.characters import Characters, partition
from edgelint.space.division import Division, sets
from edgelint.space.positions import NEWLINE, OTHER, WORD

_LINE_FEED = Characters.of("\n")
_KINDS = (OTHER, NEWLINE, WORD)
_REPLACEMENT = 0xFFFD


class Alphabet:
    """Classes of characters by index: `classes` their members, `kinds` what assertions see, `readers` who reads them.

    `reading` gives for each kind the positions that read a character of it. Sets of positions are bit masks.
    """

    def __init__(self, symbols: tuple[Characters, ...]) -> None:
        count = len(symbols)
        marks: defaultdict[Characters, int] = defaultdict(int, {_LINE_FEED: 1 << count, WORD_CHARACTERS: 2 << count})
        for position, characters in enumerate(symbols):
            marks[characters] |= 1 << position
        divided = partition(marks)
        self.classes = tuple(characters for characters, _ in divided)
        self.kinds = tuple(_KINDS[mark >> count] for _, mark in divided)
        self.readers = tuple(mark & ((1 << count) - 1) for _, mark in divided)
        self.reading = dict.fromkeys(_KINDS, 0)
        for kind, readers in zip(self.kinds, self.readers, strict=True):
            self.reading[kind] |= readers
        starts = sorted((low, index) for index, characters in enumerate(self.classes) for low, _ in characters)
        self._starts = tuple(low for low, _ in starts)
        self._owners = tuple(index for _, index in starts)
        self._known: dict[str, int] = {}

    @cached_property
    def division(self) -> Division:
        """The kinds of the characters: each is the index of its class."""
        return sets((low, high, index) for index, characters in enumerate(self.classes) for low, high in characters)

    def index(self, character: str) -> int:
        """The class of a character."""
        found = self._known.get(character)
        if found is None:
            point = _REPLACEMENT if "\ud800" <= character <= "\udfff" else ord(character)
            found = self._known[character] = self._owners[bisect_right(self._starts, point) - 1]
        return found
