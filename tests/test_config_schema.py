"""The JSON Schema of the configuration says what the loader says, as far as JSON Schema can say it."""

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from edgelint import catalog
from edgelint.config import ConfigError, json_schema, published_schema
from edgelint.config.document import document
from edgelint.config.schema import PARTS, keys
from edgelint.config.validation import validated
from edgelint.finding import Severity
from support import FIXTURES, ROOT

jsonschema = pytest.importorskip("jsonschema_rs", reason="comes with the `oracles` dependency group")

SCHEMA = json.loads(published_schema())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA, validate_formats=True)

SAMPLE = """
version: 1
include: [rules/**/*.yaml, "live/proxy.db"]
fail_on: low
topology:
  listeners:
    "*": {behind: fastly, preserves_client_ip: false}
    staff-only: {behind: [192.0.2.0/24, "2001:db8:1::/48"], caches: true, longest_header: 16384}
    "name: with # signs": {behind: edge}
  upstreams:
    - {host: Tickets.example.net, stack: rails, websockets: true, overrides: false}
    - {static: true, acme: false}
  trusted_headers: [X-Real-Client]
  machine_endpoints:
    - {path: /status, every: 30s}
    - {host: "*.partners.example.net"}
ignore:
  - check: broad-scope
    rule: waf/closed for maintenance
    reason: everybody is to see that page
    expires: 2031-06-30
assertions:
  - name: signing in is limited
    for: 'path_prefix(path, "/session")'
    require: rate_limited
    at_most: 5/30s
    per: client
  - {name: nobody keeps orders, for: 'path == "/orders"', require: not_cached}
tests: [tests/*.requests.yaml]
"""


def verdict(values):
    """What the loader says of some values, empty when they are accepted."""
    try:
        validated(document(Path("edgelint.yaml"), json.dumps(values, ensure_ascii=False)), Path())
    except ConfigError as error:
        return str(error)
    return ""


def values_of(name, text):
    """The values of a document as an editor sees them: days are texts."""

    def plain(value):
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        if isinstance(value, list):
            return list(map(plain, value))
        return value.isoformat() if isinstance(value, date) else value

    return plain(document(Path(name), text).values)


def readme_blocks(language, first):
    """The blocks of the README in a language that begin with some text."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return [block for block in blocks if block.startswith(first)]


def test_what_is_published_is_what_the_models_say():
    """To publish it anew: python -m edgelint.config.json_schema."""
    assert published_schema() == json_schema.text()


def test_the_schema_is_a_schema_of_draft_07():
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.meta.validate(SCHEMA)
    assert "$ref" not in published_schema()  # editors show no description beside one


def described(schema, way="configuration"):
    """Every key of a schema, with its description."""
    for name, key in schema.get("properties", {}).items():
        yield f"{way}.{name}", key.get("description", "")
        yield from described(key, f"{way}.{name}")
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from described(schema[word], way)


def test_every_key_has_its_description():
    found = dict(described(SCHEMA))
    assert len(found) == sum(len(keys(part)) for part in PARTS)
    for key, text in found.items():
        assert re.fullmatch(r"[A-Z].{15,}[.]", text), key


def test_no_object_takes_other_keys():
    objects = re.findall(r'"type": "object"', published_schema())
    closed = re.findall(r'"additionalProperties": (?:false|\{)', published_schema())
    assert len(objects) == len(closed) == len(PARTS) + 1


def test_what_there_is_to_choose_from_is_listed():
    top = SCHEMA["properties"]
    assert top["fail_on"]["enum"] == [severity.value for severity in Severity]
    assert top["ignore"]["items"]["properties"]["check"]["enum"] == list(catalog.names())
    assert "not_cached" in top["assertions"]["items"]["properties"]["require"]["enum"]


@pytest.mark.parametrize("text", [SAMPLE, *readme_blocks("yaml", "version: 1\n")])
def test_examples_are_valid(text):
    values = values_of("edgelint.yaml", text)
    assert verdict(values) == ""
    VALIDATOR.validate(values)


def test_the_sample_speaks_of_every_key():
    values = values_of("edgelint.yaml", SAMPLE)
    assert {key for part in PARTS for key in keys(part)} <= set(keys_in(values))


def keys_in(value):
    """Every key of every object in a value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    yield from value if isinstance(value, dict) else ()
    for one in inner:
        yield from keys_in(one)


CONFIGURATIONS = sorted([*FIXTURES.rglob("*.config.yaml"), *FIXTURES.rglob("edgelint.yaml")])


def test_every_configuration_among_the_fixtures_is_valid():
    assert CONFIGURATIONS
    for path in CONFIGURATIONS:
        VALIDATOR.validate(values_of(path.name, path.read_text(encoding="utf-8")))


def test_days_of_toml_are_days():
    text = "[[tool.edgelint.ignore]]\ncheck='broad-scope'\nrule='waf/1'\nreason='x'\nexpires=2031-01-31\n"
    VALIDATOR.validate(values_of("pyproject.toml", text))


