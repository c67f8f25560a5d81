"""One commit, one lock, the same bytes: builds a commit twice under other circumstances and compares every file.

The two builds begin from nothing, in clones in temporary folders, so that nothing is taken from an earlier build and nothing
that is not committed takes part. They differ in all that must not matter (:data:`CIRCUMSTANCES`) and, as they run at the same
time, in when they do what. Compared are all files that a build makes for readers, and what each notebook printed, published and
used: it is executed once in each build, so that a clock, a random number without a seed, a process id or an order that changes
from one execution to the next shows.

Not here: building (``command``), whether numbers are the agreed ones (``references``), what moved between commits (``compare``).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from press.errors import BookError
from press.fresh import complete
from press.page import colophon
from press.run import store
from press.run.scratch import scratch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class Circumstances(NamedTuple):
    """What is different from one build to the other.

    Attributes
    ----------
    folder : str
        Name of the folder in which it is built.
    cores : int
        How many it may use; 0 for all that there are.
    variables : dict of str to str
        Of its environment.
    """

    folder: str
    cores: int
    variables: dict[str, str]


CIRCUMSTANCES = (
    Circumstances("first", 1, {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "COLUMNS": "80"}),
    # The farthest time zone from the first, which has another date for most of the day.
    Circumstances("zweite Prüfung", 0, {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "20261", "COLUMNS": "132"}),
)
# With decimal commas, and with letters that sort otherwise; the first that the system has.
LOCALES = ("tr_TR.utf8", "de_DE.utf8", "fr_FR.utf8", "en_US.utf8", "C.utf8")
BUILD = """
import os, sys
cores = {cores}
if cores:
    os.cpu_count = lambda: cores
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
from press.desk import command
sys.exit(command.main(["build"]))
"""
AROUND = 30  # characters shown on both sides of what differs
POLL_SECONDS = 0.2
TERMINATED = 128 + signal.SIGTERM
SHOWN = 60


@dataclass(frozen=True)
class Difference:
    """A file that is not the same in both builds.

    Attributes
    ----------
    path : str
        From the folder of what was built; of a notebook's result from the notebook.
    place : str
        Where it differs first, in words.
    notebook : str
        The notebook that published it; empty for a file for readers.
    """

    path: str
    place: str
    notebook: str = ""

    def __str__(self) -> str:
        return f"{f'notebooks/{self.notebook}.py, ' if self.notebook else ''}{self.path}: {self.place}"


@dataclass
class Verdict:
    """What the comparison of two builds found.

    Attributes
    ----------
    commit : str
    files, notebooks : int
        How many were compared.
    differences : list of Difference
        Those of notebooks first: the others may follow from them.
    """

    commit: str
    files: int = 0
    notebooks: int = 0
    differences: list[Difference] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Say it: first the notebooks that differ, then what differs besides."""
        what = (
            f"{self.files:,} files and the results of {self.notebooks} notebooks, built twice from commit {self.commit}"
        )
        if not self.differences:
            yield f"{what}: every byte is the same"
            return
        yield f"{what}: {len(self.differences):,} differ"
        yield from (f"  {difference}" for difference in self.differences[:SHOWN])
        if len(self.differences) > SHOWN:
            yield f"  and {len(self.differences) - SHOWN:,} more"
        if any(difference.notebook for difference in self.differences):
            yield (
                "A notebook must compute the same each time: give each random number a seed, sort what has no order, and use"
                " neither the clock nor anything else of the machine. What else differs may follow from it."
            )


def verify(root: Path, *, keep: Path | None = None) -> Verdict:
    """Build the current commit twice and compare every file.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project, a checkout of git.
    keep : pathlib.Path, optional
        An empty or new folder in which both builds stay; they are removed when not given.

    Returns
    -------
    Verdict

    Raises
    ------
    BookError
        If there is no commit, if the folder is not empty, or if one of the builds fails.
    """
    commit = _git(root, "rev-parse", "HEAD")
    with contextlib.ExitStack() as stack:
        if keep is None:
            folder = stack.enter_context(scratch())
        else:
            folder = keep.resolve()
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise BookError(f"{folder} is not empty; name a new folder for both builds")
        books = [_clone(root, commit, folder / circumstances.folder) for circumstances in CIRCUMSTANCES]
        _build(books)
        return compare(books[0], books[1], commit[: colophon.DIGITS])


