"""European Commission: Regional Innovation Scoreboard 2023 and Regional Competitiveness Index.

Not here: Eurostat (``eurostat_regional``).
"""

from functools import cache
from pathlib import Path

import pandas as pd

from importers import countries, files, nuts
from importers.declaration import Family, Measure, Source, Spot, Table

LOCALISED = "public repository giocopp/LOCALISED-7.1-Paper, Base Data, commit 61a0ca25caf79943d65ec98e879d8c390badea08"
INNOVATION = Source(
    publisher="European Commission",
    dataset="Regional Innovation Scoreboard 2023 (database)",
    edition="2023",
    url="https://research-and-innovation.ec.europa.eu/statistics/performance-indicators/regional-innovation-scoreboard_en",
    licence="CC BY 4.0",
    files=("regional/european-commission/RIS_2023.xlsx",),
    obtained=LOCALISED,
)
COMPETITIVENESS = Source(
    publisher="European Commission",
    dataset="EU Regional Competitiveness Index 2.0, 2022 edition (raw data)",
    edition="2022, updated 11 May 2023",
    url="https://ec.europa.eu/regional_policy/information-sources/maps/regional-competitiveness_en",
    licence="CC BY 4.0",
    files=("regional/european-commission/RCI_2022.xlsx",),
    obtained=LOCALISED,
)
EVOLUTION = Source(
    publisher="European Commission",
    dataset="EU Regional Competitiveness Index, editions 2010 to 2019 (z-scores)",
    edition="2019",
    url="https://ec.europa.eu/regional_policy/information-sources/maps/regional-competitiveness_en",
    licence="CC BY 4.0",
    files=("regional/european-commission/rci-indicator-evolution_2010-2019.csv",),
    obtained="public repository graebnerc/competitivenessData, data-raw/rci-indicator-evolution.csv, commit "
    "bad18af93ee844670fcb0e6567a3504fc93b625f",
)

# Measure: (title in the file, label)
SCORES = {
    "innovation_index": ("0 Summary Innovation Index", "Regional Innovation Index"),
    "tertiary_education": ("1.1.2 Population with tertiary education (Regional)", "Tertiary education"),
    "lifelong_learning": ("1.1.3 Population involved in lifelong learning (Regional)", "Lifelong learning"),
    "international_copublications": (
        "1.2.1 International scientific co-publications (Regional)",
        "International scientific co-publications",
    ),
    "most_cited_publications": (
        "1.2.2 Scientific publications among the top 10% most cited (Regional)",
        "Most-cited scientific publications",
    ),
    "digital_skills": (
        "1.3.2 Individuals with above basic overall digital skills (Regional)",
        "Digital skills above basic",
    ),
    "public_rd": ("2.1.1 R&D expenditure in the public sector (Regional)", "R&D expenditure in the public sector"),
    "business_rd": ("2.2.1 R&D expenditure in the business sector (Regional)", "R&D expenditure in business"),
    "other_innovation_expenditure": (
        "2.2.2 Non-R&D innovation expenditures (Regional)",
        "Innovation expenditure without R&D",
    ),
    "innovation_expenditure_per_person": (
        "2.2.3 Innovation expenditures per person employed (Regional)",
        "Innovation expenditure per person employed",
    ),
    "ict_specialists": ("2.3.2 Employed ICT specialists", "ICT specialists"),
    "product_innovators": (
        "3.1.1 SMEs introducing product innovations (Regional)",
        "Small firms with product innovations",
    ),
    "process_innovators": (
        "3.1.2 SMEs introducing business process innovations (Regional)",
        "Small firms with business process innovations",
    ),
    "collaborating_firms": (
        "3.2.1 Innovative SMEs collaborating with others (Regional)",
        "Small firms that collaborate",
    ),
    "public_private_copublications": (
        "3.2.2 Public-private co-publications (Regional)",
        "Public-private co-publications",
    ),
    "patent_applications": ("3.3.1 PCT patent applications (Regional)", "PCT patent applications"),
    "trademark_applications": ("3.3.2 Trademark applications (Regional)", "Trademark applications"),
    "design_applications": ("3.3.3 Design applications (Regional)", "Design applications"),
    "knowledge_intensive_employment": (
        "4.1.1 Employment in knowledge-intensive activities (Regional)",
        "Employment in knowledge-intensive activities",
    ),
    "innovative_enterprise_employment": (
        "4.1.2 Employment in innovative enterprises (Regional)",
        "Employment in innovative enterprises",
    ),
    "new_product_sales": (
        "4.2.3 Sales of new-to-market and new-to-firm innovations (Regional)",
        "Sales of innovations new to market or firm",
    ),
    "fine_particulates": ("4.3.2 Air emissions by fine particulates (Regional)", "Low emissions of fine particulates"),
}
NATIONAL = "indicator or dimension that the scoreboard has for countries only"
EMPTY_REGION = "region without data: the file prints zeros throughout"
INNOVATION_COLUMNS = ["Indicator", "Year", "Zone", "Country", "CountryName", "Region", "RegionName"]
INNOVATION_COLUMNS += ["Level", "Value", "performance group"]

