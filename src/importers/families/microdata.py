"""Estimates from survey microdata: schools by the size of their place, and the Netherlands in PISA 2003.

Microdata stay with the publisher; what enters ``data/`` are estimates with standard errors and numbers of
observations.

The school questionnaire of PISA has no replicate weights. Its standard errors are linearised (first-order Taylor
series): schools count as drawn with replacement and with unequal probabilities within the explicit strata of the
file. As schools were drawn systematically within sorted strata, this overstates the error somewhat.

Not here: estimation with replicate weights (``crossroads.survey``), published tables (``pisa``).
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crossroads import survey
from importers import codes, countries, files
from importers.declaration import CodeList, Comparison, Family, Measure, Source, Spot, Table

SCHOOLS_2012 = Source(
    publisher="OECD",
    dataset="PISA 2012 database, school questionnaire",
    edition="estimates of this report",
    url="https://www.oecd.org/en/data/datasets/pisa-2012-database.html",
    licence="OECD Terms and Conditions",
    files=("microdata/pisa2012_school/pisa2012_school.parquet",),
    obtained="public repository pbiecek/PISA2012lite, data/school2012.rda, commit 3ae23dd, converted to Parquet",
)
STUDENTS_2003 = Source(
    publisher="OECD",
    dataset="PISA 2003 database, students of the Netherlands",
    edition="estimates of this report",
    url="https://www.oecd.org/en/data/datasets/pisa-2003-database.html",
    licence="OECD Terms and Conditions",
    files=("microdata/pisa2003_nld/pisa2003_nld_student.parquet",),
    obtained="CRAN package BIFIEsurvey 3.6-6, data/data.pisaNLD.rda, converted to Parquet",
)

PLACES = {
    "Village": "village",
    "Small Town": "small_town",
    "Town": "town",
    "City": "city",
    "Large City": "large_city",
}
PLACE = CodeList(
    "school-place",
    "Size of the place where the school is",
    {
        "total": "All places",
        "village": "Village or rural area (fewer than 3,000 people)",
        "small_town": "Small town (3,000 to 15,000 people)",
        "town": "Town (15,000 to 100,000 people)",
        "city": "City (100,000 to 1,000,000 people)",
        "large_city": "Large city (over 1,000,000 people)",
    },
)
SCHOOL_COUNTRIES = {
    "United States of America": "United States",
    "China-Shanghai": "Shanghai (China)",
    "Hong Kong-China": "Hong Kong (China)",
    "Macao-China": "Macao (China)",
    "Perm(Russian Federation)": "Perm (Russia)",
}
YES = ({"Yes"}, {"No"})
HINDERS = ({"To some extent", "A lot"}, {"Not at all", "Very little"})
AGREES = ({"Agree", "Strongly agree"}, {"Disagree", "Strongly disagree"})
# Measure: column, answers that count (None: the value itself), label, bounds, typical median, direction.
SCHOOL_MEASURES = {
    "autonomy": ("SCHAUTON", None, "School autonomy (index)", (-4, 4), (-1, 1), "neither"),
    "resource_autonomy": ("RESPRES", None, "Responsibility for resources (index)", (-2, 4), (-1, 1), "neither"),
    "curriculum_autonomy": ("RESPCUR", None, "Responsibility for curriculum (index)", (-2, 2), (-1.2, 1), "neither"),
    "educational_resources": ("SCMATEDU", None, "Quality of educational resources (index)", (-4, 3), (-1, 1), "higher"),
    "staff_shortage": ("TCSHORT", None, "Shortage of teaching staff (index)", (-2, 4), (-1, 1), "lower"),
    "teacher_participation": ("TCHPARTI", None, "Teachers' part in decisions (index)", (-2, 5), (-1, 1), "neither"),
    "creative_activities": ("CREACTIV", None, "Creative activities offered, 0 to 3", (0, 3), (0.8, 2.6), "higher"),
    "volunteering": ("SC16Q04", YES, "Offers volunteering or service", (0, 100), (30, 95), "higher"),
    "school_play": ("SC16Q02", YES, "Offers a school play or musical", (0, 100), (25, 90), "higher"),
    "art_club": ("SC16Q09", YES, "Offers an art club or activities", (0, 100), (25, 90), "higher"),
    "computer_club": ("SC16Q08", YES, "Offers a computer club", (0, 100), (10, 70), "higher"),
    "computer_shortage": ("SC14Q07", HINDERS, "Too few computers hinder teaching", (0, 100), (10, 70), "lower"),
    "internet_shortage": ("SC14Q08", HINDERS, "Poor internet hinders teaching", (0, 100), (5, 60), "lower"),
    "new_methods": ("SC27Q01", AGREES, "Teachers want to try new methods", (0, 100), (60, 100), "higher"),
    "teacher_mentoring": ("SC39Q08", YES, "Has mentoring of teachers", (0, 100), (30, 95), "higher"),
}
WITHHELD_BELOW = 10
UNRELIABLE_BELOW = 30


def linearised_means(values: pd.Series, weights: pd.Series, strata: pd.Series, domains: pd.Series) -> pd.DataFrame:
    """Estimate weighted means of domains and their standard errors from a stratified sample without replicates.

    Parameters
    ----------
    values : pandas.Series of float
        One value a unit; missing values leave the domain.
    weights : pandas.Series of float
        Final weights.
    strata : pandas.Series
        Stratum of every unit. Strata of a single unit are joined, because one unit shows no variance.
    domains : pandas.Series
        Domain of every unit; units without a domain stay in the sample.

    Returns
    -------
    pandas.DataFrame
        Index domain; ``obs_value``, ``std_error`` in the unit of `values`, ``n_obs``.

    Raises
    ------
    ValueError
        If there is one unit only.

    Notes
    -----
    With ``z = w (y - mean) / sum(w)`` for the units of the domain and ``z = 0`` for all others, the variance is
    ``sum over strata of n / (n - 1) * sum((z - mean of z)**2)``: Taylor linearisation of a ratio, with replacement
    (Wolter, Introduction to Variance Estimation, 2007, chapter 6).
    """
    rows = estimates(values, weights, numbered(strata), domains)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["obs_value", "std_error", "n_obs"])


def numbered(strata: pd.Series) -> np.ndarray:
    """Return a number for the stratum of each unit; strata of one unit are joined, and the only one joins the largest.

    Parameters
    ----------
    strata : pandas.Series
        Stratum of every unit.

    Returns
    -------
    numpy.ndarray of int
        From 0, without gaps.
    """
    number, _ = pd.factorize(strata, sort=True, use_na_sentinel=False)
    counts = np.bincount(number)
    single = counts[number] == 1
    alone = single.sum() == 1 and len(strata) > 1
    joined = np.where(single, counts.argmax() if alone else len(counts), number)
    return np.unique(joined, return_inverse=True)[1]


def estimates(
    values: pd.Series, weights: pd.Series, stratum: np.ndarray, domains: pd.Series
) -> dict[Any, tuple[float, float, int]]:
    """Estimate as `linearised_means`, for who asks many questions of the same units: without a frame for each.

    Parameters
    ----------
    values, weights, domains : pandas.Series
        As there.
    stratum : numpy.ndarray of int
        Numbers of the strata, from `numbered`.

    Returns
    -------
    dict of str to tuple
        Mean, standard error and number of units of each domain, sorted.

    Raises
    ------
    ValueError
        If there is one unit only.
    """
    size = np.bincount(stratum)
    if (size == 1).any():
        raise ValueError("the sample has one unit only: its error cannot be estimated")
    y, w = values.to_numpy(dtype="float64"), weights.to_numpy(dtype="float64")
    number, names = pd.factorize(domains, sort=True)
    rows = {}
    for i, domain in enumerate(names):
        inside = (number == i) & ~np.isnan(y)
        if not inside.any():
            rows[domain] = (np.nan, np.nan, 0)
            continue
        total = w[inside].sum()
        mean = (w[inside] * y[inside]).sum() / total
        z = np.where(inside, w * (y - mean) / total, 0.0)
        squares = np.bincount(stratum, z**2) - np.bincount(stratum, z) ** 2 / size
        rows[domain] = (mean, np.sqrt(max((size / (size - 1) * squares).sum(), 0.0)), int(inside.sum()))
    return rows


def _answers(column, counted):
    """Turn answers into 100 for those that count and 0 for the others; keep numbers as they are."""
    if counted is None:
        return column.astype("float64")
    yes, no = counted
    unknown = set(column.dropna()) - yes - no
    if unknown:
        raise files.LayoutError(f"PISA 2012 school file, column {column.name}: unexpected answers {sorted(unknown)}")
    return column.map({answer: 100.0 for answer in yes} | {answer: 0.0 for answer in no}).astype("float64")


def read_schools(raw: Path) -> pd.DataFrame:
    """Estimate means and shares of schools by country and size of place."""
    columns = ["CNT", "STRATUM", "SC03Q01", "W_FSCHWT", *(row[0] for row in SCHOOL_MEASURES.values())]
    schools = files.parquet(raw / SCHOOLS_2012.files[0], columns=list(dict.fromkeys(columns)))
    unknown = set(schools["SC03Q01"].dropna()) - set(PLACES)
    if unknown:
        raise files.LayoutError(f"PISA 2012 school file, column SC03Q01: unexpected places {sorted(unknown)}")
    places = schools["SC03Q01"].map(PLACES)
    everywhere = pd.Series("total", index=schools.index)
    wanted = {measure: _answers(schools[row[0]], row[1]) for measure, row in SCHOOL_MEASURES.items()}
    found = []
    for country, rows in schools.groupby("CNT"):
        weights, stratum = rows["W_FSCHWT"], numbered(rows["STRATUM"])
        here, all_here = places[rows.index], everywhere[rows.index]
        for measure, values in wanted.items():
            for domains in (all_here, here):
                means = estimates(values[rows.index], weights, stratum, domains)
                found += [(country, measure, place, *numbers) for place, numbers in means.items()]
        for place in PLACES.values():
            share = (here == place).where(here.notna()).astype("float64") * 100
            found.append((country, "schools", place, *estimates(share, weights, stratum, all_here)["total"]))
    frame = pd.DataFrame(found, columns=["country", "measure", "place", "obs_value", "std_error", "n_obs"])
    frame["ref_area"] = countries.code(frame.pop("country").replace(SCHOOL_COUNTRIES))
    return withheld(frame.assign(time_period=2012))


def withheld(frame: pd.DataFrame) -> pd.DataFrame:
    """Withhold estimates from very few schools, and flag those from few.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``obs_value``, ``std_error`` and ``n_obs``, the number of schools.

    Returns
    -------
    pandas.DataFrame
        The same with ``obs_status``: c (withheld) below ``WITHHELD_BELOW``, u below ``UNRELIABLE_BELOW``.
    """
    frame["n_obs"] = frame["n_obs"].astype("Int64")
    few = frame["n_obs"] < WITHHELD_BELOW
    frame[["obs_value", "std_error"]] = frame[["obs_value", "std_error"]].mask(few)
    frame["obs_status"] = np.where(few, "c", np.where(frame["n_obs"] < UNRELIABLE_BELOW, "u", ""))
    return frame


NETHERLANDS_DOMAINS = {"mathematics": "MATH", "reading": "READ", "science": "SCIE", "problem_solving": "PROB"}
DOMAIN_2003 = CodeList(
    "pisa-2003-domain",
    "Domain",
    {
        "mathematics": "Mathematics",
        "reading": "Reading",
        "science": "Science",
        "problem_solving": "Problem solving",
    },
)
LEVEL_2, LEVEL_5 = 420.07, 606.99


def read_netherlands(raw: Path) -> pd.DataFrame:
    """Estimate means by domain and sex, and levels in mathematics, with replicate weights and plausible values."""
    students = files.parquet(raw / STUDENTS_2003.files[0])
    students["sex"] = students["ST03Q01"].map({1: "female", 2: "male"})
    if students["sex"].isna().any():
        raise files.LayoutError("PISA 2003 Netherlands, column ST03Q01: expected 1 and 2")
    sample = survey.Sample(students, survey.PISA_2003)
    frames = []
    for domain, name in NETHERLANDS_DOMAINS.items():
        both = survey.mean(sample, f"PV@{name}").assign(sex="total")
        found = pd.concat([both, survey.mean(sample, f"PV@{name}", by="sex")])
        frames.append(found.assign(domain=domain, measure="mean_score"))
    names = ["low_performers", "between", "top_performers"]
    for by in (None, "sex"):
        levels = survey.levels(sample, "PV@MATH", cuts=[LEVEL_2, LEVEL_5], names=names, by=by)
        levels = levels[levels["level"] != "between"].rename(columns={"level": "measure"})
        frames.append(levels.assign(domain="mathematics", **({} if by else {"sex": "total"})))
    frame = pd.concat(frames, ignore_index=True).assign(ref_area="NLD", time_period=2003)
    return frame[
        ["ref_area", "time_period", "measure", "domain", "sex", "obs_value", "std_error", "n_obs", "obs_status"]
    ]


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare the estimates for the Netherlands with what the OECD published."""
    found = []
    ours = tables["pisa-2003-netherlands"].query("sex == 'total'")
    for measure, name in (
        ("mean_score", "pisa-{}"),
        ("low_performers", "pisa-proficiency"),
        ("top_performers", "pisa-proficiency"),
    ):
        for row in ours[ours["measure"] == measure].itertuples():
            if (row.domain, measure) not in {("mathematics", measure), ("reading", "mean_score")}:
                continue  # science and problem solving of 2003 are on scales without a published trend
            published = tables[name.format(row.domain)].query("ref_area == 'NLD' and time_period == 2003")
            published = published[published["measure"] == measure]
            if "domain" in published:
                published = published[published["domain"] == row.domain]
            theirs = published.iloc[0]
            difference = max(abs(row.obs_value - theirs["obs_value"]), abs(row.std_error - theirs["std_error"]))
            found.append(
                Comparison(
                    f"PISA 2003 Netherlands, {measure} in {row.domain}: our estimate and the published one, with its "
                    "standard error",
                    2,
                    float(difference),
                    1e-4,
                    "NLD 2003",
                )
            )
    return found


