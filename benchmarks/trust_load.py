"""Tests under load: the whole suite again and again beside processes that take every core, as on a machine that others use.

    python benchmarks/trust_load.py [--runs 20] [tests ...]

A test that asks for a time fails on a busy machine one day, and is then believed no more. Beside each run there are two processes
a core that only count, and the order of the files is drawn anew. Without tests named, those run that start processes, wait for them or
talk to them; ``tests`` names the whole.

Not here: how long anything takes (``benchmarks/build.py``).
"""

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import trust

ROOT = Path(__file__).parents[1]
TESTS = [
    "tests/press/test_end_of_writing.py", "tests/press/test_guard.py", "tests/press/test_printing.py", "tests/press/test_runs.py",
    "tests/press/test_runs_dask.py", "tests/press/test_serve.py", "tests/press/test_setting.py",
    "tests/unit/test_sources_refresh.py",
]  # fmt: skip


def count_for_ever() -> None:
    """Take a core, with the priority of anybody else."""
    while True:
        pass


def main() -> int:
    """Run the tests as often as asked for, and record how many runs had a failure."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tests", nargs="*", default=TESTS)
    parser.add_argument("--runs", type=int, default=20)
    options = parser.parse_args()
    cores = os.cpu_count() or 1
    others = [multiprocessing.Process(target=count_for_ever, daemon=True) for _ in range(2 * cores)]
    for process in others:
        process.start()
    failed = 0
    try:
        for number in range(options.runs):
            tests = random.Random(number).sample(options.tests, len(options.tests))
            command = [
                sys.executable,
                "-m",
                "pytest",
                "-n",
                "auto",
                "--dist",
                "loadfile",
                "--no-loadscope-reorder",
                *tests,
            ]
            code = subprocess.run(command, cwd=ROOT, check=False).returncode
            failed += code != 0
            print(f"run {number + 1}: {'a failure' if code else 'all passed'}", flush=True)
    finally:
        for process in others:
            process.kill()
    whole = options.tests != TESTS
    trust.record(
        "load-whole" if whole else "load",
        asks=f"Do {'tests' if whole else 'tests that wait for processes'} pass on a machine whose cores are all taken twice by others?",
        command=f"python benchmarks/trust_load.py --runs {options.runs}"
        + "".join(f" {test}" for test in options.tests if whole),
        n=options.runs,
        wrong=failed,
        said="runs had a failure",
    )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
