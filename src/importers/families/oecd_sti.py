"""OECD science, technology and innovation scoreboard: research, firms' innovation, patents, skills, entrepreneurs.

The scoreboard's data feed is SDMX-XML, one file an indicator, without code lists: what the codes mean is declared here.

Not here: OECD indicators from the data portal (``oecd_portal``), regional series.
"""

from pathlib import Path

import pandas as pd

from importers import countries, files
from importers.declaration import CodeList, Comparison, Family, Measure, Source, Spot, Table

FOLDER = "country/oecd/sti_scoreboard_raw"
TIDY = "country/oecd/sti_scoreboard_selected_tidy.csv"
LATEST = 2999
PERIODS = ("TIME_PERIOD", "REPORT_YEAR")
AREAS = ("REF_AREA", "LOCATION")
STATUS = ("OBS_STATUS", "OBS_STATUS_2", "OBS_STATUS_3", "AUX_OBS_STATUS", "AUX_OBS_STATUS_2")
# A normal, O missing, W includes another category; the notes L2, M2, S2 and V2 are not explained in the feed.
FLAGS = {"A": "", "B": "b", "D": "d", "E": "e", "P": "p", "O": "", "W": "d"} | dict.fromkeys(
    ["L2", "M2", "S2", "V2"], "d"
)
REPEATED = "observation that the feed repeats with the same value"
NO_CODE = {"XKV": "Kosovo, which has no ISO 3166 code", "YUG_F": "the former Yugoslavia, which has no ISO 3166 code"}


def _feed(dataset, codes, edition="", doi="", url="https://www.oecd.org/en/data/tools/sti-scoreboard.html"):
    return Source(
        publisher="OECD",
        dataset=f"Science, Technology and Innovation Scoreboard: {dataset}",
        edition=edition,
        doi=doi,
        url=url,
        licence="OECD Terms and Conditions",
        files=tuple(f"{FOLDER}/{code}.xml" for code in codes),
        obtained="public repository STIScoreboard/STI.Scoreboard, root folder, commit "
        "ea5af11a0d16b4cc34491023ce507db7291e095a",
    )


def _observations(path, **constant):
    """Read the observations of a feed.

    Parameters
    ----------
    path : pathlib.Path
        SDMX-XML file.
    **constant : str
        Attribute of the series and the code wanted; other series are left out (they are other measures).

    Returns
    -------
    pandas.DataFrame
        Columns ``ref_area, time_period, obs_value, obs_status, dropped``.

    Raises
    ------
    importers.files.LayoutError
        If the file is no such feed, or holds an unknown flag or a value that is no number.
    """
    root = files.xml(path)
    rows = []
    for series in root.findall(".//{*}Series"):
        if any(series.get(name) != code for name, code in constant.items()):
            continue
        area = next((series.get(name) for name in AREAS if series.get(name)), None)
        for observation in series.findall("{*}Obs"):
            period = next((observation.get(name) for name in PERIODS if observation.get(name)), None)
            flags = [observation.get(name) for name in STATUS if observation.get(name)]
            rows.append((area, period, observation.get("OBS_VALUE"), flags))
    frame = pd.DataFrame(rows, columns=["area", "period", "value", "flags"])
    if frame.empty or frame[["area", "period"]].isna().any(axis=None):
        raise files.LayoutError(f"{path.name}: expected Series with {AREAS[0]} or {AREAS[1]} and Obs with {PERIODS[0]}")
    unknown = {flag for flags in frame["flags"] for flag in flags} - set(FLAGS)
    if unknown:
        raise files.LayoutError(f"{path.name}: unexpected flags {sorted(unknown)}, expected {sorted(FLAGS)}")
    values = pd.to_numeric(frame["value"]).astype(float)
    letters = frame["flags"].map(lambda flags: "".join(FLAGS[flag] for flag in flags))
    letters = letters + values.isna().map({True: "m", False: ""})
    without = frame["area"].isin(NO_CODE)
    areas = countries.code(frame["area"].mask(without, "OECD")).mask(without, frame["area"])
    latest = frame["period"] == str(LATEST)
    repeated = frame.duplicated(["area", "period", "value"])
    reasons = frame["area"].map(NO_CODE).fillna("").mask(repeated, REPEATED)
    return pd.DataFrame(
        {
            "ref_area": areas,
            "time_period": frame["period"].astype(int),
            "obs_value": values,
            "obs_status": letters.map(lambda text: "".join(sorted(set(text)))),
            "dropped": reasons.mask(latest, "copy of the latest value under the year 2999"),
        }
    )


def _reader(measures, **constant):
    """Make the reader of a table from its measures and the codes of their files."""

    def read(raw):
        frames = [_observations(raw / FOLDER / f"{c}.xml", **constant).assign(measure=m) for m, c in measures.items()]
        return pd.concat(frames, ignore_index=True)

    return read


