"""Wall time and correctness of builds after single edits, and growth, beside stock Jupyter Book on the same sources.

    python benchmarks/build.py [--growth 10 30 100 300] [--stock-growth 10 30] [--without-edits]

Everything happens in copies of this checkout in a temporary folder. First all timed builds, one at a time, ours and
stock in turn, so that whatever else the machine does disturbs both alike; then, untimed, the builds from scratch that
tell whether the pages were right. The result is written to ``data/benchmarks.json``, which the page "How this book is
built" shows.

Stock Jupyter Book executes the same notebooks (execution mode ``cache``) and renders the same chapters; as it knows
neither exhibits nor values, those are left out of its chapters, and its PDF is not made, while ours is. A page is
right if an incremental build gives what a build from scratch gives: for us every byte of every file, for stock pages
their text and pictures. Each edit is made upon the last.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "data" / "benchmarks.json"
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "_build", "__pycache__", ".*_cache", "tests", "benchmarks")
NOTEBOOK, MODULE, TABLE = "notebooks/chapter1_regions.py", "src/crossroads/regions.py", "regional-gdp-per-head"
CHANGED_FUNCTION = '''

_before = variance_within_between


def variance_within_between(*arguments, **settings):
    """Return other shares than before."""
    frame = _before(*arguments, **settings)
    return frame.assign(obs_value=frame["obs_value"] * 0.9)
'''
START_ONLY = """
import argparse
from sphinx.application import Sphinx
Sphinx.build = lambda *arguments, **settings: None
from press.desk import command
from press.fresh import complete
complete.holds = lambda *arguments, **settings: False
complete.remember = complete.forget = lambda *arguments, **settings: None
command.build(argparse.Namespace(no_pdf=True))
"""
OURS = [sys.executable, "-m", "press.desk.command", "build"]
PAIRS = 3  # of cold builds, ours and stock in turn, of which the medians count
REPEATS = 5  # of what takes seconds, of which the median counts
PAUSE = 3  # seconds between two savings, as the preview gets ready for the next one while the author reads


def edit_nothing(book):
    """Change no file."""


def edit_chapter(book):
    """Add a sentence to a chapter."""
    path = book / "book" / "chapter1.md"
    path.write_text(path.read_text("utf-8") + "\nOne more sentence stands here.\n", "utf-8")


def edit_notebook(book):
    """Add a cell to a notebook."""
    path = book / NOTEBOOK
    path.write_text(path.read_text("utf-8") + '\n# %%\nprint("One more cell.")\n', "utf-8")


def edit_function(book):
    """Change the result of a function of the package."""
    path = book / MODULE
    path.write_text(path.read_text("utf-8") + CHANGED_FUNCTION, "utf-8")


def edit_table(book):
    """Change a number of a table, and the hash in its descriptor, as a remake of the data would."""
    path = book / "data" / "indicators" / f"{TABLE}.csv"
    lines = path.read_text("utf-8").split("\n")
    column = lines[0].split(",").index("obs_value")
    number = next(
        n for n, line in enumerate(lines) if ",2023," in line and line.split(",")[column] not in {"", "obs_value"}
    )
    fields = lines[number].split(",")
    fields[column] = str(round(float(fields[column]) * 1.1))
    lines[number] = ",".join(fields)
    write_table(book, TABLE, "\n".join(lines))


def write_table(book, name, text):
    """Write a table or code list, and its hash in the descriptor."""
    descriptor = book / "data" / "datapackage.json"
    package = json.loads(descriptor.read_text("utf-8"))
    entry = next(entry for entry in package["resources"] if entry["name"] == name)
    path = book / "data" / entry["path"]
    path.write_text(text, "utf-8")
    entry["hash"] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    descriptor.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", "utf-8")


def edit_title(book):
    """Change the title of an exhibit."""
    path = book / NOTEBOOK
    path.write_text(re.sub(r'title="[^"{]*"', 'title="Another title"', path.read_text("utf-8"), count=1), "utf-8")


def edit_statement(book):
    """Add a statement to a function of the package, so that the notebooks that call it are executed again."""
    path = book / MODULE
    before, statement, after = path.read_text("utf-8").partition("    results = []\n")
    path.write_text(f"{before}{statement}    results.clear()\n{after}", "utf-8")


EDITS = {
    "one chapter": edit_chapter,
    "one notebook's code": edit_notebook,
    "one function in src/": edit_function,
    "one CSV": edit_table,
    "one exhibit title": edit_title,
}
SAVED = {"a chapter": edit_chapter, "a notebook": edit_notebook, "a function of the package": edit_statement}


def environment(book):
    """Return the environment in which a copy of the project uses its own package."""
    return {**os.environ, "PYTHONPATH": str(book / "src"), "NO_COLOR": "1"}


def run(book, command):
    """Run a build and return its wall time."""
    os.sync()  # what the last build left to be written to the disk must not slow this one
    started = time.perf_counter()
    done = subprocess.run(command, cwd=book, env=environment(book), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return seconds


class Ours:
    """This book: execution, web pages and PDF."""

    name = "this book"

    def prepare(self, book):
        """Leave the sources as they are."""

    def start(self, book):
        """Begin a build in a process of its own."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(OURS, cwd=book, env=environment(book), **quiet)

    def build(self, book):
        """Build web pages and PDF; return the wall time."""
        return run(book, OURS)

    def pages(self, book):
        """Return the digest of every file of the site."""
        site = book / "_build" / "html"
        paths = [path for path in site.rglob("*") if path.is_file() and path.name != ".buildinfo"]
        return {path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


class Stock:
    """Stock Jupyter Book on the same notebooks and chapters: execution and web pages."""

    name = "stock Jupyter Book"

    def prepare(self, book):
        """Make a book that needs nothing of ours but the package that its notebooks import."""
        path = book / "_config.yml"
        config = yaml.safe_load(path.read_text("utf-8"))
        config["execute"] = {"execute_notebooks": "cache", "timeout": 600}
        config["sphinx"]["extra_extensions"] = []
        config["sphinx"]["config"] = {
            "nb_custom_formats": {".py": ["jupytext.reads", {"fmt": "py:percent"}]},
            "html_static_path": [],
            "numfig": True,
        }
        config["html"].pop("favicon", None)
        path.write_text(yaml.safe_dump(config), "utf-8")
        for chapter in (book / "book").rglob("*.md"):
            text = re.sub(
                r"(?ms)^(`{3,}|:{3,})\{(exhibit|value|case)[-\w]*\}.*?^\1\s*$", "", chapter.read_text("utf-8")
            )
            text = re.sub(r"\{(?:value|case|numref)\}`([^`]*)`", r"\1", text)
            chapter.write_text(text, "utf-8")

    def build(self, book):
        """Build web pages; return the wall time."""
        return run(book, [Path(sys.executable).with_name("jupyter-book"), "build", "."])

    def pages(self, book):
        """Return text and pictures of every page."""
        from bs4 import BeautifulSoup

        found = {}
        site = book / "_build" / "html"
        for path in site.rglob("*.html"):
            article = BeautifulSoup(path.read_bytes(), "html.parser").find("article")
            if article is not None:
                pictures = [picture.get("src") for picture in article.find_all("img")]
                found[path.relative_to(site).as_posix()] = [article.get_text(), pictures]
        return found


SYSTEMS = [Ours(), Stock()]


def wrong_pages(built, scratch):
    """Return the names of the pages that differ from those of a build from scratch."""
    return sorted(name for name in built.keys() | scratch.keys() if built.get(name) != scratch.get(name))


def copy_book(source, target, left_out=LEFT_OUT):
    """Copy the sources of a book."""
    shutil.copytree(source, target, ignore=left_out)
    return target


def say(*words):
    """Tell how far it is."""
    print(" ", *words, flush=True)


def time_cold(folder):
    """Time builds from nothing in pairs, ours and stock in turn; returns the pairs, and what was built last."""
    pairs, books = [], {system: folder / system.name.replace(" ", "-") for system in SYSTEMS}
    for _ in range(PAIRS):
        for system, book in books.items():
            shutil.rmtree(book, ignore_errors=True)
            system.prepare(copy_book(ROOT, book))
        pairs.append({system.name: round(system.build(book), 2) for system, book in books.items()})
        say(f"cold: {pairs[-1]}")
    return pairs, books


def time_edits(folder, pairs, books):
    """Time every edit with both systems in turn, each upon the last.

    Returns rows, and per system and edit what was built and its sources.
    """
    rows, kept = [], {}

    def add(system, edit, seconds, kind):
        rows.append({"edit": edit, "system": system.name, "seconds": round(seconds, 2), "wrong_pages": 0})
        say(f"{system.name}: {edit}: {seconds:.1f} s")
        if kind:
            place = folder / f"{system.name}-{edit}".replace(" ", "-").replace("/", "")
            copy_book(books[system], place / "sources")
            shutil.copytree(books[system] / "_build" / "html", place / "site" / "_build" / "html")
            kept[system, edit] = place

    for system in SYSTEMS:
        add(system, "cold", statistics.median(pair[system.name] for pair in pairs), "built")
    again = {system: [] for system in SYSTEMS}
    starts = []
    for _ in range(REPEATS):
        for system in SYSTEMS:
            again[system].append(system.build(books[system]))
        starts.append(run(books[SYSTEMS[0]], [sys.executable, "-c", START_ONLY]))
    for system in SYSTEMS:
        add(system, "no change", statistics.median(again[system]), "built")
    add(SYSTEMS[0], "start of Sphinx", statistics.median(starts), "")
    for name, edit in EDITS.items():
        for system in SYSTEMS:
            edit(books[system])
            add(system, name, system.build(books[system]), "built")
    return rows, kept


def time_preview(book):
    """Time from saving a file of a book that is built until the preview has told the browser to show it."""
    rows = []
    command = [*OURS[:-1], "serve", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=book, env=environment(book), **pipes) as server:

        def wait():
            line = next((line for line in server.stdout if line.startswith(("Shown", "Not shown"))), "")
            if not line.startswith("Shown ("):
                raise SystemExit(f"the preview does not show the book: {line or 'it has ended'}")

        wait()
        for name, edit in SAVED.items():
            seconds = []
            for _ in range(REPEATS):
                time.sleep(PAUSE)
                started = time.perf_counter()
                edit(book)
                wait()
                seconds.append(time.perf_counter() - started)
            rows.append({"saved": name, "seconds": round(statistics.median(seconds), 2)})
            say(f"preview: {name}: {', '.join(f'{second:.1f}' for second in seconds)} s")
        server.terminate()
    return rows


def check_edits(rows, kept):
    """Compare what was built after each edit with a build from scratch, two builds at once."""

    def compare(row, system, place):
        site = system.pages(place / "site")
        if row["edit"] == "no change":  # the same sources as those of the cold build
            scratch = system.pages(kept[system, "cold"] / "site")
        else:
            system.build(place / "sources")
            scratch = system.pages(place / "sources")
        wrong = wrong_pages(site, scratch)
        row["wrong_pages"] = len(wrong)
        row["pages"] = len(scratch)
        say(f"{row['system']}: {row['edit']}: wrong: {', '.join(wrong[:8]) or 'none'} ({len(wrong)})")

    with ThreadPoolExecutor(2) as pool:
        jobs = []
        for row in rows:
            system = next(system for system in SYSTEMS if system.name == row["system"])
            if (system, row["edit"]) in kept and row["edit"] != "cold":
                jobs.append(pool.submit(compare, row, system, kept[system, row["edit"]]))
        for job in jobs:
            job.result()


COPY = """
# %% [markdown]
# # A copy

# %%
import numpy as np
import pandas as pd
from crossroads import exhibits, load

load("{table}")
frame = pd.DataFrame({{"x": np.arange(50) * {number}}})
frame.describe()

# %%
exhibits.value("copy-{number}-mean", frame["x"].mean(), indicators=["{table}"], format=".1f")
"""


def keep_one_table(book, also=()):
    """Leave one table in the data, so that what the book makes of the others is not measured."""
    descriptor = book / "data" / "datapackage.json"
    package = json.loads(descriptor.read_text("utf-8"))
    gone = [e for e in package["resources"] if e["path"].startswith("indicators/") and e["name"] not in (TABLE, *also)]
    package["resources"] = [entry for entry in package["resources"] if entry not in gone]
    descriptor.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", "utf-8")
    for entry in gone:
        (book / "data" / entry["path"]).unlink()


def bare_book(folder, also=()):
    """Copy the project without its notebooks, pages, cases and studies, with one table and those asked for."""
    left_out = shutil.ignore_patterns("notebooks", "book", "cases", "studies")

    def ignore(path, names):
        # The folders of the project itself; the package has one named "book", too.
        own = left_out(path, names) if Path(path) in (ROOT, ROOT / "data") else set()
        return own | LEFT_OUT(path, names)

    book = copy_book(ROOT, folder, ignore)
    keep_one_table(book, also)
    for name in ["notebooks", "book"]:
        (book / name).mkdir()
    shutil.copytree(ROOT / "book" / "static", book / "book" / "static")
    shutil.copy(ROOT / "book" / "cover.typ", book / "book")
    (book / "book" / "references.bib").touch()
    path = book / "_config.yml"
    config = yaml.safe_load(path.read_text("utf-8"))
    for setting in ("typst_volumes", "typst_briefs"):  # there are no profiles to bind
        del config["sphinx"]["config"][setting]
    path.write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
    return book


def book_of_copies(folder, copies, system):
    """Make a book of copies of one notebook, and a page that quotes the first."""
    book = bare_book(folder)
    (book / "book" / "index.md").write_text("# Copies\n\nThe mean is {value}`copy-1-mean`.\n", "utf-8")
    (book / "book" / "values.md").write_text("# Values\n\n```{value-list}\n```\n", "utf-8")
    names = [f"notebooks/copy{number}" for number in range(1, copies + 1)]
    toc = {"format": "jb-book", "root": "book/index", "chapters": [{"file": name} for name in ["book/values", *names]]}
    (book / "_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
    for number, name in enumerate(names, start=1):
        (book / f"{name}.py").write_text(COPY.format(number=number, table=TABLE), "utf-8")
    system.prepare(book)
    return book


def time_growth(folder, sizes, stock_sizes):
    """Time cold builds and one changed notebook for growing books."""
    rows = []
    for copies in sorted({*sizes, *stock_sizes}):
        for system, wanted in zip(SYSTEMS, (sizes, stock_sizes), strict=True):
            if copies not in wanted:
                continue
            book = book_of_copies(folder / "growth", copies, system)
            cold = system.build(book)
            path, changed = book / "notebooks" / "copy1.py", []
            for length in range(60, 60 + REPEATS):
                path.write_text(re.sub(r"arange\(\d+\)", f"arange({length})", path.read_text("utf-8")), "utf-8")
                changed.append(system.build(book))
            row = {"system": system.name, "notebooks": copies, "cold": round(cold, 2)}
            rows.append({**row, "one_changed": round(statistics.median(changed), 2)})
            say(f"{system.name}: {copies} notebooks: cold {cold:.1f} s, one changed {rows[-1]['one_changed']:.1f} s")
            shutil.rmtree(book)
    return rows


def machine():
    """Return the name of the machine, for the reader of the numbers."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").split("\n") if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def about():
    """Return where and when the numbers were measured, and of which commit."""
    head = subprocess.run(["git", "log", "-1", "--format=%h"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {"machine": machine(), "date": datetime.now(UTC).date().isoformat(), "commit": head.stdout.strip()}


def record(result):
    """Put results into the file, beside what other benchmarks have measured."""
    kept = json.loads(RESULT.read_bytes()) if RESULT.exists() else {}
    RESULT.write_text(json.dumps({**kept, **result}, indent=1) + "\n", "utf-8")


def main():
    """Measure, then check, then write the result."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--growth", type=int, nargs="*", default=[10, 30, 100, 300], help="numbers of notebooks")
    parser.add_argument("--stock-growth", type=int, nargs="*", default=[10, 30], help="the same for stock Jupyter Book")
    parser.add_argument("--without-edits", action="store_true", help="measure growth only, and write nothing")
    options = parser.parse_args()
    result = {"about": [about()]}
    print(result["about"][0])
    with tempfile.TemporaryDirectory(prefix="crossroads-bench-") as name:
        kept = {}
        if not options.without_edits:
            result["cold"], books = time_cold(Path(name))
            result["edits"], kept = time_edits(Path(name), result["cold"], books)
            result["preview"] = time_preview(books[SYSTEMS[0]])
        result["growth"] = time_growth(Path(name), options.growth, options.stock_growth)
        print("All that is timed is done; now the builds from scratch to compare with", flush=True)
        check_edits(result.get("edits", []), kept)
    if not options.without_edits:
        record(result)
        print(f"Written to {RESULT.relative_to(ROOT)}")
    return int(any(row["wrong_pages"] for row in result.get("edits", []) if row["system"] == Ours.name))


if __name__ == "__main__":
    sys.exit(main())
