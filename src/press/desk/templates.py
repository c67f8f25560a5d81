"""Files to start from, each with all that the checks will ask for: copies of those in the folder that the contract names.

A file ``<kind>.py`` there is a notebook to start from and ``<kind>.md`` a page of ``book/``; ``{title}`` stands for its title, ``{id}``
for what the ids of its exhibits begin with.

Not here: what is more than a file and a title, which a book's own commands write.
"""

import re
from collections.abc import Callable
from pathlib import Path

from press import contract
from press.errors import BookError

FOLDERS = {".py": contract.NOTEBOOKS, ".md": contract.BOOK}


def kinds(root: Path) -> dict[str, Callable[[Path, str], str]]:
    """Return what can be written, by kind.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    dict of str to callable
        Each takes the root of the project and the name of the new file, and says what was written.
    """
    named = contract.read(root).templates
    found = sorted((root / named).glob("*")) if named else []
    return {path.stem: _writer(path) for path in found if path.suffix in FOLDERS}


def write(root: Path, template: Path, name: str) -> str:
    """Write a new notebook or page.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    template : pathlib.Path
        What to begin with.
    name : str
        Name of the file without its suffix, e.g. ``"chapter3_depths"``.

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
            f"{name!r} is no name for a {template.stem}; use lower-case letters, digits, - and _, e.g. chapter3_more"
        )
    folder = FOLDERS[template.suffix]
    path = root / folder / f"{name}{template.suffix}"
    if path.exists():
        raise BookError(f"{folder}{path.name} is there already; choose another name")
    title = name.replace("_", " ").replace("-", " ").capitalize()
    text = template.read_text("utf-8").replace("{title}", title).replace("{id}", name.replace("_", "-"))
    path.write_text(text, "utf-8")
    return f"{folder}{path.name} is written; add `- file: {folder}{name}` to _toc.yml"


def _writer(template: Path) -> Callable[[Path, str], str]:
    return lambda root, name: write(root, template, name)