RESEARCH = {
    "gross_expenditure": "G_XGDP_V8",
    "business_expenditure": "B_XGDP_V8",
    "higher_education_expenditure": "H_XGDP_V8",
    "government_expenditure": "GV_XGDP_V8",
    "budget_allocations": "C_XGDP_V8",
}
FINANCED = {"total_rd": "G_XFB_V8", "higher_education_rd": "H_XFB_V8"}
FIRMS = {
    "innovation_active": "INN_XFRMTOT_Gen",
    "innovative": "INN_OSLO_XFRMTOT_Gen",
    "cooperation_universities": "UNIV_XINN_Gen",
    "cooperation_government": "GOV_RI_XINN_Gen",
}
FIRMS_2020 = {"cooperation_any": "CO_INN_ALL_XINN_V8"}
PATENTS = {"pct_applications": "PCTTOT_NB_V8", "ip5_families": "IP5_NB_V8"}
ATTAINMENT_FILES = {
    "below_upper_secondary": "ADBELOSECPOP_XT_V8",
    "upper_secondary": "ADUPSECPOP_XT_V8",
    "tertiary": "ADTERPOP_XT_V8",
}
ENTREPRENEURS = {
    "intentions": "ENTINT_XR_V8",
    "perceived_capabilities": "CAPA_XR_V8",
    "perceived_opportunities": "OPPORT_XR_V8",
    "fear_of_failure": "FRRSK_XR_V8",
}
ATTAINMENT_GROUP = CodeList(
    "attainment-group",
    "Educational attainment",
    {
        "below_upper_secondary": "Below upper secondary (ISCED 2011 levels 0 to 2)",
        "upper_secondary": "Upper secondary or post-secondary non-tertiary (levels 3 and 4)",
        "tertiary": "Tertiary (levels 5 to 8)",
    },
)


def read_attainment(raw: Path) -> pd.DataFrame:
    """Read the educational attainment of adults."""
    frames = [
        _observations(raw / FOLDER / f"{code}.xml", SEX="_T", AGE="Y25T64").assign(attainment_group=group)
        for group, code in ATTAINMENT_FILES.items()
    ]
    return pd.concat(frames, ignore_index=True)


