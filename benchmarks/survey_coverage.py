"""How often intervals of 95 per cent hold the truth, where it is known because the samples are made up.

    python benchmarks/survey_coverage.py [--samples 2000]

Each part simulates what one module promises. The part `survey`: `crossroads.survey.synthetic` draws samples of 8 to 80
schools from one population (half of the schools are rural and stand for a quarter of the students, so that strata differ
in weight), and estimates means, shares, medians, slopes and differences with their intervals: with the module's degrees
of freedom; with the rank of the replicate weights less one; and with the normal distribution. The bar: the module's
coverage lies within 92 and 98 per cent. The rows are written to ``data/simulations.csv``.
"""

import argparse
import sys

import pandas as pd
import simulations
from scipy import optimize, stats

from crossroads import survey
from crossroads.survey.synthetic import GIRLS, RURAL_GAP, RURAL_SHARE, SCHOOLS, SLOPE, STUDENTS

REPLICATES = {8: 20, 12: 20, 20: 20, 40: 24, 80: 44}  # by the number of schools
VALUES, BATCH, LOW, BAR = 5, 200, 420.0, (92, 98)
KINDS = ("module", "rank less one", "normal")
QUESTIONS = {
    "mean": lambda data: survey.mean(data, "PV@MATH", by="CNT"),
    "mean, one plausible value": lambda data: survey.mean(data, "PV1MATH", by="CNT"),
    "share below 420": lambda data: survey.levels(data, "PV@MATH", [LOW], by="CNT").query("level == 0"),
    "median": lambda data: survey.percentiles(data, "PV@MATH", by="CNT", p=[50]),
    "slope on ESCS": lambda data: survey.regression(data, "PV@MATH", ["ESCS", "FEMALE", "RURAL"], by="CNT").query(
        "term == 'ESCS'"
    ),
    "girls less boys": lambda data: survey.difference(data, "PV@MATH", between="FEMALE", levels=(1, 0), by="CNT"),
}


def truth():
    """The population's parameters: scores are a mixture of normal distributions, by kind of place and sex."""
    spread = (SLOPE**2 + SCHOOLS**2 + STUDENTS**2) ** 0.5
    parts = [
        (share / 2, 500 + RURAL_GAP * (rural - RURAL_SHARE) + GIRLS * (girl - 0.5))
        for rural, share in ((1, RURAL_SHARE), (0, 1 - RURAL_SHARE))
        for girl in (0, 1)
    ]

    def below(score):
        return sum(share * stats.norm.cdf(score, mean, spread) for share, mean in parts)

    return {
        "mean": 500.0,
        "mean, one plausible value": 500.0,
        "share below 420": 100 * below(LOW),
        "median": optimize.brentq(lambda score: below(score) - 0.5, 300, 700),
        "slope on ESCS": SLOPE,
        "girls less boys": GIRLS,
    }


def samples(schools, students, number, seed):
    """Draw samples of one population; each stands in the file as a country of the same mean."""
    frame = survey.synthetic(number, schools, students, VALUES, REPLICATES[schools], seed=seed)
    values = [f"PV{m}MATH" for m in range(1, VALUES + 1)]
    offset = frame["CNT"].map(survey.truth(number).set_index("CNT")["mean"]) - 500
    frame[values] = frame[values].sub(offset, axis=0)
    design = survey.PISA_2022.but(plausible_values=VALUES, replicates=REPLICATES[schools])
    return survey.Sample(frame, design)


def covered(found, expected, rank):
    """Say which intervals hold the truth, for each kind of interval."""
    kinds = {
        "module": survey.significance(found),
        "rank less one": survey.significance(found.assign(degrees_of_freedom=rank), shares=False),
        "normal": survey.significance(found, distribution="normal", shares=False),
    }
    return pd.DataFrame({name: ends["lower"].le(expected) & ends["upper"].ge(expected) for name, ends in kinds.items()})


def simulate(schools, number, students=20, seed=0):
    """Return the coverage of each question's intervals, in per cent, from ``number`` samples."""
    expected, held = truth(), {name: [] for name in QUESTIONS}
    for batch in range(-(-number // BATCH)):
        data = samples(schools, students, min(BATCH, number - batch * BATCH), seed + batch)
        for name, question in QUESTIONS.items():
            held[name].append(covered(question(data), expected[name], schools // 2))
    return [
        {"schools": schools, "statistic": name, "samples": number} | pd.concat(parts).mean().mul(100).to_dict()
        for name, parts in held.items()
    ]


def main():
    """Simulate, print and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=simulations.RUNS)
    arguments = parser.parse_args()
    rows = [row for schools in REPLICATES for row in simulate(schools, arguments.samples)]
    print("| schools | statistic | module | rank less one | normal | |\n| ---: | --- | ---: | ---: | ---: | --- |")
    failed = 0
    for row in rows:
        met = BAR[0] <= row["module"] <= BAR[1]
        failed += not met
        numbers = " | ".join(f"{row[name]:.1f}" for name in KINDS)
        print(f"| {row['schools']} | {row['statistic']} | {numbers} | {'met' if met else 'MISSED'} |")
    simulations.record(
        [
            simulations.result(
                "survey coverage", row["statistic"], f"{row['schools']} schools", simulations.COVERED, row[kind],
                row["samples"], kind,
            )
            for row in rows for kind in KINDS
        ]
    )  # fmt: skip
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
