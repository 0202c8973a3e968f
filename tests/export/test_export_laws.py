import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from exporting import export_in, export_of, finding_identities, meaning, policy_in, policy_of, readable
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint import config
from edgelint.export import RefusedError
from edgelint.readers.p2pstream.content import snake
from edgelint.readers.p2pstream.tables import TABLES
from support import FIXTURES, ROOT, corpus, corpus_if_any, many

FOLDERS = sorted(path.parent for path in FIXTURES.glob("deployments/*/edgelint.yaml"))
EXAMPLES = [FIXTURES / "examples" / "shop.json", FIXTURES / "examples" / "clean" / "edge.yaml"]
SCATTERED = sorted(
    path
    for pattern in ("*/*.yaml", "formats/**/*.*")
    for path in FIXTURES.glob(pattern)
    if path.is_file() and not path.name.endswith(".config.yaml")
)
FEW = {*EXAMPLES, *(path for path in FOLDERS if path.name in ("ticket-sale", "web-shop"))}
SETS = [pytest.param(path, marks=[] if path in FEW else [pytest.mark.slow]) for path in (*FOLDERS, *EXAMPLES)]
SAMPLES = sorted((corpus_if_any() or Path("missing")).glob("p2pstream/*.db"))
SAMPLES += sorted((corpus_if_any() or Path("missing")).glob("p2pstream/Get*.json"))


def named(path: Path) -> str:
    return str(path.relative_to(FIXTURES)) if path.is_relative_to(FIXTURES) else path.name


def held(path: Path, folder: Path) -> Path:
    """The file an export is kept in."""
    kept = folder / "edge.json"
    kept.write_text(export_of(path), encoding="ascii", newline="\n")
    return kept


@pytest.fixture(params=SAMPLES or [None], ids=lambda path: path.name if path else "none")
def sample(request):
    """Each database and each answer of the corpus."""
    corpus()
    return request.param


# Laws


def test_an_export_means_what_its_source_means(sample):
    assert meaning(policy_in(export_of(sample))) == meaning(policy_of(sample))


def test_exporting_an_export_changes_nothing(sample):
    assert export_in(export_of(sample)) == export_of(sample)


@pytest.mark.parametrize("path", SETS, ids=named)
def test_deployments_survive(path):
    text = export_of(path)
    assert meaning(policy_in(text)) == meaning(policy_of(path))
    assert export_in(text) == text


@pytest.mark.slow
def test_every_readable_fixture_survives():
    count = 0
    for path in filter(readable, SCATTERED):
        text = export_of(path)
        assert meaning(policy_in(text)) == meaning(policy_of(path)), path
        assert export_in(text) == text, path
        count += 1
    assert count > 900


@pytest.mark.slow
def test_an_export_has_the_findings_of_its_source(sample, tmp_path):
    if "empty" not in sample.name:
        assert finding_identities(held(sample, tmp_path)) == finding_identities(sample)


@pytest.mark.slow
@pytest.mark.parametrize("path", [*FOLDERS, *EXAMPLES], ids=named)
def test_an_exported_deployment_has_the_findings_of_its_source(path, tmp_path):
    file = (path if path.is_dir() else path.parent) / "edgelint.yaml"
    topology = config.settings(ROOT, file).topology if file.exists() else None
    assert finding_identities(held(path, tmp_path), topology) == finding_identities(path, topology)


def test_versions_of_one_deployment_agree():
    folder = corpus() / "p2pstream"
    for one, other in (
        ("p2pstream-head-41c89f8.db", "p2pstream-v0.1.41-route-targets.db"),
        ("p2pstream-v0.1.36-cel.db", "p2pstream-v0.1.39-backends.db"),
        ("p2pstream-v0.1.19-legacy-match.db", "p2pstream-v0.1.35-legacy-match.db"),
        ("GetPublicProxyConfig.json", "GetPublicProxyConfig.compact.json"),
    ):
        assert export_of(folder / one) == export_of(folder / other)


def test_the_answer_of_the_server_and_its_database_agree():
    folder = corpus() / "p2pstream"
    stored = json.loads(export_of(folder / "p2pstream-head-41c89f8.db"))
    for route in stored["routes"]:
        if route["action"].endswith("REDIRECT"):  # the answer of the corpus was made without the targets of redirects
            for name in ("redirectTarget", "redirectTargetMode", "redirectStatusCode"):
                del route[name]
    assert stored == json.loads(export_of(folder / "GetPublicProxyConfig.json"))


def spelled(value, change):
    """The same plain values with other names of fields."""
    if isinstance(value, dict):
        return {change(key): spelled(item, change) for key, item in value.items()}
    return [spelled(item, change) for item in value] if isinstance(value, list) else value


