"""Work in a process of its own that ends when the build is gone, and mostly gives way to whoever is waited for.

Not here: what is made so (``press.web.gallery``, ``press.fresh.halves``, and a book's own extensions), and slides, workbooks and the ePub, which share
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
BEHIND = 10  # steps of ``os.nice``


def while_built(jobs: Iterable[T], behind: int = BEHIND) -> Iterator[T]:
    """Yield jobs one by one, in a process that a build has started for them.

    Parameters
    ----------
    jobs : iterable
    behind : int
        How far the process stands back; nothing where the build waits for it.

    Yields
    ------
    object
        The next job, as long as the build is alive: after it was killed, the next one may be at work already.
    """
    os.nice(behind)
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # who interrupts the build need not read of it twice
    parent = multiprocessing.parent_process()
    for job in jobs:
        if parent is None or not parent.is_alive():
            return
        yield job
