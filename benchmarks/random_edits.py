"""Random edits of a small book, each compared with a build from scratch: no page may be wrong.

    python benchmarks/random_edits.py [--edits 200] [--seed 1] [--second]

The book has all that a page can depend on: notebooks with exhibits and values, a module, a table, cases, citations, a
glossary, a country profile with a picture, a style sheet, numbered chapters, lists of everything. An edit changes
something in its description, from which the files are written; some edits go back to how the book was before, with the
old times of the files. Every byte of every file of the site has to be what a build from scratch gives, the PDF included.
With ``--second`` it is the small second book of the tests that is edited. The result is kept in ``data/trust.json``.
"""

import argparse
import copy
import os
import random
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import yaml

sys.path.insert(0, str(Path(__file__).parent))
import build as benchmark
import trust

from crossroads.evidence.cases import CODE_BOOK

CASES = ("the-met", "agora-roermond", "jenaplan-jena")  # chapters mention the first two
COUNTRY = "NLD"
NOTEBOOK = """
# %% [markdown]
# # {title}
#
# {prose}

# %%
import pandas as pd
from crossroads import exhibits, load{uses}

table = load("{table}")
frame = pd.DataFrame({{"area": ["First", "Second"], "mean": [{factor}{scale}, table["obs_value"].mean()]}})
frame["ref_area"] = ["NLD", "DEU"]
frame.describe()

# %%
exhibits.table(
    "copy-{number}-means", frame, columns={{"area": "Area", "mean": "Mean"}}, formats={{"mean": ".2f"}},
    title="{exhibit}", subtitle="Means of a table", shows="means", finding="one is larger", indicators=["{table}"],
)

# %%
exhibits.value("copy-{number}-mean", frame["mean"].iloc[{row}], indicators=["{table}"], format=".1f")
"""
SCALE = '''"""A factor, and numbers of which each notebook calls another one."""

FACTOR = {scale}


def raised(number):
    """Return a number that is higher."""
    return number + {raised}


def lowered(number):
    """Return a number that is lower."""
    # {remark}
    return number - {lowered}
'''
CALLED = {n: f" * scale.FACTOR + scale.{name}(0)" for n, name in enumerate(["raised", "lowered", "raised"], start=1)}
PROFILE = """
# %% [markdown]
# # Profiles

# %%
import pandas as pd
from crossroads import charts, exhibits, load

load("{table}")
about = {{"title": "{exhibit}", "subtitle": "A test", "shows": "numbers", "finding": "one is larger"}}
about |= {{"indicators": ["{table}"], "collection": "countries"}}
frame = pd.DataFrame({{"area": ["First", "Second"], "mean": [{factor}, 5]}})
standing = frame.assign(indicator=frame["area"], obs_value=frame["mean"], lower=1.0, upper=9.0, average=4.0, side="", rank=1.0)

# %%
exhibits.table("country-nld-indicators", standing, columns={{"area": "Area", "mean": "Mean"}}, **about)

# %%
chart = charts.ranked_dots(frame, label="area", value="mean")
exhibits.figure("country-nld-trends", chart, data=frame, **about)

# %%
kinds = ["about", "strength", "question", "trend", "practice", "position", "missing", "region"]
sentences = pd.DataFrame({{"kind": kinds, "text": "It is {sentence}."}})
exhibits.statements("country-nld-sentences", sentences, indicators=["{table}"])
"""
CHAPTER = """# {title}

```{{admonition}} In brief
{text}
```

## {heading}

{sentences}

{exhibits}
"""
WORK = "@book{{{key}, author = {{{author}, A.}}, title = {{On {key}}}, year = {{2014}}, publisher = {{Press}}}}\n"


def word(clock):
    """Return a word that is none."""
    return "Z" + "".join(clock.choice("bdfglmnoprtuz") for _ in range(7))


