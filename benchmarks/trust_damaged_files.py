"""Publishers' files damaged in a dozen ways each: none may end in a library's traceback, or change a table unseen.

    CROSSROADS_RAW=<folder of publishers' files> python benchmarks/trust_damaged_files.py [--seconds N] [part of a file's name ...]

Every file that tables are made from is damaged in every way that its kind allows (``tests/damages.py``), and the tables that it
makes are made again. Given less time, those that are tried are a fair choice; what was tried is recorded for the quality annex.
"""

import argparse
import collections
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests")]
import damages  # noqa: E402
import trust  # noqa: E402


def main() -> int:
    """Damage files until the time is over, print what went wrong, and record the count."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="parts of names of files; all when none is given")
    parser.add_argument("--seconds", type=float, default=3600, help="after this time no other trial begins")
    parser.add_argument(
        "--light", action="store_true", help="leave out files of respondents, whose tables take minutes"
    )
    options = parser.parse_args()
    raw = Path(os.environ["CROSSROADS_RAW"])
    began, found = time.monotonic(), []
    for file, way in damages.every():
        if time.monotonic() - began > options.seconds:
            print(f"stopped before {file}, {way}")
            break
        if options.names and not any(name in file for name in options.names):
            continue
        if options.light and not damages.is_light(raw, file):
            continue
        with tempfile.TemporaryDirectory() as folder:
            outcome = damages.attempt(raw, Path(folder), file, way)
        found.append(outcome)
        if damages.is_wrong(outcome):
            print(f"{outcome.state:9} {file}, {way}: {outcome.words[:600]}", flush=True)
    states = collections.Counter(outcome.state for outcome in found)
    print(", ".join(f"{number} {state}" for state, number in sorted(states.items())))
    if not options.names:
        wrong = sum(map(damages.is_wrong, found))
        files = len({outcome.file for outcome in found})
        trust.record(
            "damaged-files",
            asks=f"Is a damaged file of a publisher ({files} files, {len(damages.ALL)} ways) refused with its place, or without effect?",
            command="python benchmarks/trust_damaged_files.py",
            n=len(found),
            wrong=wrong,
            said="ended in a traceback, without a place, or in another table",
        )
    return int(any(map(damages.is_wrong, found)))


if __name__ == "__main__":
    sys.exit(main())
