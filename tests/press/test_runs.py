"""A page must never show an old number: what makes a notebook stale, what must not, and what a fault leaves behind."""

import builtins
import importlib.util
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
import types
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from io import StringIO
from multiprocessing import get_context
from pathlib import Path

import nbformat
import psutil
import pytest

from press import run
from press.run import dependencies, kernel, launch, store
from press.run.progress import Progress

pytestmark = pytest.mark.builds

DATA = """
import importlib.util
import json
from pathlib import Path
import pandas as pd
loaded = set()
def load(name):
    entries = json.loads(Path("data/datapackage.json").read_text())["resources"]
    assert name in [entry["name"] for entry in entries]
    loaded.update({f"data/datapackage.json#{name}", f"data/indicators/{name}.csv"})
    return pd.read_csv(f"data/indicators/{name}.csv")
"""
LOGS = """
from pathlib import Path
def load():
    return [path.read_text() for path in sorted(Path("data/logs").glob("*.yaml"))]
"""
EXHIBITS = """
import json, os
from pathlib import Path
def value(identifier, number):
    path = Path(os.environ["PRESS_PUBLISH"]) / "values.json"
    values = json.loads(path.read_text()) if path.exists() else {}
    values[identifier] = {"id": identifier, "obs_value": number, "cell": 2}
    path.write_text(json.dumps(values))
"""
FIRST = """
# %% [markdown]
# # First analysis

# %%
from coast import data, exhibits, survey
import matplotlib.pyplot as plt
frame = data.load("spending")
frame

# %%
exhibits.value("ch1-mean", survey.mean(frame["x"]))
print("published")

# %%
plt.plot(frame["x"]);
"""
SECOND = """
# %%
from coast import data, exhibits
exhibits.value("ch1-sum", float(data.load("depths")["x"].sum()))
"""


class Project:
    """A project of two notebooks with a package of its own."""

    def __init__(self, root):
        self.root = root
        self.write("src/coast/__init__.py", "")
        self.write("src/coast/data.py", DATA)
        self.write("src/coast/logs.py", LOGS)
        self.write("src/coast/exhibits.py", EXHIBITS)
        self.write("src/coast/survey.py", "def mean(column):\n    return float(column.mean())\n")
        self.write("src/coast/unused.py", "")
        entries = [{"name": "spending", "unit": "EUR"}, {"name": "depths", "unit": "1"}]
        self.write("data/datapackage.json", json.dumps({"resources": entries}))
        self.write("data/indicators/spending.csv", "x\n1\n3\n")
        self.write("data/indicators/depths.csv", "x\n5\n7\n")
        self.write("data/logs/a.yaml", "name: a\n")
        self.write("requirements.lock", "none\n")
        self.write(
            "pyproject.toml", '[tool.press]\npackage = "coast"\nloaders = ["data", "logs"]\npreimported = ["pandas"]\n'
        )
        self.write("notebooks/first.py", FIRST)
        self.write("notebooks/second.py", SECOND)
        self.told = StringIO()

    def path(self, name):
        return self.root / name

    def write(self, name, text):
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), "utf-8")

    def notebook(self, *cells, name="first"):
        """Replace a notebook by one with these cells, and remove the other."""
        for path in self.path("notebooks").glob("*.py"):
            path.unlink()
        self.write(f"notebooks/{name}.py", "".join(f"# %%\n{textwrap.dedent(cell)}\n" for cell in cells))

    def execute(self, **settings):
        """Execute and return the results by name."""
        self.told = StringIO()
        settings = {"workers": 2, "progress": Progress(self.told), **settings}
        return {result.name: result for result in run.execute(self.root, **settings)}

    def states(self, **settings):
        return {name: result.state for name, result in self.execute(**settings).items()}

    def failure(self, **settings):
        """Execute and return the one failure."""
        (result,) = self.execute(**settings).values()
        assert result.state == "failed", "the notebook was expected to fail"
        assert result.folder is None
        assert str(result.error) in self.told.getvalue()
        return result.error

    def value(self, identifier="ch1-mean"):
        for result in run.results(self.root).values():
            values = json.loads((result.folder / "values.json").read_text("utf-8"))
            if identifier in values:
                return values[identifier]["obs_value"]
        raise AssertionError(f"{identifier} is not published")

    def content(self):
        """Return the bytes of all results but their records, which hold timings."""
        return {
            f"{name}/{path.relative_to(result.folder)}": path.read_bytes()
            for name, result in run.results(self.root).items()
            for path in sorted(result.folder.rglob("*"))
            if path.is_file() and path.name != "record.json"
        }


@pytest.fixture
def project(tmp_path):
    (tmp_path / "elsewhere.csv").touch()
    return Project(tmp_path / "project")


