"""How often tests reject what is true, and intervals hold what is true: by simulation, against what they promise.

    python benchmarks/simulations.py [method ...] [--runs N]

Every simulation makes data whose truth is known, calls one function of the package as a notebook does, and says whether
the truth was rejected (5 % promised) or covered (95 %). Results are rows, printed and written to
``data/simulations.csv``, which the methods pages show; ``survey_coverage.py`` and ``survey_designs.py`` write theirs
into the same file by :func:`record`. The unit tests run a few of the same with fixed seeds.

Not here: speed, and anything whose right value is published (that is in the tests).
"""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from crossroads import clusters, indicators, intervals, models, regions

RESULTS = Path(__file__).parents[1] / "data" / "simulations.csv"
# What tells one simulation from another; a variant is another method under the same design, for comparison.
KEY = ["benchmark", "method", "design", "variant"]
# Regions of 25 countries, as uneven as those of Europe.
SIZES = np.array([38, 27, 21, 20, 17, 16, 14, 13, 11, 9, 8, 8, 8, 7, 7, 6, 5, 5, 4, 4, 3, 2, 2, 1, 1])
REJECTED, COVERED = "rejected", "covered"
RUNS = 2000  # of each simulation; the noise of a rate of 5 % is half a point


@dataclass(frozen=True)
class Simulation:
    """One design under which one promise is tried.

    Parameters
    ----------
    once : callable
        Takes a random generator and a seed for the function under trial, and says whether the truth was rejected or
        covered.
    measure : str
        ``rejected`` or ``covered``.
    """

    once: Callable[[np.random.Generator, int], bool]
    measure: str


# -- designs ------------------------------------------------------------------------------------------------


def rows(generator: np.random.Generator, n: int = 38) -> pd.DataFrame:
    """Independent rows whose predictors and outcomes hang on a control, and on nothing else together."""
    z = generator.normal(size=n)
    x = 0.8 * z + 0.6 * generator.normal(size=n)
    noise = generator.normal(size=(3, n))
    return pd.DataFrame({"z": z, "x": x, "x2": x + noise[0] / 2, "y": z + noise[1], "y2": z + noise[2]})


def panel(generator: np.random.Generator, units: int = 20) -> pd.DataFrame:
    """Years of units, 2 to 9 each, with levels of units in predictor and outcomes that have nothing to do together."""
    unit = np.repeat(np.arange(units), generator.integers(2, 10, units))
    n, (in_x, in_z, in_y, in_y2) = len(unit), generator.normal(size=(4, units))[:, unit]
    z = in_z + generator.normal(size=n)
    x = 0.8 * z + in_x + generator.normal(size=n) / 2
    noise = generator.normal(size=(4, n))
    outcomes = {"y": z + in_y + noise[1], "y2": z + in_y / 2 + in_y2 + noise[2]}
    return pd.DataFrame({"unit": unit, "z": z, "x": x, "x2": x + noise[0] / 2, "kept": noise[3]} | outcomes)


def two_periods(generator: np.random.Generator, heavy: bool = False) -> pd.DataFrame:
    """Regions in two years with the same spread, of which seven tenths is shared by the regions of a country."""
    country = np.repeat(np.arange(25), SIZES)

    def noise(n: int) -> np.ndarray:
        return generator.standard_t(5, n) / np.sqrt(5 / 3) if heavy else generator.normal(size=n)

    first, other = (np.sqrt(0.7) * noise(25)[country] + np.sqrt(0.3) * noise(len(country)) for _ in range(2))
    table = {"ref_area": [f"R{i}" for i in range(len(country))] * 2, "country": np.tile(country, 2)}
    values = np.concatenate([first, 0.8 * first + 0.6 * other])
    return pd.DataFrame(table | {"time_period": np.repeat([2010, 2020], len(country)), "obs_value": values})


def nested(generator: np.random.Generator, share: float, skewed: bool = False) -> pd.DataFrame:
    """Regions of countries, of whose variance the given share lies between countries."""
    country = np.repeat(np.arange(25), SIZES)

    def noise(n: int) -> np.ndarray:
        return generator.normal(size=n) if not skewed else (generator.gamma(2, size=n) - 2) / np.sqrt(2)

    # As many countries as there are: variance between them is that around their own mean.
    finite = 1 - ((SIZES / SIZES.sum()) ** 2).sum()
    between = np.sqrt(share / finite) * noise(25)[country]
    return pd.DataFrame({"country": country, "obs_value": between + np.sqrt(1 - share) * noise(len(country))})