def first_state():
    """Return the description of the book to begin with."""
    numbers = range(1, 7)
    notebooks = {
        n: {
            "title": f"Copy {'abcdef'[n - 1]}",
            "prose": "A text",
            "factor": n,
            "exhibit": f"Means of {'abcdef'[n - 1]}",
        }
        for n in numbers
    }
    chapters = {
        name: {"title": f"Chapter {name}", "text": "A text.", "heading": "A heading", "quotes": [1], "cites": []}
        for name in ("one", "two")
    }
    return {
        "notebooks": notebooks, "chapters": chapters, "order": [*numbers], "chapter_order": ["one", "two"],
        "homes": {n: "one" if n < 4 else "two" for n in numbers}, "caption": "Analyses", "table": 0,
        "cases": dict.fromkeys(CASES, ""), "authors": {"ito": "Ito", "sato": "Sato"}, "style": "black", "title": "Small",
        "terms": {"mean": "A sum, divided.", "table": "Rows.", "heading": "A title."}, "defined": ["mean", "table"],
        "profile": {"exhibit": "Of a country", "factor": 3, "sentence": "so"},
        "module": {"scale": 1, "raised": 2, "lowered": 3, "remark": "Not below zero."},
    }  # fmt: skip


def files(book, state, sources):
    """Return the text of every file that the description decides, by its path."""
    found = {"src/crossroads/scale.py": SCALE.format(**state["module"])}
    for n in state["order"]:
        found[f"notebooks/copy{n}.py"] = NOTEBOOK.format(
            number=n, table=benchmark.TABLE, row=n % 2, uses=", scale" * (n in CALLED), scale=CALLED.get(n, ""),
            **state["notebooks"][n],
        )  # fmt: skip
    for name, chapter in state["chapters"].items():
        quoted = [n for n in chapter["quotes"] if n in state["order"]]
        sentences = [f"A mean is {{value}}`copy-{n}-mean`, see {{numref}}`copy-{n}-means`." for n in quoted]
        sentences += [f"So it is said {{cite:p}}`{key}`." for key in chapter["cites"]]
        sentences += [f"As in {{case}}`{CASES[len(chapter['cites']) % 2]}`."]
        shown = [n for n in state["order"] if state["homes"][n] == name]
        exhibits = "\n\n".join(f"```{{exhibit}} copy-{n}-means\n```" for n in shown)
        found[f"book/{name}.md"] = CHAPTER.format(sentences="\n\n".join(sentences), exhibits=exhibits, **chapter)
    found["book/references.bib"] = "".join(
        WORK.format(key=key, author=author) for key, author in state["authors"].items()
    )
    found["book/static/small.css"] = f"p {{ color: {state['style']} }}\n"
    for name, text in state["cases"].items():
        case = yaml.safe_load(sources["cases"][name])
        case["elements"]["learners"]["text"] += text
        found[f"data/cases/{name}.yaml"] = yaml.safe_dump(case)
    for name, lines in sources["codings"].items():
        found[name] = "".join(line for line in lines if line.split(",")[0] in {"case", *state["cases"]})
    found["notebooks/profiles.py"] = PROFILE.format(table=benchmark.TABLE, **state["profile"])
    terms = "\n\n".join(f"{term}\n  {state['terms'][term]}" for term in state["defined"])
    found["book/glossary.md"] = f"# Glossary\n\n```{{glossary}}\n{terms}\n```\n"
    config = re.sub(r"(?m)^title: .*$", f"title: {state['title']}", sources["config"])
    found["_config.yml"] = config.replace("html_css_files: [book.css]", "html_css_files: [book.css, small.css]")
    pages = {
        "The report": [f"book/{name}" for name in state["chapter_order"]],
        "Lists": ["book/cases", "book/case-code-book", "book/lists", "book/catalogue", "book/glossary", "book/references"],
        "Countries": ["book/countries", "notebooks/profiles"],
        state["caption"]: [f"notebooks/copy{n}" for n in state["order"]],
    }  # fmt: skip
    parts = [{"caption": caption, "chapters": [{"file": name} for name in names]} for caption, names in pages.items()]
    parts[0]["numbered"] = 1
    found["_toc.yml"] = yaml.safe_dump({"format": "jb-book", "root": "book/index", "parts": parts})
    return found


def write(book, state, sources, *, old):
    """Bring the files of the book to what is described, touching only what differs; with old times if asked for."""
    wanted = files(book, state, sources)
    for path in [*(book / "notebooks").glob("*.py"), *(book / "data" / "cases").glob("*.yaml")]:
        if path.relative_to(book).as_posix() not in wanted and path.name != CODE_BOOK:
            path.unlink()
    rows = sources["table"].split("\n")
    fields = rows[1].split(",")
    fields[rows[0].split(",").index("obs_value")] = str(100 + state["table"])
    table = "\n".join([rows[0], ",".join(fields), *rows[2:]])
    if (book / "data" / "indicators" / f"{benchmark.TABLE}.csv").read_text("utf-8") != table:
        benchmark.write_table(book, benchmark.TABLE, table)
    for name, text in wanted.items():
        path = book / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            if old:
                os.utime(path, (sources["time"], sources["time"]))


