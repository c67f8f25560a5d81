"""Every reader of what comes from outside, fuzzed: each input is refused with an error of ours or read right.

    python benchmarks/trust_fuzz.py [--inputs 100000] [--seed 0] [part of a reader's name ...]

The inputs are valid files with slips in them (``tests/fuzzing.py``), drawn by Hypothesis, the same number for each reader. What
was tried is recorded for the quality annex.
"""

import argparse
import collections
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests")]
import fuzzing  # noqa: E402
import trust  # noqa: E402

# What one input may take, in seconds of the processor and in bytes.
MOST_SECONDS, MOST_MEMORY = 10.0, 4_000_000_000


def fuzz(number: int, inputs: int, start: int) -> collections.Counter:
    """Give a reader many inputs; print and return how many were refused, read, and went wrong."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    reader, began = fuzzing.READERS[number], time.process_time()
    found: collections.Counter = collections.Counter()
    wrong: dict[str, bytes] = {}

    @seed(start)
    @settings(max_examples=inputs, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(fuzzing.damaged(reader.seeds(), reader.kind))
    def attempt(content: bytes) -> None:
        before = time.process_time()
        try:
            state = fuzzing.attempt(reader, content)
        except Exception as error:
            state = "wrong"
            wrong.setdefault(f"{type(error).__name__}: {str(error)[:200]}", content)
        if time.process_time() - before > MOST_SECONDS:
            state = "wrong"
            wrong.setdefault("takes too long", content)
        found[state] += 1

    attempt()
    for words, content in wrong.items():
        print(f"  {reader.name}: {words}\n    {content[:400]!r}", flush=True)
    print(f"{reader.name:14} {dict(sorted(found.items()))} {time.process_time() - began:.1f} s", flush=True)
    return found


def main() -> int:
    """Fuzz the readers, print what went wrong, and record the count."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="parts of names of readers; all when none is given")
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    chosen = [
        number
        for number, reader in enumerate(fuzzing.READERS)
        if not options.names or any(name in reader.name for name in options.names)
    ]
    inputs = -(-options.inputs // len(chosen))
    with ProcessPoolExecutor(options.processes, max_tasks_per_child=1, mp_context=get_context("spawn")) as pool:
        found = pool.map(fuzz, chosen, [inputs] * len(chosen), [options.seed] * len(chosen))
        total = sum(found, collections.Counter())
    if not options.names:
        trust.record(
            "fuzz",
            asks=f"Does every reader of outside files ({len(chosen)}) refuse a damaged one in words, or read it right?",
            command=f"python benchmarks/trust_fuzz.py --inputs {options.inputs}",
            n=total.total(),
            wrong=total["wrong"],
            said="inputs ended in a traceback, were read wrong, or took memory or time without bound",
        )
    return int(bool(total["wrong"]))


if __name__ == "__main__":
    sys.exit(main())
