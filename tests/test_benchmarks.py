"""The benchmarks measure what they say: the mix and the planted truth of policies, limits, and what rivals are given."""

import json
import re
import sys
from collections import Counter
from ipaddress import ip_address

import pytest

from edgelint.facts import Facts
from edgelint.languages.p2pstream import compile_match
from edgelint.meaning import Meaning
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.readers import read
from edgelint.space.questions import member
from support import ROOT

sys.path.append(str(ROOT / "benchmarks"))

import answer
import families
import generate
import hooks
import measure
import rivals
import stages
import stopwatch

RULES = 1000


@pytest.fixture(scope="module")
def made():
    return generate.generate(RULES, seed=1)


def expressions(policy):
    return {rule["name"]: rule["matchRule"]["celExpression"] for rule in answer.listed(policy)}


def planted(truth):
    return {name for group in truth.values() for last, before in group.items() for name in (last, *before)}


def kind(text):
    if '" in ' in text:
        return "sent"
    if "matches(" in text or "endsWith(" in text or "contains(" in text:
        return "pattern"
    if "cidr(" in text:
        return "network"
    return "mixed" if "!(" in text or "||" in text else "plain"


def test_rules_are_mixed_as_documented(made):
    policy, truth = made
    ordinary = [text for name, text in expressions(policy).items() if name not in planted(truth)]
    shares = {"plain": 60, "pattern": 15, "network": 10, "sent": 10, "mixed": 5}
    assert Counter(map(kind, ordinary)) == {name: len(ordinary) * share / 100 for name, share in shares.items()}
    assert len(planted(truth)) == RULES / 10
    assert set(truth) == {"duplicate", "shadowed", "near-miss", "empty"}


@pytest.mark.parametrize("size", [1, 9, 10, 57, 300])
def test_a_policy_has_as_many_rules_as_are_asked_for(size):
    policy, truth = generate.generate(size, seed=3)
    assert len(expressions(policy)) == size
    assert planted(truth) <= expressions(policy).keys()


def test_only_the_size_and_the_seed_decide_what_is_generated(made):
    assert generate.generate(RULES, seed=1) == made
    assert generate.generate(RULES, seed=2) != made


def test_the_engine_finds_exactly_what_is_planted(made, tmp_path):
    policy, truth = made
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(policy))
    (found,) = read([str(file)], stdin=bytes).policies
    assert not found.problems
    facts = Facts(found)
    rules = [rule for rule in facts.active() if rule.name in planted(truth)]
    empty = {rule.name for rule in rules if member(facts.live(rule)).no}
    shadowed = {rule.name: [other.name for other in facts.shadows(rule)] for rule in rules if facts.shadows(rule)}
    reached = {rule.name for rule in rules if facts.effective(rule).answer.yes}
    assert empty == set(truth["empty"])
    assert shadowed == truth["shadowed"] | truth["duplicate"]
    assert reached == {rule.name for rule in rules} - empty - shadowed.keys()
    assert truth["near-miss"].keys() <= reached


def busy():
    while True:
        try:
            sum(range(1000))
        except Exception:  # noqa: BLE001 - as a check that breaks is kept from breaking others
            continue


def test_what_takes_too_long_is_ended_and_said_to_be(capsys):
    clock = stages.Clock(limit=0.05)
    clock.ask("endless", busy)
    clock.ask("short", lambda: (7, None, 0))
    with pytest.raises(stages.Stopped):
        clock.lap("needed", busy)
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    last = {lap["name"]: lap for lap in said}
    assert last["endless"]["stopped"] == last["needed"]["stopped"] == "time"
    assert last["short"]["found"] == [7, None, 0]
    assert last["short"]["seconds"] < 0.05


def test_a_process_that_takes_too_long_is_ended():
    run = stopwatch.fresh([sys.executable, "-c", "print(1, flush=True)\nwhile True: pass"], limit=1)
    assert run.stopped
    assert run.lines == ("1",)
    assert 0.5 <= run.processor < 2  # the timer counts ticks, and charges whole ones to a process that shares its core


def holds(condition, request):
    match condition:
        case {"all": operands}:
            return all(holds(operand, request) for operand in operands)
        case {"any": operands}:
            return any(holds(operand, request) for operand in operands)
        case {"not": operand}:
            return not holds(operand, request)
        case {"axis": axis, "text": pattern}:
            return re.fullmatch(pattern, request[axis]) is not None
    return any(first <= request[condition["axis"]] <= last for first, last in condition["ranges"])


def test_rivals_are_given_the_same_rules():
    meaning = Meaning(P2PSTREAM)
    given = [(meaning.true(compile_match(text).expression), condition) for text, condition in rivals.rules(80, seed=1)]
    points = [found.point for region, _ in given if (found := member(region)).yes]
    assert len(points) > 70
    hits = 0
    for point in points:
        request = meaning.request(point)
        address = ip_address(request.address)
        values = {
            "host": request.host,
            "path": request.path,
            "method": [*generate.METHODS, request.method].index(request.method),
            "address": int(address) + (address.version == 6) * 2**32,
        }
        for region, condition in given:
            assert holds(condition, values) == (point in region), (request, condition)
            hits += point in region
    assert hits > len(points)


@pytest.mark.parametrize("question", rivals.QUESTIONS)
def test_peers_that_are_installed_agree_on_a_few_rules(question):
    given = rivals.rules(12, seed=1)[8:]
    mine = rivals.ask(rivals.OURS, question, given, limit=60)
    assert None not in mine.answers
    for peer in rivals.PEERS:
        if peer.present:
            assert rivals.ask(peer, question, given, limit=60).answers == mine.answers


@pytest.mark.slow
@pytest.mark.parametrize("stage", measure.STAGES)
def test_every_stage_is_timed_to_its_end(stage, tmp_path):
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(generate.generate(30, seed=1)[0]))
    run = stopwatch.fresh([sys.executable, str(ROOT / "benchmarks" / "stages.py"), stage, str(file), "60"])
    last = {lap["name"]: lap for lap in map(json.loads, run.lines)}
    assert run.code == 0
    assert last.keys() >= families.FAMILIES.get(stage, {}).keys()
    assert all("seconds" in lap for lap in last.values()), last


@pytest.mark.slow
def test_every_family_has_its_row_even_where_the_time_is_over():
    command = [sys.executable, str(ROOT / "benchmarks" / "measure.py"), "1001", "--checks", "1001", "--limit", "0.01"]
    run = stopwatch.fresh(command, limit=300)
    assert run.code == 0
    for name in (name for group in families.FAMILIES.values() for name in group):
        assert any(line.startswith(name) and line.endswith("-") for line in run.lines), name
    assert any(line.startswith(measure.WHOLE) and line.endswith("> 0.01") for line in run.lines)


@pytest.mark.slow
def test_the_cold_start_is_shown_beside_a_bare_python():
    run = stopwatch.fresh([sys.executable, str(ROOT / "benchmarks" / "cold.py"), "--runs", "1"], limit=120)
    assert run.code == 0
    assert any(line.startswith("edgelint check") and line.count("x") >= 2 for line in run.lines)


@pytest.mark.slow
def test_the_hook_is_shown_beside_a_bare_one(registry):
    names = [name for name in hooks.MANAGERS if hooks.nearby(name)]
    run = stopwatch.fresh([sys.executable, str(ROOT / "benchmarks" / "hooks.py"), "--runs", "1"], limit=300)
    assert run.code == 0
    for name in names:
        assert any(line.startswith(name) and line.endswith("x") for line in run.lines), run.lines
