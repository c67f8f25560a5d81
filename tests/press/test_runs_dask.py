"""Notebooks on a Dask cluster: the same bytes as here, and a lost worker costs one retry."""

import os
import shutil
import signal
import threading
import time

import pytest
from test_runs import Project

pytestmark = pytest.mark.builds

distributed = pytest.importorskip("distributed", reason="the optional extra `dask` is not installed")


@pytest.fixture(scope="module")
def client():
    with (
        distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def test_cluster_gives_the_same_bytes_as_this_machine(client, tmp_path):
    project = Project(tmp_path)
    project.execute()
    expected = project.content()
    shutil.rmtree(tmp_path / "_build")
    assert project.states(executor=client.get_executor(pure=False)) == {"first": "executed", "second": "executed"}
    assert project.content() == expected


def test_killed_worker_costs_only_a_retry_of_its_notebook(client, tmp_path):
    project = Project(tmp_path)
    dead = tmp_path / "the worker is dead"
    waiting = f"import os, time\nwhile not os.path.exists({str(dead)!r}):\n    time.sleep(0.01)"
    project.notebook(waiting, name="long")
    project.write("notebooks/short.py", "# %%\nprint(1)\n")
    killed = []

    def kill_the_worker_of_the_long_one():
        pids = client.run(os.getpid)
        while not killed:
            busy = [address for address, tasks in client.processing().items() if tasks]
            if len(busy) == 1 and "done" in project.told.getvalue():
                killed.append(pids[busy[0]])
                os.kill(pids[busy[0]], signal.SIGKILL)
            time.sleep(0.1)
        dead.touch()

    thread = threading.Thread(target=kill_the_worker_of_the_long_one, daemon=True)
    thread.start()
    states = project.states(executor=client.get_executor(pure=False))
    thread.join()
    assert len(killed) == 1
    assert states == {"long": "executed", "short": "executed"}
