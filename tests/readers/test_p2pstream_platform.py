import pytest

from edgelint.platforms.p2pstream import P2PSTREAM

re2 = pytest.importorskip("re2")


def holds(language: str, *values: str) -> list[bool]:
    pattern = getattr(P2PSTREAM, language) + (f"|{P2PSTREAM.address_host}" if language == "host" else "")
    return [re2.fullmatch(pattern, value) is not None for value in values]


LANGUAGES = [
    (
        "host",
        [
            "",
            "a",
            "app.example.com",
            "a_b.c-d",
            "10.0.0.1",
            "xn--bcher-kva.de",
            "::",
            "::1",
            "2001:db8::1",
            "fe80:0:0:0:0:0:0:1",
        ],
        [
            "A.com",
            "a.",
            ".a",
            "a..b",
            "a:443",
            "a b",
            "[::1]",
            "é.de",
            "a/b",
            "1:2",
            ":::",
            "1::2::3",
            "12345::",
            "a\n",
        ],
    ),
    (
        "host",
        ["1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4", "1::8"],
        ["1:2:3:4:5:6:7", "::256.1.1.1", "::1.2.3"],
    ),
    (
        "path",
        [
            "/",
            "/a",
            "/a/",
            "/a/b",
            "/...",
            "/.a",
            "/..a",
            "/a.",
            "/a b",
            "/\n",
            "/a\n/b",
            "/é",
            "/%2f",
            "/;x",
            "/a/.../",
        ],
        ["", "a", "//", "/a//b", "/.", "/..", "/a/./b", "/a/..", "/../", "/a\\b", "/a//"],
    ),
    (
        "separated_path",
        ["/", "//", "/a//b", "/a\\b", "/a/", "/...", "/\n"],
        ["", "a", "/.", "/a/../b", "//..", "/./", "/.."],
    ),
    ("header", ["", "a", "a b", "a\tb", "é", "a\x80"], [" a", "a ", "\ta", "a\nb", "a\x00", "a\x7f", " "]),
    ("cookie", ["", "a b", "a,b", "~!#[]"], ['"a"', "a;b", "a\\b", "é", "\x7f", "a\n"]),
    ("query", ["", "a\nb", "é", "\x00"], []),
]


@pytest.mark.parametrize(("language", "inside", "outside"), LANGUAGES)
def test_the_languages_of_the_fields_are_what_p2pstream_hands_to_a_rule(language, inside, outside):
    assert dict(zip(inside, holds(language, *inside), strict=True)) == dict.fromkeys(inside, True)
    assert dict(zip(outside, holds(language, *outside), strict=True)) == dict.fromkeys(outside, False)


def test_every_path_is_also_one_where_separators_may_be_encoded():
    paths = ["/", "/a", "/a/b/", "/..a", "/\n"]
    assert holds("separated_path", *paths) == holds("path", *paths) == [True] * len(paths)
