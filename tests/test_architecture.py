"""The table of allowed imports: arrows point down only, and each library has its room."""

import ast

import pytest

from support import ROOT

HOUSE = ROOT / "linter" / "edgelint"

LAYERS = [
    {"__main__"},
    {"cli"},
    {"run", "scaffold", "difference", "proving"},
    {"fixing", "export", "showing"},
    {
        "config",
        "readers",
        "checks",
        "report",
        "suppress",
        "baseline",
        "anchoring",
        "explain",
        "absorption",
        "completions",
    },
    {"picture"},
    {"knowledge"},
    {"wording", "remedies"},
    {"evidence"},
    {"facts"},
    {"routing", "separators", "tracing", "rule_index", "ways_in"},
    {
        "languages",
        "catalog",
        "deadness",
        "grouping",
        "guards",
        "keys",
        "replay",
        "requests",
        "platforms",
        "fingerprint",
        "simulation",
        "path_classes",
        "patterns",
        "typos",
        "spellings",
        "sensitive",
    },
    {"meaning", "finding", "budgets"},
    {"model", "space"},
    {"source", "repository", "resources"},
    {"record"},
]
INSIDE = [
    {
        "acme",
        "arrivals",
        "coverage",
        "denials",
        "disguises",
        "doors",
        "fronts",
        "gaps",
        "hints",
        "origins",
        "plausibility",
        "same_key",
    },
    {"caching", "escapes", "pairs", "stages", "trust"},
    {
        "addressees",
        "credentials",
        "families",
        "machines",
        "navigation",
        "padding",
        "quotas",
        "redirects",
        "scope",
    },
    {"strictness"},
    {"landings", "variants"},
]
"""The same within `knowledge`, whose modules rest on one another."""

LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
INNER = {module: level for level, modules in enumerate(INSIDE) for module in modules}

LIBRARIES = {
    "lark": {"languages"},
    "pydantic": {"config"},
    "pydantic_core": {"config"},
    "yaml": {"readers", "config"},
    "sqlite3": {"readers"},
    "http": {"export"},
    "socket": {"export"},
    "ssl": {"export"},
    "networkx": {"picture"},
}


def imports():
    for path in sorted(HOUSE.rglob("*.py")):
        room = path.relative_to(HOUSE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                yield path, room, name


ALL = list(imports())


def test_every_room_has_its_place_in_the_table():
    rooms = {room for _, room, _ in ALL if room != "__init__"}
    assert rooms <= LEVEL.keys()


def test_arrows_point_down():
    wrong = []
    for path, room, name in ALL:
        parts = name.split(".")
        if parts[0] != "edgelint" or len(parts) < 2 or room == "__init__":
            continue
        target = parts[1]
        if target != room and LEVEL[target] <= LEVEL[room]:
            wrong.append(f"{path.relative_to(HOUSE)} imports {name}")
    assert not wrong


def test_arrows_point_down_within_knowledge():
    wrong = []
    for path, room, name in ALL:
        parts = name.split(".")
        inside = room == "knowledge" and path.stem != "__init__" and parts[:2] == ["edgelint", "knowledge"]
        if inside and INNER[parts[2]] <= INNER[path.stem]:
            wrong.append(f"{path.relative_to(HOUSE)} imports {name}")
    assert not wrong


def test_every_module_of_knowledge_has_its_place():
    assert {path.stem for path in (HOUSE / "knowledge").glob("*.py")} - {"__init__"} == INNER.keys()


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_each_library_stays_in_its_room(library):
    rooms = {room for _, room, name in ALL if name.split(".")[0] == library}
    assert rooms <= LIBRARIES[library]


def test_the_request_space_knows_nothing_of_policies():
    assert {name.split(".")[1] for _, room, name in ALL if room == "space" and name.startswith("edgelint.")} == {
        "space"
    }


def test_no_module_prints_but_the_command_line():
    for path in HOUSE.rglob("*.py"):
        if path.parent.name != "cli":
            calls = [
                node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
            ]
            assert not [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"], path
