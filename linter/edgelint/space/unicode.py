"""Facts of Unicode that regular expressions name: general categories, script names, and simple case folding.

The tables come from this Python's `unicodedata` and are built when first asked for. Its version of Unicode (14 in Python 3.11,
16 in 3.14) may differ from that of the Go program by the characters added in between. Scripts are known by name only.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from string import ascii_lowercase
from unicodedata import category

from edgelint.space.characters import EVERYTHING, NOTHING, Characters, Range

_ALIASES = """
    casedletter=lc closepunctuation=pe combiningmark=m connectorpunctuation=pc control=cc currencysymbol=sc
    dashpunctuation=pd decimalnumber=nd enclosingmark=me finalpunctuation=pf format=cf initialpunctuation=pi letter=l
    letternumber=nl lineseparator=zl lowercaseletter=ll mark=m mathsymbol=sm modifierletter=lm modifiersymbol=sk
    nonspacingmark=mn number=n openpunctuation=ps other=c otherletter=lo othernumber=no otherpunctuation=po othersymbol=so
    paragraphseparator=zp privateuse=co punctuation=p separator=z spaceseparator=zs spacingmark=mc surrogate=cs symbol=s
    titlecaseletter=lt unassigned=cn uppercaseletter=lu cntrl=cc digit=nd punct=p
"""

_SCRIPTS = """
    adlam ahom anatolianhieroglyphs arabic armenian avestan balinese bamum bassavah batak bengali bhaiksuki bopomofo brahmi
    braille buginese buhid canadianaboriginal carian caucasianalbanian chakma cham cherokee chorasmian common coptic cuneiform
    cypriot cyprominoan cyrillic deseret devanagari divesakuru dogra duployan egyptianhieroglyphs elbasan elymaic ethiopic
    georgian glagolitic gothic grantha greek gujarati gunjalagondi gurmukhi han hangul hanifirohingya hanunoo hatran hebrew
    hiragana imperialaramaic inherited inscriptionalpahlavi inscriptionalparthian javanese kaithi kannada katakana kawi kayahli
    kharoshthi khitansmallscript khmer khojki khudawadi lao latin lepcha limbu lineara linearb lisu lycian lydian mahajani
    makasar malayalam mandaic manichaean marchen masaramgondi medefaidrin meeteimayek mendekikakui meroiticcursive
    meroitichieroglyphs miao modi mongolian mro multani myanmar nabataean nagmundari nandinagari newtailue newa nko nushu
    nyiakengpuachuehmong ogham olchiki oldhungarian olditalic oldnortharabian oldpermic oldpersian oldsogdian oldsoutharabian
    oldturkic olduyghur oriya osage osmanya pahawhhmong palmyrene paucinhau phagspa phoenician psalterpahlavi rejang runic
    samaritan saurashtra sharada shavian siddham signwriting sinhala sogdian sorasompeng soyombo sundanese sylotinagri syriac
    tagalog tagbanwa taile taitham taiviet takri tamil tangsa tangut telugu thaana thai tibetan tifinagh tirhuta toto ugaritic
    vai vithkuqi wancho warangciti yezidi yi zanabazarsquare
"""

_Case = tuple[list[int], dict[int, str]]
"""The characters that have case, sorted by code point, and for each of them all those that differ only by case."""

_ASCII = Characters([(0, 0x7F)])
_LAST_WITH_CASE = 0x1E943


def is_script(name: str) -> bool:
    """Whether this is the name of a script of Unicode 15."""
    return _canonical(name) in _SCRIPTS.split()


def named(name: str, *, folded: bool, negated: bool) -> Characters | None:
    """The characters of a general category, of `any`, `assigned` or `ascii`, or all others; None for another name.

    Letter case, spaces, hyphens and underscores of the name do not count, as in Go since 1.25. With `folded` the characters
    that differ only by case from a member belong to the set too.
    """
    return _named(_canonical(name), folded=folded, negated=negated)


@lru_cache(maxsize=512)
def _named(key: str, *, folded: bool, negated: bool) -> Characters | None:
    key = dict(pair.split("=") for pair in _ALIASES.split()).get(key, key)
    match key:
        case "any":
            found = EVERYTHING
        case "ascii":
            found = _ASCII
        case "assigned":
            found = ~_categories()["cn"]
        case _ if key in _categories():
            found = _categories()[key]
        case _:
            return None
    if folded and key != "lc":  # Go folds every category but this one, which leaves U+0345 out
        found = fold(found)
    return ~found if negated else found


def fold(characters: Characters) -> Characters:
    """These characters and those that differ from one of them only by case, by simple case folding."""
    ascii_only = not characters or characters.ranges[-1][1] < 0x80
    points, orbits = _ASCII_CASE if ascii_only else _case()
    more = (
        orbits[point] for low, high in characters for point in points[bisect(points, low - 1) : bisect(points, high)]
    )
    return characters | Characters.of("".join(more))


def _canonical(name: str) -> str:
    return re.sub("[-_ ]", "", name).lower() if name.isascii() else name


@cache
def _categories() -> dict[str, Characters]:
    codes = "".join(map(category, map(chr, range(0x110000))))
    ranges: defaultdict[str, list[Range]] = defaultdict(list)
    for run in re.finditer(r"(..)\1*", codes):
        pair = (run.start() // 2, run.end() // 2 - 1)
        name = run[1].lower()
        ranges[name].append(pair)
        ranges[name[0]].append(pair)
    found = {name: Characters(pairs) for name, pairs in ranges.items()}
    found["lc"] = found["lu"] | found["ll"] | found["lt"]
    found["cs"] = NOTHING
    return found


@cache
def _case() -> _Case:
    orbits: dict[str, str] = {}
    for character in map(chr, range(_LAST_WITH_CASE + 1)):
        if character.casefold() != character and (root := _simple_fold(character)) != character:
            orbits[root] = orbits.get(root, root) + character
    return _by_point(orbits.values())


def _by_point(orbits: Iterable[str]) -> _Case:
    found = {ord(character): orbit for orbit in orbits for character in orbit}
    return sorted(found), found


def _simple_fold(character: str) -> str:
    """The simple case folding of a character: the full one, or the lower-case letter where the full one is several."""
    for folded in (character.casefold(), character.lower()):
        if len(folded) == 1:
            return folded
    return character


_ASCII_CASE = _by_point(
    letter + letter.upper() + {"k": "\u212a", "s": "\u017f"}.get(letter, "") for letter in ascii_lowercase
)
