"""The examples of the rule pages: the fenced blocks of a section, each policy with the configuration below it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from edgelint.catalog import Page

_FENCE = re.compile(r"^```yaml(?P<label>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A complete policy, the configuration it is linted with, and what it was before, each empty for none."""

    policy: str
    config: str = ""
    before: str = ""


def examples(page: Page, section: str) -> tuple[Example, ...]:
    """The examples of a section, in order."""
    found: list[Example] = []
    for block in _FENCE.finditer(page.section(section)):
        if block["label"].strip() == "title=edgelint.yaml":
            found[-1] = replace(found[-1], config=block["text"])
        elif block["label"].strip() == "title=before.yaml":
            found[-1] = replace(found[-1], before=block["text"])
        else:
            found.append(Example(block["text"]))
    return tuple(found)