def make_book(folder):
    """Make the book; returns it and the texts that its files are made from."""
    root = benchmark.ROOT
    book = benchmark.bare_book(folder)
    shutil.copytree(root / "data" / "cases", book / "data" / "cases")
    codings = [f"data/cases/{path.name}" for path in (book / "data" / "cases").glob("coding-*.csv")]
    path = book / "data" / "code-lists" / "areas.csv"
    areas = pd.read_csv(path, dtype=str, keep_default_na=False)
    areas.loc[areas["code"] != COUNTRY, "oecd_since"] = ""  # a member of the OECD has a page
    benchmark.write_table(book, "areas", areas.to_csv(index=False, lineterminator="\n"))
    sources = {
        "cases": {name: (root / "data" / "cases" / f"{name}.yaml").read_text("utf-8") for name in CASES},
        "codings": {name: (root / name).read_text("utf-8").splitlines(keepends=True) for name in codings},
        "config": (root / "_config.yml").read_text("utf-8"),
        "table": (root / "data" / "indicators" / f"{benchmark.TABLE}.csv").read_text("utf-8"),
        "time": time.time() - 86400,
    }
    pages = {
        "index": "# A small book\n\nIt begins here.\n",
        "lists": "# Lists\n\n```{exhibit-list}\n```\n\n```{country-exhibits}\n```\n\n```{value-list}\n```\n",
        "countries": "# Countries\n\n```{country-index}\n```\n\n```{country-links}\n```\n",
        "catalogue": "# Catalogue\n\n```{catalogue}\n```\n",
        "references": "# References\n\n```{bibliography}\n```\n",
        "cases": "# Cases\n\n```{case-index}\n```\n",
        "case-code-book": "# Codes\n\n```{case-code-book}\n```\n",
    }
    for name, text in pages.items():
        path = book / "book" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return book, sources


def edit(state, clock, kind=""):
    """Make one random edit of the description, of the kind named or of any; returns its name."""
    n = clock.choice(state["order"])
    notebook, chapter = state["notebooks"][n], state["chapters"][clock.choice(["one", "two"])]

    def remove_or_add():
        gone = sorted(set(range(1, 7)) - set(state["order"]))
        if gone and (len(state["order"]) < 3 or clock.random() < 0.6):
            state["order"].append(clock.choice(gone))
        else:
            state["order"].remove(n)

    def remove_or_add_case():
        if CASES[2] in state["cases"]:
            del state["cases"][CASES[2]]
        else:
            state["cases"][CASES[2]] = ""

    def shuffle(key):
        clock.shuffle(state[key])

    kinds = {
        "prose of a notebook": lambda: notebook.update(prose=word(clock)),
        "code of a notebook": lambda: notebook.update(factor=clock.randint(1, 99)),
        "title of a notebook": lambda: notebook.update(title=word(clock)),
        "title of an exhibit": lambda: notebook.update(exhibit=word(clock)),
        "title of a chapter": lambda: chapter.update(title=word(clock)),
        "text of a chapter": lambda: chapter.update(text=f"{word(clock)}."),
        "heading of a chapter": lambda: chapter.update(heading=word(clock)),
        "numbers that a chapter quotes": lambda: chapter.update(quotes=sorted(clock.sample(range(1, 7), 3))),
        "citations of a chapter": lambda: chapter.update(cites=sorted(clock.sample(["ito", "sato"], clock.randint(0, 2)))),
        "home of an exhibit": lambda: state["homes"].update({n: clock.choice(["one", "two"])}),
        "order of the analyses": lambda: shuffle("order"),
        "order of the chapters": lambda: shuffle("chapter_order"),
        "caption of a part": lambda: state.update(caption=word(clock)),
        "a notebook and its page": remove_or_add,
        "a table": lambda: state.update(table=clock.randint(1, 400)),
        "a module": lambda: state["module"].update(scale=clock.randint(1, 99)),
        "a function": lambda: state["module"].update({clock.choice(["raised", "lowered"]): clock.randint(1, 99)}),
        "a remark of a module": lambda: state["module"].update(remark=word(clock)),
        "a case": lambda: state["cases"].update({clock.choice(list(state["cases"])): f" {word(clock)}."}),
        "a case and its page": remove_or_add_case,
        "a reference": lambda: state["authors"].update({clock.choice(["ito", "sato"]): word(clock)}),
        "a definition": lambda: state["terms"].update({clock.choice([*state["terms"]]): f"{word(clock)}."}),
        "terms of the glossary": lambda: state.update(defined=clock.sample([*state["terms"]], clock.randint(1, 3))),
        "numbers of a profile": lambda: state["profile"].update(factor=clock.randint(1, 99)),
        "sentences of a profile": lambda: state["profile"].update(sentence=word(clock)),
        "a style": lambda: state.update(style=f"#{clock.randint(0, 0xFFFFFF):06x}"),
        "title of the book": lambda: state.update(title=word(clock)),
    }  # fmt: skip
    kind = kind or clock.choice([*kinds])
    kinds[kind]()
    return kind


