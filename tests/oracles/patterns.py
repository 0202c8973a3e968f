r"""Regular expressions: what is accepted, and where a pattern is found, against google-re2.

Texts are random ones, walks along the borders of what a pattern tells apart, the shortest text in which it is found and the
shortest in which it is not, and what becomes of these when one character is changed. Go's dialect is ours; where RE2 in C++
differs from it, its answer does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from types import ModuleType

from hypothesis import strategies as st

from edgelint.space.automaton import compile_pattern, search
from edgelint.space.leaves import pattern as language_of
from edgelint.space.limits import Unbounded
from edgelint.space.regex import InvalidPattern, parse
from edgelint.space.search import shortest
from oracles.asking import Kind, Result, compared, undecided
from oracles.cel_implementations import missing
from regex_samples import PATTERNS, SCRAWLS, STEPS, TEXTS, patterns_in, walked
from support import corpus_if_any

DIFFERENT_SYNTAX = re.compile(
    r"\\C"  # one byte; Go has no such thing
    r"|\\[pP]([^{LMNPSZC]|\{\^?(?!Greek|Lu|\})[^}]*\})"  # since 1.25 Go matches names loosely and knows long ones
    r"|\(\?P?<\w*[^\x00-\x7f]\w*>"  # names of groups in other alphabets
    r"|\\[pP].*\{(40|1000)\}"  # RE2 limits memory, Go the number of instructions
)
"""What RE2, written in C++, takes and Go refuses, or the other way round."""

Walks = tuple[str, list[str], list[list[int]]]


@cache
def re2() -> ModuleType:
    """The module, imported when it is first needed."""
    import re2 as module

    return module


@lru_cache(maxsize=4096)
def re2_pattern(pattern: str) -> object:
    """The compiled pattern; None when RE2 refuses it."""
    options = re2().Options()
    options.log_errors = False
    try:
        return re2().compile(pattern, options)
    except re2().error:
        return None


def accepted(pattern: str) -> bool:
    """Whether we take a pattern, with a model or without one."""
    try:
        parse(pattern)
    except InvalidPattern:
        return False
    except Unbounded:
        return True
    return True


@cache
def real_patterns() -> tuple[str, ...]:
    """The patterns of the corpus, where it is there, else one that everybody writes."""
    folder = corpus_if_any()
    return tuple(patterns_in(folder)) if folder else (r"\.(php|asp)$",)


def border(pattern: str) -> Iterator[str]:
    """The shortest texts in which a pattern is found and is not found, also with one character more, less, or another one."""
    language = language_of(pattern)
    for side in (language, ~language):
        try:
            word = shortest(side)
        except Unbounded:
            word = None
        if word is not None:
            yield word
            yield from (word + "\n", "\n" + word, "x" + word, word + "x", word.swapcase(), word * 2)
            yield from (word[:at] + word[at + 1 :] for at in range(len(word)))
            yield from (word[:at] + other + word[at + 1 :] for at in range(len(word)) for other in "a-\n")


def ask_syntax(pattern: str) -> Iterator[Result]:
    if DIFFERENT_SYNTAX.search(pattern):
        yield undecided("RE2 in C++ and Go differ on this syntax")
    else:
        yield compared(f"whether `{pattern!r}` is valid", accepted(pattern), re2_pattern(pattern) is not None)


def ask_texts(question: Walks) -> Iterator[Result]:
    pattern, texts, walks = question
    yield from ask_syntax(pattern)
    if not accepted(pattern):
        return
    automaton = compile_pattern(pattern)
    for text in [*texts, *(walked(automaton, steps) for steps in walks), *border(pattern)]:
        if not text.isascii() and "\\B" in pattern:
            yield undecided("RE2 in C++ finds `\\B` inside of a character that takes several bytes")
        else:
            expected = re2_pattern(pattern).search(text) is not None  # type: ignore[attr-defined]
            yield compared(f"{pattern!r} in {text!r}", search(pattern, text), expected)
            language = language_of(pattern)
            ours = text in language, language.advance(text).nullable, text in ~language
            yield compared(f"{pattern!r} as a set, {text!r}", ours, (expected, expected, not expected))


DELICATE_SYNTAX = (
    *("(?i)*", "a{1000}{2}", "(?P<n>a)(?P<n>b)", "[[:alpha:]-z]", "[a-\\d]", "a{1000}", "a{1001}", "a{2,1001}"),
    *("(?:a{100}){10}", "(?:a{100}){11}", "a{,2}", "a{2,1}", "(?-s)(?s-i:.)", r"\Qa", r"\x{110000}", r"\pN", r"[^\D]"),
)
DELICATE = (
    *(r"(^a|b$|\bk\B)*$", r"(?m)^\B$", "(?:^|k)a*b", "(?:a{2}|(?:b{1,2}){2}){2}$", "(?i)^é$", "(?i)[à-ý]x", "(?i)^ſ+$"),
    *("(?i)^[^k]$", r"(?s)^.\z", r"^\s$", r"(?m)a$\n^b", "(?U)a+?b", r"\A\z|a\z"),
)
"""Patterns on which implementations are known to go wrong."""

_found = st.tuples(
    st.one_of(PATTERNS, PATTERNS, st.sampled_from(DELICATE), st.deferred(lambda: st.sampled_from(real_patterns()))),
    st.lists(TEXTS, max_size=6),
    st.lists(STEPS, max_size=6),
)
KINDS = (
    Kind("pattern-syntax", SCRAWLS | st.sampled_from(DELICATE_SYNTAX), ask_syntax, 400, missing("re2")),
    Kind("pattern-texts", _found, ask_texts, 40, missing("re2")),
)
