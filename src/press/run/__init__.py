"""Execution of the notebooks: only what is stale, in parallel, into a store that never shows an old number.

Every result is kept under a fingerprint of all that it was made from: the code cells, the modules of
the book's package that the notebook really imported, the data that it really loaded, the lock and the installed
packages, and this runner. What a notebook uses is recorded while it runs. A result is fresh when everything in
the record of some earlier run of the same code is as it was then; prose is no part of it.

Not here: what is published (by the book's package), pages (``press.page``).
"""

from __future__ import annotations

import contextlib
import difflib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from press import contract
from press.run import dependencies, inside, kernel, percent, scratch, store
from press.run.jobs import Jobs
from press.run.kernel import Failure, Job, Outcome, run_notebook
from press.run.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

__all__ = [
    "Failure",
    "Job",
    "Outcome",
    "Result",
    "RunError",
    "cluster",
    "execute",
    "lock",
    "results",
    "run_notebook",
    "status",
    "why",
]

TIMEOUT = 600
# Files may be saved while notebooks run; who saves without pause is told to stop.
ROUNDS = 4


class RunError(ValueError):
    """A request that cannot be carried out, told in one line."""


@dataclass(frozen=True)
class Result:
    """How it stands with one notebook.

    Attributes
    ----------
    name : str
        Name of the notebook, without ``.py``.
    state : str
        ``"fresh"``, ``"executed"`` (just now), ``"failed"``, or ``"stale"`` where nothing was executed.
    folder : pathlib.Path or None
        Folder of the current result in the store; None if there is none.
    fingerprint : str
        Name of that folder; empty if there is none.
    seconds : float
        Wall time of the execution.
    reason : str
        Why it is stale, or was when it was last executed.
    error : Failure or None
        Why it failed.
    """

    name: str
    state: str
    folder: Path | None = None
    fingerprint: str = ""
    seconds: float = 0.0
    reason: str = ""
    error: Failure | None = None


def execute(
    root: Path,
    names: Sequence[str] | None = None,
    *,
    workers: int | None = None,
    executor: Any = None,
    progress: Progress | None = None,
    timeout: float = TIMEOUT,
    memory: int | None = None,
    fork: bool | None = None,
) -> list[Result]:
    """Execute the notebooks that are stale.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    names : list of str, optional
        Names of notebooks; all of ``notebooks/*.py`` when not given.
    workers : int, optional
        How many notebooks run at once; one more than cores when not given.
    executor : object, optional
        Anything with ``submit(function, argument)`` that returns futures with ``add_done_callback`` and
        ``result``, as in ``concurrent.futures`` or ``distributed``. Threads of this process when not given; the
        kernels are processes in any case.
    progress : Progress, optional
        Who is told; writes to standard error when not given.
    timeout : float
        Seconds that one cell may take.
    memory : int, optional
        Bytes that one kernel may use; nine tenths of the machine's when not given.
    fork : bool, optional
        Whether to fork kernels from a process that has imported the big libraries, which gives the same bytes
        sooner; when not given, if the system can and there are more stale notebooks than cores.

    Returns
    -------
    list of Result
        One for each notebook, in alphabetical order; the state is ``fresh``, ``executed`` or ``failed``.

    Raises
    ------
    RunError
        If there is no notebook of a given name.
    """
    root = Path(root).resolve()
    progress = progress or Progress()
    with store.lock(root, progress.line) as writable:
        settled, spent = {}, set()
        for _ in range(ROUNDS):
            found = _look(root, names)
            stale = [state for state in found.values() if not state.fresh and state.name not in settled]
            if not stale:
                break
            if not writable:
                error = f"its result cannot be written to {store.store_folder(root)}; make the folder writable"
                settled = {state.name: Failure(state.name, error) for state in stale}
                continue
            jobs = Jobs(root, progress, timeout, memory, fork)
            for outcome in jobs.run(stale, executor, workers):
                failure = outcome.failure or _keep(root, found[outcome.name], outcome)
                if failure is None:
                    spent.add(outcome.name)
                elif not failure.retry:
                    settled[outcome.name] = failure
        else:
            found = _look(root, names)
            settled |= {state.name: _restless(state) for state in found.values() if not state.fresh} | settled
        if writable:
            _tidy(root, found, whole=not names)
    done = [_result(state, spent, settled) for _, state in sorted(found.items())]
    _report(done, progress)
    return done


