"""Wall time and correctness of builds after single edits, beside stock Jupyter Book on the same sources.

    python benchmarks/build.py [--edits] [--growth 10 30 100 300] [--stock-growth 10] [--random 200]

Without options: the edits and a small growth. Everything happens in copies of this checkout in a temporary folder.

Stock Jupyter Book executes the same notebooks (execution mode `cache`) and renders the same chapters; as it knows
neither exhibits nor values, those are left out of its chapters, and its PDF is not made, while ours is. A page is
right if an incremental build gives what a build from scratch gives: for us every byte of the site, for stock pages
their text and pictures. Each edit is made upon the last.
"""

import argparse
import hashlib
import json
import os
import platform
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
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
from crossroads.book import command
command.build(argparse.Namespace(no_pdf=True))
"""


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
    path, descriptor = book / "data" / "indicators" / f"{TABLE}.csv", book / "data" / "datapackage.json"
    lines = path.read_text("utf-8").split("\n")
    column = lines[0].split(",").index("obs_value")
    number = next(
        n for n, line in enumerate(lines) if ",2023," in line and line.split(",")[column] not in {"", "obs_value"}
    )
    fields = lines[number].split(",")
    fields[column] = str(round(float(fields[column]) * 1.1))
    lines[number] = ",".join(fields)
    path.write_text("\n".join(lines), "utf-8")
    package = json.loads(descriptor.read_text("utf-8"))
    entry = next(entry for entry in package["resources"] if entry["name"] == TABLE)
    entry["hash"] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    descriptor.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", "utf-8")


def edit_title(book):
    """Change the title of an exhibit."""
    path = book / NOTEBOOK
    path.write_text(re.sub(r'title="[^"{]*"', 'title="Another title"', path.read_text("utf-8"), count=1), "utf-8")


EDITS = {
    "no change": edit_nothing,
    "one chapter": edit_chapter,
    "one notebook's code": edit_notebook,
    "one function in src/": edit_function,
    "one CSV": edit_table,
    "one exhibit title": edit_title,
}


def processor_time():
    """Return the processor time of all processes started and ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(book, command):
    """Run a build and return its wall time; tell the processor time too, which a busy machine disturbs less."""
    environment = {**os.environ, "PYTHONPATH": str(book / "src"), "NO_COLOR": "1"}
    started, used = time.perf_counter(), processor_time()
    done = subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    print(f"  {seconds:6.1f} s, {processor_time() - used:6.1f} s of processor time in {book.name}", flush=True)
    return seconds


class Ours:
    """This book: execution, web pages and PDF."""

    name = "this book"

    def prepare(self, book):
        """Leave the sources as they are."""

    def build(self, book):
        """Build web pages and PDF; return the wall time."""
        return run(book, [sys.executable, "-m", "crossroads.book.command", "build"])

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


def wrong_pages(built, scratch):
    """Return the names of the pages that differ from those of a build from scratch."""
    return sorted(name for name in built.keys() | scratch.keys() if built.get(name) != scratch.get(name))


def copy_book(source, target):
    """Copy the sources of a book."""
    shutil.copytree(source, target, ignore=LEFT_OUT)
    return target


def compare_edits(folder):
    """Time every edit with both, and count wrong pages."""
    rows = {}
    for system in [Ours(), Stock()]:
        book = copy_book(ROOT, folder / system.name.replace(" ", "-"))
        system.prepare(book)
        rows["cold", system.name] = system.build(book), 0
        for name, edit in EDITS.items():
            edit(book)
            seconds = system.build(book)
            built = system.pages(book)
            scratch = copy_book(book, folder / "scratch")
            if name == "no change":
                # Sphinx names the folder of the sources nowhere in its pages, so a build elsewhere compares.
                start = run(book, [sys.executable, "-c", START_ONLY]) if isinstance(system, Ours) else 0.0
                rows["start of Sphinx", system.name] = start, 0
            system.build(scratch)
            wrong = wrong_pages(built, system.pages(scratch))
            rows[name, system.name] = seconds, len(wrong)
            shutil.rmtree(scratch)
            print(f"  {system.name}: {name}: {seconds:.1f} s, wrong: {', '.join(wrong) or 'none'}", flush=True)
    return rows


