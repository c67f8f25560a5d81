"""The store of results: ``_build/runs/<notebook>/<fingerprint>/``.

An entry is a folder with the executed notebook, what it published and ``record.json``, which says what the result
depends on and holds the digest of every file. It is written aside and renamed, so that there is never half of
one; an entry whose files are not what its record says is not used and is made again.

Rule of pruning: of each notebook the ten results used last are kept, and none that was not used for 30 days;
current results are always kept.

Not here: execution, and what is stale.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from press.run.dependencies import digest, file_digest, files_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

try:
    import fcntl as locks

    fcntl: Any = locks
except ImportError:  # Windows has no such lock: two builds at once are not kept apart there
    fcntl = None

KEPT = 10
KEPT_DAYS = 30
PART = ".part-"


class StoreError(OSError):
    """The store cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Entry:
    """One result in the store.

    Attributes
    ----------
    folder : pathlib.Path
        Where it is.
    record : dict
        ``notebook, source, code, environment, dependencies, seconds, reason, files``.
    used : float
        When it was last the current result, as a time stamp.
    """

    folder: Path
    record: dict
    used: float


def store_folder(root: Path) -> Path:
    """Return the folder of the store.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    pathlib.Path
    """
    return Path(root) / "_build" / "runs"


def fingerprint(record: dict[str, Any]) -> str:
    """Return the fingerprint of a result: the digest of all that it was made from.

    Parameters
    ----------
    record : dict
        With ``notebook, code, environment, dependencies``.

    Returns
    -------
    str
        32 hexadecimal digits.
    """
    made_from = [record[key] for key in ("notebook", "code", "environment", "dependencies")]
    return digest(json.dumps(made_from, sort_keys=True).encode())


def entries(root: Path, name: str) -> list[Entry]:
    """Return the entries of a notebook, the one used last first; a record that is damaged is passed over.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    name : str
        Name of the notebook.

    Returns
    -------
    list of Entry
    """
    kept, found = store_folder(root) / name, []
    for folder in kept.iterdir() if kept.is_dir() else ():
        record = read_record(folder)
        if record is not None:
            found.append(Entry(folder, record, folder.stat().st_mtime))
    return sorted(found, key=lambda entry: (-entry.used, entry.folder.name))


def read_record(folder: Path) -> dict[str, Any] | None:
    """Return the record of an entry, not to be changed, or None if it is not the one that belongs there."""
    path = folder / "record.json"
    try:
        return _read_record(path, file_digest(path))
    except OSError:  # which may not be read
        return None


@lru_cache(maxsize=4096)
def _read_record(path: Path, digest: str) -> dict[str, Any] | None:
    """Read a record once for each state of its file: a preview asks for those of all notebooks after each saving."""
    folder = path.parent
    try:
        record = json.loads(path.read_text("utf-8"))
        whole = fingerprint(record) == folder.name and {"seconds", "reason", "files", "source"} <= record.keys()
        whole = whole and isinstance(record["files"], dict)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return record if whole else None


def damage(entry: Entry) -> str:
    """Name the first file of an entry that is not what it was when it was written.

    Parameters
    ----------
    entry : Entry

    Returns
    -------
    str
        Empty if all is well.
    """
    # Thousands of files after each saving, of which pathlib would make objects.
    first = len(str(entry.folder)) + 1
    there = {path[first:].replace(os.sep, "/"): path for path in files_below(entry.folder)}
    for name, expected in entry.record["files"].items():
        if name not in there or file_digest(there[name]) != expected:
            return name
    unexpected = there.keys() - entry.record["files"].keys() - {"record.json"}
    return min(unexpected, default="")


def write(root: Path, record: dict[str, Any], files: dict[str, bytes]) -> Path:
    """Write an entry; the same one is replaced.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    record : dict
        Without ``files``.
    files : dict of str to bytes

    Returns
    -------
    pathlib.Path
        The folder of the entry.

    Raises
    ------
    StoreError
        If it cannot be written; nothing of it is left then.
    """
    store = store_folder(root)
    record = {**record, "files": {name: digest(content) for name, content in sorted(files.items())}}
    target, part = store / record["notebook"] / fingerprint(record), store / f"{PART}{uuid.uuid4().hex}"
    content = {**files, "record.json": (json.dumps(record, indent=1, sort_keys=True) + "\n").encode()}
    try:
        for name, data in content.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        target.parent.mkdir(exist_ok=True)
        if target.exists():
            target.rename(store / f"{PART}{uuid.uuid4().hex}")
        part.rename(target)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise StoreError(
            f"the result cannot be written to {store}: {error.strerror}; make room or make the folder writable, then"
            " build again"
        ) from error
    return target


def mark_used(entry: Entry) -> None:
    """Note that an entry is the current one, which pruning goes by; at most once a minute.

    Parameters
    ----------
    entry : Entry
    """
    # A store that may only be read can still serve what is in it.
    with contextlib.suppress(OSError):
        if time.time() - entry.used > 60:
            os.utime(entry.folder)


def prune(root: Path, current: Iterable[Path]) -> int:
    """Remove old entries and what was left half-written.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    current : iterable of pathlib.Path
        Folders of current results.

    Returns
    -------
    int
        Number of entries removed.
    """
    store, current, removed = store_folder(root), set(current), 0
    oldest = time.time() - KEPT_DAYS * 86400
    for folder in sorted(store.glob("*")):
        if folder.name.startswith(PART):
            shutil.rmtree(folder, ignore_errors=True)
        elif folder.is_dir():
            stamped = sorted(((child.stat().st_mtime, child) for child in folder.glob("*")), reverse=True)
            for rank, (used, child) in enumerate(stamped):
                if child not in current and (rank >= KEPT or used < oldest):
                    shutil.rmtree(child, ignore_errors=True)
                    removed += 1
            with contextlib.suppress(OSError):  # not empty: it still holds results
                folder.rmdir()
    return removed


_held: dict[tuple[int, str], bool] = {}


@contextlib.contextmanager
def lock(root: Path, tell: Callable[[str], None]) -> Iterator[bool]:
    """Keep other builds of this checkout out; waits for the one that is there.

    A process that holds the lock already gets it at once, so that a build may hold it around its execution.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    tell : callable
        Called with a message when another build has to be waited for.

    Yields
    ------
    bool
        Whether the store can be written; a store that can only be read needs no lock.
    """
    path = store_folder(root) / ".lock"
    key = (os.getpid(), str(path.resolve()))
    if key in _held:
        yield _held[key]
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError:
        _held[key] = False
        try:
            yield False
        finally:
            del _held[key]
        return
    with file:
        _wait(file, tell)
        _held[key] = True
        try:
            yield True
        finally:
            del _held[key]


def _wait(file, tell):
    if fcntl is None:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        tell(f"another build of this checkout is at work (process {file.read().strip() or '?'}); waiting for it")
        fcntl.flock(file, fcntl.LOCK_EX)
    with contextlib.suppress(OSError):  # only for the message above; a full disk does not matter here
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