def stored(configuration, path):
    """The database of a configuration that was exported; what has no id gets one in the order of the lists."""
    routes = configuration["routes"]
    for number, route in enumerate(routes, 1):
        route.setdefault("id", number)
        for target in route.pop("targets", []):
            target.setdefault("id", 1000 + len(configuration.setdefault("route_targets", [])))
            headers = [{"target_id": target["id"], **header} for header in target.pop("upstream_request_headers", [])]
            configuration.setdefault("target_upstream_headers", []).extend(headers)
            configuration["route_targets"].append({**target, "route_id": route["id"]})
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in TABLES:
            found = configuration.get(table.list_name, [])
            if found:
                _fill(connection, table, [found] if table.single else found)
    return path


def _fill(connection, table, rows):
    columns = [column for column in table.columns if column != "id"]
    connection.execute(f"CREATE TABLE {table.name} (id INTEGER PRIMARY KEY, {', '.join(columns)})")
    for row in rows:
        given = {column: _reached(row, way) for column, way in table.columns.items()}
        values = {
            column: json.dumps(value) if column.endswith("_json") else value
            for column, value in given.items()
            if value is not None
        }
        marks = ", ".join("?" * len(values))
        connection.execute(f"INSERT INTO {table.name} ({', '.join(values)}) VALUES ({marks})", list(values.values()))


def _reached(row, way):
    for name in way:
        row = row.get(name) if isinstance(row, dict) else None
    return row


@pytest.mark.parametrize("path", SETS, ids=named)
def test_a_deployment_is_the_same_from_json_yaml_and_a_database(path, tmp_path):
    text = export_of(path)
    kept = spelled(json.loads(text), snake)
    for name, content in (
        ("a.yaml", yaml.safe_dump(kept, sort_keys=False)),
        ("b.json", json.dumps(kept)),
        ("c.json", json.dumps({"config": json.loads(text)}, indent=7)),
    ):
        (tmp_path / name).write_text(content)
        assert export_of(tmp_path / name) == text
    database = stored(kept, tmp_path / "d.db")
    if "p2pstream_waf_" in text:  # then the ids that WAF rules have in a database mean something
        assert meaning(policy_of(database)) == meaning(policy_in(text))
    else:
        assert export_of(database) == text


# Random configurations

EXPRESSIONS = [
    'method == "TRACE"',
    'path_prefix(path, "/a")',
    '"p2pstream_waf_3" in cookies',
    'host == "\\u00fc\\u202e"',
]
MATCHES = st.sampled_from([{"match_rule": {"cel_expression": text}} for text in EXPRESSIONS] + [
    {},
    {"match_rule": {}},
    {"match_rule": {"builder": {"root": {"conditions": [{"field": "path", "operator": "equals", "values": ["/"]}]}}}},
    {"match": {"methods": ["GET"], "headers": [{"name": "X-A", "operator": "prefix", "value": "b"}]}},
])  # fmt: skip
NUMBERS = st.integers(1, 6)
SOME = st.lists(NUMBERS, max_size=3)
FLAG = st.booleans()


def fields(**optional):
    return st.fixed_dictionaries({}, optional=optional)


KINDS = {
    "waf_rules": fields(
        action=st.sampled_from(["block", "captcha", "waiting_room"]),
        activation_mode=st.sampled_from(["always", "automatic"]),
        captcha_provider_id=NUMBERS,
        captcha_pass_ttl_millis=st.integers(60_000, 86_400_000),
        triggers=fields(minimum_request_rate=st.sampled_from([0, 7]), server_cpu_percent=st.floats(0, 100)),
        waiting_room=fields(max_admitted_sessions=NUMBERS, queue_timeout_millis=st.integers(1, 10**7)),
        block_response_headers=st.just([{"name": "Cache-Control", "value": "no-store: x"}]),
    ),
    "rate_limit_rules": fields(
        algorithm=st.sampled_from(["sliding_window", "token_bucket"]),
        limit=st.integers(1, 9),
        key_parts=st.sampled_from([[], [{"source": "remote_ip"}], [{"source": "header", "name": "X-A"}]]),
        window_millis=st.integers(1000, 10**7),
    ),
    "traffic_shaper_rules": fields(budget_scope=st.sampled_from(["per_request", "per_key"]), burst_bytes=NUMBERS),
    "cache_rules": fields(
        route_ids=SOME,
        target_ids=SOME,
        ttl_millis=st.integers(1000, 10**7),
        vary_headers=st.sampled_from([[], ["A"]]),
        cache_status_codes=st.sampled_from([[], [200]]),
        add_cache_status_header=FLAG,
    ),
}


