"""A notebook that misbehaves must be told so in one line, and leave nothing behind: no process, no folder, no flood."""

import ctypes
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_runs import Project, fork_server, kernels  # noqa: F401 — the fixture is taken from here by pytest itself

from press.run import inside, scratch

pytestmark = pytest.mark.builds


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "project")


FLOODS = {
    "print('x' * 100, end='')": "prints more than",
    "import sys\nwhile True: sys.stderr.write('x' * 1000)": "prints more than",
    "'x' * 6_000_000": "shows 6 million characters",
    "from IPython.display import HTML\nHTML('x' * 7_000_000)": "shows 7 million characters",
}


@pytest.mark.parametrize("code", FLOODS)
def test_flood_of_output_ends_with_the_limit_and_not_with_the_time(project, code):
    """A notebook that printed without end held the build far past its time, and was then taken."""
    project.notebook("1", f"while True: {code}" if code.startswith("print") else code)
    error = project.failure(timeout=120)
    assert FLOODS[code] in error.error
    assert error.cell == 2
    assert len(str(error)) < 1000


def test_what_is_printed_in_pieces_is_one_output_and_bars_of_progress_leave_their_end(project):
    project.notebook(
        "import sys\nfor i in range(300):\n    print(f'\\r{i} of 300', end='')\n    sys.stdout.flush()\nprint()\nprint('x' * 200_000)"
    )
    assert project.states() == {"first": "executed"}
    (path,) = project.root.glob("_build/runs/first/*/notebook.ipynb")
    (output,) = json.loads(path.read_text("utf-8"))["cells"][0]["outputs"]
    assert "".join(output["text"]) == "299 of 300\n" + "x" * 200_000 + "\n"


def test_representation_that_recurs_is_told_as_what_it_is(project):
    project.notebook("1", "class A:\n    def __repr__(self): return repr(self)\nA()")
    error = project.failure()
    assert "RecursionError" in error.error
    assert "NoneType" not in error.error


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os\nos.fork()", "starts a process of its own"),
        (
            "import multiprocessing as m\nm.get_context('fork').Process(target=print).start()",
            "starts a process of its own",
        ),
        (
            "import socket\ns = socket.socket(type=socket.SOCK_DGRAM)\ns.sendmsg([b'x'], [], 0, ('127.0.0.1', 9))",
            "offline",
        ),
        ("import socket\nsocket.socket(socket.AF_UNIX).connect('/run/x')", "speaks to another program (/run/x)"),
        ("import os\nopen(os.path.join('{home}', '.secret'))", "is read outside the project"),
    ],
)
def test_way_around_the_guard_is_closed(project, tmp_path, monkeypatch, code, message):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".secret").write_text("x", "utf-8")
    project.notebook("1", code.replace("{home}", str(tmp_path / "home")))
    error = project.failure(fork=False)
    assert message in error.error


def test_process_that_leaves_the_group_does_not_outlive_the_notebook(project):
    code = "import os\ntry:\n    pid = os.fork()\nexcept Exception:\n    pid = 1\nif not pid:\n    os.setsid()\n    while True: pass"
    project.notebook(code)
    assert "starts a process of its own" in project.failure().error
    assert kernels() == []


NETWORK = """
import ctypes, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
address = struct.pack("=HHI8x", socket.AF_INET, socket.htons({port}), struct.unpack("=I", socket.inet_aton("127.0.0.1"))[0])
libc.connect(libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0), address, len(address))
"""


def can_cut():
    """Say whether the system lets this user work without a network, as a process of its own finds out."""
    code = f"import sys; sys.path.insert(0, {os.path.dirname(inside.__file__)!r}); import inside; sys.exit(not inside.cut_network())"
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("fork", [True, False])
def test_kernel_has_no_network_also_where_compiled_code_asks(project, fork):
    import socket

    if not can_cut():
        pytest.skip("this system lets no ordinary user work without a network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        code = NETWORK.format(port=server.getsockname()[1])
        ctypes.CDLL(None)  # what the notebook does can be done here
        exec(code, {})
        server.accept()[0].close()
        project.notebook(f"{code}1")
        assert project.states(fork=fork) == {"first": "executed"}
        with pytest.raises(TimeoutError):
            server.accept()


def test_folders_of_killed_builds_are_swept_away_and_no_others(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = "import os\nfrom press.run.scratch import Scratch\nprint(Scratch().folder, flush=True)\nos._exit(9)"
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    left = tmp_path / os.path.basename(told.stdout.strip())
    held, other = scratch.Scratch(), tmp_path / "somebody-elses"
    other.mkdir()
    assert left.is_dir(), told.stderr
    assert scratch.sweep() == []  # it might be one that is being made
    for folder in (left, held.folder, other):
        os.utime(folder, (time.time() - 2 * scratch.YOUNG,) * 2)
    assert scratch.sweep() == [left]
    assert held.folder.is_dir()
    assert other.is_dir()
    held.remove()
    assert not held.folder.exists()
    assert re.match(scratch.PREFIX, left.name)


def test_guard_may_be_read_where_it_lies_in_the_project_itself(tmp_path):
    """Telling where a refusal was raised reads it, which was refused, too, and told in place of what the author had done."""
    root = str(Path(inside.__file__).parents[3])
    recorder = inside.Recorder(root, f"{root}/src/x", str(tmp_path), name="x", loaders=["x.load"], publisher="x.show")
    recorder.on_open(inside.__file__, "r", None)
    assert recorder.violations == []
    with pytest.raises(inside.ContractError, match=r"src/press/run/kernel\.py is read by a notebook"):
        recorder.on_open(str(Path(inside.__file__).with_name("kernel.py")), "r", None)
