"""Files of requests: JSON Lines, an object for each request like the witness of a JSON report, and HAR 1.2 of browsers."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import TypeGuard

from edgelint.record import record, replace
from edgelint.requests.sent import RequestError, Sent, request_has, sent

MOST_BYTES = 64 * 1024 * 1024
"""Size of the largest file that is read."""

_KEYS = frozenset(("method", "url", "headers", "ip", "listener", "curl"))
_Object = dict[str, object]


@record
class Placed:
    """A request with its place in the file, or why there is none at this place."""

    place: str
    request: Sent | None
    error: str = ""


def read_file(name: str, data: bytes, address: str = "", listener: str = "") -> Iterator[Placed]:
    """The requests of a file in order; `address` and `listener` are those of requests that name none."""
    if len(data) > MOST_BYTES:
        yield Placed(name, None, f"the file is larger than {MOST_BYTES // 2**20} MiB")
        return
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield Placed(f"{name}:{line}", None, "the text is not UTF-8")
        return
    if not text.strip():
        yield Placed(name, None, "the file is empty")
    elif _is_har(text):
        yield from _har(name, text, address, listener)
    else:
        yield from _lines(name, text, address, listener)


def _is_har(text: str) -> bool:
    """Whether a text is one JSON object with a log: its first line is none, or the whole is."""
    head = re.match(r"\s*([^\n]*)", text)
    try:
        first = _loaded(head[1] if head else "")
    except RequestError:
        return re.match(r'\s*\{\s*"log"', text) is not None
    return isinstance(first, dict) and "log" in first


def _loaded(text: str) -> object:
    """The value of a JSON text. Raises RequestError."""
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}" if "\n" in text.strip() else f"column {error.colno}"
        raise RequestError(f"the text is no JSON at {where}: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except RecursionError:
        raise RequestError("values are nested too deeply to be read") from None
    except RequestError:
        raise
    except ValueError:
        raise RequestError("there is a number with too many digits") from None


def _unique(pairs: list[tuple[str, object]]) -> _Object:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for position, (key, _) in enumerate(pairs) if key in dict(pairs[:position]))
        raise RequestError(f"key `{twice}` stands twice in one object")
    return found


# JSON Lines


def _lines(name: str, text: str, address: str, listener: str) -> Iterator[Placed]:
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line.strip():
            try:
                yield Placed(f"{name}:{number}", _from_line(_loaded(line), address, listener))
            except RequestError as error:
                yield Placed(f"{name}:{number}", None, str(error))


def _from_line(value: object, address: str, listener: str) -> Sent:
    if not _is_object(value):
        raise RequestError(f"a request should be an object, not {_described(value)}")
    for key in value:
        if key not in _KEYS:
            raise RequestError(f"unknown key `{key}`, there is {', '.join(sorted(_KEYS))}")
    return sent(
        _text(value, "method", "GET"),
        _text(value, "url"),
        _pairs(value.get("headers", [])),
        _text(value, "ip", address),
        listener=_text(value, "listener", listener),
    )


def _pairs(value: object) -> Iterator[tuple[str, str]]:
    for pair in value if isinstance(value, list) else [value]:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise RequestError('`headers` should be a list of pairs such as `["accept", "*/*"]`')
        yield pair[0], pair[1]


# HAR


def _har(name: str, text: str, address: str, listener: str) -> Iterator[Placed]:
    try:
        document = _loaded(text)
    except RequestError as error:
        yield Placed(name, None, str(error))
        return
    log = document.get("log") if _is_object(document) else None
    entries = log.get("entries") if _is_object(log) else None
    if not isinstance(entries, list):
        yield Placed(name, None, "`log.entries` should be a list")
        return
    for number, entry in enumerate(entries):
        place = f"{name}: log.entries[{number}]"
        try:
            yield Placed(place, _from_entry(entry, address, listener))
        except RequestError as error:
            yield Placed(place, None, str(error))


def _from_entry(entry: object, address: str, listener: str) -> Sent:
    request = entry.get("request") if _is_object(entry) else None
    if not _is_object(request):
        raise RequestError("the entry has no object `request`")
    # Browsers write the parts of HTTP/2's request line among the headers, with a colon in front.
    headers = [pair for pair in _named(request, "headers") if not pair[0].startswith(":")]
    cookies = "; ".join(f"{name}={value}" for name, value in _named(request, "cookies"))
    if cookies and not request_has(headers, "cookie"):
        headers.append(("Cookie", cookies))
    content = request.get("postData")
    found = sent(_text(request, "method"), _text(request, "url"), headers, address, listener=listener)
    return replace(found, body=_is_object(content) and content.get("text") != "")


def _named(request: _Object, key: str) -> Iterable[tuple[str, str]]:
    """The names and values of a list of objects."""
    items = request.get(key, [])
    if not isinstance(items, list):
        raise RequestError(f"`{key}` should be a list")
    for item in items:
        if not _is_object(item):
            raise RequestError(f"`{key}` should hold objects with `name` and `value`")
        yield _text(item, "name"), _text(item, "value", "")


def _text(value: _Object, key: str, default: str | None = None) -> str:
    found = value.get(key, default)
    if found is None:
        raise RequestError(f"`{key}` is missing")
    if not isinstance(found, str):
        raise RequestError(f"`{key}` should be a text, not {_described(found)}")
    return found


def _is_object(value: object) -> TypeGuard[_Object]:
    return isinstance(value, dict)


def _described(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
