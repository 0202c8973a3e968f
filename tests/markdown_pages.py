"""What Markdown becomes, by GitHub's own implementation and by one that nobody at GitHub wrote."""

from __future__ import annotations

from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

SHOWN_AS_IT_IS = ("code", "pre")
"""Where GitHub and GitLab look for no names, issues, addresses and the like."""

_OTHER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Page(HTMLParser):
    """A page: its tags in order, with their attributes, the text inside of code, the text outside, and all of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.code: list[str] = []
        self.comments: list[str] = []
        self.text: list[str] = []
        self.whole = ""
        self._inside: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag in SHOWN_AS_IT_IS:
            self._inside.append(tag)
            if tag == "code":
                self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in SHOWN_AS_IT_IS:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        self.whole += data
        if self._inside:
            self.code[-1] += data
        else:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def pages(text: str) -> list[Page]:
    """The pages that a text becomes; raw HTML is left in them, where there is any."""
    github = cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    return [Page(github), Page(_OTHER.render(text))]
