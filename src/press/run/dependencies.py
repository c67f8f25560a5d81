"""What a result depends on, and the digests by which a change is noticed.

A dependency is named by text: ``src/package/tides/levels.py``, ``data/tables/depths.csv``,
``data/datapackage.json#depths`` for one entry of the descriptor, ``data/logs`` for a folder with all that is in
it, ``data/logs/`` for the names of the files in it, ``src/package/tides/levels.py#highest`` for one function of a module
and ``src/package/tides/levels.py#<module>`` for what is outside its functions.

Not here: how a notebook's dependencies are found out (``inside``), results themselves (``store``).
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import platform
import stat
import sys
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from press import contract
from press.run.inside import OUTSIDE, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

LOCK = "requirements.lock"
# Nanoseconds after which a file that is written again is sure to have another time: clocks of file systems tick slowly.
SETTLED = 2_000_000_000
_digests: dict[Any, tuple[Any, str]] = {}  # by path, with the state of the file then


def digest(content: bytes) -> str:
    """Return the digest of bytes.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def file_digest(path: str | Path) -> str:
    """Return the digest of a file, which is read once in this process while nothing tells of another content.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    str
        Empty if there is no such file, also if it has just gone, as an editor's own files do.
    """
    path = os.fspath(path)  # a file is known by one name, whoever asks
    try:
        status = os.stat(path)
        # The time of the last change of a file's state cannot be set back, as that of its content can.
        state = status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        if _digests.get(path, ("",))[0] == state:
            return _digests[path][1]
        found = digest(Path(path).read_bytes()) if stat.S_ISREG(status.st_mode) else ""
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > SETTLED:
        _digests[path] = state, found
    return found


def files_below(folder: str | Path) -> list[str]:
    """Return the paths of all files in a folder and those below it; with patterns, pathlib takes three times as long.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    list of str
    """
    return [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]


def package_folder(root: str | Path) -> Path:
    """Return the folder of the package's sources: those of the project, else those that are installed.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    pathlib.Path
    """
    package = contract.read(root).package
    own = Path(root) / "src" / package
    if (own / "__init__.py").exists():
        return own
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise contract.BookError(f"there is no package {package!r} in src/, and none is installed", contract.FILE)
    return Path(found.origin).parent


class Files:
    """The digests of a project's files at one moment; each file is read once.

    Parameters
    ----------
    root, package : pathlib.Path
        Root of the project, folder of the package's sources.
    modules : str
        How the names of dependencies in that folder begin.
    """

    def __init__(self, root: str | Path, package: str | Path, modules: str) -> None:
        self.root, self.package, self.modules = Path(root), Path(package), modules
        self.known: dict[Any, Any] = {}

    def digest(self, dependency: str) -> str:
        """Return the digest of a dependency; empty if it is not there.

        Parameters
        ----------
        dependency : str

        Returns
        -------
        str
        """
        if dependency not in self.known:
            self.known[dependency] = self._digest(dependency)
        return self.known[dependency]

    def differing(self, dependencies: dict[str, str]) -> list[str]:
        """Name the dependencies that are not what they were.

        A module whose parts are known counts by those, which are looked at only where its file is another one.

        Parameters
        ----------
        dependencies : dict of str to str
            The digests then.

        Returns
        -------
        list of str
        """
        in_parts = {name.partition("#")[0] for name in dependencies if name.endswith(f"#{OUTSIDE}")}
        altered = {name for name in in_parts if self.digest(name) != dependencies.get(name)}
        return [
            name
            for name, then in dependencies.items()
            if name not in in_parts
            and ((file := name.partition("#")[0]) not in in_parts or file in altered)
            and self.digest(name) != then
        ]

    def _digest(self, dependency):
        name, _, entry = dependency.partition("#")
        path = self.locate(name)
        if entry:
            entries = self.parts(name) if name.endswith(".py") else self.entries(name)
            return entries.get(entry, "") if entries is not None else self.digest(name)
        if name.endswith("/"):
            return digest(json.dumps(sorted(child.name for child in path.glob("*"))).encode()) if path.is_dir() else ""
        if path.is_dir():
            children = [[child.relative_to(path).as_posix(), file_digest(child)] for child in sorted(path.rglob("*"))]
            return digest(json.dumps([child for child in children if child[1]]).encode())
        return file_digest(path)

    def locate(self, name: str) -> Path:
        """Return the path of a dependency."""
        if name.startswith(self.modules):
            return self.package / name.removeprefix(self.modules)
        return self.root / name

    def parts(self, name: str) -> dict[str, str] | None:
        """Return the digest of each part of a module, or None if it cannot be read."""
        if ("parts", name) not in self.known:
            try:
                module = ast.parse(self.locate(name).read_bytes())
                compile(module, name, "exec", dont_inherit=True)  # which refuses more than the parser does
                found = parts_of(module)
            except (OSError, SyntaxError, ValueError, RecursionError):
                found = None
            self.known["parts", name] = found
        return self.known["parts", name]

    def entries(self, name: str) -> dict[str, str] | None:
        """Return the digest of each entry of the descriptor, or None if it cannot be read."""
        if ("entries", name) not in self.known:
            try:
                found = _entries(self.locate(name).read_text("utf-8"))
            except (OSError, ValueError, KeyError, TypeError):
                found = None
            self.known["entries", name] = found
        return self.known["entries", name]


