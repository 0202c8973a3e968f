import json
import os
import re
import zlib
from pathlib import Path

import pytest

from edgelint import catalog
from edgelint.finding import Severity
from edgelint.record import replace
from edgelint.report._line_hash import line_hashes
from edgelint.report.sarif import render
from edgelint.source import Place, Span
from markdown_pages import pages
from report_samples import (
    HOSTILE,
    RULES,
    accepted,
    in_database,
    json_source,
    plain,
    report,
    shadowed,
    source,
    subject,
    varied,
)

CORPUS = os.environ.get("EDGELINT_CORPUS")
SCHEMAS = (Path(CORPUS).parent if CORPUS else Path(__file__).parents[3] / "shared") / "sarif"
SOURCE = json_source("edge/policy.json", RULES)
REPORTS = {"varied": varied(), "clean": report(), "one": report(shadowed(SOURCE))}

every_report = pytest.mark.parametrize("name", REPORTS)


def run_of(*findings, **other):
    return json.loads(render(report(*findings, **other)))["runs"][0]


def result_of(finding):
    return run_of(finding)["results"][0]


def locations(result):
    """Every location of a result."""
    yield from result["locations"]
    yield from result.get("relatedLocations", [])
    for flow in result.get("codeFlows", []):
        for thread in flow["threadFlows"]:
            yield from (step["location"] for step in thread["locations"])


@every_report
@pytest.mark.parametrize("schema", ["sarif-2.1.0-errata01.schema.json", "github-upload.schema.json"])
def test_the_log_follows_the_schema(name, schema):
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    if not (SCHEMAS / schema).exists():
        pytest.skip("the schemas of SARIF are not beside the project")
    rules = json.loads((SCHEMAS / schema).read_text(encoding="utf-8"))
    validator = jsonschema_rs.validator_for(rules, validate_formats=True)
    assert [error.message for error in validator.iter_errors(json.loads(render(REPORTS[name])))] == []


# What no validator sees.


