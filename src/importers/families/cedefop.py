"""Cedefop's key indicators on vocational education and training.

The copy at hand was typed from a conversion of Cedefop's master file, see ``obtained``; so is Eurostat's companion,
which has the same columns (``read_typed``).

Not here: Eurostat's own files (``eurostat``).
"""

from pathlib import Path

import pandas as pd

from importers import countries, files, layouts_eurostat
from importers.declaration import Comparison, Family, Measure, Source, Spot, Table

APPRENTIX = "typed from public repository costirezlescu/apprentix.eu, data/published/indicators, {}, " + (
    "commit 12f491d79e079c322693c5ab5d90e16e47f06ec4"
)
KEY_INDICATORS = Source(
    publisher="Cedefop",
    dataset="Key indicators on VET",
    edition="master file of 6 July 2026",
    doi="10.2906/534056862890980",
    url="https://www.cedefop.europa.eu/en/datasets/dataset-key-indicators-vet",
    licence="CC BY 4.0",
    files=("country/cedefop/kivet_2026_selected.csv",),
    obtained=APPRENTIX.format("cedefop-kivet-*.csv"),
    retrieved="2026-10-01",
)
GRADUATES = Source(
    publisher="Eurostat",
    dataset="Work-based learning and employment of recent VET graduates, enterprises with initial training "
    "(tps00215, edat_lfse_24, trng_cvt_34s)",
    url="https://ec.europa.eu/eurostat/databrowser/view/tps00215",
    licence="CC BY 4.0",
    files=("country/eurostat/vet_lfs_cvts_selected.csv",),
    obtained=APPRENTIX.format("eurostat-*.csv"),
)
CODES = {
    "kivet_1010": "vocational_students",
    "kivet_1020": "combined_programmes",
    "kivet_1030": "employees_in_courses",
    "kivet_1050": "adults_in_learning",
    "kivet_1060": "enterprises_that_train",
    "kivet_3010": "early_leavers",
}
GRADUATE_CODES = {
    "tps00215": "work_based_learning",
    "edat_lfse_24_vet": "employment_rate",
    "trng_cvt_34s": "enterprises_with_apprentices",
}


def _read_typed(path, meanings):
    """Read one of the two typed files; the three-letter code must agree with Eurostat's."""
    frame = files.csv(path)
    layouts_eurostat.require(frame, path, ["indicator", "geo", "iso3", "time", "value", "flag"])
    unknown = sorted(set(frame["indicator"]) - set(meanings))
    if unknown:
        raise files.LayoutError(f"{path.name}, column indicator: unexpected {unknown}, expected {list(meanings)}")
    areas = countries.from_iso2(frame["geo"].replace("EU27", "EU27_2020"))
    wrong = frame[areas != frame["iso3"]]
    if len(wrong):
        raise files.LayoutError(f"{path.name}, row {wrong.index[0] + 2}: geo and iso3 name two countries")
    values = files.numbers(frame["value"], path)
    return pd.DataFrame(
        {
            "ref_area": areas,
            "time_period": files.years(frame["time"], path),
            "measure": frame["indicator"].map(meanings),
            "obs_value": values,
            "obs_status": layouts_eurostat.status(frame["flag"], values, path),
        }
    )


def read_key_indicators(raw: Path) -> pd.DataFrame:
    """Read Cedefop's key indicators."""
    return _read_typed(raw / KEY_INDICATORS.files[0], CODES)


def read_graduates(raw: Path) -> pd.DataFrame:
    """Read Eurostat's series on graduates of vocational education and on apprentices."""
    return _read_typed(raw / GRADUATES.files[0], GRADUATE_CODES)


