"""CEL's conversion functions: cel-spec, langdef.md, "Types and Conversions", with texts as Go's strconv reads them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from edgelint.languages.cel.literals import MAX_INT, MIN_INT
from edgelint.languages.cel.times import (
    SECOND,
    read_duration,
    read_timestamp,
    timestamp,
    write_duration,
    write_timestamp,
)
from edgelint.languages.cel.type_system import Type
from edgelint.languages.cel.values import (
    Duration,
    EvaluationError,
    Timestamp,
    Uint,
    Value,
    checked_int,
    checked_uint,
    type_name,
)

_INT = r"[+-]?[0-9]{1,60}"
_UINT = r"[0-9]{1,60}"
_DIGITS = r"(?:[0-9](?:_?[0-9])*+)?+"
_DOUBLE = rf"(?i)[+-]?(?:{_DIGITS}\.?{_DIGITS}(?:[eE][+-]?[0-9]{{1,9}})?|inf|infinity|nan)"
_TRUTHS = {"1": True, "t": True, "T": True, "TRUE": True, "true": True, "True": True}
_TRUTHS |= {"0": False, "f": False, "F": False, "FALSE": False, "false": False, "False": False}


def to_bool(value: Value) -> Value:
    """`bool(value)`."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _TRUTHS:
        return _TRUTHS[value]
    raise _impossible("bool", value)


def to_bytes(value: Value) -> Value:
    """`bytes(value)`."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    raise _impossible("bytes", value)


def to_double(value: Value) -> Value:
    """`double(value)`."""
    match value:
        case float():
            return value
        case int() if not isinstance(value, bool):
            return float(value)
        case str() if re.fullmatch(_DOUBLE, value) and any(map(str.isalnum, value)):
            return _read_double(value)
    raise _impossible("double", value)


def _read_double(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise _impossible("double", text) from None
    if math.isinf(number) and "n" not in text.lower():
        raise _impossible("double", text)
    return number


def to_int(value: Value) -> Value:
    """`int(value)`."""
    match value:
        case bool():
            pass
        case int():
            return checked_int(int(value))
        case float() if MIN_INT < value < float(MAX_INT):
            return int(value)
        case str() if re.fullmatch(_INT, value):
            return checked_int(int(value))
        case Timestamp(nanoseconds):
            return nanoseconds // SECOND
        case Duration(nanoseconds):
            return nanoseconds
    raise _impossible("int", value)


def to_uint(value: Value) -> Value:
    """`uint(value)`."""
    match value:
        case bool():
            pass
        case int():
            return checked_uint(value)
        case float() if 0 <= value < 2.0**64:
            return Uint(value)
        case str() if re.fullmatch(_UINT, value):
            return checked_uint(int(value))
    raise _impossible("uint", value)


def to_string(value: Value) -> Value:
    """`string(value)`."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(int(value))
        case float():
            return _write_double(value)
        case Timestamp():
            return write_timestamp(value)
        case Duration():
            return write_duration(value)
        case bytes():
            return _decode(value)
    raise _impossible("string", value)


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise EvaluationError("the bytes are no UTF-8") from None


def _write_double(value: float) -> str:
    """A double as Go's `%g` writes it: shortest digits, an exponent below -4 or from 6 on."""
    from decimal import Decimal  # late: seldom needed

    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    sign, digits, _ = Decimal(repr(value)).normalize().as_tuple()
    exponent = Decimal(repr(value)).adjusted() if value else 0
    if -4 <= exponent < 6 or not value:
        return format(Decimal(repr(value)).normalize(), "f")
    mantissa = "".join(map(str, digits))
    fraction = f".{mantissa[1:]}" if len(mantissa) > 1 else ""
    return f"{'-' if sign else ''}{mantissa[0]}{fraction}e{exponent:+03d}"


def to_timestamp(value: Value) -> Value:
    """`timestamp(value)`."""
    match value:
        case Timestamp():
            return value
        case int() if type(value) is int:
            return timestamp(value * SECOND)
        case str():
            return read_timestamp(value)
    raise _impossible("timestamp", value)


def to_duration(value: Value) -> Value:
    """`duration(value)`."""
    match value:
        case Duration():
            return value
        case str():
            return read_duration(value)
    raise _impossible("duration", value)


def to_type(value: Value) -> Value:
    """`type(value)`."""
    return Type(type_name(value))


def to_dyn(value: Value) -> Value:
    """`dyn(value)`, which changes nothing."""
    return value


def _impossible(name: str, value: Value) -> EvaluationError:
    return EvaluationError(f"{type_name(value)} is not converted to {name}")


CONVERSIONS: dict[str, Callable[[Value], Value]] = {
    "bool": to_bool,
    "bytes": to_bytes,
    "double": to_double,
    "duration": to_duration,
    "dyn": to_dyn,
    "int": to_int,
    "string": to_string,
    "timestamp": to_timestamp,
    "type": to_type,
    "uint": to_uint,
}
