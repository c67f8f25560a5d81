"""Time and memory of `crossroads.survey` on a synthetic file like PISA, beside bare matrix products and peers.

    python benchmarks/survey.py [--svy PYTHON] [--r RSCRIPT] [--countries 20]

The file: 20 countries of 6,000 students (150 schools of 40), 10 plausible values, 80 Fay replicate weights, made by
`crossroads.survey.synthetic`. Times are of estimation only: data in memory, groups found and weights checked
(`survey.Sample`); peers get the same. Each is the best of several runs, taken in turns with the thing it is compared
to, so that a busy machine disturbs both. Peers need a Python that has `svy` and an Rscript that has `survey`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from crossroads import survey

DESIGN = survey.PISA_2022
COVARIATES = ["ESCS", "FEMALE", "RURAL"]
PERCENTILES = [10, 25, 50, 75, 90]

SVY = """
import json, sys, time
import polars, svy
data = polars.read_parquet(sys.argv[1])
weights = svy.BrrWgts(prefix="W_FSTURWT", n_reps=80, fay_coef=0.5)
sample = svy.Sample(data, svy.Design(wgt="W_FSTUWT", rep_wgts=weights))
values = [f"PV{m}MATH" for m in range(1, 11)]
countries = data["CNT"].unique().to_list()
some = countries[:2]

def best(call, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)

replication = dict(method="replication", fay_coef=0.5, variance_center="estimate")
mean = best(lambda: sample.estimation.mean(values, by="CNT", **replication), 3)
quantile = best(
    lambda: [
        sample.estimation.quantile(v, p=[0.1, 0.25, 0.5, 0.75, 0.9], by="CNT", q_method="middle", **replication)
        for v in values
    ],
    2,
)
regression = best(
    lambda: [
        sample.glm.fit(v, x=["ESCS", "FEMALE", "RURAL"], where=svy.col("CNT") == c, method="replication")
        for c in some for v in values
    ],
    1,
)
print(json.dumps({"mean": mean, "percentiles": quantile, "regression": regression * len(countries) / len(some)}))
"""

R = """
suppressMessages(library(survey))
path <- commandArgs(TRUE)[1]
data <- read.csv(path)
values <- paste0("PV", 1:10, "MATH")
countries <- unique(data$CNT)
some <- countries[1:2]
designs <- lapply(some, function(c) { d <- data[data$CNT == c, ]
  svrepdesign(data = d, weights = ~W_FSTUWT, repweights = d[, paste0("W_FSTURWT", 1:80)], type = "Fay", rho = 0.5,
              combined.weights = TRUE, mse = TRUE) })
all <- length(countries) / length(some)
mean_time <- system.time(for (d in designs) svymean(reformulate(values), d))[["elapsed"]] * all
few <- designs[1]
regression_time <- system.time(for (d in few) for (v in values[1:3])
  svyglm(reformulate(c("ESCS", "FEMALE", "RURAL"), v), design = d))[["elapsed"]] * length(countries) * 10 / 3
