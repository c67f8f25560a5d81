"""How kernels are started: forked from a process that has imported the big libraries, or one by one.

Both ways go through ``inside.main`` and give the same bytes; forking only spares each notebook the imports. It is
done on Linux. Elsewhere, and where the imports fail, the runner says that kernels are started one by one.

Not here: what is executed in them (``kernel``).
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from press.run.scratch import Scratch, scratch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# The same in every kernel: arithmetic with one thread gives the same last bits on every machine and leaves the
# cores to other notebooks; nobody's own settings of Python, Matplotlib or IPython take part.
PINNED = {
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "LOKY_MAX_CPU_COUNT": "1",
    # Without it, importing pyarrow starts a thread, and only a process with one thread can be forked safely.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "SOURCE_DATE_EPOCH": "0",
}
DROPPED = re.compile(r"PYTHON|IPYTHON|JUPYTER|JPY_|MPL|MATPLOTLIB|LC_|LANG|OMP_|PRESS_|COLUMNS$|LINES$")
STARTUP_SECONDS = 120


def can_fork() -> bool:
    """Say whether kernels can be forked here; libraries of macOS do not survive it, and Windows has no fork.

    Returns
    -------
    bool
    """
    return sys.platform == "linux"


def kernel_environment(scratch: str | Path) -> dict[str, str]:
    """Return the environment variables of a kernel.

    Parameters
    ----------
    scratch : pathlib.Path
        An empty folder, in which Matplotlib and IPython look for settings.

    Returns
    -------
    dict of str to str
    """
    inherited = {name: text for name, text in os.environ.items() if not DROPPED.match(name)}
    folders = dict.fromkeys(["IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "XDG_CONFIG_HOME"], str(scratch))
    return {**inherited, **PINNED, **folders}


class ForkServer:
    """The process that forks kernels, seen from the builder.

    Parameters
    ----------
    libraries : iterable of str
        Modules that it imports.
    """

    def __init__(self, libraries: Iterable[str] = ()) -> None:
        self.held = Scratch()
        self.scratch = str(self.held.folder)
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("server.py")), self.scratch, *libraries],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=kernel_environment(self.scratch),
        )
        assert self.process.stdin and self.process.stdout and self.process.stderr  # pipes, as asked for
        self.input, self.output, self.errors = self.process.stdin, self.process.stdout, self.process.stderr
        self.changed = threading.Condition()
        self.ready, self.last = False, 0
        self.started: dict[int, int] = {}
        self.ended: dict[int, int] = {}
        self.reader = threading.Thread(target=self._read, daemon=True, name="fork server")
        self.reader.start()

    def _read(self):
        for line in self.output:
            message = json.loads(line)
            with self.changed:
                if "ready" in message:
                    self.ready = True
                elif "started" in message:
                    self.started[message["started"]] = message["pid"]
                else:
                    self.ended[message["ended"]] = message["status"]
                self.changed.notify_all()
        self.process.wait()
        with self.changed:
            self.changed.notify_all()

    def alive(self) -> bool:
        """Say whether the process is there."""
        return self.process.poll() is None

    def send(self, **request: Any) -> None:
        """Send one request."""
        self.input.write(json.dumps(request).encode() + b"\n")
        self.input.flush()

    def start(self, order: dict[str, Any]) -> ForkedKernel:
        """Fork one kernel.

        Parameters
        ----------
        order : dict
            What ``inside.main`` has to know.

        Returns
        -------
        ForkedKernel
        """
        with self.changed:
            self.last += 1
            number = self.last
            self.send(number=number, job=order)
            self.changed.wait_for(lambda: number in self.started or not self.alive(), STARTUP_SECONDS)
            if number not in self.started:
                raise RuntimeError("the process that forks kernels has ended")
            return ForkedKernel(self, self.started.pop(number))

    def wait_until_ready(self) -> None:
        """Wait for the imports.

        Raises
        ------
        RuntimeError
            With what the process said if it could not do them.
        """
        with self.changed:
            self.changed.wait_for(lambda: self.ready or not self.alive(), STARTUP_SECONDS)
        if not self.ready:
            self.process.kill()  # on a machine that has no time for it, it may still be at its imports
            said = self.errors.read().decode("utf-8", "replace").strip().split("\n")[-1]
            raise RuntimeError(said or f"not ready within {STARTUP_SECONDS} seconds")

    def stop(self) -> None:
        """End the process and all its kernels."""
        with contextlib.suppress(BrokenPipeError):
            self.input.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join(10)
        self.output.close()
        self.errors.close()
        self.held.remove()


class ForkedKernel:
    """A forked kernel, with the part of the interface of ``subprocess.Popen`` that is needed for one."""

    stdin = stdout = stderr = None

    def __init__(self, origin: ForkServer, pid: int) -> None:
        self.origin, self.pid, self.killed = origin, pid, False

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs. A kernel that was killed need not be waited for."""
        if self.killed or not self.origin.alive():
            return -signal.SIGKILL
        return self.origin.ended.get(self.pid)

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel and what it has started."""
        if self.origin.alive():
            with self.origin.changed:
                self.origin.send(pid=self.pid, signal=int(number))
        self.killed = self.killed or number == signal.SIGKILL

    def kill(self) -> None:
        """End the kernel at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the exit code when the kernel has ended."""
        with self.origin.changed:
            self.origin.changed.wait_for(lambda: self.poll() is not None, timeout)
        return self.poll()


_servers: dict[tuple[int, tuple[str, ...]], ForkServer] = {}
_processes: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()


def server(libraries: tuple[str, ...]) -> ForkServer:
    """Return the fork server of this process, started when first asked for.

    Parameters
    ----------
    libraries : tuple of str
        Modules that it has imported; there is one server for each such list, and a build asks for one.

    Returns
    -------
    ForkServer

    Raises
    ------
    RuntimeError
        If it cannot do its imports.
    """
    with _lock:
        # A process that was itself forked must not talk to the server of its parent.
        key = os.getpid(), libraries
        current = _servers.get(key)
        if current is None or not current.alive():
            current = _servers[key] = ForkServer(libraries)
    current.wait_until_ready()
    return current


def warm_up(libraries: tuple[str, ...], package: str | Path) -> None:
    """Start the fork server where there can be one, without waiting for it; if it fails, that is told when it is needed.

    Parameters
    ----------
    libraries : tuple of str
        As for :func:`server`.
    package : path-like
        Folder of the package's sources, which it compiles.
    """

    def start():
        with contextlib.suppress(RuntimeError, BrokenPipeError):
            started = server(libraries)
            with started.changed:
                started.send(package=os.path.realpath(package))

    if can_fork():
        threading.Thread(target=start, daemon=True, name="warm up").start()


def running(libraries: tuple[str, ...]) -> bool:
    """Say whether the fork server of this process is there already.

    Parameters
    ----------
    libraries : tuple of str
        As for :func:`server`.

    Returns
    -------
    bool
    """
    current = _servers.get((os.getpid(), libraries))
    return current is not None and current.alive()


def start_process(order: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start one kernel as a process of its own.

    Parameters
    ----------
    order : dict
        What ``inside.main`` has to know.

    Returns
    -------
    subprocess.Popen
    """
    with open(order["log"], "ab") as log:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("inside.py")), json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=kernel_environment(order["environment"]["IPYTHONDIR"]),
            start_new_session=True,
        )
    with _lock:
        _processes.difference_update([known for known in _processes if known.returncode is not None])
        _processes.add(process)
    return process


@atexit.register
def stop() -> None:
    """End all kernels of this process, and those that fork them."""
    for key in [key for key in _servers if key[0] == os.getpid()]:
        _servers.pop(key).stop()
    for process in _processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()


def build_font_cache() -> None:
    """Let Matplotlib look for fonts once: on a machine with many, it warns of the time in the first notebook."""
    with scratch() as folder:
        code = "import matplotlib.font_manager"
        subprocess.run([sys.executable, "-c", code], env=kernel_environment(folder), capture_output=True, check=False)
