"""Conditions with their parts told apart, as an editor does it."""

from __future__ import annotations

import re

from edgelint.report._page.markup import Html, block, joined, tag

_TOKENS = re.compile(
    r"""
      (?P<comment> //[^\n]* )
    | (?P<string> [bBrR]{0,2} (?: "(?:\\.|[^"\\\n])*+" | '(?:\\.|[^'\\\n])*+' ) )
    | (?P<number> \b \d [\w.]*+ )
    | (?P<word> \b (?: true | false | null | in ) \b )
    | (?P<function> \b [A-Za-z_]\w*+ (?= \s*+ \( ) )
    | (?P<operator> && | \|\| | [!=<>]=? | [?:+*/%-] )
    """,
    re.VERBOSE,
)


def expression(words: str) -> Html:
    """A condition in CEL. What is no token of it, or not told apart here, is shown as it stands."""
    pieces: list[str] = []
    end = 0
    for found in _TOKENS.finditer(words):
        pieces += [block(words[end : found.start()]), tag("span", block(found[0]), class_=found.lastgroup)]
        end = found.end()
    return joined([*pieces, block(words[end:])])
