"""What the press knows of the book that it prints: the table ``[tool.press]`` of the book's ``pyproject.toml``.

    [tool.press]
    package = "harbour"                # what notebooks import, in src/
    loaders = ["data"]                 # its modules that read data/
    preimported = ["numpy", "pandas"]  # what its notebooks need not wait for

The package has two modules of fixed names: ``exhibits``, which publishes, and ``numbers``, which writes numbers and
sources. What a notebook publishes it writes into the folder that the variable :data:`PUBLISH` names; a published
exhibit shows itself in a notebook's output by its media type. The variable :data:`BEFORE` names the folder of an earlier
result of the notebook, made with the same libraries, where there is one: the package may take from there what it would
make again, if it compares the text of the code that made it. A result depends on the functions that were called, and on
all of a text that was read.

Not here: anything about one book, such as its chapters or its settings, which are in ``_config.yml``.
"""

import importlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from press.errors import BookError

FILE = "pyproject.toml"
PUBLISH, BEFORE = "PRESS_PUBLISH", "PRESS_BEFORE"
BOOK, NOTEBOOKS = "book/", "notebooks/"


@dataclass(frozen=True)
class Contract:
    """What the press knows of a book.

    Attributes
    ----------
    package : str
        Name of the package that notebooks import.
    loaders : tuple of str
        Its modules that may read ``data/``; each has a set ``loaded`` of what it read.
    commands : tuple of str
        Modules, of any package, that add commands to the command line.
    command : str
        How the command line is called.
    charts : str
        Its module of functions that draw figures; the reference shows one figure with each.
    literature : str
        Its module of the numbers of other works that prose may quote; ``press.page.quoted`` says what it holds.
    templates : str
        A folder of files to start from, relative to the project: ``<kind>.py`` for a notebook, ``<kind>.md`` for a page.
    preimported : tuple of str
        Modules of libraries that most notebooks import: imported once, before kernels are forked. Never one that keeps
        open files, threads or a random state which it does not renew after a fork.
    """

    package: str
    loaders: tuple[str, ...]
    commands: tuple[str, ...] = ()
    command: str = "python -m press"
    charts: str = ""
    literature: str = ""
    templates: str = ""
    preimported: tuple[str, ...] = ()

    @property
    def loader_modules(self) -> tuple[str, ...]:
        """The full names of the loaders."""
        return tuple(f"{self.package}.{name}" for name in self.loaders)

    @property
    def publisher(self) -> str:
        """The full name of the module that publishes."""
        return f"{self.package}.exhibits"

    @property
    def numbers(self) -> ModuleType:
        """The module that writes numbers and sources."""
        return importlib.import_module(f"{self.package}.numbers")

    @property
    def literature_module(self) -> ModuleType | None:
        """The module of numbers of other works, if the book has one."""
        return importlib.import_module(f"{self.package}.{self.literature}") if self.literature else None

    @property
    def media_type(self) -> str:
        """The media type of a published exhibit in the output of a cell."""
        return f"application/vnd.{self.package}.exhibit+json"

    @property
    def modules(self) -> str:
        """The folder of the package, relative to the project."""
        return f"src/{self.package}/"


def read(root: str | Path) -> Contract:
    """Read the contract of a book.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    Contract

    Raises
    ------
    BookError
        If the file or the table is missing, or an entry is missing or unknown.
    """
    path = Path(root) / FILE
    if not path.is_file():
        raise BookError(f"there is no {FILE} in {root}; it names the book's package in a table [tool.press]")
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: Path, modified: int) -> Contract:
    content = path.read_bytes()
    try:
        tool = tomllib.loads(content.decode("utf-8-sig")).get("tool", {})
        entries = tool.get("press", {}) if isinstance(tool, dict) else {}
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BookError(
            f"the byte {content[error.start]:#04x} is not UTF-8; save the file in that encoding", f"{FILE}:{line}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise BookError(str(error), FILE) from None
    if not isinstance(entries, dict):
        raise BookError("[tool.press] is no table; expected package and loaders in it", FILE)
    known = Contract.__dataclass_fields__
    unknown, missing = entries.keys() - known, {"package", "loaders"} - entries.keys()
    if unknown or missing:
        wrong = f"has the unknown entry {min(unknown)!r}" if unknown else f"lacks the entry {min(missing)!r}"
        raise BookError(f"[tool.press] {wrong}; expected {', '.join(known)}", FILE)
    for key, entry in entries.items():
        several = str(known[key].type).startswith("tuple")
        whole = (
            isinstance(entry, list) and all(isinstance(one, str) for one in entry)
            if several
            else isinstance(entry, str)
        )
        if not whole:
            raise BookError(
                f"[tool.press] {key} is {entry!r}; expected {'a list of texts' if several else 'a text'}", FILE
            )
    given: dict[str, Any] = {key: tuple(entry) if isinstance(entry, list) else entry for key, entry in entries.items()}
    return Contract(**given)


def project_root() -> Path:
    """Return the root of the book around the current folder.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    BookError
        If no folder above holds a book.
    """
    for folder in [Path.cwd(), *Path.cwd().parents]:
        if (folder / "_toc.yml").exists() and (folder / FILE).exists():
            return folder
    raise BookError(f"no book here: neither {Path.cwd()} nor a folder above it holds _toc.yml and {FILE}")
