"""What an author may edit of the second book: its description, and the files that are written from it.

``benchmarks/random_edits.py`` makes the edits at random and compares each build with one from nothing. The book has all
that a page can depend on: notebooks with exhibits, values and sentences, a module, tables, a glossary, a bibliography,
pages made by rule, a style sheet, numbered chapters, lists of everything.
"""

import os
import random
import re
import time
from pathlib import Path

import yaml
from small_book import SECOND, copy_second

EXTRA = """
# %% [markdown]
# # {title}
#
# {prose}

# %%
from statistics import fmean

from coast import data, exhibits{uses}

mean = fmean(row["level"] for row in data.load("tides"))
rows = [{{"part": "first", "mean": {factor}{scale}}}, {{"part": "second", "mean": mean}}]
rows

# %%
exhibits.table(
    "extra-{number}-means", rows, {{"part": "Part", "mean": "Mean"}}, title="{exhibit}", subtitle="Means", source="tides"
)

# %%
exhibits.value("extra-{number}-mean", rows[{row}]["mean"], "tides", format=".1f")
"""
SCALE = '''"""A factor, and levels of which each notebook calls another one."""

FACTOR = {scale}


def raised(level):
    """Return a level that is higher."""
    return level + {raised}


def lowered(level):
    """Return a level that is lower."""
    # {remark}
    return level - {lowered}
'''
CALLED = {1: " * scale.FACTOR + scale.raised(0)", 2: " * scale.FACTOR + scale.lowered(0)"}
CHAPTER = """# {title}

```{{admonition}} In brief
{text}
```

## {heading}

The light of Ness is known.[^known] {sentences}

[^known]: Its height, too.

{exhibits}
"""
FIRST = """# A small book

It begins here.

:::{finding} tides-small
:title: The sea stands highest in spring

The range of the year is {value}`tides-range` metres.
:::
"""
WORK = "@book{{{key}, author = {{{author}, A.}}, title = {{On {key}}}, year = {{2014}}, publisher = {{Nobody}}}}\n"
NUMBERS = range(1, 4)
PAGES = ("book/lights", "book/exhibits", "book/glossary", "book/references", "book/api", "book/about")
Book, State, Sources = Path, dict, dict


def word(clock: random.Random) -> str:
    """Return a word that is none."""
    return "Z" + "".join(clock.choice("bdfglmnoprtuz") for _ in range(7))


def first_state() -> State:
    """Return the description of the book to begin with."""
    return {
        "extra": {n: {"title": f"Extra {'abc'[n - 1]}", "prose": "A text", "factor": n, "exhibit": f"Means of {'abc'[n - 1]}"}
            for n in NUMBERS
        },
        "chapters": {
            name: {"title": f"Part {name}", "text": "A text.", "heading": "A heading", "quotes": [1], "cites": []}
            for name in ("one", "two")
        },
        "order": [*NUMBERS], "chapter_order": ["one", "two"], "homes": {1: "one", 2: "one", 3: "two"},
        "caption": "Analyses", "level": 4.1, "lights": {"ness": ["Ness", 31.5], "wick": ["Wick", 42]},
        "module": {"scale": 1, "raised": 2, "lowered": 3, "remark": "Not below zero."},
        "authors": {"ito": "Ito", "sato": "Sato"}, "style": "black", "title": "Small", "told": "stands",
        "root": "index", "terms": {"mean": "A sum, divided.", "light": "It burns.", "heading": "A title."}, "defined": ["light", "mean"],
        "called": "Figure", "subtitle": "A coast that is not", "names": {n: f"extra{n}" for n in NUMBERS},
        "pages": {"one": "one", "two": "two"},
    }  # fmt: skip


