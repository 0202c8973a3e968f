import subprocess

import pytest

from edgelint.repository import RepositoryError, provenance, snapshot, top, tracked, unignored, web_address


@pytest.fixture
def repository(tmp_path):
    """A repository with a tracked file, an untracked one, and a remote."""

    def git(*words):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    git("config", "user.email", "a@example.com")
    git("config", "user.name", "a")
    (tmp_path / "edge").mkdir()
    (tmp_path / "edge" / "ü.json").write_text("{}")
    (tmp_path / "other.json").write_text("{}")
    git("add", "edge")
    git("commit", "-q", "-m", "x")
    git("remote", "add", "origin", "https://user:secret@git.example.com:8443/team/edge.git")
    return tmp_path


def test_only_files_that_git_knows_are_tracked_wherever_one_stands(repository):
    assert tracked(repository) == {str(repository / "edge" / "ü.json")}
    assert tracked(repository / "edge") == tracked(repository)


def test_what_git_would_add_is_not_ignored(repository):
    (repository / ".gitignore").write_text("ignored.json\n")
    (repository / "ignored.json").write_text("{}")
    found = {".gitignore", "edge/ü.json", "other.json"}
    assert unignored(repository / "edge") == {str(repository / name) for name in found}


def test_the_top_is_found_from_below(repository):
    assert top(repository / "edge") == repository


def test_the_origin_is_told_without_credentials(repository):
    origin = provenance(repository)
    assert origin is not None
    assert origin.url == "https://git.example.com:8443/team/edge"
    assert len(origin.commit) == 40


def test_outside_of_a_repository_git_says_why_it_cannot_answer(tmp_path):
    with pytest.raises(RepositoryError, match=r"^git failed: .*not a git repository"):
        tracked(tmp_path)
    assert provenance(tmp_path) is None


def test_without_git_there_is_one_clear_line(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RepositoryError, match=r"^git could not be run$"):
        tracked(repository)


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("git@github.com:team/edge.git", "https://github.com/team/edge"),
        ("github.com:team/edge", "https://github.com/team/edge"),
        ("ssh://git@example.com:2222/team/edge.git", "https://example.com/team/edge"),
        ("https://token@example.com/team/edge", "https://example.com/team/edge"),
        ("https://example.com/team/ed ge?token=x#y", "https://example.com/team/ed%20ge"),
        ("/srv/git/edge.git", ""),
        ("../edge", ""),
        ("C:/edge", ""),
        ("file:///srv/edge", ""),
        ("https://[broken", ""),
        ("https://example.com:port/x", ""),
        ("", ""),
    ],
)
def test_a_remote_becomes_an_address_of_the_web_or_nothing(remote, url):
    assert web_address(remote) == url


def test_a_snapshot_holds_what_paths_were_at_a_commit_and_leaves_the_work_tree_alone(repository):
    (repository / "edge" / "ü.json").write_text("changed")
    with snapshot(repository / "edge", "HEAD", ["ü.json", "never.json"]) as copy:
        assert copy.name == "edge"
        assert {path.name: path.read_text() for path in copy.iterdir()} == {"ü.json": "{}"}
    assert (repository / "edge" / "ü.json").read_text() == "changed"
    assert not copy.exists()
    with snapshot(repository, "HEAD", ["."]) as copy:
        assert sorted(path.name for path in copy.rglob("*.json")) == ["ü.json"]
    with snapshot(repository, "HEAD", ["other.json"]) as copy:
        assert list(copy.iterdir()) == []


def test_a_snapshot_follows_links_within_it_only(repository, tmp_path):
    (repository / "edge" / "same.json").symlink_to("ü.json")
    (repository / "edge" / "far.json").symlink_to("/etc/hostname")
    (repository / "edge" / "up.json").symlink_to("../../outside.json")
    git = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "-m", "links"], check=True)
    with snapshot(repository / "edge", "HEAD", ["."]) as copy:
        assert sorted(path.name for path in copy.iterdir()) == ["same.json", "ü.json"]
        assert (copy / "same.json").read_text() == "{}"


@pytest.mark.parametrize("commit", ["nowhere", "--help", "HEAD:edge"])
def test_what_is_no_commit_is_told(repository, commit):
    with pytest.raises(RepositoryError), snapshot(repository, commit, ["."]):
        pass


def test_outside_of_a_repository_there_is_nothing_to_compare_with(tmp_path, monkeypatch):
    monkeypatch.setattr("edgelint.repository.top", lambda _: None)
    with pytest.raises(RepositoryError, match="no git repository"), snapshot(tmp_path, "HEAD", ["."]):
        pass