@pytest.fixture(scope="module", autouse=True)
def fork_server():
    """Once for all tests, where kernels can be forked."""
    if launch.can_fork():
        launch.server(("pandas",))


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A project whose notebooks have been executed; tests work on copies of it."""
    project = Project(tmp_path_factory.mktemp("done"))
    assert project.states() == {"first": "executed", "second": "executed"}
    return project


@pytest.fixture
def built(done, tmp_path):
    shutil.copytree(done.root, tmp_path / "copy")
    copy = Project.__new__(Project)
    copy.root = tmp_path / "copy"
    return copy


# What makes a notebook stale


def test_nothing_is_executed_twice(built, monkeypatch):
    monkeypatch.setattr(kernel, "run_notebook", lambda job: pytest.fail("a notebook was executed"))
    assert built.states() == {"first": "fresh", "second": "fresh"}
    assert built.told.getvalue() == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "stale", "reason"),
    [
        ("notebooks/first.py", "published", "printed", ["first"], "its code changed"),
        ("src/coast/survey.py", "mean()", "max()", ["first"], "mean in src/coast/survey.py changed"),
        ("src/coast/unused.py", "", "x = 1", [], ""),
        ("src/coast/data.py", "set()", "{None}", ["first", "second"], "src/coast/data.py changed"),
        ("data/indicators/spending.csv", "1", "2", ["first"], "data/indicators/spending.csv changed"),
        ("data/indicators/depths.csv", "7", "9", ["second"], "data/indicators/depths.csv changed"),
        ("data/datapackage.json", "EUR", "USD", ["first"], "data/datapackage.json#spending changed"),
        ("data/logs/a.yaml", "a", "b", [], ""),
        ("requirements.lock", "none", "some", ["first", "second"], "requirements.lock changed"),
        ("notebooks/first.py", "# # First analysis", "# # Another title", [], ""),
        ("notebooks/first.py", "# %% [markdown]", "# %% [markdown]\n# More prose.\n\n# %% [markdown]", [], ""),
        ("notebooks/first.py", "# %%\nplt", '# %% tags=["hide-input"]\nplt', [], ""),
        ("notebooks/first.py", "# %%\nplt", '# %% tags=["raises-exception"]\nplt', ["first"], "its code changed"),
    ],
)
def test_exactly_the_notebooks_that_use_it_are_stale(built, file, old, new, stale, reason):
    text = built.path(file).read_text("utf-8")
    assert old in text
    built.path(file).write_text(text.replace(old, new, 1) if old else new, "utf-8")
    found = run.results(built.root)
    assert sorted(name for name, result in found.items() if result.state == "stale") == stale
    assert {found[name].reason for name in stale} <= {reason}
    for name in stale:
        assert f"stale  {name}: {reason}" in run.status(built.root)


PARTS = '''\
"""Levels of the tide."""
from __future__ import annotations
import functools, importlib, inspect
SCALE = 1
by_scale = lambda level: level * SCALE
def counted(function):
    @functools.wraps(function)
    def count(*arguments):
        "A remark."
        return function(*arguments)
    return count
def at_import():
    return "imported"
WORD = at_import()
def levels():
    # A generator does nothing before it is asked for something.
    yield 11
async def awaited():
    return 12
@counted
def called(level, step=13):
    """Return a level."""
    global LAST
    LAST = level
    return level + step
def not_called(level=14):
    """Return another level."""
    return level + 15
def shown():
    return 16
class Tide:
    HIGH = 17
    def __init__(self):
        self._level = 18
    @property
    def level(self):
        return self._level
    @level.setter
    def level(self, level):
        self._level = level + 19
    def fall(self):
        return 20
if SCALE:
    def conditional():
        return 21
'''
USES_PARTS = """
from coast import parts
tide = parts.Tide()
tide.level = 1
print(*parts.levels(), await parts.awaited(), parts.called(1), parts.conditional(), tide.level)
"""


@pytest.fixture(scope="module")
def in_parts(tmp_path_factory):
    """A project with a notebook that calls some functions of a module, and one that shows the text of another."""
    project = Project(tmp_path_factory.mktemp("parts"))
    project.write("src/coast/parts.py", PARTS)
    project.write("src/coast/told.py", PARTS)
    project.write("src/coast/given.py", PARTS)
    project.notebook(USES_PARTS)
    project.write(
        "notebooks/second.py", "# %%\nimport inspect\nfrom coast import told\nprint(inspect.getsource(told.shown))\n"
    )
    project.write(
        "notebooks/third.py",
        "# %%\nimport importlib\nfrom coast import parts\nparts.not_called()\nimportlib.reload(parts).SCALE\n",
    )
    project.write(
        "notebooks/fourth.py",
        "# %%\nimport coast\nprint(len(coast.__loader__.get_data(coast.__file__.replace('__init__', 'given'))))\n",
    )
    assert set(project.states().values()) == {"executed"}
    return project


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        ("# A generator does", "# A generator, which does", ""),
        ("def shown", "\n\ndef shown", ""),
        ("return 16", "return 26", ""),
        ("return 20", "return 30", ""),
        ("return level + 15", "return level + 25", "third: not_called in src/coast/parts.py changed"),
        ('"imported"', '"read"', "at_import in src/coast/parts.py changed"),
        ("yield 11", "yield 21", "first: levels in src/coast/parts.py changed"),
        ("return 12", "return 22", "first: awaited in src/coast/parts.py changed"),
        ("return level + step", "return level - step", "first: called in src/coast/parts.py changed"),
        ("return function(*arguments)", "return 0", "counted in src/coast/parts.py changed"),
        ("self._level = 18", "self._level = 28", "first: Tide.__init__ in src/coast/parts.py changed"),
        ("return self._level", "return 0", "first: Tide.level in src/coast/parts.py changed"),
        ("level + 19", "level + 29", "first: Tide.level in src/coast/parts.py changed"),
        ("return 21", "return 31", "first: conditional in src/coast/parts.py changed"),
        ("@counted\n", "", "src/coast/parts.py changed"),
        ("step=13", "step=23", "src/coast/parts.py changed"),
        ("level=14", "level=24", "src/coast/parts.py changed"),
        ("Return another level", "Return any level", "src/coast/parts.py changed"),
        ("HIGH = 17", "HIGH = 27", "src/coast/parts.py changed"),
        ("level * SCALE", "level / SCALE", "src/coast/parts.py changed"),
        ("SCALE = 1", "SCALE = 2", "src/coast/parts.py changed"),
        ("return 12", "return (", "src/coast/parts.py"),
        ("class Tide:", "class Tide:\n    def rise(self): pass", "src/coast/parts.py changed"),
        ("def shown", "def print(*words): pass\ndef shown", "src/coast/parts.py changed"),
    ],
)
def test_a_function_counts_for_those_who_called_it_and_all_else_for_those_who_imported(in_parts, old, new, stale):
    text = PARTS
    try:
        for module in ["parts", "told", "given"]:
            in_parts.write(f"src/coast/{module}.py", text.replace(old, new, 1))
        found = {name: result.reason for name, result in run.results(in_parts.root).items() if result.state == "stale"}
    finally:
        for module in ["parts", "told", "given"]:
            in_parts.write(f"src/coast/{module}.py", text)
    # Whoever has read the text depends on all of it.
    assert found.pop("second") == "src/coast/told.py changed"
    assert found.pop("fourth") == "src/coast/given.py changed"
    assert {name: result.state for name, result in run.results(in_parts.root).items()} == dict.fromkeys(
        ["first", "second", "third", "fourth"], "fresh"
    )
    only, _, reason = stale.rpartition(": ")
    assert set(found) == ({only} if only else {"first", "third"} if reason else set())
    assert all(reason in words for words in found.values())


# What a notebook does, the module that it does it with, and an edit after which the result is another one.
SUBTLE = {
    "a generator that is none any more": (
        "print(bool(m.high([1])))",
        "def high(levels):\n    for level in levels:\n        if level > 10:\n            yield level\n",
        "def high(levels):\n    return [level for level in levels if level > 10]\n",
    ),
    "a statement that moves to another function of the same name": (
        "print(m.level(1))",
        "KIND = 1\nif KIND:\n    def level(x):\n        x = x + 1\n        x = x * 10\n        return x\nelse:\n    def level(x):\n        return x\n",
        "KIND = 1\nif KIND:\n    def level(x):\n        x = x + 1\n        return x\nelse:\n    def level(x):\n        x = x * 10\n        return x\n",
    ),
    "a module that was forgotten and imported again": (
        "import sys, coast\nprint(m.level())\ndel sys.modules[m.__name__], m\nfrom importlib import import_module\nimport_module('coast.' + 'NAME')",
        "def level():\n    return 1\n",
        "def level():\n    return 2\n",
    ),
    "a second copy of a module": (
        "from importlib import util\nspec = util.find_spec(m.__name__)\nm = util.module_from_spec(spec)\nspec.loader.exec_module(m)\nprint(m.level())",
        "def level():\n    return 1\n",
        "def level():\n    return 2\n",
    ),
    "a module that is run and not imported": (
        "import runpy, sys\ndel sys.modules[m.__name__]\nprint(runpy.run_module(m.__name__)['level']())",
        "def level():\n    return 1\n",
        "def level():\n    return 2\n",
    ),
    "a function that the compiler refuses": (
        "print(m.level())",
        "def level():\n    return 1\ndef other():\n    pass\n",
        "def level():\n    return 1\ndef other():\n    break\n",
    ),
    "a module that could not be imported": (
        "try:\n    from coast import wrong_NAME\nexcept NameError:\n    print('none')",
        "",
        "",
    ),
    "what is called when the cell has ended": (
        "from coast import exhibits\ndef later(*_):\n    exhibits.value('NAME', m.level())\nget_ipython().events.register('post_run_cell', later)",
        "def level():\n    return 1\n",
        "def level():\n    return 2\n",
    ),
    "a module that is nested too deeply to be taken apart": (
        "print(m.level(300))",
        "def level(x):\n    if x == 0:\n        return 0\n"
        + "".join(f"    elif x == {n}:\n        return {n}\n" for n in range(1, 400)),
        "def level(x):\n    if x == 0:\n        return 0\n"
        + "".join(f"    elif x == {n}:\n        return {n + 1}\n" for n in range(1, 400)),
    ),
}


@pytest.fixture(scope="module")
def subtle(tmp_path_factory):
    """A project with a module and a notebook for each of them."""
    project = Project(tmp_path_factory.mktemp("subtle"))
    for name in ["first", "second"]:
        project.path(f"notebooks/{name}.py").unlink()
    for number, (notebook, module, _) in enumerate(SUBTLE.values()):
        project.write(f"src/coast/m{number}.py", module)
        project.write(f"src/coast/wrong_m{number}.py", "level\n")
        project.write(
            f"notebooks/n{number}.py",
            f"# %%\nfrom coast import m{number} as m\n" + notebook.replace("NAME", f"m{number}") + "\n",
        )
    assert {name: result.error for name, result in project.execute().items() if result.error} == {}
    return project


@pytest.mark.parametrize("what", SUBTLE)
def test_what_changed_is_noticed_also_where_no_call_tells_it(subtle, what):
    number = list(SUBTLE).index(what)
    _, before, after = SUBTLE[what]
    module = "m" if before else "wrong_m"
    path = subtle.path(f"src/coast/{module}{number}.py")
    try:
        path.write_text(after or "level = 1\n", "utf-8")
        stale = [name for name, result in run.results(subtle.root).items() if result.state == "stale"]
    finally:
        path.write_text(before or "level\n", "utf-8")
    assert stale == [f"n{number}"]
    assert run.results(subtle.root)[f"n{number}"].state == "fresh"


def test_modules_bear_no_trace_of_what_they_tell(project):
    """The help of a module listed the digests of its parts."""
    project.notebook(
        "from coast import survey\nsurvey.mean\nprint(sorted(name for name in vars(survey) if 'press' in name))"
    )
    project.execute()
    (cell,) = nbformat.read(run.results(project.root)["first"].folder / "notebook.ipynb", 4).cells
    assert cell.outputs[0].text == "[]\n"


def handed_over(project):
    """Execute a notebook that publishes what its package finds in its earlier result; return that."""
    text = (
        EXHIBITS
        + """
