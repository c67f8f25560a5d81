"""PISA results as the OECD publishes them: means since 2000, levels of proficiency, gaps by background and gender.

Three publications are joined in the tables of means, by one rule: the workbook of PISA 2022 wherever it has a value,
the Data Explorer for systems and cycles that the workbook leaves out, the volume of PISA 2025 for 2025.

Not here: estimates from PISA microdata (``microdata``).
"""

from functools import partial
from pathlib import Path

import pandas as pd

from importers import codes, countries, files, layouts
from importers.declaration import Average, CodeList, Comparison, Family, Measure, Source, Spot, Table

WORKBOOK = Source(
    publisher="OECD",
    dataset="PISA 2022 Results (Volume I), Annex B1, chapters 5 and 6",
    edition="version 1, 5 December 2023",
    doi="10.1787/53f23881-en",
    url="https://stat.link/wh9d4z",
    licence="OECD Terms and Conditions",
    files=("country/oecd/pisa_2022_vol1_annexB1_ch5_6.xlsx",),
    obtained="public repository PetterAxcell/pr2-equidad-educativa, data/raw/pisa_2022_volume_1_chapters_5_6.xlsx, "
    "commit 907b91b75356b6cb949dc75fab79123f7ec38ae9",
    retrieved="2023-12-05",
)
EXPLORER = Source(
    publisher="OECD",
    dataset="PISA International Data Explorer",
    edition="2000 to 2018",
    url="http://pisadataexplorer.oecd.org",
    licence="OECD Terms and Conditions",
    files=(
        "country/oecd/pisa_ide_maths.csv",
        "country/oecd/pisa_ide_reading.csv",
        "country/oecd/pisa_ide_science.csv",
    ),
    obtained="public repository mlbt500/education.health.comparison, data/PISA_maths.csv, data/PISA_reading.csv, "
    "data/PISA_science.csv, commit 812cca5ba28225b2735b8d2341aa58326d96a656",
)
PISA_2025 = Source(
    publisher="OECD",
    dataset="PISA 2025 Results (Volume I), Tables I.B1.2a.4, I.B1.2a.36, I.B1.2a.37 and I.B1.2a.38",
    edition="8 September 2026",
    doi="10.1787/73451bc5-en",
    url="https://stat.link/mrq53f",
    licence="CC BY 4.0",
    files=("country/oecd/pisa_2025_means_oecd.csv",),
    obtained="values derived from the publisher's workbook in public repository uygarcatal6/pisa-turkiye-replication, "
    "data/derived/pisa_scores_wide.csv, commit 3c2b44da9098efa34feb22f3d5a3386b4e22be9e, and typed again",
    retrieved="2026-09-08",
)

DOMAINS = {"mathematics": "Mathematics", "reading": "Reading", "science": "Science"}
# First cycle whose scale carries the trend of the domain, and the domain's name in the three publications.
FIRST_CYCLE = {"mathematics": 2003, "reading": 2000, "science": 2006}
MEANS_SHEET = {"mathematics": 4, "reading": 5, "science": 6}
EXPLORER_FILE = {"mathematics": 0, "reading": 1, "science": 2}
PISA_2025_COLUMN = {"mathematics": "math", "reading": "reading", "science": "science"}

DOMAIN = CodeList("pisa-domain", "Domain", DOMAINS)
QUARTERS = {
    "bottom": "Bottom quarter of socio-economic status in the country",
    "second": "Second quarter of socio-economic status in the country",
    "third": "Third quarter of socio-economic status in the country",
    "top": "Top quarter of socio-economic status in the country",
}
QUARTER = CodeList("escs-quarter", "Quarter of socio-economic status", QUARTERS)

