"""What all tests share: kernels as the runner starts them, and a Sphinx that does not remember earlier tests."""

import os

import pytest


def pytest_configure():
    """Let kernels that nbval starts print as wide as those of the runner do."""
    # pytest-xdist tells its workers how wide the terminal is, and pandas would break its lines there.
    for name in ["COLUMNS", "LINES"]:
        os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def forgetful_sphinx():
    """Undo what a build leaves in Sphinx's own defaults: it adds the suffixes of one book to those of the next."""
    from sphinx.config import Config

    suffixes = Config.config_values["source_suffix"].default
    before = dict(suffixes)
    yield
    suffixes.clear()
    suffixes.update(before)
