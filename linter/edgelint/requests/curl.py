"""Command lines of `curl`, as people write them and as browsers copy them, to the request that they send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote_plus

from edgelint.record import record, replace
from edgelint.requests.curl_options import FLAGS, IGNORED_FLAGS, IGNORED_VALUES, REFUSED, SHORT, VALUES
from edgelint.requests.sent import RequestError, Sent, basic, sent
from edgelint.requests.shell import ShellError, words

AGENT = "curl/8.5.0"
"""What curl calls itself where nobody says otherwise; the version is as good as any."""

_ENCODINGS = "deflate, gzip, br, zstd"
_BOUNDARY = "------------------------0123456789abcdef"
_FORM = "application/x-www-form-urlencoded"
_DATA = ("data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json", "form", "form-string")
_NAME = re.compile(r"(?:.*[/\\])?curl(?:\.exe)?", re.IGNORECASE | re.DOTALL)
_COMMAND = re.compile(r"\s*(?:\$ )?(?:\S*[/\\])?curl(?:\.exe)?\s", re.IGNORECASE)


def is_command(text: str) -> bool:
    """Whether a text is a command line of curl."""
    return _COMMAND.match(f"{text} ") is not None


def read_command(line: str, address: str = "", listener: str = "") -> Sent:
    """The first request that a command line sends. Raises RequestError."""
    try:
        found = words(line.strip().removeprefix("$ "))
    except ShellError as error:
        raise RequestError(str(error)) from None
    if not found or not _NAME.fullmatch(found[0]):
        raise RequestError("the command is not `curl`")
    return _Command(tuple(_options(found[1:]))).sent(address, listener)


_Option = tuple[str, str]
"""The long name of an option and its value, empty where it has none; a URL is option `url`."""


def _options(arguments: Sequence[str]) -> Iterator[_Option]:
    waiting = list(reversed(arguments))
    literal = False
    while waiting:
        word = waiting.pop()
        if literal or not word.startswith("-") or word == "-":
            yield "url", word
        elif word == "--":
            literal = True
        elif word.startswith("--"):
            yield _long(word[2:], word, waiting)
        else:
            yield from _short(word[1:], waiting)


def _short(letters: str, waiting: list[str]) -> Iterator[_Option]:
    """Options of one letter in one word, of which the last may have its value behind it."""
    while letters:
        shown, letters = f"-{letters[0]}", letters[1:]
        name = SHORT.get(shown[1])
        if name is None:
            raise RequestError(f"unknown option `{shown}` of curl")
        if name in VALUES or name in IGNORED_VALUES:
            yield _long(name, shown, [letters] if letters else waiting)
            return
        yield _long(name, shown, waiting)


def _long(name: str, shown: str, waiting: list[str]) -> _Option:
    """An option with its value, which is taken from the words that wait."""
    if name in REFUSED:
        raise RequestError(f"option `{shown}` {REFUSED[name]}")
    if name in VALUES or name in IGNORED_VALUES:
        if not waiting:
            raise RequestError(f"option `{shown}` has no value")
        return name, waiting.pop()
    if name in FLAGS or name in IGNORED_FLAGS or (name.startswith("no-") and name[3:] in IGNORED_FLAGS | FLAGS):
        return name, ""
    raise RequestError(f"unknown option `{shown}` of curl")


@record
class _Body:
    """What is sent as content: its text, None where it is not known, and its type. `form` says that it is multipart."""

    text: str | None
    kind: str
    form: bool = False


@record
class _Command:
    """The options of one command."""

    options: tuple[_Option, ...]

    def values(self, *names: str) -> list[str]:
        return [value for name, value in self.options if name in names]

    def last(self, name: str) -> str | None:
        return next(reversed(self.values(name)), None)

    def has(self, name: str) -> bool:
        return any(given in (name, f"no-{name}") for given, _ in self.options) and self._on(name)

    def _on(self, name: str) -> bool:
        return next(given == name for given, _ in reversed(self.options) if given in (name, f"no-{name}"))

    def sent(self, address: str, listener: str) -> Sent:
        body = self._body()
        url = self._url(None if body is None or not self.has("get") else body)
        body = None if self.has("get") else body
        if body is not None and self.has("head"):
            raise RequestError("curl sends no content with HEAD, leave out `-I` or the data")
        own, gone = self._own_headers()
        added = [pair for pair in self._added(body) if pair[0].lower() not in {name.lower() for name, _ in own} | gone]
        found = sent(self._method(body), url, (*own, *added), address, default="http", listener=listener)
        found = found if self.has("path-as-is") else replace(found, target=_squashed(found.target))
        if found.protocol == "http" and self.has("http2"):
            raise RequestError(
                "option `--http2` asks for another protocol first where the URL is not https, leave it out"
            )
        if "host" in gone:
            found = replace(found, hosts=())
        return replace(
            found,
            body=body is not None and body.text != "",
            added=tuple(name.lower() for name, _ in added),
            assumed=(*found.assumed, *self._assumed(body, added)),
        )

    def _method(self, body: _Body | None) -> str:
        usual = "HEAD" if self.has("head") else "GET" if body is None else "POST"
        return self.last("request") or usual

    def _url(self, data: _Body | None) -> str:
        urls = self.values("url")
        if len(urls) != 1:
            raise RequestError(
                "the command has several URLs, trace them one by one" if urls else "the command has no URL"
            )
        url, hash_, fragment = urls[0].partition("#")
        if re.search(r"[ \t\r\n]", url):
            raise RequestError("curl refuses a URL with a space, write `%20`")
        if not self.has("globoff") and re.search(r"[{}]|\[(?![0-9A-Fa-f:.%]*:[0-9A-Fa-f:.%]*\])", url):
            raise RequestError("curl takes braces and brackets in a URL for a list of URLs, add `-g` or encode them")
        parts = [_encoded_pair(part) for part in self.values("url-query")]
        if data is not None:
            if data.text is None:
                raise RequestError("the parameters are in a file, write them out")
            parts.append(data.text)
        for part in filter(None, parts):
            url += ("&" if "?" in url else "?") + part
        return url + hash_ + fragment

    def _own_headers(self) -> tuple[list[tuple[str, str]], set[str]]:
        """The headers that are written out, and the lower-case names of those that are taken away."""
        own, gone = [], set()
        for line in self.values("header"):
            if line.startswith("@"):
                raise RequestError("option `-H` names a file of headers, write them out")
            name, colon, value = line.partition(":")
            if colon and value.strip():
                own.append((name, value.strip(" \t")))
            elif colon:
                gone.add(name.strip().lower())
            elif line.rstrip().endswith(";"):
                own.append((line.rstrip()[:-1], ""))
        return own, gone

    def _added(self, body: _Body | None) -> Iterator[tuple[str, str]]:
        """The headers that curl makes of other options, and its own."""
        yield from self._identity()
        yield "Accept", "application/json" if self.has("json") else "*/*"
        if self.has("compressed"):
            yield "Accept-Encoding", _ENCODINGS
        if self.last("referer") is not None:
            yield from _if_any("Referer", (self.last("referer") or "").removesuffix(";auto"))
        if self.last("range"):
            yield "Range", f"bytes={self.last('range')}"
        if body is not None:
            yield "Content-Type", body.kind
            if body.text is not None and not body.form:
                yield "Content-Length", str(len(body.text.encode("utf-8", "replace")))

    def _identity(self) -> Iterator[tuple[str, str]]:
        user, token = self.last("user"), self.last("oauth2-bearer")
        if user is not None:
            if ":" not in user:
                raise RequestError("curl would ask for the password of `-u`, write `user:password`")
            yield "Authorization", basic(user.encode("utf-8", "replace"))
        elif token:
            yield "Authorization", f"Bearer {token}"
        agent = self.last("user-agent")
        yield from _if_any("User-Agent", AGENT if agent is None else agent)
        cookies = self.values("cookie")
        if any("=" not in cookie for cookie in cookies):
            raise RequestError("option `-b` names a file of cookies, write them as `name=value`")
        yield from _if_any("Cookie", ";".join(cookies))

    def _body(self) -> _Body | None:
        given = [(name, value) for name, value in self.options if name in _DATA]
        names = {name for name, _ in given}
        if not given:
            return None
        if names & {"form", "form-string"}:
            if not names <= {"form", "form-string"}:
                raise RequestError("curl sends either a form (`-F`) or data (`-d`), not both")
            return _Body(None, f"multipart/form-data; boundary={_BOUNDARY}", form=True)
        pieces = [_piece(name, value) for name, value in given]
        kind = "application/json" if "json" in names else _FORM
        if None in pieces:
            return _Body(None, kind)
        text = ""
        for (name, _), piece in zip(given, pieces, strict=True):
            text += ("&" if text and name != "json" else "") + (piece or "")
        return _Body(text, kind)

    def _assumed(self, body: _Body | None, added: Sequence[tuple[str, str]]) -> Iterator[str]:
        names = {name for name, _ in added}
        if "User-Agent" in names and self.last("user-agent") is None:
            yield f"curl's own header `user-agent: {AGENT}`, whose version is not known"
        if "Accept-Encoding" in names:
            yield f"header `accept-encoding: {_ENCODINGS}`, which depends on how curl was built"
        if body is not None and body.form and "Content-Type" in names:
            yield "a made-up boundary in header `content-type`, curl draws one at random"
        if body is not None and body.text is None:
            yield "no header `content-length`, the size of the content is not known"


def _if_any(name: str, value: str) -> Iterator[tuple[str, str]]:
    if value:
        yield name, value


def _piece(name: str, value: str) -> str | None:
    """The content that one option adds; None where it is in a file."""
    if name == "data-urlencode":
        return _encoded_pair(value) if not re.match(r"[^=@]*@", value) else None
    return None if value.startswith("@") and name != "data-raw" else value


def _encoded_pair(value: str) -> str:
    """What `--data-urlencode` and `--url-query` make of `content`, `=content` and `name=content`."""
    if value.startswith("+"):
        return value[1:]
    name, equals, content = value.partition("=")
    encoded = quote_plus((content if equals else value).encode("utf-8", "replace"), safe="~")
    return f"{name}={encoded}" if equals and name else encoded


def _squashed(target: str) -> str:
    """A request target without dot segments in its path, which curl takes away before it sends anything (RFC 3986, 5.2.4)."""
    path, question, query = target.partition("?")
    kept: list[str] = []
    segments = path.split("/")[1:]
    for position, segment in enumerate(segments):
        last = position == len(segments) - 1
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
            continue
        if last:
            kept.append("")
    return "/" + "/".join(kept) + question + query
