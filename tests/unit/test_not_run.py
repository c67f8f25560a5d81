"""A newcomer's run must say in one line what was not run for want of publishers' files, and why."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_run_without_publishers_files_says_so_in_one_line():
    variables = {name: text for name, text in os.environ.items() if not name.startswith(("CROSSROADS_RAW", "PYTEST"))}
    files = ["tests/data/test_remake.py", "tests/unit/test_sources_nuts.py", "tests/unit/test_survey_published.py"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        *files,
        "-p",
        "no:xdist",  # the trials of faults run the tests without it, and could not once
        "-p",
        "no:cacheprovider",
        "-k",
        "published or changes_no_byte or nuts",
    ]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    told = [line for line in done.stdout.splitlines() if line.startswith("Not run: ")]
    assert len(told) == 1, done.stdout[-3000:]
    assert "tests: publishers' files, which may not all be passed on, are not at hand; set CROSSROADS_RAW" in told[0]