def before():
    folder = os.environ["PRESS_BEFORE"]
    return json.loads(Path(folder, "values.json").read_text())["ch1-mean"]["obs_value"] if folder else "nothing"
"""
    )
    project.write("src/coast/exhibits.py", text)
    number = len(list(project.path("_build").glob("runs/first/*")))
    project.notebook("from coast import exhibits", f"exhibits.value('ch1-mean', [{number}, exhibits.before()])")
    assert project.states() == {"first": "executed"}
    return project.value()[1]


def test_package_finds_the_earlier_result_of_the_notebook(project):
    """Not one that other libraries have made, nor a damaged one: what is taken from there would be wrong, or not whole."""
    assert handed_over(project) == "nothing"
    assert handed_over(project) == [0, "nothing"]
    assert handed_over(project) == [1, [0, "nothing"]]
    for folder in project.path("_build").glob("runs/first/*"):
        (folder / "values.json").write_text("{}", "utf-8")
    assert handed_over(project) == "nothing"
    project.write("requirements.lock", "others\n")
    assert handed_over(project) == "nothing"


def test_number_follows_the_function_and_the_table(built):
    assert built.value() == 2
    built.write("src/coast/survey.py", "def mean(column):\n    return float(column.max())\n")
    assert built.states() == {"first": "executed", "second": "fresh"}
    assert built.value() == 3
    built.write("data/indicators/spending.csv", "x\n1\n30\n")
    assert built.states() == {"first": "executed", "second": "fresh"}
    assert built.value() == 30


def test_module_saved_twice_within_a_second_counts(project):
    """Python itself would go on with the compiled code: size and time of the source are the same."""
    project.notebook("from coast import exhibits, survey", "exhibits.value('ch1-mean', survey.FACTOR)")
    path = project.path("src/coast/survey.py")
    for factor in [1.0, 2.0]:
        path.write_text(f"FACTOR = {factor}\n", "utf-8")
        os.utime(path, (1_700_000_000, 1_700_000_000))
        assert project.states() == {"first": "executed"}
        assert project.value() == factor


def test_import_added_within_a_module_counts_from_then_on(built):
    built.write("src/coast/survey.py", "from coast import unused\n" + "def mean(column):\n    return unused.f\n")
    built.write("src/coast/unused.py", "f = 1.0\n")
    assert built.states()["first"] == "executed"
    built.write("src/coast/unused.py", "f = 2.0\n")
    assert built.states() == {"first": "executed", "second": "fresh"}
    assert built.value() == 2


def test_new_file_of_a_folder_counts_although_no_old_file_changed(project):
    project.notebook("from coast import logs\nprint(len(logs.load()))")
    project.execute()
    project.write("data/logs/b.yaml", "name: b\n")
    assert run.results(project.root)["first"].reason == "data/logs/ changed"


def test_file_beside_the_modules_counts_when_it_is_read(project):
    project.write("src/coast/style.txt", "blue")
    project.write("src/coast/charts.py", 'colour = open(__file__.replace("charts.py", "style.txt")).read()\n')
    project.notebook("from coast import charts\nprint(charts.colour)")
    project.execute()
    project.write("src/coast/style.txt", "red")
    assert run.results(project.root)["first"].reason == "src/coast/style.txt changed"


def test_switching_a_branch_and_back_executes_nothing(built):
    before = built.path("src/coast/survey.py").read_text("utf-8")
    built.write("src/coast/survey.py", "def mean(column):\n    return float(column.max())\n")
    built.write("notebooks/second.py", SECOND.replace("sum()", "max()"))
    assert built.states() == {"first": "executed", "second": "executed"}
    built.write("src/coast/survey.py", before)
    built.write("notebooks/second.py", SECOND)
    assert built.states() == {"first": "fresh", "second": "fresh"}
    assert (built.value(), built.value("ch1-sum")) == (2, 12)


def test_file_that_goes_while_it_is_looked_at_costs_no_build(tmp_path, monkeypatch):
    """A module compiled by another kernel under the name of a moment stopped a build of three hundred notebooks."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "gone.csv").symlink_to("nowhere")
    monkeypatch.setattr(Path, "is_file", lambda path: True)
    assert dependencies.stamps(tmp_path, tmp_path / "src", "src/") == {}
    files = dependencies.Files(tmp_path, tmp_path / "src", "src/")
    assert files.digest("data/gone.csv") == ""
    assert files.digest("data") == dependencies.digest(b"[]")