# Measure: (column, unit as the sheet of descriptions gives it, period)
COMPETITIVENESS_COLUMNS = {
    "tertiary_attainment_25_34": ("Higher educational attainment", "% of population aged 25–34", "2021"),
    "lifelong_learning": ("Lifelong learning", "% of population aged 25–64", "2019-2021"),
    "early_leavers": (
        "Early school leavers",
        "% of the population aged 18–24 with at most lower secondary school",
        "2019-2021",
    ),
    "lower_secondary_only": ("Lower-secondary completion only", "% of population aged 25–64", "2019-2021"),
    "university_accessibility": ("University accessibility", "Share of population", "2016"),
    "neet_rate": ("NEET rate", "% of population aged 15–24", "2019-2021"),
    "employment_rate": ("Employment rate (excluding agriculture)", "% of population 15–64 years", "2021"),
    "rd_expenditure": ("Total intramural research and development expenditure", "% of GDP", "2019"),
    "science_technology_people": ("Human Resources in Science and Technology", "% of active population", "2021"),
    "high_technology_employment": (
        "Employment in technology and knowledge-intensive sectors",
        "% of total employment",
        "2021",
    ),
    "knowledge_workers": ("Knowledge workers", "% of total employment", "2019-2021"),
    "creative_class": ("Core creative class employment", "% of population aged 15–64", "2019-2021"),
    "patent_applications": ("Total patent applications", "Average number 2017–2018", "2017-2018"),
    "broadband": ("Households with broadband access (%)", "% of total households", "2021"),
}
DESCRIBED_AS = {"NEET rate": "NEET", "Households with broadband access (%)": "Households with broadband access"}


def areas(raw: Path) -> pd.DataFrame:
    """Return the merged capital regions of the index, for the code list of areas."""
    frames = [_competitiveness(raw)[["NUTS", "Region name"]].set_axis(["code", "name"], axis=1)]
    older = _evolution(raw)[["NUTS CODE 2016", "NUTS NAME", "merged regions_code"]].drop_duplicates()
    older = (
        older[older["merged regions_code"] == older["NUTS CODE 2016"]].iloc[:, :2].set_axis(["code", "name"], axis=1)
    )
    frames.append(older.assign(name=older["name"].str.replace(r"^\w+ - ", "", regex=True) + " (RCI 2010-2019)"))
    frame = pd.concat(frames, ignore_index=True)
    frame = frame[~frame["code"].isin(nuts.regions(raw)["code"])]
    country = countries.from_iso2(frame["code"].str[:2])
    return frame.assign(area_type="merged_capital_region", country=country)


@cache
def _scoreboard(raw):
    path = raw / INNOVATION.files[0]
    rows = files.sheet(path, "RIS")
    if list(rows[0][:10]) != INNOVATION_COLUMNS:
        raise files.LayoutError(f"{path.name}, row 1: {list(rows[0][:10])}, expected {INNOVATION_COLUMNS}")
    return pd.DataFrame(rows[1:], columns=INNOVATION_COLUMNS)


def read_innovation(raw: Path) -> pd.DataFrame:
    """Read the scores of the Regional Innovation Scoreboard."""
    frame = _scoreboard(raw)
    titles = {title: measure for measure, (title, _) in SCORES.items()}
    absent = sorted(set(titles) - set(frame["Indicator"]))
    if absent:
        raise files.LayoutError(f"{INNOVATION.files[0]}: no indicator {absent}")
    measure = frame["Indicator"].map(titles)
    placed = nuts.place(frame["Region"].replace("EU", "EU27_2020"), raw)
    empty = frame.groupby("Region")["Value"].transform(lambda values: values.fillna(0).eq(0).all())
    value = pd.to_numeric(frame["Value"]).astype(float)
    reason = placed.pop("dropped").mask(empty, EMPTY_REGION).mask(measure.isna(), NATIONAL)
    return placed.assign(
        time_period=frame["Year"].astype(int),
        measure=measure.fillna(""),
        obs_value=value,
        obs_status=value.isna().map({True: "m", False: ""}),
        dropped=reason,
    )


