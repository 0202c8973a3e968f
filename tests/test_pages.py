"""Every example of every rule page is linted: what is to be avoided is found, and nothing else shown beside it;
what is preferred is not."""

import pytest

from edgelint import catalog
from edgelint.config import load
from edgelint.record import replace
from edgelint.run import Wishes, lint
from page_examples import examples
from support import earlier

pytest.importorskip("edgelint.facts", reason="the engine is not part of this checkout")

CASES = [
    pytest.param(name, section, example, id=f"{name}-{section}-{number}")
    for name, page in catalog.pages().items()
    for section in ("Avoid", "Prefer")
    for number, example in enumerate(examples(page, section))
]


@pytest.mark.parametrize(("name", "section", "example"), CASES)
def test_an_example_is_what_its_section_says(name, section, example, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy.yaml").write_text(example.policy, encoding="utf-8")
    (tmp_path / "edgelint.yaml").write_text(example.config, encoding="utf-8")
    settings = load("edgelint.yaml")
    wishes = Wishes(topology=settings.topology, ignores=settings.ignores, pedantic=True)
    report = lint(["policy.yaml"], wishes, lambda: b"", earlier(tmp_path / "policy.yaml", example.before))
    found = {finding.check for finding in report.findings}
    assert report.failures == ()
    assert (name in found) == (section == "Avoid")
    shown = {finding.check for finding in report.findings if replace(wishes, pedantic=False).shows(finding)}
    assert shown <= {name, "unmodelled-condition"} or section == "Prefer"
