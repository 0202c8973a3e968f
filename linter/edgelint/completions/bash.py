"""Completions for bash, of version 3.2 on."""

from __future__ import annotations

from collections.abc import Iterator

from edgelint.completions.words import Command, Value

_SCRIPT = """\
# Completions of edgelint for bash. To have them in every shell, add to ~/.bashrc: source <(edgelint completions bash)

# Offer words, and no files.
_edgelint_words() {
    local word
    compopt +o default 2>/dev/null
    while IFS= read -r word; do
        COMPREPLY+=("$2$word")
    done < <(compgen -W "$1" -- "${cur#"$2"}")
}

# Offer words for the last place in a list with commas.
_edgelint_list() {
    local before=""
    [[ $cur == *,* ]] && before="${cur%%,*},"
    compopt -o nospace 2>/dev/null
    _edgelint_words "$1" "$before"
}

# Where there is nothing to offer, bash completes the names of files.
_edgelint() {
    local cur="${COMP_WORDS[COMP_CWORD]}" option="" command="" place=0 index word
    COMPREPLY=()
    [[ $cur == "=" ]] && cur=""
    for ((index = 1; index < COMP_CWORD; index++)); do
        word="${COMP_WORDS[index]}"
        if [[ $word == "=" ]]; then
            continue
        elif [[ -n $option ]]; then
            option=""
        elif [[ $word == -* ]]; then
            case "$command $word" in
%(valued)s
            esac
        elif [[ -z $command ]]; then
            command="$word"
        else
            place=$((place + 1))
        fi
    done
    if [[ -n $option ]]; then
        case "$command $option" in
%(options)s
        esac
    elif [[ $cur == -* ]]; then
        case "$command" in
%(flags)s
        esac
    elif [[ -z $command ]]; then
        _edgelint_words "%(commands)s"
    else
        case "$command $place" in
%(values)s
        esac
    fi
}

complete -o default -F _edgelint edgelint
"""


def script(program: Command) -> str:
    """The script for bash."""
    return _SCRIPT % {
        "valued": "\n".join(_indented(16, _valued(program))),
        "options": "\n".join(_indented(12, _options(program))),
        "flags": "\n".join(_indented(12, _flags(program))),
        "commands": " ".join(one.name for one in program.commands),
        "values": "\n".join(_indented(12, _values(program))),
    }


def _indented(width: int, lines: Iterator[str]) -> Iterator[str]:
    return (" " * width + line for line in lines)


def _valued(program: Command) -> Iterator[str]:
    """The options after which a value comes."""
    for command in program.commands:
        flags = [f'"{command.name} {flag}"' for one in command.options if one.value for flag in one.flags]
        if flags:
            yield f'{" | ".join(flags)}) option="$word" ;;'


def _options(program: Command) -> Iterator[str]:
    for command in program.commands:
        for option in command.options:
            if option.value and option.value.words is not None:
                names = " | ".join(f'"{command.name} {flag}"' for flag in option.flags)
                yield f"{names}) {_offer(option.value)} ;;"


def _flags(program: Command) -> Iterator[str]:
    for name, command in [("", program), *((one.name, one) for one in program.commands)]:
        flags = " ".join(flag for option in command.options for flag in option.flags)
        yield f'"{name}") _edgelint_words "{flags}" ;;'


def _values(program: Command) -> Iterator[str]:
    for command in program.commands:
        for place, value in enumerate(command.values):
            last = command.repeats and value is command.values[-1]
            yield f'"{command.name} "{"*" if last else place}) {_offer(value)} ;;'
    yield '*) _edgelint_words "" ;;'


def _offer(value: Value) -> str:
    if value.words is None:
        return ":"
    return f'_edgelint_{"list" if value.several else "words"} "{" ".join(value.words)}"'
