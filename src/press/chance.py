"""What differs from run to run: the clock, chance without a seed, the machine; found in the code before it is executed.

A number that hangs on one of them is another one tomorrow, on every machine, and no fingerprint tells. Most of it is a slip
that the code shows: a generator without a seed, today's date, a list of the files of a folder. The same second execution that
compares all numbers (nbval) finds what is hidden deeper.

Not here: what a notebook reads, writes and starts (``press.run.inside`` sees it done).
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOCK = "reads the clock; write the date, or take it from the data"
SEED = "gives another result in each run; draw with numpy.random.default_rng and a seed"
MACHINE = "asks the machine, which answers otherwise elsewhere; write the value"
FOLDER = "lists the files of a folder, whose names and order nobody promises; load what you need by name"
SILENT = "filters warnings away; mend what they warn of"
# By full name as it is imported. Methods whose object is not known to the code stand by their last name alone.
CALLS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), said)
    for pattern, said in [
        (r"datetime\.(datetime|date)\.(now|utcnow|today)", CLOCK),
        (
            r"time\.(time|time_ns|localtime|gmtime|ctime|strftime|monotonic(_ns)?|perf_counter(_ns)?|process_time)",
            CLOCK,
        ),
        (r"pandas\.(Timestamp|Period)\.(now|today|utcnow)", CLOCK),
        (r"uuid\.uuid[14]|secrets\.\w+|os\.urandom|random\.SystemRandom", SEED),
        (r"random\.(?!Random$|seed$)[a-z]\w*", SEED),
        (r"numpy\.random\.(?!default_rng|seed)[a-z]\w*", SEED),
        (r"os\.(getenv|getpid|getlogin|uname|cpu_count)|os\.environ\.\w+|platform\.\w+|socket\.gethostname", MACHINE),
        (r"pathlib\.Path\.(home|cwd)|os\.path\.(expanduser|expandvars)|os\.getcwd", MACHINE),
        (r"os\.(listdir|scandir|walk)|glob\.i?glob", FOLDER),
        (r"warnings\.(filterwarnings|simplefilter|catch_warnings|resetwarnings)", SILENT),
    ]
)
SEEDED = re.compile(r"numpy\.random\.(default_rng|RandomState|SeedSequence|seed)|random\.(Random|seed)")
# Words without which nothing here can be found: to parse all code of a book takes half a second of each build.
NAMED = r"(?:datetime|glob|os|path|pathlib|platform|random|secrets|socket|time|uuid|warnings|Path|Period|Timestamp)"
WORDS = re.compile(
    rf"^\s*(?:import|from)\b.*\b{NAMED}\b|\bimport\s*\([^)]*\b{NAMED}\b|\.\s*(?:random|Timestamp|Period|datetime64)\b"
    r"|\.\s*(?:sample|iterdir|rglob|glob)\s*\(|;\s*(?:import|from)\b",
    re.MULTILINE,
)
METHODS = {"iterdir": FOLDER, "rglob": FOLDER, "glob": FOLDER}
NO_CALL = re.compile(r"os\.environ")


def find(source: str, *, module: bool = False) -> Iterator[tuple[int, str]]:
    """Find what differs from run to run.

    Parameters
    ----------
    source : str
        Python.
    module : bool
        Of the book's package: it may ask the machine where the book lies and list folders, as somebody must, but neither look at
        the clock nor draw without a seed.

    Yields
    ------
    line, message
        Nothing where the source cannot be parsed: executing it says where and why.
    """
    if not WORDS.search(source):
        return
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    names = dict(_imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            said = _judge(_full_name(node.func, names), node)
            if said and (said in (CLOCK, SEED) or not module):
                yield node.lineno, f"{ast.unparse(node.func)}() {said}"
        elif not module and isinstance(node, ast.Subscript) and NO_CALL.fullmatch(_full_name(node.value, names)):
            yield node.lineno, f"{ast.unparse(node.value)} {MACHINE}"


def _judge(name: str, call: ast.Call) -> str:
    """Say what is wrong with a call; nothing where all is well."""
    if SEEDED.fullmatch(name):
        first = (
            call.args[0] if call.args else next((entry.value for entry in call.keywords if entry.arg == "seed"), None)
        )
        return SEED if first is None or (isinstance(first, ast.Constant) and first.value is None) else ""
    if name == "numpy.datetime64" and call.args:
        return CLOCK if isinstance(call.args[0], ast.Constant) and call.args[0].value in {"now", "today"} else ""
    if isinstance(call.func, ast.Attribute) and not name:
        # A sample of a frame: pandas takes size and seed under these names.
        given = {entry.arg for entry in call.keywords}
        drawn = call.func.attr == "sample" and given & {"n", "frac"} and "random_state" not in given
        return SEED if drawn else METHODS.get(call.func.attr, "")
    return next((said for pattern, said in CALLS if pattern.fullmatch(name)), "")


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names that imports give, each with what it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for entry in node.names:
                yield (
                    (entry.asname or entry.name.partition(".")[0]),
                    (entry.name if entry.asname else entry.name.partition(".")[0]),
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for entry in node.names:
                yield entry.asname or entry.name, f"{node.module}.{entry.name}"


def _full_name(node: ast.expr, names: dict[str, str]) -> str:
    """Return the full name of what is called; empty where it does not begin with something imported."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in names:
        return ""
    return ".".join([names[node.id], *reversed(parts)])
