r"""Automata that look for a regular expression anywhere in a text, as Go's regexp.MatchString does.

States are numbered as they are reached. A state is the set of positions that can have been read last, and the kind of the
character read last as far as assertions care. A lone surrogate in a text is read as U+FFFD, which is what Go makes of bytes
that are not UTF-8.
"""

from __future__ import annotations

from functools import cached_property, lru_cache, reduce
from operator import or_

from edgelint.space.alphabet import Alphabet
from edgelint.space.division import NOWHERE, Division, renamed
from edgelint.space.limits import WORK, Unbounded
from edgelint.space.positions import EDGE, bits, distances, positions
from edgelint.space.pruning import kept
from edgelint.space.regex import Regex, parse

_MOST_STATES = 10_000
_MOST_WORK = 1_000_000
_COST = 4  # steps of a search that one step of building costs
_DEAD, _FOUND = 0, 1
_LONG, _REPEATED = 256, 64


class Automaton:
    """The texts in which a pattern is found, as a deterministic automaton that grows where it is walked; `text` is the pattern.

    Raises Unbounded: the constructor when the pattern is too large, `step` and `classes` when too many states or too much work
    were asked for.
    """

    def __init__(self, pattern: Regex, text: str = "") -> None:
        self.text = text
        found = self._positions = positions(pattern)
        self._group = found.gaps.group
        self._row = tuple(map(self._group.index, self._group))
        self._follow, self._final = found.follow, found.final
        self._alphabet = Alphabet(found.symbols)
        self._kept = kept(found, self._alphabet)
        self._states = [(0, EDGE), (0, EDGE)]
        self._targets: list[dict[int, int]] = [{}, {}]
        self._steps: list[dict[str, int]] = [{}, {}]
        self._numbers: dict[tuple[int, int], int] = {}
        self._followers: dict[tuple[int, int], int] = {}
        self._work = 0
        self.start = self._number(1, EDGE)

    def step(self, state: int, character: str) -> int:
        """The state after one more character."""
        return self._walk(state, character)

    def run(self, state: int, text: str) -> int:
        """The state after a text."""
        at = 0
        while len(text) - at > _LONG and state > _FOUND:
            character = text[at]
            before, state = state, self._walk(state, character)
            if state == before and text.startswith(character * _REPEATED, at):
                at = len(text) - len(text[at:].lstrip(character))  # what comes often in a row leads here again
            else:
                at += 1
        return self._walk(state, text[at:] if at else text)

    def _walk(self, state: int, text: str) -> int:
        steps = self._steps
        for character in text:
            if state <= _FOUND:
                return state
            following = steps[state].get(character)
            if following is None:
                following = steps[state][character] = self._target(state, self._alphabet.index(character))
            state = following
        return state

    def accepting(self, state: int) -> bool:
        """Whether the pattern is found in what was read, if the text ends here."""
        reached, row = self._states[state]
        return state == _FOUND or bool(reached & self._final[self._group[row][EDGE]])

    def left(self, state: int) -> int:
        """How many characters are left to read at least until the pattern is found; 0 where it cannot be found any more."""
        reached, _ = self._states[state]
        return next((count for count, here in enumerate(self._distances) if reached & here), 0)

    @cached_property
    def _distances(self) -> tuple[int, ...]:
        found = distances(self._positions)
        self._spend(sum(map(int.bit_count, found)))
        return found

    def universal(self, state: int) -> bool:
        """Whether the pattern is found whatever follows. False where that is not plain: the pattern still looks at what follows."""
        return state == _FOUND

    def dead(self, state: int) -> bool:
        """Whether the pattern is not found whatever follows; exact."""
        return state == _DEAD

    def forced(self, state: int) -> str | None:
        """The character that must be read next for the pattern to be found; None where that is left open."""
        reached = zip(self._alphabet.classes, self._reached(state), strict=True)
        live = [characters.ranges for characters, target in reached if target != _DEAD]
        if len(live) != 1:
            return None
        (low, high), *more = live[0]
        return None if more or low != high else chr(low)

    def division(self, state: int) -> Division:
        """The kinds of the characters that can be read next, by the states they lead to."""
        targets = self._reached(state)
        # States are numbered anew, so that what is remembered of a division serves other states and patterns too.
        live = dict.fromkeys(target for target in targets if target != _DEAD)
        numbers = {_DEAD: NOWHERE} | {target: number for number, target in enumerate(live)}
        return renamed(self._alphabet.division, [numbers[target] for target in targets])

    def _reached(self, state: int) -> list[int]:
        """The states that the classes of the alphabet lead to."""
        if state <= _FOUND:
            return [state] * len(self._alphabet.classes)
        alphabet = self._alphabet
        following = {kind: self._following(state, kind) for kind in alphabet.reading}
        self._spend(len(alphabet.classes))
        known: dict[tuple[int, int], int] = {}
        found = []
        for index, (readers, kind) in enumerate(zip(alphabet.readers, alphabet.kinds, strict=True)):
            way = (following[kind] & readers, kind)
            if way not in known:
                known[way] = self._target(state, index)
            found.append(known[way])
        return found

    def _target(self, state: int, index: int) -> int:
        target = self._targets[state].get(index)
        if target is None:
            target = self._targets[state][index] = self._advance(state, index)
        return target

    def _advance(self, state: int, index: int) -> int:
        self._spend(1)
        reached, row = self._states[state]
        kind = self._alphabet.kinds[index]
        if reached & self._final[self._group[row][kind]]:
            return _FOUND
        return self._number(self._following(state, kind) & self._alphabet.readers[index], kind)

    def _following(self, state: int, kind: int) -> int:
        """The positions that can read a character of this kind next."""
        reached, row = self._states[state]
        group = self._group[row][kind]
        found = self._followers.get((state, group))
        if found is None:
            follow = self._follow[group]
            self._spend(reached.bit_count() * (1 + len(follow) // 4096))
            found = self._followers[state, group] = reduce(or_, map(follow.__getitem__, bits(reached)))
        return found

    def _number(self, reached: int, kind: int) -> int:
        """The state in which one of these positions read a character of this kind; what makes no difference is left out."""
        row = self._row[kind]
        reached &= self._kept[kind]
        if not reached:
            return _DEAD
        if all(reached & self._final[group] for group in self._group[row]):
            return _FOUND
        number = self._numbers.get((reached, row))
        if number is None:
            number = len(self._states)
            if number > _MOST_STATES:
                raise Unbounded(f"the automaton of the pattern has more than {_MOST_STATES} states")
            self._numbers[reached, row] = number
            self._states.append((reached, row))
            self._targets.append({})
            self._steps.append({})
        return number

    def _spend(self, work: int) -> None:
        self._work += work
        WORK.spend(_COST * work)
        if self._work > _MOST_WORK:
            raise Unbounded("the automaton of the pattern takes too long to build")


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> Automaton:
    """The automaton of a pattern. Raises InvalidPattern and Unbounded, as `parse` and `Automaton` do."""
    return Automaton(parse(pattern), pattern)


def search(pattern: str, text: str) -> bool:
    """Whether the pattern is found anywhere in the text."""
    automaton = compile_pattern(pattern)
    return automaton.accepting(automaton.run(automaton.start, text))