def test_a_file_is_read_again_once_it_is_another_one(tmp_path, monkeypatch):
    """A file of the same size that was given its old time, as archives and version control do, looked unchanged."""
    path = tmp_path / "a.csv"
    path.write_text("x\n1\n", "utf-8")
    monkeypatch.setattr(dependencies, "SETTLED", -1)
    first, old = dependencies.file_digest(path), path.stat()
    with monkeypatch.context() as unread:
        unread.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read again"))
        assert dependencies.file_digest(path) == first == dependencies.digest(b"x\n1\n")
    time.sleep(0.05)  # more than a tick of the file system's clock
    path.write_text("x\n2\n", "utf-8")
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
    assert dependencies.file_digest(path) == dependencies.digest(b"x\n2\n")
    path.unlink()
    assert dependencies.file_digest(path) == ""


def test_a_file_written_a_moment_ago_is_read_again(tmp_path):
    """Written twice within one tick of the file system's clock, it looked unchanged."""
    path = tmp_path / "a.csv"
    path.write_text("x\n1\n", "utf-8")
    dependencies.file_digest(path)
    path.write_text("x\n2\n", "utf-8")
    assert dependencies.file_digest(path) == dependencies.digest(b"x\n2\n")
    assert path not in dependencies._digests


def test_file_saved_while_the_notebook_runs_is_not_lost(project):
    """Recorded as it is after the run, the new file would make the old number look fresh."""
    project.notebook(
        "from coast import data, exhibits\nimport time\nframe = data.load('spending')",
        "time.sleep(1.5)",
        "exhibits.value('ch1-mean', float(frame['x'].mean()))",
    )
    threading.Timer(1, project.write, ["data/indicators/spending.csv", "x\n10\n30\n"]).start()
    assert project.states() == {"first": "executed"}
    assert project.value() == 20


def test_notebook_saved_while_it_runs_is_executed_again(project):
    project.notebook("import time; time.sleep(1.2)", "print(1)")
    threading.Timer(0.7, project.notebook, ["print(2)"]).start()
    assert project.states() == {"first": "executed"}
    (output,) = json.loads(project.content()["first/notebook.ipynb"])["cells"][0]["outputs"]
    assert output["text"] == ["2\n"]


# The store


def damaged_files():
    yield "a byte differs", lambda folder: (folder / "values.json").write_bytes(b"{}" + b" " * 20)
    yield "a file is gone", lambda folder: (folder / "values.json").unlink()
    yield "a file is cut", lambda folder: os.truncate(folder / "notebook.ipynb", 100)
    yield "a file too many", lambda folder: (folder / "exhibits").mkdir() or (folder / "exhibits/a.json").touch()
    yield "the record is cut", lambda folder: os.truncate(folder / "record.json", 50)
    yield "the record is gone", lambda folder: (folder / "record.json").unlink()
    yield "the record says nothing", lambda folder: (folder / "record.json").write_text("{}")


@pytest.mark.parametrize(
    ("what", "damage"), list(damaged_files()), ids=lambda entry: entry if isinstance(entry, str) else ""
)
def test_damaged_entry_is_noticed_and_made_again(built, what, damage):
    expected = built.content()
    damage(run.results(built.root)["first"].folder)
    assert built.states() == {"first": "executed", "second": "fresh"}
    assert "its stored result is damaged" in built.told.getvalue()
    assert built.content() == expected
    assert built.states() == {"first": "fresh", "second": "fresh"}


def test_record_with_other_digests_is_not_believed(built):
    """A record that was edited, or whose bits have flipped, must not make an old result look fresh."""
    built.write("data/indicators/spending.csv", "x\n10\n30\n")
    path = run.results(built.root)["second"].folder.parents[1] / "first"
    (folder,) = path.iterdir()
    record = json.loads((folder / "record.json").read_text("utf-8"))
    record["dependencies"].pop("data/indicators/spending.csv")
    (folder / "record.json").write_text(json.dumps(record), "utf-8")
    assert built.states()["first"] == "executed"
    assert built.value() == 20


