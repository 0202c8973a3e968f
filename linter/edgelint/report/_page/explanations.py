"""The pages of checks: the part of Markdown that they are written in, as markup."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from edgelint.catalog import Page
from edgelint.report._page.anchors import check_anchor
from edgelint.report._page.markup import Html, block, code, joined, link, listed, tag

_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\[(?P<words>[^\]]+)\]\((?:(?P<address>https://[^\s)]+)|(?P<check>[a-z0-9-]+)\.md)\)"
)


def explanation(page: Page, explained: Container[str]) -> Html:
    """The page of a check, folded; `explained` are the checks that it can link to."""
    aside = tag("p", code(page.name), f" · usually {page.severity.value}, {page.confidence.value}", class_="aside")
    head = tag("summary", tag("h3", page.title), aside)
    body = _Body(explained)
    return tag("details", head, *body.sections(page.body), id=check_anchor(page.name), class_="card check")


class _Body:
    """Turns the body of a page into markup."""

    def __init__(self, explained: Container[str]) -> None:
        self._explained = explained

    def sections(self, body: str) -> Iterator[Html]:
        """The paragraphs, lists and examples of a page, one behind the other."""
        # Prose, the label of a fence, what it holds, the empty label of its end: again and again.
        for number, part in enumerate(re.split(r"^```(.*)\n", body, flags=re.MULTILINE)):
            if number % 4 == 0:
                yield from map(self._paragraph, filter(None, part.strip().split("\n\n")))
            elif number % 4 == 1 and "title=" in part:
                yield tag("p", code(part.partition("title=")[2]), class_="file")
            elif number % 4 == 2:
                yield tag("pre", tag("code", block(part.rstrip())))

    def _paragraph(self, words: str) -> Html:
        if words.startswith("## "):
            return tag("h4", words.removeprefix("## "))
        if words.startswith("- "):
            return listed(map(self._inline, re.split(r"\n- ", words.removeprefix("- "))))
        return tag("p", self._inline(words))

    def _inline(self, words: str) -> Html:
        """A paragraph with its code and its links."""
        words = " ".join(words.split())
        pieces: list[str] = []
        end = 0
        for found in _INLINE.finditer(words):
            pieces += [words[end : found.start()], code(found["code"]) if found["code"] else self._link(found)]
            end = found.end()
        return joined([*pieces, words[end:]])

    def _link(self, found: re.Match[str]) -> Html:
        words = self._inline(found["words"])
        if found["check"]:
            return link(check_anchor(found["check"]) if found["check"] in self._explained else "", words)
        return tag("a", words, href=found["address"], rel="noreferrer noopener")
