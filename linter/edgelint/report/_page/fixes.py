"""Suggested changes as the line that is there and the line that is to be there."""

from __future__ import annotations

import os

from edgelint.finding import Fix
from edgelint.model.policy import Rule
from edgelint.report._page.markup import Html, block, code, joined, prose, tag
from edgelint.report._page.pieces import remark
from edgelint.source import Span


def suggestion(fix: Fix) -> Html:
    """A fix: what it does, and the settings it changes before and after."""
    label = "Fix, made by --fix" if fix.safe else "Suggestion"
    return remark(
        label, tag("p", prose(fix.title)), *(_change(*result) for result in fix.results()), class_="remark fix"
    )


def _change(rule: Rule, word: str, new: str) -> Html:
    old = rule.match.text if word == "match" else _written(rule, word)
    name = tag("p", rule.phase, " ", code(rule.name), f" {word}", class_="aside")
    return joined([name, tag("pre", *_lines(old, new), class_="change")])


def _written(rule: Rule, word: str) -> str:
    """A setting as it stands in its file, empty in a database."""
    place = rule.at(word)
    span = place.span()
    return place.source.text[span.start : span.end].strip("\"'") if isinstance(span, Span) else ""


def _lines(old: str, new: str) -> tuple[Html, ...]:
    """The old text and the new one, with what differs between their common ends marked."""
    if not old:
        return (tag("ins", "+ ", block(new)),)
    head = len(os.path.commonprefix([old, new]))
    tail = len(os.path.commonprefix([old[head:][::-1], new[head:][::-1]]))
    return (tag("del", "- ", *_marked(old, head, tail)), tag("ins", "+ ", *_marked(new, head, tail)))


def _marked(words: str, head: int, tail: int) -> tuple[str, ...]:
    end = len(words) - tail
    middle = (tag("b", block(words[head:end])),) if end > head else ()
    return (block(words[:head]), *middle, block(words[end:]))