def test_half_written_entries_are_swept_away(built):
    part = store.store_folder(built.root) / ".part-123"
    part.mkdir()
    (part / "notebook.ipynb").touch()
    built.execute()
    assert not part.exists()


def test_pruning_keeps_what_its_rule_says(built):
    current, now = run.results(built.root)["first"].folder, time.time()
    ages = {f"{number:032d}": now - number * 60 for number in range(1, 12)} | {"old": now - 31 * 86400}
    for name, used in ages.items():
        (current.parent / name).mkdir()
        os.utime(current.parent / name, (used, used))
    os.utime(current, (0, 0))
    of_removed_notebook = store.store_folder(built.root) / "gone" / "old"
    of_removed_notebook.mkdir(parents=True)
    os.utime(of_removed_notebook, (0, 0))
    assert store.prune(built.root, [current]) == 3
    kept = {path.name for path in current.parent.iterdir()}
    assert kept == {current.name, *(name for name in ages if name != "old")} - {f"{11:032d}"}
    assert not of_removed_notebook.parent.exists()


def test_two_builds_at_once_wait_for_each_other(built):
    go = built.root / "go"
    built.write(
        "notebooks/first.py",
        f"# %%\nimport os, time\nwhile not os.path.exists({str(go)!r}):\n    time.sleep(0.01)",
    )
    code = f"from press import run; print([r.state for r in run.execute({str(built.root)!r})])"
    settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    first = subprocess.Popen([sys.executable, "-c", code], **settings)
    while (store.store_folder(built.root) / ".lock").read_text("utf-8") != f"{first.pid}\n":
        assert first.poll() is None, first.stderr.read()
        time.sleep(0.01)
    second = subprocess.Popen([sys.executable, "-c", code], **settings)
    assert f"another build of this checkout is at work (process {first.pid})" in second.stderr.readline()
    go.touch()
    outputs = [process.communicate() for process in (first, second)]
    assert [output for output, _ in outputs] == ["['executed', 'fresh']\n", "['fresh', 'fresh']\n"]
    assert not any("another build" in told for _, told in outputs)


def test_lock_can_be_held_around_an_execution(built):
    with run.lock(built.root) as writable:
        assert writable
        assert built.states() == {"first": "fresh", "second": "fresh"}


def mount(folder, options):
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a file system, which this user does not have")


def test_full_disk_costs_the_result_and_says_so(project):
    folder = project.root / "_build"
    mount(folder, "size=64k")
    try:
        project.notebook("import numpy as np\nimport matplotlib.pyplot as plt",
                         "plt.imshow(np.random.default_rng(1).random((400, 400)));")  # fmt: skip
        assert "No space left on device; make room" in project.failure().error
        assert list((folder / "runs").glob(".part-*")) == []
        subprocess.run(["mount", "-o", "remount,size=10m", str(folder)], check=True)
        assert project.states() == {"first": "executed"}
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_store_that_can_only_be_read_still_serves(built):
    (built.root / "_build").rename(built.root / "kept")
    mount(built.root / "_build", "size=10m")
    try:
        shutil.copytree(built.root / "kept", built.root / "_build", dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(built.root / "_build")], check=True)
        assert built.states() == {"first": "fresh", "second": "fresh"}
        built.write("data/indicators/spending.csv", "x\n10\n30\n")
        results = built.execute()
        assert results["second"].state == "fresh"
        assert "make the folder writable" in results["first"].error.error
    finally:
        subprocess.run(["umount", str(built.root / "_build")], check=True)


# Same input, same bytes


def test_forked_kernels_and_others_give_the_same_bytes(built, done):
    for fork in [True, False]:
        shutil.rmtree(built.root / "_build")
        built.execute(fork=fork)
        assert built.content() == done.content()


@pytest.mark.skipif(not launch.can_fork(), reason="kernels are forked on Linux only")
def test_server_that_is_not_ready_in_time_is_ended_and_not_waited_for(monkeypatch):
    """On a machine without time for its imports a build once waited for the end of its words, for ever."""
    monkeypatch.setattr(launch, "STARTUP_SECONDS", 0)
    server = launch.ForkServer()
    with pytest.raises(RuntimeError, match="not ready within 0 seconds"):
        server.wait_until_ready()
    server.process.wait()
    server.stop()


@pytest.mark.parametrize(("number", "gone"), [(signal.SIGKILL, True), (signal.SIGTERM, False)])
def test_killed_kernel_need_not_be_waited_for(number, gone):
    """Each notebook once ended with a tenth of a second of waiting for the kernel that it had killed."""
    origin = types.SimpleNamespace(
        alive=lambda: True, changed=threading.Condition(), send=lambda **request: None, ended={}
    )
    kernel = launch.ForkedKernel(origin, 1)
    kernel.send_signal(number)
    assert (kernel.poll() is not None) is gone


def test_forked_kernels_print_wide_tables_as_others_do(project):
    """pandas, imported before there was a kernel, once printed for a terminal in every forked one."""
    project.notebook("import pandas\nprint(pandas.DataFrame({f'column number {n}': [1.5] for n in range(12)}))")
    contents = []
    for fork in [True, False]:
        shutil.rmtree(project.root / "_build", ignore_errors=True)
        project.execute(fork=fork)
        contents.append(project.content())
    assert contents[0] == contents[1]


def test_any_executor_gives_the_same_bytes(built):
    expected = built.content()
    shutil.rmtree(built.root / "_build")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        states = built.states(executor=executor, fork=False)
    assert states == {"first": "executed", "second": "executed"}, built.told.getvalue()
    assert built.content() == expected


def test_forked_kernels_draw_different_random_numbers(project):
    """A notebook that forgets its seed must not look reproducible only because it was forked."""
    project.notebook("import numpy, random\nprint(numpy.random.random(), random.random())")
    shutil.copy(project.path("notebooks/first.py"), project.path("notebooks/second.py"))
    project.execute(fork=True)
    contents = project.content()
    assert contents["first/notebook.ipynb"] != contents["second/notebook.ipynb"]


