"""A build that is killed at any moment must not leave a page that the next build takes for current."""

import edits
import forked_builds
import kills
import pytest

pytestmark = pytest.mark.builds


def test_build_after_a_killed_one_is_right(tmp_path, capsys):
    assert kills.compare(tmp_path, kills=4, seed=3, subject=edits, system=forked_builds.Forked()) == 0, (
        capsys.readouterr().out
    )
