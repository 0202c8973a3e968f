"""edgelint as a contender of `rivals.py`: rules are CEL, and become regions; the index of a whole policy is not used."""

from __future__ import annotations

from collections.abc import Sequence

from asking import Verdict, serve

from edgelint.languages.p2pstream import compile_match
from edgelint.meaning import Meaning
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.space.questions import Answer, outside, overlap
from edgelint.space.region import Region


def verdict(answer: Answer) -> Verdict:
    """Yes, no, or undecided."""
    return None if answer.reason else answer.yes


def overlaps(rule: Region, other: Region) -> Verdict:
    """Whether two rules share a request."""
    return verdict(overlap(rule, other))


def covered(rule: Region, earlier: Sequence[Region]) -> Verdict:
    """Whether earlier rules leave a rule no request."""
    left = verdict(outside(rule, earlier).answer)
    return None if left is None else not left


if __name__ == "__main__":
    serve(Meaning(P2PSTREAM).true, overlaps, covered, load=lambda text: compile_match(text).expression)