def incomes(generator: np.random.Generator, sizes: np.ndarray = SIZES) -> pd.DataFrame:
    """Regions of countries, lognormal, as unequal between countries as within them."""
    country = np.repeat(np.arange(len(sizes)), sizes)
    logarithm = 0.3 * generator.normal(size=len(sizes))[country] + 0.3 * generator.normal(size=len(country))
    table = {"ref_area": np.arange(len(country)).astype(str), "country": country, "obs_value": np.exp(logarithm)}
    return pd.DataFrame(table)


def noisy(generator: np.random.Generator) -> pd.DataFrame:
    """Thirty areas of three values each, whose predictor holds as much error as truth; the slope is one half."""
    area = np.repeat(np.arange(30), 3)
    true, error = generator.normal(size=90), generator.uniform(0.7, 1.3, 90)
    y = true / 2 + generator.normal(size=30)[area] / 2 + generator.normal(size=90) / 2
    return pd.DataFrame({"area": area, "x": true + error * generator.normal(size=90), "error": error, "y": y})


def straight(generator: np.random.Generator) -> pd.DataFrame:
    """As many countries as the OECD has members, on a straight line, with more noise at the far end."""
    x = generator.lognormal(sigma=0.5, size=38)
    return pd.DataFrame({"x": x, "y": x + (0.5 + x / 2) * generator.normal(size=38)})


def gaps(generator: np.random.Generator) -> tuple[np.ndarray, pd.DataFrame]:
    """True gaps of thirty areas, and what samples of different size find."""
    true, error = 10 + 5 * generator.normal(size=30), generator.uniform(2, 10, 30)
    table = {"ref_area": np.arange(30).astype(str), "obs_value": true + error * generator.normal(size=30)}
    return true, pd.DataFrame(table | {"std_error": error})


def without_types(generator: np.random.Generator, margins: str) -> pd.DataFrame:
    """As many units as the OECD has members, in four correlated measures, without any types."""
    normal = generator.normal(size=(38, 4)) @ np.linalg.cholesky(0.4 + 0.6 * np.eye(4)).T
    if margins == "heavy":
        normal = normal / np.sqrt(generator.chisquare(3, (38, 1)) / 3)
    return pd.DataFrame(np.exp(normal) if margins == "skewed" else normal)


# -- promises -----------------------------------------------------------------------------------------------


def curve(make: Callable, *args: Any, statistic: str = "average_z", **options: Any) -> Callable:
    """Try the test of a specification curve."""
    family = models.Specifications(*args, **options)

    def once(generator: np.random.Generator, seed: int) -> bool:
        found = models.specification_test(make(generator), family, draws=199, seed=seed).set_index("statistic")
        return bool(found.loc[statistic, "p_value"] <= 1 - intervals.LEVEL)

    return once


def association(make: Callable, **options: Any) -> Callable:
    """Try the test of one association."""

    def once(generator: np.random.Generator, seed: int) -> bool:
        frame = make(generator)
        found = models.association(frame, "y", "x", ["z"], draws=399, seed=seed, **options).iloc[0]
        return bool(found["p_value"] <= 1 - intervals.LEVEL)

    return once


def convergence(what: str, heavy: bool = False, **options: Any) -> Callable:
    """Try the tests of beta (whose true value is -0.02) and of the spread."""

    def once(generator: np.random.Generator, _: int) -> bool:
        found = indicators.convergence(two_periods(generator, heavy), 2010, 2020, logs=False, **options).iloc[0]
        if what == "spread":
            return bool(found["sigma_p_value"] <= 1 - intervals.LEVEL)
        return not found["lower"] <= -0.02 <= found["upper"]

    return once


def disparities(statistic: str, sigma: float, truth: float, n: int) -> Callable:
    """Try the interval of a measure of inequality, of areas drawn from a lognormal distribution."""

    def once(generator: np.random.Generator, _: int) -> bool:
        table = pd.DataFrame({"ref_area": np.arange(n).astype(str), "obs_value": generator.lognormal(0, sigma, n)})
        found = indicators.disparities(table).set_index("statistic").loc[statistic]
        return bool(found["lower"] <= truth <= found["upper"])

    return once


