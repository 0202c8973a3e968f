"""Findings for code scanning: SARIF 2.1.0, shaped for what GitHub, GitLab and Azure DevOps do with it."""

from __future__ import annotations

from collections import Counter

from edgelint.catalog import Page
from edgelint.finding import Accepted, Confidence, Finding, Fix, Related, Severity, Subject
from edgelint.fingerprint import Meanings, fingerprints, fingerprints_by_file
from edgelint.model.policy import Problem
from edgelint.record import replace
from edgelint.report import Failure, Report
from edgelint.report._markdown import markdown
from edgelint.report._requests import request_object
from edgelint.report._safe import Object, dump, sarif_text, visible
from edgelint.report._sarif_places import FILES, ROOT, SarifPlaces
from edgelint.report._sarif_witness import code_flow, raw, web_request
from edgelint.report._words import HOME, ranked, sentences

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
PRECISION = {Confidence.PROVEN: "very-high", Confidence.LIKELY: "medium", Confidence.SUSPICION: "low"}

MOST_RELATED = 100
"""How many other rules one result names."""

MOST_LINKS = 10
"""How many of them the text of the result links to."""


MOST_RESULTS, MOST_BYTES = 5000, 10_000_000
"""How many results GitHub shows of one run, and how many bytes it takes, compressed."""


def render(report: Report) -> str:
    """The report as a SARIF log with one run; of more findings than code scanning takes, the gravest, and a notification."""
    limit = MOST_RESULTS
    while True:
        told = replace(report, findings=_gravest(report.findings, limit))
        left = len(report.findings) - len(told.findings)
        text = dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(told, left)]})
        if not told.findings or not _too_large(text):
            return text
        limit = len(told.findings) // 2


def _gravest(findings: tuple[Finding, ...], most: int) -> tuple[Finding, ...]:
    """The findings, or of too many those that are ranked first, in the same order."""
    if len(findings) <= most:
        return findings
    chosen = {id(finding) for finding in ranked(findings)[:most]}
    return tuple(finding for finding in findings if id(finding) in chosen)


def _too_large(text: str) -> bool:
    if len(text) <= MOST_BYTES:
        return False
    import zlib  # late: few reports are so long

    return len(zlib.compress(text.encode())) > MOST_BYTES


def _run(report: Report, left: int) -> Object:
    places = SarifPlaces(report.root)
    meanings = Meanings(report.policies)
    indexes = {name: index for index, name in enumerate(report.pages)}
    silent = report.accepted if report.suppressed else ()
    findings = (*report.findings, *(accepted.finding for accepted in silent))
    keys = zip(findings, fingerprints(findings), _line_keys(findings, places), strict=True)
    results = [
        _result(places, finding, indexes[finding.check], name, key, meanings.of(finding)) for finding, name, key in keys
    ]
    for result, accepted in zip(results[len(report.findings) :], silent, strict=True):
        result["suppressions"] = [_suppression(accepted)]
    run: Object = {
        "tool": {"driver": _driver(report)},
        "automationDetails": {"id": "edgelint/", "description": {"text": "Rules of an HTTP edge."}},
        "columnKind": "unicodeCodePoints",
        "language": "en",
        "invocations": [_invocation(report, places, left)],
        "results": results,
        "artifacts": places.artifacts,
        "logicalLocations": places.logical,
    }
    bases: Object = {ROOT: {"description": {"text": "The root of the repository."}}}
    if not places.all_below_root:
        bases[FILES] = {"uri": "file:///", "description": {"text": "The file system."}}
    elif report.url:
        commit = {"revisionId": report.commit} if report.commit else {}
        run["versionControlProvenance"] = [{"repositoryUri": report.url, **commit, "mappedTo": {"uriBaseId": ROOT}}]
    return {**run, "originalUriBaseIds": bases}


# The tool and its rules


def _driver(report: Report) -> Object:
    return {
        "name": "edgelint",
        "fullName": f"edgelint {report.version}",
        "version": report.version,
        "semanticVersion": report.version,
        "informationUri": HOME,
        "rules": [_rule(page) for page in report.pages.values()],
    }


def _rule(page: Page) -> Object:
    properties: Object = {
        "tags": list(dict.fromkeys((*(["security"] if page.security_severity else []), page.family, *page.tags))),
        "precision": PRECISION[page.confidence],
        "problem.severity": {"error": "error", "warning": "warning"}.get(LEVELS[page.severity], "recommendation"),
    }
    if page.security_severity:
        properties["security-severity"] = page.security_severity
    return {
        "id": page.name,
        "name": _pascal(page.name),
        "shortDescription": {"text": f"{page.title}."},
        "fullDescription": {"text": page.description},
        "help": {"text": page.body, "markdown": f"# {page.title}\n\n{page.body}"},
        "helpUri": HOME,
        "messageStrings": {"default": {"text": f"{page.title}: '{{0}}'."}},
        "defaultConfiguration": {"level": LEVELS[page.severity]},
        "properties": properties,
    }


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


# Results


