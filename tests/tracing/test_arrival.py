"""What a server makes of a request before any rule sees it; the real server of Go is asked where there is one."""

import base64
import contextlib
import json
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.requests.sent import RequestError, Sent, client_address, header_line, one_line, sent
from edgelint.requests.urls import read_url
from edgelint.tracing.arrival import ListenerError, arrive, has_body, host_of
from edgelint.tracing.go_urls import cleaned, moved, read_query, read_target, written
from policy_samples import policy_of

HTTPS = {"id": 1, "name": "tls", "protocol": "https", "port": 443}
ROUTES = [
    {"id": 1, "listener_id": 1, "priority": 1, "host_pattern": "app.example.com", "targets": [{"id": 1, "name": "a", "url": "http://a"}]},
    {"id": 2, "listener_id": 1, "priority": 2, "host_pattern": "git.example.com", "path_security_mode": "allow_encoded_separators"},
]  # fmt: skip
POLICY = policy_of({"listeners": [HTTPS], "routes": ROUTES})


def arrival(url, method="GET", headers=(), policy=POLICY, **more):
    return arrive(policy, sent(method, url, headers, **more))


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://app.example.com", "app.example.com", "/"),
        ("app.example.com/x", "app.example.com", "/x"),
        ("https://APP.Example.com.:443/x", "app.example.com", "/x"),
        ("https://b\u00fccher.example/x", "xn--bcher-kva.example", "/x"),
        ("https://stra\u00dfe.example/", "xn--strae-oqa.example", "/"),
        ("https://www\u3002example\uff0ecom/", "www.example.com", "/"),
        ("https://[2001:DB8:0::1]:8443/x", "2001:db8::1", "/x"),
        ("https://me:pw@app.example.com/x#frag?no", "app.example.com", "/x"),
        ("https://app.example.com?q=1", "app.example.com", "/"),
        ("https://app.example.com/a%20b;c/%C3%A9", "app.example.com", "/a b;c/\u00e9"),
        ("https://app.example.com/\u00e9 x", "app.example.com", "/\u00e9 x"),
        ("https://app.example.com/%252e", "app.example.com", "/%2e"),
        ("https://app.example.com/a%0Ab", "app.example.com", "/a\nb"),
        ("wss://app.example.com/ws", "app.example.com", "/ws"),
    ],
)
def test_host_and_path_are_those_the_rules_see(url, host, path):
    found = arrival(url)
    assert found.early is None
    assert (found.request.host, found.request.path) == (host, path)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "no host"),
        ("/login", "no host"),
        ("https://", "no host"),
        ("https://:443/", "no host"),
        ("ftp://a.example/", "`ftp` is none of the protocols"),
        ("https://a.example:http/", "`http` is no port"),
        ("https://a.example:99999/", "`99999` is no port"),
        ("https://a b/", "no name of a host"),
        ("https://a\x01b/", "no name of a host"),
        ("https://[::zz]/", "no IPv6 address"),
        ("https://a.example/\nx", "line break"),
        ("https://a.example/\ud800", "surrogate"),
        ("https://\u200d.example/", "no part of a name"),
        ("https://" + "\u00fc" * 70 + ".example/", "too long"),
    ],
)
def test_what_is_no_url_is_said_in_one_line(url, message):
    with pytest.raises(RequestError) as caught:
        sent("GET", url)
    assert message in str(caught.value)


def test_what_was_not_said_is_told():
    found = arrival("app.example.com/x")
    assert "https, the URL has no scheme" in found.assumed
    assert "the client's address 198.51.100.7, none was given" in found.assumed
    assert not arrival("https://app.example.com/x", address="192.0.2.1").assumed
    assert "`#top` stays in the client, it is never sent" in arrival("https://app.example.com/#top").notes


