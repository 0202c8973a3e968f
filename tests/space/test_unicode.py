"""Which characters a name in a pattern stands for: compared with Go's recorded answers and with RE2, on every character."""

import functools
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgelint.space.characters import EVERYTHING, NOTHING, Characters
from edgelint.space.regex import parse
from edgelint.space.unicode import fold, named
from regex_samples import GO

NAMES = [pattern.removeprefix("\\p{").removesuffix("}") for pattern, _, _ in GO["properties"] if pattern[0] == "\\"]
ASSIGNED = named("assigned", folded=False, negated=False)


def digest(text):
    """A text of any length in 16 hexadecimal digits, as the recorded answers have it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def characters_of(pattern):
    return parse(pattern).characters


@pytest.mark.parametrize(("pattern", "size", "expected"), GO["properties"], ids=[row[0] for row in GO["properties"]])
def test_names_stand_for_the_characters_they_stand_for_in_go(pattern, size, expected):
    found = characters_of(pattern)
    assert sum(last - first + 1 for first, last in found) == size
    assert digest(" ".join(f"{first:X}-{last:X}" for first, last in found)) == expected


@pytest.mark.parametrize(("pattern", "inside"), GO["categories"], ids=[pattern for pattern, _ in GO["categories"]])
def test_categories_hold_what_they_hold_in_go(pattern, inside):
    characters = characters_of(pattern)
    assert "".join(sample for sample in GO["samples"] if sample in characters) == inside


@functools.cache
def every_character():
    return "".join(chr(point) for first, last in EVERYTHING for point in range(first, last + 1))


def in_re2(pattern):
    """The characters RE2 finds, without those of a later version of Unicode; None where it does not know the name."""
    re2 = pytest.importorskip("re2")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(f"(?:{pattern})+", options)
    except re2.error:
        return None
    runs = (found.group() for found in compiled.finditer(every_character()))
    return Characters((ord(run[0]), ord(run[-1])) for run in runs) & ASSIGNED


@pytest.mark.parametrize("name", ["Greek", "Common", "Inherited", "Old_Italic", "L", "Lu", "Lo", "M", "C", "Cs"])
@pytest.mark.parametrize("pattern", ["\\p{%s}", "(?i)\\p{%s}", "(?i)[^_\\P{%s}]"])
def test_names_stand_for_the_characters_they_stand_for_in_re2(pattern, name):
    assert characters_of(pattern % name) & ASSIGNED is in_re2(pattern % name)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["\\p{%s}", "(?i)\\p{^%s}"])
def test_every_name_stands_for_the_characters_it_stands_for_in_re2(pattern):
    theirs = {name: in_re2(pattern % name) for name in NAMES}
    known = [name for name in NAMES if theirs[name] is not None]
    assert len(known) > 190
    assert [name for name in known if characters_of(pattern % name) & ASSIGNED is not theirs[name]] == []


@pytest.mark.parametrize("name", ["greek", "GREEK", "G_r-e e_k", "old italic", "olditalic", "lu", "Uppercase Letter"])
def test_letter_case_and_separators_of_a_name_do_not_count(name):
    assert named(name, folded=False, negated=False)


@pytest.mark.parametrize("name", ["", "Greeks", "Gr\u212aek", "=", "#", "Greek=", "41", "Is_Greek"])
def test_other_names_stand_for_nothing(name):
    assert named(name, folded=False, negated=False) is None


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("\\pN", named("n", folded=False, negated=False)),
        ("\\P{^Greek}", named("greek", folded=False, negated=False)),
        ("\\p{^Greek}", named("greek", folded=False, negated=True)),
        ("[\\p{Greek}a]", named("greek", folded=False, negated=False) | Characters.of("a")),
        ("[^\\P{Greek}\u03b1]", named("greek", folded=False, negated=False) - Characters.of("\u03b1")),
        ("(?i)\\p{Greek}", named("greek", folded=False, negated=False) | Characters.of("\u00b5\u0345")),
        ("(?i)\\P{Greek}", named("greek", folded=False, negated=True) - Characters.of("\u00b5\u0345")),
        ("(?i)\\p{Cs}", NOTHING),
        ("\\P{Any}", NOTHING),
    ],
)
def test_negation_folding_and_brackets_apply_to_names(pattern, expected):
    assert characters_of(pattern) is expected


@pytest.mark.slow
def test_characters_fold_to_those_they_fold_to_in_go():
    pairs = []
    for character in every_character():
        alike = "".join(
            chr(point) for first, last in fold(Characters.of(character)) for point in range(first, last + 1)
        )
        if alike != character:
            pairs.append((character, alike[(alike.index(character) + 1) % len(alike)]))
    size, expected = GO["folding"]
    assert len(pairs) == size
    assert digest(" ".join(f"{ord(one):X}-{ord(other):X}" for one, other in pairs)) == expected


@given(st.text(max_size=3).filter(lambda text: text.isprintable()))
def test_folding_again_adds_nothing(text):
    once = fold(Characters.of(text))
    assert fold(once) is once
    assert all(character in once for character in text)
