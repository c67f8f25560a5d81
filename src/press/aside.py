"""Work in a process of its own that gives way to whoever is waited for, and ends when the build is gone.

Not here: what is made so (``press.web.gallery``, and a book's own extensions), and slides, workbooks and the ePub, which share
their jobs among processes of Sphinx (``press.takeaway.making``).
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")


def while_built(jobs: Iterable[T]) -> Iterator[T]:
    """Yield jobs one by one, in a process that a build has started for them.

    Parameters
    ----------
    jobs : iterable

    Yields
    ------
    object
        The next job, as long as the build is alive: after it was killed, the next one may be at work already.
    """
    os.nice(10)
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who interrupts the build need not read of it twice
    parent = multiprocessing.parent_process()
    for job in jobs:
        if parent is None or not parent.is_alive():
            return
        yield job