def print_edits(rows):
    """Print the comparison as a Markdown table."""
    print("The last column compares with the whole stock build.\n")
    print("| | this book (web and PDF), s | wrong pages | stock Jupyter Book (web), s | wrong pages | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    whole = rows["cold", Stock.name][0]
    for name in ["cold", *EDITS]:
        (ours, our_wrong), (stock, stock_wrong) = rows[name, Ours.name], rows[name, Stock.name]
        print(f"| {name} | {ours:.1f} | {our_wrong} | {stock:.1f} | {stock_wrong} | {ours / whole:.2f} |")
    start, nothing = rows["start of Sphinx", Ours.name][0], rows["no change", Ours.name][0]
    print(f"\nStarting Sphinx takes {start:.1f} s, a build without a change {nothing / start:.2f} times that.")


COPY = """
# %% [markdown]
# # Copy {number}

# %%
import numpy as np
import pandas as pd
from crossroads import exhibits

frame = pd.DataFrame({{"x": np.arange(50) * {number}}})
frame.describe()

# %%
exhibits.value("copy-{number}-mean", frame["x"].mean(), indicators=["{table}"], format=".1f")
"""


def keep_one_table(book):
    """Leave one table in the data, so that what the book makes of the others is not measured."""
    descriptor = book / "data" / "datapackage.json"
    package = json.loads(descriptor.read_text("utf-8"))
    gone = [e for e in package["resources"] if e["path"].startswith("indicators/") and e["name"] != TABLE]
    package["resources"] = [entry for entry in package["resources"] if entry not in gone]
    descriptor.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", "utf-8")
    for entry in gone:
        (book / "data" / entry["path"]).unlink()


def small_book(folder, copies, system):
    """Make a book of copies of one notebook, and a chapter that quotes the first."""
    book = copy_book(ROOT, folder)
    shutil.rmtree(book / "notebooks")
    shutil.rmtree(book / "book")
    shutil.rmtree(book / "data" / "cases")  # each case would need a page
    keep_one_table(book)
    for name in ["notebooks", "book/static"]:
        (book / name).mkdir(parents=True)
    shutil.copytree(ROOT / "book" / "static", book / "book" / "static", dirs_exist_ok=True)
    (book / "book" / "references.bib").touch()
    (book / "book" / "index.md").write_text("# Copies\n\nThe mean is {value}`copy-1-mean`.\n", "utf-8")
    (book / "book" / "values.md").write_text("# Values\n\n```{value-list}\n```\n", "utf-8")
    names = [f"notebooks/copy{number}" for number in range(1, copies + 1)]
    toc = {"format": "jb-book", "root": "book/index", "chapters": [{"file": name} for name in ["book/values", *names]]}
    (book / "_toc.yml").write_text(yaml.safe_dump(toc), "utf-8")
    for number, name in enumerate(names, start=1):
        (book / f"{name}.py").write_text(COPY.format(number=number, table=TABLE), "utf-8")
    system.prepare(book)
    return book


def compare_growth(folder, sizes, stock_sizes):
    """Time cold builds and one changed notebook for growing books."""
    rows = []
    for system, counts in [(Ours(), sizes), (Stock(), stock_sizes)]:
        for copies in counts:
            book = small_book(folder / f"{system.name.replace(' ', '-')}-{copies}", copies, system)
            cold = system.build(book)
            path = book / "notebooks" / "copy1.py"
            path.write_text(path.read_text("utf-8").replace("arange(50)", "arange(60)"), "utf-8")
            changed = system.build(book)
            rows.append((system.name, copies, cold, changed))
            print(f"  {system.name}: {copies} notebooks: cold {cold:.1f} s, one changed {changed:.1f} s", flush=True)
            shutil.rmtree(book)
    return rows


def print_growth(rows):
    """Print growth as a Markdown table."""
    print("| | notebooks | cold, s | one changed, s |\n| --- | ---: | ---: | ---: |")
    for name, copies, cold, changed in rows:
        print(f"| {name} | {copies} | {cold:.1f} | {changed:.1f} |")


def random_edit(book, clock):
    """Make one random edit of a book of copies; return its name."""
    number, salt = clock.randint(1, 6), clock.randint(1, 10**6)
    path = book / "notebooks" / f"copy{number}.py"
    text = path.read_text("utf-8")
    words = "".join(clock.choice("abcdefghij") for _ in range(8))
    kind = clock.choice(["prose of notebook", "code of notebook", "title of notebook", "chapter", "function", "undo"])
    if kind == "prose of notebook":
        path.write_text(
            text.replace("# %% [markdown]\n", f"# %% [markdown]\n# Prose {words}.\n\n# %% [markdown]\n", 1), "utf-8"
        )
    elif kind == "code of notebook":
        path.write_text(re.sub(r"arange\(\d+\)", f"arange({10 + salt % 50})", text), "utf-8")
    elif kind == "title of notebook":
        path.write_text(re.sub(r"# # Copy.*", f"# # Copy {words}", text), "utf-8")
    elif kind == "chapter":
        quoted = "\n\n".join(f"A mean is {{value}}`copy-{n}-mean`." for n in sorted(clock.sample(range(1, 7), 3)))
        (book / "book" / "index.md").write_text(f"# Copies {words}\n\n{quoted}\n", "utf-8")
    elif kind == "function":
        module = book / "src" / "crossroads" / "exhibits.py"
        source = module.read_text("utf-8").split("\n# salt")[0]
        module.write_text(f"{source}\n# salt {salt}\n", "utf-8")
    else:
        path.write_text(COPY.format(number=number, table=TABLE), "utf-8")
    return kind


def compare_random(folder, edits, seed=1):
    """Apply random edits and compare every page with a build from scratch; return the number of wrong pages."""
    clock, system = random.Random(seed), Ours()
    book = small_book(folder / "random", 6, system)
    system.build(book)
    wrong, seconds = 0, []
    for number in range(1, edits + 1):
        kinds = [random_edit(book, clock) for _ in range(clock.choice([1, 1, 1, 2, 3]))]
        seconds.append(system.build(book))
        scratch = copy_book(book, folder / "random-scratch")
        system.build(scratch)
        different = wrong_pages(system.pages(book), system.pages(scratch))
        shutil.rmtree(scratch)
        wrong += len(different)
        if different:
            print(f"  edit {number} ({', '.join(kinds)}): wrong: {', '.join(different)}", flush=True)
    print(f"{edits} random edits: {wrong} wrong pages; a build took {sum(seconds) / len(seconds):.1f} s on average")
    return wrong


def machine():
    """Return the name of the machine, for the reader of the numbers."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").split("\n") if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def main():
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--edits", action="store_true", help="single edits, beside stock Jupyter Book")
    parser.add_argument("--growth", type=int, nargs="*", default=[], help="numbers of notebooks")
    parser.add_argument("--stock-growth", type=int, nargs="*", default=[], help="the same for stock Jupyter Book")
    parser.add_argument("--random", type=int, default=0, help="number of random edits")
    options = parser.parse_args()
    if not (options.edits or options.growth or options.stock_growth or options.random):
        options.edits, options.growth, options.stock_growth, options.random = True, [10, 30], [10], 5
    print(machine())
    with tempfile.TemporaryDirectory(prefix="crossroads-bench-") as name:
        if options.edits:
            print_edits(compare_edits(Path(name)))
        if options.growth or options.stock_growth:
            print_growth(compare_growth(Path(name), options.growth, options.stock_growth))
        wrong = compare_random(Path(name), options.random) if options.random else 0
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