TYPED = "Values were typed from a conversion of the publisher's file, not copied: take a number from the publisher."
TABLES = (
    Table(
        name="vocational-education-europe",
        label="Vocational education and training in Europe",
        definition="Six of Cedefop's key indicators for European members of the OECD: vocational students in "
        "upper secondary education, students in programmes that combine work and school, continuing training of "
        "employees and in enterprises, adults in learning, and early leavers.",
        measures={
            "vocational_students": Measure("Vocational students, upper secondary", "PERCENT", (0, 100), (35, 60)),
            "combined_programmes": Measure(
                "Students in combined work- and school-based programmes",
                "PERCENT",
                (0, 100),
                (10, 45),
                definition="Share of upper secondary vocational students.",
            ),
            "employees_in_courses": Measure(
                "Employees in courses of continuing training", "PERCENT", (0, 100), (25, 55), "higher"
            ),
            "adults_in_learning": Measure(
                "Adults in learning, last four weeks",
                "PERCENT",
                (0, 60),
                (6, 16),
                "higher",
                definition="People aged 25 to 64 in education or training in the last four weeks.",
            ),
            "enterprises_that_train": Measure(
                "Enterprises that train their staff", "PERCENT", (0, 100), (55, 85), "higher"
            ),
            "early_leavers": Measure(
                "Early leavers from education and training",
                "PERCENT",
                (0, 60),
                (6, 13),
                "lower",
                definition="People aged 18 to 24 with at most lower secondary education and in no further training.",
            ),
        },
        source=KEY_INDICATORS,
        read=read_key_indicators,
        caveats=(
            TYPED,
            "Combined programmes depend on how a country maps its programmes: 100 per cent in Hungary, Ireland "
            "and Latvia, almost so in Denmark, doubling in Norway 2016 to 2017, an outlier in Malta 2020. Do not "
            "rank countries at or near 100 per cent, and do not read absence as zero.",
            "Early leavers in Norway fall from 9.8 (2021) to 3.1 (2022) without a break flag, while Eurostat's "
            "extraction of 2025 gives 10.4 and 14.6 for 2023: leave Norway out or footnote it.",
            "Breaks of the EU labour force survey in 2014 and 2021. The EU value of combined programmes is "
            "Cedefop's estimate.",
            "Continuing training: 2010, 2015 and 2020 only.",
        ),
        spots=(
            Spot({"ref_area": "NOR", "time_period": 2021, "measure": "early_leavers"}, 9.8),
            Spot({"ref_area": "NOR", "time_period": 2022, "measure": "early_leavers"}, 3.1),
            Spot({"ref_area": "DNK", "time_period": 2016, "measure": "combined_programmes"}, 80.0),
            Spot({"ref_area": "MLT", "time_period": 2020, "measure": "combined_programmes"}, 62.9),
        ),
    ),
    Table(
        name="vocational-graduates",
        label="Vocational graduates and firms with apprentices in Europe",
        definition="Recent vocational graduates (aged 20 to 34, medium level) who learned at a workplace during "
        "their studies; their employment rate; enterprises of ten and more persons that employ participants of "
        "initial vocational training.",
        measures={
            "work_based_learning": Measure(
                "Graduates with work-based learning", "PERCENT", (0, 100), (45, 80), "higher"
            ),
            "employment_rate": Measure("Employment rate of recent graduates", "PERCENT", (20, 100), (65, 90), "higher"),
            "enterprises_with_apprentices": Measure(
                "Enterprises with apprentices", "PERCENT", (0, 100), (8, 35), "higher"
            ),
        },
        source=GRADUATES,
        read=read_graduates,
        caveats=(
            TYPED,
            "Small samples in Luxembourg, Ireland, Malta, Cyprus, Latvia and Iceland swing by 15 to 20 points a "
            "year; many values are flagged u or b.",
            "Work-based learning jumps in Poland (16.3 to 58.4 in 2023, flagged) and France (68.3 to 82.4 to "
            "93.2, of which only 2024 is flagged).",
            "Enterprises with apprentices: every value of 2010 and 2015 is flagged b, so this is no trend.",
        ),
        spots=(
            Spot({"ref_area": "EU27_2020", "time_period": 2021, "measure": "work_based_learning"}, 60.3),
            Spot({"ref_area": "EU27_2020", "time_period": 2023, "measure": "work_based_learning"}, 64.4),
            Spot({"ref_area": "EU27_2020", "time_period": 2024, "measure": "work_based_learning"}, 65.2),
            Spot({"ref_area": "EU27_2020", "time_period": 2022, "measure": "employment_rate"}, 79.7),
            Spot({"ref_area": "EU27_2020", "time_period": 2023, "measure": "employment_rate"}, 80.7),
            Spot({"ref_area": "POL", "time_period": 2023, "measure": "work_based_learning"}, 58.4),
        ),
    ),
)


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare Cedefop's series with UNESCO's and with Eurostat's own files."""
    ours = tables["vocational-education-europe"].dropna(subset="obs_value")
    students = ours.query("measure == 'vocational_students' and time_period >= 2013")
    theirs = tables["vocational-students"].query("secondary_level == 'upper_secondary'")
    both = students.merge(theirs, on=["ref_area", "time_period"])
    difference = (both["obs_value_x"] - both["obs_value_y"]).abs()
    regular = both["ref_area"] + both["time_period"].astype(str)
    kept = ~regular.isin(["GBR2014", "CHE2014"])
    adults = ours.query("measure == 'adults_in_learning'")
    wider = adults.merge(tables["adult-learning-25-74"].dropna(subset="obs_value"), on=["ref_area", "time_period"])
    ratio = wider["obs_value_x"] / wider["obs_value_y"]
    flags = wider["obs_status_x"].str.contains("b") != wider["obs_status_y"].str.contains("b")
    leavers = ours.query("measure == 'early_leavers' and time_period == 2023 and ref_area != 'NOR'").set_index(
        "ref_area"
    )
    by_sex = tables["early-leavers-by-sex"].pivot(index="ref_area", columns="sex", values="obs_value").dropna()
    between = leavers.join(by_sex, how="inner")
    low, high = between[["female", "male"]].min(axis=1), between[["female", "male"]].max(axis=1)
    outside = (low - between["obs_value"]).clip(lower=0) + (between["obs_value"] - high).clip(lower=0)
    return [
        Comparison(
            "Vocational students, upper secondary: Cedefop and UNESCO, 2013 and 2014",
            int(kept.sum()),
            float(difference[kept].max()),
            0.06,
            str(regular[difference[kept].idxmax()]),
            f"Left out: CHE 2014 ({difference[regular == 'CHE2014'].max():.2f}) and GBR 2014 "
            f"({difference[regular == 'GBR2014'].max():.1f}).",
        ),
        Comparison(
            "Adults in learning: Cedefop (ages 25 to 64) over Eurostat (25 to 74), distance of the ratio from 1.135",
            len(ratio),
            float((ratio - 1.135).abs().max()),
            0.14,
            "",
            f"Ratio {ratio.min():.2f} to {ratio.max():.2f}: older people learn less; break flags differ in "
            f"{int(flags.sum())} pairs.",
        ),
        Comparison(
            "Early leavers 2023: Cedefop's total lies between Eurostat's women and men",
            len(outside),
            float(outside.max()),
            0.0,
            str(outside.idxmax()),
            "Norway left out: see the caveats of the table.",
        ),
    ]


FAMILY = Family(TABLES, compare=compare)
