"""Membership compared with Go's recorded answers; laws of states and of classes of characters."""

from functools import reduce

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from edgelint.space.automaton import Automaton, compile_pattern, search
from edgelint.space.characters import EVERYTHING, NOTHING
from edgelint.space.limits import Unbounded
from edgelint.space.regex import parse
from regex_samples import GO, PATTERNS, STEPS, TEXTS, classes, run, walked
from support import many


def accepted_from(automaton, state):
    """A text that leads from here to an accepting state, if there is one."""
    texts = {state: ""}
    for here in (todo := [state]):
        if automaton.accepting(here):
            return texts[here]
        for characters in classes(automaton, here):
            following = automaton.step(here, characters.smallest())
            if following not in texts:
                texts[following] = texts[here] + characters.smallest()
                todo.append(following)
    return None


def reachable(automaton):
    """Every state the automaton can come to."""
    seen = {automaton.start}
    for state in (todo := [automaton.start]):
        for characters in classes(automaton, state):
            following = automaton.step(state, characters.smallest())
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return seen


@pytest.mark.parametrize(("pattern", "found", "not_found"), GO["texts"], ids=lambda value: ascii(value)[:40])
def test_patterns_are_found_where_go_finds_them(pattern, found, not_found):
    assert [text for text in found + not_found if search(pattern, text)] == found


@settings(max_examples=many(300))
@given(PATTERNS, STEPS)
@example("\\bk", [])
@example("(?m)^k$", [0])
def test_classes_divide_all_characters_by_where_they_lead(pattern, steps):
    automaton = compile_pattern(pattern)
    state = run(automaton, walked(automaton, steps))
    apart = classes(automaton, state)
    together = NOTHING
    for characters in apart:
        assert characters
        assert not characters & together
        together |= characters
    assert together is EVERYTHING
    assert list(apart) == sorted(apart, key=lambda characters: characters.smallest())
    targets = [{automaton.step(state, chr(point)) for pair in characters for point in pair} for characters in apart]
    assert all(len(states) == 1 for states in targets)
    assert len(set.union(*targets)) == len(apart)


@given(PATTERNS, STEPS, TEXTS)
def test_what_is_certain_stays_so(pattern, steps, more):
    automaton = compile_pattern(pattern)
    state = run(automaton, walked(automaton, steps))
    end = run(automaton, more, state)
    if automaton.universal(state):
        assert automaton.accepting(state)
        assert automaton.accepting(end)
        assert automaton.universal(end)
    if automaton.dead(state):
        assert not automaton.accepting(end)
        assert automaton.dead(end)


@given(PATTERNS, STEPS)
def test_a_state_is_dead_exactly_when_nothing_is_found_from_it(pattern, steps):
    automaton = compile_pattern(pattern)
    state = run(automaton, walked(automaton, steps))
    assert automaton.dead(state) == (accepted_from(automaton, state) is None)


@given(PATTERNS, STEPS)
def test_never_is_more_left_to_read_than_there_is(pattern, steps):
    automaton = compile_pattern(pattern)
    state = run(automaton, walked(automaton, steps))
    found = accepted_from(automaton, state)
    assert found is None or automaton.left(state) <= len(found)


@pytest.mark.parametrize(
    ("pattern", "left"),
    [("abc", 3), ("a|bc", 1), ("^a{3,9}(bc)?$", 3), ("", 0), ("x*y", 1), ("[^a]\\b", 1), ("a\\b.", 2)],
)
def test_what_is_left_to_read_is_known(pattern, left):
    automaton = compile_pattern(pattern)
    assert automaton.left(automaton.start) == left


@given(PATTERNS, STEPS)
def test_states_do_not_depend_on_the_way_the_automaton_grew(pattern, steps):
    fresh, grown = Automaton(parse(pattern)), Automaton(parse(pattern))
    reachable(grown)
    text = walked(fresh, steps)
    assert classes(grown, run(grown, text)) == classes(fresh, run(fresh, text))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("admin", "xadmin"),
        ("^/api/", "/api/"),
        ("", ""),
        (".*", ""),
        ("a+", "a"),
        ("^a.*", "a"),
        ("a\\b", "a-"),
        ("(?m)a$", "a\n"),
    ],
)
def test_a_pattern_that_was_found_stays_found(pattern, text):
    automaton = compile_pattern(pattern)
    assert automaton.universal(run(automaton, text))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("a$", "a"), ("a\\b", "a"), ("^a$", "a"), ("(?m)a$", "a")],
)
def test_a_pattern_that_looks_at_what_follows_is_not_certain_yet(pattern, text):
    automaton = compile_pattern(pattern)
    state = run(automaton, text)
    assert automaton.accepting(state)
    assert not automaton.universal(state)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^a", "b"),
        ("^a$", "ab"),
        ("a\\bb", ""),
        ("$a", ""),
        ("a^", ""),
        ("[^\\x00-\\x{10FFFF}]", ""),
        ("a.\\b\\B", ""),
        ("\\x{DFFF}", ""),
    ],
)
def test_a_pattern_that_cannot_be_found_any_more_is_dead(pattern, text):
    automaton = compile_pattern(pattern)
    assert automaton.dead(run(automaton, text))


