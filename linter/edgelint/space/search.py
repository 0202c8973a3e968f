"""Whether a language is empty, and if not, its shortest readable member.

Best-first walks over the product of the parts of an intersection: one that goes where least is left to read, to find any
member soon, and one that finds the shortest (A*, with what is left to read as the bound). A state of the product is the tuple of the parts'
derivatives, which the parts themselves remember, so that walking costs little more than looking up. Characters that every
part treats alike are tried once, by their most readable representative; texts that every member must begin with are read in
one stride; a finite part ends the walk by trying its words.
"""

from __future__ import annotations

from functools import lru_cache
from heapq import heappop, heappush
from itertools import count

from edgelint.space.division import ranked, readability, representatives
from edgelint.space.language import ANYTHING, NOTHING, Junction, Language, Words
from edgelint.space.limits import WORK, Unbounded

STEPS = 20_000
"""How many states a search for any member may look at before it gives up."""

SHORTEST = 300
"""How many states a search for the shortest member may look at before it makes do with another."""

_REMEMBERED = 200_000

_State = tuple[Language, ...]
_barren: set[_State] = set()
"""States from which no member can be reached, as earlier searches found."""


def shortest(language: Language) -> str | None:
    """The shortest member, the most readable of its length; None when there is none. Raises Unbounded.

    Where looking for the shortest takes too long it is a short one.
    """
    if language.shortest is False:
        language.shortest = _shortest(language)
        language.some = language.shortest
    assert not isinstance(language.shortest, bool)  # noqa: S101
    return language.shortest


def is_empty(language: Language) -> bool:
    """Whether a language has no member. Raises Unbounded."""
    return not language.nullable and some(language) is None


def some(language: Language) -> str | None:
    """Any member, found by going where least is left to read; None when there is none. Raises Unbounded."""
    if language.some is False:
        language.some = _walk(language, shortest=False)
    assert not isinstance(language.some, bool)  # noqa: S101
    return language.some


def _shortest(language: Language) -> str | None:
    parts = language.parts if isinstance(language, Junction) and language.every else (language,)
    found = some(language)
    if found is None or len(found) == max(part.least for part in parts):
        return found
    try:
        return _walk(language, shortest=True)
    except Unbounded:
        return some(language)


def _greatest(numbers: list[int]) -> int:
    return max(numbers, default=0)


def _walk(language: Language, *, shortest: bool) -> str | None:
    """The member that is reached first when the states are looked at first where least is left to read. Raises Unbounded.

    What is left is told from what is left of each part, at least; where nothing is, every part ends. For the `shortest` member
    what was read counts as well, and of equal ones the most readable goes on.
    """
    joined, most = (_greatest, SHORTEST) if shortest else (sum, STEPS)
    start = language.parts if isinstance(language, Junction) and language.every else (language,)
    left = joined([part.least for part in start])
    order = count()
    queue: list[tuple[int, int, str, int, int, _State, str]] = [(left, 0, "", next(order), left, start, "")]
    done: set[_State] = set()
    while queue:
        *_, left, state, text = heappop(queue)
        if not left:
            return text
        if state in done:
            continue
        done.add(state)
        if len(done) > most:
            raise Unbounded("a string condition has too many states to explore")
        for word, following in _strides(state):
            if following not in done and following not in _barren:
                longer, left = text + word, joined([part.least for part in following])
                cost = (left + len(longer), 0, ranked(longer)) if shortest else (left, len(longer), "")
                heappush(queue, (*cost, next(order), left, following, longer))
    _remember(done)
    return None


_RANGES = 8
"""How many ranges of characters are divided in one step."""


def _remember(barren: set[_State]) -> None:
    if len(_barren) + len(barren) > _REMEMBERED:
        _barren.clear()
    _barren.update(barren)


@lru_cache(maxsize=8192)  # searches that differ in one part go through much the same states
def _strides(state: _State) -> tuple[tuple[str, _State], ...]:
    """What can be read from a state, and where it leads; nothing that leads nowhere."""
    WORK.spend(len(state))
    words = next((part for part in state if isinstance(part, Words)), None)
    if words is not None:
        fitting = [word for word in words.words if all(word in part for part in state)]
        return ((min(fitting, key=readability), ()),) if fitting else ()
    head = max((part.head for part in state), key=len)
    if head:
        following = _advance(state, head)
        return ((head, following),) if following is not None else ()
    found: dict[_State, str] = {}
    divisions = frozenset(part.division() for part in state)
    WORK.spend(sum(len(division.beyond) for division in divisions) // _RANGES)
    characters = representatives(divisions)
    WORK.spend(len(state) * len(characters))
    for character in characters:
        following = _step(state, character)
        if following is not None:
            found.setdefault(following, character)
    return tuple((character, following) for following, character in found.items())


def _step(state: _State, character: str) -> _State | None:
    following = []
    for part in state:
        derivative = part.step(character)
        if derivative is NOTHING:
            return None
        if derivative is not ANYTHING:
            following.append(derivative)
    return tuple(dict.fromkeys(following))


def _advance(state: _State, text: str) -> _State | None:
    following = [part.advance(text) for part in state]
    return None if NOTHING in following else tuple(dict.fromkeys(part for part in following if part is not ANYTHING))
