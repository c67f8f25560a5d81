"""Files to start from: a new analysis and a new chapter, each with all that the checks will ask for.

Not here: files of one book alone, for which it has templates of its own.
"""

import re

from press.errors import BookError

NOTEBOOK = """# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # {title}
#
# Say what is analysed and why.

# %%
from crossroads import load

scores = load("pisa-mathematics").query("ref_area == 'OECD-average'")
scores.tail(3)
"""

CHAPTER = """# {title}

```{{rst-class}} abstract
The question and the answer in two or three sentences.
```

:::{{admonition}} In brief
:class: in-brief

- Three to five findings as computed numbers.
:::

## The question

## The evidence

## What it means for policy

## Definitions

## Methodology

## Sources
"""


def write(root, kind, name):
    """Write a new notebook or chapter.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    kind : {"notebook", "chapter"}
        What to write.
    name : str
        Name of the file without its suffix, e.g. ``"chapter3_regions"``.

    Returns
    -------
    str
        What was written, and what to do next.

    Raises
    ------
    BookError
        If the name does not fit, or the file is there already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", name or ""):
        raise BookError(
            f"{name!r} is no name for a {kind}; use lower-case letters, digits and _, e.g. chapter3_regions"
        )
    folder, suffix, template = {"notebook": ("notebooks", "py", NOTEBOOK), "chapter": ("book", "md", CHAPTER)}[kind]
    path = root / folder / f"{name}.{suffix}"
    if path.exists():
        raise BookError(f"{folder}/{path.name} is there already; choose another name")
    path.write_text(template.format(title=name.replace("_", " ").replace("-", " ").capitalize()), "utf-8")
    return f"{folder}/{path.name} is written; add `- file: {folder}/{name}` to _toc.yml"


KINDS = {
    "notebook": lambda root, name: write(root, "notebook", name),
    "chapter": lambda root, name: write(root, "chapter", name),
}
