"""One notebook, executed in one kernel.

:func:`run_notebook` is the unit of work that any executor can carry out: it takes a :class:`Job`, which can be
sent to another process or machine, and returns an :class:`Outcome` that holds everything the notebook published
as bytes. The kernel is a real Jupyter kernel behind nbclient. Where the system can fork, it is forked from a
process that has imported the big libraries already (``server``); elsewhere it is started as any other program.

Not here: what is stale and where results are kept.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import textwrap
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from press.run import dependencies, hints, inside, launch, percent
from press.run.scratch import Scratch

if TYPE_CHECKING:
    from typing import Any

KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
TAGS = ("raises-exception", "skip-execution")
# Not the one that pandas writes into the HTML of each frame, which the pages leave out.
# Where a cell lies while it runs, as warnings name it.
WARNED = re.compile(r"\S*ipykernel_\d+/\d+\.py:(\d+):")
OWN_STYLE = re.compile(r"<style(?! scoped)|<script", re.IGNORECASE)
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")


@dataclass(frozen=True)
class Job:
    """What an executor is given to do.

    Attributes
    ----------
    name : str
        Name of the notebook, without ``.py``.
    source : str
        Its text.
    root, package : str
        Absolute paths of the project and of the sources of the package.
    contract : dict
        What ``inside.Recorder`` has to know of the package: its ``name``, ``loaders`` and ``publisher``.
    timeout : float
        Seconds that one cell may take.
    memory : int or None
        Bytes that the kernel may use; nine tenths of the machine's when None.
    fork : bool
        Whether to fork the kernel from the process that has imported the big libraries.
    libraries : tuple of str
        Which these are.
    before : str
        Folder of an earlier result of the notebook; empty where there is none.
    ticket : str
        Different for every job: some executors give the old answer to a job that they have seen before.
    """

    name: str
    source: str
    root: str
    package: str
    contract: dict
    timeout: float
    memory: int | None
    fork: bool
    libraries: tuple[str, ...]
    before: str = ""
    ticket: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True)
class Failure:
    """Why a notebook has no result.

    Attributes
    ----------
    notebook : str
        Name of the notebook.
    error : str
        What went wrong and, where known, what to do.
    cell : int or None
        Number of the code cell, counted from one.
    lines : tuple of str
        Those of that cell around the one that failed; the last ones where none is known.
    retry : bool
        Whether the same job may succeed when it is tried again: the files changed under it.
    """

    notebook: str
    error: str
    cell: int | None = None
    lines: tuple = ()
    retry: bool = False

    def __str__(self) -> str:
        place = f"notebooks/{self.notebook}.py" + (f", code cell {self.cell}" if self.cell else "")
        return "\n".join([f"{place}: {self.error}", *(f"    | {line}" for line in self.lines)])


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes
    ----------
    name : str
        Name of the notebook.
    files : dict of str to bytes
        What the result consists of, by relative path.
    dependencies : dict of str to str
        Digest of everything that the notebook used.
    environment : dict of str to str
        What the notebook was executed with.
    seconds : float
        Wall time of the execution.
    failure : Failure or None
        Set when there is no result.
    """

    name: str
    files: dict = field(default_factory=dict)
    dependencies: dict = field(default_factory=dict)
    environment: dict = field(default_factory=dict)
    seconds: float = 0.0
    failure: Failure | None = None


class NotebookStopped(Exception):
    """A cell did something that the book does not accept, though Python did not call it an error."""


def run_notebook(job: Job) -> Outcome:
    """Execute one notebook.

    Parameters
    ----------
    job : Job

    Returns
    -------
    Outcome
        With a failure instead of an exception, so that one notebook does not stop the others.
    """
    if not Path(job.root, "notebooks").is_dir():
        error = f"the worker does not see {job.root}; all workers must share the file system of the project"
        return Outcome(job.name, failure=Failure(job.name, error))
    started = time.perf_counter()
    modules = f"src/{job.contract['name']}/"
    before = dependencies.stamps(job.root, job.package, modules)
    held = Scratch()
    work = held.folder
    try:
        for folder in ["publish", "tmp", "home"]:
            (work / folder).mkdir()
        files, uses, parts = asyncio.run(_execute(job, work))
        current = dependencies.Files(job.root, job.package, modules)
        digests = {use: current.digest(use) for use in uses} | parts
        changed = dependencies.changed(before, dependencies.stamps(job.root, job.package, modules), uses)
        if changed:
            error = f"{', '.join(changed)} changed while the notebook ran"
            return Outcome(job.name, failure=Failure(job.name, error, retry=True))
        seconds = time.perf_counter() - started
        return Outcome(job.name, files, digests, dependencies.environment(job.root), seconds)
    except _Failed as failed:
        return Outcome(job.name, failure=failed.failure, seconds=time.perf_counter() - started)
    except OSError as error:
        return Outcome(job.name, failure=Failure(job.name, f"{error}; the notebook could not be executed"))
    finally:
        held.remove()


