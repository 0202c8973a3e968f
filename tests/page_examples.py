"""The examples of the rule pages: the fenced blocks of a section, each policy with the configuration below it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from edgelint.catalog import Page

_FENCE = re.compile(r"^```yaml(?P<label>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A complete policy, and the configuration it is linted with, empty for none."""

    policy: str
    config: str = ""


def examples(page: Page, section: str) -> tuple[Example, ...]:
    """The examples of a section, in order."""
    found: list[Example] = []
    for block in _FENCE.finditer(page.section(section)):
        if block["label"].strip() == "title=edgelint.yaml":
            found[-1] = Example(found[-1].policy, block["text"])
        else:
            found.append(Example(block["text"]))
    return tuple(found)
