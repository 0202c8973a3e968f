"""Markup put together from plain texts, every one of which is made harmless on its way in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape

from edgelint.report._safe import visible
from edgelint.wording.said import Said, plain


class Html(str):
    """Markup that is finished. Whatever is joined to it is no markup any more, and escaped as any other text."""

    __slots__ = ()


Attribute = str | int | bool | None

_VOID = frozenset({"br", "input", "link", "meta"})


def text(words: str) -> Html:
    """A text on one line, with the characters that are not simply shown written out; markup stays as it is."""
    return words if isinstance(words, Html) else Html(escape(visible(words)))


def joined(pieces: Iterable[str], between: str = "") -> Html:
    """Pieces one behind the other, texts among them escaped."""
    return Html(text(between).join(map(text, pieces)))


def tag(name: str, /, *content: str, **attributes: Attribute) -> Html:
    """An element. An attribute is left out for None and False; `class_` is `class`, and `aria_label` is `aria-label`."""
    said = "".join(
        f" {word.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{text(str(value))}"')
        for word, value in attributes.items()
        if value is not None and value is not False
    )
    return Html(f"<{name}{said}>" + ("" if name in _VOID else f"{joined(content)}</{name}>"))


def link(anchor: str, /, *content: str, **attributes: Attribute) -> Html:
    """A link to another part of the page; the mere content where there is no such part."""
    return tag("a", *content, href=f"#{anchor}", **attributes) if anchor else joined(content)


def code(words: str) -> Html:
    """A text as code on one line."""
    return tag("code", words)


def block(words: str) -> Html:
    """A text with lines of its own, for an element that keeps them."""
    return joined((words_of_line(line) for line in re.split(r"\r\n|\r|\n", words)), Html("\n"))


def words_of_line(line: str) -> Html:
    """A line of code, its tabs as blanks."""
    return text(line.replace("\t", "    "))


_CODE = re.compile(r"`([^`]+)`|(?<!\S)(curl (?:-|'?https?:).*)")
"""What of a message is code: what stands in back-ticks, and a command to the end."""


def prose(words: str) -> Html:
    """A message, with what is code in it."""
    pieces: list[str] = []
    end = 0
    for found in _CODE.finditer(words):
        pieces += [words[end : found.start()], code(found[1] or found[2])]
        end = found.end()
    return joined([*pieces, words[end:]])


def said(words: Said, quote: Callable[[str], Html] = code) -> Html:
    """Words with the user's texts as code, or as what the function makes of them."""
    return Html(plain(words, quote, text))


def listed(items: Iterable[str], kind: str = "ul", **attributes: Attribute) -> Html:
    """A list, nothing where it would be empty."""
    held = [tag("li", item) for item in items]
    return tag(kind, *held, **attributes) if held else Html()