TALIS_2018 = Source(
    publisher="OECD",
    dataset="TALIS 2018 teacher questionnaire, small altered subset of France, Italy and Mexico for demonstration",
    edition="estimates of this report",
    url="https://www.oecd.org/en/about/programmes/talis.html",
    licence="MIT",
    files=("microdata/talis2018_rrepest/talis2018_teacher_fra_ita_mex_v1.6.11.parquet",),
    obtained="CRAN package Rrepest 1.6.11, data/df_talis18.rda, cran/Rrepest commit 9582199, converted to Parquet",
)
TEAM_ITEMS = {
    "develop-new-ideas": ("TT3G32A", "Most teachers strive to develop new ideas for teaching and learning"),
    "open-to-change": ("TT3G32B", "Most teachers are open to change"),
    "search-for-new-ways": ("TT3G32C", "Most teachers search for new ways to solve problems"),
    "practical-support": ("TT3G32D", "Most teachers provide practical support to each other for new ideas"),
}
TEAM_ITEM = CodeList(
    "talis-items-team-innovativeness", "Item", {code: label for code, (_, label) in TEAM_ITEMS.items()}
)


def read_team_innovativeness(raw: Path) -> pd.DataFrame:
    """Estimate the share of lower secondary teachers who agree or strongly agree with each item."""
    teachers = files.parquet(raw / TALIS_2018.files[0]).rename(columns=str.upper).query("IDPOP == 2")
    frames = []
    for item, (column, _) in TEAM_ITEMS.items():
        agree = (teachers[column] >= 3).astype("float64").where(teachers[column].notna()) * 100
        found = survey.mean(teachers.assign(AGREE=agree), "AGREE", survey.TALIS_TEACHER, by="CNTRY")
        frames.append(found.assign(item=item, measure="teachers_agree"))
    columns = ["CNTRY", "measure", "item", "obs_value", "std_error", "n_obs", "obs_status"]
    return pd.concat(frames, ignore_index=True)[columns].rename(columns={"CNTRY": "ref_area"}).assign(time_period=2018)


