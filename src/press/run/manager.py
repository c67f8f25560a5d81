"""What Jupyter needs to know so that it manages a kernel that was started by our own means.

Imported only when a notebook is executed: a build in which nothing is stale does without Jupyter.

Not here: how kernels are started (``launch``).
"""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from press.contract import BEFORE, PUBLISH
from press.run import launch

if TYPE_CHECKING:
    from typing import Any

    from press.run.kernel import Job

RECONNECT_MILLISECONDS = 5


class Client(AsyncKernelClient):
    """A client that knows a kernel to be ready as soon as it is.

    The stock client waits for a fixed time of silence, a fifth of a second for every notebook, and a tenth until it
    tries again to connect to a kernel that has not opened its sockets yet.
    """

    def _context_default(self):
        context = super()._context_default()
        context.reconnect_ivl = RECONNECT_MILLISECONDS
        return context

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel has answered and said on the output channel that it is idle."""
        deadline = time.monotonic() + (timeout or launch.STARTUP_SECONDS)
        while time.monotonic() < deadline:
            request = self.kernel_info()
            try:
                while (await self.get_shell_msg(timeout=1))["parent_header"].get("msg_id") != request:
                    pass
                while not self.is_idle(await self.get_iopub_msg(timeout=0.2), request):
                    pass
                return
            except queue.Empty:
                # Not there yet, or not yet connected to the output channel: ask again.
                parent: Any = self.parent
                if not await parent.is_alive():
                    raise RuntimeError("it ended before it answered.") from None
        raise RuntimeError(f"no answer within {timeout} seconds.")

    @staticmethod
    def is_idle(message: Any, request: Any) -> bool:
        """Say whether a message tells that a request has been dealt with."""
        idle = message["content"].get("execution_state") == "idle"
        return idle and message["parent_header"].get("msg_id") == request


class Provisioner(LocalProvisioner):
    """Starts the kernel through ``inside.main``, forked or not."""

    order: Any = None
    process: Any = None
    libraries: tuple[str, ...] = ()
    fork, exit_code = False, None

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> Any:
        """Start the kernel."""
        if self.fork:
            self.process = await asyncio.to_thread(lambda: launch.server(self.libraries).start(self.order))
        else:
            self.process = launch.start_process(self.order)
            self.pid = self.process.pid
            self.pgid = self.pid if hasattr(os, "killpg") else None  # it leads a group: its children end with it
        return self.connection_info

    async def poll(self) -> int | None:
        """Return the exit code, or None while the kernel runs; keeps the first one, which is the kernel's own."""
        code = await super().poll()
        if self.exit_code is None:
            self.exit_code = code
        return code


class Specifications(KernelSpecManager):
    """The kernel is this Python, whatever kernels are installed on the machine."""

    def get_kernel_spec(self, kernel_name: str) -> Any:
        """Return the one specification there is."""
        return KernelSpec(argv=[sys.executable], display_name="Python 3", language="python")


def kernel_manager(job: Job, work: Path, kind: type[Any] = AsyncKernelManager, client: type[Any] = Client) -> Any:
    """Return the manager of the kernel for a job.

    Parameters
    ----------
    job : press.run.kernel.Job
    work : pathlib.Path
        Scratch folder of this execution.
    kind, client : type
        Classes of the manager and its client.

    Returns
    -------
    jupyter_client.KernelManager
    """
    manager = kind(
        kernel_spec_manager=Specifications(),
        client_factory=client,
        connection_file=str(work / "kernel.json"),
        # The path of a socket has at most about a hundred characters.
        transport="tcp" if sys.platform == "win32" or len(str(work)) > 90 else "ipc",
    )
    if manager.transport == "ipc":
        manager.ip = str(work / "k")
    manager.kernel_id = job.name
    provisioner = Provisioner(parent=manager, kernel_spec=manager.kernel_spec, kernel_id=job.name)
    provisioner.order, provisioner.fork = _order(job, work, manager.connection_file), job.fork and launch.can_fork()
    # A kernel that is spoken to over the network needs it.
    provisioner.order["offline"] = manager.transport == "ipc"
    provisioner.libraries = job.libraries
    manager.provisioner = provisioner
    return manager


def _order(job, work, connection_file):
    """Return what ``inside.main`` has to know."""
    return {
        "connection_file": connection_file,
        "root": os.path.realpath(job.root),
        "package": os.path.realpath(job.package),
        "work": os.path.realpath(work),
        "before": os.path.realpath(job.before) if job.before else "",
        "contract": job.contract,
        "environment": {
            PUBLISH: str(Path(work) / "publish"),
            BEFORE: job.before,
            "TMPDIR": str(Path(work) / "tmp"),
            "IPYTHONDIR": str(Path(work) / "home"),
            "XDG_CONFIG_HOME": str(Path(work) / "home"),
            "JUPYTER_RUNTIME_DIR": str(Path(work) / "home"),
        },
        "memory": job.memory or _nine_tenths_of_memory(),
        "parent": os.getpid(),
        "log": str(Path(work) / "kernel.log"),
    }


def _nine_tenths_of_memory():
    if not hasattr(os, "sysconf"):
        return None
    return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 0.9)