def files(state: State) -> dict[str, str]:
    """Return the text of every file that the description decides, by its path."""
    found = {"src/coast/scale.py": SCALE.format(**state["module"])}
    for n in state["order"]:
        found[f"notebooks/{state['names'][n]}.py"] = EXTRA.format(
            number=n, row=n % 2, uses=", scale" * (n in CALLED), scale=CALLED.get(n, ""), **state["extra"][n]
        )
    for name, chapter in state["chapters"].items():
        quoted = [n for n in chapter["quotes"] if n in state["order"]]
        sentences = [f"A mean is {{value}}`extra-{n}-mean`, see {{numref}}`extra-{n}-means`." for n in quoted]
        sentences += [f"So it is said {{cite:p}}`{key}`." for key in chapter["cites"]]
        sentences += ["As in {ref}`light-ness`."]
        shown = [f"extra-{n}-means" for n in state["order"] if state["homes"][n] == name]
        shown += [{"one": "lights-heights", "two": "tides-level"}[name]]
        exhibits = "\n\n".join(f"```{{exhibit}} {identifier}\n```" for identifier in shown)
        found[f"book/{state['pages'][name]}.md"] = CHAPTER.format(
            sentences="\n\n".join(sentences), exhibits=exhibits, **chapter
        )
    found["book/references.bib"] = "".join(WORK.format(key=key, author=name) for key, name in state["authors"].items())
    found["book/static/coast.css"] = f"p {{ color: {state['style']} }}\n"
    found["data/lights.csv"] = "light,name,height\n" + "".join(
        f"{key},{name},{height}\n" for key, (name, height) in state["lights"].items()
    )
    found["data/tides.csv"] = f"month,level\n1,{state['level']}\n2,4.4\n3,4.9\n"
    terms = "\n\n".join(f"{term}\n  {state['terms'][term]}" for term in state["defined"])
    found["book/glossary.md"] = f"# Glossary\n\n```{{glossary}}\n{terms}\n```\n"
    config = (SECOND / "_config.yml").read_text("utf-8")
    config = config.replace("book/index", f"book/{state['root']}")
    config = config.replace('figure: "Figure %s"', f'figure: "{state["called"]} %s"')
    config = config.replace("typst_subtitle: A coast that is not", f"typst_subtitle: {state['subtitle']}")
    found["_config.yml"] = re.sub(r"(?m)^title: .*$", f"title: {state['title']}", config)
    found[f"book/{state['root']}.md"] = FIRST
    lights = (SECOND / "notebooks" / "lights.py").read_text("utf-8")
    found["notebooks/lights.py"] = lights.replace("} stands {", f"}} {state['told']} {{")
    contents = {
        "The coast": [f"book/{state['pages'][name]}" for name in state["chapter_order"]],
        "Lists": PAGES,
        state["caption"]: [
            "notebooks/lights",
            "notebooks/tides",
            *(f"notebooks/{state['names'][n]}" for n in state["order"]),
        ],
    }
    parts = [{"caption": name, "chapters": [{"file": page} for page in pages]} for name, pages in contents.items()]
    parts[0]["numbered"] = 1
    found["_toc.yml"] = yaml.safe_dump({"format": "jb-book", "root": f"book/{state['root']}", "parts": parts})
    return found


def write(book: Book, state: State, sources: Sources, *, old: bool) -> None:
    """Bring the files of the book to what is described, touching only what differs; with old times if asked for."""
    wanted = files(state)
    named = [path for pattern in ("index", "home", "one*", "two*") for path in (book / "book").glob(f"{pattern}.md")]
    for path in [*(book / "notebooks").glob("extra*.py"), *named]:
        if path.relative_to(book).as_posix() not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = book / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            if old:
                os.utime(path, (sources["time"], sources["time"]))


def make_book(folder: Path) -> tuple[Book, Sources]:
    """Copy the second book; returns the copy, and what its files are made from."""
    copy_second(folder)
    for name in ("chapter1", "chapter2", "method", "abbreviations"):
        (folder / "book" / f"{name}.md").unlink()
    (folder / "CHANGELOG.md").write_text("- **First edition** (2026-01-02). All of it. Exhibits: all.\n", "utf-8")
    return folder, {"time": time.time() - 86400}


