"""Failures guarded against: a slip of a notebook that its recorder lets pass, and ordinary work that it refuses.

Kernels are tested as a whole in ``tests/press``; here each event is handed over as the interpreter does, without a kernel.
"""

import ast
import json
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from press.run import inside

SOURCES = Path(__file__).parents[2] / "src" / "crossroads"
LOADER, PUBLISHER = "tides.data", "tides.exhibits"


@pytest.fixture
def recorder(tmp_path):
    """A recorder of a project with a table, a package, a notebook, and a folder to work in."""
    for name in ["data/spending.csv", "src/tides/plots.py", "src/tides/style.txt", "notebooks/other.py", "work/x.txt"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x\n", "utf-8")
    (tmp_path / "work" / "publish").mkdir()
    root = os.path.realpath(tmp_path)
    found = inside.Recorder(
        root, f"{root}/src/tides", f"{root}/work", name="tides", loaders=[LOADER], publisher=PUBLISHER
    )
    # What pytest makes lies in the system's temporary folder, which a kernel may not use; the place of Python may be around it.
    found.installed, found.system, found.home = (), ("/dev",), f"{root}/home"
    return found


def called_from(module, call, *arguments):
    """Call as a function of another module does."""
    names = {"__name__": module, "call": call, "arguments": arguments}
    exec("def function():\n    return call(*arguments)\n\nfound = function()", names)


REFUSED = {
    "a table read past the loader": ("open", ("data/spending.csv", "r", 0), r"data/spending\.csv is read outside the loader"),
    "a folder of tables listed": ("os.listdir", ("data",), r"the folder data is listed outside the loader"),
    "the current folder of tables": ("os.scandir", ("data",), r"ask a function of tides\.data"),
    "another notebook": ("open", ("notebooks/other.py", "r", 0), r"other\.py is read by a notebook; put the function into src/tides/"),
    "a file of the project": ("open", ("notes.txt", "r", 0), r"notes\.txt is read by a notebook; bring the data into data/"),
    "a table written": ("open", ("data/spending.csv", "w", 0), r"writes data/spending\.csv; it may only publish"),
    "a file opened to be written by its flags": ("open", ("new.txt", None, os.O_WRONLY), r"writes new\.txt"),
    "an exhibit not written by the publisher": ("open", ("work/publish/a.json", "w", 0), r"writes work/publish/a\.json"),
    "a folder made": ("os.mkdir", ("made", 0o777, -1), r"writes made"),
    "a file renamed": ("os.rename", ("work/x.txt", "y.txt", -1, -1), r"writes y\.txt"),
    "a file removed": ("os.remove", ("notes.txt", -1), r"writes notes\.txt"),
    "a link made": ("os.symlink", ("notes.txt", "link.txt", -1), r"writes link\.txt"),
    "a database": ("sqlite3.connect", ("kept.db",), r"writes kept\.db"),
    "an address of another machine": ("socket.connect", (None, ("example.org", 80)), r"goes to the network \(example\.org\)"),
    "a name looked up": ("socket.getaddrinfo", ("example.org", 80), r"goes to the network"),
    "another program of this machine": ("socket.connect", (None, "/run/it.sock"), r"speaks to another program \(/run/it"),
    "a program": ("subprocess.Popen", ("/usr/bin/curl", ["curl"], None, None), r"starts a program \(/usr/bin/curl\)"),
    "a command": ("os.system", (b"ls",), r"starts a program \(ls\)"),
    "a terminal": ("pty.spawn", (["bash", "-l"],), r"starts a program \(bash\)"),
    "a second process": ("os.fork", (), r"starts a process of its own"),
}  # fmt: skip


def test_earlier_result_is_read_by_the_package_alone(recorder, monkeypatch):
    """A notebook that read its own earlier numbers would depend on what happened to be there."""
    monkeypatch.chdir(recorder.root)
    kept = os.path.join(recorder.root, "_build", "runs", "first", "abc")
    os.makedirs(kept)
    for name in ("drawings.json", "../other.json"):
        with open(os.path.join(kept, name), "w", encoding="utf-8") as file:
            file.write("{}")
    event = ("open", (os.path.join(kept, "drawings.json"), "r", 0))
    with pytest.raises(inside.ContractError, match="is read by a notebook"):
        called_from("tides.plots", recorder.hook, *event)  # there is no earlier result
    recorder.before = kept
    called_from("tides.plots", recorder.hook, *event)
    for module, path in [
        ("__main__", "drawings.json"),
        ("tidesmen", "drawings.json"),
        ("tides.plots", "../other.json"),
    ]:
        with pytest.raises(inside.ContractError, match="is read by a notebook"):
            called_from(module, recorder.hook, "open", (os.path.join(kept, path), "r", 0))
    with pytest.raises(inside.ContractError, match="it may only publish"):
        called_from("tides.plots", recorder.hook, "open", (os.path.join(kept, "drawings.json"), "w", 0))


@pytest.mark.parametrize("slip", REFUSED)
def test_slip_is_refused_and_noted_with_its_cell(recorder, monkeypatch, slip):
    event, arguments, said = REFUSED[slip]
    monkeypatch.chdir(recorder.root)
    with open("notes.txt", "w", encoding="utf-8") as file:
        file.write("x")
    recorder.count()
    with pytest.raises(inside.ContractError, match=said):
        recorder.hook(event, arguments)
    (noted,) = recorder.violations
    assert noted["cell"] == 1


LET_THROUGH = {
    "an event that nobody asked for": ("import", ("os",)),
    "a file that is open already": ("open", (3, "r", 0)),
    "a folder that is open already": ("os.listdir", (3,)),
    "what is not there": ("open", ("nothing.csv", "r", 0)),
    "a file of one's own folder to work in": ("open", ("work/x.txt", "r", 0)),
    "the same, written": ("open", ("work/y.txt", "w", 0)),
    "a module of the package": ("open", ("src/tides/plots.py", "r", 0)),
    "compiled code": ("open", ("src/tides/__pycache__/plots.pyc", "w", 0)),
    "the guard itself": ("open", (inside.__file__, "r", 0)),
    "a folder that is there": ("os.mkdir", ("data", 0o777, -1)),
    "a database in memory": ("sqlite3.connect", (":memory:",)),
    "a socket without an address": ("socket.bind", (None, "")),
    "what asks about the machine": ("subprocess.Popen", ("/usr/bin/uname", ["uname"], None, None)),
    "a device": ("open", ("/dev/null", "w", 0)),
}  # fmt: skip


@pytest.mark.parametrize("work", LET_THROUGH)
def test_ordinary_work_is_let_through(recorder, monkeypatch, work):
    event, arguments = LET_THROUGH[work]
    monkeypatch.chdir(recorder.root)
    recorder.hook(event, arguments)
    assert recorder.violations == []


def test_loader_and_publisher_may_and_what_they_use_is_written_down(recorder, monkeypatch):
    monkeypatch.chdir(recorder.root)
    called_from(LOADER, recorder.hook, "open", ("data/spending.csv", "r", 0))
    called_from(LOADER, recorder.hook, "os.listdir", ("data",))
    called_from(PUBLISHER, recorder.hook, "open", ("work/publish/a.json", "w", 0))
    recorder.hook("open", ("src/tides/style.txt", "r", 0))
    called_from("tokenize", recorder.hook, "open", ("src/tides/levels.py", "r", 0))
    package, loader = ModuleType("tides"), ModuleType(LOADER)
    package.__file__, loader.__file__ = f"{recorder.package}/__init__.py", f"{recorder.package}/data.py"
    loader.loaded = {"data/datapackage.json#spending"}
    monkeypatch.setattr(inside, "_parts", {"tides/data.py": {"load": "1", "unused": "2", "<module>": "3"}})
    monkeypatch.setattr(inside, "_called", {("tides/data.py", "load")})
    monkeypatch.setitem(sys.modules, "tides", package)
    monkeypatch.setitem(sys.modules, LOADER, loader)
    recorder.files.add("data/datapackage.json")  # of which the loader names the entry that it used
    recorder.write()
    with open("work/record.json", encoding="utf-8") as file:
        record = json.load(file)
    assert record == {
        "uses": [
            "data/", "data/datapackage.json#spending", "data/spending.csv", "src/tides/__init__.py", "src/tides/data.py",
            "src/tides/levels.py", "src/tides/style.txt",
        ],
        "parts": {"src/tides/data.py#<module>": "3", "src/tides/data.py#load": "1"},
        "violations": [],
    }  # fmt: skip


@pytest.mark.parametrize("path", sorted(SOURCES.rglob("*.py")), ids=lambda path: path.relative_to(SOURCES).as_posix())
def test_functions_that_note_their_calls_are_otherwise_the_same(path):
    """A docstring that is no longer the first statement is none; an error has the line of its statement."""
    plain = ast.parse(path.read_bytes())
    marked = ast.parse(path.read_bytes())
    inside.mark_functions(marked, path.name)
    assert ast.get_docstring(marked) == ast.get_docstring(plain)
    for (name, one), (same, other) in zip(*map(inside.functions_of, (plain, marked)), strict=True):
        assert name == same
        documented = ast.get_docstring(one, clean=False) is not None
        (note,) = (statement for statement in other.body if ast.unparse(statement).startswith(inside.TELL_CALL))
        assert other.body.index(note) == documented
        other.body.remove(note)
    (known,) = (statement for statement in marked.body if ast.unparse(statement).startswith(inside.TELL_PARTS))
    marked.body.remove(known)
    assert ast.dump(marked, include_attributes=True) == ast.dump(plain, include_attributes=True)


def test_what_is_printed_has_a_limit_for_all_cells_together(recorder, monkeypatch):
    monkeypatch.setattr(inside, "OUTPUT", 2_000_000)
    recorder.on_print("x" * 1_500_000)
    with pytest.raises(inside.ContractError, match="prints more than 2 million characters"):
        recorder.on_print("x" * 1_500_000)


@pytest.mark.parametrize(("name", "refused"), [
    ("home/notes.txt", True), ("home/module.py", False), ("away/table.csv", True), ("away/program", False),
])  # fmt: skip
def test_evidence_and_a_users_own_files_are_refused_outside_the_project_and_code_is_not(
    tmp_path, recorder, name, refused
):
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    recorder.home = os.path.realpath(outside / "home")
    (outside / name).parent.mkdir(parents=True)
    (outside / name).write_text("x\n", "utf-8")
    if refused:
        with pytest.raises(inside.ContractError, match="is read outside the project"):
            recorder.hook("open", (str(outside / name), "r", 0))
    else:
        recorder.hook("open", (str(outside / name), "r", 0))
