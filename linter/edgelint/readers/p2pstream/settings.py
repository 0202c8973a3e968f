"""What a rule is set to, and where each setting is written down.

Settings carry the model's words, which the terms of the platform translate; durations are seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgelint.model.policy import Setting
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.readers.p2pstream import shapes
from edgelint.readers.p2pstream.objects import Raw
from edgelint.readers.p2pstream.shape import Shape
from edgelint.source import Place

_INNER = {"waiting_room": "waiting_room.", "triggers": "triggers."}
_WORDS = {term: word.rpartition(".")[2] for word, term in P2PSTREAM.terms.items() if "." in word} | {
    "backend_ids": "targets",
    "triggers.backend_active_requests": "trigger_target_requests",
}
"""The words for what is written down, where they are not the field's own name; inner fields behind their object and a dot."""
_RENAMED = {"backend_ids": "target_ids", "backend_active_requests": "route_target_active_requests"}
"""What fields that were called otherwise until v0.1.39 are called now."""
_PLAIN = frozenset({"id", "name", "priority", "enabled", "match", "match_rule"})
_NO_SETTINGS = _PLAIN | {"key_parts"}
"""What is no setting: the model holds it elsewhere."""
_NOT_PLACED = frozenset({"created_at_unix_millis", "updated_at_unix_millis", "match", "match_rule"})

Settings = dict[str, Setting]
Ways = tuple[tuple[str, ...], ...]
"""Ways to a field from its rule, in several versions; the first that is written down counts."""
_MATCH: Ways = (("match_rule", "cel_expression"), ("match_rule", "builder"), ("match_rule",), ("match",))


def settings_of(found: shapes.RuleShape) -> Settings:
    """What a rule is set to, without what the model holds elsewhere and without bodies and headers."""
    settings: Settings = {
        word: _setting(way[-1], value)
        for word, ways in _known_ways(type(found)).items()
        for way in ways
        if way[0] not in _NO_SETTINGS and (value := _reached(found, way)) is not None
    }
    if isinstance(found, shapes.RateLimitRule | shapes.TrafficShaperRule | shapes.WafRule):
        parts = (f"{part.source}:{part.name}" if part.name else part.source for part in found.key_parts)
        settings["key_parts"] = tuple(parts) or ("remote_ip",)
    return settings


def fields_of(shape: type[Shape], settings: Mapping[str, Setting], prefix: str = "") -> dict[str, object]:
    """The fields of a rule that is set so, by their names: `settings_of` the other way round."""
    found: dict[str, object] = {}
    for name, field in shape.fields.items():
        if isinstance(field.default, Shape):
            found[name] = fields_of(type(field.default), settings, _INNER[name])
        elif field.default is not None and name not in _NO_SETTINGS:
            found[name] = _field(name, settings[_word(prefix + name)])
    return found


def _field(name: str, setting: Setting) -> object:
    """What a field holds of which a setting was made."""
    if isinstance(setting, tuple):
        if name.endswith("response_headers"):
            lines = (line.partition(": ") for line in setting)
            return tuple({"name": header, "value": value} for header, _, value in lines)
        return tuple(map(int, setting)) if name.endswith(("_ids", "_codes")) else setting
    return round(setting * 1000) if name.endswith("_millis") and not isinstance(setting, str) else setting


def chosen(found: shapes.RuleShape, settings: Settings) -> frozenset[str]:
    """The settings of a rule that are not what p2pstream takes by default; it writes the client's address for no key."""
    plain = settings.get("key_parts") == ("remote_ip",)
    return frozenset(word for word in _differing(found) if word != "key_parts" or not plain)


def _differing(found: Shape, prefix: str = "") -> Iterator[str]:
    for name, value in vars(found).items():
        if isinstance(value, Shape):
            yield from _differing(value, _INNER[name])
        elif name not in _PLAIN and value not in (None, found.fields[_RENAMED.get(name, name)].default):
            yield _word(prefix + name)


def _reached(found: Shape, way: tuple[str, ...]) -> object:
    value: object = found
    for name in way:
        value = getattr(value, name)
    return value


def _word(name: str) -> str:
    return _WORDS.get(name, name)


def _setting(name: str, value: object) -> Setting:
    if isinstance(value, tuple):
        return tuple(str(item) for item in value)
    if not isinstance(value, int | float):
        return str(value)
    if name.endswith("_millis"):
        return int(value // 1000) if value % 1000 == 0 else value / 1000
    return value


class Places(Mapping[str, Place]):
    """The places of what is written down in a rule, by settings and the words of the model, looked up when asked for.

    The outcome stands where the setting `outcome` does.
    """

    def __init__(self, raw: Raw, shape: type[shapes.RuleShape], outcome: str) -> None:
        self._raw, self._shape, self._outcome = raw, shape, outcome

    def __getitem__(self, word: str) -> Place:
        for way in self._ways()[word]:
            if self._raw.has(*way):
                return self._raw.at(*way)
        raise KeyError(word)

    def __iter__(self) -> Iterator[str]:
        return (word for word, ways in self._ways().items() if any(self._raw.has(*way) for way in ways))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _ways(self) -> Mapping[str, Ways]:
        ways = _known_ways(self._shape)
        return {**ways, "key": ways.get("key_parts", ()), "match": _MATCH, "outcome": ways[self._outcome]}


_KNOWN: dict[type[Shape], Mapping[str, Ways]] = {}


def _known_ways(shape: type[Shape]) -> Mapping[str, Ways]:
    """The ways to every field of a shape, worked out once."""
    found = _KNOWN.get(shape)
    if found is None:
        found = _KNOWN[shape] = _ways(shape)
    return found


def _ways(shape: type[Shape], around: tuple[str, ...] = (), prefix: str = "") -> Mapping[str, Ways]:
    """The ways to every field of a shape, by the word it goes by."""
    ways: dict[str, Ways] = {}
    for name, field in shape.fields.items():
        if isinstance(field.default, Shape):
            ways |= _ways(type(field.default), (*around, name), _INNER[name])
        elif name not in _NOT_PLACED:
            word = _word(prefix + name)
            ways[word] = (*ways.get(word, ()), (*around, name))
    return ways
