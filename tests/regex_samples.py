"""Random patterns and texts, what Go answered to recorded ones, and patterns that real rule sets use."""

import json
import re
from collections import defaultdict
from pathlib import Path

from hypothesis import strategies as st

from edgelint.space.characters import Characters
from edgelint.space.division import LAST_CODE_POINT
from support import corpus

GO = json.loads(Path(__file__).with_name("space").joinpath("go_regexp.json").read_text(encoding="utf-8"))

ATOMS = [
    *("a", "b", "k", "K", "s", "\u017f", "\u212a", "\\n", "_", "-", "é", "."),
    *("[ab]", "[^a]", "[a-k]", "[^\\w-]", "[[:punct:]]", "\\w", "\\W", "\\d", "\\s", "\\pL", "\\Qa.\\E"),
    *("(?i:k)", "(?i:S)", "(?i:[a-k])", "(?i:É)", "(?i:[^s])", "(?s:.)", "[^\\x00-\\x{10FFFF}]"),
    *("\\p{Greek}", "\\P{Greek}", "(?i:\\p{Greek})", "[^\\p{^Lu}a]", "(?i:[\\p{Lu}])"),
    *("", "^", "$", "\\A", "\\z", "\\b", "\\B", "(?m:^)", "(?m:$)"),
]
COUNTS = ["*", "+", "?", "*?", "{0}", "{1}", "{2}", "{0,2}", "{1,2}", "{2,}", "{2,3}?"]
FLAGS = ["i", "m", "s", "U", "ims", "-i", "s-m"]


def _grown(inner):
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda branches: "(?:" + "|".join(branches) + ")"),
        st.tuples(inner, st.sampled_from(COUNTS)).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        st.tuples(st.sampled_from(FLAGS), inner).map(lambda pair: f"(?{pair[0]}:{pair[1]})"),
        inner.map(lambda body: f"({body})"),
    )


PATTERNS = st.recursive(st.sampled_from(ATOMS), _grown, max_leaves=8)
"""Valid patterns over a small alphabet, with most of what the syntax has."""

TEXTS = st.text("abkKsS\u017f\u212a\n_-.éÉ1 A\u00b5\u03c9\U0001f600", max_size=8)

PIECES = [
    *"ab(){}[]|*+?^$.\\-,:0129isUmPpQEdzAbCx<>=!^_ \né",
    *("(?", "(?:", "(?i)", "(?P<n>", "(?<", "(?-i:", "[[:", "alpha", ":]", "[^", "\\p{", "Greek", "Lu", "\\pL", "\\P"),
    *("{2}", "{1,", "{1000}", "{40}", "\\Q", "\\E", "\\x{", "\\12", "\\8", "**", "||", "a-", "\\d"),
]
SCRAWLS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
"""Texts that look like patterns; most are not valid."""


STEPS = st.lists(st.integers(0, 30), max_size=8)
"""A walk along the borders of a pattern."""


def run(automaton, text, state=None):
    """The state after a text."""
    for character in text:
        state = automaton.step(automaton.start if state is None else state, character)
    return automaton.start if state is None else state


def classes(automaton, state):
    """The sets of characters that are told apart in a state, in order of smallest members."""
    division, together = automaton.division(state), defaultdict(list)
    starts = [*range(128), *(start for start, _ in division.beyond)]
    for first, end in zip(starts, [*starts[1:], LAST_CODE_POINT + 1], strict=True):
        together[division.kind(chr(first))].append((first, end - 1))
    return tuple(sorted(map(Characters, together.values()), key=lambda characters: characters.ranges))


def walked(automaton, steps):
    """The text of a walk: each step takes one of the classes of characters told apart there."""
    state, text = automaton.start, ""
    for step in steps:
        apart = classes(automaton, state)
        text += apart[step % len(apart)].readable()
        state = automaton.step(state, text[-1])
    return text


def real_patterns():
    """The regular expressions in the expressions of the corpus."""
    return patterns_in(corpus())


def patterns_in(folder):
    """The regular expressions in the expressions of a corpus, as they are written, escapes of strings undone or not."""
    cel = json.loads((folder / "cel_expressions_in_corpus.json").read_text(encoding="utf-8"))
    cloudflare = json.loads((folder / "cloudflare_expressions_in_corpus.json").read_text(encoding="utf-8"))
    texts = [text for group in cel.values() for text in group] + [entry["expression"] for entry in cloudflare]
    found = set()
    for text in texts:
        for quoted in re.findall(r"""(?:matches\(\s*r?|matches\s+r?|~\s+)('[^']*'|"(?:[^"\\]|\\.)*")""", text):
            found |= {quoted[1:-1], quoted[1:-1].replace("\\\\", "\\")}
    return sorted(found)
