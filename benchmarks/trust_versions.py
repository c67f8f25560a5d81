"""Other versions of Python: ``make test`` with each, in a clone and an environment of its own.

    python benchmarks/trust_versions.py python3.12 python3.13 python3.14

Names of interpreters or paths to them. What is recorded is the number of tests of each version, and of those that failed. The
workflow ``versions`` runs the same once a week with all that the project says it supports.

Not here: other versions of the libraries; the lock holds the same ones for each version of Python.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).parent))
import trust

ROOT = Path(__file__).parents[1]


def outcome(report: Path) -> tuple[int, int]:
    """Return how many tests of a report of pytest were run, and how many of them failed.

    Parameters
    ----------
    report : pathlib.Path
        What ``--junitxml`` wrote.

    Returns
    -------
    tuple of int
    """
    suites = list(ElementTree.parse(report).iter("testsuite"))
    total = {
        name: sum(int(suite.get(name, 0)) for suite in suites) for name in ["tests", "skipped", "failures", "errors"]
    }
    return total["tests"] - total["skipped"], total["failures"] + total["errors"]


def run(interpreter: str, folder: Path) -> tuple[int, int]:
    """Run all tests in a clone with an interpreter.

    Parameters
    ----------
    interpreter : str
        Name or path of an interpreter of Python.
    folder : pathlib.Path
        Where the clone is made; it must not be there yet.

    Returns
    -------
    tuple of int
        How many tests were run, and how many failed.

    Raises
    ------
    SystemExit
        If the environment could not be made or no test was run.
    """
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    report = folder.with_suffix(".xml")
    environment = {**os.environ, "PYTEST_ADDOPTS": f"--junitxml={report}"}
    subprocess.run(["make", "test", f"PYTHON={interpreter}"], cwd=folder, env=environment, check=False)
    if not report.exists():
        raise SystemExit(f"{interpreter}: no test was run; what make said stands above")
    return outcome(report)


def main() -> int:
    """Run with each interpreter and record; returns whether a test failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("interpreters", nargs="+")
    options = parser.parse_args()
    if missing := [name for name in options.interpreters if not shutil.which(name)]:
        parser.error(f"no interpreter is at {', '.join(missing)}")
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="crossroads-versions-") as folder:
        for interpreter in options.interpreters:
            asked = [interpreter, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
            version = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
            n, failed = run(interpreter, Path(folder) / f"python{version}")
            trust.record(
                f"python-{version}",
                asks=f"Do all tests pass with Python {version}, in an environment of its own from the lock?",
                command=f"python benchmarks/trust_versions.py python{version}",
                n=n,
                wrong=failed,
                said="tests failed",
            )
            wrong += failed
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