HEADER = (7, 9)
ON_PISA_2009_PLUS = ("CRI", "GEO", "MLT", "MDA", "MYS", "ARE")
ON_PISA_FOR_DEVELOPMENT = ("KHM", "GTM", "PRY")
# The countries of the publisher's averages. Luxembourg is not in the workbook; the three constant sets are those of the
# readers' guide, and each reproduces every published average of its columns.
_WORKBOOK_MEMBERS = tuple(code for code in countries.members() if code != "LUX")
MEMBERS = {
    "OECD-average": _WORKBOOK_MEMBERS,
    "OECD-average-23": tuple(
        "AUS BEL CAN CHE CZE DEU DNK FIN FRA GRC HUN IRL ISL ITA JPN KOR LVA MEX NOR NZL POL PRT SWE".split()
    ),
    "OECD-average-26": tuple(
        code
        for code in _WORKBOOK_MEMBERS
        if code not in ["AUS", "CAN", "DNK", "ESP", "GBR", "IRL", "LVA", "NLD", "NZL", "PRT", "USA"]
    ),
    "OECD-average-35": tuple(code for code in _WORKBOOK_MEMBERS if code not in ("CRI", "ESP")),
}

SAMPLING = (
    "Flag s on a value of 2022 or 2025: the publisher asks for caution, because one or more PISA sampling standards "
    "were not met (reading in Viet Nam in 2022: because the link to the international scale is weak)."
)
OTHER_ASSESSMENT = (
    "Flag d: the assessment of 2009 was taken in 2010 (Costa Rica, Georgia, Malaysia, Malta, Moldova, United Arab "
    "Emirates), or 2018 stands for PISA for Development in 2017 (Cambodia, Guatemala, Paraguay)."
)
AVERAGES = (
    "OECD-average is the mean of the members with data in that cycle, so its countries change; OECD-average-23, -26 "
    "and "
    "-35 are constant sets and the ones to use for trends."
)


def _annex(raw, number):
    """Read a table of the workbook with its areas, periods left in the labels, and flags."""
    name = f"Table I.B1.5.{number}"
    frame = layouts.annex(raw / WORKBOOK.files[0], name, HEADER)
    frame["ref_area"] = countries.code(frame["area"])
    return layouts.observations(frame, f"PISA 2022 workbook, {name}")


def _cycles(frame, level):
    """Keep the columns of single cycles, named at `level` of the header; the others are changes and trends."""
    cycle = frame["labels"].str[level].str.extract(r"^(?:Proficiency level in )?PISA (\d{4})(?: \(boys - girls\))?$")[0]
    frame = frame[cycle.notna()].assign(time_period=cycle.dropna().astype(int))
    present = frame["obs_value"].notna()
    star = present & (frame["time_period"] == 2022) & frame["area"].str.endswith("*")
    other = present & (
        ((frame["time_period"] == 2009) & frame["ref_area"].isin(ON_PISA_2009_PLUS))
        | ((frame["time_period"] == 2018) & frame["ref_area"].isin(ON_PISA_FOR_DEVELOPMENT))
    )
    frame["obs_status"] = frame["obs_status"] + other.map({True: "d", False: ""}) + star.map({True: "s", False: ""})
    return frame.drop(columns=["area", "row"])


def _explorer(raw, domain):
    path = raw / EXPLORER.files[EXPLORER_FILE[domain]]
    frame = files.csv(path, skiprows=9, header=0, usecols=range(4), keep_default_na=True)
    if list(frame) != ["Year/Study", "Jurisdiction", "Average", "Standard Error"]:
        raise files.LayoutError(f"{path.name}, row 10: {list(frame)}, expected Year/Study, Jurisdiction, Average, ...")
    frame = frame[frame["Jurisdiction"].notna()]
    frame["time_period"] = frame["Year/Study"].ffill().astype(int)
    # "Albania (2015)": results of 2015 that are kept apart because of their coverage.
    apart = frame["Jurisdiction"].str.endswith(" (2015)")
    frame = frame[~apart | (frame["time_period"] == 2015)]
    pooled = frame["Jurisdiction"] == "Selected countries and jurisdictions"
    name = frame["Jurisdiction"].str.removesuffix(" (2015)")
    frame["ref_area"] = name.where(pooled, countries.code(name[~pooled]).reindex(frame.index))
    frame["dropped"] = pooled.map({True: "pooled result of the selection, not an area", False: ""})
    missing = frame["Average"].isin(["—", "‡"])
    frame["obs_value"] = pd.to_numeric(frame["Average"].mask(missing))
    frame["std_error"] = pd.to_numeric(frame["Standard Error"].mask(missing).str.strip("()"))
    frame["obs_status"] = (frame["Average"].map({"—": "m", "‡": "c"}).fillna("")) + (apart[frame.index] & ~missing).map(
        {True: "d", False: ""}
    )
    # A system that is kept apart in 2015 also has an empty row of its own name.
    kept_apart = frame.loc[apart[frame.index], "ref_area"]
    doubled = frame["ref_area"].isin(kept_apart) & ~apart[frame.index] & (frame["time_period"] == 2015)
    frame = frame[~(doubled & missing)]
    return frame[["ref_area", "time_period", "obs_value", "std_error", "obs_status", "dropped"]]


