"""Cache rules that name paths, and with them those of pages made for one visitor."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.evidence import witness
from edgelint.facts import Facts, subject
from edgelint.finding import Confidence, Finding, Severity
from edgelint.knowledge.caching import Cache
from edgelint.model.policy import Rule
from edgelint.model.request import Request
from edgelint.path_classes import assets, personal, programs
from edgelint.space.language import Language, words

_DECEIVING = words(("/account/x.css", "/account/x.js", "/account/x.png"))


def check(facts: Facts) -> Iterator[Finding]:
    """Report rules that keep personal pages, answers to programs, or whatever a path ends in; the gravest for each."""
    cache = facts.once(Cache)
    for rule in facts.subjects("cache"):
        if cache.open(rule) is None:
            found = _personal(facts, cache, rule) or _programs(facts, cache, rule) or _deceived(facts, cache, rule)
            if found:
                yield found


def _personal(facts: Facts, cache: Cache, rule: Rule) -> Finding | None:
    request = cache.stored(rule, cache.within(cache.pages(rule), personal()))
    message = "keeps the answer to `{url}`, a page that is made for one visitor, and gives it to everybody"
    return _finding(facts, rule, request, Confidence.PROVEN, message) if request else None


def _programs(facts: Facts, cache: Cache, rule: Rule) -> Finding | None:
    request = cache.stored(rule, cache.within(cache.pages(rule), programs()))
    message = "keeps the answer to `{url}`, which programs call, and gives it to every client"
    assumption = (
        "assumes that not all clients are to get the same answer; where they are, and all is public,"
        " say `topology.upstreams: [{host: ..., static: true}]`"
    )
    return _finding(facts, rule, request, Confidence.LIKELY, message, assumption) if request else None


def _deceived(facts: Facts, cache: Cache, rule: Rule) -> Finding | None:
    """What is to be said of a rule that takes any path with the right ending: `/account/x.css` may be answered as `/account`."""
    request = _ending(facts, cache, rule, _DECEIVING) or _ending(facts, cache, rule, personal() & assets())
    message = "goes by the ending of the path: it keeps the answer to `{url}`, too, which may be a page and no file"
    assumption = (
        "assumes an application that answers below the path of a page with that page, and knows visitors by something"
        " else than cookies; where there are only files, say `topology.upstreams: [{host: ..., static: true}]`"
    )
    return _finding(facts, rule, request, Confidence.LIKELY, message, assumption) if request else None


def _ending(facts: Facts, cache: Cache, rule: Rule, paths: Language) -> Request | None:
    return cache.stored(rule, cache.within(facts.both(cache.storable(rule), cache.dynamic), paths))


def _finding(facts: Facts, rule: Rule, request: Request, confidence: Confidence, message: str, *detail: str) -> Finding:
    return Finding(
        check="cache-covers-dynamic",
        severity=Severity.MEDIUM,
        confidence=confidence,
        message=f"{rule} {message.format(url=request.url())}",
        subject=subject(rule),
        place=rule.match.place,
        witness=witness(facts, request),
        detail=detail,
        advice="name the folder of the static files and their endings both, and leave these paths out",
    )