def edit(state: State, clock: random.Random, kind: str = "") -> str:
    """Make one random edit of the description, of the kind named or of any; returns its name."""
    n, key = clock.choice(state["order"]), clock.choice([*state["lights"]])
    notebook, chapter, light = state["extra"][n], state["chapters"][clock.choice(["one", "two"])], state["lights"][key]

    def remove_or_add() -> None:
        gone = sorted(set(NUMBERS) - set(state["order"]))
        if gone and (len(state["order"]) < 2 or clock.random() < 0.6):
            state["order"].append(clock.choice(gone))
        else:
            state["order"].remove(n)

    def build_or_pull_down() -> None:
        if "skerry" in state["lights"]:
            del state["lights"]["skerry"]
        else:
            state["lights"]["skerry"] = ["Skerry", 18.25]

    kinds = {
        "prose of a notebook": lambda: notebook.update(prose=word(clock)),
        "code of a notebook": lambda: notebook.update(factor=clock.randint(1, 99)),
        "title of a notebook": lambda: notebook.update(title=word(clock)),
        "title of an exhibit": lambda: notebook.update(exhibit=word(clock)),
        "title of a chapter": lambda: chapter.update(title=word(clock)),
        "text of a chapter": lambda: chapter.update(text=f"{word(clock)}."),
        "heading of a chapter": lambda: chapter.update(heading=word(clock)),
        "numbers that a chapter quotes": lambda: chapter.update(quotes=sorted(clock.sample(NUMBERS, 2))),
        "citations of a chapter": lambda: chapter.update(cites=sorted(clock.sample(["ito", "sato"], clock.randint(0, 2)))),
        "home of an exhibit": lambda: state["homes"].update({n: clock.choice(["one", "two"])}),
        "order of the analyses": lambda: clock.shuffle(state["order"]),
        "order of the chapters": lambda: clock.shuffle(state["chapter_order"]),
        "name of a notebook": lambda: state["names"].update({n: f"extra{n}_{word(clock).lower()}"}),
        "name of a chapter": lambda: state["pages"].update({(page := clock.choice(["one", "two"])): f"{page}-{word(clock).lower()}"}),
        "caption of a part": lambda: state.update(caption=word(clock)),
        "a notebook and its page": remove_or_add,
        "a table": lambda: state.update(level=clock.randint(1, 400)),
        "a module": lambda: state["module"].update(scale=clock.randint(1, 99)),
        "a function": lambda: state["module"].update({clock.choice(["raised", "lowered"]): clock.randint(1, 99)}),
        "a remark of a module": lambda: state["module"].update(remark=word(clock)),
        "a reference": lambda: state["authors"].update({clock.choice(["ito", "sato"]): word(clock)}),
        "a definition": lambda: state["terms"].update({clock.choice([*state["terms"]]): f"{word(clock)}."}),
        "terms of the glossary": lambda: state.update(defined=clock.sample([*state["terms"]], clock.randint(1, 3))),
        "a page made by rule": build_or_pull_down,
        "title of a page made by rule": lambda: light.__setitem__(0, word(clock)),
        "numbers of a page made by rule": lambda: light.__setitem__(1, clock.randint(1, 99)),
        "sentences of pages made by rule": lambda: state.update(told=word(clock)),
        "a style": lambda: state.update(style=f"#{clock.randint(0, 0xFFFFFF):06x}"),
        "the first page": lambda: state.update(root="home" if state["root"] == "index" else "index"),
        "title of the book": lambda: state.update(title=word(clock)),
        "how figures are called": lambda: state.update(called=word(clock)),
        "subtitle of the book": lambda: state.update(subtitle=word(clock)),
    }  # fmt: skip
    kind = kind or clock.choice([*kinds])
    kinds[kind]()
    return kind