WRONG = [
    [],
    "text",
    {"verson": 1},
    {"version": 2},
    {"version": "1"},
    {"version": True},
    {"fail_on": "never"},
    {"include": "x.json"},
    *({"include": [pattern]} for pattern in ("", ".", "./", "/etc/x", "../x", "a/../b", "a**b", "a:b", "a\\b", "a\tb")),
    {"include": ["**/a/**/b/**"]},
    {"topology": None},
    {"topology": {"listeners": {"a": None}}},
    {"topology": {"listeners": {"a": {"bahind": "edge"}}}},
    *({"topology": {"listeners": {"a": {"behind": one}}}} for one in ("Cloud Flare", "", [], None, 1, [1], ["nginx"])),
    *({"topology": {"listeners": {"a": {"behind": [one]}}}} for one in ("10.0.0.0/255.0.0.0", "fe80::1%eth0", "1.2.3")),
    *({"topology": {"listeners": {"a": {"caches": one}}}} for one in ("yes", "no", "true", 1, 0, None)),
    *({"topology": {"listeners": {"a": {"longest_header": one}}}} for one in (0, -1, "8192", True, None)),
    *({"topology": {"upstreams": [{"stack": one}]}} for one in ("cobol", None)),
    *({"topology": {"trusted_headers": [one]}} for one in ("a b", "", "a:")),
    *({"topology": {"machine_endpoints": [one]}} for one in ({}, {"every": "1s"}, {"path": "x"}, {"host": " "})),
    *(
        {"topology": {"machine_endpoints": [{"path": "/", "every": one}]}}
        for one in ("1", "0s", "1 s", "1w", "1.5s", 10)
    ),
    {"ignore": [{"check": "broad-scope", "rule": "waf/1"}]},
    {"ignore": [{"check": "broad-scop", "rule": "waf/1", "reason": "x"}]},
    *(
        {"ignore": [{"check": "broad-scope", "rule": one, "reason": "x"}]}
        for one in ("waf", "waf/", "WAF/1", "/x", "a/b\nc")
    ),
    {"ignore": [{"check": "broad-scope", "rule": "waf/1", "reason": " \n"}]},
    *(
        {"ignore": [{"check": "broad-scope", "rule": "waf/1", "reason": "x", "expires": one}]}
        for one in ("soon", "20310131", "2031-W05-1", 20310131, None)
    ),
    {"assertions": [{"name": "a", "for": "b", "require": "safe"}]},
    {"assertions": [{"name": "a", "subject": "b", "require": "cached"}]},
    {"assertions": [{"name": "a", "for": "b", "require": "cached", "per": "client"}]},
    {"assertions": [{"name": "a", "for": "b", "require": "blocked", "at_most": "1/1s"}]},
    *(
        {"assertions": [{"name": "a", "for": "b", "require": "rate_limited", "at_most": one}]}
        for one in ("0/1m", "1/0m", "1", "1/m", "-1/1m", "1/1m ", 5)
    ),
    {"assertions": [{"name": "a", "for": "b", "require": "rate_limited", "per": "host"}]},
]


@pytest.mark.parametrize("values", WRONG, ids=lambda values: json.dumps(values)[:80])
def test_what_the_loader_refuses_is_invalid(values):
    assert verdict(values)
    assert not VALIDATOR.is_valid(values)


BEYOND = [
    {"topology": {"listeners": {"a": {"behind": ["10.0.0.1/8"]}}}},
    {"topology": {"listeners": {"a": {"behind": ["300.0.0.0/8"]}}}},
    {"topology": {"listeners": {"a": {"behind": ["10.0.0.0/33"]}}}},
    {"topology": {"listeners": {"a": {"behind": ["2001:db8:::/32"]}}}},
]


@pytest.mark.parametrize("values", BEYOND, ids=json.dumps)
def test_what_json_schema_cannot_say_only_the_loader_refuses(values):
    assert "in CIDR notation" in verdict(values)
    assert VALIDATOR.is_valid(values)


def test_a_day_that_does_not_exist_is_refused_by_both():
    values = {"ignore": [{"check": "broad-scope", "rule": "waf/1", "reason": "x", "expires": "2031-02-30"}]}
    assert "should be a day" in verdict(values)
    assert not VALIDATOR.is_valid(values)


# Documents at random: good ones, and those with one place changed to something else.

TEXT = some.text(alphabet="ab /.:*#'\"-_\né🙂1", max_size=8)
WORDS = TEXT.filter(str.strip)
BOOLEAN = some.booleans()
DURATION = some.builds("{}{}".format, some.integers(1, 999_999_999), some.sampled_from(["ms", "s", "m", "h", "d"]))
NETWORK = some.builds(str, some.ip_addresses(network="10.0.0.0/8")) | some.sampled_from(
    ["::/0", "2001:db8::/32", "0.0.0.0/0"]
)
PATTERN = some.lists(some.sampled_from(["a", "*.json", "b?", "[x]", "**", ".hidden", "~"]), min_size=1, max_size=3).map(
    "/".join
)


def part(required=None, **optional):
    """Objects with these keys, those that are required always."""
    return some.fixed_dictionaries(required or {}, optional=optional)


