"""Settings of the whole suite: random tests print how to repeat a failure, and are not timed. Fixtures made once for all of it."""

import subprocess
import sys

import pytest
from hypothesis import settings

settings.register_profile("edgelint", deadline=None, print_blob=True)
settings.register_profile("brief", deadline=None, print_blob=True, max_examples=40)
settings.load_profile("edgelint")


def pytest_configure(config):
    """Try less often what is random in the part that is run at every save."""
    if config.option.markexpr == "not slow":
        settings.load_profile("brief")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A program that stands for `python3 -m venv` and makes environments that have edgelint, without a package registry."""
    from throwaway import installer  # late: most tests need none of it

    return installer(tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="session")
def registry(tmp_path_factory):
    """A package registry that answers; a test that needs one skips where there is none."""
    words = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        tmp_path_factory.mktemp("wheels"),
    ]
    if subprocess.run([*words, "lark"], capture_output=True, check=False).returncode:
        pytest.skip("no package registry can be reached")