@every_report
def test_rules_and_results_fit_together(name):
    run = json.loads(render(REPORTS[name]))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(catalog.names())
    for rule in rules:
        assert len(rule["properties"]["tags"]) == len(set(rule["properties"]["tags"])) <= 20
        score = rule["properties"].get("security-severity")
        assert score is None or (isinstance(score, str) and 0 < float(score) <= 10)
        assert rule["name"] != rule["id"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"]["primaryLocationLineHash"]


@every_report
def test_every_link_of_a_message_leads_to_a_related_location(name):
    for result in json.loads(render(REPORTS[name]))["runs"][0]["results"]:
        related = {location["id"] for location in result.get("relatedLocations", [])}
        links = re.findall(r"(?<!\\)\]\((\d+)\)", result["message"]["text"])
        assert {int(link) for link in links} <= related
        assert not related or links


@every_report
def test_regions_are_one_line_and_their_context_holds_more(name):
    for result in json.loads(render(REPORTS[name]))["runs"][0]["results"]:
        for location in locations(result):
            physical = location["physicalLocation"]
            inner, outer = physical["region"], physical["contextRegion"]
            assert inner["startLine"] == inner["endLine"]
            start, end = (inner["startLine"], inner["startColumn"]), (inner["endLine"], inner["endColumn"])
            outer_start = (outer["startLine"], outer["startColumn"])
            outer_end = (outer["endLine"], outer["endColumn"])
            assert outer_start <= start <= end <= outer_end
            assert (start, end) != (outer_start, outer_end)
            assert inner["snippet"]["text"] in outer["snippet"]["text"]
            assert "://" not in physical["artifactLocation"]["uri"]


@every_report
def test_logical_locations_and_artifacts_are_found_by_their_index(name):
    run = json.loads(render(REPORTS[name]))["runs"][0]
    for entry in run["logicalLocations"]:
        if "parentIndex" in entry:
            parent = run["logicalLocations"][entry["parentIndex"]]["fullyQualifiedName"]
            assert entry["fullyQualifiedName"].startswith(parent)
    for result in run["results"]:
        for location in locations(result):
            artifact = location["physicalLocation"]["artifactLocation"]
            assert run["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]
            for logical in location.get("logicalLocations", []):
                named = run["logicalLocations"][logical["index"]]
                assert named["fullyQualifiedName"] == logical["fullyQualifiedName"]


def test_json_pointers_say_what_kind_of_value_they_lead_to():
    kinds = {entry["fullyQualifiedName"]: entry["kind"] for entry in run_of(shadowed(SOURCE))["logicalLocations"]}
    assert kinds["/wafRules"] == "array"
    assert kinds["/wafRules/1"] == "object"
    assert kinds["/wafRules/1/expression"] == "property"


# Places


def test_region_and_context_quote_the_source():
    physical = result_of(shadowed(SOURCE))["locations"][0]["physicalLocation"]
    assert physical["region"]["snippet"]["text"] == json.dumps(RULES[1]["expression"])
    assert (physical["region"]["startLine"], physical["region"]["startColumn"]) == (11, 21)
    assert physical["contextRegion"]["startLine"] == 8
    assert '"id": "20"' in physical["contextRegion"]["snippet"]["text"]


def test_columns_count_code_points():
    text = "- name: '漢𝒳' # x\n"
    start = text.index("#")
    place = Place(source("a.yaml", text, {("a",): Span(start, start + 3)}), ("a",))
    region = result_of(plain(SOURCE, place=place))["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (14, 17)
    assert run_of()["columnKind"] == "unicodeCodePoints"


def test_a_huge_line_is_not_quoted_whole():
    text = "x" * 100_000
    place = Place(source("min.json", text, {("a",): Span(20_000, 90_000)}), ("a",))
    text = render(report(plain(SOURCE, place=place)))
    assert "x" * 1001 in text
    assert "x" * 2001 not in text


def test_paths_are_relative_to_the_root_and_percent_encoded(tmp_path, monkeypatch):
    (tmp_path / "repository" / "edge").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository" / "edge")
    finding = plain(json_source("a b:é%.json", RULES))
    run = run_of(finding, root=tmp_path / "repository")
    location = run["artifacts"][0]["location"]
    assert location == {"uri": "edge/a%20b%3A%C3%A9%25.json", "uriBaseId": "%SRCROOT%"}


def test_a_file_outside_of_the_root_is_found_from_the_top_of_the_file_system(tmp_path, monkeypatch):
    (tmp_path / "repository").mkdir()
    monkeypatch.chdir(tmp_path / "repository")
    run = run_of(plain(json_source("../a.json", RULES)), root=tmp_path / "repository", url="https://example.com/edge")
    location = run["artifacts"][0]["location"]
    assert run["originalUriBaseIds"][location["uriBaseId"]]["uri"] + location["uri"] == f"file://{tmp_path}/a.json"
    assert "versionControlProvenance" not in run  # which would have to hold for every file


def test_a_database_has_a_region_as_well_and_says_its_cell():
    location = result_of(in_database())["locations"][0]
    assert location["physicalLocation"]["region"]["startLine"] == 1
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "public_waf_rules[20].match_json"


# Fingerprints


def line_hash(finding):
    return result_of(finding)["partialFingerprints"]["primaryLocationLineHash"]


def test_a_line_that_identifies_a_finding_gives_it_the_hash_that_the_upload_would():
    assert line_hash(shadowed(SOURCE)) == line_hashes(SOURCE.text, [11])[11]


def test_a_finding_of_a_document_on_one_line_or_in_a_database_has_a_key_of_its_own():
    for finding in (shadowed(json_source("min.json", RULES, indent=None)), in_database()):
        keys = result_of(finding)["partialFingerprints"]
        assert keys["primaryLocationLineHash"] == keys["edgelint/v1"]


def test_two_findings_of_a_check_on_one_line_stay_two():
    one, other = plain(SOURCE), plain(SOURCE, subject=subject(SOURCE, 1))
    keys = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of(one, other)["results"]]
    assert len(set(keys)) == 2
    assert line_hashes(SOURCE.text, [5])[5] not in keys


def test_the_key_in_one_file_does_not_hang_on_another_file():
    here, there = (in_database(name) for name in ("here.db", "there.db"))
    together = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of(here, there)["results"]]
    assert together == [line_hash(here), line_hash(there)]


def test_keys_outlive_lines_that_are_added_above():
    moved = source(SOURCE.name, "\n\n" + SOURCE.text, {("a",): Span(*_shifted(SOURCE, 2))})
    assert line_hash(plain(SOURCE)) == line_hash(plain(SOURCE, place=Place(moved, ("a",))))


def _shifted(held, offset):
    span = held.find(("wafRules", 0, "name"), None)
    return span.start + offset, span.end + offset


# Words


def test_the_message_names_the_other_rule_and_links_to_it():
    result = result_of(shadowed(SOURCE))
    assert "See [waf 'captcha-all'](1)." in result["message"]["text"]
    assert result["relatedLocations"][0]["message"]["text"] == "waf 'captcha-all': looked at first."


def test_hostile_names_make_no_links_placeholders_or_markup():
    rules = [{**rule, "name": f"{HOSTILE}{number}"} for number, rule in enumerate(RULES)]
    message = result_of(shadowed(json_source("x.json", rules), rules))["message"]
    assert len(re.findall(r"(?<!\\)\[", message["text"])) == 1
    assert "{0}" not in message["text"].replace("{{0}}", "")
    for page in pages(message["markdown"]):
        assert set(page.tags) == {"p", "code", "pre", "ol", "li"}
        assert not page.attributes
    assert "\x1b" not in message["text"] + message["markdown"]


def test_a_message_ends_in_a_full_stop():
    for result in json.loads(render(varied()))["runs"][0]["results"]:
        assert result["message"]["text"].endswith(".")


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.CRITICAL, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "note"),
        (Severity.INFO, "note"),
    ],
)
def test_the_level_is_that_of_the_finding(severity, level):
    assert result_of(plain(SOURCE, severity=severity))["level"] == level


