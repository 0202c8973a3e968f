import pytest

from edgelint.report._line_hash import line_hashes

TEXT = 'waf_rules:\r\n  - name: "a b"\n\t- name: "漢𝒳"\r\r\n  - name: "a b"\n' + "  x\n" * 120

# Computed by Microsoft's SARIF multitool, `rewrite --insert RollingHashPartialFingerprints`.
KNOWN = {
    1: "1e6f2b1d8cc9fd96:1",
    2: "9746ef3667b7c0ac:1",
    3: "ed467a035ef8e7c7:1",
    4: "149d6cdca57532c3:1",
    5: "2a095ddeacfc43d:1",
    6: "c0fe7b2700d6c254:1",
    7: "c0fe7b2700d6c254:2",
    8: "c0fe7b2700d6c254:3",
    123: "4c74ab87820424b1:1",
    125: "828973aa50c68d6d:1",
}


def test_the_hash_of_a_line_is_the_one_other_tools_give_it():
    assert line_hashes(TEXT, KNOWN) == KNOWN


def test_the_hash_of_one_line_does_not_hang_on_which_others_are_asked_for():
    for line, known in KNOWN.items():
        assert line_hashes(TEXT, [line]) == {line: known}


@pytest.mark.parametrize("change", [('b"\n', 'b"\r\n'), ("  - ", " -   "), ("\t", "")])
def test_blanks_and_line_ends_do_not_matter(change):
    assert line_hashes(TEXT.replace(*change), [2]) == {2: KNOWN[2]}


def test_what_stands_before_a_line_does_not_matter():
    assert line_hashes("new: line\n" + TEXT, [3]) == {3: KNOWN[2]}


def test_an_empty_text_has_one_line():
    assert line_hashes("", [1]) == {1: line_hashes("x\n", [2])[2]}
