"""What those who carry on read: the walk of CONTRIBUTING.md works, and what docs/ shows of the code is current."""

import os
import re
import subprocess
import sys
from pathlib import Path

import build as benchmark
import draw
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
CONTENTS = """format: jb-book
root: book/index
parts:
  - caption: Report
    chapters:
      - file: book/references
"""
PAGES = {
    "index": "# A small book\n\nIt begins here.\n",
    "references": "# References\n\n```{bibliography}\n```\n\n```{exhibit-list}\n```\n\n```{value-list}\n```\n\n```{test-list}\n```\n",
}

STEP = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.M | re.S)
APPEND = re.compile(r"[Aa]ppend [^`]*?`([^`]+)`|append to `([^`]+)`")


def steps(text):
    """Yield what the walk has its reader do, in order: commands to run, and texts to append to files."""
    start, files = 0, []
    for block in STEP.finditer(text):
        files += [found[1] or found[2] for found in APPEND.finditer(text, start, block.start())]
        start = block.end()
        if block[2] == "shell":
            yield from (("run", line) for line in block[3].splitlines())
        elif block[2] != "console":  # what comes before the walk, and takes an environment of its own
            yield files.pop(0), block[3]
    assert files == [], f"nothing is shown to append to {files}"


def test_first_figure_of_a_contributor_is_made_as_the_walk_says(tmp_path, monkeypatch):
    monkeypatch.setattr(benchmark, "TABLE", "pisa-mathematics")
    book = benchmark.bare_book(tmp_path / "book", also=["pisa-change"])
    (book / "_toc.yml").write_text(CONTENTS, "utf-8")
    for name, text in PAGES.items():
        (book / "book" / f"{name}.md").write_text(text, "utf-8")
    environment = {**benchmark.environment(book), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    taken = list(steps((ROOT / "CONTRIBUTING.md").read_text("utf-8")))
    assert len(taken) > 6
    for what, text in taken:
        if what == "run":
            done = subprocess.run(text.split(), cwd=book, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{text}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        else:
            with (book / what).open("a", encoding="utf-8") as file:
                file.write(f"\n{text}" if what != "_toc.yml" else text)
    page = BeautifulSoup((book / "_build/html/book/first.html").read_text("utf-8"), "html.parser").find("article")
    assert page.select_one("figure#first-mathematics .caption-number").get_text().strip()
    assert page.select_one("p span.value").get_text()[0].isdigit()
    assert "first_figure.py" in done.stdout, "the last step says where the figure comes from"
    same_by_jupyter_book(book, environment)


def same_by_jupyter_book(book, environment):
    """Build a copy from nothing with stock Jupyter Book, which has to execute the notebook: the pages must be the same."""
    copy = benchmark.copy_book(book, book.with_name("copy"))
    command = [BIN / "jupyter-book", "build", ".", "-q"]
    done = subprocess.run(
        command,
        cwd=copy,
        env={**environment, "PYTHONPATH": str(copy / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    pages = {path.relative_to(book): path.read_bytes() for path in (book / "_build/html").rglob("*.html")}
    again = {path.relative_to(copy): path.read_bytes() for path in (copy / "_build/html").rglob("*.html")}
    assert len(pages) > 4
    assert again == pages


def test_drawing_and_tables_of_the_architecture_are_those_of_the_code():
    page = draw.PAGE.read_text("utf-8")
    assert draw.drawn(page) == page, "docs/architecture.md is not current; run `make docs`"


def test_every_kind_of_new_code_has_one_place():
    """Who asks where something goes gets one answer."""
    section = draw.PAGE.read_text("utf-8").split("## Where new code goes")[1].split("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("| ")][2:]
    kinds = [
        "indicator table",
        "chart form",
        "statistic",
        "directive",
        "script of a page",
        "kind of page",
        "native chart of a form",
        "text on slides",
        "check of prose",
        "slip of Markdown that MyST makes something else of",
        "output format",
    ]
    assert [row[0].strip().removesuffix(" or role") for row in rows] == kinds
    named = [path for row in rows for cell in row for path in re.findall(r"`((?:src|tests)/[\w/.]+)", cell)]
    assert [path for path in named if not (ROOT / path.rstrip("/")).exists()] == []
