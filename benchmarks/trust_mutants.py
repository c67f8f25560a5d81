"""Small faults put into the analysis functions on purpose, one at a time: do the unit tests notice each of them?

    python benchmarks/trust_mutants.py [--sample 100] [--seed 0] [module ...]

A fault (mutant) is a comparison that includes its bound or no longer does, a plus for a minus, a constant off by one, an *and* for an
*or*, a dropped *not* or sign, a result of None, or a refusal that is left out. Of each module those with the lowest digest are drawn,
so that a change of code does not draw others elsewhere. A survivor counts as a fault of the tests unless
``data/survivors.csv`` says why it cannot be told from the original. What was tried is recorded for the quality annex.

Tools for this are not used: mutmut runs the tests twice in one process, which Hypothesis refuses, and draws no sample; cosmic-ray
imports all libraries for each fault. Here each fault is a fork of a session of pytest that has collected all tests, in which those
that reach its statement run, the quickest first.
"""

import argparse
import ast
import collections
import copy
import csv
import functools
import hashlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import pytest
import trust

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "crossroads"
STATES = ROOT / "_build" / "mutants.json"
EXPLAINED = ROOT / "data" / "survivors.csv"
MODULES = ["composite", "indicators", "models", "regions", "survey"]
OPTIONS = ["-q", "-s", "-p", "no:nbval", "-p", "no:xdist", "-p", "no:cacheprovider", "-o", "addopts=", "-m", "not builds and not simulates"]  # fmt: skip
# Of the tests that reach a fault the quickest run, up to this many seconds of the processor: whoever survives them counts as a
# survivor. A fault may make a loop endless or an array huge, so that there is a limit of five times that, and of bytes.
MOST_SECONDS, MOST_MEMORY = 5, 8_000_000_000
BROKEN = 70  # what a fork returns that ended with an exception of its own
# What decorators, class methods, properties and cached properties hold their function in.
HOLDERS = ("__wrapped__", "__func__", "fget", "func")
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
COMPARISONS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
               ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}  # fmt: skip  # codespell:ignore
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.Mult,
              ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd}  # fmt: skip


