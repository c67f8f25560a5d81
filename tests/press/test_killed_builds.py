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


def test_notebook_to_download_that_a_killed_build_took_away_is_there_again(tmp_path):
    """An edit took the notebook out, its build was killed before it read a page, and the edit was taken back."""
    system = forked_builds.Forked()
    book, sources = edits.make_book(tmp_path / "book")
    edits.write(book, edits.first_state(), sources, old=True)
    system.build(book)
    expected = system.pages(book)
    (book / "_build" / "published" / "notebooks" / "extra2.ipynb").unlink()
    (book / "_build" / "complete.json").unlink()
    system.build(book)
    assert system.pages(book) == expected
