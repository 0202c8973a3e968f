"""The JSON Schema (draft-07) of a configuration, made of the models: `python -m edgelint.config.json_schema` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

from edgelint.config.schema import Configuration

FILE = Path(__file__).with_name("schema.json")

Object = dict[str, object]

_ORDER = (
    "$schema",
    "title",
    "description",
    "type",
    "default",
    "const",
    "enum",
    "pattern",
    "format",
    "examples",
    "properties",
)
_DROPPED = ("title", "$defs")
_NULL = {"type": "null"}


def text() -> str:
    """The schema as the text of its file."""
    generated: Object = Configuration.model_json_schema(by_alias=True)
    models = generated.get("$defs", {})
    assert isinstance(models, dict)  # noqa: S101
    head: Object = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "edgelint configuration"}
    return json.dumps(_sorted(head | _tidy(generated, models)), indent=2, ensure_ascii=False) + "\n"


def _tidy(schema: Object, models: Object) -> Object:
    """A schema without references, without what says nothing, and without null, which no key accepts.

    In draft-07 all that stands beside a reference is ignored, the descriptions of keys included.
    """
    while isinstance(name := schema.get("$ref"), str):
        model = models[name.rpartition("/")[2]]
        assert isinstance(model, dict)  # noqa: S101
        schema = model | {key: value for key, value in schema.items() if key != "$ref"}
    dropped = (*_DROPPED, "enum") if "const" in schema else _DROPPED  # early pydantic says a constant twice
    found = {key: _within(key, value, models) for key, value in schema.items() if key not in dropped}
    return _sorted(_without_idle_default(_without_null(found)))


def _within(key: str, value: object, models: Object) -> object:
    """The value of a keyword with the schemas inside of it tidied."""
    if key == "properties" and isinstance(value, dict):
        return {name: _tidy(one, models) for name, one in value.items()}
    if key in ("items", "additionalProperties") and isinstance(value, dict):
        return _tidy(value, models)
    if key in ("anyOf", "allOf") and isinstance(value, list):
        return [_tidy(one, models) for one in value]
    return value


def _without_null(schema: Object) -> Object:
    """A schema of a choice with no null in it; the choice itself goes where only one is left."""
    for key in ("anyOf", "allOf"):
        choice = schema.get(key)
        if isinstance(choice, list):
            left = [one for one in choice if one != _NULL]
            rest = {name: value for name, value in schema.items() if name != key}
            schema = left[0] | rest if len(left) == 1 else schema | {key: left}
    return schema


def _without_idle_default(schema: Object) -> Object:
    """A schema without a default that is only how nothing is written here."""
    if schema.get("default", "said") in (None, "", {}, []) or isinstance(schema.get("default"), dict):
        return {key: value for key, value in schema.items() if key != "default"}
    return schema


def _sorted(schema: Object) -> Object:
    """A schema with its keywords in the order in which a person looks for them, whatever the order they were made in."""
    known = [key for key in _ORDER if key in schema]
    return {key: schema[key] for key in (*known, *sorted(schema.keys() - known))}


def main() -> None:
    """Write the schema."""
    FILE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
