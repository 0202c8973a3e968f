"""Words with texts of the user in them, kept apart until it is known where they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from edgelint.record import record

MOST = 6
"""How many members of a list are said; of more, all but the last of these."""


@record
class Quoted:
    """A text of the user: a name, a literal, a pattern."""

    text: str


Said = tuple[str | Quoted, ...]
"""Words in order: our own, which are safe everywhere, and texts of the user."""


def said(*parts: str | Quoted | Said) -> Said:
    """Words and texts one behind the other."""
    return tuple(piece for part in parts for piece in (part if isinstance(part, tuple) else (part,)) if piece != "")


def plain(words: Said, quote: Callable[[str], str] = "`{}`".format, ours: Callable[[str], str] = str) -> str:
    """Words as one text; of the user's texts and of our own words, what these functions make of them."""
    return "".join(quote(piece.text) if isinstance(piece, Quoted) else ours(piece) for piece in words)


def joined(parts: Sequence[Said], word: str = "or", rest: Said = ()) -> Said:
    """A list with a word before its last member; of a long one how many more there are, and `rest` of them."""
    if len(parts) > MOST:
        parts = [*parts[: MOST - 1], said(f"{len(parts) - MOST + 1} more", rest)]
    if len(parts) < 2:
        return parts[0] if parts else ()
    *first, last = parts
    return said(*(said(part, ", ") for part in first[:-1]), first[-1], f" {word} ", last)
