"""The configuration of a running p2pstream, asked for over its management API (the Connect protocol, unary JSON).

What is asked is the address that was given and nothing else: over https only, without following redirects and without the
proxies of the environment, so that the token goes nowhere else. Certificates are always verified. One deadline covers the
whole exchange, however slowly the other side sends; only looking up the name of the host takes the time that the system gives
it. No message says the token, and an answer that repeats it is not used.
"""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import cast

from edgelint.export.address import Address
from edgelint.readers import InputError
from edgelint.readers.contract import MOST_BYTES
from edgelint.readers.documents.document import quoted

_PROCEDURE = "/p2pstream.v1.AgentManagementService/GetPublicProxyConfig"
_FROM_SETTINGS = "API tokens come from Settings, API Tokens of p2pstream"
LONGEST_TOKEN = 4096
"""Characters of the longest token that is sent."""
_WRONG_NAME = (62, 64)
"""OpenSSL's numbers for a certificate of another host name or address."""
_UNKNOWN_ISSUER = (2, 18, 19, 20, 21)
"""OpenSSL's numbers for a certificate, or a chain of them, whose beginning is not trusted."""
_UNAUTHENTICATED = (401, 403)


def fetch(address: Address, token: str, authority: str | None, seconds: float) -> bytes:
    """The answer to a question for the whole configuration. Raises InputError, in one line.

    `authority` is the file of the CA to trust, in PEM form; without one those of the system are trusted.
    """
    if not token:
        raise InputError(
            f"a token is needed to ask {quoted(address.text)}: put one into a file for --token-file, or into P2PSTREAM_TOKEN; {_FROM_SETTINGS}"
        )
    if not token.isascii() or not token.isprintable() or " " in token or len(token) > LONGEST_TOKEN:
        raise InputError("the token is no API token: it is too long, or holds characters that no token has")
    context = _context(authority)
    with _explained(address, seconds):
        status, body = _exchanged(address, token, context, _Deadline(seconds))
    if token.encode() in body:
        raise InputError(f"the answer of {quoted(address.text)} repeats the token, so it is not used")
    if status != 200:
        raise InputError(_refusal(address, status, body))
    if not isinstance(_json(body), dict):
        raise InputError(
            f"the answer of {quoted(address.text)} is not JSON, is this the management address of p2pstream"
        )
    return body


def _context(authority: str | None) -> ssl.SSLContext:
    """What certificates are verified with."""
    try:
        return ssl.create_default_context(cafile=authority)
    except ssl.SSLError:
        raise InputError(f"`{authority}` holds no certificate in PEM form") from None
    except OSError as error:
        raise InputError(f"cannot read `{authority}`: {(error.strerror or 'it fails').lower()}") from None


@contextmanager
def _explained(address: Address, seconds: float) -> Iterator[None]:
    """Every failure of an exchange as one line."""
    where = quoted(address.text)
    try:
        yield
    except TimeoutError:
        raise InputError(f"{where} does not answer completely within {seconds:g} s (--timeout)") from None
    except ssl.SSLCertVerificationError as error:
        raise InputError(_distrust(where, error)) from None
    except ssl.SSLEOFError:
        raise InputError(f"{where} closes the connection too early") from None
    except ssl.SSLError as error:
        reason = (error.reason or "it fails").replace("_", " ").lower()
        raise InputError(f"no secure connection to {where}: {reason}") from None
    except (ConnectionRefusedError, socket.gaierror) as error:
        raise InputError(f"cannot connect to {where}: {(error.strerror or 'it fails').lower()}") from None
    except (ConnectionError, HTTPException):
        raise InputError(f"{where} closes the connection too early, or does not speak HTTP") from None
    except OSError as error:
        raise InputError(f"cannot connect to {where}: {(error.strerror or 'it fails').lower()}") from None
    except ValueError:
        raise InputError(f"{where} is no address that can be asked") from None


def _distrust(where: str, error: ssl.SSLCertVerificationError) -> str:
    """Why a certificate is not accepted, and what to do."""
    if error.verify_code in _WRONG_NAME:
        return (
            f"the certificate of {where} is for another host: ask a name that it holds, for --ca FILE says whom to trust"
            " and not for which name"
        )
    if error.verify_code in _UNKNOWN_ISSUER:
        return f"nobody trusted has signed the certificate of {where}: give the certificate of its CA with --ca FILE"
    return f"the certificate of {where} is refused: {error.verify_message}"


class _Deadline:
    """The moment at which an exchange has to be over."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self) -> float:
        """The seconds until then. Raises TimeoutError when there are none."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Incoming(RawIOBase):
    """What comes through a socket, for as long as there is time; also the socket that a response reads from."""

    def __init__(self, wire: socket.socket, deadline: _Deadline) -> None:
        self._wire, self._deadline = wire, deadline

    def readable(self) -> bool:
        """That it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader passes
        """Wait for some bytes, and take them."""
        self._wire.settimeout(self._deadline.left())
        return self._wire.recv_into(buffer)

    def makefile(self, _mode: str) -> BufferedReader:
        """The stream a response is read from."""
        return BufferedReader(self)


def _exchanged(address: Address, token: str, context: ssl.SSLContext, deadline: _Deadline) -> tuple[int, bytes]:
    """Status and body of the answer."""
    with closing(_connected(address, context, deadline)) as wire:
        connection = HTTPSConnection(address.host, address.port, context=context)
        connection.sock = wire
        headers = {
            "Authorization": f"Bearer {token}",
            "Connect-Protocol-Version": "1",
            "Content-Type": "application/json",
        }
        wire.settimeout(deadline.left())
        connection.request("POST", address.prefix + _PROCEDURE, b"{}", headers)
        response = HTTPResponse(cast(socket.socket, _Incoming(wire, deadline)), method="POST")
        response.begin()
        body = response.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise InputError(f"the answer of {quoted(address.text)} is larger than {MOST_BYTES // 2**20} MiB")
        if response.length:
            raise ConnectionError
        return response.status, body


def _connected(address: Address, context: ssl.SSLContext, deadline: _Deadline) -> ssl.SSLSocket:
    """A secure connection to the first address of the host that takes one."""
    failure: OSError = ConnectionRefusedError()
    for family, kind, protocol, _, place in socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM):
        wire = socket.socket(family, kind, protocol)
        try:
            wire.settimeout(deadline.left())
            wire.connect(place)
        except OSError as error:
            wire.close()
            failure = error
            continue
        try:
            wire.settimeout(deadline.left())
            return context.wrap_socket(wire, server_hostname=address.host)
        except BaseException:
            wire.close()
            raise
    raise failure


def _json(body: bytes) -> object:
    """The value of a JSON text, None when it is none."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value


def _refusal(address: Address, status: int, body: bytes) -> str:
    """What an answer other than success comes to."""
    where, found = quoted(address.text), _json(body)
    code = found.get("code") if isinstance(found, dict) else None
    if code == "unauthenticated" or (status in _UNAUTHENTICATED and not isinstance(code, str)):
        return f"{where} does not accept the token, it may have expired or been disabled; {_FROM_SETTINGS}"
    if isinstance(found, dict) and isinstance(code, str):
        return f"{where} answers {quoted(code)}: {quoted(str(found.get('message') or ''))}"
    if 300 <= status < 400:
        return f"{where} answers with a redirect ({status}), which is not followed: give the address of the management API itself"
    if status == 404:
        return f"there is no p2pstream management API at {where}"
    return f"{where} answers with status {status}"
