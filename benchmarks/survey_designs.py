"""Do intervals and tests from strata and clusters keep their promise? Coverage and size on made-up surveys.

    python benchmarks/survey_designs.py [--samples 2000]

Coverage: strata of schools of unlike size, two to five schools drawn in each; intervals of 95 % with Student's t for a
mean and a regression slope. Size: both answers depend on the school and not on each other; tests at 5 %. The rows are
written to ``data/simulations.csv``.
"""

import argparse
import time

import numpy as np
import pandas as pd
import simulations
from scipy import stats

from crossroads import survey

SLOPE = 15.0


def schools(rng, strata, drawn):
    """Draw students of some schools in each stratum; the population's mean is 500 and the slope `SLOPE`."""
    count = strata * drawn
    stratum, size = np.repeat(np.arange(strata), drawn), rng.integers(8, 25, count)
    effect = rng.normal(0, 30, count) + 20 * (stratum - (strata - 1) / 2) / strata
    school = np.repeat(np.arange(count), size)
    x = rng.normal(0, 0.6, count)[school] + rng.normal(0, 0.8, len(school))
    y = 500 + effect[school] + SLOPE * x + rng.normal(0, 60, len(school))
    weight = np.repeat(20.0 / size, size)  # each school stands for as many students
    return pd.DataFrame({"stratum": stratum[school], "school": school, "w": weight, "x": x, "y": y})


def coverage(samples, strata, drawn):
    """Return per cent of intervals that hold the truth, by method."""
    rng, held = np.random.default_rng(1), {}
    methods = ["TAYLOR", "JKN", "BOOTSTRAP"] + ["BRR"] * (drawn == 2)
    for _ in range(samples):
        frame = schools(rng, strata, drawn)
        for method in methods:
            design = survey.Design("made up", "w", strata="stratum", cluster="school", method=method, replicates=200)
            sample = survey.Sample(frame, design.but(replicates=None) if method != "BOOTSTRAP" else design)
            rows = [survey.mean(sample, "y"), survey.regression(sample, "y", "x").query("term == 'x'")]
            table = survey.significance(pd.concat(rows), distribution="t")
            for name, truth, row in (("mean", 500.0, 0), ("slope", SLOPE, 1)):
                held.setdefault((method, name), []).append(table["lower"].iloc[row] < truth < table["upper"].iloc[row])
    return {key: 100 * np.mean(values) for key, values in held.items()}


def size(samples, count):
    """Return per cent of rejections of independence that holds: by Rao and Scott, and by Pearson."""
    rng = np.random.default_rng(2)
    design = survey.Design("made up", "w", cluster="school", method="TAYLOR")
    ours, naive = [], []
    for _ in range(samples):
        school = np.repeat(np.arange(count), 15)
        a, b = (rng.normal(0, 1, count)[school] + rng.normal(size=len(school)) for _ in range(2))
        frame = pd.DataFrame({"w": 1.0, "school": school, "a": (a > 0).astype(int), "b": np.digitize(b, [-0.8, 0.8])})
        ours.append(survey.independence(frame, "a", "b", design)["p_value"].item() < 0.05)
        naive.append(stats.chi2_contingency(pd.crosstab(frame["a"], frame["b"]))[1] < 0.05)
    return 100 * np.mean(ours), 100 * np.mean(naive)


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=simulations.RUNS)
    samples, start, rows = parser.parse_args().samples, time.perf_counter(), []
    print(f"{samples} samples each; the noise of a rate of 5 % is {100 * np.sqrt(0.05 * 0.95 / samples):.1f} points\n")
    print("| coverage, nominal 95 % | method | mean | slope |\n| --- | --- | ---: | ---: |")
    for strata, drawn in ((5, 2), (15, 2), (8, 5)):
        held = coverage(samples, strata, drawn)
        about = (f"{strata} strata of {drawn} schools", simulations.COVERED)
        rows += [
            simulations.result("survey designs", name, *about, found, samples, method)
            for (method, name), found in held.items()
        ]
        for method in dict.fromkeys(method for method, _ in held):
            print(
                f"| {strata} strata of {drawn} | {method} | {held[method, 'mean']:.1f} | {held[method, 'slope']:.1f} |"
            )
    print("\n| rejections, nominal 5 % | Rao and Scott | Pearson |\n| --- | ---: | ---: |")
    for count in (10, 20, 50):
        found = size(samples, count)
        print("| {} schools | {:.1f} | {:.1f} |".format(count, *found))
        about = ("survey designs", "independence", f"{count} schools", simulations.REJECTED)
        tests = zip(("Rao and Scott", "Pearson"), found, strict=True)
        rows += [simulations.result(*about, rate, samples, name) for name, rate in tests]
    simulations.record(rows)
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
