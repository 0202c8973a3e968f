"""The rule pages: `rules/<name>.md`, front matter and Markdown, the only home of titles, severities and help."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal, TypeVar, get_args

from edgelint.finding import Confidence, Severity
from edgelint.record import record
from edgelint.resources import folder

Family = Literal["expression", "scope", "order", "waf", "rate-limit", "shaper", "cache", "topology", "hygiene", "input"]
Need = Literal["rules", "routes", "topology"]
FAMILIES: tuple[Family, ...] = get_args(Family)
NEEDS: tuple[Need, ...] = get_args(Need)

Value = str | tuple[str, ...]
Header = dict[str, Value]

REQUIRED = ("title", "severity", "confidence", "family", "needs", "since")
OPTIONAL = ("security_severity", "shown", "tags")

SCORES = {
    Severity.CRITICAL: "9.3",
    Severity.HIGH: "8.1",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.1",
    Severity.INFO: "1.0",
}
"""A security score for each severity, inside the bands that code scanning draws (over 9, 7, 4)."""


class PageError(Exception):
    """A rule page that does not follow the form; its text is `file:line: what is wrong`."""


@record
class Page:
    """What is to be said about one check.

    `severity` and `confidence` are those of a typical finding. `shown` are severities that are shown even where the
    default view is stricter. `security_severity` is a score from 0 to 10 as text, None for what is no matter of security.
    `body` is the Markdown below the front matter.
    """

    name: str
    title: str
    severity: Severity
    confidence: Confidence
    family: Family
    security_severity: str | None
    needs: tuple[str, ...]
    since: str
    shown: tuple[Severity, ...]
    tags: tuple[str, ...]
    body: str

    @property
    def description(self) -> str:
        """The first paragraph of the section `What`, on one line."""
        return " ".join(self.section("What").split("\n\n", 1)[0].split())

    def section(self, heading: str) -> str:
        """The Markdown below a heading of the second level, empty when there is no such heading."""
        found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", self.body, re.MULTILINE | re.DOTALL)
        return found[1].strip() if found else ""


class _Pages(Mapping[str, Page]):
    """Every page by name; a page is read when it is asked for."""

    def __getitem__(self, name: str) -> Page:
        if name not in names():
            raise KeyError(name)
        return page(name)

    def __iter__(self) -> Iterator[str]:
        return iter(names())

    def __len__(self) -> int:
        return len(names())


@cache
def names() -> tuple[str, ...]:
    """The names of all checks, sorted."""
    return tuple(sorted(path.stem for path in folder("rules").glob("*.md")))


def pages() -> Mapping[str, Page]:
    """Every page by name, read on demand."""
    return _Pages()


@cache
def page(name: str) -> Page:
    """The page of a check. The name must be one of `names()`: it becomes part of a path."""
    return parse(name, (folder("rules") / f"{name}.md").read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Page:
    """A page from the text of its file."""
    header, body = split(name, text)
    for key in REQUIRED:
        if key not in header:
            raise PageError(f"{name}.md:1: `{key}` is missing from the front matter")
    severity = _choice(name, Severity, _text(name, header, "severity"))
    family = _family(name, _text(name, header, "family"))
    score = None if family == "input" else SCORES[severity]
    return Page(
        name=name,
        title=_text(name, header, "title"),
        severity=severity,
        confidence=_choice(name, Confidence, _text(name, header, "confidence")),
        family=family,
        security_severity=_text(name, header, "security_severity") if "security_severity" in header else score,
        needs=_needs(name, header),
        since=_text(name, header, "since"),
        shown=tuple(_choice(name, Severity, word) for word in _list(name, header, "shown")),
        tags=_list(name, header, "tags"),
        body=body,
    )


# Front matter: a small, strict subset of YAML, so that neither a parser nor a validator has to be imported for it.

_LINE = r"(?P<key>[a-z_]+): (?P<value>\S.*)"
_LIST = r"\[(?P<items>[^\[\]]*)\]"
_ITEM = r"[A-Za-z0-9][A-Za-z0-9_./-]*"
_QUOTED = r'"(?P<text>[^"\\]*)"'
_BARE = r"(?![-?:,\[\]{}#&*!|>'\"%@`])(?:(?!: | #|:$).)+"


def split(name: str, text: str) -> tuple[Header, str]:
    """Front matter and body. The front matter is lines of `key: text`, `key: "text"` or `key: [word, word]` between `---`."""
    lines = text.split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        raise PageError(f"{name}.md:1: a page begins with front matter between two lines `---`")
    end = lines.index("---", 1)
    header: Header = {}
    for number, line in enumerate(lines[1:end], start=2):
        found = re.fullmatch(_LINE, line)
        if not found:
            raise PageError(f"{name}.md:{number}: a line of front matter reads `key: value`")
        if found["key"] not in REQUIRED + OPTIONAL:
            raise PageError(f"{name}.md:{number}: unknown key `{found['key']}`")
        if found["key"] in header:
            raise PageError(f"{name}.md:{number}: `{found['key']}` is there twice")
        header[found["key"]] = _value(f"{name}.md:{number}", found["value"])
    return header, "\n".join(lines[end + 1 :]).strip() + "\n"


def _value(place: str, text: str) -> Value:
    if found := re.fullmatch(_LIST, text):
        items = tuple(item.strip() for item in found["items"].split(",")) if found["items"].strip() else ()
        for item in items:
            if not re.fullmatch(_ITEM, item):
                raise PageError(f"{place}: `{item}` is no plain word")
        return items
    if found := re.fullmatch(_QUOTED, text):
        return found["text"]
    if re.fullmatch(_BARE, text):
        return text
    raise PageError(f"{place}: put this text in double quotes")


def _text(name: str, header: Header, key: str) -> str:
    value = header[key]
    if isinstance(value, str):
        return value
    raise PageError(f"{name}.md:1: `{key}` is one text, not a list")


def _list(name: str, header: Header, key: str) -> tuple[str, ...]:
    value = header.get(key, ())
    if isinstance(value, tuple):
        return value
    raise PageError(f"{name}.md:1: `{key}` is a list in square brackets")


Choice = TypeVar("Choice", Severity, Confidence)


def _choice(name: str, kind: type[Choice], word: str) -> Choice:
    for member in kind:
        if member.value == word:
            return member
    raise PageError(f"{name}.md:1: `{word}` is none of {', '.join(member.value for member in kind)}")


def _family(name: str, word: str) -> Family:
    for family in FAMILIES:
        if family == word:
            return family
    raise PageError(f"{name}.md:1: `{word}` is none of {', '.join(FAMILIES)}")


def _needs(name: str, header: Header) -> tuple[str, ...]:
    needs = _list(name, header, "needs")
    if unknown := set(needs).difference(NEEDS):
        raise PageError(f"{name}.md:1: `{min(unknown)}` is none of {', '.join(NEEDS)}")
    return needs
