"""A first configuration for a folder: what its rule sets say of themselves, and what only their owner can add."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from glob import escape
from itertools import islice
from pathlib import Path, PurePosixPath

from edgelint.config.yaml_text import LONGEST_KEY, remark, scalar
from edgelint.facts import Facts
from edgelint.knowledge.hints import Hint, hinted
from edgelint.model.policy import Listener, Route, Rule
from edgelint.model.topology import MachineEndpoint
from edgelint.readers import read
from edgelint.record import record
from edgelint.replay import route_name
from edgelint.repository import top, unignored

MOST_PATTERNS, MOST_LISTENERS, MOST_ENDPOINTS = 200, 50, 20
"""How much of each is written: the file is for people, and has an upper size."""

_HEAD = """\
# What edgelint is told about these rule sets. `edgelint schema` prints every key that may stand here, with its meaning.
version: 1

# What `edgelint check` reads when no paths are given: patterns for paths below this folder, `**` for folders at any depth.
"""
_NOTHING_FOUND = """\
# No rule set was found yet: say where they will be.
# include:
#   - edge/*.json
"""
_SCATTERED = """\
# The rule sets are in too many places to list them; without patterns this folder is searched.
# include:
#   - edge/**/*.json
"""
_FAIL_ON = """
# A finding of this severity or more ends a run with exit code 1: info, low, medium, high or critical.
fail_on: medium

# What the edge cannot know about itself. Until it is said, findings that depend on it are only likely, and shown with
# --pedantic only. Take the first `# ` away from the lines that apply, and correct them.
# topology:
#   # What stands before each listener: `edge` when clients reach it directly, the name of the network before it, such as
#   # `cloudflare`, or the networks that a proxy connects from, such as `[10.0.0.0/8]`. Say `preserves_client_ip: true` where
#   # the addresses of clients come through. `"*"` stands for every listener without an entry.
#   listeners:
"""
_ENDPOINTS = """\
#   # Clients that are no browsers: they solve no captcha, and may ask often. `every` says how often one of them does.
#   machine_endpoints:
"""
_UPSTREAMS = """\
#   # The applications behind. Stacks: aspnet, django, express, go, laravel, php, rails, spring. Also to be said of each:
#   # `websockets`, `acme`, `static` and `overrides`, true or false.
#   upstreams:
"""
_REST = """\
#   # Headers that only the proxy in front can set, for the real addresses of clients.
#   trusted_headers: [x-edge-client]

