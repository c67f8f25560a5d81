"""A small world in which the truth is known: students, schools, weights and plausible values from a seed.

For demonstrations, simulations and measurements. Nothing in it stands for a real country.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossroads.survey.design import SurveyError

RURAL_SHARE, RURAL_GAP = 0.25, -40.0
SLOPE, GIRLS, ESCS_SCHOOLS, SCHOOLS, STUDENTS = 30.0, -10.0, 0.4, 35.0, 70.0
RELIABILITY = 0.9


def truth(countries: int = 2) -> pd.DataFrame:
    """Return the parameters of the populations that `synthetic` samples from.

    Returns
    -------
    DataFrame
        One row a country: ``CNT``, ``mean`` and ``standard_deviation`` of the score, ``slope`` of the score on
        ESCS given sex and kind of place, ``gap`` of girls to boys.
    """
    number = np.arange(countries)
    between = RURAL_SHARE * (1 - RURAL_SHARE) * RURAL_GAP**2 + SCHOOLS**2
    spread = between + SLOPE**2 + GIRLS**2 / 4 + STUDENTS**2  # the variance of ESCS is 1
    return pd.DataFrame(
        {
            "CNT": [f"X{i + 1:02d}" for i in number],
            "mean": 500.0 + 10 * (number - (countries - 1) / 2),
            "standard_deviation": np.sqrt(spread),
            "slope": SLOPE,
            "gap": GIRLS,
        }
    )


def synthetic(
    countries: int = 2,
    schools: int = 100,
    students: int = 20,
    plausible_values: int = 10,
    replicates: int = 80,
    missing: float = 0.0,
    seed: int = 2017,
) -> pd.DataFrame:
    """Draw a survey like PISA 2022 from populations whose parameters are known.

    Half of the schools are drawn from rural places, where a quarter of the students live and scores are lower:
    without weights the mean is too low. Students of a school resemble each other: errors that treat them as
    independent are too small. Scores are known only through plausible values.

    Parameters
    ----------
    countries, schools, students : int
        Number of countries, of schools in each (even), of students in each school.
    plausible_values, replicates : int
        Number of plausible values, and of Fay replicate weights (k = 0.5): one more than a prime that leaves the
        remainder 3 when divided by 4, such as 80, and more than half the number of schools.
    missing : float
        Share of students without ESCS, at random.
    seed : int
        Same seed, same data.

    Returns
    -------
    DataFrame
        Columns ``CNT``, ``CNTSCHID``, ``RURAL``, ``FEMALE``, ``ESCS``, ``PV1MATH``, ..., ``W_FSTUWT``,
        ``W_FSTURWT1``, ...; sorted by country and school.
    """
    if schools % 2 or not 4 <= schools < 2 * replicates:
        raise SurveyError(f"schools is {schools}, expected an even number from 4 to {2 * replicates - 2}")
    rng = np.random.default_rng(seed)
    parameters = truth(countries)
    school = np.repeat(np.arange(countries * schools), students)
    country = school // schools
    zone = (school % schools) // 2
    rural = (zone % 2 == 0).astype(float)
    rural_schools = rural.mean()
    n = len(school)
    female = rng.integers(0, 2, n).astype(float)
    escs = ESCS_SCHOOLS * rng.standard_normal(countries * schools)[school]
    escs += np.sqrt(1 - ESCS_SCHOOLS**2) * rng.standard_normal(n)
    expected = parameters["mean"].to_numpy()[country] + RURAL_GAP * (rural - RURAL_SHARE)
    expected += SLOPE * escs + GIRLS * (female - 0.5) + SCHOOLS * rng.standard_normal(countries * schools)[school]
    test = expected + STUDENTS * rng.standard_normal(n) / np.sqrt(RELIABILITY)
    posterior = expected + RELIABILITY * (test - expected)
    spread = STUDENTS * np.sqrt(1 - RELIABILITY)
    values = posterior[:, None] + spread * rng.standard_normal((n, plausible_values))
    weight = 10 * np.where(rural, RURAL_SHARE / rural_schools, (1 - RURAL_SHARE) / (1 - rural_schools))
    signs = hadamard(replicates)[1:][zone] * np.where(school % 2, -1.0, 1.0)[:, None]
    escs = np.where(rng.random(n) < missing, np.nan, escs)
    names = ["RURAL", "FEMALE", "ESCS", *(f"PV{m + 1}MATH" for m in range(plausible_values)), "W_FSTUWT"]
    names += [f"W_FSTURWT{r + 1}" for r in range(replicates)]
    numbers = np.column_stack([rural, female, escs, values, weight, weight[:, None] * (1 + 0.5 * signs)])
    frame = pd.DataFrame(numbers, columns=names)
    frame.insert(0, "CNT", parameters["CNT"].to_numpy()[country])
    frame.insert(1, "CNTSCHID", school + 1)
    return frame


def hadamard(order: int) -> np.ndarray:
    """Return a Hadamard matrix by Paley's first construction, shape (order, order), first row all ones.

    Raises
    ------
    SurveyError
        If ``order - 1`` is not a prime that leaves the remainder 3 when divided by 4.
    """
    q = order - 1
    if q % 4 != 3 or any(q % d == 0 for d in range(2, int(q**0.5) + 1)):
        raise SurveyError(f"no design with {order} replicates: {q} is not a prime of the form 4 n + 3")
    squares = {i * i % q for i in range(1, q)}
    character = np.array([0, *(1 if i in squares else -1 for i in range(1, q))])
    core = character[(np.arange(q)[:, None] - np.arange(q)) % q] - np.eye(q)
    return np.block([[np.ones((1, order))], [np.ones((q, 1)), core]])
