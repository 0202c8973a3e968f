import hashlib
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from reading import messages, no_input, only_policy, only_problem, only_rule, read_paths, read_text

from edgelint.model.expression import Opaque
from edgelint.readers import p2pstream_sqlite, read
from edgelint.source import Cell
from support import corpus

TABLE = """
CREATE TABLE public_rate_limit_rules (
    id INTEGER PRIMARY KEY, name TEXT, priority INTEGER DEFAULT 100, enabled INTEGER DEFAULT 1, algorithm TEXT DEFAULT '',
    limit_count INTEGER DEFAULT 5, window_millis INTEGER DEFAULT 60000, match_json TEXT DEFAULT '{}', key_parts_json TEXT)
"""


def make(path: Path, *statements: str, mode: str = "delete") -> Path:
    """A small database of p2pstream's with these statements run on it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute(TABLE)
        for statement in statements:
            connection.execute(statement)
    return path


def fingerprint(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    """A database that another process has open, its last rule still in the write-ahead log."""
    path = make(tmp_path / "p2pstream.db", "INSERT INTO public_rate_limit_rules (name) VALUES ('old')", mode="wal")
    code = (
        "import sqlite3, sys\n"
        f"connection = sqlite3.connect({str(path)!r}, isolation_level=None)\n"
        "connection.execute('PRAGMA wal_autocheckpoint = 0')\n"
        "connection.execute(\"INSERT INTO public_rate_limit_rules (name) VALUES ('new')\")\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    )
    server = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdout
    assert server.stdin
    assert server.stdout.readline() == b"ready\n"
    yield path
    server.stdin.close()
    assert server.wait() == 0
    server.stdout.close()


def test_a_database_in_use_is_read_with_its_log_and_nothing_around_it_changes(served):
    before = fingerprint(served.parent)
    assert set(before) == {"p2pstream.db", "p2pstream.db-shm", "p2pstream.db-wal"}
    assert [rule.name for rule in only_policy(read_paths(served)).rules] == ["old", "new"]
    assert fingerprint(served.parent) == before


def test_a_copy_with_its_log_is_read_as_a_whole_and_nothing_around_it_changes(served, tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("p2pstream.db", "p2pstream.db-wal"):
        shutil.copyfile(served.with_name(name), folder / name)
    before = fingerprint(folder)
    assert [rule.name for rule in only_policy(read_paths(folder / "p2pstream.db")).rules] == ["old", "new"]
    assert fingerprint(folder) == before


def test_a_lone_copy_of_a_database_that_uses_a_log_gets_no_files_beside_it(served, tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    shutil.copyfile(served, folder / "p2pstream.db")
    assert [rule.name for rule in only_policy(read_paths(folder)).rules] == ["old"]
    assert [path.name for path in folder.iterdir()] == ["p2pstream.db"]


def test_a_database_in_a_folder_that_cannot_be_written_is_read(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    path = make(folder / "x.db", "INSERT INTO public_rate_limit_rules (name) VALUES ('r')", mode="wal")
    folder.chmod(0o500)
    try:
        assert only_rule(only_policy(read_paths(path))).name == "r"
    finally:
        folder.chmod(0o700)


def test_a_locked_database_is_a_problem_soon(tmp_path):
    path = make(tmp_path / "x.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        started = time.perf_counter()
        problem = only_problem(read_paths(path))
        assert time.perf_counter() - started < 2
    assert "is locked by another process" in problem.message


def test_a_database_comes_through_standard_input_too(tmp_path):
    for mode in ("delete", "wal"):
        path = make(tmp_path / f"{mode}.db", "INSERT INTO public_rate_limit_rules (name) VALUES ('r')", mode=mode)
        assert only_rule(only_policy(read_text(path.read_bytes()))).name == "r"


def test_a_path_with_signs_of_urls_is_a_path(tmp_path):
    path = make(tmp_path / "a?mode=rw #%41.db", "INSERT INTO public_rate_limit_rules (name) VALUES ('r')")
    assert only_rule(only_policy(read_paths(path))).name == "r"


def test_a_foreign_database_is_a_problem_when_named_and_ignored_in_a_folder(tmp_path):
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection, connection:
        connection.execute("CREATE TABLE users (id INTEGER)")
    assert "not one of p2pstream" in only_problem(read_paths(tmp_path / "x.db")).message
    reading = read_paths(tmp_path)
    assert (reading.policies, messages(reading), len(reading.ignored)) == ((), [], 1)


@pytest.mark.parametrize("size", [16, 40, 100, 1000, 5000, 20000])
def test_a_truncated_database_is_a_problem(tmp_path, size):
    whole = (corpus() / "p2pstream" / "p2pstream-v0.1.41-route-targets.db").read_bytes()
    path = tmp_path / "x.db"
    path.write_bytes(whole[:size])
    problem = only_problem(read_paths(path))
    assert "database" in problem.message
    assert only_problem(read_text(whole[:size])).message == problem.message


def test_a_damaged_database_never_ends_in_anything_but_policies_and_problems(tmp_path):
    whole = bytearray((corpus() / "p2pstream" / "p2pstream-v0.1.41-route-targets.db").read_bytes())
    path = tmp_path / "x.db"
    for seed in range(40):
        damaged = bytearray(whole)
        for step in range(20):
            damaged[(seed * 7919 + step * 104_729) % len(whole)] ^= 1 << (seed + step) % 8
        path.write_bytes(damaged)
        reading = read_paths(path)
        assert reading.policies or reading.problems


def test_columns_of_the_wrong_type_and_broken_json_are_problems_at_their_cells(tmp_path):
    path = make(
        tmp_path / "x.db",
        "INSERT INTO public_rate_limit_rules (id, name, limit_count) VALUES (1, 'a', 'many')",
        "INSERT INTO public_rate_limit_rules (id, name, match_json) VALUES (2, 'b', '{\"cel')",
        "INSERT INTO public_rate_limit_rules (id, name, key_parts_json) VALUES (3, 'c', '[{\"source\": 5.5}]')",
        "INSERT INTO public_rate_limit_rules (id, name, key_parts_json) VALUES (4, 'd', '[')",
        "INSERT INTO public_rate_limit_rules (id, name) VALUES (5, CAST(x'ff' AS TEXT))",
        'INSERT INTO public_rate_limit_rules (id, name, match_json) VALUES (6, \'f\', \'{"cel_expression": "true", "x": 1}\')',
    )
    policy = only_policy(read_paths(path))
    cells = [problem.place.span() for problem in policy.problems]
    assert sorted((cell.row, cell.column) for cell in cells if isinstance(cell, Cell)) == [
        *[("1", "limit_count"), ("2", "match_json"), ("3", "key_parts_json"), ("4", "key_parts_json")],
        *[("5", "name"), ("6", "match_json")],
    ]
    rules = {rule.id: rule for rule in policy.rules}
    assert sorted(rules) == ["2", "5", "6"]
    assert isinstance(rules["2"].match.expression, Opaque)


def test_secrets_are_never_asked_for(tmp_path, monkeypatch):
    source = corpus() / "p2pstream" / "p2pstream-v0.1.39-backends.db"
    path = tmp_path / "x.db"
    shutil.copyfile(source, path)
    asked: set[tuple[str, str]] = set()

    def watched(*arguments: object, **options: object) -> sqlite3.Connection:
        connection = real(*arguments, **options)
        connection.set_authorizer(lambda action, table, column, *_: note(action, table, column))
        return connection

    def note(action: int, table: str | None, column: str | None) -> int:
        if action == sqlite3.SQLITE_READ:
            asked.add((str(table), str(column)))
        return sqlite3.SQLITE_OK

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", watched)
    assert only_policy(read_paths(path)).rules
    assert ("public_waf_rules", "action") in asked
    words = ("secret", "password", "username", "token", "basic_auth", "key_path", "cert", "value", "body")
    harmless = {"body_mode", "response_body_mode", "block_response_body_mode", "upstream_basic_auth_enabled"}
    assert not [pair for pair in asked if any(word in pair[1] for word in words) and pair[1] not in harmless]
    assert not [
        pair for pair in asked if pair[0] in ("users", "sessions", "public_waf_settings", "management_access_tokens")
    ]


def test_views_and_computed_columns_of_a_crafted_database_are_not_run(tmp_path):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE VIEW public_waf_rules AS SELECT 1 AS id, 'x' AS name, ({endless}) AS priority")
        connection.execute(
            "CREATE TABLE public_cache_rules (id INTEGER PRIMARY KEY, name TEXT, "
            "match_json TEXT AS (hex(zeroblob(20000000))) VIRTUAL)"
        )
        connection.execute("INSERT INTO public_cache_rules (name) VALUES ('r')")
    started = time.perf_counter()
    assert only_rule(only_policy(read_paths(path))).name == "r"
    assert time.perf_counter() - started < 2


def test_reading_is_given_up_when_it_takes_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(p2pstream_sqlite, "_MOST_STEPS", 1000)
    monkeypatch.setattr(p2pstream_sqlite, "_STEPS_AT_ONCE", 1000)
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000) SELECT 'r' || i FROM n"
    path = make(tmp_path / "x.db", f"INSERT INTO public_rate_limit_rules (name) {rows}")
    assert "takes too long" in only_problem(read_paths(path)).message


def test_very_many_rows_are_cut_and_noted(tmp_path, monkeypatch):
    monkeypatch.setattr(p2pstream_sqlite, "_MOST_ROWS", 3)
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9) SELECT 'r' || i FROM n"
    policy = only_policy(read_paths(make(tmp_path / "x.db", f"INSERT INTO public_rate_limit_rules (name) {rows}")))
    assert len(policy.rules) == 3
    assert "more than 3 rows" in only_problem(policy).message


def test_a_large_database_is_not_too_large(tmp_path):
    path = make(
        tmp_path / "x.db", "INSERT INTO public_rate_limit_rules (name) VALUES ('r')", "CREATE TABLE events (x BLOB)"
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO events VALUES (zeroblob(?))", (70 * 1024 * 1024,))
    assert path.stat().st_size > 64 * 1024 * 1024
    reading = read([str(path)], stdin=no_input)
    assert only_rule(only_policy(reading)).name == "r"