FRONT = part(
    behind=some.from_regex("[a-z][a-z0-9_-]{0,5}", fullmatch=True) | some.lists(NETWORK, min_size=1, max_size=2),
    preserves_client_ip=BOOLEAN,
    caches=BOOLEAN,
    longest_header=some.integers(1, 10**9),
)
ENDPOINT = part({"path": TEXT.map("/{}".format)}, host=WORDS, every=DURATION) | part({"host": WORDS}, every=DURATION)
UPSTREAM = part(host=TEXT, stack=some.sampled_from(["go", "php"]), websockets=BOOLEAN, static=BOOLEAN, acme=BOOLEAN)
IGNORE = part(
    {
        "check": some.sampled_from(catalog.names()),
        "rule": WORDS.map(lambda text: "waf/" + text.replace("\n", "")),
        "reason": WORDS,
    },
    expires=some.dates().map(str),
).filter(lambda entry: len(entry["rule"]) > 4)
BUDGET = some.builds("{}/{}".format, some.integers(1, 999_999_999), DURATION)
DEMAND = part(
    {"name": WORDS, "for": WORDS, "require": some.just("rate_limited")}, at_most=BUDGET, per=some.just("client")
) | part({"name": WORDS, "for": WORDS, "require": some.sampled_from(["blocked", "not_cached"])})
TOPOLOGY = part(
    listeners=some.dictionaries(TEXT, FRONT, max_size=2),
    upstreams=some.lists(UPSTREAM, max_size=2),
    trusted_headers=some.lists(some.from_regex("[a-zA-Z-]{1,5}", fullmatch=True), max_size=2),
    machine_endpoints=some.lists(ENDPOINT, max_size=2),
)
DOCUMENT = part(
    version=some.just(1),
    include=some.lists(PATTERN.filter(lambda pattern: pattern.count("**") < 3), max_size=2),
    fail_on=some.sampled_from([severity.value for severity in Severity]),
    topology=TOPOLOGY,
    ignore=some.lists(IGNORE, max_size=2),
    assertions=some.lists(DEMAND, max_size=2),
)
JUNK = some.sampled_from(
    [None, True, False, 0, 1, -5, "", " ", "x", "1", [], {}, ["x"], {"x": 1}, [[]], "/x", "1s", "edge"]
)


@given(values=DOCUMENT)
def test_good_documents_are_accepted_by_both(values):
    assert verdict(values) == ""
    assert VALIDATOR.is_valid(values)


@given(values=DOCUMENT, junk=JUNK | TEXT, choice=some.randoms(use_true_random=False))
@example(values={"version": 1}, junk=True, choice=None)
def test_changed_documents_are_accepted_by_both_or_by_neither(values, junk, choice):
    values = changed(values, junk, choice) if choice else values | {"version": junk}
    said = verdict(values)
    empty = values is None  # to the loader a file without a document
    assert VALIDATOR.is_valid(values) == (said == "") or "in CIDR notation" in said or empty


def changed(value, junk, choice):
    """The values with something else in one place, or with one key more or less."""
    inner = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    if not inner or choice.random() < 0.15:
        return junk
    key = choice.choice(list(inner))
    copy = value.copy()
    if isinstance(value, dict) and choice.random() < 0.2:
        return {one: copy[one] for one in copy if one != key} | choice.choice(
            [{}, {"foo": junk}, {"host": junk}, {"per": junk}]
        )
    copy[key] = changed(copy[key], junk, choice)
    return copy


def patterns_in(schema):
    """Every pattern of a schema."""
    if isinstance(schema, dict):
        yield from [schema["pattern"]] if isinstance(schema.get("pattern"), str) else []
        for one in schema.values():
            yield from patterns_in(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from patterns_in(one)


def test_patterns_mean_in_an_editor_what_they_mean_here():
    """Editors run them as ECMAScript does."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    texts = [
        "",
        ".",
        "./",
        "/x",
        "../x",
        "a/../b",
        "a/..b",
        "a**b",
        "**/*.json",
        "**/**/**",
        "a:b",
        "a\\b",
        "a\tb",
        "é/🙂",
        "edge",
    ]
    texts += [
        "10.0.0.0/8",
        "::1",
        "2001:db8::/32",
        "10.0.0.0/255.0.0.0",
        "x-a",
        "a b",
        "waf/20",
        "waf/a\nb",
        "waf/\u2028",
        "waf",
    ]
    texts += ["10s", "0s", "1w", "10/1m", "10/1", "2031-01-31", "20310131", " ", "x\n", "10s\n", "waf/20\n", "edge\n"]
    patterns = sorted(set(patterns_in(SCHEMA)))
    program = "const [p, t] = JSON.parse(process.argv[1]); console.log(JSON.stringify(p.map(x => t.map(y => new RegExp(x, 'u').test(y)))))"
    done = subprocess.run(
        ["node", "-e", program, json.dumps([patterns, texts])], capture_output=True, text=True, check=True
    )
    ours = [
        [
            re.search(pattern.removesuffix("$") + (r"\Z" if pattern[-1] == "$" else ""), text) is not None
            for text in texts
        ]
        for pattern in patterns
    ]
    assert json.loads(done.stdout) == ours
