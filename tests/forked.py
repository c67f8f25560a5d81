"""Notebooks executed again by nbval, in kernels as those of a build, and what they publish compared byte by byte.

nbval compares what cells print; a kernel of its own for each notebook would spend most of that time on imports, so that
kernels are forked from a process that has done these. After the last cell of a notebook, one more test asks whether
pictures, data and values are to the byte what the build has in its store.
"""

import re
import shutil
import tempfile
import weakref
from pathlib import Path

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from press import contract, run
from press.run import dependencies
from press.run.kernel import Job
from press.run.manager import kernel_manager

ROOT = Path(__file__).parents[1]


def start_new_kernel(startup_timeout=60, stderr=None, **_):
    """Start a kernel, as ``nbval.kernel.start_new_kernel`` does; returns its manager and its client."""
    if stderr is not None:
        stderr.close()  # a file that nbval opens for the kernel; ours writes to a log
    work = Path(tempfile.mkdtemp(prefix="nbval-"))
    for name in ["publish", "tmp", "home"]:
        (work / name).mkdir()
    served = contract.read(ROOT)
    known = {"name": served.package, "loaders": served.loader_modules, "publisher": served.publisher}
    package = str(dependencies.package_folder(ROOT))
    job = Job("nbval", "", str(ROOT), package, known, timeout=0, memory=None, fork=True, libraries=served.preimported)
    manager = kernel_manager(job, work, KernelManager, BlockingKernelClient)
    manager.published = work / "publish"
    weakref.finalize(manager, shutil.rmtree, work, ignore_errors=True)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=startup_timeout)
    return manager, client


class Published(pytest.Item):
    """The last test of a notebook: what it published again has the bytes of what the book shows."""

    def runtest(self):
        """Compare the folder of the kernel with the result in the store."""
        (result,) = run.execute(ROOT, [self.parent.path.stem])
        assert result.error is None, result.error
        folder = self.parent.kernel.km.published
        again = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert moved(again, result.folder) == [], (
            "executed twice, the notebook publishes other bytes; is a seed missing?"
        )

    def reportinfo(self):
        """Name the test."""
        return self.path, 0, f"{self.path.stem}: what it publishes"


def moved(again, folder):
    """Name the files that are not what the folder of a result holds."""
    own = {Path("notebook.ipynb"), Path("record.json")}
    kept = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} - own
    differing = {
        name
        for name in kept & again.keys()
        if without_cells((folder / name).read_bytes()) != without_cells(again[name])
    }
    return sorted(map(str, (kept ^ again.keys()) | differing))


def without_cells(content):
    """Leave out the numbers of cells: nbval has the kernel keep no history, so that it does not count them."""
    return re.sub(rb'"cell": \d+', b'"cell": 0', content)


def with_published(items):
    """Return the tests with one more after the cells of each notebook."""
    for number, item in enumerate(items):
        yield item
        last = number + 1 == len(items) or items[number + 1].parent is not item.parent
        if last and item.path.suffix == ".ipynb":
            yield Published.from_parent(item.parent, name="published")
