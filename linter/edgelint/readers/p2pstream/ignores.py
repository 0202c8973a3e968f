"""The findings that comments beside the rules of a document accept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgelint.model.ignore import Ignore
from edgelint.model.policy import Rule
from edgelint.readers.documents.yaml_comments import Remark
from edgelint.readers.p2pstream.content import Part
from edgelint.source import Place, Route, Source, Span


def read_ignores(part: Part, rules: Sequence[Rule]) -> Iterator[Ignore]:
    """What the comments of a document accept: a comment speaks of the rule it stands in, or above which it stands alone."""
    if not part.remarks:
        return
    source = part.place.source
    spans = [(span, rule) for rule in rules if rule.place.source is source and (span := _entry(source, rule))]
    for remark in part.remarks:
        rule = _meant(source.text, remark, spans)
        place = Place(source, (), (remark.span.start, remark.span.end))
        about = f"{rule.phase}/{rule.name}" if rule else ""
        for check in remark.checks or ("",):
            yield Ignore(check, about, remark.reason, place, only=rule.place if rule else None, comment=True)


def _meant(text: str, remark: Remark, spans: Sequence[tuple[Span, Rule]]) -> Rule | None:
    """The rule a remark is about: the one right below it where it stands alone, else the one around it."""
    below = (rule for span, rule in spans if remark.alone and _leads_to(text, remark.span.end, span.start))
    around = (rule for span, rule in spans if span.start <= remark.span.start <= _line_end(text, span.end))
    return next(below, None) or next(around, None)


def _leads_to(text: str, end: int, start: int) -> bool:
    """Whether only comments, blanks and the mark of a list entry are between a comment and a rule."""
    lines = text[end:start].splitlines() if end <= start else ["x"]
    return all(not line.strip() or line.lstrip().startswith("#") or line.strip() == "-" for line in lines)


def _line_end(text: str, offset: int) -> int:
    found = text.find("\n", offset)
    return len(text) if found < 0 else found


def _entry(source: Source, rule: Rule) -> Span | None:
    """The span of a rule's entry in its list."""
    route: Route = rule.place.route
    while route and not isinstance(route[-1], int):
        route = route[:-1]
    found = source.find(route, None) if route else None
    return found if isinstance(found, Span) else None
