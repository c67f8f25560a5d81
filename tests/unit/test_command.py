"""The command line: authors' commands answer plainly, and a mistake is one line."""

import re

import pytest

from crossroads.book import command, templates
from crossroads.book.errors import BookError


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as stop:
        command.main(["--help"])
    assert stop.value.code == 0
    shown = capsys.readouterr().out
    for name in [
        "build",
        "execute",
        "check",
        "why",
        "exhibits",
        "new",
        "cases",
        "prose",
        "serve",
        "data",
        "refresh",
        "reference",
    ]:
        assert re.search(rf"^    {name}\b", shown, re.M)


def test_outside_a_book_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookError, match="no book here"):
        command.main(["check"])


@pytest.mark.parametrize(("kind", "path"), [("notebook", "notebooks/new_one.py"), ("chapter", "book/new_one.md")])
def test_template_is_written_once(tmp_path, kind, path):
    for folder in ["notebooks", "book"]:
        (tmp_path / folder).mkdir()
    assert "_toc.yml" in templates.write(tmp_path, kind, "new_one")
    assert "# New one" in (tmp_path / path).read_text("utf-8")
    with pytest.raises(BookError, match="is there already"):
        templates.write(tmp_path, kind, "new_one")
    with pytest.raises(BookError, match="is no name"):
        templates.write(tmp_path, kind, "New One")


def test_unknown_id_is_told_in_one_line(small_book, monkeypatch):
    monkeypatch.chdir(small_book.root)
    with pytest.raises(BookError, match="nothing"):
        command.main(["why", "nothing"])


def test_missing_publisher_s_file_is_told_in_one_line(tmp_path):
    with pytest.raises(BookError, match="pisa_2022_vol1"):
        command.main(["data", "--raw", str(tmp_path), "pisa-mathematics"])
