"""Estimates from surveys with replicate weights and plausible values, as the OECD and the IEA publish them.

    from crossroads import survey

    survey.mean(students, "PV@MATH", survey.PISA_2022, by="CNT")

A *design* says which columns hold weights and how replicates become a variance. A *statistic* is estimated for
the final and every replicate weight, and for every plausible value (``PV@MATH`` stands for all of them). The
result is a tidy frame in the columns of the project's data tables.

`mean`, `share`, `percentiles` and the other verbs are short for `estimate` with a statistic (`Mean`, `Share`,
`Percentiles`, ...). Estimates of one sample are subtracted with `difference`, and combined and tested together with
`joint`; tables of estimates of independent samples with `compare`, `pairwise` and `trend`, averaged with `average`.
`significance` adds intervals and tests to any of them.

Microdata come in with `read` and `merge`. What does not belong here: publishers' tables of results, recoding of
questionnaires, figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import pandas as pd

from crossroads.survey.association import (
    CohensD,
    Crosstab,
    Eta,
    QuantileRegression,
    independence,
)
from crossroads.survey.design import (
    ICILS_2023,
    ICILS_2023_SCHOOL,
    ICILS_2023_TEACHER,
    PIAAC,
    PIRLS_2011,
    PIRLS_2016,
    PIRLS_2021,
    PISA_2000,
    PISA_2003,
    PISA_2006,
    PISA_2009,
    PISA_2012,
    PISA_2015,
    PISA_2018,
    PISA_2022,
    PISA_2025,
    TALIS_SCHOOL,
    TALIS_TEACHER,
    TIMSS_2011,
    TIMSS_2015,
    TIMSS_2019,
    TIMSS_2023,
    Design,
    SurveyError,
)
from crossroads.survey.diagnosis import diagnose
from crossroads.survey.estimation import difference, estimate
from crossroads.survey.files import codebook, merge, read
from crossroads.survey.inference import PISA_RULES, Rules, average, compare, pairwise, significance, trend
from crossroads.survey.joint import Joint, joint
from crossroads.survey.sample import MissingCodesWarning, Sample, Scan, WeightsWarning
from crossroads.survey.statistics import (
    Correlation,
    Covariance,
    Function,
    Levels,
    LogisticRegression,
    Mean,
    PercentileRange,
    Percentiles,
    Ratio,
    Regression,
    Share,
    StandardDeviation,
    Total,
    Variance,
)
from crossroads.survey.synthetic import synthetic, truth

__all__ = [
    "ICILS_2023",
    "ICILS_2023_SCHOOL",
    "ICILS_2023_TEACHER",
    "PIAAC",
    "PIRLS_2011",
    "PIRLS_2016",
    "PIRLS_2021",
    "PISA_2000",
    "PISA_2003",
    "PISA_2006",
    "PISA_2009",
    "PISA_2012",
    "PISA_2015",
    "PISA_2018",
    "PISA_2022",
    "PISA_2025",
    "PISA_RULES",
    "TALIS_SCHOOL",
    "TALIS_TEACHER",
    "TIMSS_2011",
    "TIMSS_2015",
    "TIMSS_2019",
    "TIMSS_2023",
    "CohensD",
    "Correlation",
    "Covariance",
    "Crosstab",
    "Design",
    "Eta",
    "Function",
    "Joint",
    "Levels",
    "LogisticRegression",
    "Mean",
    "MissingCodesWarning",
    "PercentileRange",
    "Percentiles",
    "QuantileRegression",
    "Ratio",
    "Regression",
    "Rules",
    "Sample",
    "Scan",
    "Share",
    "StandardDeviation",
    "SurveyError",
    "Total",
    "Variance",
    "WeightsWarning",
    "average",
    "codebook",
    "compare",
    "correlation",
    "covariance",
    "crosstab",
    "diagnose",
    "difference",
    "effect_size",
    "estimate",
    "independence",
    "joint",
    "levels",
    "logistic_regression",
    "mean",
    "merge",
    "pairwise",
    "percentile_range",
    "percentiles",
    "quantile_regression",
    "ratio",
    "read",
    "regression",
    "share",
    "significance",
    "standard_deviation",
    "synthetic",
    "total",
    "trend",
    "truth",
    "variance",
]

Data: TypeAlias = pd.DataFrame | Sample | Scan
By: TypeAlias = str | Sequence[str] | None


def mean(data: Data, variable: str, design: Design | None = None, by: By = None, **options: Any) -> pd.DataFrame:
    """Estimate means; options and result as in `estimate`."""
    return estimate(Mean(variable), data, design, by, **options)


def total(data: Data, variable: str, design: Design | None = None, by: By = None, **options: Any) -> pd.DataFrame:
    """Estimate totals; options and result as in `estimate`."""
    return estimate(Total(variable), data, design, by, **options)


def share(
    data: Data, variable: str, design: Design | None = None, by: By = None, categories: Sequence = (), **options: Any
) -> pd.DataFrame:
    """Estimate the per cent of the population in each category of a variable."""
    return estimate(Share(variable, tuple(categories)), data, design, by, **options)


def levels(
    data: Data,
    variable: str,
    cuts: Sequence[float],
    design: Design | None = None,
    by: By = None,
    names: Sequence[str] = (),
    **options: Any,
) -> pd.DataFrame:
    """Estimate the per cent of the population at each proficiency level."""
    return estimate(Levels(variable, tuple(cuts), tuple(names)), data, design, by, **options)


def percentiles(
    data: Data,
    variable: str,
    design: Design | None = None,
    by: By = None,
    p: Sequence[float] = (5, 10, 25, 50, 75, 90, 95),
    definition: str = "averaged",
    **options: Any,
) -> pd.DataFrame:
    """Estimate percentiles; options and result as in `estimate`."""
    return estimate(Percentiles(variable, tuple(p), definition), data, design, by, **options)


def percentile_range(
    data: Data,
    variable: str,
    design: Design | None = None,
    by: By = None,
    p: tuple[float, float] = (10, 90),
    **options: Any,
) -> pd.DataFrame:
    """Estimate how far one percentile lies above another; options and result as in `estimate`."""
    return estimate(PercentileRange(variable, p), data, design, by, **options)


def variance(data: Data, variable: str, design: Design | None = None, by: By = None, **options: Any) -> pd.DataFrame:
    """Estimate variances; options and result as in `estimate`."""
    return estimate(Variance((variable,)), data, design, by, **options)


def standard_deviation(
    data: Data, variable: str, design: Design | None = None, by: By = None, **options: Any
) -> pd.DataFrame:
    """Estimate standard deviations; options and result as in `estimate`."""
    return estimate(StandardDeviation((variable,)), data, design, by, **options)


def correlation(
    data: Data, x: str, y: str, design: Design | None = None, by: By = None, **options: Any
) -> pd.DataFrame:
    """Estimate correlations; options and result as in `estimate`."""
    return estimate(Correlation((x, y)), data, design, by, **options)


def regression(
    data: Data,
    y: str,
    x: str | Sequence[str],
    design: Design | None = None,
    by: By = None,
    also: Sequence[str] = (),
    **options: Any,
) -> pd.DataFrame:
    """Estimate linear regressions by weighted least squares.

    ``x`` holds terms: ``"ESCS"``, ``"C(IMMIG)"``, ``"ESCS:FEMALE"``, ``"ESCS*C(IMMIG)"``, as `Model` says. ``also``
    asks for ``"standardised"`` slopes and the ``"residual_variance"``. Options and result as in `estimate`.
    """
    model = Regression((y, *([x] if isinstance(x, str) else x)), also=tuple(also))
    return estimate(model, data, design, by, **options)


def ratio(
    data: Data, numerator: str, denominator: str, design: Design | None = None, by: By = None, **options: Any
) -> pd.DataFrame:
    """Estimate ratios of totals; options and result as in `estimate`."""
    return estimate(Ratio(numerator, denominator), data, design, by, **options)


def covariance(data: Data, x: str, y: str, design: Design | None = None, by: By = None, **options: Any) -> pd.DataFrame:
    """Estimate covariances; options and result as in `estimate`."""
    return estimate(Covariance((x, y)), data, design, by, **options)


def logistic_regression(
    data: Data, y: str, x: str | Sequence[str], design: Design | None = None, by: By = None, **options: Any
) -> pd.DataFrame:
    """Estimate logistic regressions of a variable that is 0 or 1 on terms as in `regression`; options as in `estimate`."""
    return estimate(LogisticRegression((y, *([x] if isinstance(x, str) else x))), data, design, by, **options)


def quantile_regression(
    data: Data,
    y: str,
    x: str | Sequence[str],
    design: Design | None = None,
    by: By = None,
    p: float = 50,
    **options: Any,
) -> pd.DataFrame:
    """Estimate quantile regressions on terms as in `regression`, by default of the median; options as in `estimate`."""
    return estimate(QuantileRegression((y, *([x] if isinstance(x, str) else x)), p), data, design, by, **options)


def crosstab(
    data: Data, row: str, column: str, design: Design | None = None, by: By = None, of: str = "total", **options: Any
) -> pd.DataFrame:
    """Estimate the cells of a table of two variables, in per cent of the total, of the row or of the column.

    Options and result as in `estimate`; the columns ``row`` and ``column`` hold the categories. `independence` tests
    whether the two go together.
    """
    table = estimate(Crosstab(row, column, of), data, design, by, **options)
    cells = pd.DataFrame(table["cell"].tolist(), columns=["row", "column"])
    at = table.columns.get_loc("cell")
    return pd.concat([table.iloc[:, :at], cells, table.iloc[:, at + 1 :]], axis=1)


def effect_size(
    data: Data,
    variable: str,
    between: str,
    design: Design | None = None,
    by: By = None,
    measure: str = "d",
    levels: Sequence = (),
    **options: Any,
) -> pd.DataFrame:
    """Estimate how far groups lie apart: Cohen's d of two ("d"), or the correlation ratio of any number ("eta").

    d is the mean of the first less that of the second of ``levels``, over the root of the mean of the two variances.
    Options and result as in `estimate`; rows of no group count as missing.
    """
    measures = {"d": CohensD, "eta": Eta}
    if measure not in measures:
        raise SurveyError(f"measure is {measure!r}, expected 'd' or 'eta'")
    return estimate(measures[measure](variable, between, tuple(levels)), data, design, by, **options)