@lru_cache(maxsize=2)
def _entries(descriptor: str) -> dict[str, str]:
    """Return the digest of each entry of a descriptor, once for each state of it: a preview asks after each saving."""
    resources = json.loads(descriptor)["resources"]
    return {entry["name"]: digest(json.dumps(entry, sort_keys=True).encode()) for entry in resources}


def environment(root: str | Path) -> dict[str, str]:
    """Return what all notebooks are executed with.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    dict of str to str
        By the words with which a change of it is reported.
    """
    lock = Path(root) / LOCK
    return {
        "the Python version": f"{sys.version} {sys.platform} {platform.machine()}",
        LOCK: digest(lock.read_bytes()) if lock.is_file() else "",
        "the set of installed packages": installed_packages(tuple(sys.path), contract.read(root).package),
        "the runner itself": runner_version(),
    }


@lru_cache
def installed_packages(folders: tuple[str, ...], own: str) -> str:
    """Return a digest of the names and versions of all installed packages but our own."""
    names = {
        path.name
        for folder in folders
        if folder and Path(folder).is_dir()
        for path in Path(folder).glob("*.dist-info")
        if not path.name.startswith(f"{own}-")
    }
    return digest(json.dumps(sorted(names)).encode())


@lru_cache
def runner_version() -> str:
    """Return a digest of the sources of the runner."""
    paths = sorted(Path(__file__).parent.glob("*.py"))
    return digest(b"\0".join(path.read_bytes() for path in paths))


def stamps(root: str | Path, package: str | Path, modules: str) -> dict[str, tuple[int, int, int]]:
    """Return size and time of change of every file that a notebook may use.

    Parameters
    ----------
    root, package : str or pathlib.Path
    modules : str
        How the names of files of the package begin.

    Returns
    -------
    dict of str to tuple
        By name of the dependency.
    """
    found = {}
    for folder, prefix in [(Path(package), modules), (Path(root) / "data", "data/")]:
        for path in folder.rglob("*"):
            # Compiled modules are written by other kernels meanwhile, under names of a moment.
            if path.parent.name == "__pycache__":
                continue
            try:
                status = path.stat()
            except FileNotFoundError:  # an editor's file of a moment
                continue
            if stat.S_ISREG(status.st_mode):
                name = prefix + path.relative_to(folder).as_posix()
                found[name] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return found


def changed(before: dict[str, Any], after: dict[str, Any], uses: Iterable[str]) -> list[str]:
    """Name the used files that are not what they were.

    Parameters
    ----------
    before, after : dict
        As :func:`stamps` returns them.
    uses : iterable of str
        Dependencies.

    Returns
    -------
    list of str
    """
    names = {use.partition("#")[0] for use in uses}
    different = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return sorted(
        name for name in different if name in names or any(name.startswith(f"{use.rstrip('/')}/") for use in names)
    )
