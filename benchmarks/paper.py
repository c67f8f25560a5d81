"""Seconds in which the volumes are set: from nothing, and after one phrase is edited where the compiler was kept.

    python benchmarks/paper.py [--times 5]

The pages are those of the last build (``_build/pdf/source``), which is left as it is. Each volume is set by itself, with
its links, tags and small file, in a process as the builder starts it; the median counts. What the builder does before,
translating the pages, is told by ``make book``.
"""

import argparse
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from press.paper import finishing, setting
from press.paper.builder import PDF_STANDARDS
from press.paper.code import string
from press.paper.translator import PLACE

ROOT = Path(__file__).parents[1]
FONTS = [str(ROOT / "src" / "crossroads" / "fonts")]


def set_volume(main):
    """Set a volume as the builder does; returns the bytes."""
    labels = sorted(set(re.findall(rf'"{PLACE}([^"]+)"', main.read_text("utf-8"))))
    names = "".join(f"{string(label)}, " for label in labels)
    question = f"({names}).map(name => (name, locate(label(name)).position()))"
    question += ".map(((name, place)) => (name, place.page, place.x.pt(), place.y.pt()))"
    compiler = {"input": str(main), "root": str(main.parent), "font_paths": FONTS, "ignore_system_fonts": True}
    told, pdf = setting.set_pages({"compiler": compiler, "standards": PDF_STANDARDS, "question": question})
    if "error" in told:
        sys.exit(told["error"])
    places = {label: (number, x, y) for label, number, x, y in told["answer"]}
    return finishing.finish(pdf, places, dict.fromkeys(labels, "place"), "page")


def edit(main, number):
    """Write a word into the first long sentence of a volume."""
    text = main.read_text("utf-8")
    found = re.search(r'^"[A-Z][^"\\]{60,}', text, re.MULTILINE)
    main.write_text(f"{text[: found.end()]} again {number}{text[found.end() :]}", "utf-8")


def seconds(function, *arguments):
    """Return how long a call took, and what it gave."""
    started = time.perf_counter()
    given = function(*arguments)
    return time.perf_counter() - started, given


def main():
    """Print a line for each volume."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=5, help="how often each is set")
    times = parser.parse_args().times
    source = ROOT / "_build" / "pdf" / "source"
    if not source.exists():
        sys.exit(f"{source} is not there; build the book first")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, median of {times}")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(source, Path(folder, "source")))
        for volume in sorted(copy.glob("*.typ")):
            anew = [seconds(set_volume, volume)[0] for _ in range(times)]
            with setting.kept():
                set_volume(volume)
                kept = []
                for number in range(times):
                    edit(volume, number)
                    took, pdf = seconds(set_volume, volume)
                    kept.append(took)
            if pdf != set_volume(volume):
                sys.exit(f"{volume.stem}: a kept compiler gives other bytes than a new one")
            from_nothing, edited = statistics.median(anew), statistics.median(kept)
            print(
                f"{volume.stem}: {from_nothing:.1f} s from nothing, {edited:.1f} s after a phrase was edited; same bytes"
            )


if __name__ == "__main__":
    main()
