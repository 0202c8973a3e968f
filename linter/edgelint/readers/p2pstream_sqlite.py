"""p2pstream's own database (SQLite), of every version since rate limits exist, read without disturbing a running server.

A place in it is a cell. Nothing is ever written, no file is ever created beside the database: one that nobody has open is
read as immutable, one in use through the shared memory of its write-ahead log, which stays as it is. Where the log is there
but its shared memory is not, as in a copy, both are read from a copy in a temporary folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgelint.model.policy import Problem
from edgelint.readers.contract import File, Reading
from edgelint.readers.documents import json_document
from edgelint.readers.documents.document import UnreadableError, unreadable
from edgelint.readers.p2pstream.content import Part
from edgelint.readers.p2pstream.tables import JSON_SUFFIX, RULE_TABLES, TABLES, Table
from edgelint.source import Cell, Inner, Place, Route, Source

if TYPE_CHECKING:
    from sqlite3 import Connection

FORMAT = "p2pstream-sqlite"

_MAGIC = b"SQLite format 3\0"
_WRITE_VERSION = 18
"""Offset of the byte that is 2 when a write-ahead log is used (file format, section 1.3)."""
_BUSY_SECONDS = 0.25
_MOST_STEPS = 200_000_000
"""Instructions of the database engine after which reading is given up; a rule takes about a hundred."""
_STEPS_AT_ONCE = 1_000_000
_MOST_ROWS = 200_000
_LONGEST_VALUE = 16 * 1024 * 1024
_MOST_TEXT = 256 * 1024 * 1024
"""Code points read in all: the pages of a damaged database may make many cells of one."""


def recognises(name: str, head: bytes) -> bool:  # noqa: ARG001 (only the content tells)
    """Whether it is an SQLite database."""
    return head.startswith(_MAGIC)


def read(files: Sequence[File]) -> Reading:
    """A policy for each database of p2pstream."""
    reading = Reading()
    for file in files:
        try:
            reading += _read(file)
        except UnreadableError as error:
            reading += Reading(problems=error.problems)
    return reading


def _read(file: File) -> Reading:
    with _connected(file) as connection:
        columns = _columns(connection)
        if not RULE_TABLES & columns.keys():
            if not file.named:
                return Reading(ignored=(file.name,))
            raise unreadable(file.name, "", "this is an SQLite database, but not one of p2pstream")
        rows = _Rows(file.name)
        for table in TABLES:
            if table.name in columns:
                rows.read(connection, table, columns[table.name])
    from edgelint.readers.p2pstream.policy import read_policy

    return Reading((read_policy(file.name, [rows.part()]),))


@contextmanager
def _connected(file: File) -> Iterator[Connection]:
    """A connection that reads and does nothing else; every trouble of the database engine becomes an UnreadableError."""
    import sqlite3

    try:
        with _opened(file) as connection, closing(connection):
            _restrict(connection)
            yield connection
    except (sqlite3.Error, UnicodeError) as error:  # messages about damage may quote bytes that are no text
        raise unreadable(file.name, "", _trouble(error)) from None


def _trouble(error: Exception) -> str:
    text = str(error).lower()
    known = {
        "locked": 'the database is locked by another process, copy it with `sqlite3 p2pstream.db ".backup copy.db"`',
        "not a database": "the file is not an SQLite database",
        "malformed": "the database is damaged",
        "unable to open": "the database cannot be opened",
        "interrupted": "the database takes too long to read",
        "readonly": "the database was left in the middle of a write, open it with p2pstream once or copy it with `.backup`",
    }
    return next((words for part, words in known.items() if part in text), "the database cannot be read")


@contextmanager
def _opened(file: File) -> Iterator[Connection]:
    import sqlite3

    if file.path is None:
        yield _in_memory(file.data())
        return
    path = file.path.resolve()
    if not recognises(file.name, file.head()):
        raise sqlite3.DatabaseError("not a database")
    log, shared = path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")
    if file.head()[_WRITE_VERSION : _WRITE_VERSION + 1] != b"\x02":
        yield _connect(path, "mode=ro")
    elif not log.exists():
        yield _connect(path, "mode=ro&immutable=1")
    elif shared.exists():
        yield _connect(path, "mode=ro&readonly_shm=1")
    else:
        with _copied(path, log) as copy:
            yield _connect(copy, "mode=rw")


def _connect(path: Path, how: str) -> Connection:
    import sqlite3

    return sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def _in_memory(data: bytes) -> Connection:
    """A database that came through a stream; its log did not, so it is read as it is."""
    import sqlite3

    connection = sqlite3.connect(":memory:", isolation_level=None)
    whole = bytearray(data)
    if len(whole) > _WRITE_VERSION + 1:
        whole[_WRITE_VERSION] = whole[_WRITE_VERSION + 1] = 1
    connection.deserialize(bytes(whole))
    return connection


@contextmanager
def _copied(path: Path, log: Path) -> Iterator[Path]:
    import shutil
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="edgelint-") as folder:
        copy = Path(folder, path.name)
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name(log.name))
        yield copy


def _restrict(connection: Connection) -> None:
    """Bound what a crafted database can cost, and keep it from running functions of its own choice."""
    import sqlite3

    steps = iter(range(_MOST_STEPS // _STEPS_AT_ONCE))
    connection.set_progress_handler(lambda: next(steps, None) is None, _STEPS_AT_ONCE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.text_factory = _text
    for pragma in ("query_only = on", "trusted_schema = off", "cell_size_check = on", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")  # all tables as they are at one moment


def _text(value: bytes) -> str | bytes:
    """Text, or the bytes of what claims to be text and is not."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def _columns(connection: Connection) -> dict[str, frozenset[str]]:
    """The plain columns of each table of the schema; views, virtual tables and computed columns are not looked at."""
    found: dict[str, frozenset[str]] = {}
    names = {table.name for table in TABLES}
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    for (name,) in connection.execute(query).fetchall():
        if name in names:
            rows = connection.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", (name,))
            found[name] = frozenset(column for (column,) in rows)
    return found


