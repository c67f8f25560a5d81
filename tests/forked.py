"""Kernels for nbval, started as those of a build are: forked from a process that has imported the big libraries.

nbval executes every notebook again and compares what its cells print; a kernel of its own for each notebook would spend
most of that time on imports. A forked kernel shares no state with others and publishes nothing.
"""

import shutil
import tempfile
import weakref
from pathlib import Path

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from press import contract
from press.contract import PUBLISH
from press.run import dependencies
from press.run.kernel import Job
from press.run.manager import kernel_manager

ROOT = Path(__file__).parents[1]


def start_new_kernel(startup_timeout=60, stderr=None, **_):
    """Start a kernel, as ``nbval.kernel.start_new_kernel`` does; returns its manager and its client."""
    if stderr is not None:
        stderr.close()  # a file that nbval opens for the kernel; ours writes to a log
    work = Path(tempfile.mkdtemp(prefix="nbval-"))
    for name in ["tmp", "home"]:
        (work / name).mkdir()
    served = contract.read(ROOT)
    known = {"name": served.package, "loaders": served.loader_modules, "publisher": served.publisher}
    package = str(dependencies.package_folder(ROOT))
    job = Job("nbval", "", str(ROOT), package, known, timeout=0, memory=None, fork=True)
    manager = kernel_manager(job, work, KernelManager, BlockingKernelClient)
    del manager.provisioner.order["environment"][PUBLISH]
    weakref.finalize(manager, shutil.rmtree, work, ignore_errors=True)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=startup_timeout)
    return manager, client
