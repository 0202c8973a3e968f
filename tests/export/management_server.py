"""A stand-in for the management API of p2pstream: an HTTPS server whose answers misbehave as a test wants."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import trustme

Answer = Callable[[socket.socket], None]


class Authority:
    """A certificate authority made for this run, and the file that clients trust it by."""

    def __init__(self, folder: Path) -> None:
        self._authority = trustme.CA()
        self.file = str(folder / "ca.pem")
        self._authority.cert_pem.write_to_path(self.file)

    def context(self, *names: str, **dates: object) -> ssl.SSLContext:
        """What a server with a certificate for some names speaks TLS with."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert(*names, **dates).configure_cert(context)
        return context


class Server:
    """A server that is listening, and the requests it has had."""

    def __init__(self, listening: socket.socket, context: ssl.SSLContext | None, answer: Answer) -> None:
        self._listening, self._context, self._answer = listening, context, answer
        self.port: int = listening.getsockname()[1]
        self.requests: list[bytes] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        """Answer one client after the other."""
        while not self.stopping.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = self._listening.accept()
                client.settimeout(5)
                with client, contextlib.suppress(OSError):
                    self._serve(client)

    def _serve(self, client: socket.socket) -> None:
        if self._context is None:
            self._answer(client)
            return
        with self._context.wrap_socket(client, server_side=True) as secure:
            self.requests.append(received(secure))
            self._answer(secure)


def received(wire: socket.socket) -> bytes:
    """A whole request, whose body is `{}`."""
    data = b""
    while not data.endswith(b"\r\n\r\n{}"):
        piece = wire.recv(4096)
        if not piece:
            return data
        data += piece
    return data


@contextmanager
def serving(answer: Answer, context: ssl.SSLContext | None) -> Iterator[Server]:
    """A server on this machine; without a context it does not speak TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.02)
        server = Server(listening, context, answer)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            thread.join()


def response(body: bytes = b"", status: str = "200 OK", *headers: str, length: int | None = None) -> Answer:
    """An answer that is complete, or says another length than it has."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]
    return lambda wire: wire.sendall("\r\n".join(lines).encode() + body)


def chunked(*chunks: bytes, complete: bool = True) -> Answer:
    """An answer in chunks, with or without the last one."""
    pieces = [b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks] + [b"0\r\n\r\n"] * complete
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return lambda wire: wire.sendall(head + b"".join(pieces))


def dripping(before: bytes) -> Answer:
    """An answer that never ends: a byte now and then, each long before a time-out of its own."""

    def answer(wire: socket.socket) -> None:
        wire.sendall(before)
        pause = threading.Event()
        for _ in range(200):
            pause.wait(0.02)
            wire.sendall(b"a")

    return answer
