"""How much of the code the tests reach: lines and branches of each package of ``src``, also in the processes that tests start.

    python benchmarks/trust_coverage.py [--missing] [tests ...]

Kernels, builds and writers are processes of their own, forked or begun anew, and end without Python's usual end: coverage is told of
each way, in ``[tool.coverage]`` of ``pyproject.toml``. What a kernel does is not seen, since kernels are killed when they are no longer
needed, and counts as not reached. Tests of pages in a browser and the notebooks themselves are left out: they look at what was built.
So are two tests that build the whole book again and again and reach nothing that others do not. Being reached is not being tested: ``trust_mutants`` asks whether anything would be noticed.

Not here: a bar in ``make test``. Measuring makes the tests take half as long again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import trust

ROOT = Path(__file__).parents[1]
TESTS = ["tests/whole", "tests/press", "tests/data", "tests/unit"]
AGAIN = ["tests/whole/test_cold_build.py", "tests/whole/test_edits_of_the_report.py"]
LEAST = 95  # per cent, in each package


def measure(tests: list[str], folder: Path) -> dict[str, dict]:
    """Run tests and return what coverage knows of each file of ``src``.

    Parameters
    ----------
    tests : list of str
        What pytest is to run.
    folder : pathlib.Path
        An empty one for the records of processes.

    Returns
    -------
    dict of str to dict
        By path below the root: the entry of coverage's report as JSON.

    Raises
    ------
    SystemExit
        If a test failed: what was reached on the way to a failure counts for nothing.
    """
    environment = {**os.environ, "COVERAGE_FILE": str(folder / "coverage")}
    coverage, report = [sys.executable, "-m", "coverage"], folder / "report.json"
    run = [*coverage, "run", "-m", "pytest", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
    run += [*tests, *(f"--ignore={test}" for test in AGAIN)]
    if subprocess.run(run, cwd=ROOT, env=environment, check=False).returncode:
        raise SystemExit("a test failed; what is reached then is not recorded")
    subprocess.run([*coverage, "combine", "--quiet"], cwd=ROOT, env=environment, check=True)
    subprocess.run([*coverage, "json", "--quiet", "-o", str(report)], cwd=ROOT, env=environment, check=True)
    return json.loads(report.read_bytes())["files"]


def shares(files: dict[str, dict]) -> dict[str, float]:
    """Return the per cent of lines and branches that were reached, by package.

    Parameters
    ----------
    files : dict of str to dict
        As :func:`measure` returns them.

    Returns
    -------
    dict of str to float
    """
    reached, all_ = Counter(), Counter()
    for path, entry in files.items():
        package, summary = Path(path).parts[1], entry["summary"]
        reached[package] += summary["covered_lines"] + summary["covered_branches"]
        all_[package] += summary["num_statements"] + summary["num_branches"]
    return {package: 100 * reached[package] / all_[package] for package in sorted(all_)}


def main() -> int:
    """Measure and record; returns whether a package is below the least."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tests", nargs="*", default=TESTS, help="what pytest is to run; recorded only if all is run")
    parser.add_argument("--missing", action="store_true", help="list the lines and branches that no test reaches")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crossroads-coverage-") as folder:
        files = measure(options.tests, Path(folder))
    if options.missing:
        for path, entry in files.items():
            lines, branches = entry["missing_lines"], [f"{first}-{last}" for first, last in entry["missing_branches"]]
            print(path, *([f"lines {lines}"] if lines else []), *([f"branches {branches}"] if branches else []))
    found = shares(files)
    told = ", ".join(f"{package} {share:.1f}" for package, share in found.items())
    low = sum(share < LEAST for share in found.values())
    if options.tests != TESTS:
        print(f"reached, in per cent: {told}")
        return 0
    trust.record(
        "coverage",
        asks=f"Do tests reach {LEAST} of 100 lines and branches of each package?",
        command="python benchmarks/trust_coverage.py",
        n=len(found),
        wrong=low,
        said=f"packages have a lower share (per cent: {told})",
    )
    return int(low > 0)


if __name__ == "__main__":
    sys.exit(main())