def _pisa_2025(raw, column):
    frame = files.csv(raw / PISA_2025.files[0])
    star = frame["oecd_sampling_caveat"].map({"*": "s", "": ""})
    if star.isna().any():
        raise files.LayoutError("pisa_2025_means_oecd.csv: oecd_sampling_caveat holds something else than *")
    return pd.DataFrame(
        {
            "ref_area": countries.code(frame["iso3"].replace("OECD", "OECD-average")),
            "time_period": frame["cycle"].astype(int),
            "obs_value": pd.to_numeric(frame[f"{column}_mean"]),
            "std_error": pd.to_numeric(frame[f"{column}_se"]),
            "obs_status": star,
        }
    )


def read_means(raw: Path, domain: str) -> pd.DataFrame:
    """Join the means of a domain from the three publications."""
    workbook = _cycles(_annex(raw, MEANS_SHEET[domain]), level=1).drop(columns="labels")
    explorer = _explorer(raw, domain)
    key = ["ref_area", "time_period"]
    in_workbook = pd.MultiIndex.from_frame(workbook.loc[workbook["obs_value"].notna(), key])
    listed = pd.MultiIndex.from_frame(workbook[key])
    where = pd.MultiIndex.from_frame(explorer[key])
    drop = explorer["dropped"].to_numpy(copy=True).astype(object)
    drop[(drop == "") & where.isin(in_workbook)] = "Data Explorer: the workbook of PISA 2022 has the value"
    early = (explorer["time_period"] < FIRST_CYCLE[domain]).to_numpy()
    drop[(drop == "") & early] = f"before {FIRST_CYCLE[domain]}: on a scale that the trend does not use"
    drop[(drop == "") & (explorer["ref_area"] == "OECD-average").to_numpy()] = "Data Explorer: other set of countries"
    empty = explorer["obs_value"].isna().to_numpy()
    drop[(drop == "") & empty & where.isin(listed)] = "Data Explorer: no value either"
    # The workbook lists the country but leaves this cycle out of the trend.
    outside = where.isin(listed) & ~empty & (drop == "")
    explorer["obs_status"] = explorer["obs_status"].mask(outside & (explorer["obs_status"] == ""), "d")
    explorer["dropped"] = drop
    filled = pd.MultiIndex.from_frame(explorer.loc[explorer["dropped"] == "", key])
    workbook = workbook[~pd.MultiIndex.from_frame(workbook[key]).isin(filled)]
    newest = _pisa_2025(raw, PISA_2025_COLUMN[domain])
    return pd.concat([workbook.assign(dropped=""), explorer, newest.assign(dropped="")], ignore_index=True)


def read_problem_solving(raw: Path) -> pd.DataFrame:
    """Read the means of computational problem solving."""
    return _pisa_2025(raw, "cps")


def read_coverage(raw: Path) -> pd.DataFrame:
    """Read the share of 15-year-olds that PISA 2025 represents."""
    frame = files.csv(raw / PISA_2025.files[0])
    frame = frame[frame["iso3"] != "OECD"]
    return pd.DataFrame(
        {
            "ref_area": countries.code(frame["iso3"]),
            "time_period": frame["cycle"].astype(int),
            "obs_value": 100 * pd.to_numeric(frame["coverage_index3"]),
        }
    )


def _by_domain(raw, first, select):
    """Stack the tables of the three domains, numbered from `first`."""
    frames = [select(_annex(raw, first + i)).assign(domain=domain) for i, domain in enumerate(DOMAINS)]
    return pd.concat(frames, ignore_index=True).drop(columns="labels")


