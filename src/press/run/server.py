"""A process that has imported the big libraries and forks kernels from there.

Importing the libraries for tables, charts and statistics takes longer than most notebooks compute. This process does it
once, for those that the book names in its contract. It compiles the book's package, too, which else all first kernels would do at
the same time. It has a single thread, holds no sockets, no event loop and nothing of the book's package; each
kernel is a copy of it that then starts as any kernel does (``inside.main``). Requests and answers are lines of
JSON on standard input and output. When the input ends, because the builder stopped or was killed, it kills its
kernels, removes its scratch folder and ends.

Not here: what a kernel does (``inside``), who asks for kernels (``press.run.kernel``).
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import importlib.util
import json
import os
import random
import select
import shutil
import signal
import sys
import threading
import traceback
import types
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

# What is a kernel itself; the libraries of a book are named in its contract.
KERNEL = ["ipykernel.kernelapp", "ipykernel.debugger", "ipykernel.ipkernel", "ipykernel.zmqshell"]


def load_beside(name: str) -> ModuleType:
    """Import a module whose path from the folder of this file is given, without making any folder importable."""
    spec = importlib.util.spec_from_file_location(f"_press_{Path(name).stem}", Path(__file__).parent / f"{name}.py")
    assert spec and spec.loader  # it is there, and a file of Python
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def threads() -> int:
    """Return the number of threads of this process, also of those that Python knows nothing of."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()


def refuse_warning(message: Any, category: type[Warning], *_: Any) -> None:
    """Stop at a warning of a library: in a kernel of its own the notebook would have shown it."""
    raise category(message)


def answer(**content: Any) -> None:
    """Write one answer."""
    os.write(1, json.dumps(content).encode() + b"\n")


def fork_kernel(job: dict[str, Any], inside: ModuleType) -> int:
    """Fork one kernel; returns its process id in the server and never in the kernel."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        null, log = os.open(os.devnull, os.O_RDONLY), os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for source, target in [(null, 0), (log, 1), (log, 2)]:
            os.dup2(source, target)
        os.closerange(3, 256)
        # Two notebooks that forget the seed must not draw the same numbers only because they share an ancestor.
        random.seed()
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()
        inside.main({**job, "parent": os.getppid()})
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(status)


def kill(pid: int, number: int) -> None:
    """Send a signal to a kernel and whatever it has started."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        # The kernel has not become the leader of its group yet, or is gone.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def prepare(libraries: list[str]) -> ModuleType:
    """Import the libraries and return the module that runs a kernel."""
    show = warnings.showwarning
    shown: Any = warnings
    shown.showwarning = refuse_warning
    # pandas asks at its import whether it runs in a kernel, and would else print for a terminal in every kernel forked.
    names: Any = builtins
    names.get_ipython = lambda: types.SimpleNamespace(kernel=True)
    load_beside("../later").postpone()
    for name in [*KERNEL, *libraries]:
        importlib.import_module(name)
        # Nobody asks for anything before the answer that all is ready: this is the end of the input.
        if select.select([0], [], [], 0)[0]:
            sys.exit()
    warnings.showwarning = show
    del names.get_ipython
    inside = load_beside("inside")
    gc.collect()
    gc.freeze()
    # Tables and charts are many objects that live until they are shown: kernels spent a tenth of their time on looking through them.
    gc.set_threshold(200_000, 20, 100)
    if threads() != 1:
        raise RuntimeError(f"{threads()} threads after the imports; only a process with one can be forked")
    return inside


def compile_package(folder: str, inside: ModuleType) -> None:
    """Compile the modules of a package that are not compiled yet, without executing any."""
    inside.ContentLoader.root = str(Path(folder).parent)
    for path in map(str, sorted(Path(folder).rglob("*.py"))):
        # What cannot be compiled or read is told by the kernel that imports it.
        with contextlib.suppress(SyntaxError, ValueError, OSError, RecursionError, MemoryError):
            inside.ContentLoader(path, path).get_code(path)


def watch_children() -> int:
    """Return a file descriptor that becomes readable when a kernel has ended."""
    ended, wake = os.pipe()
    os.set_blocking(ended, False)
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the builder decides what an interrupt means
    return ended


def serve(scratch: str, libraries: list[str]) -> None:
    """Answer requests until the input ends."""
    running: set[int] = set()
    buffer = b""
    try:
        inside, ended = prepare(libraries), watch_children()
        answer(ready=os.getpid())
        while True:
            readable, _, _ = select.select([0, ended], [], [])
            if ended in readable:
                os.read(ended, 4096)
                reap(running)
            if 0 in readable:
                chunk = os.read(0, 65536)
                if not chunk:
                    return
                *lines, buffer = (buffer + chunk).split(b"\n")
                for line in lines:
                    obey(json.loads(line), running, inside)
    finally:
        for pid in running:
            kill(pid, signal.SIGKILL)
        shutil.rmtree(scratch, ignore_errors=True)


def obey(request: dict[str, Any], running: set[int], inside: ModuleType) -> None:
    """Do what one request asks for."""
    if "job" in request:
        pid = fork_kernel(request["job"], inside)
        running.add(pid)
        answer(started=request["number"], pid=pid)
    elif "package" in request:
        compile_package(request["package"], inside)
    elif request["pid"] in running:
        kill(request["pid"], request["signal"])


def reap(running: set[int]) -> None:
    """Tell of kernels that have ended."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        running.discard(pid)
        answer(ended=pid, status=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    del sys.path[0]
    try:
        serve(sys.argv[1], sys.argv[2:])
    except Exception:
        # The builder reads it once this process has ended, which it could not if it wrote more than a pipe holds.
        traceback.print_exc(limit=10)
        sys.exit(1)
