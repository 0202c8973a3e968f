import json
import socket
import time
import traceback
from datetime import UTC, datetime

import pytest

pytest.importorskip("trustme", reason="trustme, which makes certificates, comes with the `test` dependency group")

from management_server import Authority, chunked, dripping, response, serving

from edgelint.cli import main
from edgelint.export import connect
from edgelint.export.address import address_of
from edgelint.readers import InputError

TOKEN = "p2pat_c2VjcmV0LXNlY3JldA"
CONFIGURATION = {
    "listeners": [
        {"id": "4", "name": "https", "port": 443, "protocol": "PUBLIC_LISTENER_PROTOCOL_HTTPS", "enabled": True}
    ],
    "wafRules": [
        {
            "id": "9",
            "name": "no-trace",
            "priority": "10",
            "enabled": True,
            "action": "PUBLIC_WAF_RULE_ACTION_BLOCK",
            "createdAtUnixMillis": "1781000000000",
            "matchRule": {"celExpression": 'method == "TRACE"'},
        }
    ],
}
BODY = json.dumps(CONFIGURATION).encode()
REFUSED = b'{"code":"unauthenticated","message":"no valid session"}'


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def context(authority):
    return authority.context("localhost", "127.0.0.1")


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("P2PSTREAM_TOKEN", TOKEN)


def ask(answer, context, authority, *, prefix="", seconds="5", host="localhost", more=()):
    """The exit code of an export from a server that answers so, and the requests that it had."""
    with serving(answer, context) as server:
        trust = ["--ca", authority.file] if authority else []
        address = f"https://{host}:{server.port}{prefix}"
        return main(["export", address, *trust, "--timeout", seconds, *more]), server.requests


def test_the_configuration_of_a_running_server_is_exported_as_that_of_a_file(authority, context, tmp_path, capsys):
    code, requests = ask(response(BODY), context, authority)
    live = capsys.readouterr()
    assert (code, live.err) == (0, "")
    (tmp_path / "edge.json").write_bytes(BODY)
    assert main(["export", str(tmp_path / "edge.json")]) == 0
    assert capsys.readouterr().out == live.out
    assert '"no-trace"' in live.out
    assert len(requests) == 1


def test_the_request_is_what_the_api_wants(authority, context):
    _, (request,) = ask(response(BODY), context, authority, prefix="/environments/3/")
    head, _, body = request.partition(b"\r\n\r\n")
    first, *headers = head.decode().split("\r\n")
    assert first == ("POST /environments/3/p2pstream.v1.AgentManagementService/GetPublicProxyConfig HTTP/1.1")
    assert {
        "Content-Type: application/json",
        "Connect-Protocol-Version: 1",
        f"Authorization: Bearer {TOKEN}",
        "Content-Length: 2",
    } <= set(headers)
    assert body == b"{}"


def test_an_answer_in_chunks_is_put_together(authority, context, capsys):
    assert ask(chunked(BODY[:10], BODY[10:11], BODY[11:]), context, authority)[0] == 0
    assert '"no-trace"' in capsys.readouterr().out


def test_the_token_comes_from_a_file_before_the_environment(authority, context, tmp_path):
    file = tmp_path / "token"
    file.write_text("p2pat_other\n")
    _, (request,) = ask(response(BODY), context, authority, more=["--token-file", str(file)])
    assert b"Bearer p2pat_other\r\n" in request


