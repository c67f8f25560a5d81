"""Who pays for schools, who runs them, how large they are: estimates from the school questionnaires of PISA.

The file at hand holds a few columns of every cycle. It has no strata, so that standard errors are linearised as if
schools had been drawn with replacement from the whole country, and none of 2022, for which it has no weights.

Not here: schools by the size of their place, of 2012 alone (``microdata``, from which the linearisation is).
"""

from pathlib import Path

import numpy as np
import pandas as pd

from importers import countries, files
from importers.declaration import CodeList, Comparison, Family, Measure, Source, Sum, Table
from importers.families import microdata

SCHOOLS = Source(
    publisher="OECD",
    dataset="PISA databases 2000 to 2018, school questionnaires, as the R package learningtower gives them",
    edition="estimates of this report",
    url="https://www.oecd.org/en/about/programmes/pisa/pisa-data.html",
    licence="MIT",
    files=("microdata/learningtower/school_2000_2022.parquet",),
    obtained="public repository kevinwang09/learningtower, data/school.rda, commit 3bad659, converted to Parquet",
)

# Codes of PISA that are not those of ISO 3166.
SYSTEMS = {
    "KSV": "XKX",
    "QAR": "AR-C",
    "QAZ": "AZ-BA",
    "QCH": "CHN-BSJG",
    "QCI": "CHN-BSJZ",
    "QCN": "CN-SH",
    "QMR": "RU-MOS",
    "QRT": "RU-TA",
    "QRS": "RU-PER",
    "ROM": "ROU",
    "TAP": "TWN",
}
# Regions that took part beside their country, and a country that is no more.
NO_AREA = ("QES", "QHP", "QTN", "QUR", "QVE", "YUG")
FUNDS = {"government": "fund_gov", "fees": "fund_fees", "donations": "fund_donation"}
KINDS = {"public": 0.0, "private": 100.0}
# Fewer or more students a teacher are errors of the answers: the longest tail of a country ends below.
TEACHING = (1, 100)
WEIGHTING = CodeList(
    "school-weighting",
    "What counts alike",
    {"schools": "Every school counts alike", "students": "Every student counts alike: schools by their size"},
)


