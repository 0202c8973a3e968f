"""`edgelint trace`: what happens to a request."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from edgelint.cli.arguments import CLEAN, NOTHING, WRONG, WrongCallError, known
from edgelint.cli.terminal import colourful, say, write
from edgelint.record import replace

if TYPE_CHECKING:
    from edgelint.model.policy import Policy, Rule
    from edgelint.report.traces.json import Unread
    from edgelint.requests.files import Placed
    from edgelint.requests.sent import Sent
    from edgelint.tracing.account import Account
    from edgelint.tracing.stages import Wishes

DESCRIPTION = """\
Says what happens to a request at the edge: which rules are looked at in which order, which match and why, what the request
is counted by, where it goes, and what it comes to. The request is a line such as `POST https://example.com/login`, a whole
command line of curl in quotes, as browsers copy it, or `-` for one of these on standard input.
"""
EXIT_CODES = """\
exit codes:
  0  traced
  2  wrong call, or a request that could not be read
  3  no policy
"""

_EVERY = "*"
"""What `--active` stands for without a value."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said after the command."""
    parser.description, parser.epilog = DESCRIPTION, EXIT_CODES
    parser.add_argument("policy", metavar="POLICY", help="the file or folder that holds the rules")
    parser.add_argument("request", nargs="*", metavar="REQUEST", help="`METHOD URL`, a curl command line, or `-`")
    parser.add_argument("--requests", metavar="FILE", help="many requests instead: JSON Lines or HAR, `-` for stdin")
    asked = parser.add_argument_group("the request")
    asked.add_argument("-H", dest="headers", action="append", default=[], metavar="'NAME: VALUE'", help="a header")
    asked.add_argument("--ip", default="", metavar="ADDRESS", help="the client's address")
    asked.add_argument("--listener", default="", metavar="NAME", help="where it comes in, if several listeners fit")
    state = parser.add_argument_group("the state of the edge")
    state.add_argument(
        "--active",
        nargs="?",
        const=_EVERY,
        metavar="NAME,...",
        help="automatic rules are in force: these, or all when none is named (then write it last)",
    )
    state.add_argument("--pass", dest="passes", action="store_true", help="the visitor holds every pass and admission")
    output = parser.add_argument_group("output")
    output.add_argument(
        "--all", dest="everything", action="store_true", help="also the rules that do not match, and why"
    )
    output.add_argument("--format", default="text", metavar="FORMAT", help="text or json (default: text)")


def run(options: argparse.Namespace) -> int:
    """Read the policy, read the requests, trace."""
    known(options.format, ("text", "json"), "format")
    if bool(options.request) is (options.requests is not None):
        raise WrongCallError("say one request, or name a file with --requests")
    policy = _policy(options)
    if policy is None:
        return NOTHING
    wishes = _wishes(options, policy)
    if options.requests is None:
        return _one(options, policy, wishes)
    return _many(options, policy, wishes)


def _policy(options: argparse.Namespace) -> Policy | None:
    """The one policy of the path; None, and a line that says so, where there is none."""
    from edgelint.readers import read

    if options.policy == "-" and "-" in (*options.request, options.requests):
        raise WrongCallError("standard input can be the policy or the request, not both")
    reading = read([options.policy], stdin=sys.stdin.buffer.read)
    for problem in reading.problems[:3]:
        say(f"{problem.place.source.name}: {problem.message}")
    if not reading.policies:
        say(f"no policy: there is no rule set in `{options.policy}`")
        return None
    if len(reading.policies) > 1:
        names = ", ".join(f"`{policy.name}`" for policy in reading.policies)
        raise WrongCallError(f"`{options.policy}` holds several policies, name one of {names}")
    (policy,) = reading.policies
    faults = sum(problem.kind != "unknown-field" for problem in policy.problems)
    if faults:
        what = "1 thing in it is" if faults == 1 else f"{faults} things in it are"
        say(f"{policy.name}: {what} not understood and left out here, `edgelint check` says what")
    return policy


