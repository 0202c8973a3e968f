"""Text of the user inside Markdown: plain words stay, everything that could mean something becomes code.

A backslash is not enough. It keeps Markdown from seeing a link, and what GitHub and GitLab look for in the finished page is
still there: names of people (`@team`), issues, merge requests and commits. They look neither into code nor into words that
have letters only.
"""

from __future__ import annotations

import re

from edgelint.report._safe import visible

_PARTS = re.compile(r"`[^`]+`|`|curl (?:-|'?https?:).*|[^`\s]+?(?=[,;:]?(?:[`\s]|$))|\s+")
"""Code in back-ticks, a back-tick without a partner, a command to the end, words without what may follow them, and blanks."""

_WORD = re.compile(
    r"""
    [("']*+
    (?: (?P<number> [0-9]{1,6} (?: \.[0-9]{1,3} )? | [0-9]{1,3} (?: ,[0-9]{3} )+ )
      | (?! (?: [0-9a-f]{7,} | www ) \b ) [^\W\d_]+ (?: ['/-] [^\W\d_]+ )* [0-9]? )
    (?P<after> ["')]*+ (?: [.,;:!?] ["')]*+ )?+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A word or a number of ordinary text, with its punctuation; neither the name of a commit nor the beginning of an address."""

_PUNCTUATION = re.compile(r"""["')]*+(?:[.,;:!?]["')]*+)?+|["'(]+|\.\.\.""")
"""What stands behind or before code without a blank, and where something was cut."""


def markdown(text: str) -> str:
    """The text on one line of Markdown. What stands in back-ticks is code, and so is what is neither word nor punctuation."""
    done: list[str] = []
    pending = ""  # code that may go on: two pieces side by side would share their back-ticks
    for part in _PARTS.findall(visible(text)):
        plain = _plain(part)
        if plain is None:
            pending += part
        else:
            done += [_unquoted(pending), plain]
            pending = ""
    return "".join([*done, _unquoted(pending)])


def _plain(part: str) -> str | None:
    """A part as it is written outside of code, None when it has to be code."""
    if part.isspace():
        return " "
    word = _WORD.fullmatch(part)
    if word and word["number"]:
        # With a full stop or a bracket behind it, it could begin a list.
        return part.removesuffix(word["after"]) + re.sub(r"([.)])", r"\\\1", word["after"])
    return part if word or _PUNCTUATION.fullmatch(part) else None


def _unquoted(part: str) -> str:
    """A part as code, without the back-ticks that say so already."""
    return code(part[1:-1] if re.fullmatch("`[^`]+`", part) else part)


def code(text: str) -> str:
    """The text as code on one line, between more back-ticks than it has in a row."""
    shown = visible(text)
    ticks = "`" * (_longest_run(shown) + 1)
    # A blank at both ends is taken off, unless there is nothing else, and a back-tick has to be kept from the others.
    pad = " " if shown.strip(" ") and {shown[0], shown[-1]} & {"`", " "} else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}" if shown else ""


def fence(text: str, language: str = "") -> str:
    """The text as a block of code, each of its lines on a line of its own."""
    lines = [visible(line) for line in text.split("\n")]
    ticks = "`" * max(3, _longest_run("\n".join(lines)) + 1)
    return "\n".join([f"{ticks}{language}", *lines, ticks])


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
