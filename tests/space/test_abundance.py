import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.meaning import strict_paths
from edgelint.platforms.p2pstream import P2PSTREAM
from edgelint.space.abundance import endless, several
from edgelint.space.language import ANYTHING, NOTHING, words
from edgelint.space.leaves import below_path, length, pattern, prefix, substring, suffix

PATHS = strict_paths(P2PSTREAM)
ENDLESS = {
    "anything": ANYTHING,
    "below a path": below_path("/login") & PATHS,
    "a prefix": prefix("/api") & PATHS,
    "an ending": suffix(".css") & PATHS,
    "a repetition": pattern("^(ab)*0+$"),
    "subdomains": suffix(".example.com") & pattern("^[a-z0-9.]+$"),
    "all but some": ~words(("a", "b")),
}
FINITE = {
    "nothing": NOTHING,
    "nothing, as a search finds": substring("ab") & length(0, 1),
    "words": words(("free", "pro", "team")),
    "hexadecimal digits": pattern("^[0-9a-f]{32}$"),
    "short texts": length(0, 3),
    "one path": words(("/login",)) & PATHS,
    "few letters": pattern("^[a-d]$"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_has_no_end_is_known_to_have_none(name):
    assert endless(ENDLESS[name])


@pytest.mark.parametrize("name", FINITE)
def test_what_has_an_end_is_never_taken_for_endless(name):
    assert not endless(FINITE[name])


@pytest.mark.parametrize("name", ENDLESS)
def test_endless_languages_have_as_many_members_as_are_wanted(name):
    found = several(ENDLESS[name], 20)
    assert len(set(found)) == len(found) == 20
    assert all(member in ENDLESS[name] for member in found)


def test_members_of_a_fixed_form_are_found_too():
    assert len(several(FINITE["hexadecimal digits"], 8)) == 8


def test_there_are_no_more_members_than_there_are():
    assert several(FINITE["words"], 8) == ("free", "pro", "team")
    assert several(NOTHING, 8) == several(FINITE["nothing, as a search finds"], 8) == ()
    assert set(several(FINITE["few letters"], 8)) <= set("abcd")


def test_members_are_readable():
    assert several(below_path("/login") & PATHS, 3) == ("/login", "/login/1", "/login/2")


@given(st.from_regex(r"[a-c]{0,3}(\([a-c]{1,2}\)[*+?]|[a-c]\{1,3\})[a-c]{0,2}", fullmatch=True), st.integers(1, 12))
def test_several_are_members_and_different_and_endless_ones_do_not_run_out(text, most):
    language = pattern(f"^(?:{text})$")
    found = several(language, most)
    assert len(set(found)) == len(found) <= most
    assert all(member in language for member in found)
    assert endless(language) <= (len(found) == most)