cat(sprintf('{"mean": %.6f, "regression": %.6f}', mean_time, regression_time))
"""


def best(*calls, runs=15):
    """Return the best time of each call in milliseconds, taken in turns."""
    times = [[] for _ in calls]
    for run in range(runs + 2):
        for call, record in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            if run >= 2:
                record.append(time.perf_counter() - start)
    return [1000 * min(record) for record in times]


def arrays(frame):
    """Return weights, plausible values and covariates of each country, as bare products need them."""
    weights = ["W_FSTUWT", *(f"W_FSTURWT{r}" for r in range(1, 81))]
    values = [f"PV{m}MATH" for m in range(1, 11)]
    whole = [frame[columns].to_numpy() for columns in (weights, values, COVARIATES)]
    ends = np.flatnonzero(frame["CNT"].to_numpy()[1:] != frame["CNT"].to_numpy()[:-1]) + 1
    slices = [slice(a, b) for a, b in zip([0, *ends], [*ends, len(frame)], strict=True)]
    return [[block[s] for block in whole] for s in slices]


def cross_products(y, x):
    """Return the products that a regression sums: covariates with each other and with each plausible value."""
    x = np.column_stack([np.ones(len(x)), x])
    pairs = [x[:, i : i + 1] * x[:, j : j + 1] for i in range(x.shape[1]) for j in range(i, x.shape[1])]
    return np.concatenate([*pairs, *(x[:, i : i + 1] * y for i in range(x.shape[1]))], axis=1)


def time_ours(sample, blocks):
    """Time estimators beside the bare products that they cannot do without."""
    products = [(w, cross_products(y, x)) for w, y, x in blocks]
    mean, bare_mean = best(
        lambda: survey.mean(sample, "PV@MATH", by="CNT"), lambda: [w.T @ y for w, y, _ in blocks], runs=40
    )
    regression, bare_regression = best(
        lambda: survey.regression(sample, "PV@MATH", COVARIATES, by="CNT"),
        lambda: [w.T @ z for w, z in products],
        runs=20,
    )
    (percentiles,) = best(lambda: survey.percentiles(sample, "PV@MATH", by="CNT", p=PERCENTILES), runs=5)
    (logistic,) = best(lambda: survey.logistic_regression(sample, "FEMALE", ["ESCS", "PV1MATH"], by="CNT"), runs=2)
    return {
        "mean": mean,
        "bare mean": bare_mean,
        "regression": regression,
        "bare regression": bare_regression,
        "percentiles": percentiles,
        "logistic": logistic,
    }


def peak(call):
    """Return the peak of newly allocated memory in MB."""
    call()
    tracemalloc.start()
    call()
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size / 1e6


def growth():
    """Return times when rows, replicates or plausible values double."""
    rows = []
    for label, options in (
        ("10 countries, 80 replicates, 5 plausible values", {}),
        ("rows x 2", {"countries": 20}),
        ("rows x 4", {"countries": 40}),
        ("replicates x 1/2 (44)", {"replicates": 44, "schools": 80, "students": 75}),
        ("plausible values x 2", {"plausible_values": 10}),
        ("plausible values x 4", {"plausible_values": 20}),
    ):
        size = {"countries": 10, "schools": 80, "students": 75, "plausible_values": 5} | options
        design = DESIGN.but(replicates=size.get("replicates", 80), plausible_values=size["plausible_values"])
        sample = survey.Sample(survey.synthetic(**size), design)
        times = best(
            lambda sample=sample: survey.mean(sample, "PV@MATH", by="CNT"),
            lambda sample=sample: survey.regression(sample, "PV@MATH", COVARIATES, by="CNT"),
            lambda sample=sample: survey.percentiles(sample, "PV@MATH", by="CNT", p=PERCENTILES),
            runs=12,
        )
        rows.append((label, *times))
    return rows


def peers(frame, arguments):
    """Run the peers that are at hand on the same data; times in milliseconds."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        table, script = Path(folder) / "data.parquet", Path(folder) / "script"
        if arguments.svy:
            frame.to_parquet(table)
            script.write_text(SVY)
            found["svy"] = [arguments.svy, str(script), str(table)]
        if arguments.r:
            text = Path(folder) / "data.csv"
            frame.to_csv(text, index=False)
            (Path(folder) / "script.R").write_text(R)
            found["R survey"] = [arguments.r, str(Path(folder) / "script.R"), str(text)]
        results = {}
        for name, command in found.items():
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            results[name] = {key: 1000 * value for key, value in json.loads(output.splitlines()[-1]).items()}
    return results


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--svy", help="Python interpreter that has svy")
    parser.add_argument("--r", help="Rscript that has the survey package")
    parser.add_argument("--countries", type=int, default=20)
    arguments = parser.parse_args()
    frame = survey.synthetic(arguments.countries, 150, 40)
    sample = survey.Sample(frame, DESIGN)
    blocks = arrays(frame)
    threads = {pool["internal_api"]: pool["num_threads"] for pool in threadpool_info()}
    print(f"{len(frame)} students in {arguments.countries} countries, 10 plausible values, 80 replicates; {threads}\n")
    ours = time_ours(sample, blocks)
    bars = [
        ("mean / bare product W.T @ PV", ours["mean"] / ours["bare mean"], "<=", 1.3),
        ("OLS / its cross-products", ours["regression"] / ours["bare regression"], "<=", 2.0),
    ]
    print("| what | ms |\n| --- | ---: |")
    for name, value in ours.items():
        print(f"| {name} | {value:.1f} |")
    for peer, times in peers(frame, arguments).items():
        for name, value in times.items():
            print(f"| {name}, {peer} | {value:.0f} |")
        wanted = {"svy": {"mean": 7, "regression": 30}, "R survey": {"mean": 5, "regression": 100}}[peer]
        bars += [(f"{name}: {peer} / ours", times[name] / ours[name], ">=", bar) for name, bar in wanted.items()]
        if "percentiles" in times:
            bars.append(("five percentiles / svy", ours["percentiles"] / times["percentiles"], "<=", 0.4))
    block = sum(column.nbytes for column in blocks[0][:1]) / 1e6
    questions = {
        "mean": lambda: survey.mean(sample, "PV@MATH", by="CNT"),
        "OLS": lambda: survey.regression(sample, "PV@MATH", COVARIATES, by="CNT"),
        "percentiles": lambda: survey.percentiles(sample, "PV@MATH", by="CNT", p=PERCENTILES),
    }
    weights_size = block * arguments.countries
    print(
        f"\n| new memory at the peak | MB (weights: {weights_size:.1f}, of one country {block:.1f}) |\n| --- | ---: |"
    )
    for name, call in questions.items():
        size = peak(call)
        print(f"| {name} | {size:.1f} |")
        bars.append((f"peak memory of {name} / weights", size / weights_size, "<=", 1.0))
    print("\n| growth | mean, ms | OLS, ms | percentiles, ms |\n| --- | ---: | ---: | ---: |")
    for label, *times in growth():
        print(f"| {label} | " + " | ".join(f"{t:.1f}" for t in times) + " |")
    print("\n| bar | measured | limit | |\n| --- | ---: | ---: | --- |")
    failed = 0
    for name, value, direction, limit in bars:
        met = value <= limit if direction == "<=" else value >= limit
        failed += not met
        print(f"| {name} | {value:.2f} | {direction} {limit} | {'met' if met else 'MISSED'} |")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
