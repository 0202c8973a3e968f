"""A rule page for the terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from edgelint.catalog import Page

WIDTH = 88
"""How many cells a line of prose takes at most."""


def explained(page: Page, colour: bool) -> str:
    """The page of a check: title, grades, and its sections with prose wrapped and examples indented."""
    grades = f"{page.severity.value} severity, {page.confidence.value}, {page.family}, since {page.since}"
    lines = [_bold(f"{page.name}: {page.title}", colour), grades, ""]
    return "\n".join([*lines, *_body(page.body, colour)]).rstrip() + "\n"


def _body(body: str, colour: bool) -> Iterator[str]:
    # Prose, the label of a fence, what it holds, the empty label of its end: again and again.
    for number, part in enumerate(re.split(r"^```(.*)\n", body, flags=re.MULTILINE)):
        if number % 4 == 0:
            for paragraph in filter(None, part.strip().split("\n\n")):
                yield from [*_prose(paragraph, colour), ""]
        elif number % 4 == 1 and "title=" in part:
            yield f"    # {part.partition('title=')[2]}"
        elif number % 4 == 2:
            yield from [*(f"    {line}".rstrip() for line in part.rstrip().split("\n")), ""]


def _prose(paragraph: str, colour: bool) -> Iterator[str]:
    if paragraph.startswith("## "):
        yield _bold(paragraph.removeprefix("## ").upper(), colour)
        return
    text = re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r"\1 <\2>", paragraph)
    for item in re.split(r"\n(?=- )", text):
        hang = "  " if item.startswith("- ") else ""
        yield from textwrap.wrap(item, WIDTH, subsequent_indent=hang, break_on_hyphens=False, break_long_words=False)


def _bold(text: str, colour: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if colour else text