@cache
def _competitiveness(raw):
    path = raw / COMPETITIVENESS.files[0]
    rows = files.sheet(path, "RCI_2022_raw_data")
    header = [" ".join(str(cell).split()) for cell in rows[0] if cell is not None]
    absent = sorted({column for column, *_ in COMPETITIVENESS_COLUMNS.values()} - set(header))
    if header[:2] != ["NUTS", "Region name"] or absent:
        raise files.LayoutError(f"{path.name}, row 1: begins with {header[:2]}; no column {absent}")
    return pd.DataFrame([row[: len(header)] for row in rows[1:] if row[0]], columns=header)


def _described(raw):
    """Return the unit that the sheet of descriptions gives for each indicator."""
    rows = files.sheet(raw / COMPETITIVENESS.files[0], "RCI_2022_indicators_descr")
    plain = [[" ".join(str(cell).split()) if cell is not None else "" for cell in row] for row in rows]
    return {row[1]: row[3] for row in plain if len(row) > 3}


def read_competitiveness(raw: Path) -> pd.DataFrame:
    """Read education, work and innovation from the raw data of the index."""
    frame, units = _competitiveness(raw), _described(raw)
    merged = frame["NUTS"].str.fullmatch(r"[A-Z]{2}_C")
    placed = nuts.place(frame["NUTS"].mask(merged, "EU27_2020"), raw)
    placed["ref_area"] = placed["ref_area"].mask(merged, frame["NUTS"])
    placed["ref_area_type"] = placed["ref_area_type"].mask(merged, "merged_capital_region")
    frames = []
    for measure, (column, unit, period) in COMPETITIVENESS_COLUMNS.items():
        found = units.get(DESCRIBED_AS.get(column, column))
        if found != unit:
            raise files.LayoutError(f"{column}: unit {found!r} in the sheet of descriptions, expected {unit!r}")
        value = pd.to_numeric(frame[column].mask(frame[column] == "NA")).astype(float)
        status = value.isna().map({True: "m", False: ""})
        frames.append(placed.assign(time_period=period, measure=measure, obs_value=value, obs_status=status))
    return pd.concat(frames, ignore_index=True)


@cache
def _evolution(raw):
    return files.csv(raw / EVOLUTION.files[0])


def read_evolution(raw: Path) -> pd.DataFrame:
    """Read the index of the editions of 2010 to 2019."""
    frame = _evolution(raw)
    wrong = frame[frame["Year z-score"] != "RCI " + frame["Year"] + " z-scores"]
    if len(wrong):
        raise files.LayoutError(
            f"{EVOLUTION.files[0]}, row {wrong.index[0] + 2}: the year does not agree with its label"
        )
    merged = frame["merged regions_code"] == frame["NUTS CODE 2016"]
    placed = nuts.place(frame["NUTS CODE 2016"].mask(merged, "EU27_2020"), raw)
    placed["ref_area"] = placed["ref_area"].mask(merged, frame["NUTS CODE 2016"])
    placed["ref_area_type"] = placed["ref_area_type"].mask(merged, "merged_capital_region")
    value = pd.to_numeric(frame["value"].mask(frame["value"] == "")).astype(float)
    return placed.assign(
        time_period=frame["Year"].astype(int),
        obs_value=value,
        obs_status=value.isna().map({True: "m", False: ""}),
    )