class _Rows:
    """What was read of one database, as a configuration, and how its routes lead back to cells."""

    def __init__(self, name: str) -> None:
        self._source = Source(name, "", self._find)
        self._value: dict[str, Any] = {}
        self._ids: dict[str, list[str]] = {}
        self._problems: list[Problem] = []
        self._text = 0

    def part(self) -> Part:
        return Part(self._value, Place(self._source), "kept", tuple(self._problems))

    def read(self, connection: Connection, table: Table, present: frozenset[str]) -> None:
        """Take over the rows of one table, by its id."""
        columns = [column for column in table.columns if column in present]
        if not columns:
            return
        key = table.key if table.key in present else "rowid"
        chosen = ", ".join([key, *columns])
        query = f"SELECT {chosen} FROM {table.name} ORDER BY {key} LIMIT {_MOST_ROWS + 1}"  # noqa: S608 (names of ours)
        objects: list[dict[str, Any]] = []
        ids = self._ids[table.list_name] = []
        for row, *values in connection.execute(query):
            if len(ids) == _MOST_ROWS:
                self._note(f"the table holds more than {_MOST_ROWS} rows, the rest is not read", Cell(table.name))
                break
            self._count(values)
            ids.append(str(row))
            objects.append(self._object(table, str(row), dict(zip(columns, values, strict=True))))
        if not table.single:
            self._value[table.list_name] = objects
        elif objects:
            self._value[table.list_name] = objects[0]

    def _count(self, values: Sequence[object]) -> None:
        self._text += sum(len(value) for value in values if isinstance(value, str | bytes))
        if self._text > _MOST_TEXT:
            raise unreadable(self._source.name, "", "the database holds more text than can be read")

    def _object(self, table: Table, row: str, values: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column, value in values.items():
            *around, name = table.columns[column]
            holder = found
            for step in around:
                holder = holder.setdefault(step, {})
            holder[name] = self._decoded(value, Cell(table.name, row, column))
        return found

    def _decoded(self, value: object, cell: Cell) -> object:
        """The value of a cell, JSON decoded; JSON that cannot be read is noted here."""
        if not cell.column.endswith(JSON_SUFFIX) or not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            document = json_document.read(self._source.name, value)
        except UnreadableError as error:
            from edgelint.readers.p2pstream.objects import Broken

            self._note(error.problems[0].message, cell)
            return Broken.VALUE
        for problem in document.problems:
            self._note(problem.message, cell)
        return document.value

    def _note(self, message: str, cell: Cell) -> None:
        place = Place(Source(self._source.name, "", lambda _route, _inner: cell))
        self._problems.append(Problem("unreadable", message, place))

    def _find(self, route: Route, _inner: Inner | None) -> Cell:
        table = next((table for table in TABLES if route and table.list_name == route[0]), None)
        if table is None:
            return Cell("")
        rest = list(route[1:])
        ids = self._ids.get(table.list_name, [])
        position = 0 if table.single else rest.pop(0) if rest else None
        row = ids[position] if isinstance(position, int) and position < len(ids) else ""
        return Cell(table.name, row, _column(table, rest))


def _column(table: Table, route: Sequence[str | int]) -> str:
    """The column a field is in, or that holds the JSON it is in."""
    matching = (column for column, way in table.columns.items() if route and tuple(route[: len(way)]) == way)
    return next(matching, "")