@dataclass
class Mutant:
    """One fault: the words and place that name it, and the code with it."""

    path: Path
    lines: range  # of its statement
    function: str
    was: str
    becomes: str
    number: int  # among those that read the same in one function
    code: types.CodeType | None = None

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What stays when lines move."""
        name = self.path.relative_to(SOURCE).as_posix()
        return name, self.function, self.was, self.becomes, str(self.number)


def variants(node: ast.AST) -> Iterator[ast.AST | None]:
    """Yield what may stand in the place of a node, children and all."""
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                other = copy.copy(node)
                other.ops = [*node.ops[:place], COMPARISONS[type(operator)](), *node.ops[place + 1 :]]
                yield other
        case ast.BinOp() | ast.AugAssign() if type(node.op) in ARITHMETIC:
            other = copy.copy(node)
            other.op = ARITHMETIC[type(node.op)]()
            yield other
        case ast.BoolOp():
            other = copy.copy(node)
            other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield other
        case ast.UnaryOp():
            yield node.operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant) or value.value is not None:
            yield ast.Return(ast.Constant(None))
        case ast.Raise():
            yield ast.Pass()


def children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    """Yield the fields of a node in which faults are put: no types, no words of errors, nothing for type checkers alone."""
    if isinstance(node, ast.Raise | ast.JoinedStr) or (
        isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ):
        return
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return  # ours always hold: they are there for who changes the code
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "type_params"}:
            continue
        if isinstance(value, ast.AST):
            yield name, None, value
        elif isinstance(value, list):
            yield from ((name, place, each) for place, each in enumerate(value) if isinstance(each, ast.AST))


def mutants(path: Path, wanted: Collection[tuple[str, ...]] = ()) -> Iterator[Mutant]:
    """Yield every fault of one file; those with a wanted key with their code."""
    tree = ast.parse(path.read_text("utf-8"))
    same: collections.Counter = collections.Counter()

    def visit(node: ast.AST, function: str, lines: range) -> Iterator[Mutant]:
        for name, place, child in children(node):
            inside = f"{function}.{child.name}".lstrip(".") if isinstance(child, SCOPES) else function
            within = own_lines(child) if isinstance(child, ast.stmt) else lines
            for other in variants(child):
                shown = (child, other) if isinstance(child, ast.stmt) or isinstance(node, ast.stmt) else (node, node)
                was = first_line(shown[0])
                put(node, name, place, ast.fix_missing_locations(ast.copy_location(other, child)))
                key = (inside, was, first_line(shown[1]))
                same[key] += 1
                mutant = Mutant(path, within, *key, same[key])
                if mutant.key in wanted:
                    mutant.code = compile(tree, str(path), "exec")
                yield mutant
                put(node, name, place, child)
            yield from visit(child, inside, within)

    return visit(tree, "", range(0))


def own_lines(statement: ast.stmt) -> range:
    """Return the lines of a statement without those of its body; the first of a function is that of its decorators."""
    first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", []))])
    body = getattr(statement, "body", None)
    return range(first, max(body[0].lineno if body else statement.end_lineno + 1, first + 1))


def first_line(node: ast.AST) -> str:
    """Return the code of a node, or the head of it."""
    return ast.unparse(node).partition("\n")[0][:120]


def put(node: ast.AST, name: str, place: int | None, child: ast.AST) -> None:
    """Set the field of a node, or one place of it."""
    if place is None:
        setattr(node, name, child)
    else:
        getattr(node, name)[place] = child


def digest(mutant: Mutant, seed: int) -> str:
    """Return what a mutant is drawn by."""
    return hashlib.sha256(repr((seed, mutant.key)).encode()).hexdigest()


def patched(old: Any, new: Any) -> None:
    """Put code, defaults and numbers of what was compiled with a fault into the same of a module that all others hold."""
    match old, new:
        case dict(), dict():
            members(old, new, old.__setitem__)
        case (tuple(), tuple()) | (list(), list()):
            for one, other in zip(old, new, strict=False):
                patched(one, other)
        case (type(), type()) if own(old, new):
            members(vars(old), vars(new), functools.partial(setattr, old))
        case (types.FunctionType(), types.FunctionType()) if own(old, new):
            old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
            for one, other in zip(old.__closure__ or (), new.__closure__ or (), strict=True):
                if isinstance(
                    one.cell_contents, types.FunctionType
                ):  # what a decorator wraps; not the class of a method
                    patched(one.cell_contents, other.cell_contents)
        case _:
            held = [name for name in HOLDERS if hasattr(new, name) and hasattr(old, name)]
            for name in held:
                patched(getattr(old, name), getattr(new, name))
            preset(old, new)


def preset(old: Any, new: Any) -> None:
    """Put the fields of an instance that a module makes into the one that all others hold, such as a design."""
    if not isinstance(new, type) and is_dataclass(new) and type(old).__qualname__ == type(new).__qualname__:
        ours, theirs = ({each.name: getattr(one, each.name) for each in fields(new)} for one in (old, new))
        members(ours, theirs, functools.partial(object.__setattr__, old))


def members(old: Mapping[str, Any], new: Mapping[str, Any], put_in: Callable[[str, Any], None]) -> None:
    """Put numbers and words into a module, class or dictionary, and patch all else."""
    for name in [name for name in new if name in old]:
        if not (plain(new[name]) and plain(old[name])):
            patched(old[name], new[name])
        elif not str(name).startswith("__"):
            put_in(name, new[name])


def own(old: Any, new: Any) -> bool:
    """Return whether two functions or classes are the same one of the module at hand, compiled twice."""
    return bool(old is not new and old.__module__ == new.__module__)


def plain(value: object) -> bool:
    """Return whether a value is a number, words, or several of them."""
    if isinstance(value, tuple | list | set | frozenset):
        return all(map(plain, value))
    if isinstance(value, dict):
        return all(map(plain, value.values()))
    return isinstance(value, bool | int | float | str | None)


def put_into(mutant: Mutant) -> bool:
    """Put a fault into the module that is imported; return whether the module can be imported with it."""
    parts = mutant.path.relative_to(SOURCE.parent).with_suffix("").parts
    module = sys.modules[".".join(parts).removesuffix(".__init__")]
    about = {name: value for name, value in vars(module).items() if name.startswith("__")}
    new, before = dict(about), dict(vars(module))
    try:
        exec(mutant.code, new)
    except Exception:
        return False
    patched(vars(module), {name: value for name, value in new.items() if name not in about})
    constants = {name: value for name, value in before.items() if plain(value) and name not in about}
    for other in [each for name, each in sys.modules.items() if name.startswith("crossroads.")]:
        for name in constants.keys() & vars(other).keys():  # imported by name
            if vars(other)[name] is constants[name]:
                vars(other)[name] = vars(module)[name]
    return True


class Trial:
    """Plugin of pytest: in place of running the tests once, run those that reach a fault, for each fault in a fork."""

    def __init__(self, options: argparse.Namespace, explained: set) -> None:
        self.options, self.explained = options, explained
        self.found: dict[str, collections.Counter] = {}
        self.states: dict[str, str] = json.loads(STATES.read_text()) if STATES.exists() else {}
        self.failed, self.into = False, set()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the faults of all modules."""
        for module in self.options.modules or MODULES:
            self.found[module] = self.tried(
                module, [i for i in session.items if i.path.name.startswith(f"test_{module}")]
            )
        return True

    def tried(self, module: str, items: list[pytest.Item]) -> collections.Counter:
        """Try the faults of one module; print survivors that nothing explains."""
        folder = SOURCE / module
        paths = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
        every = sorted((m for path in paths for m in mutants(path)), key=lambda each: digest(each, self.options.seed))
        wanted = {mutant.key for mutant in every[: self.options.sample] if self.options.only in " ".join(mutant.key)}
        print(f"{module}: {len(wanted)} of {len(every)}, {len(items)} tests", flush=True)
        found: collections.Counter = collections.Counter()
        tests: list | None = None
        for mutant in [mutant for path in paths for mutant in mutants(path, wanted) if mutant.code]:
            name = " | ".join(mutant.key)
            state = self.states.get(name) if self.options.again else None
            if state == "survived" and mutant.key in self.explained:
                state = "explained"
            if state not in {"killed", "explained"}:
                tests = tests or self.reached(items, {str(path) for path in paths})
                state = self.state(mutant, tests)
            self.states[name] = state
            found[state] += 1
            if state == "survived":
                print(f"  {mutant.path.relative_to(ROOT)}:{mutant.lines.start} {mutant.key}", flush=True)
            STATES.parent.mkdir(exist_ok=True)
            STATES.write_text(json.dumps(self.states, indent=1))
        print(f"{module}: {dict(found)}", flush=True)
        return found

    def state(self, mutant: Mutant, tests: list[tuple[pytest.Item, float, set]]) -> str:
        """Return whether a fault is killed by the tests that reach its statement, explained, or survives."""
        places = {(str(mutant.path), line) for line in mutant.lines}
        # What is executed at import, or by no test, may be told by any.
        reaching = [each for each in tests if places & each[2]] or tests
        chosen, total = [], 0.0
        for item, seconds, _ in sorted(reaching, key=lambda each: each[1]):
            total += seconds
            if chosen and total > MOST_SECONDS:
                break
            chosen.append(item)

        def run() -> int:
            return self.run(chosen) if put_into(mutant) else 1

        code = forked(run, 20 + 5 * min(total, MOST_SECONDS))
        if code == BROKEN:
            print("  The next one could not be put into its module, which tells nothing of the tests:")
        elif code:
            return "killed"
        return "explained" if mutant.key in self.explained else "survived"

    def reached(self, items: list[pytest.Item], paths: set[str]) -> list[tuple[pytest.Item, float, set]]:
        """Return of each test its seconds of the processor and the lines of the files that it reaches; all have to pass.

        What is reached while a test is set up counts for all tests of its file, since they may share what was set up.
        """

        def trace(frame: types.FrameType, event: str, argument: object) -> Callable | None:
            if frame.f_code.co_filename not in paths:
                return None
            self.into.add((frame.f_code.co_filename, frame.f_lineno))
            return trace

        def give_up(*_: object) -> None:
            pytest.skip("takes longer than tests may take here")

        def run() -> int:
            answer = []
            signal.signal(signal.SIGPROF, give_up)
            for item in items:
                self.into, began = set(), time.process_time()
                signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
                sys.settrace(trace)
                self.run([item])
                sys.settrace(None)
                signal.setitimer(signal.ITIMER_PROF, 0)
                answer.append((time.process_time() - began, sorted(self.into)))
                if self.failed:
                    print(f"{item.nodeid} fails without a fault", file=sys.stderr)
                    return 1
            Path(file.name).write_text(json.dumps(answer))
            return 0

        with tempfile.NamedTemporaryFile() as file:
            if forked(run, 3600, silent=False):
                raise SystemExit("the tests do not pass without a fault")
            answers = json.loads(Path(file.name).read_text())
        return [
            (item, seconds, {(path, line) for path, line in lines})
            for item, (seconds, lines) in zip(items, answers, strict=True)
        ]

    def run(self, items: list[pytest.Item]) -> int:
        """Run tests until one fails; return whether one did."""
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return 1
        return 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Learn whether a test failed."""
        self.failed |= report.failed


def forked(run: Callable[[], int], seconds: float, silent: bool = True) -> int:
    """Return the exit code of a function in a fork, or minus the signal that ended it."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code = BROKEN
        try:
            if silent:
                for stream in (1, 2):
                    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
            signal.alarm(int(30 * seconds))  # for what waits; a busy machine takes long
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            code = run()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> int:
    """Put faults into modules, print what survived, and record the count."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("modules", nargs="*", help="names of modules; all when none is given")
    parser.add_argument("--sample", type=int, default=100, help="faults of each module")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="only faults whose description holds these words")
    parser.add_argument(
        "--again", action="store_true", help="what was killed or explained last time stays so: tests were only added"
    )
    parser.add_argument("--record", action="store_true", help="record the result of some modules, too")
    options = parser.parse_args()
    os.chdir(ROOT)
    with EXPLAINED.open(encoding="utf-8", newline="") as file:
        explained = {tuple(row.values())[:5] for row in csv.DictReader(file)}
    trial = Trial(options, explained)
    files = [
        str(path)
        for module in options.modules or MODULES
        for path in sorted((ROOT / "tests" / "unit").glob(f"test_{module}*.py"))
    ]
    pytest.main([*OPTIONS, *files], plugins=[trial])
    parts = trial.found
    total = sum(parts.values(), collections.Counter())
    if options.record or not (options.modules or options.only):
        trust.record(
            "mutants",
            asks=f"Do the unit tests notice a small fault in the analysis functions ({', '.join(sorted(parts))})?",
            command=" ".join(["python benchmarks/trust_mutants.py", *options.modules]),
            n=total.total(),
            wrong=total["survived"],
            said=f"faults went unnoticed and unexplained ({total['explained']} more change no result)",
        )
    return int(bool(total["survived"]))


if __name__ == "__main__":
    sys.exit(main())