@cache
def true_parts() -> pd.Series:
    """Return how Theil's index splits over very many countries of as many regions as those of `incomes`."""
    table = incomes(np.random.default_rng(0), np.tile(SIZES, 400))
    total = table["obs_value"] / table["obs_value"].mean()
    means = total.groupby(table["country"]).transform("mean")
    return pd.Series(
        {"theil_between": (total * np.log(means)).mean(), "theil_within": (total * np.log(total / means)).mean()}
    )


def parts(statistic: str) -> Callable:
    """Try the interval of a part of Theil's index; the truth is that of countries of so many regions."""

    def once(generator: np.random.Generator, _: int) -> bool:
        found = indicators.disparities(incomes(generator), group="country").set_index("statistic").loc[statistic]
        return bool(found["lower"] <= true_parts()[statistic] <= found["upper"])

    return once


def split(share: float, skewed: bool = False) -> Callable:
    """Try the interval of the share of variance between countries."""

    def once(generator: np.random.Generator, _: int) -> bool:
        found = regions.variance_within_between(nested(generator, share, skewed)).iloc[0]
        return bool(found["lower"] <= 100 * share <= found["upper"])

    return once


def stability(margins: str) -> Callable:
    """Ask whether some cluster is called more than chance where there are no types."""

    def once(generator: np.random.Generator, seed: int) -> bool:
        found = clusters.stability(without_types(generator, margins), 3, draws=50, seed=seed)["verdict"]
        return bool(found.isin(["pattern", "stable"]).any())

    return once


def slope(generator: np.random.Generator, _: int) -> bool:
    """Try the interval of a slope on a predictor with errors."""
    found = models.errors_in_variables(noisy(generator), "y", "x", "error", group="area").iloc[0]
    return bool(found["lower"] <= 0.5 <= found["upper"])


def knot(generator: np.random.Generator, seed: int) -> bool:
    """Try the test of a break on a straight line."""
    found = models.broken_stick(straight(generator), "y", "x", draws=199, seed=seed)
    return bool(found["p_value"].iloc[2] <= 1 - intervals.LEVEL)


def pooled(generator: np.random.Generator, seed: int) -> bool:
    """Try the interval of a gap that was drawn in, another area in each run."""
    true, table = gaps(generator)
    found = indicators.partial_pooling(table).iloc[seed % 30]
    return bool(found["lower"] <= true[seed % 30] <= found["upper"])


ONE, TWO = {"control": ["z"]}, (["y", "y2"], ["x", "x2"])
# Of a lognormal distribution with this standard deviation of the logarithm.
GINI, THEIL = (lambda sigma: 2 * special.ndtr(sigma / np.sqrt(2)) - 1), (lambda sigma: sigma**2 / 2)
SIMULATIONS = {
    "specification_test": {
        "rows, control correlates by 0.8": Simulation(curve(rows, *TWO, ONE), REJECTED),
        "rows, control correlates by 0.8, median": Simulation(curve(rows, *TWO, ONE, statistic="median"), REJECTED),
        "units over years, pooled": Simulation(curve(panel, *TWO, ONE, group="unit"), REJECTED),
        "units over years, within": Simulation(curve(panel, *TWO, ONE, designs=["within"], group="unit"), REJECTED),
        "units over years, pooled and within, two samples": Simulation(
            curve(
                panel, ["y"], ["x"], ONE, {"all": "", "some": "kept > -0.5"}, designs=["pooled", "within"], group="unit"
            ),
            REJECTED,
        ),
    },
    "association": {
        "units over years, pooled, clustered": Simulation(association(panel, group="unit", errors="cluster"), REJECTED),
        "12 units over years, pooled, wild bootstrap": Simulation(
            association(lambda generator: panel(generator, 12), group="unit", errors="wild"), REJECTED
        ),
    },
    "convergence, spread": {
        "regions, clusters are countries": Simulation(convergence("spread", cluster="country"), REJECTED),
        "regions, heavy tails, clusters are countries": Simulation(
            convergence("spread", True, cluster="country"), REJECTED
        ),
        "regions within countries": Simulation(convergence("spread", group="country"), REJECTED),
        "regions taken as independent": Simulation(convergence("spread"), REJECTED),
    },
    "convergence, beta": {
        "regions, clusters are countries": Simulation(convergence("beta", cluster="country"), REJECTED),
        "regions taken as independent": Simulation(convergence("beta"), REJECTED),
    },
    "disparities, Gini": {
        f"{n} areas, {name}": Simulation(disparities("gini", sigma, GINI(sigma), n), COVERED)
        for n in (10, 20, 38)
        for name, sigma in (("hardly skewed", 0.3), ("skewed", 0.7))
    },
    "disparities, Theil": {
        "38 areas, hardly skewed": Simulation(disparities("theil", 0.3, THEIL(0.3), 38), COVERED),
        "38 areas, skewed": Simulation(disparities("theil", 0.7, THEIL(0.7), 38), COVERED),
        "between 25 countries": Simulation(parts("theil_between"), COVERED),
        "within 25 countries": Simulation(parts("theil_within"), COVERED),
    },
    "variance within and between": {
        f"{'skewed' if skewed else 'normal'}, share {100 * share:.0f} %": Simulation(split(share, skewed), COVERED)
        for skewed in (False, True)
        for share in (0.2, 0.5, 0.8)
    },
    "errors_in_variables": {"half of the variance is error, clusters": Simulation(slope, COVERED)},
    "broken_stick": {"straight line, unequal noise, knot searched": Simulation(knot, REJECTED)},
    "partial_pooling": {"30 areas, errors of 2 to 10": Simulation(pooled, COVERED)},
    "clusters, no types": {
        f"{margins} margins": Simulation(stability(margins), REJECTED) for margins in ("normal", "skewed", "heavy")
    },
}


