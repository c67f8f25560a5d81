"""The commands and templates that this report adds to the press."""

import re
import subprocess
import sys
import textwrap

import jupytext
import pytest
from small_book import ROOT, SmallBook, settings_of

from crossroads import exhibits
from press import run, settings
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


def test_notebook_to_start_from_publishes_one_of_each(tmp_path, monkeypatch):
    """Whoever begins with a template that fails, or shows half of what there is, has to read another's notebook."""
    (tmp_path / "notebooks").mkdir()
    templates.kinds(ROOT)["notebook"](tmp_path, "new_one")
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("PRESS_PUBLISH", raising=False)
    shown = []
    for kind in ("figure", "table", "value", "tests"):
        made = getattr(exhibits, kind)
        monkeypatch.setattr(
            exhibits, kind, lambda *given, made=made, **more: shown.append(made(*given, **more)) or shown[-1]
        )
    exec(compile((tmp_path / "notebooks" / "new_one.py").read_text("utf-8"), "new_one", "exec"), {})
    found = [one.metadata["id"] for one in shown]
    assert found == ["new-one-change", "new-one-change-table", "new-one-steepest-fall", "new-one-changes"]


def test_a_command_is_understood_without_importing_what_only_another_needs():
    """Half a second for each command, as when the commands of the data imported pandas."""
    code = "import sys; from press.desk import command; command.parser(['build']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"numpy", "pandas", "matplotlib", "sphinx", "nbclient"} & set(done.stdout.split()) == set()


def test_figure_of_the_readme_is_one_whole_call(monkeypatch):
    """What a newcomer copies first must work as it stands."""
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("PRESS_PUBLISH", raising=False)
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    names = {}
    exec(compile(textwrap.dedent(code), "README.md", "exec"), names)
    assert names["highest"] == "Estonia"


@pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")
@pytest.mark.builds
def test_chapter_to_start_from_is_built_and_lacks_only_what_it_asks_for(tmp_path, monkeypatch):
    """A template that the build refuses would stop whoever begins with it before the first sentence."""
    book = SmallBook(tmp_path, like=ROOT)
    monkeypatch.setattr(run, "execute", lambda root, names=None: book.results)
    templates.kinds(ROOT)["chapter"](tmp_path, "chapter2_new")
    contents = (tmp_path / "_toc.yml").read_text("utf-8")
    (tmp_path / "_toc.yml").write_text(
        contents.replace("- file: book/chapter1\n", "- file: book/chapter1\n  - file: book/chapter2_new\n")
    )
    assert "chapter2_new" in (tmp_path / "_toc.yml").read_text("utf-8")
    result = book.build()
    assert not isinstance(result, BaseException), result
    assert not result
    assert "The evidence shows" in book.page("book/chapter2_new")