def _wishes(options: argparse.Namespace, policy: Policy) -> Wishes:
    from edgelint.tracing.stages import Wishes

    table = options.requests is not None and options.format == "text"
    if table and options.everything:
        raise WrongCallError("a table has no room for --all, add --format json")
    return Wishes(
        active=frozenset(_active(options.active, policy)),
        passes=options.passes,
        detail="none" if table else "all" if options.everything else "effective",
    )


def _active(given: str | None, policy: Policy) -> Iterator[Rule]:
    """The conditional rules that are in force."""
    from edgelint.tracing.account import in_force

    rules = {rule.name: rule for rule in in_force(policy)}
    if given is None:
        return
    if given == _EVERY:
        yield from rules.values()
        return
    for name in filter(None, (word.strip() for word in given.split(","))):
        if not rules:
            raise WrongCallError(f"`{name}` is no automatic rule, the policy has none")
        yield rules[known(name, list(rules), "automatic rule")]


def _one(options: argparse.Namespace, policy: Policy, wishes: Wishes) -> int:
    from edgelint.tracing.account import account
    from edgelint.tracing.arrival import ListenerError

    try:
        found = account(policy, _sent(options), wishes)
    except ListenerError as error:
        raise WrongCallError(f"{error} with --listener" if not options.listener else str(error)) from None
    if options.format == "json":
        from edgelint.report.traces import json

        write(json.render(policy, [("", found)], everything=options.everything))
    else:
        from edgelint.report.traces import text

        write(text.render(found, colour=colourful(sys.stdout), everything=options.everything))
    return CLEAN


def _sent(options: argparse.Namespace) -> Sent:
    """The request that was said."""
    from edgelint.requests.curl import is_command, read_command
    from edgelint.requests.sent import RequestError, header_line, one_line, sent

    words = options.request  # one in quotes, or several without
    text = shlex.join(words) if words[0] == "curl" and len(words) > 1 else " ".join(words)
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    try:
        headers = [header_line(line) for line in options.headers]
        if is_command(text):
            found = read_command(text, options.ip, options.listener)
            return replace(found, headers=(*found.headers, *headers))
        method, url, assumed = one_line(text)
        found = sent(method, url, headers, options.ip, listener=options.listener)
        return replace(found, assumed=(*assumed, *found.assumed))
    except RequestError as error:
        raise WrongCallError(str(error)) from None


def _many(options: argparse.Namespace, policy: Policy, wishes: Wishes) -> int:
    from edgelint.report.traces import json, table

    if options.headers:
        raise WrongCallError("-H is for one request, write headers into the file")
    unread: list[Unread] = []
    accounts = _accounts(policy, wishes, _placed(options), unread)
    if options.format == "json":
        write(json.render(policy, list(accounts), unread, everything=options.everything))
    else:
        write(table.render(policy, accounts))
    for one in unread:
        say(f"{one.place}: {one.message}")
    return WRONG if unread else CLEAN


def _accounts(
    policy: Policy, wishes: Wishes, placed: Iterator[Placed], unread: list[Unread]
) -> Iterator[tuple[str, Account]]:
    """The accounts of requests with their places; those that cannot be read or traced are collected."""
    from edgelint.report.traces.json import Unread
    from edgelint.tracing.account import account
    from edgelint.tracing.arrival import ListenerError

    for one in placed:
        if one.request is None:
            unread.append(Unread(one.place, one.error))
            continue
        try:
            yield one.place, account(policy, one.request, wishes)
        except ListenerError as error:
            unread.append(Unread(one.place, str(error)))


def _placed(options: argparse.Namespace) -> Iterator[Placed]:
    from edgelint.requests.files import MOST_BYTES, read_file
    from edgelint.requests.sent import RequestError, client_address

    try:
        address = client_address(options.ip) if options.ip else ""
        if options.requests == "-":
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(options.requests).open("rb") as stream:
                data = stream.read(MOST_BYTES + 1)
    except RequestError as error:
        raise WrongCallError(str(error)) from None
    except OSError as error:
        raise WrongCallError(f"{options.requests}: {(error.strerror or 'cannot be read').lower()}") from None
    return read_file(options.requests, data, address, options.listener)