def compare(folder, edits, seed, subject=None, kinds=(), system=benchmark.SYSTEMS[0]):
    """Apply random edits and compare every file of the site with a build from scratch.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder to work in.
    edits, seed : int
    subject : module, optional
        The book that is edited, as ``make_book``, ``first_state``, ``write`` and ``edit`` describe it; that of this module
        when not given.
    kinds : sequence of sequence of str, optional
        Kinds of edits to make at once, for each build; random ones when not given.
    system : object, optional
        What builds it, as :class:`build.Ours` does.

    Returns
    -------
    int
        Number of builds with a wrong file.
    """
    clock, subject = random.Random(seed), subject or sys.modules[__name__]
    book, sources = subject.make_book(folder / "book")
    states = [subject.first_state()]
    subject.write(book, states[0], sources, old=False)
    system.build(book)
    wrong, seconds, counts = 0, [], {}
    for number in range(1, edits + 1):
        state = copy.deepcopy(states[-1])
        back = not kinds and clock.random() < 0.15
        if back:
            state, made = copy.deepcopy(clock.choice(states[-5:])), ["back, with old times"]
        elif kinds:
            made = [subject.edit(state, clock, kind) for kind in kinds[(number - 1) % len(kinds)]]
        else:
            made = [subject.edit(state, clock) for _ in range(clock.choice([1, 1, 1, 2, 3]))]
        states.append(state)
        subject.write(book, state, sources, old=back)
        seconds.append(system.build(book))
        # Of the text alone, which a copy with the same stamps would also give.
        scratch = benchmark.copy_book(book, folder / "scratch")
        system.build(scratch)
        different = benchmark.wrong_pages(system.pages(book), system.pages(scratch))
        shutil.rmtree(scratch)
        wrong += bool(different)
        for kind in made:
            counts[kind] = counts.get(kind, 0) + 1
        if different or number % 10 == 0:
            told = f"wrong: {', '.join(different[:10])} ({len(different)})" if different else "right so far"
            print(f"  {number} ({', '.join(made)}): {told}", flush=True)
    print(f"{edits} random edits: {wrong} wrong builds; a build took {sum(seconds) / len(seconds):.1f} s on average")
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(counts.items())))
    return wrong


def main():
    """Run as many edits as asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--second", action="store_true", help="edit the second book of the tests, which is small")
    options = parser.parse_args()
    subject = second_book() if options.second else None
    with tempfile.TemporaryDirectory(prefix="crossroads-edits-") as folder:
        wrong = compare(Path(folder), options.edits, options.seed, subject)
    trust.record(
        f"edits{'-second' * options.second}",
        asks=f"After a random edit{' of a small book' * options.second}, is every byte that of a build from nothing?",
        command=f"python benchmarks/random_edits.py --edits {options.edits} --seed {options.seed}{' --second' * options.second}",
        n=options.edits,
        wrong=wrong,
        said="builds after an edit have a wrong file",
    )
    return int(wrong > 0)


def second_book():
    """Return the second book of the tests, as something to edit."""
    tests = benchmark.ROOT / "tests"
    sys.path[:0] = [str(tests), str(tests / "press")]
    import edits

    return edits


if __name__ == "__main__":
    sys.exit(main())