def test_the_proxies_of_the_environment_are_not_used(authority, context, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(response(BODY), context, authority)[0] == 0


WRONG_ANSWERS = {
    "unauthenticated": (
        response(REFUSED, "401 Unauthorized"),
        "does not accept the token, it may have expired or been disabled; API tokens come from Settings, API Tokens",
    ),
    "forbidden by something before it": (response(b"<html>", "403 Forbidden"), "does not accept the token"),
    "an error": (
        response(b'{"code":"internal","message":"load \\u001b[31mrules"}', "500 Internal Server Error"),
        "answers `internal`: `load \N{REPLACEMENT CHARACTER}[31mrules`",
    ),
    "no api": (response(b"404 page not found", "404 Not Found"), "there is no p2pstream management API at `https://"),
    "down": (response(b"", "503 Service Unavailable"), "answers with status 503"),
    "redirect": (
        response(b"", "302 Found", "Location: http://127.0.0.1:9/"),
        "answers with a redirect (302), which is not followed",
    ),
    "a web page": (response(b"<!doctype html><title>Sign in</title>"), "is not JSON, is this the management address"),
    "a list": (response(b"[]"), "is not JSON, is this the management address"),
    "nested too deeply": (response(b'{"a":' + b"[" * 100_000), "is not JSON"),
    "not UTF-8": (response(b'{"wafRules": [{"name": "\xff"}]}'), "is not JSON"),
    "something else": (response(b'{"hello": 1}'), "this is no p2pstream configuration"),
    "a rule that is broken": (
        response(b'{"wafRules": [{"name": "a", "priority": "x"}]}'),
        "`priority` should be a whole number, not text (waf/a)",
    ),
    "closed in the body": (response(BODY[:20], length=len(BODY)), "closes the connection too early"),
    "closed in a chunk": (chunked(BODY[:20], complete=False), "closes the connection too early"),
    "closed at once": (lambda _wire: None, "closes the connection too early"),
    "no http": (lambda wire: wire.sendall(b"220 mail ready\r\n"), "does not speak HTTP"),
    "endless headers": (
        lambda wire: wire.sendall(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 1000),
        "does not speak HTTP",
    ),
    "the token itself": (
        response(f'{{"code":"unauthenticated","message":"unknown token {TOKEN}"}}'.encode(), "401 Unauthorized"),
        "repeats the token, so it is not used",
    ),
    "the token as a name": (response(f'{{"wafRules": [{{"name": "{TOKEN}"}}]}}'.encode()), "repeats the token"),
}


@pytest.mark.parametrize("name", WRONG_ANSWERS)
def test_a_wrong_answer_is_one_line_and_nothing_is_written(authority, context, tmp_path, capsys, name):
    answer, message = WRONG_ANSWERS[name]
    output = tmp_path / "edge.json"
    code, requests = ask(answer, context, authority, more=["--output", str(output)])
    out, err = capsys.readouterr()
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("edgelint: ")
    assert message in err
    assert TOKEN not in err
    assert len(requests) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("answer", [response(b"x" * 2000), chunked(b"x" * 900, b"x" * 900)])
def test_an_answer_that_is_too_large_is_refused(authority, context, monkeypatch, capsys, answer):
    monkeypatch.setattr(connect, "MOST_BYTES", 1024)
    assert ask(answer, context, authority)[0] == 2
    assert "is larger than" in capsys.readouterr().err


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"",
    ],
    ids=["body", "header", "status line"],
)
def test_one_deadline_covers_an_answer_that_drips(authority, context, capsys, before):
    started = time.monotonic()
    assert ask(dripping(before), context, authority, seconds="0.4")[0] == 2
    assert "does not answer completely within 0.4 s (--timeout)" in capsys.readouterr().err
    assert time.monotonic() - started < 3


def test_the_deadline_covers_a_server_that_never_speaks(authority, capsys):
    def silent(wire: socket.socket) -> None:
        while wire.recv(4096):
            pass

    assert ask(silent, None, authority, seconds="0.3")[0] == 2
    assert "does not answer completely within 0.3 s" in capsys.readouterr().err


# Whom it trusts


def test_a_certificate_of_another_ca_is_not_accepted(authority, tmp_path, capsys):
    other = Authority(tmp_path).context("localhost")
    code, requests = ask(response(BODY), other, authority)
    assert (code, requests) == (2, [])
    assert "give the certificate of its CA with --ca FILE" in capsys.readouterr().err


def test_without_a_ca_the_certificate_of_an_own_one_is_not_accepted(context, capsys):
    code, requests = ask(response(BODY), context, None)
    assert (code, requests) == (2, [])
    assert "give the certificate of its CA with --ca FILE" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_for_another_host_is_not_accepted(authority, capsys, host):
    code, requests = ask(response(BODY), authority.context("proxy.example.com"), authority, host=host)
    assert (code, requests) == (2, [])
    assert "is for another host: ask a name that it holds, for --ca FILE says whom" in capsys.readouterr().err


def test_a_certificate_that_has_expired_is_not_accepted(authority, capsys):
    old = authority.context(
        "localhost", not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=datetime(2020, 2, 1, tzinfo=UTC)
    )
    code, requests = ask(response(BODY), old, authority)
    assert (code, requests) == (2, [])
    assert "is refused: certificate has expired" in capsys.readouterr().err


def test_there_is_no_way_to_trust_anybody(capsys):
    for option in ("--insecure", "-k", "--no-verify", "--token"):
        assert main(["export", "https://localhost", option]) == 2
        assert "unrecognized arguments" in capsys.readouterr().err


