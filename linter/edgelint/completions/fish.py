"""Completions for fish."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.completions.words import Command, Option, Value

_HEAD = """\
# Completions of edgelint for fish: edgelint completions fish > ~/.config/fish/completions/edgelint.fish

# Whether the command is this one; without a name, whether there is none yet.
function __edgelint_at
    for word in (commandline -opc)[2..-1]
        if not string match -q -- '-*' $word
            test "$word" = "$argv[1]"
            return
        end
    end
    test -z "$argv[1]"
end

complete -c edgelint -f
"""


def script(program: Command) -> str:
    """The script for fish."""
    return _HEAD + "".join(f"complete -c edgelint {line}\n" for line in _lines(program))


def _lines(program: Command) -> Iterator[str]:
    for command in program.commands:
        yield f"-n '__edgelint_at \"\"' -a {command.name} -d {_quoted(command.help)}"
    for name, command in [('""', program), *((one.name, one) for one in program.commands)]:
        where = f"-n '__edgelint_at {name}'"
        for option in command.options:
            yield f"{where} {_option(option)} -d {_quoted(option.help)}"
        for value in command.values:
            yield f"{where} {'-F' if value.words is None else f'-a {_words(value)}'}"


def _option(option: Option) -> str:
    flags = [f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags]
    if option.value is None:
        return " ".join(flags)
    return " ".join([*flags, "-r -F" if option.value.words is None else f"-x -a {_words(option.value)}"])


def _words(value: Value) -> str:
    words = " ".join(value.words or ())
    return _quoted(f"(__fish_append , {words})" if value.several else words)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
