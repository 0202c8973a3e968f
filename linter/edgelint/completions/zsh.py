"""Completions for zsh."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from edgelint.completions.words import Command, Option, Value

_SCRIPT = """\
#compdef edgelint
# Completions of edgelint for zsh: source <(edgelint completions zsh) after compinit, or save it as _edgelint in a folder of $fpath.

_edgelint() {
    local context state state_descr line
    typeset -A opt_args
    _arguments -C %(options)s \\
        ': :->command' '*:: :->rest'
    case $state in
        command)
            local -a commands
            commands=(
%(commands)s
            )
            _describe -t commands command commands
            ;;
        rest)
            case $line[1] in
%(rest)s
            esac
            ;;
    esac
}

if [[ $funcstack[1] == _edgelint ]]; then
    _edgelint "$@"
else
    compdef _edgelint edgelint
fi
"""


def script(program: Command) -> str:
    """The script for zsh."""
    return _SCRIPT % {
        "options": " ".join(map(_option, program.options)),
        "commands": "\n".join(f"                {_quoted(f'{one.name}:{one.help}')}" for one in program.commands),
        "rest": "\n".join(line for command in program.commands for line in _command(command)),
    }


def _command(command: Command) -> Iterator[str]:
    specs: Sequence[str] = [*map(_option, command.options), *_values(command)]
    yield f"                {command.name})"
    yield "                    _arguments " + " \\\n                        ".join(specs) + " ;;"


def _values(command: Command) -> Iterator[str]:
    for value in command.values:
        repeated = command.repeats and value is command.values[-1]
        yield _quoted(f"{'*' if repeated else ''}:{value.name}:{_action(value)}")


def _option(option: Option) -> str:
    """The specification of an option; one with several flags is offered until one of them is there."""
    said = f"[{_plain(option.help)}]"
    if option.value is not None:
        return " ".join(
            _quoted(f"*{flag}{_joined(flag)}{said}:{option.value.name}:{_action(option.value)}")
            for flag in option.flags
        )
    both = f"({' '.join(option.flags)})"
    return " ".join(_quoted(f"{both}{flag}{said}") for flag in option.flags)


def _joined(flag: str) -> str:
    """How the value may stand: behind `=` or in the next word; behind a short flag at once."""
    return "=" if flag.startswith("--") else "+"


def _action(value: Value) -> str:
    if value.words is None:
        return "_files"
    words = " ".join(value.words)
    return f"_values -s , {value.name} {words}" if value.several else f"({words})"


def _plain(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
