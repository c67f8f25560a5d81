"""The commands and templates that this report adds to the press."""

import re
import subprocess
import sys

import jupytext
import pytest
from small_book import ROOT, settings_of

from press import settings
from press.desk import command, templates


def test_help_names_every_command(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
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


def test_missing_publisher_s_file_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit, match="pisa_2022_vol1"):
        command.main(["data", "--raw", str(tmp_path), "pisa-mathematics"])


def test_templates_are_what_the_checks_ask_for(tmp_path):
    """A template without a heading of the fixed order would be a mistake that every new chapter begins with."""
    for folder in ["notebooks", "book"]:
        (tmp_path / folder).mkdir()
    kinds = templates.kinds(ROOT)
    assert {"chapter", "notebook"} <= kinds.keys()
    for kind in ("chapter", "notebook"):
        assert "_toc.yml" in kinds[kind](tmp_path, "new_one")
    text = (tmp_path / "book" / "new_one.md").read_text("utf-8")
    assert text.startswith("# New one\n")
    chapters = settings.chapters(settings_of(ROOT))
    order = [*chapters.first, "The evidence shows what the heading says", *chapters.last]
    assert [name for name in re.findall("^## (.+)$", text, re.M)] == order
    notebook = jupytext.read(tmp_path / "notebooks" / "new_one.py")
    assert notebook.cells[0].source.startswith("# New one\n")
    assert notebook.cells[1].source.startswith("from crossroads import ")


def test_a_command_is_understood_without_importing_what_only_another_needs():
    """Half a second for each command, as when the commands of the data imported pandas."""
    code = "import sys; from press.desk import command; command.parser(['build']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"numpy", "pandas", "matplotlib", "sphinx", "nbclient"} & set(done.stdout.split()) == set()