@pytest.mark.parametrize(
    ("url", "kind", "status", "location"),
    [
        ("https://app.example.com//x", "redirected", 307, "https://app.example.com/x"),
        ("https://app.example.com/a/./b/../c/?q=1", "redirected", 307, "https://app.example.com/a/c/?q=1"),
        ("https://app.example.com/a%20b//c", "redirected", 307, "https://app.example.com/a%2520b/c"),
        ("https://app.example.com/a/..", "redirected", 307, "https://app.example.com/"),
        ("https://app.example.com/%2e%2e/x", "refused", 400, ""),
        ("https://app.example.com/a/%2E", "refused", 400, ""),
        ("https://app.example.com/a\\b", "refused", 400, ""),
        ("https://app.example.com/%zz", "refused", 400, ""),
        ("https://app.example.com/a%2Fb", "refused", 400, ""),
        ("https://app.example.com/a%5cb", "refused", 400, ""),
        ("https://other.example/a%2Fb", "refused", 400, ""),
        ("https://app.example.com/.p2pstream/waf/waiting-room", "answered", 0, ""),
        ("http://app.example.com/", "unheard", 0, ""),
    ],
)
def test_some_requests_never_reach_a_rule(url, kind, status, location):
    early = arrival(url).early
    assert (early.kind, early.status, early.location) == (kind, status, location)


@pytest.mark.parametrize(
    ("method", "headers", "kind"),
    [
        ("G(T", (), "refused"),
        ("CONNECT", (), "unknown"),
        ("GET", [("Bad Name", "x")], "refused"),
        ("GET", [("X", "a\x00b")], "refused"),
        ("GET", [("Host", "a"), ("host", "b")], "refused"),
        ("GET", [("Host", "a/b")], "refused"),
    ],
)
def test_so_do_those_that_are_no_http(method, headers, kind):
    assert arrival("https://app.example.com/", method, headers).early.kind == kind


def test_encoded_separators_pass_where_the_route_allows_them():
    found = arrival("https://git.example.com/a%2Fb")
    assert found.early is None
    assert found.request.path == "/a/b"
    assert any("encoded separator" in note for note in found.notes)


def test_headers_are_lower_case_and_those_the_server_keeps_are_gone():
    headers = [
        ("X-Plan", " free "),
        ("x-plan", "pro"),
        ("Host", "APP.example.com:8443"),
        ("Transfer-Encoding", "chunked"),
    ]
    request = arrival("https://1.example/", headers=headers).request
    assert request.headers == (("x-plan", "free"), ("x-plan", "pro"))
    assert request.host == "app.example.com"


def test_the_method_is_seen_in_upper_case():
    found = arrival("https://app.example.com/", "post")
    assert found.request.method == "POST"
    assert "the rules see the method as POST" in found.notes


def test_user_and_password_of_a_url_go_into_a_header():
    request = arrival("https://me:p%40@app.example.com/").request
    assert request.values("authorization") == ("Basic bWU6cEA=",)
    assert arrival("https://me@app.example.com/", headers=[("Authorization", "x")]).request.values("authorization") == (
        "x",
    )


def test_what_is_no_utf_8_is_known_to_be_unreadable():
    found = arrival("https://app.example.com/%ff?a=%fe")
    assert found.unreadable == {"path", "query"}


@pytest.mark.parametrize(
    ("headers", "sent_body", "expected"),
    [
        ([], False, False),
        ([], True, True),
        ([("Content-Length", "0")], False, False),
        ([("content-length", "5")], False, True),
    ],
)
def test_a_request_has_content_or_not(headers, sent_body, expected):
    made = sent("POST", "https://a.example/", headers)
    assert (
        has_body(Sent(**{name: getattr(made, name) for name in Sent.__match_args__} | {"body": sent_body})) is expected
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A.Example:80", "a.example"),
        ("a.example.", "a.example"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[fe80::1%25eth0]", "fe80::1"),
        ("", ""),
    ],
)
def test_hosts_are_bare(text, expected):
    assert host_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("192.0.2.1", "192.0.2.1"), ("2001:DB8:0:0::1", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1")],
)
def test_addresses_are_those_a_server_prints(text, expected):
    assert client_address(text) == expected


