"""Laws that whole policies obey whatever is in them: what a change that means nothing must not change.

Policies are random ones and, where they are kept as text, real ones and the project's own fixtures and examples.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from pathlib import Path

from hypothesis import strategies as st

from edgelint.facts import Facts
from edgelint.languages.cel.syntax import AllOf, AnyOf, Node, parse
from edgelint.languages.cel.unparse import unparse
from edgelint.languages.p2pstream import compile_match
from edgelint.meaning import Meaning
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.space.limits import Unbounded
from edgelint.space.questions import Answer, differing, member
from oracles.asking import Kind, Result, claimed, compared, unknown
from oracles.random_rules import documents
from oracles.written import (
    Document,
    kept_as_text,
    policy_in,
    replaced,
    rules_in,
    rules_of,
    said,
    summary,
)
from support import ROOT

ATOMS = (
    'method == "GET"',
    'path_prefix(path, "/api")',
    '"x-key" in headers',
    'cookies["sid"] == "a"',
    'host_match(host, "*.example.com")',
    'cidr(remote_ip, "10.0.0.0/8")',
)

BY_TEXT = {"misgrouped-logic", "cost-limit-evasion"}
"""The checks that look at how a condition is written: what an evaluation costs depends on what is looked at first."""

Law = Callable[[Document, random.Random], Iterator[Result]]


def renaming_changes_names_only(document: Document, pick: random.Random) -> Iterator[Result]:
    names: dict[str, str] = {}
    after = document
    for found in rules_of(document):
        if found.name:
            new = f"q{len(names)}q{pick.randrange(10**6)}q"
            names[new] = found.name
            after = replaced(after, found, {**found.rule, "name": new})
    texts = said(after)
    for new, old in names.items():
        texts = [text.replace(new, old) for text in texts]
    yield compared("what is said", sorted(texts), said(document))


def the_order_in_a_file_is_not_that_of_rules(document: Document, pick: random.Random) -> Iterator[Result]:
    after = dict(document)
    for name in sorted({found.list for found in rules_of(document)}):
        rules = rules_in(document, name)
        if len({found.number("priority") for found in rules}) == len(rules) and all(found.name for found in rules):
            after[name] = pick.sample([found.rule for found in rules], len(rules))
    yield compared("what is said", said(after), said(document))


def operands_may_change_places(document: Document, pick: random.Random) -> Iterator[Result]:
    yield from _rewritten(document, lambda text: unparse(_shuffled(parse(text), pick)))


def a_double_negation_says_nothing(document: Document, _: random.Random) -> Iterator[Result]:
    yield from _rewritten(document, "!(!({}))".format)


def _shuffled(node: Node, pick: random.Random) -> Node:
    if not isinstance(node, AllOf | AnyOf):
        return node
    operands = [_shuffled(operand, pick) for operand in node.operands]
    return type(node)(tuple(pick.sample(operands, len(operands))))


def _rewritten(document: Document, rewrite: Callable[[str], str]) -> Iterator[Result]:
    """Whether expressions that are written otherwise mean the same, and leave the same rules reported."""
    after = document
    for found in rules_of(document):
        if found.text:
            text = rewrite(found.text)
            after = replaced(after, found, found.saying(text))
            meaning = Meaning(P2PSTREAM)
            for verdict in (meaning.true, meaning.false, meaning.fails):
                yield _equal(found.text, text, lambda one, verdict=verdict: verdict(compile_match(one).expression))
    first, second = ([one for one in summary(each) if one[0] not in BY_TEXT] for each in (after, document))
    yield compared("what is reported", first, second)


def _equal(one: str, other: str, region: Callable[[str], object]) -> Result:
    try:
        answer = differing(region(one), region(other))  # type: ignore[arg-type]
    except Unbounded as limit:
        answer = Answer(reason=limit.reason)
    return unknown(answer.reason) if answer.reason else claimed(answer.no, f"`{one}` means what `{other}` means")


def two_halves_are_the_rule(document: Document, pick: random.Random) -> Iterator[Result]:
    rules = [found for found in rules_of(document) if found.text and found.name]
    if not rules or any("priority" not in found.rule for found in rules_in(document, rules[0].list)):
        return
    chosen = pick.choice([found for found in rules if found.list == rules[0].list])
    halves = _halves(chosen.text, pick)
    wide = {
        **document,
        chosen.list: [
            {**found.rule, "priority": 2 * found.number("priority")} for found in rules_in(document, chosen.list)
        ],
    }
    number = {"id": 1 + max(found.number("id") for found in rules)} if "id" in chosen.rule else {}
    here = rules_in(wide, chosen.list)[chosen.place]
    second = here.saying(halves[1], name=f"{chosen.name}-b", priority=here.number("priority") + 1, **number)
    before, after = Facts(policy_in(document)), Facts(policy_in(replaced(wide, here, here.saying(halves[0]), second)))
    whole, *parts = (before.matching(compile_match(text).expression) for text in (chosen.text, *halves))
    answer = differing(whole, parts[0] | parts[1])
    yield unknown(answer.reason) if answer.reason else claimed(answer.no, f"{halves} are `{chosen.text}`")
    yield from _same_fates(before, after, chosen.name)


def _halves(text: str, pick: random.Random) -> list[str]:
    """Two conditions that together are one: its alternatives, shared out, or its requests by their method."""
    tree = parse(text)
    if not isinstance(tree, AnyOf):
        return [f'({text}) && method == "GET"', f'({text}) && method != "GET"']
    cut = pick.randrange(1, len(tree.operands))
    return [" || ".join(f"({unparse(arm)})" for arm in arms) for arms in (tree.operands[:cut], tree.operands[cut:])]


def _same_fates(before: Facts, after: Facts, but: str) -> Iterator[Result]:
    """Whether each rule but one is reached by a request in both policies or in none."""
    first, second = _fates(before), _fates(after)
    for name, answer in first.items():
        if name.partition("/")[2] != but:
            reason = answer.reason or second[name].reason
            yield unknown(reason) if reason else compared(f"{name} is reached", second[name].yes, answer.yes)


def _fates(facts: Facts) -> dict[str, Answer]:
    """Whether some request reaches and matches each enabled rule, by phase and name."""
    return {f"{rule.phase}/{rule.name}": facts.effective(rule).answer for rule in facts.active()}


def a_covered_rule_is_reported_and_changes_no_other(document: Document, pick: random.Random) -> Iterator[Result]:
    before = Facts(policy_in(document))
    sure = {rule.name: rule for rule in before.active("block", "challenge", "queue") if not rule.conditional}
    rules = [
        found for found in rules_of(document) if found.list.startswith("waf") and found.text and found.name in sure
    ]
    if not rules:
        return
    chosen = pick.choice(rules)
    action = "waiting_room" if sure[chosen.name].outcome.kind == "block" else "block"
    last = max(found.number("priority") for found in rules_in(document, chosen.list))
    number = {"id": 1 + max(found.number("id") for found in rules)} if "id" in chosen.rule else {}
    text = f"({chosen.text}) && {pick.choice(ATOMS)}"
    new = chosen.saying(text, name="covered", priority=last + 1, action=action, **number)
    enlarged = {**document, chosen.list: [*(found.rule for found in rules_in(document, chosen.list)), new]}
    after = Facts(policy_in(enlarged))
    yield from _same_fates(before, after, "covered")
    (rule,) = (rule for rule in after.policy.rules if rule.name == "covered")
    found, alive = after.effective(rule).answer, member(after.live(rule))
    yield unknown(found.reason) if found.reason else claimed(found.no, f"`{text}` is covered")
    if found.no and alive.yes:
        checks = {name for name, _, _, subject in summary(enlarged) if subject == "covered"}
        yield claimed(bool(checks & {"shadowed-rule", "redundant-rule"}), f"`{text}` is reported: {checks}")


LAWS: tuple[Law, ...] = (
    renaming_changes_names_only,
    the_order_in_a_file_is_not_that_of_rules,
    operands_may_change_places,
    a_double_negation_says_nothing,
    two_halves_are_the_rule,
    a_covered_rule_is_reported_and_changes_no_other,
)


def ask(question: tuple[Law, Document, int]) -> Iterator[Result]:
    """Whether a law holds of a policy."""
    law, document, number = question
    return law(document, random.Random(number))


def ask_hashing(number: int) -> Iterator[Result]:
    """Whether the bytes of every report are the same whatever the order in which sets are walked."""
    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder, "policy.json")
        command = [sys.executable, ROOT / "benchmarks" / "generate.py", "--rules", "200", "--seed", str(number)]
        policy.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
        reports = [_reports(policy, str(seed)) for seed in (0, 1, 2 + number)]
    for (one, other), form in product(pairwise(reports), ("sarif", "json")):
        yield claimed(one[form] == other[form] != b"", f"the {form} reports on policy {number} are equal")


def _reports(policy: Path, hashing: str) -> dict[str, bytes]:
    outputs = {form: policy.with_name(f"report.{form}") for form in ("sarif", "json")}
    formats = [word for form, path in outputs.items() for word in ("--format", form, "--output", path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "linter"), "PYTHONHASHSEED": hashing}
    command = [sys.executable, "-m", "edgelint", "check", "--pedantic", "--isolated", *formats, policy]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return {form: path.read_bytes() for form, path in outputs.items()}


_policies = documents(3, 15) | st.deferred(lambda: st.sampled_from(kept_as_text()))
KINDS = (
    Kind("laws", st.tuples(st.sampled_from(LAWS), _policies, st.integers(0, 2**32)), ask, 12),
    Kind("hash-seeds", st.integers(0, 2**20), ask_hashing, 1),
)