def _choose(frame, level, column, meanings):
    """Name what the header text at `level` begins with; leave out other columns."""
    text = frame["labels"].str[level]
    frame = frame.assign(**{column: None})
    for beginning, code in meanings.items():
        frame.loc[text.str.startswith(beginning), column] = code
    return frame[frame[column].notna()]


def read_proficiency(raw: Path) -> pd.DataFrame:
    """Read shares of low and top performers."""
    meanings = {"Below Level 2": "low_performers", "Level 5 or above": "top_performers"}
    return _by_domain(raw, 1, lambda frame: _choose(_cycles(frame, level=0), 1, "measure", meanings))


def read_variation(raw: Path) -> pd.DataFrame:
    """Read standard deviations and ranges between the 10th and the 90th percentile."""
    meanings = {"Standard deviation": "standard_deviation", "Inter-decile range": "interdecile_range"}
    return _by_domain(raw, 10, lambda frame: _choose(_cycles(frame, level=0), 1, "measure", meanings))


def read_quarters(raw: Path) -> pd.DataFrame:
    """Read means by quarter of socio-economic status."""
    meanings = {f"{quarter.title()} quarter of ESCS": quarter for quarter in QUARTERS}
    return _by_domain(raw, 19, lambda frame: _choose(_cycles(frame, level=0), 1, "escs_quarter", meanings))


def read_gap(raw: Path) -> pd.DataFrame:
    """Read differences between the top and the bottom quarter of socio-economic status."""
    meanings = {"Top - Bottom quarter": "score_gap"}
    return _by_domain(raw, 19, lambda frame: _choose(_cycles(frame, level=0), 1, "measure", meanings))


def read_variance(raw: Path) -> pd.DataFrame:
    """Read shares of the variance in performance that socio-economic status explains."""
    meanings = {"Percentage of variance": "variance_explained"}
    return _by_domain(raw, 22, lambda frame: _choose(_cycles(frame, level=1), 0, "measure", meanings))


def read_quarter_proficiency(raw: Path) -> pd.DataFrame:
    """Read shares of low and top performers by quarter of socio-economic status."""
    frames = []
    for number, domain, measure, words in (
        (25, "mathematics", "low_performers", "scoring below Level 2"),
        (26, "reading", "low_performers", "scoring below Level 2"),
        (27, "mathematics", "top_performers", "scoring Level 5 or above"),
        (28, "reading", "top_performers", "scoring Level 5 or above"),
    ):
        start = f"Percentage of students {words} in {domain} among students in the "
        meanings = {f"{start}{quarter} quarter": quarter for quarter in QUARTERS}
        frame = _choose(_cycles(_annex(raw, number), level=1), 0, "escs_quarter", meanings)
        frames.append(frame.assign(domain=domain, measure=measure))
    return pd.concat(frames, ignore_index=True).drop(columns="labels")


def read_gender(raw: Path) -> pd.DataFrame:
    """Read means, 10th and 90th percentiles of boys and girls."""
    meanings = {"Mean": "mean_score", "10th percentile": "percentile_10", "90th percentile": "percentile_90"}
    frames = []
    for i, domain in enumerate(DOMAINS):
        for number, sex in ((38 + 3 * i, "male"), (39 + 3 * i, "female")):
            frame = _choose(_cycles(_annex(raw, number), level=0), 1, "measure", meanings)
            frames.append(frame.assign(domain=domain, sex=sex))
    return pd.concat(frames, ignore_index=True).drop(columns="labels")