def test_settings_of_the_user_take_no_part(project, monkeypatch, tmp_path):
    settings = tmp_path / "settings"
    project.write("settings/matplotlib/matplotlibrc", "lines.linewidth: 9\n")
    monkeypatch.setenv("MATPLOTLIBRC", str(settings / "matplotlib"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(settings))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    project.notebook("import matplotlib, os\nprint(matplotlib.rcParams['lines.linewidth'], os.environ['TZ'])")
    project.execute(fork=False)
    (output,) = json.loads(project.content()["first/notebook.ipynb"])["cells"][0]["outputs"]
    assert output["text"] == ["1.5 UTC\n"]


# What a notebook must not do


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("open('data/indicators/spending.csv')", "load it with a function of coast.data or coast.logs"),
        (
            "import pandas as pd\npd.read_csv('data/indicators/spending.csv')",
            "load it with a function of coast.data or coast.logs",
        ),
        (
            "from pathlib import Path\nlist(Path('data/indicators').glob('*'))",
            "ask a function of coast.data or coast.logs",
        ),
        ("open('requirements.lock')", "bring the data into data/ and load them"),
        ("open('../elsewhere.csv')", "is read outside the project"),
        ("import sys\nsys.path.insert(0, '.')\nimport helper", "put the function into src/coast"),
        ("open('result.txt', 'w')", "it may only publish"),
        ("import os\nopen(os.environ['PRESS_PUBLISH'] + '/x.csv', 'w')", "it may only publish"),
        ("import os\nos.remove('data/indicators/spending.csv')", "it may only publish"),
        ("import os\nos.rename('data/indicators/spending.csv', 'x')", "it may only publish"),
        ("import os\nos.mkdir('results')", "it may only publish"),
        ("import sqlite3\nsqlite3.connect('x.db')", "it may only publish"),
        ("import urllib.request\nurllib.request.urlopen('http://localhost:9')", "notebooks work offline"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "notebooks work offline"),
        ("import socket\nsocket.socket().connect(('127.0.0.1', 9))", "notebooks work offline"),
        ("import os\nos.system('ls')", "starts a program"),
        ("import subprocess\nsubprocess.run(['curl', 'x'])", "starts a program (curl)"),
    ],
)
def test_breach_of_contract_says_what_to_do_instead(project, code, message):
    project.notebook("print('first cell')", code)
    project.write("helper.py", "x = 1\n")
    error = project.failure()
    assert message in error.error
    assert error.cell == 2
    assert error.lines == tuple(code.split("\n"))
    assert project.path("data/indicators/spending.csv").exists()


def test_breach_counts_also_when_the_exception_is_swallowed(project):
    project.notebook("try:\n    open('data/indicators/spending.csv')\nexcept Exception:\n    pass", "print('went on')")
    error = project.failure()
    assert "load it with a function of coast.data or coast.logs" in error.error
    assert (error.cell, error.lines[0]) == (1, "try:")


def test_what_libraries_do_for_themselves_is_allowed(project):
    """A guard with false alarms would be switched off."""
    project.notebook(
        """
        import os, tempfile, zoneinfo
        from concurrent.futures import ThreadPoolExecutor
        with tempfile.TemporaryDirectory() as folder:
            open(os.path.join(folder, "scratch.csv"), "w").close()
            open(os.path.join(folder, "scratch.csv")).close()
        print(zoneinfo.ZoneInfo("Europe/Vienna"))
        """,
        """
        import matplotlib.pyplot as plt, seaborn, sqlite3
        from sklearn.cluster import KMeans
        sqlite3.connect(":memory:").close()
        print(KMeans(2, n_init=1, random_state=1).fit([[0], [1], [9]]).inertia_)
        plt.title("A title");
        """,
    )
    assert project.states() == {"first": "executed"}


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import warnings\nwarnings.warn('old function')", "UserWarning: old function"),
        ("import numpy as np\nnp.array([1.0]) / 0", "divide by zero"),
        ("import logging\nlogging.warning('careful')", "careful"),
        ("import sys\nprint('oops', file=sys.stderr)", "the cell warns: oops"),
        ("object()", "the object has no text of its own"),
        (
            "class A:\n    def _repr_html_(self): raise ValueError('no picture')\nA()",
            "ValueError: no picture (while the last line",
        ),
        ("import pandas as pd\npd.DataFrame({'a': [1]}).style", "brings styles or scripts of its own"),
    ],
)
def test_no_warning_scrolls_by(project, code, message):
    project.notebook("1", code)
    error = project.failure()
    assert message in error.error
    assert error.cell == 2


def test_data_may_be_a_link(project, tmp_path_factory):
    """Tables on another disk were refused as files of no project."""
    elsewhere = tmp_path_factory.mktemp("disk") / "tables"
    project.path("data").rename(elsewhere)
    project.path("data").symlink_to(elsewhere, target_is_directory=True)
    assert project.states() == {"first": "executed", "second": "executed"}
    assert project.states() == {"first": "fresh", "second": "fresh"}
    (elsewhere / "indicators" / "depths.csv").write_text("x\n5\n8\n", "utf-8")
    assert project.states() == {"first": "fresh", "second": "executed"}
    assert project.value("ch1-sum") == 13


def test_object_with_a_form_of_its_own_is_shown_alike_in_each_run(project):
    """The text beside it held a memory address, and the author was told to do what had been done."""
    project.notebook("class A:\n    def _repr_html_(self): return '<b>told</b>'\nA()")
    assert project.states() == {"first": "executed"}
    (text,) = (content for name, content in project.content().items() if name.endswith("notebook.ipynb"))
    assert b"<b>told</b>" in text and b" at 0x" not in text


# Failures and faults


def test_failing_notebook_does_not_stop_the_others(project):
    project.write("notebooks/first.py", "# %%\na = 1\n\n# %%\nb = 2\nc = a / 0\nd = 3\n")
    results = project.execute()
    assert [result.state for result in results.values()] == ["failed", "executed"]
    told = project.told.getvalue()
    assert "1 of 2 notebooks failed" in told
    place = "notebooks/first.py, code cell 2: ZeroDivisionError: division by zero"
    place += " (line 2 of the cell, notebooks/first.py:6)"
    assert told.endswith(f"{place}\n    | b = 2\n    | c = a / 0\n    | d = 3\n")