def _line_keys(findings: tuple[Finding, ...], places: SarifPlaces) -> list[str]:
    """What tells each finding from the others of its check and file: the hash of its line, or where that does not, its own.

    The identity of an alert at GitHub is its path, its rule and this key.
    """
    files = [finding.place.source.name for finding in findings]
    hashes = places.line_hashes([finding.place for finding in findings])
    counts = Counter(zip((finding.check for finding in findings), files, hashes, strict=True))
    return [
        line_hash if line_hash and counts[finding.check, file, line_hash] == 1 else own
        for finding, file, line_hash, own in zip(findings, files, hashes, fingerprints_by_file(findings), strict=True)
    ]


def _suppression(accepted: Accepted) -> Object:
    kind = "inSource" if accepted.by == "comment" else "external"
    return {"kind": kind, "status": "accepted", "justification": visible(accepted.reason)}


def _result(places: SarifPlaces, finding: Finding, index: int, fingerprint: str, line_key: str, meaning: str) -> Object:
    related = finding.related[:MOST_RELATED]
    result: Object = {
        "ruleId": finding.check,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": _message(finding, related),
        "locations": [places.location(finding.place)],
        "partialFingerprints": {
            "primaryLocationLineHash": line_key,
            "edgelint/v1": fingerprint,
            **({"edgelint/meaning/v1": meaning} if meaning else {}),
        },
        "properties": _properties(finding),
    }
    if related:
        result["relatedLocations"] = [_related(places, number, one) for number, one in enumerate(related, start=1)]
    if fixes := [_fix(places, fix) for fix in finding.fixes if fix.replacements]:
        result["fixes"] = fixes
    if finding.witness:
        result["webRequest"] = web_request(finding.witness.request)
        result["codeFlows"] = [code_flow(places, finding, finding.witness)]
    return result


def _fix(places: SarifPlaces, fix: Fix) -> Object:
    changes: dict[str, list[Object]] = {}
    for piece in fix.replacements:
        region = places.region(piece.source, piece.span, quoted=False)
        changes.setdefault(piece.source.name, []).append(
            {"deletedRegion": region, "insertedContent": {"text": piece.text}}
        )
    return {
        "description": {"text": f"{sarif_text(f'{fix.title[0].upper()}{fix.title[1:]}')}."},
        "artifactChanges": [
            {"artifactLocation": places.artifact(name), "replacements": pieces} for name, pieces in changes.items()
        ],
    }


def _message(finding: Finding, related: tuple[Related, ...]) -> Object:
    links = [f"[{sarif_text(_title(one.subject))}]({number})" for number, one in enumerate(related, start=1)]
    more = f" and {len(links) - MOST_LINKS} more" if len(links) > MOST_LINKS else ""
    see = f"see {', '.join(links[:MOST_LINKS])}{more}" if links else ""
    return {
        "text": sentences([sarif_text(finding.message), see, sarif_text(finding.advice)]),
        **({"markdown": _markdown(finding)} if finding.witness or finding.detail else {}),
        "id": "default",
        "arguments": [visible(finding.message)],
    }


def _markdown(finding: Finding) -> str:
    parts = [f"{markdown(finding.message)}\\."]
    if finding.witness:
        parts.append(f"A request that shows it, from {markdown(finding.witness.request.address)}:")
        parts.append("\n".join(f"    {line}" for line in raw(finding.witness.request)))
        steps = enumerate(finding.witness.trace, start=1)
        parts.append("\n".join(f"{number}. {markdown(step)}" for number, step in steps))
    parts += [markdown(line) for line in (*finding.detail, finding.advice)]
    return "\n\n".join(filter(None, parts))


def _properties(finding: Finding) -> Object:
    properties: Object = {
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "subject": f"{finding.subject.phase}/{finding.subject.name or finding.subject.id}",
    }
    if finding.witness:
        properties["witness"] = request_object(finding.witness.request)
    return properties


def _related(places: SarifPlaces, number: int, related: Related) -> Object:
    role = f": {sarif_text(related.role)}" if related.role else ""
    text = f"{sarif_text(_title(related.subject))}{role}."
    return {"id": number, "message": {"text": text}, **places.location(related.subject.place)}


def _title(subject: Subject) -> str:
    return f"{subject.phase} '{subject.name or subject.id}'"


# What did not work


def _invocation(report: Report, places: SarifPlaces, left: int) -> Object:
    # Never unsuccessful: GitHub refuses the whole upload then, with all results that are good.
    notes = [_failure(failure) for failure in report.failures]
    notes += [_problem(places, problem) for problem in report.problems]
    notes += [_left_out(left)] if left else []
    invocation: Object = {"executionSuccessful": True}
    return {**invocation, "toolExecutionNotifications": notes} if notes else invocation


def _left_out(count: int) -> Object:
    text = f"The {count} findings of the lowest severity are left out: code scanning takes {MOST_RESULTS} results and 10 MB."
    return {"level": "warning", "message": {"text": text}, "descriptor": {"id": "results-left-out"}}


def _failure(failure: Failure) -> Object:
    text = f"{failure.part} failed on {failure.policy}: {failure.error}"
    return {"level": "error", "message": {"text": f"{sarif_text(text)}."}, "descriptor": {"id": "internal-error"}}


def _problem(places: SarifPlaces, problem: Problem) -> Object:
    return {
        "level": "note",
        "message": {"text": f"{sarif_text(problem.message)}."},
        "descriptor": {"id": "not-understood"},
        "locations": [places.location(problem.place)],
    }
