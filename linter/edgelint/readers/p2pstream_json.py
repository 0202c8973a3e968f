"""p2pstream configurations as text: the answer of GetPublicProxyConfig, bare or wrapped, and JSON or YAML kept by hand.

An answer is a policy of its own. The files of a folder that are kept by hand are one policy, each holding some of its lists;
only when two of them hold both rules and routes or listeners do these stand for themselves.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import PurePath

from edgelint.model.policy import Policy
from edgelint.readers.contract import File, Reading
from edgelint.readers.documents import json_document
from edgelint.readers.documents.document import Document, Fault, UnreadableError, decode, problems, unreadable
from edgelint.readers.p2pstream.content import Part, form_of, may_hold, seems_to_hold, unwrapped
from edgelint.source import Place

FORMAT = "p2pstream-json"
_YAML = (".yaml", ".yml")


def recognises(name: str, head: bytes) -> bool:
    """Whether it is called JSON or YAML, begins like JSON, is a stream of text, or text in an encoding to be refused."""
    if PurePath(name).suffix.lower() in (".json", *_YAML):
        return True
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{" or (name == "-" and b"\0" not in head)


def read(files: Sequence[File]) -> Reading:
    """The policies of the files of one folder."""
    parts: dict[str, Part] = {}
    reading = Reading()
    for file in files:
        part = _part(file)
        if isinstance(part, Part):
            parts[file.name] = part
        else:
            reading += part
    return Reading(tuple(_policy(group, files[0].folder, parts) for group in _groups(parts))) + reading


def _policy(names: Sequence[str], folder: str, parts: dict[str, Part]) -> Policy:
    from edgelint.readers.p2pstream.policy import read_policy

    return read_policy(names[0] if len(names) == 1 else folder, [parts[name] for name in names])


def _groups(parts: dict[str, Part]) -> list[list[str]]:
    """Names of files that are one policy together."""
    kept = [name for name, part in parts.items() if part.form == "kept"]
    complete = [name for name in kept if parts[name].complete]
    alone = complete if len(complete) > 1 else []
    together = [name for name in kept if name not in alone]
    groups = [[name] for name, part in parts.items() if part.form == "answer" or name in alone]
    return sorted([*groups, together] if together else groups)


def _part(file: File) -> Part | Reading:
    """One document, or what to say instead."""
    data = b""
    try:
        data = file.data()
        if not file.named and not may_hold(data):
            return Reading(ignored=(file.name,))
        return _content(file, *_document(file.name, data))
    except UnreadableError as error:
        if data and not file.named and not seems_to_hold(data):
            return Reading(ignored=(file.name,))
        return Reading(problems=error.problems)


def _document(name: str, data: bytes) -> tuple[Document, tuple[Fault, ...]]:
    """The document of some bytes: JSON when it is called so or begins and parses so, else YAML."""
    text, faults = decode(name, data)
    is_json = PurePath(name).suffix.lower() == ".json"
    if is_json or text.lstrip()[0] in "{[":
        try:
            return json_document.read(name, text), faults
        except UnreadableError:
            if is_json or not name.lower().endswith(_YAML):
                raise
    from edgelint.readers.documents import yaml_document

    return yaml_document.read(name, text), faults


def _content(file: File, document: Document, faults: tuple[Fault, ...]) -> Part | Reading:
    """The configuration in a document."""
    found = unwrapped(document.value)
    if found is None and file.named and document.value == {}:
        found = {}, ()
    if found is None:
        return _foreign(file, document)
    value, way = found
    place = Place(document.source, way)
    troubles = problems(document.source, faults) + document.problems
    return Part(value, place, form_of(value, way), troubles, document.remarks)


def _foreign(file: File, document: Document) -> Reading:
    """What to say of a document that is no configuration."""
    if not file.named:
        return Reading(ignored=(file.name,))
    value = document.value
    if isinstance(value, dict) and isinstance(value.get("code"), str) and isinstance(value.get("message"), str):
        message = "this is an error that p2pstream answered with, not a configuration"
    else:
        message = "this is no p2pstream configuration: none of its lists holds rules, routes or listeners of p2pstream"
    foreign = unreadable(file.name, document.source.text, message)
    return Reading(problems=foreign.problems + document.problems)
