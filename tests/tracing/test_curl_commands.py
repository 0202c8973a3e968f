"""Command lines of curl: what is read of them, what is refused, and what curl itself sends."""

import contextlib
import shutil
import socket
import subprocess
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgelint.requests.curl import AGENT, is_command, read_command
from edgelint.requests.sent import RequestError
from edgelint.requests.shell import ShellError, words
from edgelint.tracing.arrival import arrive
from policy_samples import bare
from request_strategies import REQUESTS
from support import many

CHROME = """curl 'https://app.example.com/a?b=c' \\
  -H 'accept: */*' \\
  -H 'accept-language: de,en;q=0.9' \\
  -b 'sid=1; theme=dark' \\
  -H 'content-type: application/json' \\
  --data-raw $'{"text":"it\\'s \\u0021 \\xe2\\x82\\xac"}' \\
  --compressed ;"""
CMD = """curl ^"https://app.example.com/a?b=c^&d=^%^20x^" ^
  -H ^"accept: */*^" ^
  -b ^"sid=1^" ^
  --data-raw ^"^{^\\^"a^\\^":1^}^" ^
  --insecure"""


def added(*pairs):
    return (*pairs, ("User-Agent", AGENT), ("Accept", "*/*"))


@pytest.mark.parametrize(
    ("line", "method", "target", "headers"),
    [
        ("curl https://a.example", "GET", "/", added()),
        ("$ curl https://a.example/x", "GET", "/x", added()),
        ("/usr/bin/curl -sSLk https://a.example/x", "GET", "/x", added()),
        ("curl -XPUT -HX-A:1 https://a.example/x", "PUT", "/x", added(("X-A", "1"))),
        ("curl -I https://a.example/", "HEAD", "/", added()),
        ("curl -H 'Accept:' -A '' https://a.example/", "GET", "/", ()),
        ("curl -H 'X-Empty;' https://a.example/", "GET", "/", added(("X-Empty", ""))),
        ("curl -e 'https://b.example;auto' -A me https://a.example/", "GET", "/", (("User-Agent", "me"), ("Accept", "*/*"), ("Referer", "https://b.example"))),
        ("curl -u 'me:p w' https://a.example/", "GET", "/", (("Authorization", "Basic bWU6cCB3"), *added())),
        ("curl -u me:x -H 'Authorization: Bearer t' https://a.example/", "GET", "/", added(("Authorization", "Bearer t"))),
        ("curl https://a.example/ -b a=1 -b 'b=2; c=3'", "GET", "/", (("User-Agent", AGENT), ("Cookie", "a=1;b=2; c=3"), ("Accept", "*/*"))),
        ("curl -r 0-9 https://a.example/", "GET", "/", (*added(), ("Range", "bytes=0-9"))),
        ("curl -G -d a=1 --data-urlencode 'b=x y&z' 'https://a.example/p?q=0'", "GET", "/p?q=0&a=1&b=x+y%26z", added()),
        ("curl --url-query 'a=b c' --url https://a.example/p", "GET", "/p?a=b+c", added()),
        ("curl --json '{}' https://a.example/", "POST", "/", (("User-Agent", AGENT), ("Accept", "application/json"), ("Content-Type", "application/json"), ("Content-Length", "2"))),
        ("curl https://a.example/x/../y/./z?a=/../b", "GET", "/y/z?a=/../b", added()),
        ("curl --path-as-is https://a.example/x/../y", "GET", "/x/../y", added()),
        ("curl -g 'https://a.example/[1]'", "GET", "/[1]", added()),
        ('curl "https://a.example/a\\"b"', "GET", '/a"b', added()),
        ("curl https://a.example/ # as we do it", "GET", "/", added()),
        ("curl -o /dev/null -w '%{http_code}' --max-time 5 --resolve a.example:443:127.0.0.1 https://a.example/", "GET", "/", added()),
    ],
)  # fmt: skip
def test_a_command_line_is_the_request_it_sends(line, method, target, headers):
    found = read_command(line)
    assert (found.method, found.target, found.headers) == (method, target, headers)


def test_what_chrome_copies_for_bash_is_read():
    found = read_command(CHROME.removesuffix(" ;"))
    assert found.method == "POST"
    assert found.body
    own = dict(found.headers)
    assert own["Cookie"] == "sid=1; theme=dark"
    assert own["Content-Length"] == str(len('{"text":"it\'s ! €"}'.encode()))
    assert own["accept-language"] == "de,en;q=0.9"
    assert any("accept-encoding" in line for line in found.assumed)


def test_what_chrome_copies_for_cmd_is_read():
    found = read_command(CMD)
    assert (found.method, found.target) == ("POST", "/a?b=c&d=%20x")
    assert dict(found.headers)["Content-Length"] == str(len('{"a":1}'))