# The witness


def test_the_request_is_told_whole():
    result = result_of(shadowed(SOURCE))
    assert result["webRequest"] == {
        "protocol": "HTTP",
        "version": "1.1",
        "method": "POST",
        "target": "/admin/users?q=1&q=2",
        "headers": {"host": "app.example.com", "cookie": "a=1; b=2", "x-plan": "free, pro"},
    }
    assert ["x-plan", "pro"] in result["properties"]["witness"]["headers"]
    assert "    POST /admin/users?q=1&q=2 HTTP/1.1\n    host: app.example.com\n" in result["message"]["markdown"]


def test_the_trace_is_a_flow_through_the_rules_it_names():
    steps = result_of(shadowed(SOURCE))["codeFlows"][0]["threadFlows"][0]["locations"]
    lines = [step["location"]["physicalLocation"]["region"]["startLine"] for step in steps]
    assert lines == [11, 5, 10]  # where the finding is, then `captcha-all`, then `block-admin`
    assert [step["executionOrder"] for step in steps] == [1, 2, 3]
    assert "arrives from 203.0.113.5" in steps[0]["location"]["message"]["text"]


# The run


def test_a_failure_is_a_notification_and_the_upload_is_still_taken():
    (invocation,) = json.loads(render(varied()))["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is True
    levels = [note["level"] for note in invocation["toolExecutionNotifications"]]
    assert levels == ["error", "note"]


def test_the_category_ends_in_a_slash():
    assert run_of()["automationDetails"]["id"].endswith("/")


def test_where_the_files_came_from_is_told_when_it_is_known():
    known = run_of(url="https://example.com/edge", commit="abc")["versionControlProvenance"][0]
    assert (known["repositoryUri"], known["revisionId"]) == ("https://example.com/edge", "abc")
    assert known["mappedTo"] == {"uriBaseId": "%SRCROOT%"}
    assert "versionControlProvenance" not in run_of()


def test_a_rule_with_very_many_partners_names_a_bounded_number_of_them():
    one = shadowed(SOURCE)
    result = result_of(replace(one, related=one.related * 1000))
    assert len(result["relatedLocations"]) == 100
    assert len(re.findall(r"\]\(\d+\)", result["message"]["text"])) == 10
    assert "and 90 more" in result["message"]["text"]


# What code scanning takes


def many(count, **other):
    """A report of so many findings, of severities in turn."""
    severities = list(Severity)
    return report(
        *(plain(SOURCE, severity=severities[number % len(severities)], **other) for number in range(count)),
        policies=(),
    )


def notices_of(run):
    return [note["descriptor"]["id"] for note in run["invocations"][0].get("toolExecutionNotifications", ())]


def test_as_many_findings_as_are_shown_are_all_told():
    run = json.loads(render(many(5000)))["runs"][0]
    assert len(run["results"]) == 5000
    assert notices_of(run) == []


def test_of_more_findings_the_gravest_are_told_in_order_and_the_rest_is_counted():
    run = json.loads(render(many(6000)))["runs"][0]
    assert len(run["results"]) == 5000
    severities = [result["properties"]["severity"] for result in run["results"]]
    assert severities.count("critical") == severities.count("low") == 1200
    assert severities.count("info") == 200
    assert severities[:5] == ["info", "low", "medium", "high", "critical"]
    assert notices_of(run) == ["results-left-out"]
    assert "1000 findings" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_a_log_that_is_too_large_to_upload_is_cut(monkeypatch):
    most = len(zlib.compress(render(report()).encode())) + 20_000
    monkeypatch.setattr("edgelint.report.sarif.MOST_BYTES", most)
    distinct = (plain(SOURCE, message=f"{number} {hash(str(number))}") for number in range(1000))
    text = render(report(*distinct))
    run = json.loads(text)["runs"][0]
    assert len(zlib.compress(text.encode())) <= most
    assert 100 < len(run["results"]) < 1000
    assert notices_of(run) == ["results-left-out"]


def test_what_was_accepted_is_left_out_unless_it_is_asked_for():
    reports = {asked: report(accepted=(accepted(SOURCE, "for now"),), suppressed=asked) for asked in (False, True)}
    results = {asked: json.loads(render(told))["runs"][0]["results"] for asked, told in reports.items()}
    assert results[False] == []
    (result,) = results[True]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "for now"}]
