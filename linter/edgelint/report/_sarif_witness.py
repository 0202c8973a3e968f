"""The request that shows a finding, as SARIF 2.1.0 says it: as it is sent, and as a path through the rules."""

from __future__ import annotations

from urllib.parse import urlsplit

from edgelint.finding import Finding, Subject, Witness
from edgelint.model.request import Request
from edgelint.report._safe import Object, sarif_text, visible
from edgelint.report._sarif_places import SarifPlaces
from edgelint.source import Place


def web_request(request: Request) -> Object:
    """A request as a `webRequest` (SARIF 2.1.0, section 3.46); headers of one name are joined."""
    headers: dict[str, str] = {"host": urlsplit(request.url()).netloc}
    for name, value in request.headers:
        joint = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{joint}{value}" if name in headers else value
    return {
        "protocol": "HTTP",
        "version": "1.1",
        "method": request.method,
        "target": request.target(),
        "headers": headers,
    }


def raw(request: Request) -> list[str]:
    """The request as it is sent, a line each."""
    host = ("host", urlsplit(request.url()).netloc)
    lines = [f"{request.method} {request.target()} HTTP/1.1"]
    return [visible(line) for line in lines + [f"{name}: {value}" for name, value in (host, *request.headers)]]


def code_flow(places: SarifPlaces, finding: Finding, witness: Witness) -> Object:
    """The trace, each step at the rule it names, where it names one."""
    subjects = [finding.subject, *(related.subject for related in finding.related)]
    start = f"{witness.request.method} {witness.request.url()} arrives from {witness.request.address}"
    steps = [(start, finding.place), *((step, _where(step, subjects, finding.place)) for step in witness.trace)]
    locations = [
        {"location": {**places.location(place), "message": {"text": f"{sarif_text(step)}."}}, "executionOrder": number}
        for number, (step, place) in enumerate(steps, start=1)
    ]
    return {"threadFlows": [{"locations": locations}]}


def _where(step: str, subjects: list[Subject], otherwise: Place) -> Place:
    named = (subject.place for subject in subjects if f"`{subject.name or subject.id}`" in step)
    return next(named, otherwise)