def read_gender_gap(raw: Path) -> pd.DataFrame:
    """Read differences between boys and girls."""
    meanings = {"Mean": "score_gap", "10th percentile": "percentile_10_gap", "90th percentile": "percentile_90_gap"}
    frames = []
    for i, domain in enumerate(DOMAINS):
        frame = _choose(_cycles(_annex(raw, 40 + 3 * i), level=0), 1, "measure", meanings)
        frames.append(frame.assign(domain=domain))
    return pd.concat(frames, ignore_index=True).drop(columns="labels")


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare the workbook with the Data Explorer, and published gaps with the scores that they are gaps of."""
    return [*_compare_explorer(raw), *_compare_gaps(tables)]


def _compare_gaps(tables):
    """Subtract girls from boys and the bottom from the top quarter; the published gaps must be these."""
    found = []
    for gap, scores, dimension, minuend, subtrahend in (
        ("pisa-gender-gap", "pisa-gender", "sex", "male", "female"),
        ("pisa-escs-gap", "pisa-escs-quarters", "escs_quarter", "top", "bottom"),
    ):
        key = ["ref_area", "time_period", "domain"]
        wide = tables[scores].query("measure == 'mean_score'").pivot(index=key, columns=dimension, values="obs_value")
        published = tables[gap].query("measure == 'score_gap'").set_index(key)["obs_value"]
        difference = (wide[minuend] - wide[subtrahend] - published).abs().dropna()
        worst = difference.idxmax()
        found.append(
            Comparison(
                name=f"{gap}: published gaps and {minuend} minus {subtrahend} in {scores}",
                pairs=len(difference),
                largest=float(difference.max()),
                tolerance=1e-6,
                where=", ".join(map(str, worst)),
            )
        )
    return found


def _compare_explorer(raw):
    """Compare the workbook with the Data Explorer, which prints rounded scores and standard errors."""
    found = []
    for domain in DOMAINS:
        workbook = _cycles(_annex(raw, MEANS_SHEET[domain]), level=1)
        explorer = _explorer(raw, domain)
        explorer = explorer[explorer["ref_area"] != "OECD-average"]
        both = workbook.merge(explorer, on=["ref_area", "time_period"], suffixes=("", "_explorer"))
        both = both.dropna(subset=["obs_value", "obs_value_explorer"])
        for column, tolerance, label in (("obs_value", 0.5, "means"), ("std_error", 0.05, "standard errors")):
            difference = (both[column] - both[f"{column}_explorer"]).abs()
            worst = both.loc[difference.idxmax()]
            found.append(
                Comparison(
                    name=f"PISA {domain}, {label}: workbook of PISA 2022 and Data Explorer",
                    pairs=len(difference),
                    largest=float(difference.max()),
                    tolerance=tolerance + 1e-6,
                    where=f"{worst['ref_area']} {worst['time_period']}",
                    note="The Data Explorer prints whole points and one decimal of the standard error.",
                )
            )
    return found


def _averages(*areas, cycles=None):
    """Declare the averages of the workbook; its own set of countries stands for each, see ``MEMBERS``."""
    where = {"time_period": cycles} if cycles else {}
    return tuple(Average(area, members=MEMBERS[area], std_error=True, where=where) for area in areas)


def _means_table(domain, spots):
    start = FIRST_CYCLE[domain]
    return Table(
        name=f"pisa-{domain}",
        label=f"PISA: mean score in {domain}",
        definition=f"Mean score of 15-year-old students in {domain}, PISA {start} to 2025, with standard error.",
        measures={
            "mean_score": Measure("Mean score", "PISA_SCORE", (200, 700), typical=(420, 520), direction="higher")
        },
        source=WORKBOOK,
        further=(EXPLORER, PISA_2025),
        read=partial(read_means, domain=domain),
        caveats=(
            "Which source a value is from follows one rule: 2025 from the volume of PISA 2025; before that the "
            "workbook of "
            "PISA 2022 wherever it has a value; the Data Explorer (whole points, standard error to one decimal) for "
            "the "
            "rest, for instance Luxembourg and regions.",
            "Flag d on a value of a country that the workbook lists without it: the cycle took place, but the OECD "
            "leaves it "
            "out of the trend (for instance Austria in 2009 and the United Kingdom in 2000 and 2003).",
            "A comparison of two cycles also has a link error, which is not in these standard errors.",
            "Only OECD members are in the data of 2025 at hand.",
            AVERAGES,
            SAMPLING,
            OTHER_ASSESSMENT,
        ),
        spots=spots,
        averages=(
            *_averages(*MEMBERS, cycles=tuple(range(2000, 2023))),
            Average("OECD-average", std_error=True, where={"time_period": 2025}),
        ),
    )


TABLES = (
    _means_table(
        "mathematics",
        (
            Spot({"ref_area": "USA", "time_period": 2022}, 464.9, 4.0),
            Spot({"ref_area": "OECD-average", "time_period": 2025}, 463.021, 0.4248, tolerance=0.0005),
        ),
    ),
    _means_table(
        "reading",
        (
            Spot({"ref_area": "EST", "time_period": 2018}, 523.0, 1.8),
            Spot({"ref_area": "OECD-average", "time_period": 2025}, 460.944, 0.4464, tolerance=0.0005),
        ),
    ),
    _means_table(
        "science",
        (
            Spot({"ref_area": "FIN", "time_period": 2006}, 563.3, 2.0),
            Spot({"ref_area": "OECD-average", "time_period": 2025}, 481.908, 0.4384, tolerance=0.0005),
        ),
    ),
    Table(
        name="pisa-problem-solving",
        label="PISA: mean score in computational problem solving",
        definition="Mean score of 15-year-old students in computational problem solving, PISA 2025, a new scale on "
        "which "
        "the mean of the OECD members is 500.",
        measures={
            "mean_score": Measure("Mean score", "PISA_SCORE", (200, 700), typical=(470, 530), direction="higher")
        },
        source=PISA_2025,
        read=read_problem_solving,
        caveats=(SAMPLING, "Only OECD members are in the data at hand."),
        spots=(Spot({"ref_area": "OECD-average"}, 500.0, 0.4012, tolerance=0.0005),),
        averages=(Average("OECD-average", std_error=True),),
    ),
    Table(
        name="pisa-coverage",
        label="PISA: share of 15-year-olds represented",
        definition="Coverage Index 3 of PISA 2025: the share of all 15-year-olds that the students assessed represent.",
        measures={"coverage": Measure("Coverage of 15-year-olds", "PERCENT", (30, 105), typical=(75, 100))},
        source=PISA_2025,
        read=read_coverage,
        caveats=("The publisher prints a proportion; it is given here in per cent.",),
    ),
    Table(
        name="pisa-proficiency",
        label="PISA: low and top performers",
        definition="Share of 15-year-old students who score below Level 2 (low performers) and at Level 5 or above "
        "(top "
        "performers), mathematics since 2003, reading since 2009, science since 2006.",
        measures={
            "low_performers": Measure("Low performers", "PERCENT", (0, 100), typical=(10, 50), direction="lower"),
            "top_performers": Measure("Top performers", "PERCENT", (0, 100), typical=(1, 20), direction="higher"),
        },
        dimensions={"domain": DOMAIN},
        source=WORKBOOK,
        read=read_proficiency,
        caveats=(
            "Until 2022: the volume of PISA 2025 gives no shares by domain here, see pisa-2025-performers for what it gives.",
            AVERAGES,
            SAMPLING,
            OTHER_ASSESSMENT,
        ),
        averages=_averages(*MEMBERS),
    ),
    Table(
        name="pisa-variation",
        label="PISA: spread of scores",
        definition="Standard deviation of the scores of 15-year-old students, and difference between the 90th and the "
        "10th "
        "percentile.",
        measures={
            "standard_deviation": Measure("Standard deviation", "PISA_SCORE", (40, 140), typical=(80, 105)),
            "interdecile_range": Measure("90th minus 10th percentile", "PISA_SCORE", (90, 370), typical=(200, 280)),
        },
        dimensions={"domain": DOMAIN},
        source=WORKBOOK,
        read=read_variation,
        caveats=(AVERAGES, SAMPLING, OTHER_ASSESSMENT),
        averages=_averages(*MEMBERS),
    ),
    Table(
        name="pisa-escs-quarters",
        label="PISA: mean score by socio-economic quarter",
        definition="Mean score of 15-year-old students by quarter of the PISA index of economic, social and cultural "
        "status "
        "(ESCS) within each country, 2012 to 2022.",
        measures={
            "mean_score": Measure("Mean score", "PISA_SCORE", (200, 700), typical=(400, 530), direction="higher")
        },
        dimensions={"domain": DOMAIN, "escs_quarter": QUARTER},
        source=WORKBOOK,
        read=read_quarters,
        caveats=(AVERAGES, SAMPLING, OTHER_ASSESSMENT),
        averages=_averages("OECD-average", "OECD-average-35"),
    ),
    Table(
        name="pisa-escs-gap",
        label="PISA: socio-economic gap in scores",
        definition="Mean score of 15-year-old students in the top quarter of socio-economic status (ESCS) minus that "
        "in the "
        "bottom quarter of the same country, 2012 to 2022, with the standard error of the difference.",
        measures={
            "score_gap": Measure(
                "Top minus bottom quarter", "PISA_SCORE", (0, 200), typical=(60, 110), direction="lower"
            )
        },
        dimensions={"domain": DOMAIN},
        source=WORKBOOK,
        read=read_gap,
        caveats=(
            "Until 2022: the gap of 2025 in science, without a standard error, is in pisa-2025-equity.",
            AVERAGES,
            SAMPLING,
            OTHER_ASSESSMENT,
        ),
        averages=_averages("OECD-average", "OECD-average-35"),
    ),
    Table(
        name="pisa-escs-variance",
        label="PISA: variance explained by socio-economic status",
        definition="Share of the variance in scores of 15-year-old students that socio-economic status (ESCS) "
        "explains (R "
        "squared of a regression on ESCS), 2012 to 2022.",
        measures={
            "variance_explained": Measure("Variance explained", "PERCENT", (0, 60), typical=(5, 20), direction="lower")
        },
        dimensions={"domain": DOMAIN},
        source=WORKBOOK,
        read=read_variance,
        caveats=(
            "Until 2022: the share of 2025 in science, without a standard error, is in pisa-2025-equity.",
            AVERAGES,
            SAMPLING,
            OTHER_ASSESSMENT,
        ),
        averages=_averages("OECD-average", "OECD-average-35"),
    ),
    Table(
        name="pisa-escs-proficiency",
        label="PISA: low and top performers by socio-economic quarter",
        definition="Share of students of each quarter of socio-economic status (ESCS) who score below Level 2 and at "
        "Level 5 "
        "or above in mathematics and reading, 2012 to 2022.",
        measures={
            "low_performers": Measure("Low performers", "PERCENT", (0, 100), typical=(10, 60), direction="lower"),
            "top_performers": Measure("Top performers", "PERCENT", (0, 100), typical=(1, 20), direction="higher"),
        },
        dimensions={"domain": DOMAIN, "escs_quarter": QUARTER},
        source=WORKBOOK,
        read=read_quarter_proficiency,
        caveats=(AVERAGES, SAMPLING, OTHER_ASSESSMENT),
        averages=_averages("OECD-average", "OECD-average-35"),
    ),
    Table(
        name="pisa-gender",
        label="PISA: scores of girls and boys",
        definition="Mean, 10th and 90th percentile of the scores of 15-year-old girls and boys, 2012 to 2022.",
        measures={
            "mean_score": Measure("Mean score", "PISA_SCORE", (200, 700), typical=(420, 520), direction="higher"),
            "percentile_10": Measure("10th percentile", "PISA_SCORE", (100, 600), typical=(280, 400)),
            "percentile_90": Measure("90th percentile", "PISA_SCORE", (250, 800), typical=(520, 640)),
        },
        dimensions={"domain": DOMAIN, "sex": codes.SEX},
        source=WORKBOOK,
        read=read_gender,
        caveats=(AVERAGES, SAMPLING, OTHER_ASSESSMENT),
        averages=_averages("OECD-average", "OECD-average-35"),
    ),
    Table(
        name="pisa-gender-gap",
        label="PISA: scores of boys minus girls",
        definition="Difference between the scores of 15-year-old boys and girls (boys minus girls) at the mean and at "
        "the 10th "
        "and 90th percentile, 2012 to 2022, with the standard error of the difference.",
        measures={
            "score_gap": Measure("Boys minus girls, mean", "PISA_SCORE", (-120, 120), typical=(-30, 20)),
            "percentile_10_gap": Measure("Boys minus girls, 10th percentile", "PISA_SCORE", (-150, 150)),
            "percentile_90_gap": Measure("Boys minus girls, 90th percentile", "PISA_SCORE", (-150, 150)),
        },
        dimensions={"domain": DOMAIN},
        source=WORKBOOK,
        read=read_gender_gap,
        caveats=(AVERAGES, SAMPLING, OTHER_ASSESSMENT),
        averages=_averages("OECD-average", "OECD-average-35"),
    ),
)

FAMILY = Family(TABLES, compare=compare)