def compare(first: Path, second: Path, commit: str = "") -> Verdict:
    """Compare what two builds have made.

    Parameters
    ----------
    first, second : pathlib.Path
        Roots of two checkouts, each with what was built in it.
    commit : str, optional
        Of which they are, for the words.

    Returns
    -------
    Verdict
    """
    verdict = Verdict(commit)
    results = [_results(root) for root in (first, second)]
    verdict.notebooks = len({*results[0], *results[1]})
    for notebook in sorted({*results[0], *results[1]}):
        entries = [found.get(notebook, {}) for found in results]
        for name in sorted({*entries[0], *entries[1]}):
            one, other = (entry.get(name) for entry in entries)
            if one != other:
                where = _cell_of(entries[0], name)
                verdict.differences.append(Difference(name, where + first_place(one, other, name), notebook))
    made = [_made(root) for root in (first, second)]
    names = sorted({*made[0], *made[1]})
    verdict.files = len(names)
    for name in names:
        one, other = (files[name].read_bytes() if name in files else None for files in made)
        if one != other:
            verdict.differences.append(Difference(name, first_place(one, other, name)))
    return verdict


def first_place(first: bytes | None, second: bytes | None, name: str = "") -> str:
    """Say where two files differ first, in words.

    Parameters
    ----------
    first, second : bytes or None
        None where a build has no such file.
    name : str, optional
        Name of the file, for what only its suffix tells.

    Returns
    -------
    str
    """
    if first is None or second is None:
        return f"only the {'second' if first is None else 'first'} build has it"
    if name.endswith(".ipynb"):
        return _in_notebook(first, second)
    for begins, look in ((b"PK\x03\x04", _in_archive), (b"%PDF-", _in_pdf), (b"\x89PNG", _in_picture)):
        if first.startswith(begins) and second.startswith(begins):
            return look(first, second)
    try:
        return _in_text(first.decode("utf-8"), second.decode("utf-8"))
    except UnicodeDecodeError:
        at = _first(first, second)
        return f"byte {at + 1:,} of {len(first):,} and {len(second):,}"


def _in_text(first: str, second: str) -> str:
    at = _first(first, second)
    line = first.count("\n", 0, at) + 1
    start = max(at - AROUND, first.rfind("\n", 0, at) + 1)
    shown = [repr(text[start : at + AROUND].partition("\n")[0]) for text in (first, second)]
    return f"line {line}: {shown[0]} in the first build, {shown[1]} in the second"


def _in_notebook(first: bytes, second: bytes) -> str:
    """Name the code cell, counted as the press does elsewhere."""
    cells, others = (json.loads(content)["cells"] for content in (first, second))
    number = 0
    for cell, other in zip(cells, others, strict=False):
        number += cell["cell_type"] == "code"
        if cell != other:
            texts = [json.dumps(one, indent=1, sort_keys=True, ensure_ascii=False) for one in (cell, other)]
            said = _in_text(*texts).partition(": ")[2]
            return f"{'code cell' if cell['cell_type'] == 'code' else 'text after code cell'} {number}: {said}"
    return _in_text(first.decode("utf-8"), second.decode("utf-8"))


def _in_archive(first: bytes, second: bytes) -> str:
    """Look into workbooks, slides, electronic books and archives."""
    archives = [zipfile.ZipFile(io.BytesIO(content)) for content in (first, second)]
    names = [archive.namelist() for archive in archives]
    for name in dict.fromkeys([*names[0], *names[1]]):
        one, other = (
            archive.read(name) if name in held else None for archive, held in zip(archives, names, strict=True)
        )
        if one != other:
            return f"{name} in it, {first_place(one, other, name)}"
    for here, there in zip(*(archive.infolist() for archive in archives), strict=True):
        for one_said, other_said, what in (
            (here.filename, there.filename, "the same files in another order:"),
            (here.date_time, there.date_time, f"{here.filename} in it has another date:"),
        ):
            if one_said != other_said:
                return f"{what} {one_said} in the first build, {other_said} in the second"
    return "the same files, packed in another way"


def _in_pdf(first: bytes, second: bytes) -> str:
    import pikepdf

    with pikepdf.open(io.BytesIO(first)) as one, pikepdf.open(io.BytesIO(second)) as other:
        if len(one.pages) != len(other.pages):
            return f"{len(one.pages)} pages in the first build, {len(other.pages)} in the second"
        for number, pages in enumerate(zip(one.pages, other.pages, strict=True), 1):
            drawn = [pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page)) for page in pages]
            if drawn[0] != drawn[1]:
                return f"page {number}"
        for key in {*one.docinfo, *other.docinfo}:
            said = [str(pdf.docinfo.get(key)) for pdf in (one, other)]
            if said[0] != said[1]:
                return f"{key} is {said[0]!r} in the first build, {said[1]!r} in the second"
    return f"the pages draw the same; byte {_first(first, second) + 1:,} differs first"


def _in_picture(first: bytes, second: bytes) -> str:
    from PIL import Image, ImageChops

    one, other = (Image.open(io.BytesIO(content)).convert("RGBA") for content in (first, second))
    if one.size != other.size:
        return f"{one.width} by {one.height} dots in the first build, {other.width} by {other.height} in the second"
    box = ImageChops.difference(one, other).getbbox(alpha_only=False)
    return f"the dots from {box[:2]} to {box[2:]}" if box else "the same dots, and something beside them"


