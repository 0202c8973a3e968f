"""The addresses whose canonical text lies in a language of strings.

The texts are read number by number and digit by digit, most significant first, so that the addresses come in order; texts that
go on alike are walked once. In the text of an IPv6 address (RFC 5952, section 4) the longest run of at least two groups that
are zero, of equal ones the first, is written `::`. While a longer run may still come, the walk follows every text that the
groups read so far may turn out to have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import groupby
from math import prod
from typing import NamedTuple

from edgelint.space.addresses import EVERY_ADDRESS, Addresses, Range, address, every
from edgelint.space.language import ANYTHING, NOTHING, Junction, Language, Words
from edgelint.space.limits import WORK, Unbounded

RANGES = 4096
"""How many address ranges one condition on the text of an address may need, give or take a few."""

STEPS = 200_000
"""How many derivatives and ranges one condition on the text of an address may look at."""

_DECIMAL, _HEXADECIMAL = "0123456789", "0123456789abcdef"
_OCTET = (
    (_DECIMAL,),
    (_DECIMAL[1:], _DECIMAL),
    ("1", _DECIMAL, _DECIMAL),
    ("2", _DECIMAL[:5], _DECIMAL),
    ("2", "5", _DECIMAL[:6]),
)
_NONZERO_GROUP = tuple((_HEXADECIMAL[1:], *(_HEXADECIMAL,) * more) for more in range(4))


def matching(language: Language) -> Addresses:
    """The addresses whose text is in a language. Raises Unbounded."""
    if isinstance(language, Words):
        return every(address(word) for word in language.words)
    both = ((1, _Version4(4, language)), (1, _Version6(8, language, language, language)))
    return Addresses(_Walk().beside(both)) & EVERY_ADDRESS


class _Version4(NamedTuple):
    """IPv4 text before its last `left` octets, or within the first of these before a digit out of each of `places`."""

    left: int
    text: Language
    places: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[Language, ...]:
        return (self.text,)

    @property
    def size(self) -> int:
        return _size(8, self.left, self.places)

    def following(self) -> Iterator[_Choice]:
        """What one more digit leads to; before an octet, the forms it may have."""
        if not self.places:
            yield from ((1, self._replace(places=places)) for places in _OCTET)
            return
        rest, end = self.places[1:], "." if self.left > 1 else ""
        for count, (text,) in _read(self.texts, self.places, end):
            yield count, _Version4(self.left - (not rest), text, rest)


class _Version6(NamedTuple):
    """IPv6 text before its last `left` groups, or within the first of these before a digit out of each of `places`.

    What may follow is `plain` if no run of zeros so far is written `::`, `best` if the longest is, which has `longest` groups,
    and `current` if the run of `zeros` groups just read is. Where one of them cannot be it is another that can.
    """

    left: int
    plain: Language
    best: Language
    current: Language
    longest: int = 1
    zeros: int = 0
    places: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[Language, ...]:
        return self.best, self.plain, self.current

    @property
    def size(self) -> int:
        return _size(16, self.left, self.places)

    def following(self) -> Iterator[_Choice]:
        """What one more digit leads to; before a group, zero and the other forms it may have."""
        end = ":" if self.left > 1 else ""
        if not self.places:
            yield 1, self._zero(end)
            yield from ((1, self._replace(current=self.best, zeros=0, places=places)) for places in _NONZERO_GROUP)
            return
        rest = self.places[1:]
        for count, (plain, best) in _read((self.plain, self.best), self.places, end):
            text = _Version6(self.left - (not rest), plain, best, best, self.longest, places=rest)
            yield count, text if rest else text.possible()

    def _zero(self, end: str) -> _Version6:
        current = self.current if self.zeros else _advance(self.plain, "::" if self.left == 8 else ":")
        zeros = self.zeros + 1
        best = current if zeros > self.longest else _advance(self.best, "0" + end)
        plain = _advance(self.plain, "0" + end)
        return _Version6(self.left - 1, plain, best, current, max(zeros, self.longest), zeros).possible()

    def possible(self) -> _Version6:
        """The text before a group without what cannot be: a run that cannot become the longest is never written `::`."""
        _, plain, best, current, longest, zeros, _ = self
        if zeros + self.left <= longest:
            current, zeros = best, 0
        if longest > 1 and self.left - bool(zeros) <= longest:
            plain = best
        return _Version6(self.left, plain, best, current, longest, zeros)


_Text = _Version4 | _Version6
_Choice = tuple[int, _Text]
"""A text as it may go on, and how many times in a row it may go on like that."""


def _size(bits: int, left: int, places: tuple[str, ...]) -> int:
    """How many addresses may follow: `left` numbers of so many bits, the first of them limited to `places` if there are any."""
    return prod(map(len, places)) << bits * (left - bool(places))


def _read(texts: tuple[Language, ...], places: tuple[str, ...], end: str) -> Iterator[tuple[int, tuple[Language, ...]]]:
    """What each digit of the first place leads to, and how many in a row lead there; `end` stands behind the last place."""
    end = "" if len(places) > 1 else end
    for following, digits in groupby(places[0], lambda digit: tuple(_advance(text, digit + end) for text in texts)):
        yield sum(1 for _ in digits), following


def _advance(text: Language, read: str) -> Language:
    """The derivative by a short text; unlike that by a long one, it is remembered."""
    return reduce(Language.step, read, text)


class _Walk:
    """The ranges of the addresses that texts may turn out to be, counted from the first of them. Raises Unbounded."""

    def __init__(self) -> None:
        self.known: dict[_Text, tuple[Range, ...]] = {}
        self.met: set[Language] = set()
        self.work = STEPS

    def ranges(self, text: _Text) -> tuple[Range, ...]:
        """The ranges of one text."""
        texts = text.texts
        if not text.left:
            return ((0, 1),) if texts[0].nullable else ()
        if texts.count(ANYTHING) == len(texts):
            return ((0, text.size),)
        if texts.count(NOTHING) == len(texts):
            return ()
        found = self.known.get(text)
        if found is None:
            new = set(texts) - self.met
            self.met |= new
            self.spend(len(_HEXADECIMAL) * (1 + sum(map(_weight, new))))
            found = self.known[text] = self.beside(text.following())
        return found

    def beside(self, choices: Iterable[_Choice]) -> tuple[Range, ...]:
        """The ranges of several texts, the addresses of which lie one behind the other."""
        found: list[Range] = []
        base = 0
        for count, text in choices:
            inner, size = self.ranges(text), text.size
            if len(found) + count * (len(inner) - 1) > RANGES:  # each copy has at most one range in common with another
                raise Unbounded("a condition on the text of addresses that picks too many ranges")
            self.spend(count * len(inner))
            for start in range(base, base + count * size, size):
                _append(found, start, inner)
            base += count * size
        return tuple(found)

    def spend(self, work: int) -> None:
        """Count work that is about to be done."""
        WORK.spend(work)
        self.work -= work
        if self.work < 0:
            raise Unbounded("a condition on the text of addresses that takes too long to follow")


def _append(found: list[Range], start: int, inner: tuple[Range, ...]) -> None:
    for first, last in inner:
        if found and found[-1][1] == start + first:
            found[-1] = (found[-1][0], start + last)
        else:
            found.append((start + first, start + last))


def _weight(language: Language) -> int:
    """About how much work a derivative is."""
    return sum(map(_weight, language.parts)) if isinstance(language, Junction) else 1
