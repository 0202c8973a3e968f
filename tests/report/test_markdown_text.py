import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from edgelint.report._markdown import code, fence, markdown
from edgelint.report._safe import visible
from markdown_pages import pages
from report_samples import hostile_texts


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "waf rule `block-admin` is never reached: `captcha` takes every request it matches",
            "waf rule `block-admin` is never reached: `captcha` takes every request it matches",
        ),
        ("comes 3,333 times (59,994 bytes)", "comes 3,333 times (59,994 bytes)"),
        ("for `a`: curl -H 'x: b' https://a.example/", "for `a`: `curl -H 'x: b' https://a.example/`"),
        ("at https://a.example/x?y=1#2, or 192.0.2.1; ok", "at `https://a.example/x?y=1#2`, or `192.0.2.1`; ok"),
        ("ask @team, or see #12 and GH-12", "ask `@team`, or see `#12` and `GH-12`"),
        ("13.3 B/s by IPv6 (of 4096 B/s)", "13.3 B/s by IPv6 (of 4096 B/s)"),
        ("2. and 3)", "2\\. and 3\\)"),
        ("the client's address; a so-called key", "the client's address; a so-called key"),
        ("commit deadbeef or 0123456789", "commit `deadbeef` or `0123456789`"),
        ("a <b> *c* _d_ [e](f) | g", "a `<b>` `*c*` `_d_` `[e](f)` `|` g"),
        ("rule `a`b` is odd", "rule `a`b`` ` `` is odd"),
        ("bad\x1b thing\nhere", "`bad<U+001B>` `thing<U+000A>here`"),
        ("", ""),
    ],
)
def test_words_stay_words_and_everything_else_is_code(text, written):
    assert markdown(text) == written


LETTERS, NUMBER = r"[^\W\d_]+(?:['/-][^\W\d_]+)*[0-9]?", r"[0-9]{1,6}(?:\.[0-9]{1,3})?|[0-9]{1,3}(?:,[0-9]{3})+"
WORD = re.compile(rf"""[("']*(?:{LETTERS}|{NUMBER})?["')]*[.,;:!?]?["')]*[,;:]?|\.\.\.""")
"""What is neither a name, an issue, a commit nor an address to anyone."""


def harmless(text, before="See: "):
    """Nothing in a paragraph with a text is anything but words and code."""
    for page in pages(before + text):
        assert set(page.tags) <= {"p", "code"}
        assert not page.attributes
        assert not page.comments
        for piece in page.text:
            assert not [word for word in piece.split() if not WORD.fullmatch(word) and word != before.strip()]
            assert not re.search(r"\bwww\b|\b[0-9a-f]{7,}\b", piece, re.IGNORECASE)


@given(hostile_texts)
@example("www.`a.example`")
@example("`a``b`c``@d`")
@example("http:`//a.example`")
@example("`@`team")
@example("@`team")
@example("a\\`b")
@example("a/b`#1`")
@example("a/b `#1`")
@example("curl https://a.example/ @team `b` @team")
@example("`curl -x `@team")
def test_nothing_in_a_text_is_more_than_words_and_code(text):
    harmless(markdown(text))


@given(some.text(alphabet="a1@#`.)( \\*_[]<>|-:/w&!~\u00a0", max_size=30))
def test_nothing_is_in_any_arrangement_of_what_means_something(text):
    harmless(markdown(text))


@pytest.mark.parametrize("text", ["'", "')", "`", "``a", ",", "a-", "1,111", "curl -", "&", ". "])
def test_a_very_long_text_takes_no_longer_than_it_is_long(text):
    # A pattern that looks at each part of it from each other part would take minutes.
    assert markdown(text * 40_000 + "x")


@given(hostile_texts)
def test_a_text_is_shown_whole(text):
    for page in pages(f"See: {markdown(text)}"):
        assert re.sub(r"[\s`]", "", page.whole) == re.sub(r"[\s`]", "", f"See: {visible(text)}")


@given(hostile_texts)
@example(" a ")
@example("`")
@example("a`")
@example(" ")
def test_code_is_shown_as_it_is(text):
    for page in pages(f"See: {code(text)}."):
        assert page.code == ([visible(text)] if text else [])
        assert page.text[0].startswith("See:")


@given(some.lists(hostile_texts, min_size=1, max_size=3).map("\n".join))
@example("```\n# x\n~~~")
def test_a_block_of_code_ends_where_it_is_said_to(text):
    for page in pages(fence(text, "sh") + "\n\nAfter."):
        assert page.tags == ["pre", "code", "p"]
        assert "".join(page.text).strip() == "After."
        assert page.code == ["".join(f"{visible(line)}\n" for line in text.split("\n"))]