def test_a_server_without_tls_gets_no_token(authority, capsys):
    seen = []

    def plain(wire: socket.socket) -> None:
        seen.append(wire.recv(65536))
        wire.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    assert ask(plain, None, authority)[0] == 2
    assert "no secure connection to `https://localhost:" in capsys.readouterr().err
    assert TOKEN.encode() not in b"".join(seen)


# Wrong calls


def test_nobody_listening_is_one_line(capsys):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert main(["export", f"https://127.0.0.1:{port}"]) == 2
    assert capsys.readouterr().err == f"edgelint: cannot connect to `https://127.0.0.1:{port}`: connection refused\n"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://proxy:8081", "`http://` is not https, and a token is sent over nothing else"),
        ("ftp://proxy", "`ftp://` is not https"),
        ("https://", "is no address like"),
        ("https://proxy:x", "the address cannot be understood"),
        ("https://proxy:99999", "the address cannot be understood"),
        ("https://[::1", "the address cannot be understood"),
        ("https://proxy/a?b=c", "is no address like"),
        ("https://proxy/#a", "is no address like"),
        ("https://pro xy/", "is no address like"),
        ("https://proxy/\r\nX: y", "is no address like"),
        ("https://pr\N{LATIN SMALL LETTER O WITH DIAERESIS}xy/", "is no address like"),
    ],
)
def test_what_is_no_address_to_ask_is_refused(capsys, address, message):
    assert main(["export", address]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert message in err


def test_a_password_in_the_address_is_refused_and_not_repeated(capsys):
    for address in ("https://admin:hunter2@proxy:8081", "https://admin:hunter2@proxy:x", "http://admin:hunter2@proxy"):
        assert main(["export", address]) == 2
        assert "hunter2" not in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "1e300", "soon"])
def test_a_time_that_is_none_is_refused(capsys, seconds):
    assert main(["export", "https://localhost", f"--timeout={seconds}"]) == 2
    assert "--timeout" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "  \n"])
def test_without_a_token_it_is_said_where_one_comes_from(monkeypatch, tmp_path, capsys, text):
    monkeypatch.setenv("P2PSTREAM_TOKEN", text)
    (tmp_path / "token").write_text(text)
    for more in ([], ["--token-file", str(tmp_path / "token")]):
        assert main(["export", "https://localhost:1", *more]) == 2
        assert (
            "put one into a file for --token-file, or into P2PSTREAM_TOKEN; API tokens come from Settings, API Tokens"
            in capsys.readouterr().err
        )


@pytest.mark.parametrize(
    "token", ["p2pat_a\r\nX-Other: 1", "two words", "p2pat_\N{LATIN SMALL LETTER SHARP S}", "a\x00b", "x" * 5000]
)
def test_what_is_no_token_is_refused_and_not_repeated(tmp_path, capsys, token):
    file = tmp_path / "token"
    file.write_bytes(token.encode())
    assert main(["export", "https://localhost:1", "--token-file", str(file)]) == 2
    err = capsys.readouterr().err
    assert "is no API token" in err
    assert token[:7] not in err


def test_files_that_cannot_be_read_are_said(tmp_path, authority, capsys):
    for more in (["--ca", "missing.pem"], ["--token-file", "missing"]):
        assert main(["export", "https://localhost:1", *more]) == 2
        assert f"cannot read `{more[1]}`: no such file or directory" in capsys.readouterr().err
    (tmp_path / "ca.pem").write_text("no certificate")
    assert main(["export", "https://localhost:1", "--ca", str(tmp_path / "ca.pem")]) == 2
    assert "holds no certificate in PEM form" in capsys.readouterr().err


def test_options_for_an_address_are_refused_for_a_file(tmp_path, capsys):
    (tmp_path / "edge.json").write_bytes(BODY)
    assert main(["export", str(tmp_path / "edge.json"), "--ca", "x"]) == 2
    assert "--token-file and --ca are for an https address" in capsys.readouterr().err


@pytest.mark.parametrize("name", WRONG_ANSWERS)
def test_no_traceback_holds_the_token(authority, context, name):
    with serving(WRONG_ANSWERS[name][0], context) as server:
        address = address_of(f"https://localhost:{server.port}")
        try:
            connect.fetch(address, TOKEN, authority.file, 5)
        except InputError:
            assert TOKEN not in traceback.format_exc()
            assert "During handling" not in traceback.format_exc()