def results(root: Path) -> dict[str, Result]:
    """Tell how it stands with every notebook, without executing any.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    dict of str to Result
        By name; the state is ``fresh`` or ``stale``. A stale one has no folder: its old result is not current.
    """
    found = _look(Path(root).resolve(), None)
    return {name: _result(state, set(), {}) for name, state in sorted(found.items())}


def status(root: Path) -> list[str]:
    """Say of every notebook whether it is fresh, and if not, why.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.

    Returns
    -------
    list of str
        One line for each notebook.
    """
    lines = []
    for result in results(root).values():
        words = f"{result.name}: {result.reason}" if result.state == "stale" else result.name
        lines.append(f"{result.state}  {words}")
    return lines


def why(root: Path, identifier: str) -> list[str]:
    """Say which data, code and notebook an exhibit or value comes from, and what made it stale last.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    identifier : str
        Id of the exhibit or value.

    Returns
    -------
    list of str
        Lines to print.

    Raises
    ------
    RunError
        If no result in the store has published it.
    """
    root, known = Path(root).resolve(), []
    for name, state in sorted(_look(root, None).items()):
        entry = state.entry or next(iter(store.entries(root, name)), None)
        if entry is None:
            continue
        published = _published(entry.folder)
        known += published
        if identifier in published:
            return _origin(identifier, published[identifier], name, state, entry)
    close = difflib.get_close_matches(identifier, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else "the command `exhibits` lists what is published"
    raise RunError(f"no notebook has published {identifier!r}; {hint}")


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Any]:
    """Connect to a Dask cluster whose workers see the project at the same path.

    Parameters
    ----------
    address : str
        Address of the scheduler, e.g. ``"tcp://192.0.2.1:8786"``.

    Yields
    ------
    executor
        For :func:`execute`.

    Raises
    ------
    RunError
        If the optional extra is not installed, or nobody answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise RunError("a Dask cluster needs the optional package: pip install distributed") from None
    try:
        client = Client(address, timeout="10s")
    except OSError as error:
        raise RunError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        yield client.get_executor(pure=False)


@contextlib.contextmanager
def lock(root: Path, progress: Progress | None = None) -> Iterator[bool]:
    """Keep other builds of this checkout out, for as long as pages are made from the results.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    progress : Progress, optional
        Who is told that another build is waited for.

    Yields
    ------
    bool
        Whether the store can be written.
    """
    with store.lock(Path(root).resolve(), (progress or Progress()).line) as writable:
        yield writable


@dataclass(frozen=True)
class _State:
    """How it stands with a notebook: its current entry, or why there is none and where an earlier one is."""

    name: str
    source: str
    code: str
    entry: store.Entry | None
    reason: str
    seconds: float | None
    before: str = ""

    @property
    def fresh(self) -> bool:
        return self.entry is not None


def _look(root, names):
    """Find the current entry of each notebook."""
    paths = {path.stem: path for path in (root / "notebooks").glob("*.py")}
    unknown = [name for name in names or [] if name not in paths]
    if unknown:
        close = difflib.get_close_matches(unknown[0], paths, n=1)
        raise RunError(f"there is no notebook {unknown[0]!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
    files = dependencies.Files(root, dependencies.package_folder(root), contract.read(root).modules)
    environment = dependencies.environment(root)
    return {name: _state(root, name, paths[name], files, environment) for name in sorted(names or paths)}


def _state(root, name, path, files, environment):
    content = path.read_bytes()
    known = store.entries(root, name)
    # The text tells the code of a notebook that was executed as it stands; only another one need be taken apart.
    codes = {entry.record["source"]: entry.record["code"] for entry in known}
    try:
        source = percent.decode(content)
        code = codes.get(dependencies.digest(source.encode())) or kernel.code_digest(source)
    except Exception as error:  # not UTF-8, or whatever Jupytext says of a header that it cannot read
        raise RunError(f"notebooks/{name}.py cannot be read as a notebook: {error}") from error
    seconds = known[0].record["seconds"] if known else None
    differences, reason = None, ""
    for entry in known:
        differing = _differences(entry.record, code, files, environment)
        if differing:
            differences = differing if differences is None or len(differing) < len(differences) else differences
            continue
        damaged = store.damage(entry)
        if damaged:
            reason = f"its stored result is damaged ({damaged})"
            continue
        return _State(name, source, code, entry, entry.record["reason"], entry.record["seconds"])
    if not reason:
        there = (store.store_folder(root) / name).is_dir() and any((store.store_folder(root) / name).iterdir())
        reason = "it was not executed before"
        if differences:
            reason = f"{_list(differences)} changed"
        elif there:
            reason = "its stored result is damaged (record.json)"
    return _State(name, source, code, None, reason, seconds, _before(known, environment))


def _before(known, environment):
    """Return the folder of the result used last of those that were made with the same libraries and this runner."""
    alike = (entry for entry in known if entry.record["environment"] == environment and not store.damage(entry))
    return str(next((entry.folder for entry in alike), ""))


def _differences(record, code, files, environment):
    """Name what is not as it was when a result was made."""
    found = [] if record["code"] == code else ["its code"]
    found += [words for words, now in environment.items() if record["environment"].get(words) != now]
    return found + [_in_words(name) for name in files.differing(record["dependencies"])]


def _in_words(dependency):
    """Name a dependency: of a part of a module its function, where it is one."""
    name, _, part = dependency.partition("#")
    return name if part == inside.OUTSIDE else f"{part} in {name}" if part and name.endswith(".py") else dependency


def _list(words):
    shown = words if len(words) <= 4 else [*words[:3], f"{len(words) - 3} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _keep(root, state, outcome):
    """Put an outcome into the store; returns the failure if that is not possible."""
    expected = dependencies.environment(root)
    different = [words for words, now in expected.items() if outcome.environment.get(words) != now]
    if different:
        return Failure(state.name, f"the worker that executed it differs from here in {_list(different)}")
    record = {
        "notebook": state.name,
        "source": dependencies.digest(state.source.encode()),
        "code": state.code,
        "environment": outcome.environment,
        "dependencies": outcome.dependencies,
        "seconds": round(outcome.seconds, 3),
        "reason": state.reason,
    }
    try:
        store.write(root, record, outcome.files)
    except store.StoreError as error:
        return Failure(state.name, str(error))
    return None


def _restless(state):
    error = f"{state.reason}, again and again while it was executed; stop changing files and try again"
    return Failure(state.name, error)


def _report(done, progress):
    """List the failures at the end, where they are read."""
    failures = [result.error for result in done if result.error]
    if failures:
        progress.line(f"\n{len(failures)} of {len(done)} notebooks failed:")
    for failure in failures:
        progress.line(f"\n{failure}")


def _tidy(root, found, whole):
    """Note which entries are current, and prune if that is known of all notebooks; sweep up what killed builds left."""
    scratch.sweep()
    for state in found.values():
        if state.entry:
            store.mark_used(state.entry)
    if found and whole:
        store.prune(root, [state.entry.folder for state in found.values() if state.entry])


def _result(state, spent, settled):
    if state.name in settled:
        return Result(state.name, "failed", reason=state.reason, error=settled[state.name])
    if not state.fresh:
        return Result(state.name, "stale", seconds=state.seconds or 0.0, reason=state.reason)
    word = "executed" if state.name in spent else "fresh"
    return Result(
        state.name, word, state.entry.folder, state.entry.folder.name, state.entry.record["seconds"], state.reason
    )


def _published(folder):
    """Return what an entry has published: metadata by id."""
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in (folder / "exhibits").glob("*.json")}
    for path in (folder / "values.json", folder / "statements.json", folder / "tests.json"):
        found |= json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def _origin(identifier, metadata, name, state, entry):
    uses = [use for use in entry.record["dependencies"] if ".py#" not in use]
    lines = [
        f"{identifier} is published by notebooks/{name}.py, code cell {metadata.get('cell')}",
        f"from  {', '.join(use for use in uses if use.startswith('data/')) or 'no data'}",
        f"with  {', '.join(use for use in uses if not use.startswith('data/')) or 'no module of the package'}",
        f"last executed because {entry.record['reason']} ({entry.record['seconds']:.1f} s)",
    ]
    return [*lines, "it is fresh" if state.fresh else f"it is stale: {state.reason}"]