LEVEL_CAVEAT = (
    "NUTS level 2, and level 1 in Austria, Belgium, France, the United Kingdom and for city states; Cyprus, "
    "Estonia, Latvia, "
    "Luxembourg and Malta as countries."
)
MERGED_CAVEAT = "Some capitals are merged with their commuting zones: codes such as AT_C, which are no NUTS codes."
COMPETITIVENESS_MEASURES = {
    "tertiary_attainment_25_34": Measure("Tertiary attainment, ages 25 to 34", "PERCENT", (5, 80), (25, 45), "higher"),
    "lifelong_learning": Measure("Adults in learning, ages 25 to 64", "PERCENT", (0, 50), (5, 15), "higher"),
    "early_leavers": Measure("Early school leavers, ages 18 to 24", "PERCENT", (0, 50), (6, 13), "lower"),
    "lower_secondary_only": Measure(
        "At most lower secondary education, ages 25 to 64", "PERCENT", (0, 80), (12, 25), "lower"
    ),
    "university_accessibility": Measure("People near a university", "PERCENT", (0, 100), (60, 95), "higher"),
    "neet_rate": Measure("Neither employed nor in education, ages 15 to 24", "PERCENT", (0, 50), (6, 14), "lower"),
    "employment_rate": Measure(
        "Employment rate without agriculture, ages 15 to 64", "PERCENT", (20, 95), (60, 75), "higher"
    ),
    "rd_expenditure": Measure("Expenditure on R&D", "PERCENT_GDP", (0, 15), (0.8, 2), "higher"),
    "science_technology_people": Measure("People in science and technology", "PERCENT", (10, 90), (35, 55), "higher"),
    "high_technology_employment": Measure(
        "Employment in technology and knowledge-intensive sectors", "PERCENT", (0, 20), (2, 6), "higher"
    ),
    "knowledge_workers": Measure("Knowledge workers", "PERCENT", (0, 70), (20, 35), "higher"),
    "creative_class": Measure("Core creative class", "PERCENT", (0, 40), (6, 14), "higher"),
    "patent_applications": Measure(
        "Patent applications per million inhabitants", "PER_MILLION", (0, 2000), (15, 70), "higher"
    ),
    "broadband": Measure("Households with broadband", "PERCENT", (50, 100), (80, 97), "higher"),
}
TABLES = (
    Table(
        name="regional-innovation-scoreboard",
        label="Regional Innovation Scoreboard, 2016 to 2023",
        definition="Normalised scores of 21 indicators of innovation and their summary index, relative to the "
        "European Union in 2016 (= 100).",
        measures={
            code: Measure(label, "INDEX_EU_2016_100", (0, 600), (50, 160), "higher")
            for code, (_, label) in SCORES.items()
        },
        source=INNOVATION,
        read=read_innovation,
        caveats=(
            LEVEL_CAVEAT,
            "Scores are normalised and partly imputed: for comparison, never percentages.",
            "FI1B is labelled Etelä-Suomi in the file and is Helsinki-Uusimaa.",
        ),
        spots=(
            Spot({"ref_area": "EU27_2020", "time_period": 2016, "measure": "innovation_index"}, 100.0),
            Spot(
                {"ref_area": "EU27_2020", "time_period": 2023, "measure": "innovation_index"}, 108.47, tolerance=0.005
            ),
        ),
    ),
    Table(
        name="regional-competitiveness-2022",
        label="Education, work and innovation in European regions",
        definition="Fourteen of the indicators behind the EU Regional Competitiveness Index, edition of 2022, in "
        "their original units.",
        measures=COMPETITIVENESS_MEASURES,
        source=COMPETITIVENESS,
        read=read_competitiveness,
        spans=True,
        caveats=(
            MERGED_CAVEAT,
            "The year is the publisher's reference year; for some regions it is the last one available.",
            "Not comparable with the editions of 2010 to 2019. Indicators for countries only are left out.",
        ),
        spots=(
            Spot({"ref_area": "ES61", "measure": "early_leavers"}, 20.4),
            Spot({"ref_area": "NL31", "measure": "early_leavers"}, 5.5),
            Spot({"ref_area": "SE11", "measure": "early_leavers"}, 6.9),
        ),
    ),
    Table(
        name="regional-competitiveness-2010-2019",
        label="EU Regional Competitiveness Index, 2010 to 2019",
        definition="Index of regional competitiveness, standard deviations from the mean of the regions, editions "
        "of 2010, 2013, 2016 and 2019; regions and countries.",
        measures={"competitiveness": Measure("Regional competitiveness", "Z_SCORE", (-3, 3), (-0.5, 0.5), "higher")},
        source=EVOLUTION,
        read=read_evolution,
        caveats=(
            MERGED_CAVEAT.replace("AT_C", "AT00"),
            "Codes of NUTS 2016: those that NUTS 2021 has no more are dropped and listed.",
        ),
    ),
)

FAMILY = Family(TABLES, areas=areas)
