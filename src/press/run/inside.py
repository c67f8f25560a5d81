"""What runs inside the kernel of a notebook: it records what the notebook uses and guards the contract.

The runner starts each kernel through this file, whether forked or as a process of its own. It is read by path
and imports nothing of the book's package, so that the record of imported modules is that of the notebook alone.

An audit hook of Python sees every file that Python code opens, every socket that it connects and every program
that it starts. What a notebook must not do raises :class:`ContractError` with the advice what to do instead, and
is noted as well, so that it counts even where a library swallows the exception. It is a guard against slips and no
sandbox: what compiled code does by itself is not seen (pyarrow reads and writes files, ctypes calls the system), and
whoever wants to can get around it. The tables of ``data/`` are therefore also recorded by their loader, and where the
system lets an ordinary user do so, a kernel has no network at all.

Of the package's modules it is recorded which functions were called: a notebook depends on those, and on what stands in a
module outside its functions, docstrings among it. Whoever reads the text of a module in another way than to import it, as
what shows its source does, depends on all of it. What looks into a function that it does not call (its compiled code, the
number of its line) is not seen.

Not here: anything about fingerprints or the store.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import difflib
import functools
import hashlib
import importlib.machinery
import importlib.util
import inspect
import json
import os
import re
import sys
import sysconfig
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType, ModuleType, TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, NoReturn

DESCRIPTOR = "data/datapackage.json"
# Files with these endings are evidence; elsewhere on the machine they are out of bounds.
# fmt: off
DATA_SUFFIXES = {
    ".arrow", ".csv", ".db", ".dta", ".feather", ".gz", ".geojson", ".gpkg", ".h5", ".hdf", ".json", ".npy",
    ".npz", ".ods", ".parquet", ".pickle", ".pkl", ".rds", ".sas7bdat", ".sav", ".shp", ".sqlite", ".tsv",
    ".txt", ".xls", ".xlsx", ".xml", ".yaml", ".yml", ".zip",
}
# fmt: on
# The part of a module outside its functions.
OUTSIDE = "<module>"
# What a compiled module tells when it is imported, and when a function of it is called: names that all code finds, wherever it
# is executed, and that leave no trace in the module.
TELL_PARTS, TELL_CALL = "__press_parts__", "__press_call__"
IMPORT = {"importlib._bootstrap_external", "_frozen_importlib_external"}
HASH_COMPARED = (0b11).to_bytes(4, "little")  # the flags of PEP 552
CODE_SUFFIXES = {".py", ".pyc", ".pyd", ".so", ".pth"}
# Programs with which libraries ask the machine about itself; a notebook starts no others.
# What a notebook may print and show, all its cells together. A cell that prints without end would hold the build, whose limit
# of time counts only what the kernel computes, long after the kernel has stopped.
OUTPUT = 5_000_000
NEW_NETWORK, NEW_USER = 0x40000000, 0x10000000  # of unshare(2)
PROBES = {"fc-list", "gcc", "ld", "ldconfig", "lsb_release", "lscpu", "objdump", "sysctl", "uname"}
# Methods of a frame that take names of columns, and how many choices are named where a name is not there.
ASKING = {"__getitem__", "groupby", "set_index", "_get_label_or_level_values"}
CHOICES = 20
UNEXPECTED = re.compile(r"(?P<function>[\w.]+)\(\) got an unexpected keyword argument '(?P<name>\w+)'")
CANNOT = re.compile(r"cannot import name '(?P<name>\w+)' from '(?P<module>[\w.]+)'")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class ContractError(RuntimeError):
    """A notebook did what would make its result depend on something that the book does not know of."""


class Recorder:
    """Record what a notebook uses; refuse what it must not do.

    Parameters
    ----------
    root, package, work : str
        Absolute paths: the project, the folder of the package, and the scratch folder of this execution, which
        holds ``publish``, where exhibits are written, and ``record.json``.
    before : str
        Folder of an earlier result of the notebook, which the package may read; empty where there is none.
    name : str
        Name of the package.
    loaders, publisher : list of str, str
        Full names of its modules that read ``data/``, and of the one that publishes.
    """

    def __init__(
        self, root: str, package: str, work: str, before: str = "", *, name: str, loaders: list[str], publisher: str
    ) -> None:
        self.data = os.path.realpath(os.path.join(root, "data"))  # may be a link to a folder on another disk
        self.root, self.package, self.work, self.before = root, package, work, before
        self.name, self.loaders, self.publishers = name, set(loaders), {publisher}
        self.modules = f"src/{name}/"
        self.publish = os.path.join(work, "publish")
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.violations: list[dict[str, Any]] = []
        self.cell, self.running = 0, False
        self.printed = 0
        self.written = ""
        self.names: dict[str, str] = {}  # of the package's modules, by file
        home = self.home = os.path.expanduser("~")
        caches = [os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")]
        caches += [os.path.join(home, ".matplotlib"), os.path.join(home, "Library", "Caches")]
        # Python reads it when it tells where a refusal was raised; in a checkout it lies in the project.
        self.own = os.path.realpath(__file__)
        self.installed = tuple({sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()} - {"/", "/usr"})
        self.system = (
            *self.installed,
            "/bin",
            "/dev",
            "/etc",
            "/lib",
            "/opt",
            "/proc",
            "/sys",
            "/usr",
            "/var",
            *caches,
        )
        self.writable = (work, "/dev", *caches)
        self.events: dict[str, Callable[..., None]] = {
            "open": self.on_open,
            "os.listdir": self.on_list,
            "os.scandir": self.on_list,
            "os.mkdir": self.on_mkdir,
            "os.remove": self.on_write,
            "os.rename": self.on_rename,
            "os.rmdir": self.on_write,
            "os.symlink": self.on_link,
            "os.link": self.on_link,
            "os.truncate": self.on_write,
            "sqlite3.connect": self.on_sqlite,
            "socket.bind": self.on_socket,
            "socket.connect": self.on_socket,
            "socket.sendto": self.on_socket,
            "socket.sendmsg": self.on_socket,
            "socket.getaddrinfo": self.on_name,
            "socket.gethostbyname": self.on_name,
            "subprocess.Popen": self.on_program,
            "os.posix_spawn": self.on_program,
            "os.exec": self.on_program,
            "os.fork": self.on_fork,
            "os.forkpty": self.on_fork,
            "os.system": self.on_system,
            "pty.spawn": self.on_system,
        }

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Look at one audit event; called by the interpreter."""
        handle = self.events.get(event)
        if handle is not None:
            handle(*arguments)

    def refuse(self, message: str) -> NoReturn:
        """Note and raise a breach of contract."""
        self.violations.append({"cell": self.cell, "message": message})
        raise ContractError(message)

    def on_open(self, path: Any, mode: Any, flags: int | None) -> None:
        """Look at a file that is about to be opened."""
        if isinstance(path, int):
            return
        path = os.path.abspath(os.fsdecode(path))
        if (mode and set("wax+") & set(mode)) or (flags and flags & WRITING):
            self.on_write(os.path.realpath(path))
        elif not within(path, self.installed) or within(path, (self.package,)):
            self.on_read(os.path.realpath(path))

    def on_read(self, path: str) -> None:
        """Let pass or refuse a file that is about to be read."""
        suffix = os.path.splitext(path)[1].lower()
        if self.is_own(path):
            return
        if within(path, (self.data,)):
            if not called_by(self.loaders):
                self.refuse(
                    f"{self.relative(path)} is read outside the loader; load it with a function of"
                    f" {' or '.join(sorted(self.loaders))}, so that the book knows what the result depends on"
                )
            self.files.add(self.relative(path))
        elif within(path, (self.package,)):
            if suffix != ".pyc" and not (suffix == ".py" and is_import()):
                self.files.add(self.modules + os.path.relpath(path, self.package).replace(os.sep, "/"))
        elif not os.path.isfile(path):
            return  # a folder, or nothing that could be read
        elif within(path, (self.root,)) and not within(path, self.installed):
            advice = "bring the data into data/ and load them from there; the command `new table` brings a table in"
            if suffix in {".py", ".pyc"}:
                advice = f"put the function into {self.modules} and import it from there"
            self.refuse(f"{self.relative(path)} is read by a notebook; {advice}")
        elif self.is_elsewhere(path, suffix):
            self.refuse(
                f"{path} is read outside the project; bring the data into data/ and load them with a function of"
                f" {' or '.join(sorted(self.loaders))}"
            )

    def is_own(self, path: str) -> bool:
        """Say whether a file is the recorder's own, the notebook's, or of its earlier result and read by the package."""
        if self.before and within(path, (self.before,)):
            return any(name.startswith(f"{self.name}.") for name in callers())
        return path == self.own or within(path, (self.work,))

    def is_elsewhere(self, path: str, suffix: str) -> bool:
        """Say whether a file is evidence that lies outside, or one of the user's own, such as settings and passwords."""
        own = within(path, (self.home,)) and suffix not in CODE_SUFFIXES
        return (own or suffix in DATA_SUFFIXES) and not within(path, self.system)

    def on_list(self, path: Any) -> None:
        """Look at a folder whose content is about to be listed."""
        if path is None or isinstance(path, int):
            path = os.getcwd() if path is None else ""
        path = os.path.realpath(os.fsdecode(path)) if path else ""
        if within(path, (self.data,)):
            if not called_by(self.loaders):
                self.refuse(
                    f"the folder {self.relative(path)} is listed outside the loader; ask a function of"
                    f" {' or '.join(sorted(self.loaders))}"
                )
            self.folders.add(self.relative(path) + "/")

    def on_write(self, path: Any, folder: int | None = None, *_: Any) -> None:
        """Let pass or refuse a file that is about to be written, changed or removed."""
        if isinstance(path, int):
            return
        path = os.fsdecode(path)
        if isinstance(folder, int) and folder >= 0:  # the path is relative to a folder that is open
            path = os.path.join(f"/proc/self/fd/{folder}", path)
        # The folder is resolved, not the file: what is changed is a link, not what it points to.
        path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        published = within(path, (self.publish,))
        if published and called_by(self.publishers):
            if not self.running:  # by what a cell has left behind
                self.write()
            return
        if not published and (within(path, self.writable) or "__pycache__" in path):
            return
        self.refuse(
            f"the notebook writes {self.relative(path)}; it may only publish, with exhibits.figure, exhibits.table,"
            " exhibits.value, exhibits.statements and exhibits.tests"
        )

    def on_mkdir(self, path: Any, mode: int = 0, folder: int | None = None) -> None:
        """Look at a folder that is about to be made, unless it is there already."""
        if not os.path.isdir(path):
            self.on_write(path, folder)

    def on_rename(
        self, source: Any, target: Any, source_folder: int | None = None, target_folder: int | None = None
    ) -> None:
        """Look at both ends of a renaming."""
        self.on_write(source, source_folder)
        self.on_write(target, target_folder)

    def on_link(self, source: Any, target: Any, *_: Any) -> None:
        """Look at a link that is about to be made."""
        self.on_write(target)

    def on_sqlite(self, path: Any) -> None:
        """Look at a database that is about to be opened."""
        if os.fsdecode(path) not in {"", ":memory:"}:
            self.on_write(path)

    def on_socket(self, socket: Any, address: Any) -> None:
        """Refuse every connection, to another machine or to another program of this one."""
        if isinstance(address, tuple):
            self.on_name(*address)
        elif address:
            self.refuse(
                f"the notebook speaks to another program ({os.fsdecode(address)}); what it answers would not be known to the"
                " book"
            )

    def on_name(self, host: Any, *_: Any) -> None:
        """Refuse to go to the network."""
        self.refuse(f"the notebook goes to the network ({host}); notebooks work offline: bring the data into data/")

    def on_program(self, program: Any, *_: Any) -> None:
        """Refuse to start programs other than those that only ask about the machine."""
        if os.path.basename(os.fsdecode(program)) not in PROBES:
            self.on_system(program)

    def on_fork(self) -> None:
        """Refuse to go on in a second process, which would outlive the notebook."""
        self.refuse("the notebook starts a process of its own; do the work in its cells")

    def on_print(self, text: str) -> None:
        """Count what is printed, and refuse what no page could hold."""
        self.printed += len(text)
        if self.printed > OUTPUT:
            self.refuse(
                f"the notebook prints more than {OUTPUT // 1_000_000} million characters; show a few rows, or publish the"
                " data with an exhibit"
            )

    def on_system(self, command: Any) -> None:
        """Refuse to start a program."""
        if isinstance(command, list | tuple):
            command = command[0]
        self.refuse(
            f"the notebook starts a program ({os.fsdecode(command)}); what it does would not be known to the book: do"
            " it in Python"
        )

    def relative(self, path: str) -> str:
        """Return a path relative to the project where it lies in it."""
        if within(path, (self.data,)):
            return f"data{path.removeprefix(self.data)}".replace(os.sep, "/")
        return os.path.relpath(path, self.root).replace(os.sep, "/") if within(path, (self.root,)) else path

    def count(self, *_: Any) -> None:
        """Count the cells; IPython's own count may be that of the next one already while a cell runs."""
        self.cell += 1
        self.running = True

    def end(self, *_: Any) -> None:
        """Write down what was used, after a cell."""
        self.running = False
        self.write()

    def write(self) -> None:
        """Write down what was used until now."""
        modules, loaded = set(), set()
        for name, module in list(sys.modules.items()):
            if name == self.name or name.startswith(self.name + "."):
                if file := getattr(module, "__file__", None):
                    if file not in self.names:
                        self.names[file] = self.modules + os.path.relpath(file, self.package).replace(os.sep, "/")
                    modules.add(self.names[file])
                if name in self.loaders:
                    loaded |= set(getattr(module, "loaded", ()))
        # A module that was imported counts also where it is no longer known, or in parts where it is known twice.
        modules |= {f"src/{file}" for file in _parts}
        parts = {
            f"src/{file}#{part}": _parts[file][part]
            for file, part in [*_called, *((file, OUTSIDE) for file in _parts)]
            if part in _parts.get(file, ()) and f"src/{file}" not in self.files
        }
        files = set(self.files)
        if any(name.partition("#")[0] == DESCRIPTOR for name in loaded):
            # The loader says which entries of the descriptor it used; the file as a whole does not count then.
            files.discard(DESCRIPTOR)
        uses = sorted(modules | loaded | files | self.folders)
        record = json.dumps({"uses": uses, "parts": dict(sorted(parts.items())), "violations": self.violations})
        if record == self.written:
            return
        path = os.path.join(self.work, "record.json")
        with open(path + ".part", "w", encoding="utf-8") as file:
            file.write(record)
        os.replace(path + ".part", path)
        self.written = record


