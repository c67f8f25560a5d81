"""Time 10,000 Monte Carlo builds of a composite index against single builds.

    OMP_NUM_THREADS=1 python benchmarks/composite.py [folder with asem_data.csv and asem_framework.csv]

Without a folder an index of the same shape (51 units, 49 indicators, 8 pillars, 2 sub-indices, 65 gaps) is made up.
The bar: 10,000 builds, every choice drawn at random, cost at most as much as 200 single builds.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from crossroads import composite

DRAWS, BAR = 10_000, 200
EVERY_OPTION = composite.Alternatives(
    impute=("none", "mean", "median", "neighbours"),
    outliers=("none", "winsorise", "log"),
    normalise=("min-max", "z-score", "rank", "borda"),
    weights=("framework", "equal", "pca"),
    aggregate=("arithmetic", "geometric", "copeland"),
)


def made_up():
    """Data and framework of the published example's shape."""
    generator = np.random.default_rng(0)
    sizes = [8, 5, 3, 6, 8, 5, 9, 5]
    codes = [f"i{n:02d}" for n in range(sum(sizes))]
    values = generator.lognormal(sigma=1, size=(51, 49))
    values.flat[generator.choice(values.size, 65, replace=False)] = np.nan
    data = pd.DataFrame(values, [f"U{n:02d}" for n in range(51)], codes)
    pillars = [f"p{n}" for n in range(8)]
    table = pd.DataFrame(
        {
            "code": ["index", "s1", "s2", *pillars, *codes],
            "parent": [None, "index", "index", *["s1"] * 5, *["s2"] * 3, *np.repeat(pillars, sizes)],
        }
    ).assign(weight=1.0, direction=1)
    return data, composite.Framework(table)


def published(folder):
    """Data and framework of COINr's example."""
    data = pd.read_csv(folder / "asem_data.csv", index_col="uCode").rename_axis("ref_area")
    table = pd.read_csv(folder / "asem_framework.csv").query("Type in ['Indicator', 'Aggregate']")
    names = {
        "iCode": "code",
        "Parent": "parent",
        "Weight": "weight",
        "Direction": "direction",
        "Denominator": "denominator",
    }
    return data, composite.Framework(table.rename(columns=names))


def seconds(function, repeat):
    """Median time of a call."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    data, framework = published(Path(sys.argv[1])) if len(sys.argv) > 1 else made_up()
    single = seconds(lambda: composite.build(data, framework), 50)
    print(f"single build                      {1e3 * single:8.1f} ms")
    passed = True
    for name, alternatives in (("default alternatives", composite.Alternatives()), ("every option", EVERY_OPTION)):
        total = seconds(lambda a=alternatives: composite.uncertainty(data, framework, alternatives=a, draws=DRAWS), 3)
        passed &= total <= BAR * single
        print(
            f"{DRAWS} builds, {name:<21}{total:8.2f} s = {1e6 * total / DRAWS:.0f} us a build"
            f" = {total / single:.0f} single builds (bar: {BAR})"
        )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
