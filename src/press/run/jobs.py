"""Notebooks handed to an executor, and what comes back as it comes.

Any object with ``submit(function, argument)`` is an executor, so that notebooks may run on other machines; there is
no scheduler of our own. A worker that is lost costs one retry of its notebook.

Not here: what is stale (``press.run``), what a job does (``kernel``).
"""

from __future__ import annotations

import os
import queue
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from press import contract
from press.run import dependencies, launch
from press.run.kernel import Failure, Job, Outcome, run_notebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from press.run.progress import Progress

ATTEMPTS = 2
BEGUN = object()


class Jobs:
    """The execution of stale notebooks.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    progress : press.run.progress.Progress
        Who is told.
    timeout, memory, fork
        As in :func:`press.run.execute`.
    """

    def __init__(self, root: Path, progress: Progress, timeout: float, memory: int | None, fork: bool | None) -> None:
        self.root, self.progress = root, progress
        self.timeout, self.memory, self.fork = timeout, memory, fork
        served = contract.read(root)
        self.package = str(dependencies.package_folder(root))
        self.contract = {
            "name": served.package, "loaders": served.loader_modules, "publisher": served.publisher
        }  # fmt: skip
        self.libraries = served.preimported
        self.executor: Any = None
        self.local = False
        self.messages: queue.Queue[Any] = queue.Queue()
        self.attempts: dict[str, int] = {}

    def run(self, stale: list[Any], executor: Any = None, workers: int | None = None) -> Iterator[Outcome]:
        """Execute notebooks and yield the outcome of each as it comes.

        Parameters
        ----------
        stale : list
            The notebooks, with ``name, source, reason, seconds, before``.
        executor : object, optional
            Threads of this process when not given; the kernels are processes in any case.
        workers : int, optional
            Number of those threads; one more than cores when not given, since a kernel that starts or ends leaves its core idle.

        Yields
        ------
        Outcome
        """
        cores = os.cpu_count() or 1
        workers = workers or cores + 1
        known = {state.name: state.seconds for state in stale if state.seconds is not None}
        self.progress.begin({state.name: state.reason for state in stale}, known, min(workers, cores))
        self.local = executor is None
        if self.local:
            self.prepare(len(stale) > min(workers, cores))
        elif self.fork is None:
            self.fork = True
        self.executor = executor or ThreadPoolExecutor(workers, thread_name_prefix="notebook")
        try:
            # The longest first, so that none of them begins when the others are done; the unknown may be long, and
            # of these the ones with the longest text.
            order = {state.name: (-known.get(state.name, float("inf")), -len(state.source)) for state in stale}
            for state in sorted(stale, key=lambda state: order[state.name]):
                self.submit(state)
            for _ in stale:
                yield self.next_outcome()
        except BaseException:
            if self.local:  # interrupted: without their kernels the threads end at once
                launch.stop()
            raise
        finally:
            if self.local:
                self.executor.shutdown(cancel_futures=True)
            self.progress.end()

    def prepare(self, many: bool) -> None:
        """Start the process that forks kernels where it is worth its imports, or say that there can be none."""
        if not launch.can_fork():
            self.progress.line("kernels are started one by one: they cannot be forked on this system")
            launch.build_font_cache()
            self.fork = False
        elif self.fork is None:
            self.fork = many or launch.running(self.libraries)
        if self.fork:
            try:
                launch.server(self.libraries)
            except RuntimeError as error:
                self.progress.line(f"kernels are started one by one, because none can be forked: {error}")
                self.fork = False

    def submit(self, state: Any) -> None:
        """Hand over one notebook."""
        self.attempts[state.name] = self.attempts.get(state.name, 0) + 1
        job = Job(
            state.name,
            state.source,
            str(self.root),
            self.package,
            self.contract,
            self.timeout,
            self.memory,
            bool(self.fork),
            self.libraries,
            state.before,
        )
        try:
            if self.local:
                future = self.executor.submit(self.announce, state, job)
            else:
                future = self.executor.submit(run_notebook, job)
                self.progress.start(state.name)
        except Exception as error:  # an executor may break in any way; it costs this notebook
            self.messages.put((state, error))
        else:
            future.add_done_callback(lambda future: self.messages.put((state, future)))

    def announce(self, state: Any, job: Job) -> Outcome:
        """Say that a job begins, then do it; in a thread of this process."""
        self.messages.put((state, BEGUN))
        return run_notebook(job)

    def next_outcome(self) -> Outcome:
        """Return the next outcome; a notebook whose worker was lost is handed over once more."""
        while True:
            try:
                state, message = self.messages.get(timeout=1)
            except queue.Empty:
                self.progress.show()
                continue
            if message is BEGUN:
                self.progress.start(state.name)
                continue
            outcome, error = answer(message)
            if error is not None:
                words = f"{type(error).__name__}: {error}".rstrip(": ")
                if self.attempts[state.name] < ATTEMPTS:
                    self.progress.line(f"{state.name} is tried again: its worker was lost ({words})")
                    self.submit(state)
                    continue
                outcome = Outcome(state.name, failure=Failure(state.name, f"its worker was lost twice: {words}"))
            self.progress.finish(state.name, outcome.seconds, outcome.failure is not None)
            return outcome


def answer(message: Any) -> tuple[Any, Exception | None]:
    """Return outcome and error of a future, or of a failed attempt to get one."""
    if isinstance(message, Exception):
        return None, message
    try:
        return message.result(), None
    except Exception as error:  # whatever an executor says when it loses a worker
        return None, error