TABLES = (
    Table(
        name="pisa-2012-schools-by-place",
        label="Schools in villages, towns and cities: autonomy, resources, activities",
        definition="Means and shares of schools with 15-year-old students, as their principals answered in PISA 2012, "
        "by size "
        "of the place where the school is. Every school counts with its school weight.",
        measures={
            **{
                code: Measure(label, "PERCENT" if counted else "INDEX", bounds, typical, direction)
                for code, (_, counted, label, bounds, typical, direction) in SCHOOL_MEASURES.items()
            },
            "schools": Measure("Share of schools in such a place", "PERCENT", (0, 100), (2, 40)),
        },
        source=SCHOOLS_2012,
        read=read_schools,
        dimensions={"place": PLACE},
        caveats=(
            "Shares of schools, not of students: a small school counts as much as a large one.",
            "The file has no replicate weights. Standard errors are linearised within the explicit strata, as if "
            "schools had "
            "been drawn with replacement; strata of one school are joined. That overstates the error somewhat.",
            f"Withheld (c) below {WITHHELD_BELOW} schools with an answer, flagged (u) below {UNRELIABLE_BELOW}.",
            "Indices are those of the PISA 2012 database (OECD mean of students 0, standard deviation 1), except "
            "creative "
            "activities, which counts 0 to 3.",
            "A share of 0 or 100 % has the standard error 0: all schools asked agree, which is not certainty.",
            "Answers of principals in 2012.",
        ),
    ),
    Table(
        name="pisa-2003-netherlands",
        label="PISA 2003 in the Netherlands, estimated from students' data",
        definition="Mean scores of 15-year-old students in the Netherlands in 2003 by domain and sex, and shares of "
        "low and "
        "top performers in mathematics, estimated here with replicate weights and plausible values.",
        measures={
            "mean_score": Measure("Mean score", "PISA_SCORE", (200, 700), (450, 600), "higher"),
            "low_performers": Measure("Below Level 2 in mathematics", "PERCENT", (0, 100), (5, 30), "lower"),
            "top_performers": Measure("Level 5 or above in mathematics", "PERCENT", (0, 100), (10, 40), "higher"),
        },
        source=STUDENTS_2003,
        read=read_netherlands,
        dimensions={"domain": DOMAIN_2003, "sex": codes.SEX},
        caveats=(
            "A worked example of the method: totals in mathematics and reading equal the published ones, standard "
            "errors "
            "included.",
            "Science of 2003 is on an earlier scale than the trend since 2006.",
        ),
        spots=(
            Spot({"domain": "mathematics", "sex": "total", "measure": "mean_score"}, 537.8, 3.1),
            Spot({"domain": "reading", "sex": "total", "measure": "mean_score"}, 513.1, 2.9),
        ),
    ),
    Table(
        name="talis-2018-team-innovativeness",
        label="Team innovativeness in a small subset of TALIS 2018",
        definition="Per cent of lower secondary teachers of the subset who agree or strongly agree with statements on "
        "the "
        "teachers of their school.",
        measures={"teachers_agree": Measure("Teachers who agree or strongly agree", "PERCENT", (0, 100), (40, 95))},
        source=TALIS_2018,
        read=read_team_innovativeness,
        dimensions={"item": TEAM_ITEM},
        caveats=(
            "A demonstration on fewer than 200 teachers a country: not national estimates, not to be quoted as such.",
        ),
    ),
)

FAMILY = Family(TABLES, compare=compare)