def test_without_a_scheme_curl_speaks_http():
    found = read_command("curl a.example/x")
    assert found.protocol == "http"
    assert any("no scheme" in line for line in found.assumed)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("wget https://a.example", "not `curl`"),
        ("curl", "no URL"),
        ("curl https://a.example https://b.example", "several URLs"),
        ("curl --foo https://a.example", "unknown option `--foo` of curl"),
        ("curl -_ https://a.example", "unknown option `-_` of curl"),
        ("curl https://a.example -H", "option `-H` has no value"),
        ("curl -H @file https://a.example", "file of headers"),
        ("curl -b jar.txt https://a.example", "file of cookies"),
        ("curl -G -d @file https://a.example", "parameters are in a file"),
        ("curl -K rc https://a.example", "option `-K` reads more options"),
        ("curl --digest -u a:b https://a.example", "challenge of the server"),
        ("curl -u me https://a.example", "password"),
        ("curl -I -d a https://a.example", "no content with HEAD"),
        ("curl -F a=1 -d b=2 https://a.example", "not both"),
        ("curl 'https://a.example/{a,b}'", "list of URLs"),
        ("curl 'https://a.example/[1-3]'", "list of URLs"),
        ("curl 'https://a.example/a b'", "with a space"),
        ("curl https://a.example/?a=1&b=2", "`&` outside of quotes"),
        ("curl https://a.example/ | sh", "`|` outside of quotes"),
        ("curl $URL", "$URL"),
        ('curl -H "a: ${TOKEN}" https://a.example', "${TOKEN}"),
        ('curl "https://a.example/$(id)"', "$(id)"),
        ("curl https://a.example/`id`", "id"),
        ("curl 'https://a.example", "never closed"),
        ('curl "https://a.example', "never closed"),
        ("curl $'https://a.example", "never closed"),
        ("curl ftp://a.example/", "`ftp` is none of the protocols"),
        ("curl --next https://a.example", "one by one"),
        ("curl --http2 http://a.example", "leave it out"),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(line, message):
    with pytest.raises(RequestError) as caught:
        read_command(line)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_only_a_command_of_curl_is_taken_for_one():
    assert is_command("curl https://a.example")
    assert is_command("$ curl -I x")
    assert is_command("curl")
    assert not is_command("GET https://curl.example/curl x")
    assert not is_command("curling https://a.example")


@settings(max_examples=many(60))
@given(REQUESTS)
def test_the_command_line_of_a_request_is_read_back(request_):
    found = read_command(request_.curl(), request_.address)
    arrival = arrive(bare(request_), found)
    seen = arrival.request
    assert seen is not None
    assert arrival.early is None, arrival.early
    own = tuple(pair for pair in seen.headers if pair[0] not in found.added)
    assert (own, seen.query) == (request_.headers, request_.query)
    assert (seen.method, seen.protocol, seen.host, seen.path, seen.port) == (
        request_.method, request_.protocol, request_.host, request_.path, request_.port,
    )  # fmt: skip


@given(st.text(max_size=60) | st.text("curl -'\"\\$^`&;\n{}[]@:/HbdGXIux=a ", max_size=60).map("curl {}".format))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(RequestError):
        assert read_command(text).target.startswith("/")


@given(st.text("ab '\"\\$^\n\r\t#", max_size=30))
def test_any_command_line_has_words_or_a_fault(text):
    with contextlib.suppress(ShellError):
        assert all(isinstance(word, str) for word in words(text))


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash to compare with")
@pytest.mark.parametrize(
    "line",
    [
        'a \'b c\' "d\\"e" f\\ g',
        "$'a\\tb\\x41\\u0042\\101\\'\\q' x",
        "a\\\nb 'c\nd' \"e\\\nf\"",
        "''  \"\" a''b",
        "x # y",
        "a#b '#'",
        '"a\\$b\\`c\\\\d\\e"',
        "\\\\ \\' \\\"",
    ],
)
def test_words_are_those_of_bash(line):
    done = subprocess.run(["bash", "-c", f"printf '%s\\0' {line}\n"], capture_output=True, check=True)
    assert words(line) == done.stdout.decode().split("\0")[:-1]


class Listening:
    """A server that takes one request at a time and keeps what it was sent."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.heads = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(65536)
                self.heads.append(head.split(b"\r\n\r\n")[0].decode())
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@pytest.fixture(scope="module")
def server():
    if shutil.which("curl") is None:
        pytest.skip("there is no curl to compare with")
    found = Listening()
    yield found
    found.socket.close()


@pytest.mark.parametrize(
    "options",
    [
        "{}/a/../b/./c/..",
        "--path-as-is {}/a/../b",
        "-d a=1 -d b=2 {}/x",
        "-G -d a=1 --data-urlencode 'b=c d' {}/x?q=1",
        "--json '{{}}' {}/",
        "-I {}/x",
        "-u me:pw {}/",
        "-b a=1 -b b=2 {}/",
        "-A '' -H 'Accept:' {}/",
        "-H 'Accept;' {}/",
        "-e ref -r 0-5 {}/",
        "-d '' {}/",
        "-X POST {}/",
        "--oauth2-bearer tok {}/",
        "-H 'Host: other.example' {}/",
        "-H 'Host;' {}/",
        "-H 'cookie: z=1' -b a=1 {}/",
        "-u me:pw -H 'authorization: x' {}/",
        "-H 'content-type: x' -d a {}/",
        "--data-raw @x {}/",
        "-g {}/{{a}}",
        "{}?x=1",
        "{}/a%2fb//c",
        "-H 'X-y:1' -H 'x-Y:   2  ' {}/",
        "--data-urlencode =x%y --data-urlencode 'z z' {}/",
        "{}/#frag",
    ],
)
def test_curl_sends_what_is_read(server, options):
    line = "curl " + options.format(f"http://127.0.0.1:{server.port}")
    subprocess.run(["bash", "-c", f"{line} -sS -m 5 -o /dev/null --noproxy '*'"], check=True, capture_output=True)
    start, *lines = server.heads.pop().split("\r\n")
    found = read_command(line)
    assert start == f"{found.method} {found.target} HTTP/1.1"
    pairs = [tuple(part.strip() for part in each.split(":", 1)) for each in lines]
    read = [("host", host) for host in found.hosts] + [(name.lower(), value) for name, value in found.headers]
    version = {"user-agent": "curl"}

    def comparable(headers):
        return sorted(
            (name.lower(), version.get(name.lower()) if value.startswith("curl/") else value) for name, value in headers
        )

    assert comparable(read) == comparable(pairs)