def _first(first: Any, second: Any) -> int:
    """Return the index of what differs first in two sequences that differ."""
    shorter = min(len(first), len(second))
    return next((index for index in range(shorter) if first[index] != second[index]), shorter)


def _cell_of(entry: dict[str, bytes], name: str) -> str:
    """Name the cell that published a file."""
    metadata = f"exhibits/{name.removeprefix('exhibits/').partition('.')[0]}.json"
    return f"published by code cell {json.loads(entry[metadata])['cell']}, " if metadata in entry else ""


def _results(root: Path) -> dict[str, dict[str, bytes]]:
    """Return what each notebook printed, published and used, by notebook and file."""
    found = {}
    for folder in sorted(store.store_folder(root).glob("*/*")):
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        record = json.loads(files["record.json"])
        # How long it took and why it was executed are no result; digests of the files say what the files say.
        used = {key: record[key] for key in sorted({*record} - {"seconds", "reason", "files"})}
        found[folder.parent.name] = {**files, "record.json": json.dumps(used, indent=1, sort_keys=True).encode()}
    return found


def _made(root: Path) -> dict[str, Path]:
    """Return the files that a build makes for readers, by their path in its folder."""
    build = root / "_build"
    paths = [Path(path) for path in complete.files(root, complete.MADE)]
    return {path.relative_to(build).as_posix(): path for path in paths if path.name not in complete.BOOKKEEPING}


def _clone(root: Path, commit: str, target: Path) -> Path:
    """Check a commit out into a folder of its own."""
    _git(root, "clone", "--quiet", "--shared", "--no-checkout", ".", str(target))
    _git(target, "checkout", "--quiet", "--detach", commit)
    return target


def _git(root: Path, *arguments: str) -> str:
    """Return what git prints."""
    try:
        answer = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BookError("git is needed to build a commit; install it") from None
    if answer.returncode:
        said = (answer.stderr.strip().splitlines() or ["no answer"])[-1]
        raise BookError(f"git {arguments[0]} failed in {root}: {said}; expected a checkout with a commit")
    return answer.stdout.strip()


def _build(books: list[Path]) -> None:
    """Build all of them at once; whatever happens, no process stays.

    Raises
    ------
    BookError
        With what the build said last, if one fails.
    """
    started: list[subprocess.Popen[bytes]] = []
    with _all_end(started):
        for book, circumstances in zip(books, CIRCUMSTANCES, strict=True):
            home = book.with_name(f"{book.name} home")
            home.mkdir()
            with _log(book).open("wb") as log:
                started.append(
                    subprocess.Popen(
                        [sys.executable, "-c", BUILD.format(cores=circumstances.cores)],
                        cwd=book, env=_environment(book, home, circumstances), stdin=subprocess.DEVNULL, stdout=log,
                        stderr=subprocess.STDOUT, start_new_session=True,
                    )
                )  # fmt: skip
        while any(process.poll() is None for process in started) and not any(process.returncode for process in started):
            time.sleep(POLL_SECONDS)
        for book, process in zip(books, started, strict=True):
            if process.returncode:
                said = _log(book).read_text("utf-8", "replace").strip().splitlines()
                raise BookError(
                    "\n".join([f"the build in {book.name!r} failed with exit code {process.returncode}:", *said[-20:]])
                )


@contextlib.contextmanager
def _all_end(started: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    """End what was started when this is left, also if somebody ends this process: two builds would stay at work."""
    in_main = threading.current_thread() is threading.main_thread()  # the only one that signals come to
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED)) if in_main else None
    try:
        yield
    finally:
        for process in started:
            if process.poll() is None:
                # With what it has started; kernels, which lead groups of their own, end when it is gone.
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                process.kill()
                process.wait()
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _log(book: Path) -> Path:
    return book.with_name(f"{book.name}.log")


def _environment(book: Path, home: Path, circumstances: Circumstances) -> dict[str, str]:
    """Return the variables of a build: its own code before what is installed, and its circumstances."""
    path = os.pathsep.join(filter(None, [str(book / "src"), os.environ.get("PYTHONPATH")]))
    own = {"PYTHONPATH": path, "NO_COLOR": "1", "HOME": str(home), "LC_ALL": _other_locale()}
    return {**os.environ, **own, **circumstances.variables}


def _other_locale() -> str:
    """Return the locale of the second build."""
    there = ""
    if shutil.which("locale"):
        there = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
    known = {name.lower().replace("-", "") for name in there.split()}
    return next((name for name in LOCALES if name.lower().replace("-", "") in known), "C.UTF-8")
