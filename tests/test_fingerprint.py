from edgelint.fingerprint import fingerprints
from edgelint.record import replace
from report_samples import HOSTILE, RULES, json_source, plain


def test_a_fingerprint_outlives_edits_around_the_finding():
    before = plain(json_source("a.json", RULES))
    after = plain(json_source("moved/b.json", RULES, indent=None), message="said otherwise")
    assert fingerprints([before]) == fingerprints([after])


def test_a_fingerprint_tells_checks_and_rules_apart():
    source = json_source("a.json", RULES)
    ones = [plain(source), plain(source, number=1), plain(source, "broad-scope")]
    assert len(set(fingerprints(ones))) == 3


def test_equal_findings_are_numbered():
    source = json_source("a.json", RULES)
    first, second = fingerprints([plain(source), plain(source, message="another")])
    assert first.split(":")[0] == second.split(":")[0]
    assert (first.split(":")[1], second.split(":")[1]) == ("1", "2")


def test_a_name_of_broken_characters_has_a_fingerprint_too():
    finding = plain(json_source("a.json", RULES))
    assert fingerprints([replace(finding, subject=replace(finding.subject, name=HOSTILE))])