def within(path: str, folders: Iterable[str]) -> bool:
    """Say whether a path is one of the folders or lies in one."""
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def callers() -> Iterator[str]:
    """Yield the names of the modules whose functions are at work, the innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame.f_globals.get("__name__", "")
        frame = frame.f_back


def is_import() -> bool:
    """Say whether what is at work is the import of a module, and not another function of Python's that reads its text."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and (frame.f_globals is globals() or frame.f_globals.get("__name__") in IMPORT):
        if frame.f_code.co_name == "get_code":
            return True
        frame = frame.f_back
    return False


def called_by(modules: set[str]) -> bool:
    """Say whether a function of one of the modules is among the callers."""
    return any(name in modules for name in callers())


def functions_of(owner: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield the functions of a module and the methods of its classes with their names, not those inside a function."""
    for node in ast.iter_child_nodes(owner):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions_of(node, f"{prefix}{node.name}.")
        elif not isinstance(node, ast.expr):
            yield from functions_of(node, prefix)


def parts_of(module: ast.Module) -> dict[str, str]:
    """Return the digests of the parts of a module: of what is executed in each function, and of all that is outside.

    Remarks and the places of lines do not count. Decorators, arguments and docstrings are outside: they are there, and can be
    asked for, without a call. Functions of one name, as the parts of a property have, are one.

    Parameters
    ----------
    module : ast.Module

    Returns
    -------
    dict of str to str
        By name of the function; by :data:`OUTSIDE` the rest.
    """
    functions, bodies = [*functions_of(module)], {}
    parts: dict[str, Any] = {name: hashlib.blake2b(digest_size=16) for name in [*dict(functions), OUTSIDE]}
    for name, function in functions:
        # A generator is one before it is executed.
        parts[OUTSIDE].update(b"generator\n" if _generates(function) else b"function\n")
        documented = _documented(function)
        bodies[function], function.body = function.body, function.body[:documented]
        parts[name].update(b"function\n")  # the first statement of one is no last one of another
        for statement in bodies[function][documented:]:
            parts[name].update(ast.dump(statement).encode() + b"\n")
    parts[OUTSIDE].update(ast.dump(module).encode())
    for function, body in bodies.items():
        function.body = body
    return {name: part.hexdigest() for name, part in parts.items()}


def mark_functions(module: ast.Module, file: str) -> None:
    """Have a module tell the digests of its parts, and each of its functions that it is called.

    Parameters
    ----------
    module : ast.Module
        Changed in place; places of lines stay what they were.
    file : str
        Path of the module from the folder in which its package is.
    """
    parts = ast.parse(f"{TELL_PARTS}({file!r}, {parts_of(module)!r})").body
    for name, function in functions_of(module):
        note = ast.parse(f"{TELL_CALL}(({file!r}, {name!r}))").body[0]
        for node in ast.walk(note):
            vars(node).update(lineno=function.lineno, end_lineno=function.lineno, col_offset=0, end_col_offset=0)
        function.body.insert(_documented(function), note)
    after = _documented(module)
    while after < len(module.body) and _from_future(module.body[after]):
        after += 1
    module.body[after:after] = parts


def _documented(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many statements of a module or function are its docstring."""
    return int(ast.get_docstring(node, clean=False) is not None)


def _generates(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a call of a function does not execute it but returns a generator."""
    inside: list[ast.AST] = [*function.body]
    while inside:
        node = inside.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            inside += ast.iter_child_nodes(node)
    return False


def _from_future(statement: ast.stmt) -> bool:
    """Say whether a statement is one that must stand first in a module."""
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


_parts: dict[str, dict[str, str]] = {}  # digests by file and part, of each module that was imported
_called: set[tuple[str, str]] = set()  # file and part


def listen() -> None:
    """Take down what modules tell; with what costs least, as functions are called a million times."""
    known: Any = builtins
    known.__press_parts__, known.__press_call__ = _parts.__setitem__, _called.add


class ContentLoader(importlib.machinery.SourceFileLoader):
    """Reuse compiled modules by the content of their source.

    Python goes by size and time of the source, in whole seconds: a module saved twice within a second would be
    executed as it was before, and its old result be taken for the new one. Of PEP 552 it knows compiled code with the
    hash of its source, too, which it compares where it finds it, but writes none by itself. The functions of a module that
    is compiled here note that they are executed.
    """

    # Compiled code is another one where this file is.
    suffix = f".{hashlib.blake2b(Path(__file__).read_bytes(), digest_size=6).hexdigest()}.pyc"
    # The folder in which the package is.
    root = ""

    @classmethod
    def source_to_code(cls, data: Any, path: Any = "<string>", *, _optimize: int = -1) -> CodeType:
        """Compile a module whose functions tell that they are called; one that is nested too deeply as it is, to count whole."""
        with contextlib.suppress(RecursionError, ValueError):
            module = ast.parse(data, path)
            mark_functions(module, os.path.relpath(path, cls.root or os.path.dirname(path)).replace(os.sep, "/"))
            return compile(module, path, "exec", dont_inherit=True, optimize=_optimize)
        return compile(data, path, "exec", dont_inherit=True, optimize=_optimize)

    def get_data(self, path: str) -> bytes:
        """Read a file; compiled code from a file of our own, which other programs do not look at.

        Of the source the hash is kept: the file may be another one before its code is written.
        """
        data = super().get_data(self.own(path))
        if not path.endswith(".pyc"):
            self.source_hash = importlib.util.source_hash(data)
        return data

    def set_data(self, path: str, data: Any, **settings: Any) -> None:
        """Write compiled code: the mark of its format, that the hash is to be compared, the hash, and the code."""
        content = bytes(data[:4]) + HASH_COMPARED + self.source_hash + bytes(data[16:])
        super().set_data(self.own(path), content, **settings)

    @classmethod
    def own(cls, path: str) -> str:
        """Return the name of our own file for compiled code."""
        return path.removesuffix(".pyc") + cls.suffix if path.endswith(".pyc") else path


def import_by_content(package: str) -> None:
    """Have the modules of the package imported by :class:`ContentLoader`.

    Parameters
    ----------
    package : str
        Folder of the package.
    """

    def finder(path):
        real = os.path.realpath(path)
        if real != os.path.dirname(package) and not within(real, (package,)):
            raise ImportError
        suffixes = importlib.machinery.SOURCE_SUFFIXES
        return importlib.machinery.FileFinder(path, (ContentLoader, suffixes))

    ContentLoader.root = os.path.dirname(package)
    listen()
    sys.path_hooks.insert(0, finder)
    sys.path_importer_cache.clear()
    sys.path.insert(0, os.path.dirname(package))


def limit_memory(size: int | None) -> None:
    """Turn running out of memory into a ``MemoryError`` of the notebook, where the system can do so."""
    if size and sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (size, hard))


def cut_network() -> bool:
    """Leave this process without any network, where the system lets it.

    Returns
    -------
    bool
        Whether it has none now. An ordinary user may do so in a user namespace of their own, where the system has those.
    """
    if sys.platform != "linux":
        return False
    import ctypes

    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(NEW_NETWORK) == 0:
        return True
    user, group = os.getuid(), os.getgid()
    if unshare(NEW_USER | NEW_NETWORK) != 0:
        return False
    # Who one is stays as it was: files would else belong to nobody.
    for name, text in [("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")]:
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    return True


def count_output(stream: Any, recorder: Recorder) -> None:
    """Have a stream of the kernel tell the recorder what is printed."""
    write = stream.write

    def counted(text: str) -> int:
        recorder.on_print(text)
        return write(text)

    stream.write = counted


class Words(str):
    """What a ``KeyError`` shows as it is, and not between quotation marks."""

    __slots__ = ()
    __repr__ = str.__str__


def name_choices(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,
) -> None:
    """Have an error about a name that is not there say which ones there are: columns, arguments, functions.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
    kind, error, trace
        What was raised.
    tb_offset : int, optional
        As IPython asks for it.
    """
    frames = [frame for frame, _ in traceback.walk_tb(trace)]
    told = str(error)
    name, choices, owner = "", [], ""
    if isinstance(error, KeyError) and error.args:
        name, choices, owner = str(error.args[0]), _columns_asked(frames), "the frame has the columns"
    elif isinstance(error, TypeError) and (found := UNEXPECTED.match(told)):
        name, choices, owner = found["name"], _arguments(found["function"], frames), f"{found['function']} takes"
    elif isinstance(error, AttributeError) and error.name and error.obj is not None:
        asked: Any = error.obj
        frame = type(asked).__name__ == "DataFrame"
        name, choices = error.name, [str(column) for column in asked.columns] if frame else dir(asked)
        owner = "the frame has the columns" if frame else ""
    elif isinstance(error, ImportError) and (found := CANNOT.match(told)) and found["module"] in sys.modules:
        name, choices = found["name"], dir(sys.modules[found["module"]])
    if choices and name not in choices:
        close = difflib.get_close_matches(name, choices, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        more = f" and {len(choices) - CHOICES} more" if len(choices) > CHOICES else ""
        all_of_them = f" ({owner} {', '.join(choices[:CHOICES])}{more})" if owner else ""
        error.args = (Words(f"{error if isinstance(error, KeyError) else told}{hint}{all_of_them}"),)
        if isinstance(error, ImportError):
            error.msg = str(error.args[0])
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset, running_compiled_code=True)


def _columns_asked(frames: list[FrameType]) -> list[str]:
    """Return the columns of the frame of pandas that was asked for one which it has not."""
    columns: list[str] = []
    for frame in frames:
        owner: Any = frame.f_locals.get("self")
        if type(owner).__name__.endswith("Indexer"):  # asked for a row
            return []
        if type(owner).__name__ == "DataFrame" and frame.f_code.co_name in ASKING:
            columns = [str(name) for name in owner.columns]
    return columns


def _arguments(function: str, frames: list[FrameType]) -> list[str]:
    """Return the names of the arguments of a function that the frame which called it can reach; empty where it cannot."""
    name, *parts = function.removesuffix(".__init__").split(".")
    reached = {**frames[-1].f_globals, **frames[-1].f_locals}
    owners = [reached, *(vars(value) for value in reached.values() if isinstance(value, ModuleType))]
    for owner in owners:
        found = functools.reduce(lambda each, part: getattr(each, part, None), parts, owner.get(name))
        if callable(found) and getattr(found, "__qualname__", name) == ".".join([name, *parts]):
            try:
                parameters = inspect.signature(found).parameters.values()
            except ValueError:  # of compiled code, which does not say what it takes
                return []
            return [each.name for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    return []


def main(job: dict[str, Any]) -> None:
    """Run a kernel until it is shut down.

    Parameters
    ----------
    job : dict
        ``connection_file, root, package, work, before, contract, environment, memory, offline, parent``.
    """
    from ipykernel.kernelapp import IPKernelApp

    os.environ.update(job["environment"])
    tempfile.tempdir = None
    os.chdir(job["root"])
    # The sources of this checkout, also where another checkout of the package is the installed one.
    import_by_content(job["package"])
    limit_memory(job["memory"])
    recorder = Recorder(job["root"], job["package"], job["work"], job["before"], **job["contract"])
    if job["offline"]:
        cut_network()
    app = IPKernelApp.instance(connection_file=job["connection_file"], parent_handle=job["parent"])
    app.initialize(["--HistoryManager.hist_file=:memory:"])
    shell: Any = app.shell
    for stream in (sys.stdout, sys.stderr):
        count_output(stream, recorder)
    shell.set_custom_exc((KeyError, TypeError, AttributeError, ImportError), name_choices)
    shell.events.register("pre_run_cell", recorder.count)
    shell.events.register("post_run_cell", recorder.end)
    sys.addaudithook(recorder.hook)
    try:
        app.start()
    except Exception:
        # By now the kernel's own stream is the notebook's, and what is written there is lost with the kernel.
        traceback.print_exc(file=sys.__stderr__)
        raise


if __name__ == "__main__":
    del sys.path[0]  # the folder of this file, which must not be importable from a notebook
    main(json.loads(sys.argv[1]))