def test_lines_told_of_a_long_cell_are_those_around_the_one_that_failed(project):
    """They were the last ones of the cell, in which nothing was wrong."""
    project.notebook("\n".join(["a = 0", "b = 1 / a", *(f"c{number} = 1" for number in range(9))]))
    assert project.failure().lines == ("a = 0", "b = 1 / a", "c0 = 1", "c1 = 1", "c2 = 1")
    project.notebook("\n".join([*(f"c{number} = 1" for number in range(9)), "b = 1 / 0", "d = 1", "e = 1", "f = 1"]))
    assert project.failure().lines == ("c7 = 1", "c8 = 1", "b = 1 / 0", "d = 1", "e = 1")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            "frame['vlaue']",
            r"KeyError: 'vlaue'; did you mean 'value'\? \(the frame has the columns country, value\) \(line",
        ),
        ("frame.groupby('area').sum()", r"KeyError: 'area' \(the frame has the columns country, value\)"),
        ("frame.merge(frame, on='area')", r"KeyError: 'area' \(the frame has the columns country, value\)"),
        ("frame[['country', 'year']]", r"KeyError: .*'year'.* not in index.* \(the frame has the columns"),
        ("frame.loc['DEU']", r"KeyError: 'DEU' \(line"),
        ("frame.set_index('country').loc['DEU', 'value']", r"KeyError: 'DEU' \(line"),
        ("{'a': 1}['b']", r"KeyError: 'b' \(line"),
    ],
)
def test_column_that_is_not_there_is_told_with_those_that_are(project, asked, told):
    """pandas says the name alone, and an author had to print the frame to find the typo."""
    project.notebook(f"import pandas as pd\nframe = pd.DataFrame({{'country': ['AUT'], 'value': [1]}})\n{asked}")
    assert re.match(told, project.failure().error), project.failure().error


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            "frame.sort_values(by='a', ascend=False)",
            r"TypeError: DataFrame\.sort_values\(\) got .* 'ascend'; did you mean 'ascending'\? \(DataFrame\.sort_values takes .*by",
        ),
        (
            "ranked(valeur=1)",
            r"TypeError: ranked\(\) got .* 'valeur'; did you mean 'value'\? \(ranked takes label, value\) \(line 6 .*; help\(ranked\)",
        ),
        (
            "statistics.maen([1])",
            r"AttributeError: module 'statistics' has no attribute 'maen'; did you mean 'mean'\? \(line",
        ),
        ("frame.valeur", r"AttributeError: .* 'valeur'; did you mean 'value'\? \(the frame has the columns value\)"),
        ("from statistics import maen", r"ImportError: cannot import name 'maen' .*; did you mean 'mean'\? \(line"),
        ("ranked(1, 2, 3)", r"TypeError: ranked\(\) takes from 1 to 2 positional arguments but 3 were given \(line"),
        ("'a' + 1", r"TypeError: can only concatenate str \(not \"int\"\) to str \(line"),
        ("frame.value.nothing_like_it", r"AttributeError: 'Series' object has no attribute 'nothing_like_it' \(line"),
    ],
)
def test_argument_or_function_that_is_not_there_is_told_with_the_nearest(project, asked, told):
    """Python names what it was given and not what there is."""
    before = "import statistics\nimport pandas as pd\nframe = pd.DataFrame({'value': [1]})\ndef ranked(label, value=1):\n    pass"
    project.notebook(f"{before}\n{asked}")
    assert re.match(told, project.failure().error), project.failure().error


def test_error_of_a_beginner_is_told_with_what_to_do(project):
    project.notebook("import pandas as pd\npd.Series([], dtype=float).idxmax()", "a = 1")
    assert re.search(r"empty sequence.* \(line 2 of the cell, .*\); nothing is left of what", project.failure().error)
    project.notebook("print(gardens)", "gardens = 2")
    assert project.failure().error.endswith("; it gets its value in a later cell; move that cell above this one")


def test_syntax_error_is_told_like_any_other(project):
    project.notebook("a = 1", "b = = 2")
    error = project.failure()
    assert (error.error.split(":")[0], error.cell) == ("SyntaxError", 2)
    assert re.fullmatch(r"SyntaxError: invalid syntax \(line 1 of the cell.*\)", error.error)


def test_unknown_notebook_is_named_with_the_nearest_one(project):
    with pytest.raises(run.RunError, match="there is no notebook 'frist'; did you mean 'first'"):
        project.execute(names=["frist"])


def test_only_the_named_notebooks_are_executed(project):
    assert project.states(names=["second"]) == {"second": "executed"}
    assert run.results(project.root)["first"].state == "stale"


@pytest.mark.parametrize("fork", [True, False])
def test_hanging_notebook_is_stopped(project, fork):
    project.notebook("while True: pass")
    error = project.failure(timeout=2, fork=fork)
    assert "still running after 2 seconds" in error.error
    assert kernels() == []


