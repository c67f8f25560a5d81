"""What shows that the book can be trusted: the last result of each command that puts it to the test, in ``data/trust.json``.

    python benchmarks/trust.py [what]    prints the last results; with a word, those whose name holds it

A benchmark that tries something many times calls :func:`record` with how many it tried and how many went wrong; the quality
annex shows the file as a table. An item is recorded only by what has just tried it: nothing is typed here or there.

Not here: times and promises of methods (``data/benchmarks.json``, ``data/simulations.csv``), the trials themselves.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import build as benchmark

RESULT = benchmark.ROOT / "data" / "trust.json"


def record(item: str, *, asks: str, command: str, n: int, wrong: int, said: str) -> dict[str, str | int]:
    """Keep the result of a trial in the place of the last one of the same name.

    Parameters
    ----------
    item : str
        Name of the trial, such as ``damaged-files``.
    asks : str
        The question that it answers, as one sentence for readers.
    command : str
        What anybody types to try it again, from the root of a checkout.
    n, wrong : int
        How many were tried, and how many of them went wrong.
    said : str
        What went wrong, in words that complete "0 of 12 ...", such as ``files differ``.

    Returns
    -------
    dict
        The entry: ``asks, command, n, wrong, result, date, commit, machine``.

    Raises
    ------
    ValueError
        If nothing was tried, or more went wrong than was tried.
    """
    if not 0 <= wrong <= n or not n:
        raise ValueError(f"{item}: {wrong} of {n} went wrong; expected at least one trial and no more wrong than tried")
    entry = {"asks": asks, "command": command, "n": n, "wrong": wrong, "result": f"{wrong:,} of {n:,} {said}"}
    entry |= benchmark.about()
    kept = json.loads(RESULT.read_bytes()) if RESULT.exists() else {}
    text = json.dumps(dict(sorted({**kept, item: entry}.items())), indent=1, ensure_ascii=False)
    RESULT.write_text(text + "\n", "utf-8")
    print(f"{entry['result']}; written to {RESULT.name}")
    return entry


def main() -> int:
    """Print what was recorded."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", nargs="?", default="", help="part of the name of an item")
    options = parser.parse_args()
    for item, entry in json.loads(RESULT.read_bytes()).items():
        if options.what in item:
            print(f"{item:20} {entry['result']}  ({entry['command']}; {entry['date']}, {entry['commit']})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