@pytest.mark.parametrize("text", ["", "localhost", "192.0.2.1/24", "fe80::1%eth0", "1.2.3"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(RequestError):
        client_address(text)


def test_lines_are_taken_apart():
    assert one_line(" POST  https://a.example/x \n") == ("POST", "https://a.example/x", ())
    assert one_line("https://a.example/x")[:2] == ("GET", "https://a.example/x")
    assert one_line("a.example:8443/x")[:2] == ("GET", "a.example:8443/x")
    assert header_line("X-A:  b ") == ("X-A", "b")
    for wrong in ("", "  "):
        with pytest.raises(RequestError):
            one_line(wrong)
    for wrong in ("x", ": b"):
        with pytest.raises(RequestError):
            header_line(wrong)


# Listeners


def several(*listeners, routes=()):
    return policy_of({"listeners": list(listeners), "routes": list(routes), "waf_rules": []})


OTHER = {"id": 2, "name": "venues", "protocol": "https", "port": 8443}
TWIN = {"id": 3, "name": "twin", "protocol": "https", "port": 443, "bind_address": "192.0.2.9"}
OFF = {"id": 4, "name": "off", "protocol": "http", "port": 80, "enabled": False}


def test_the_listener_follows_from_protocol_and_port():
    policy = several(HTTPS, OTHER, OFF)
    assert arrival("https://a.example/", policy=policy).listener.name == "tls"
    assert arrival("https://a.example:8443/", policy=policy).listener.name == "venues"
    assert arrival("http://a.example/", policy=policy).early.kind == "unheard"
    assert arrival("https://a.example/", policy=policy, listener="venues").listener.name == "venues"


def test_the_only_listener_of_a_protocol_is_assumed_at_any_port():
    found = arrival("https://a.example:9443/", policy=several(HTTPS))
    assert found.listener.name == "tls"
    assert any("although its port is 443" in line for line in found.assumed)


@pytest.mark.parametrize(
    ("policy", "url", "listener", "message"),
    [
        (several(HTTPS, TWIN), "https://a.example/", "", "several listeners may take https at port 443"),
        (several(HTTPS, OTHER), "https://a.example:9443/", "", "name one of `tls`, `venues`"),
        (several(HTTPS), "https://a.example/", "nope", "no enabled listener `nope`"),
        (several(HTTPS), "http://a.example/", "tls", "speaks https"),
        (
            several(routes=[{"id": 1, "listener_id": 1}, {"id": 2, "listener_id": 2}]),
            "https://a.example/",
            "",
            "several listeners",
        ),
        (several(routes=[{"id": 1, "listener_id": 1}]), "https://a.example/", "7", "no route speaks"),
    ],
)
def test_where_it_is_not_clear_it_has_to_be_said(policy, url, listener, message):
    with pytest.raises(ListenerError) as caught:
        arrival(url, policy=policy, listener=listener)
    assert message in str(caught.value)


def test_without_listeners_there_is_one_that_routes_speak_of_or_none():
    assert arrival("https://a.example/", policy=several()).request.listener == ""
    assert arrival("https://a.example/", policy=several(routes=[{"id": 1, "listener_id": 5}])).request.listener == "5"


@given(st.text(max_size=40) | st.text("htps:/.@[]%?#\\ a\u00e9\u3002", max_size=40))
def test_any_url_is_read_or_refused(text):
    with contextlib.suppress(ValueError):
        found = read_url(text)
        assert found.target.startswith("/")
        assert found.target.isascii()


@given(st.lists(st.sampled_from(["a", ".", "..", "", "b%20c"]), max_size=6).map("/".join).map("/{}".format))
def test_a_cleaned_path_is_clean(path):
    once = cleaned(path)
    assert cleaned(once) == once
    assert "//" not in once


# The server of Go

PROGRAM = r"""
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		query, _ := url.ParseQuery(r.URL.RawQuery)
		text, _ := json.Marshal(map[string]any{
			"path": []byte(r.URL.Path), "escaped": r.URL.EscapedPath(), "query": query.Encode(), "headers": r.Header,
		})
		w.Write(text)
	})
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	go http.Serve(listener, mux)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var raw string
		json.Unmarshal(lines.Bytes(), &raw)
		connection, _ := net.Dial("tcp", listener.Addr().String())
		io.WriteString(connection, raw)
		response, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			fmt.Println("0")
			continue
		}
		body, _ := io.ReadAll(response.Body)
		fmt.Println(response.StatusCode, "|"+response.Header.Get("Location")+"|", strings.TrimSpace(string(body)))
		connection.Close()
	}
}
"""
TARGETS = [
    "/", "//", "//x", "/./x", "/a/../x", "/a/..", "/a/.", "/a/./", "/..", "/x//", "/x/", "/a%20b//c", "/%2e%2e/x",
    "/a%2fb", "/a%2f/b", "/a\\b", "/a\\b//c", "/%zz", "/a?x=%zz", "/?b=1&c;d=2&e=%zz&f=%41+x&=y&g&&h=%ff&b=0",
    "//x?y=1&z=%20", "/a;b/c", "/a[b]", "/a\"b//", "/a%7Eb//c", "/a+b//x", "/a:b//x", "/a|b", "/%C3%A9//x", "/%ff",
    "/%00", "/a%0ab", "/a!b*c'(d)", "/a!b//*c'(d)", "/a,b;c=d@e$f&g", "/a^b`c{d}", "/%41%2E", "/a%", "/a%4", "/?", "/x?//",
    "/a b", "/\x01", "/~a/-_.", "/a%3Fb//", "/a%25b//",
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if shutil.which("go") is None:
        pytest.skip("there is no Go to ask what its server does")
    folder = tmp_path_factory.mktemp("server")
    (folder / "main.go").write_text(PROGRAM)
    built = subprocess.run(
        ["go", "build", "-o", "server", "main.go"], cwd=folder, capture_output=True, text=True, check=False
    )
    if built.returncode:
        pytest.skip(f"Go does not build here: {built.stderr[-200:]}")
    version = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, version.removeprefix("go").split(".")[:2])) < (1, 26):
        pytest.skip(f"this is {version.strip()}, redirects are those of Go 1.26")

    def ask(requests):
        lines = "".join(f"{json.dumps(request)}\n" for request in requests)
        done = subprocess.run([folder / "server"], input=lines, capture_output=True, text=True, check=True, timeout=60)
        return done.stdout.splitlines()

    return ask


@pytest.mark.slow
def test_targets_are_read_as_go_reads_them(server):
    answers = server([f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" for target in TARGETS])
    for target, answer in zip(TARGETS, answers, strict=True):
        status, location, body = answer.split("|")[0].strip(), answer.split("|")[1], answer.split("|", 2)[2]
        found = read_target(target)
        if status == "400":
            assert found is None, target
        elif status == "307":
            assert moved(found) == location, target
        else:
            said = json.loads(body)
            assert moved(found) is None, target
            assert found.path.encode("utf-8", "surrogateescape") == base64.b64decode(said["path"]), target
            assert found.escaped == said["escaped"], target
            assert written(read_query(found.query).pairs) == said["query"], target


HEADS = [
    "Host: a", "Host: a b", "Host: a/b", "Host: a*b", "Host: a@b", "Host: a..b.", "Host: [::1]:80", "Host: a:b:c", "Host: ",
    "Host: a\r\nHost: b", "X: 1", "Host: a\r\nBad Name: 1", "Host: a\r\nX_y: 1", "Host: a\r\nX: \x01", "Host: a\r\nX: a\tb",
    "Host: a\r\nX:  y \t", "Host: a\r\nX:", "Host: a\r\nX\"y: 1", "Host: a\r\nx-a: 1\r\nX-A: 2", "Host: a\r\nX: \x7f",
]  # fmt: skip


@pytest.mark.slow
def test_heads_are_refused_where_go_refuses_them(server):
    answers = server([f"GET / HTTP/1.1\r\n{head}\r\nConnection: close\r\n\r\n" for head in HEADS])
    for head, answer in zip(HEADS, answers, strict=True):
        pairs = [tuple(line.split(":", 1)) for line in head.split("\r\n")]
        hosts = tuple(value.strip() for name, value in pairs if name == "Host")
        made = Sent(
            "GET",
            "https://a/",
            "https",
            443,
            hosts,
            "/",
            tuple(pair for pair in pairs if pair[0] != "Host"),
            "192.0.2.1",
        )
        found = arrive(POLICY, made)
        assert (found.early is not None) is answer.startswith("400"), head
        if found.early is None:
            said = {
                name.lower(): tuple(values) for name, values in json.loads(answer.split("|", 2)[2])["headers"].items()
            }
            said.pop("connection")
            assert {name: found.request.values(name) for name, _ in found.request.headers} == said, head