def funding(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of a school's funding by source where an answer is whole.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns of ``FUNDS``, in per cent.

    Returns
    -------
    pandas.DataFrame
        ``government``, ``fees``, ``donations`` and ``other``, what is left to 100; missing throughout where one of the
        three is missing, all are 0, or they exceed 100 together.
    """
    shares = pd.DataFrame({code: frame[column] for code, column in FUNDS.items()})
    total = shares.sum(axis=1, skipna=False)
    whole = (total > 0) & (total <= 100)
    return shares.assign(other=100 - total).where(whole)


def _schools(raw):
    schools = files.parquet(raw / SCHOOLS.files[0])
    kinds = set(schools.loc[schools["year"] < 2022, "public_private"].dropna())
    if kinds != set(KINDS):
        raise files.LayoutError(f"schools of PISA, column public_private: {sorted(kinds)}, expected {sorted(KINDS)}")
    teaching = schools["stratio"].where(schools["stratio"].between(*TEACHING))
    measured = funding(schools).assign(
        private=schools["public_private"].map(KINDS), size=schools["school_size"], students_per_teacher=teaching
    )
    return schools, measured


def read_schools(raw: Path) -> pd.DataFrame:
    """Estimate funding, kind and size of schools by country and cycle; what cannot be estimated is dropped with a reason."""
    schools, measured = _schools(raw)
    estimated, dropped = [], []
    for (country, year), rows in schools.groupby(["country", "year"]):
        reason = "the file has no weights of this cycle" if rows["sch_wgt"].isna().all() else ""
        reason = "region beside its country, or a country that is no more" if country in NO_AREA else reason
        if reason:
            dropped.append({"ref_area": country, "time_period": year, "dropped": reason})
            continue
        weighted = rows[rows["sch_wgt"] > 0]
        for weighting, weights in (
            ("schools", weighted["sch_wgt"]),
            ("students", (weighted["sch_wgt"] * weighted["school_size"])[weighted["school_size"] > 0]),
        ):
            if len(weights) < 2:
                continue
            everywhere, answers = pd.Series("all", index=weights.index), measured.loc[weights.index]
            stratum = microdata.numbered(everywhere)
            for measure in measured:
                if measure == "size" and weighting == "students":
                    continue
                numbers = microdata.estimates(answers[measure], weights, stratum, everywhere)["all"]
                estimated.append((country, year, measure, weighting, *numbers))
    columns = ["ref_area", "time_period", "measure", "weighting", "obs_value", "std_error", "n_obs"]
    frame = pd.DataFrame(estimated, columns=columns)
    frame = microdata.withheld(frame[frame["n_obs"] > 0]).assign(dropped="")
    empty = {"measure": "private", "weighting": "schools", "obs_value": np.nan, "std_error": np.nan, "n_obs": 0}
    frame["ref_area"] = countries.code(frame["ref_area"].replace(SYSTEMS))
    return pd.concat([frame, pd.DataFrame(dropped).assign(**empty, obs_status="m")], ignore_index=True)


def read_funding_by_place(raw: Path) -> pd.DataFrame:
    """Estimate the funding of schools by the size of their place in 2012."""
    columns = {"SC02Q01": "fund_gov", "SC02Q02": "fund_fees", "SC02Q03": "fund_donation"}
    schools = files.parquet(
        raw / microdata.SCHOOLS_2012.files[0], columns=["CNT", "STRATUM", "SC03Q01", "W_FSCHWT", *columns]
    )
    shares = funding(schools.rename(columns=columns))
    places = schools["SC03Q01"].map(microdata.PLACES)
    everywhere = pd.Series("total", index=schools.index)
    found = []
    for country, rows in schools.groupby("CNT"):
        at, stratum = rows.index, microdata.numbered(rows["STRATUM"])
        for measure in shares:
            for domains in (everywhere[at], places[at]):
                means = microdata.estimates(shares.loc[at, measure], rows["W_FSCHWT"], stratum, domains)
                found += [(country, measure, place, *numbers) for place, numbers in means.items()]
    frame = pd.DataFrame(found, columns=["country", "measure", "place", "obs_value", "std_error", "n_obs"])
    frame["ref_area"] = countries.code(frame.pop("country").replace(microdata.SCHOOL_COUNTRIES))
    return microdata.withheld(frame[frame["n_obs"] > 0].assign(time_period=2012))


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare the schools of 2012 with those of another copy of that cycle, school by school."""
    schools, _ = _schools(raw)
    schools = schools[schools["year"] == 2012].reset_index(drop=True)
    columns = {"SC02Q01": "fund_gov", "SC02Q02": "fund_fees", "SC02Q03": "fund_donation", "W_FSCHWT": "sch_wgt"}
    other = files.parquet(raw / microdata.SCHOOLS_2012.files[0], columns=["CNT", "SCHOOLID", *columns])
    found = []
    for theirs, ours in columns.items():
        # Both copies keep the order of the database; the identifiers are written differently.
        left, right = (values.astype(float).sort_values(ignore_index=True) for values in (schools[ours], other[theirs]))
        difference = (left - right).abs()
        found.append(
            Comparison(
                name=f"PISA 2012 schools, {ours}: two copies of the database, all values in order",
                pairs=int(difference.notna().sum()),
                largest=float(difference.max()) if left.isna().equals(right.isna()) else float("inf"),
                tolerance=0.01,
            )
        )
    return found


FUNDING = {
    "government": Measure("Funding from government at any level", "PERCENT", (0, 100), (60, 100)),
    "fees": Measure("Funding from fees that parents pay", "PERCENT", (0, 100), (0, 30)),
    "donations": Measure("Funding from donations and bequests", "PERCENT", (0, 100), (0, 10)),
    "other": Measure("Funding from other sources", "PERCENT", (0, 100), (0, 10)),
}
WHOLE_ANSWERS = (
    "Funding counts schools whose three answers are whole: none missing, together above 0 and not above 100; other sources "
    "are what is left to 100. About one school in four is left out by that."
)
NO_AMOUNT = "Answers of principals, who know the sources of a school's money, not its amount."
TABLES = (
    Table(
        name="pisa-schools",
        label="PISA: who pays for schools, private schools, size of schools",
        definition="Mean shares of schools' funding by source, share of private schools, mean number of students and of "
        "students per teacher, of schools with 15-year-old students, as principals answered in PISA 2000 to 2018.",
        measures={
            **FUNDING,
            "private": Measure("Private schools", "PERCENT", (0, 100), (3, 40)),
            "size": Measure("Students in the school", "NUMBER", (1, 6000), (200, 900)),
            "students_per_teacher": Measure("Students per teacher", "PUPILS_PER_TEACHER", TEACHING, (8, 20), "neither"),
        },
        source=SCHOOLS,
        read=read_schools,
        dimensions={"weighting": WEIGHTING},
        caveats=(
            "None of 2022: the file at hand has no school weights of that cycle. The size of the place is in none of its "
            "columns; pisa-2012-funding-by-place has funding by place in 2012.",
            WHOLE_ANSWERS,
            "The file has no strata: standard errors are linearised as if schools had been drawn with replacement from the "
            "whole country, which overstates them somewhat. A share of 0 or 100 % has the standard error 0.",
            f"Withheld (c) below {microdata.WITHHELD_BELOW} schools, flagged (u) below {microdata.UNRELIABLE_BELOW}.",
            "Students per teacher below 1 or above 100 in a school are taken for errors of the answer and left out.",
            NO_AMOUNT,
        ),
        sums=(Sum("measure", tuple(FUNDING), 100, 1e-6),),
    ),
    Table(
        name="pisa-2012-funding-by-place",
        label="Who pays for schools in villages, towns and cities, 2012",
        definition="Mean shares of schools' funding by source and size of the place where the school is, of schools with "
        "15-year-old students, as their principals answered in PISA 2012. Every school counts with its school weight.",
        measures=FUNDING,
        source=microdata.SCHOOLS_2012,
        read=read_funding_by_place,
        dimensions={"place": microdata.PLACE},
        caveats=(
            "Shares of schools, not of students: a small school counts as much as a large one.",
            WHOLE_ANSWERS,
            "Standard errors are linearised within the explicit strata, as if schools had been drawn with replacement, which "
            "overstates them somewhat. A share of 0 or 100 % has the standard error 0.",
            f"Withheld (c) below {microdata.WITHHELD_BELOW} schools, flagged (u) below {microdata.UNRELIABLE_BELOW}.",
            NO_AMOUNT,
        ),
        sums=(Sum("measure", tuple(FUNDING), 100, 1e-6),),
    ),
)

FAMILY = Family(TABLES, compare=compare)
