"""The page of the HTML report as a reader without mercy sees it: every element and attribute has to be known and in place."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser

VOID = {"br", "input", "link", "meta"}
FOLDER = "linter/edgelint/report/_page"

ELEMENTS = set(
    """
    a b body button code dd del desc details div dl dt fieldset footer form h1 h2 h3 h4 head header html input ins label legend li
    main mark meta nav ol option p path pre q rect script section select span style summary svg table tbody td text th thead title
    tr ul
    """.split()
)
ATTRIBUTES = set(
    """
    aria-describedby aria-hidden aria-label aria-labelledby autocomplete charset class content d data-check data-confidence
    data-phase data-rule data-severity height href http-equiv id lang name open rel role rx scope spellcheck tabindex title type
    value viewbox width x y
    """.split()
)


@dataclass
class Element:
    """An element, and the text in it."""

    name: str
    attributes: dict[str, str | None]
    text: str = ""
    path: tuple[str, ...] = ()


@dataclass
class Page(HTMLParser):
    """A page that was read. `elements` stand in their order; AssertionError for tags that do not match."""

    source: str
    elements: list[Element] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        one = Element(tag, dict(attrs), path=tuple(element.name for element in self._open))
        self.elements.append(one)
        if tag not in VOID:
            self._open.append(one)

    def handle_endtag(self, tag):
        assert self._open.pop().name == tag

    def handle_data(self, data):
        for element in self._open:
            element.text += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl):
        assert decl == "doctype html"

    def handle_pi(self, data):
        raise AssertionError(f"an instruction: {data}")

    def named(self, name, **attributes):
        """The elements of a kind with these attributes; a class counts if it is among those of the element."""
        return [
            one for one in self.elements if one.name == name and all(_has(one, *item) for item in attributes.items())
        ]

    def one(self, name, **attributes):
        """The only such element."""
        (found,) = self.named(name, **attributes)
        return found

    @property
    def links(self):
        """Where links lead."""
        return [one.attributes["href"] for one in self.named("a")]


def _has(element, word, value):
    found = element.attributes.get(word.rstrip("_").replace("_", "-"))
    return found is not None and (value in found.split() if word == "class_" else value == found)


def harmless(source, root):
    """The page that a source is, after everything that must hold for each of them was asserted."""
    page = Page(source)
    assert {one.name for one in page.elements} <= ELEMENTS
    assert {name for one in page.elements for name in one.attributes} <= ATTRIBUTES
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch("[a-z0-9_-]+", name) for name in ids)
    for link in page.links:
        assert link.startswith("https://") or link.removeprefix("#") in ids, link
    for one in page.elements:
        for word in ("aria-labelledby", "aria-describedby", "data-rule"):
            assert one.attributes.get(word) in (None, *ids)
    for name, file in (("style", "page.css"), ("script", "page.js")):
        held = page.one(name)
        assert held.text == (root / FOLDER / file).read_text(encoding="utf-8")
        digest = b64encode(sha256(held.text.encode()).digest()).decode()
        assert (
            f"{name}-src 'sha256-{digest}'"
            in page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
        )
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]", source)
    return page
