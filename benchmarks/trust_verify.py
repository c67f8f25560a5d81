"""Builds the current commit twice under other circumstances and keeps how many files differ, for the quality annex.

    python benchmarks/trust_verify.py

The same as ``make verify``, whose result it writes to ``data/trust.json``.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import trust

from press.desk import verify


def main() -> int:
    """Build, compare and record."""
    verdict = verify.verify(trust.benchmark.ROOT)
    print("\n".join(verdict.lines()))
    trust.record(
        "verify",
        asks="Does the same commit give the same bytes in another place, language, time zone, order and number of cores?",
        command="make verify",
        n=verdict.files,
        wrong=len({difference.path for difference in verdict.differences if not difference.notebook}),
        said="files for readers differ between two builds",
    )
    return int(bool(verdict.differences))


if __name__ == "__main__":
    sys.exit(main())
