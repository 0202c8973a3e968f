"""Regions and rules in words: what a set of requests comes to, as a person would say it, and never a false word."""

from __future__ import annotations

from typing import Literal

from edgelint.facts import Facts
from edgelint.model.policy import Policy
from edgelint.record import record, replace
from edgelint.space.region import Region
from edgelint.wording.description import Alternative, Description, describe, shared
from edgelint.wording.requests import Names, sentence
from edgelint.wording.said import MOST, Said, plain, said

_EVERYTHING = said("every request")

Bound = Literal["exactly", "among others", "at most"]


@record
class Told:
    """A description in words: a line each, all of which stand under what they have in common, where they have.

    `exactly`: the lines together are all of it. `among others`: they are a part of it, `more` is how many further ones are
    known. `at most` stands alone, for what nothing else is known of. `most` says what all of it certainly lies within, where it is not all said.
    """

    bound: Bound
    lines: tuple[Said, ...]
    shared: Said = ()
    more: int = 0
    most: Said = ()


def told(description: Description, names: Names, most: int = MOST, *, among: bool = False) -> Told:
    """A description in so many lines at most; `among` requests that were named, only what tells its own from the others."""
    alternatives = description.alternatives
    if not alternatives:
        return Told("exactly", (said("nothing"),)) if description.exact else Told("at most", (_EVERYTHING,))
    common = shared(alternatives) if len(alternatives) > 1 else ()
    own = [replace(one, conditions=tuple(c for c in one.conditions if c not in common)) for one in alternatives[:most]]
    lines = tuple(sentence(one, names, among=among or bool(common)) for one in own)
    whole = description.exact and len(alternatives) <= most
    return Told(
        bound="exactly" if whole else "among others",
        lines=lines,
        shared=sentence(Alternative(common), names, among=among) if common else (),
        more=len(alternatives) - len(lines),
        most=sentence(description.most, names) if description.most is not None and not whole else (),
    )


def listener_names(policy: Policy) -> Names:
    """The names of listeners by their ids."""
    return {listener.id: listener.name for listener in policy.listeners}


def lines(facts: Facts, region: Region, within: Region | None = None) -> tuple[str, ...]:
    """A region in lines of plain words, the user's texts in back-ticks and not made fit for any place yet."""
    found = told(describe(facts, region, within), listener_names(facts.policy))
    return tuple(plain(line) for line in sentences(found))


def sentences(one: Told) -> tuple[Said, ...]:
    """Everything that was told, a line each."""
    head = [said(one.shared, ", namely:")] if one.shared else []
    if one.bound == "at most":
        head = [said("at most:")]
    tail = [said(f"and {one.more} more")] if one.more else []
    tail += [said("all of it is ", one.most)] if one.most else []
    return (*head, *one.lines, *tail)
