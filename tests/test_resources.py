import pytest

from edgelint import resources


def test_in_a_checkout_the_folders_are_beside_the_source_root(tmp_path, monkeypatch):
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "linter" / "edgelint")
    assert resources.folder("rules") == tmp_path / "rules"


def test_what_is_shipped_inside_the_package_comes_first(tmp_path, monkeypatch):
    package = tmp_path / "linter" / "edgelint"
    (package / "rules").mkdir(parents=True)
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr(resources, "PACKAGE", package)
    assert resources.folder("rules") == package / "rules"


def test_a_broken_installation_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "linter" / "edgelint")
    with pytest.raises(FileNotFoundError, match="the folder `grammars` is missing"):
        resources.folder("grammars")