def once(method: str, design: str, seed: int) -> bool:
    """Run one simulation once."""
    return SIMULATIONS[method][design].once(np.random.default_rng(seed), seed)


def result(
    benchmark: str, method: str, design: str, measure: str, found: float, n_runs: int, variant: str = ""
) -> dict[str, object]:
    """Return the row of a simulation, with the error that simulations have as samples.

    Parameters
    ----------
    benchmark, method, design, variant : str
        What was simulated; see `KEY`.
    measure : str
        ``rejected`` or ``covered``.
    found : float
        Per cent of runs.
    n_runs : int

    Returns
    -------
    dict
        The key, ``measure``, ``promised`` and ``obs_value`` (per cent of runs), ``lower`` and ``upper`` (95 %, Wilson)
        and ``n_runs``.
    """
    lower, upper = intervals.share_interval(found, n_runs)
    promised = intervals.LEVEL if measure == COVERED else 1 - intervals.LEVEL
    numbers = {"promised": 100 * promised, "obs_value": found, "lower": lower, "upper": upper}
    return (
        dict(zip(KEY, (benchmark, method, design, variant), strict=True))
        | {"measure": measure}
        | {name: round(float(number), 2) for name, number in numbers.items()}
        | {"n_runs": n_runs}
    )


def record(rows: Sequence[dict[str, object]]) -> None:
    """Write rows into the file of results, in the place of older ones of the same simulations."""
    new = pd.DataFrame(rows)
    old = pd.read_csv(RESULTS, keep_default_na=False) if RESULTS.exists() else new.iloc[:0]
    table = pd.concat([old, new], ignore_index=True)
    table = table.drop_duplicates(KEY, keep="last").sort_values(KEY, key=lambda column: column.map(_natural))
    table.to_csv(RESULTS, index=False, lineterminator="\n")


def _natural(text: str) -> str:
    """Make a key that sorts numbers in a text by size."""
    return re.sub(r"\d+", lambda found: found.group().zfill(6), text)


def results(methods: Sequence[str], runs: int = RUNS) -> Iterator[dict[str, object]]:
    """Run simulations.

    Parameters
    ----------
    methods : sequence of str
        Keys of ``SIMULATIONS``.
    runs : int
        Of each.

    Yields
    ------
    dict
        A row; see `result`.
    """
    for method in methods:
        for design, simulation in SIMULATIONS[method].items():
            found = 100 * np.mean([once(method, design, seed) for seed in range(runs)])
            yield result("simulations", method, design, simulation.measure, float(found), runs)


def run() -> None:
    """Run what the command line asks for; its rows take the place of older ones of the same simulation."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("methods", nargs="*", default=[*SIMULATIONS], help="all if none is named")
    parser.add_argument("--runs", type=int, default=RUNS, help="of each simulation")
    asked = parser.parse_args()
    for row in results(asked.methods, asked.runs):
        print(f"{row['method']:28} {row['design']:50} {row['measure']} {row['obs_value']:5.1f} %", flush=True)
        record([row])


if __name__ == "__main__":
    run()