def test_a_lone_surrogate_is_read_as_the_replacement_character():
    assert search("^\ufffd$", "\udc80")
    assert not search("^a$", "\ud800")


LONG = st.lists(st.tuples(st.sampled_from("abx/\n"), st.sampled_from([1, 2, 63, 64, 65, 400])), max_size=8)
"""Texts in which characters come once, about as often in a row as is looked at, and far more often."""


@given(
    st.sampled_from(["a{3}b", "^a+x", "(a|b)*x/$", "[^a]b{70}", "^(?:aa)+$", "^(?:a{5})*b", "(?m)^x$"]),
    LONG.map(lambda runs: "".join(character * times for character, times in runs)),
)
def test_long_texts_lead_where_each_character_leads(pattern, text):
    automaton = compile_pattern(pattern)
    assert automaton.run(automaton.start, text) == reduce(automaton.step, text, automaton.start)


@pytest.mark.parametrize(
    ("pattern", "states"),
    [
        ("^/admin$", 8),
        (".*foo", 4),
        ("[a-z]*foo.*", 4),
        (".{0,500}foo", 4),
        ("a{2,900}b", 4),
        ("\\.(css|js)$", 7),
        ("(.*)(.*)(.*)x", 2),
    ],
)
def test_automata_stay_small(pattern, states):
    assert len(reachable(Automaton(parse(pattern)))) == states


@pytest.mark.parametrize(
    "pattern",
    [
        "(a{1000}){1}",
        "^(?:.{1000}){1}$",
        "(?:" * 450 + "a" + ")*b" * 450 + "$",
        "(?:a*)*" * 300 + "$",
        "(?:a?){300}b$",
        "^(" + "|".join(f"word{number}" for number in range(800)) + ")+$",
        "(?i)\\b(?:" + "|".join(f"word{number}" for number in range(800)) + ")\\b",
        "(?i)" + "".join(map(chr, range(0x4E00, 0x6E00))),
        "[" + "".join(map(chr, range(0x4E00, 0x9E00, 2))) + "]",
        "[\\pL\\PN]" * 50 + "$",
        "(?i)" + "\\pL\\P{l_u}" * 4000,
    ],
    ids=lambda value: ascii(value[:20]),
)
def test_large_patterns_are_built_and_walked(pattern):
    automaton = Automaton(parse(pattern))
    state = run(automaton, "word1 aaaa\n\U0001f600" * 20)
    assert classes(automaton, state)


@pytest.mark.parametrize(
    "pattern",
    ["a{1000}" * 11, "(?:^){1000}" * 3000, "(?:a?){1000}$", "(?:" + "a?" * 3000 + ")*$", "[ab]{1000}" * 3000],
    ids=lambda value: ascii(value[:20]),
)
def test_patterns_that_are_too_large_are_refused(pattern):
    with pytest.raises(Unbounded) as caught:
        compile_pattern(pattern)
    assert "more than" in caught.value.reason


@pytest.mark.parametrize(
    "pattern",
    ["a.{20}$", "(?:[ab]*a[ab]{30})$", "".join(f"[{chr(0x4E00 + n)}-{chr(0x4E00 + 3 * n)}]" for n in range(1, 2000))],
    ids=lambda value: ascii(value[:20]),
)
def test_patterns_with_too_many_states_are_given_up_while_walking(pattern):
    automaton = compile_pattern(pattern)
    with pytest.raises(Unbounded) as caught:
        reachable(automaton)
    assert "automaton" in caught.value.reason


@pytest.mark.parametrize("text", ["a" * 3_000 + "b", "ab" * 500, "a" * 300 + "c" * 300, "c" + "a" * 500])
def test_a_long_text_leads_where_its_characters_lead_one_by_one(text):
    automaton = compile_pattern("^a*b+$|(?:ab)*$")
    state = automaton.start
    for character in text:
        state = automaton.step(state, character)
    assert automaton.run(automaton.start, text) == state


@pytest.mark.parametrize(
    ("pattern", "character"),
    [
        ("^a", "a"),
        ("^a|^ab", "a"),
        ("^[ab]", None),
        ("a", None),
        ("^(?i:k)", None),
        ("^a|^b", None),
        ("^\\x{10FFFF}", "\U0010ffff"),
    ],
)
def test_a_character_that_must_come_next_is_known(pattern, character):
    automaton = compile_pattern(pattern)
    assert automaton.forced(automaton.start) == character