# Findings that you have looked at and accept. `expires: YYYY-MM-DD` ends that; what is no longer found is reported.
# ignore:
#   - check: broad-scope
#     rule: waf/maintenance
#     reason: the maintenance page is meant for every host
"""


@record
class Scaffold:
    """The text of a configuration, and the files that it includes, relative to its folder."""

    text: str
    files: tuple[str, ...]


def scaffold(folder: Path) -> Scaffold:
    """The configuration for a folder. In a git repository files that git ignores are left out. Raises InputError."""
    reading = read([str(folder)], stdin=bytes)
    known = frozenset(reading.files) & unignored(folder) if top(folder) else frozenset(reading.files)
    files = tuple(str(PurePosixPath(Path(name).relative_to(folder))) for name in sorted(known))
    listeners = [one for policy in reading.policies for one in policy.listeners if one.enabled and _of(known, one)]
    facts = [
        Facts(policy) for policy in reading.policies if any(_of(known, one) for one in policy.routes + policy.rules)
    ]
    hints = [hint for hint in hinted(facts) if _of(known, hint.source)]
    hosts = [route.host for one in facts for route in one.routing.routes if route.host and _of(known, route)]
    parts = (
        *(_HEAD, *_include(patterns(folder, files))),
        *(_FAIL_ON, *islice(_listeners(listeners), MOST_LISTENERS)),
        *(_ENDPOINTS, *islice(_endpoints(hints), MOST_ENDPOINTS)),
        *(_UPSTREAMS, *_upstream(hosts), _REST),
    )
    return Scaffold("".join(parts), files)


def _of(files: Collection[str], one: Listener | Route | Rule) -> bool:
    return one.place.source.name in files


# What to read


def _include(patterns: Iterable[str]) -> Iterator[str]:
    found = list(islice(patterns, MOST_PATTERNS + 1))
    if not found:
        yield _NOTHING_FOUND
    elif len(found) > MOST_PATTERNS:
        yield _SCATTERED
    else:
        yield "include:\n"
        yield from (f"  - {scalar(pattern)}\n" for pattern in found)


def patterns(folder: Path, files: Iterable[str]) -> Iterator[str]:
    """Patterns that find just these files below a folder, one for a folder with several files of a kind and no others of it.

    Files beside the configuration are named one by one: nobody knows what else comes to lie there.
    """
    kinds: dict[str, set[PurePosixPath]] = {}
    for file in map(PurePosixPath, files):
        kinds.setdefault(file.suffix, set()).add(file)
    for kind, left in sorted(kinds.items()):
        parents = {parent for file in left for parent in file.parents if parent.parts}
        for place in sorted(parents, key=lambda parent: (len(parent.parts), parent)):
            pattern, found = _shared(folder, place, kind, left)
            if len(found) > 1 and found <= left:
                left -= found
                yield pattern
        yield from sorted(_literally(str(file)) for file in left)


def _shared(
    folder: Path, place: PurePosixPath, kind: str, wanted: set[PurePosixPath]
) -> tuple[str, set[PurePosixPath]]:
    """The pattern for files of a kind in a folder and what it finds; with those below, where they are wanted, too."""
    narrow, wide = (f"{_literally(str(place))}/{shape}{_literally(kind)}" for shape in ("*", "**/*"))
    direct, below = _found(folder, narrow), _found(folder, wide)
    return (wide, below) if direct < below <= wanted else (narrow, direct)


def _found(folder: Path, pattern: str) -> set[PurePosixPath]:
    return {PurePosixPath(path.relative_to(folder)) for path in folder.glob(pattern) if path.is_file()}


def _literally(text: str) -> str:
    """The pattern of one text; `?` stands for characters that neither a pattern of ours nor YAML has room for."""
    return re.sub(r"[\\:\0-\x1f\ud800-\udfff]", "?", escape(text))


# What to say of the surroundings


def _listeners(listeners: Sequence[Listener]) -> Iterator[str]:
    named = {one.name: one for one in reversed(listeners) if _is_key(one.name)}
    for name, one in reversed(named.items()):
        yield f"#     {scalar(name)}: {{behind: edge}}  # {one.protocol}, port {one.port}\n"
    if not named:
        yield '#     "*": {behind: edge}\n'


def _is_key(name: str) -> bool:
    try:
        return len(scalar(name)) <= LONGEST_KEY
    except ValueError:
        return False


def _endpoints(hints: Iterable[Hint]) -> Iterator[str]:
    none = True
    for hint in hints:
        with suppress(ValueError):
            yield f"#     - {{{_endpoint(hint.endpoint)}}}  # {hint.machines.name}, by {remark(_name(hint.source))[:80]}\n"
            none = False
    if none:
        yield "#     - {path: /healthz, every: 10s}\n"


def _endpoint(endpoint: MachineEndpoint) -> str:
    """The keys of an endpoint and their values. Raises ValueError for what YAML cannot hold."""
    words = {"host": endpoint.host, "path": endpoint.path}
    said = [f"{key}: {scalar(word)}" for key, word in words.items() if word]
    return ", ".join([*said, f"every: {endpoint.every:g}s"] if endpoint.every else said)


def _name(source: Route | Rule) -> str:
    return f"route {route_name(source)}" if isinstance(source, Route) else str(source)


def _upstream(hosts: Sequence[str]) -> Iterator[str]:
    """An example, with a host of theirs where there is one."""
    host = next((one for one in hosts if _is_key(one)), "app.example.com")
    yield f"#     - {{host: {scalar(host)}, stack: django}}\n"