@pytest.mark.parametrize("fork", [True, False])
def test_kernel_that_dies_is_told_with_its_end(project, fork):
    project.notebook("a = 1", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    error = project.failure(fork=fork)
    assert "the kernel was killed by SIGKILL" in error.error
    assert error.cell == 2
    assert kernels() == []


def test_kernel_that_leaves_is_told_with_its_exit_code(project):
    project.notebook("import os\nos._exit(7)")
    assert "the kernel ended by itself with exit code 7" in project.failure().error


@pytest.mark.skipif(not hasattr(os, "sysconf") or sys.platform != "linux", reason="limits of memory are Linux's")
def test_memory_eater_gets_an_error_and_not_the_machine(project):
    project.notebook("blocks = []\nwhile True: blocks.append(bytearray(50_000_000))")
    assert "MemoryError" in project.failure(memory=1_000_000_000).error


def kernels():
    """Return processes below this one that run a kernel."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            words = process.cmdline()
        except psutil.Error:
            continue
        if process.status() != psutil.STATUS_ZOMBIE and any("inside.py" in word for word in words):
            found.append(process)
        elif any("server.py" in word for word in words):
            found += [child for child in process.children() if child.status() != psutil.STATUS_ZOMBIE]
    return found


def builder(project, fork=True):
    """Start a build in a process of its own."""
    code = f"from press import run; run.execute({str(project.root)!r}, workers=2, fork={fork})"
    # Under a shell that runs the tests in the background, interrupts are ignored, and children inherit that.
    code = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {code}"
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)


def test_build_that_is_killed_leaves_no_kernels_and_the_next_one_is_right(done, tmp_path):
    """Killed at any moment, the store holds whole results or none."""
    expected, clock = done.content(), random.Random(1)
    project = Project(tmp_path)
    for fork in [True, True, False]:
        shutil.rmtree(project.root / "_build", ignore_errors=True)
        process = builder(project, fork)
        time.sleep(clock.uniform(0.3, 2.5))
        family = [process, *psutil.Process(process.pid).children(recursive=True)]
        process.send_signal(signal.SIGKILL)
        process.communicate()
        psutil.wait_procs(family[1:])  # until the suite's own limit, if a kernel outlives its build
        project.execute()
        assert project.content() == expected


def test_interrupted_build_ends_at_once(project):
    project.notebook("import time\ntime.sleep(100_000)")
    process = builder(project)
    while not kernels():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode != 0


class Unreliable:
    """An executor that loses the worker of each first submission, and of all for the unlucky."""

    def __init__(self, unlucky=()):
        self.unlucky, self.calls = unlucky, []

    def submit(self, function, job):
        self.calls.append(job.name)
        future = Future()
        if self.calls.count(job.name) == 1 or job.name in self.unlucky:
            future.set_exception(ConnectionError("worker lost"))
        else:
            # In a thread, as executors do: the thread of the tests may hold an event loop, of a browser that another test uses.
            with ThreadPoolExecutor(1) as thread:
                future.set_result(thread.submit(function, job).result())
        return future


def test_lost_worker_costs_one_retry_and_no_more(project):
    executor = Unreliable(unlucky=["second"])
    results = project.execute(executor=executor)
    assert results["first"].state == "executed"
    assert results["second"].error.error == "its worker was lost twice: ConnectionError: worker lost"
    assert sorted(executor.calls) == ["first", "first", "second", "second"]


def test_longest_notebook_begins_first(built, monkeypatch):
    for name, result in run.results(built.root).items():
        record = json.loads((result.folder / "record.json").read_text("utf-8"))
        record["seconds"] = {"first": 1, "second": 9}[name]
        (result.folder / "record.json").write_text(json.dumps(record), "utf-8")
    built.write("requirements.lock", "other")
    shutil.copy(built.path("notebooks/first.py"), built.path("notebooks/unknown.py"))
    executor = Unreliable()
    executor.calls = ["first", "second", "unknown"]
    built.execute(executor=executor)
    assert executor.calls[3:] == ["unknown", "second", "first"]


def test_worker_with_other_packages_is_refused(project, monkeypatch):
    class Elsewhere(Unreliable):
        def submit(self, function, job):
            future = Future()
            files = {"notebook.ipynb": b"{}"}
            future.set_result(run.Outcome(job.name, files, {}, {"the Python version": "2.7"}))
            return future

    project.notebook("1")
    assert "differs from here in the Python version" in project.failure(executor=Elsewhere()).error


# What is told


def test_why_names_data_code_and_the_last_reason(built):
    built.write("data/indicators/spending.csv", "x\n10\n30\n")
    built.execute()
    built.write("requirements.lock", "other")
    lines = "\n".join(run.why(built.root, "ch1-mean"))
    for expected in ["notebooks/first.py, code cell 2", "data/indicators/spending.csv", "src/coast/survey.py",
                     "last executed because data/indicators/spending.csv changed",
                     "it is stale: requirements.lock changed"]:  # fmt: skip
        assert expected in lines
    with pytest.raises(run.RunError, match="did you mean 'ch1-mean'"):
        run.why(built.root, "ch1-maen")


def test_live_line_tells_done_running_waiting_and_time_left():
    class Terminal(StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    progress = Progress(stream)
    progress.begin(dict.fromkeys("abcd", "its code changed"), dict.fromkeys("abcd", 10.0), workers=2)
    progress.start("a")
    progress.finish("a", 10.0, failed=False)
    progress.start("b")
    assert "notebooks: 1 done, 1 running (b), 2 waiting, about 15 s left" in stream.getvalue()
    progress.end()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_what_a_cell_prints_stands_before_and_after_what_it_shows(project):
    """All that it printed was one output, before the first table."""
    shown = "print('one')\nprint('two')\ndisplay('table')\nprint('three')\n'last'"
    project.notebook(shown)
    project.execute()
    (cell,) = nbformat.read(run.results(project.root)["first"].folder / "notebook.ipynb", 4).cells[-1:]
    kinds = [(output.output_type, output.get("text", "")) for output in cell.outputs]
    assert kinds == [("stream", "one\ntwo\n"), ("display_data", ""), ("stream", "three\n"), ("execute_result", "")]


@pytest.mark.skipif(not launch.can_fork(), reason="kernels cannot be forked on this system")
def test_package_is_compiled_before_the_first_kernels_ask_for_it(project):
    """Each of the first kernels compiled all of it, at the same time; a module that cannot be compiled is told by the notebook."""
    chain = "".join(f"    elif x == {n}:\n        return {n}\n" for n in range(400))
    project.write("src/coast/unused.py", "def broken(:\n")
    # The process ended at it, and told so in more than anybody reads before it has ended.
    project.write("src/coast/deep.py", f"def level(x):\n    if x is None:\n        return 0\n{chain}")
    server = launch.server(("pandas",))
    with server.changed:
        server.send(package=str(project.root / "src" / "coast"))
    process = server.start({"log": os.devnull})  # which is answered after all that was asked before
    assert {path.name.partition(".")[0] for path in project.root.rglob("*.pyc")} == {
        "__init__",
        "data",
        "deep",
        "exhibits",
        "logs",
        "survey",
    }
    process.kill()


def test_module_is_compiled_once_and_again_only_for_another_source(tmp_path, monkeypatch):
    """Each kernel compiled the whole package anew; and by size and time, as Python goes, the second source is the first."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    spec = importlib.util.spec_from_file_location("inside_alone", Path(kernel.__file__).with_name("inside.py"))
    inside = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(inside)
    path = tmp_path / "tide.py"
    compiled = []

    class Counted(inside.ContentLoader):
        def source_to_code(self, data, path, *arguments, **settings):
            compiled.append(bytes(data))
            return super().source_to_code(data, path, *arguments, **settings)

    monkeypatch.setattr(builtins, inside.TELL_PARTS, print, raising=False)

    def level(source):
        path.write_text(source, "utf-8")
        os.utime(path, (1_000_000_000, 1_000_000_000))
        module = types.ModuleType("tide")
        exec(Counted("tide", str(path)).get_code("tide"), module.__dict__)
        return module.level

    assert [level(source) for source in ["level = 1", "level = 1", "level = 2", "level = 2"]] == [1, 1, 2, 2]
    assert compiled == [b"level = 1", b"level = 2"]
    (kept,) = tmp_path.glob("__pycache__/*.pyc")
    kept.write_bytes(kept.read_bytes()[:10])
    assert level("level = 2") == 2