class _Failed(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


class _Watch:
    """Follow the cells of a notebook while they are executed, to be able to say where it failed."""

    def __init__(self, job: Job, work: Path, notebook: Any) -> None:
        self.job, self.work, self.notebook, self.source = job, work, notebook, ""
        self.number: int | None = None
        self.cell: Any = None
        self.index = 0

    async def begin(self, cell: Any, cell_index: int) -> None:
        self.number, self.source, self.cell, self.index = (self.number or 0) + 1, cell.source, cell, cell_index

    async def check(self, cell: Any, cell_index: int, execute_reply: dict[str, Any]) -> None:
        if execute_reply["content"]["status"] == "ok":
            check_outputs(cell)
            merge_streams(cell)

    def failed(self, error: str, line: int | None = None) -> _Failed:
        """Return the failure of the current cell, with the lines around the one that failed, where it is known."""
        lines = tuple(self.source.rstrip().split("\n")) if self.number else ()
        last = len(lines) if line is None else line + 2
        return _Failed(Failure(self.job.name, error, self.number, lines[max(last - 5, 0) : max(last, 5)]))

    def refuse_violations(self, violations: list[dict[str, Any]]) -> None:
        """Fail for the first breach of contract, also if a library swallowed the exception."""
        for violation in violations:
            self.number = violation["cell"]
            sources = [cell.source for cell in self.notebook.cells if cell.get("execution_count") == self.number]
            self.source = sources[0] if sources else ""
            raise self.failed(f"ContractError: {violation['message']}")

    def failure_of(self, error: Any, provisioner: Any) -> _Failed:
        """Say in words what stopped the execution."""
        kind = type(error).__name__
        if kind == "CellExecutionError":
            place = re.search(r"Cell In\[\d+\], line (\d+)", _plain(error.traceback))
            number = int(place[1]) if place else None
            line = f" (line {number} of the cell{self.in_file(number)})" if number else ""
            # A file of the kernel's own, which nobody finds.
            name, told = error.ename, re.sub(r" \(\d+\.py, line \d+\)$", "", error.evalue)
            shown = [output for output in self.cell.outputs if output.output_type == "error"]
            if name == "NoneType" and shown:
                # The cell itself went well: what it ends with could not show itself, which only its output tells.
                name, told, line = shown[-1].ename, shown[-1].evalue, " (while the last line of the cell was shown)"
                number = None
            begins = self.line_of_cell()
            lines = self.job.source.splitlines()
            advice = hints.hint(
                name, _plain(told), "\n".join(lines[:begins]), "\n".join(lines[begins + self.source.count("\n") + 1 :])
            )
            return self.failed(f"{name}: {_plain(told)}{line}{f'; {advice}' if advice else ''}", number)
        if kind == "CellTimeoutError":
            return self.failed(
                f"the cell was still running after {self.job.timeout:g} seconds and was stopped; make it faster, or"
                " give it more time with --timeout"
            )
        if kind == "DeadKernelError":
            return self.failed(f"{_death(provisioner.exit_code)} {self.log()}".rstrip())
        if self.number is None:
            return self.failed(f"the kernel did not start: {error} {self.log()}".rstrip())
        return self.failed(f"{kind}: {error}")

    def in_file(self, line: int) -> str:
        """Say which line of the notebook's file a line of the current cell is, where the cell is found there."""
        begins = self.line_of_cell()
        return f", notebooks/{self.job.name}.py:{begins + line}" if begins < len(self.job.source.splitlines()) else ""

    def line_of_cell(self) -> int:
        """Return how many lines of the notebook's file stand before the current cell; all where it is not found there."""
        first, lines = self.source.split("\n")[0], self.job.source.splitlines()
        begins = percent.cell_lines(self.job.source)
        known = len(begins) == len(self.notebook.cells)
        after = begins[self.index] if known else len(lines)
        return next((number for number, text in enumerate(lines[after:], start=after) if text == first), len(lines))

    def log(self) -> str:
        """Return the end of what the kernel said outside the notebook."""
        path = self.work / "kernel.log"
        return path.read_text("utf-8", "replace")[-2000:].strip() if path.exists() else ""


async def _execute(job, work):
    """Execute the cells and return the files of the result, the names of everything used and the digests of parts of modules."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError

    from press.run.manager import kernel_manager

    notebook = read_notebook(job.source)
    watch, manager = _Watch(job, work, notebook), kernel_manager(job, work)
    provisioner = manager.provisioner
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=job.timeout,
        startup_timeout=launch.STARTUP_SECONDS,
        record_timing=False,
        shutdown_kernel="immediate",
        on_cell_execute=watch.begin,
        on_cell_executed=watch.check,
    )
    client.log.disabled = True  # what it says is said again, and better, in the failure
    try:
        await client.async_execute(cleanup_kc=True)
    except NotebookStopped as error:
        raise watch.failed(str(error)) from None
    except (CellExecutionError, CellControlSignal, DeadKernelError, RuntimeError) as error:
        raise watch.failure_of(error, provisioner) from None
    finally:
        if provisioner.has_process:
            await provisioner.kill()
    path = work / "record.json"
    recorded = json.loads(path.read_text("utf-8")) if path.exists() else {"uses": [], "parts": {}, "violations": []}
    watch.refuse_violations(recorded["violations"])
    files = {"notebook.ipynb": (nbformat.writes(notebook) + "\n").encode()}
    for path in sorted((work / "publish").rglob("*")):
        if path.is_file():
            files[path.relative_to(work / "publish").as_posix()] = path.read_bytes()
    return files, recorded["uses"], recorded["parts"]


def read_notebook(source: str) -> Any:
    """Read a notebook from its text, with fixed ids for its cells.

    Parameters
    ----------
    source : str
        Text in Jupytext's percent format.

    Returns
    -------
    nbformat.NotebookNode
    """
    import nbformat

    notebook = percent.read(source)
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return notebook


def code_digest(source: str) -> str:
    """Return the digest of what is executed of a notebook: its code cells, not its prose.

    Parameters
    ----------
    source : str
        Text in Jupytext's percent format.

    Returns
    -------
    str
    """
    cells = [
        [cell.source, [tag for tag in TAGS if tag in cell.metadata.get("tags", [])]]
        for cell in read_notebook(source).cells
        if cell.cell_type == "code"
    ]
    return dependencies.digest(json.dumps(cells).encode())


def check_outputs(cell: Any) -> None:
    """Refuse outputs that a book cannot hold: warnings, and addresses that differ from run to run.

    Parameters
    ----------
    cell : nbformat.NotebookNode
        A code cell that was executed without an error.

    Raises
    ------
    NotebookStopped
    """
    for output in cell.outputs:
        size = sum(len(str(content)) for content in [output.get("text", ""), *output.get("data", {}).values()])
        if size > inside.OUTPUT:
            raise NotebookStopped(
                f"the cell shows {size // 1_000_000} million characters; show a few rows, or publish the data with an exhibit"
            )
        if output.output_type == "stream" and output.name == "stderr":
            text = WARNED.sub(r"line \1 of the cell:", _plain("".join(output.text)))
            raise NotebookStopped(
                f"the cell warns: {textwrap.shorten(text, 500, placeholder=' ...')}; mend the cause, no warning may scroll by while the book is built"
            )
        data = output.get("data", {})
        markup = "".join(data.get("text/html", ""))
        if OWN_STYLE.search(markup):
            raise NotebookStopped(
                "what the cell shows brings styles or scripts of its own, which no page loads, as a Styler of pandas does; show"
                " the frame itself, or publish it with exhibits.table"
            )
        text = "".join(output.get("text") or data.get("text/plain", ""))
        found = ADDRESS.search(text)
        if found and data.keys() - {"text/plain"}:
            # Readers see the other form; this one must be the same in each run.
            data["text/plain"] = ADDRESS.sub("", text)
        elif found:
            raise NotebookStopped(
                f"the cell prints a memory address ({text[:80]!r}), which differs in each run: the object has no text of its"
                " own; show what is in it, as a number, a text or a frame"
            )


def merge_streams(cell: Any) -> None:
    """Make one output of what a cell prints in one go, which arrives in pieces.

    What it shows in between parts what it prints: all of it together stood before the first table. nbclient can do it, and
    looks for the end of each line from each of its characters: a minute for a long one.

    Parameters
    ----------
    cell : nbformat.NotebookNode
    """
    merged: list[Any] = []
    for output in cell.outputs:
        before = merged[-1] if merged else None
        if before and output.output_type == before.output_type == "stream" and output.name == before.name:
            before.text += output.text
        else:
            merged.append(output)
    for output in merged:
        if output.output_type == "stream":
            # What a carriage return has gone over, as the bars of progress do, is not seen.
            lines = output.text.replace("\r\n", "\n").split("\n")
            output.text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
    cell.outputs = merged


def _plain(text):
    """Remove the colours of a terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _death(code):
    """Say how a kernel came to its end."""
    if code is None or code >= 0:
        return f"the kernel ended by itself with exit code {code}"
    name = signal.Signals(-code).name
    return f"the kernel was killed by {name}" + (
        ", most often a sign that the machine ran out of memory" if name == "SIGKILL" else ""
    )
