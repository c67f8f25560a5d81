"""Builds killed at random moments: the next one must be right, in every byte.

    python benchmarks/kills.py [--kills 50] [--seed 1] [--second]

Half of the builds that are killed begin from nothing; the other half follow an edit, which is then taken back, with
the old times of the files: whatever the killed build had made of it must not be taken for current. With ``--second`` it is the
small second book of the tests that is built. The result is kept in ``data/trust.json``.
"""

import argparse
import copy
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import build as benchmark
import random_edits
import trust


def kill(process, seconds):
    """Kill a build after a time; returns whether it was still at work."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def compare(folder, kills, seed, subject=random_edits, system=benchmark.SYSTEMS[0]):
    """Kill builds and compare what the next one makes with a build that was never disturbed.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder to work in.
    kills, seed : int
    subject : module, optional
        The book that is built, as in :func:`random_edits.compare`.
    system : object, optional
        What builds it, as :class:`build.Ours` does.

    Returns
    -------
    int
        Number of killed builds after which the next one had a wrong file.
    """
    clock = random.Random(seed)
    book, sources = subject.make_book(folder / "book")
    state = subject.first_state()
    subject.write(book, state, sources, old=True)
    cold = system.build(book)
    expected, wrong, killed, times = system.pages(book), 0, 0, []
    for number in range(1, kills + 1):
        if number % 2:
            shutil.rmtree(book / "_build")
            limit = cold
        else:
            other = copy.deepcopy(state)
            for _ in range(3):
                subject.edit(other, clock)
            subject.write(book, other, sources, old=False)
            limit = cold / 2
        seconds = clock.uniform(0.2, limit)
        killed += kill(system.start(book), seconds)
        subject.write(book, state, sources, old=True)
        started = time.perf_counter()
        system.build(book)
        times.append(time.perf_counter() - started)
        different = benchmark.wrong_pages(system.pages(book), expected)
        wrong += bool(different)
        if different or number % 10 == 0:
            told = f"wrong: {', '.join(different[:10])} ({len(different)})" if different else "right so far"
            print(f"  {number} (after {seconds:.1f} of {limit:.1f} s): {told}", flush=True)
    mean = sum(times) / len(times)
    print(
        f"{kills} builds, {killed} of them killed at work: {wrong} wrong next builds; the next took {mean:.1f} s on average"
    )
    return wrong


def main():
    """Kill as many builds as asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--second", action="store_true", help="build the second book of the tests, which is small")
    options = parser.parse_args()
    subject = random_edits.second_book() if options.second else random_edits
    with tempfile.TemporaryDirectory(prefix="crossroads-kills-") as folder:
        wrong = compare(Path(folder), options.kills, options.seed, subject)
    trust.record(
        f"kills{'-second' * options.second}",
        asks=f"Is the next build{' of a small book' * options.second} right after one was killed at a random moment?",
        command=f"python benchmarks/kills.py --kills {options.kills} --seed {options.seed}{' --second' * options.second}",
        n=options.kills,
        wrong=wrong,
        said="killed builds had the next one go wrong",
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
