"""The bounds of searches, and what is remembered between them. What searches find is tested with the algebra of languages."""

import pytest

from edgelint.space import language as lang
from edgelint.space import leaves, search
from edgelint.space.limits import Unbounded


def crowded(name):
    """A language without members that takes a few dozen states to see through; each name makes another one."""
    wanted = [leaves.substring(f"{name}{letter}") for letter in "abcdef"]
    return lang.intersection((*wanted, leaves.length(0, 6 * len(name) + 5)))


def test_a_language_is_seen_to_be_empty_in_as_many_steps_as_are_allowed():
    assert search.is_empty(crowded("x"))
    assert search.shortest(crowded("y")) is None


@pytest.mark.parametrize("question", [search.is_empty, search.shortest])
def test_a_search_that_takes_too_many_steps_ends_in_a_reason(question, monkeypatch):
    monkeypatch.setattr(search, "STEPS", 10)
    with pytest.raises(Unbounded, match="too many states"):
        question(crowded(f"z-{question.__name__}"))


def test_states_that_lead_nowhere_are_remembered_up_to_a_bound(monkeypatch):
    remembered = set()
    monkeypatch.setattr(search, "_barren", remembered)
    assert search.is_empty(crowded("q"))
    several = len(remembered)
    assert several > 1
    monkeypatch.setattr(search, "_REMEMBERED", several)
    assert search.is_empty(crowded("r"))
    assert len(remembered) <= several


def test_where_the_shortest_takes_too_long_another_member_does(monkeypatch):
    language = leaves.substring("one") & leaves.substring("two") & leaves.substring("ten") & leaves.suffix("s")
    monkeypatch.setattr(search, "SHORTEST", 1)
    found = search.shortest(language)
    assert found in language
    assert len(found) >= len("twotenones") - 1