@st.composite
def rules(draw, kind, identified):
    ids = draw(st.lists(st.integers(1, 40), unique=True, max_size=4))
    found = []
    for position, number in enumerate(ids):
        rule = {
            "name": f"r{draw(st.integers(0, 9))}-{position}",
            "priority": draw(st.sampled_from([1, 2])),
            "enabled": draw(FLAG),
        }
        rule |= {"id": number} if identified else {}
        rule |= {"download_bytes_per_second": 7} if kind == "traffic_shaper_rules" else {}
        found.append(rule | draw(MATCHES) | draw(KINDS[kind]))
    return found


@st.composite
def configurations(draw, identified=None):
    """Configurations kept by hand, whose ids are all there, or all missing where nothing needs them."""
    identified = draw(FLAG) if identified is None else identified
    found = {kind: draw(rules(kind, identified)) for kind in KINDS}
    found["listeners"] = [
        {"id": number, "name": f"l{draw(st.integers(0, 3))}{number}", "port": 80 + number, "protocol": "http"}
        for number in draw(st.lists(NUMBERS, unique=True, max_size=3))
    ]
    found["waf_captcha_providers"] = [
        {"id": number, "name": f"p{draw(st.integers(0, 3))}{number}", "enabled": draw(FLAG)}
        for number in draw(st.lists(NUMBERS, unique=True, max_size=3))
    ]
    found["routes"] = [
        {
            "id": number,
            "listener_id": draw(NUMBERS),
            "priority": draw(st.sampled_from([5, 6])),
            "path_prefix": f"/{position}",
            "targets": [
                {
                    "id": one,
                    "name": f"t{one}",
                    "url": draw(st.sampled_from(["http://a", "https://b:1"])),
                    "enabled": draw(FLAG),
                }
                for one in draw(SOME.map(lambda ids: list(dict.fromkeys(ids))))
            ],
        }
        for position, number in enumerate(draw(st.lists(NUMBERS, unique=True, max_size=4)))
    ]
    if draw(FLAG):
        found["cache_settings"] = {"enabled": draw(FLAG), "max_entries": draw(NUMBERS)}
    return found


@settings(max_examples=many(25))
@given(configurations())
def test_any_configuration_survives(configuration):
    text = export_in(configuration)
    assert meaning(policy_in(text)) == meaning(policy_in(json.dumps(configuration)))
    assert export_in(text) == text
    assert text.isascii()


@settings(max_examples=many(25))
@given(configurations(identified=True), st.sets(st.integers(0, 3)))
def test_rules_with_and_without_ids_are_exported_truly_or_refused(configuration, without):
    for rule in (rule for kind in KINDS for place, rule in enumerate(configuration[kind]) if place in without):
        del rule["id"]
    try:
        text = export_in(configuration)
    except RefusedError:
        assert "p2pstream_waf_" in json.dumps(configuration)  # only then ids are kept, which mix with positions
    else:
        assert meaning(policy_in(text)) == meaning(policy_in(json.dumps(configuration)))


def renumbered(value, change):
    """A configuration that was set up again: other ids, in the same order."""
    if isinstance(value, list):
        return [renumbered(item, change) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: change(item)
        if key == "id" or key.endswith("_id")
        else list(map(change, item))
        if key.endswith("_ids")
        else renumbered(item, change)
        for key, item in value.items()
    }


def without_loose_ends(configuration):
    """The same without references to what is not there."""
    routes = configuration["routes"]
    known = {
        "route_ids": {route["id"] for route in routes},
        "target_ids": {target["id"] for route in routes for target in route["targets"]},
    }
    listeners = {listener["id"] for listener in configuration["listeners"]}
    providers = {provider["id"] for provider in configuration["waf_captcha_providers"]}
    for rule in (rule for kind in KINDS for rule in configuration[kind]):
        for name, ids in known.items():
            if name in rule:
                rule[name] = [number for number in rule[name] if number in ids]
        if rule.get("captcha_provider_id", 0) not in providers:
            rule.pop("captcha_provider_id", None)
    configuration["routes"] = [route for route in routes if route["listener_id"] in listeners]
    kept = {route["id"] for route in configuration["routes"]}
    targets = {target["id"] for route in configuration["routes"] for target in route["targets"]}
    for rule in configuration["cache_rules"]:
        rule["route_ids"] = [number for number in rule.get("route_ids", []) if number in kept]
        rule["target_ids"] = [number for number in rule.get("target_ids", []) if number in targets]
    return configuration


@settings(max_examples=many(25))
@given(configurations(identified=True), st.integers(2, 9), st.randoms(use_true_random=False))
def test_setting_a_deployment_up_again_changes_no_byte(configuration, step, random):
    configuration = without_loose_ends(configuration)
    again = renumbered(configuration, lambda number: number * step + 1)
    for items in again.values():
        if isinstance(items, list):
            random.shuffle(items)
    if "p2pstream_waf_" not in json.dumps(configuration):
        assert export_in(again) == export_in(configuration)
