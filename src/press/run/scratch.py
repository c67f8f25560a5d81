"""Folders in which kernels work, in the system's folder for what is temporary.

Whoever makes one holds it by a lock, which ends with the process however it ends. So a build finds what a killed one has
left, there and nowhere else, and removes it.

Not here: the store of results (``store``), which survives a build.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl

PREFIX = "press-work-"
# Between its making and its locking a folder looks like one that was left.
YOUNG = 60


class Scratch:
    """A new folder that is held until it is removed, or until its process has ended.

    Attributes
    ----------
    folder : pathlib.Path
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.held = _hold(self.folder)

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.held is not None:
            os.close(self.held)
            self.held = None


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Work in a new folder and leave nothing of it.

    Yields
    ------
    pathlib.Path
    """
    made = Scratch()
    try:
        yield made.folder
    finally:
        made.remove()


def sweep() -> list[Path]:
    """Remove the folders that killed processes have left.

    Returns
    -------
    list of pathlib.Path
        What was removed. Those of other users, and those that are held, stay.
    """
    removed = []
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
        try:
            about = folder.stat()
            left = about.st_uid == os.getuid() and time.time() - about.st_mtime > YOUNG
        except (OSError, AttributeError):  # gone in the meantime; a system without users and locks
            continue
        held = _hold(folder) if left else None
        if held is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)
            removed.append(folder)
    return removed


def _hold(folder: Path) -> int | None:
    """Lock a folder; None where somebody holds it, and where there are no such locks."""
    if sys.platform == "win32":
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