FLAG_CAVEAT = (
    "Flags of the publisher are kept: b break, d definition differs (also: includes another category, and notes "
    "that the feed "
    "does not explain), e estimated, p provisional."
)
TABLES = (
    Table(
        name="rd-expenditure",
        label="Expenditure on research and development",
        definition="Gross domestic expenditure on research and development, in total and by sector that performs "
        "it, and government budget allocations for it, as a share of gross domestic product.",
        measures={
            "gross_expenditure": Measure("R&D in all sectors (GERD)", "PERCENT_GDP", (0, 8), (1, 2.5)),
            "business_expenditure": Measure("R&D in business (BERD)", "PERCENT_GDP", (0, 7), (0.4, 1.8)),
            "higher_education_expenditure": Measure(
                "R&D in higher education (HERD)", "PERCENT_GDP", (0, 2), (0.2, 0.6)
            ),
            "government_expenditure": Measure("R&D in government (GOVERD)", "PERCENT_GDP", (0, 1.5), (0.1, 0.4)),
            "budget_allocations": Measure("Government budget for R&D (GBARD)", "PERCENT_GDP", (0, 2), (0.3, 0.9)),
        },
        source=_feed("main science and technology indicators", RESEARCH.values(), "March 2026"),
        read=_reader(RESEARCH),
        caveats=(FLAG_CAVEAT,),
        spots=tuple(
            Spot({"ref_area": area, "time_period": year, "measure": "gross_expenditure"}, value, tolerance=0.005)
            for area, year, value in (
                ("KOR", 2023, 4.94),
                ("KOR", 2024, 5.13),
                ("ISR", 2023, 6.96),
                ("OECD", 2023, 2.70),
                ("FIN", 2010, 3.71),
            )
        ),
    ),
    Table(
        name="rd-financed-by-business",
        label="Research and development financed by business",
        definition="Share of expenditure on research and development, in total and in higher education, that "
        "business finances.",
        measures={
            "total_rd": Measure("Share of all R&D financed by business", "PERCENT", (0, 100), (35, 65)),
            "higher_education_rd": Measure(
                "Share of R&D in higher education financed by business", "PERCENT", (0, 80), (2, 10)
            ),
        },
        source=_feed("main science and technology indicators", FINANCED.values(), "March 2026"),
        read=_reader(FINANCED),
        caveats=(FLAG_CAVEAT,),
    ),
    Table(
        name="researchers",
        label="Researchers",
        definition="Researchers in full-time equivalents per thousand persons employed.",
        measures={
            "researchers": Measure("Researchers per 1,000 employed", "PER_1000_EMPLOYED", (0, 30), (3, 10), "higher")
        },
        source=_feed("main science and technology indicators", ["TP_RSXEM_V8"], "March 2026"),
        read=_reader({"researchers": "TP_RSXEM_V8"}),
        caveats=(FLAG_CAVEAT,),
    ),
    Table(
        name="firm-innovation",
        label="Innovative firms and their co-operation",
        definition="Innovation-active and innovative firms (Oslo Manual 2018) as a share of all firms; "
        "innovation-active firms that co-operate with universities or other higher education, or with government "
        "and research institutes, as a share of innovation-active firms.",
        measures={
            "innovation_active": Measure("Innovation-active firms", "PERCENT", (0, 100), (35, 65), "higher"),
            "innovative": Measure("Innovative firms", "PERCENT", (0, 100), (30, 60), "higher"),
            "cooperation_universities": Measure(
                "Firms that co-operate with universities", "PERCENT", (0, 60), (5, 15), "higher"
            ),
            "cooperation_government": Measure(
                "Firms that co-operate with government", "PERCENT", (0, 50), (2, 12), "higher"
            ),
            "cooperation_any": Measure(
                "Firms that co-operate on innovation with anyone", "PERCENT", (0, 80), (15, 45), "higher"
            ),
        },
        source=_feed("business innovation statistics", (*FIRMS.values(), *FIRMS_2020.values(), "UNIV_XINN_V8")),
        read=_reader(FIRMS | FIRMS_2020),
        caveats=(
            "The year is that of the report: 2021, 2023 and 2025 refer to about 2016 to 2018, 2018 to 2020 and "
            "2020 to 2022. Co-operation with anyone is given for 2020 only, and rounded.",
            "Jumps between waves in Denmark (32.3 to 10.9), Switzerland (12.6 to 3.6) and Sweden (11.5 to 22.4) "
            "and the single value of Costa Rica (33.8) are not plausible: treat them as breaks of the national "
            "surveys.",
        ),
        spots=(
            Spot({"ref_area": "CRI", "measure": "cooperation_universities"}, 33.8),
            Spot({"ref_area": "DNK", "time_period": 2021, "measure": "cooperation_universities"}, 32.3),
        ),
    ),
    Table(
        name="venture-capital",
        label="Venture capital",
        definition="Venture capital investment as a share of gross domestic product.",
        measures={"venture_capital": Measure("Venture capital", "PERCENT_GDP", (0, 6), (0.01, 0.1), "higher")},
        source=_feed("venture capital investments", ["VC_XGDP_V8"], "December 2025"),
        read=_reader({"venture_capital": "VC_XGDP_V8"}),
        caveats=("32 OECD members; the first year differs between them.",),
    ),
    Table(
        name="patents",
        label="Patents",
        definition="International patent applications (PCT) and patent families filed in the five largest offices "
        "(IP5), by country of the inventor and priority date, fractional counts.",
        measures={
            "pct_applications": Measure("PCT patent applications", "NUMBER", (0, 400000), (5, 1500)),
            "ip5_families": Measure("IP5 patent families", "NUMBER", (0, 400000), (5, 1500)),
        },
        source=_feed("patents statistics", PATENTS.values(), "April 2025"),
        read=_reader(PATENTS),
        caveats=("The last years are not complete, because applications become public late.", "A number, not a rate."),
    ),
    Table(
        name="labour-productivity",
        label="Labour productivity",
        definition="Gross domestic product per hour worked, in US dollars at constant prices and purchasing power "
        "parities of 2015.",
        measures={"gdp_per_hour": Measure("GDP per hour worked", "USD_PPP_PER_HOUR", (2, 200), (25, 65), "higher")},
        source=_feed("productivity statistics", ["PDYC_PPPK_V8"], "November 2024"),
        read=_reader({"gdp_per_hour": "PDYC_PPPK_V8"}),
        caveats=(FLAG_CAVEAT,),
        spots=(Spot({"ref_area": "KOR", "time_period": 2023}, 44.4),),
    ),
    Table(
        name="adult-attainment",
        label="Educational attainment of adults",
        definition="Share of people aged 25 to 64 by highest level of education completed.",
        measures={"attainment_share": Measure("Share of people aged 25 to 64", "PERCENT", (0, 100), (15, 50))},
        dimensions={"attainment_group": ATTAINMENT_GROUP},
        source=_feed("Education at a Glance, attainment", ATTAINMENT_FILES.values(), "September 2025"),
        read=read_attainment,
        caveats=(
            FLAG_CAVEAT,
            "Japan: tertiary attainment falls from 56.0 % in 2023 to 35.6 % in 2024, both flagged d: so large a "
            "step within a year means another definition, and the two years cannot be compared. The publisher's average of 2024 "
            "includes the new value.",
        ),
        spots=(
            Spot({"ref_area": "KOR", "time_period": 2024, "attainment_group": "tertiary"}, 56.2),
            # What the caveat on Japan says.
            Spot({"ref_area": "JPN", "time_period": 2023, "attainment_group": "tertiary"}, 56.0),
            Spot({"ref_area": "JPN", "time_period": 2024, "attainment_group": "tertiary"}, 35.6),
        ),
    ),
    Table(
        name="stem-enrolment",
        label="Students in science, technology, engineering and mathematics",
        definition="Share of tertiary students enrolled in natural sciences, mathematics and statistics, "
        "information and communication technologies, engineering, manufacturing and construction (fields F05 to "
        "F07).",
        measures={"stem_share": Measure("Share of tertiary students", "PERCENT", (0, 60), (18, 32))},
        source=_feed("Education at a Glance, students", ["TERENR_STEM_XTER_V8"], "April 2025"),
        read=_reader({"stem_share": "TERENR_STEM_XTER_V8"}, MEASURE="ENRL"),
        caveats=(FLAG_CAVEAT,),
    ),
    Table(
        name="entrepreneurship",
        label="Entrepreneurial intentions and perceptions",
        definition="Share of people aged 18 to 64 who intend to start a business within three years, who believe "
        "that they have the skills for it, who see good opportunities, and who see opportunities but fear failure "
        "(Global Entrepreneurship Monitor, adult population survey).",
        measures={
            "intentions": Measure("Entrepreneurial intentions", "PERCENT", (0, 100), (8, 30)),
            "perceived_capabilities": Measure("Perceived capabilities", "PERCENT", (0, 100), (35, 65)),
            "perceived_opportunities": Measure("Perceived opportunities", "PERCENT", (0, 100), (25, 60)),
            "fear_of_failure": Measure("Fear of failure", "PERCENT", (0, 100), (25, 50)),
        },
        source=_feed("Global Entrepreneurship Monitor", ENTREPRENEURS.values(), "December 2025"),
        read=_reader(ENTREPRENEURS),
        caveats=(
            "Cite the Global Entrepreneurship Monitor beside the OECD.",
            "Gaps: countries do not take part every year.",
        ),
    ),
)


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare the feeds with the tidy extract that came with them, and two editions of one indicator."""
    extract = files.csv(raw / TIDY)
    extract["obs_value"] = pd.to_numeric(extract["obs_value"])
    found = []
    for name, feeds in (("rd-expenditure", RESEARCH), ("firm-innovation", FIRMS), ("entrepreneurship", ENTREPRENEURS)):
        codes = {code: measure for measure, code in feeds.items()}
        theirs = extract[extract["file_code"].isin(codes)].assign(
            measure=lambda rows, codes=codes: rows["file_code"].map(codes)
        )
        theirs["time_period"] = theirs["time_period"].astype(int)
        ours = tables[name].dropna(subset="obs_value")
        ours = ours[ours["measure"].isin(feeds)]
        both = ours.merge(theirs, on=["ref_area", "time_period", "measure"], how="left", indicator=True)
        if not (both["_merge"] == "both").all():
            alone = both[both["_merge"] != "both"].iloc[0]
            raise files.LayoutError(
                f"{name}: {alone['ref_area']} {alone['time_period']} is in the feed but not in {TIDY}"
            )
        difference = (both["obs_value_x"] - both["obs_value_y"]).abs()
        worst = both.loc[difference.idxmax()]
        where = f"{worst['ref_area']}, {worst['time_period']}, {worst['measure']}"
        found.append(
            Comparison(f"STI scoreboard, {name}: feed and tidy extract", len(both), difference.max(), 1e-6, where)
        )
    rounded = _observations(raw / FOLDER / "UNIV_XINN_V8.xml").set_index("ref_area")["obs_value"]
    later = tables["firm-innovation"].query("measure == 'cooperation_universities' and time_period == 2023")
    pairs = later.set_index("ref_area")["obs_value"].to_frame("later").join(rounded, how="inner").dropna()
    korea = pairs.loc["KOR"]
    pairs = pairs.drop(index="KOR")
    difference = (pairs["later"] - pairs["obs_value"]).abs()
    found.append(
        Comparison(
            "STI scoreboard: co-operation with universities in the report of 2023 and in the edition of 2020",
            len(pairs),
            float(difference.max()),
            0.51,
            str(difference.idxmax()),
            "The edition of 2020 prints rounded values. Left out: Korea, which was revised "
            f"({korea['obs_value']:.0f} to {korea['later']:.1f}).",
        )
    )
    return found


FAMILY = Family(TABLES, compare=compare, beside=(TIDY,))
