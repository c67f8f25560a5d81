"""Who sets the pages: a process for each volume, side by side, or one that is kept and remembers what it has set.

Not here: what it does (``press.paper.typesetter``), what it is given (``press.paper.builder``).
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from press.paper.code import PrintError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

TYPESETTER = Path(__file__).with_name("typesetter.py")
# -P: beside that script lie modules of the names of those that it imports.
COMMAND = [sys.executable, "-P", str(TYPESETTER)]
_kept: list[subprocess.Popen[bytes]] = []


def is_kept() -> bool:
    """Say whether one process sets all volumes, one after the other."""
    return bool(_kept)


@contextmanager
def kept() -> Iterator[None]:
    """Keep one process for all that is set until the context is left, here and in forks of this process."""
    _start()
    try:
        yield
    finally:
        _stop()


def renew() -> None:
    """Begin with a new process where one is kept: an answer that nobody read to its end would be taken for the next one."""
    if _kept:
        _stop()
        _start()


def _start():
    _kept.append(subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE))


def _stop():
    process = _kept.pop()
    process.kill()
    process.communicate()


def set_pages(order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Have a file set.

    Parameters
    ----------
    order : dict
        See :func:`press.paper.typesetter.answer_order`.

    Returns
    -------
    dict, bytes
        What is said of it, and the PDF.

    Raises
    ------
    PrintError
        If the process ended without an answer.
    """
    line = json.dumps(order).encode() + b"\n"
    if _kept:
        return _ask(_kept[-1], line)
    done = subprocess.run(COMMAND, input=line, capture_output=True, check=False)
    answer, _, pdf = done.stdout.partition(b"\n")
    return _read(answer, pdf, f" (exit code {done.returncode}):\n{done.stderr.decode()}")


def _ask(process: subprocess.Popen[bytes], line: bytes) -> tuple[dict[str, Any], bytes]:
    """Order from the process that is kept."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(line)
        process.stdin.flush()
    except BrokenPipeError as error:
        raise PrintError("the typesetter has ended; start the preview again") from error
    answer = process.stdout.readline()
    return _read(
        answer, process.stdout.read(json.loads(answer)["bytes"]) if answer else b"", "; start the preview again"
    )


def _read(answer, pdf, said):
    if not answer:
        raise PrintError(f"the typesetter ended without an answer{said}")
    told = json.loads(answer)
    if len(pdf) != told.pop("bytes"):
        raise PrintError(f"the typesetter ended in the middle of a PDF{said}")
    return told, pdf
