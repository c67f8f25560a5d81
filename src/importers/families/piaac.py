"""Skills of adults: the Survey of Adult Skills of 2023.

Two lists were at hand: sixteen systems with one decimal in three domains, and the others with literacy alone, in whole
points (flag r). Standard errors are in neither.

Not here: the first cycle of 2012 to 2018 (``oecd_portal``).
"""

from pathlib import Path

import pandas as pd

from importers import countries, files
from importers.declaration import Average, CodeList, Family, Measure, Source, Spot, Table
from importers.families import pisa_2025

SURVEY = Source(
    publisher="OECD",
    dataset="Survey of Adult Skills 2023 (Tables 2.1 to 2.3)",
    edition="10 December 2024",
    doi="10.1787/b263dc5d-en",
    url="https://stat.link/qi3pwc",
    licence="CC BY 4.0",
    files=("new/oecd/piaac_2023_means.csv",),
    obtained="typed from public repository CanadaObservatory/canada-observatory, data/education/oecd_piaac_means.csv, "
    "commit 48cca3f9632cc2eb18fb1aaed9d8bf06fa6b345e; values in whole points from a list of literacy in another public "
    "repository, which agrees in the 16 systems that both have",
)
DOMAINS = {
    "literacy": "Literacy",
    "numeracy": "Numeracy",
    "adaptive_problem_solving": "Adaptive problem solving",
}
DOMAIN = CodeList("piaac-domain", "Domain", DOMAINS)
# Systems that are not the whole country of the code in the file.
SYSTEMS = {("BEL", "Belgium (Flanders)"): "BE-VLG", ("GBR", "United Kingdom (England)"): "GB-ENG"}
OUTSIDE_AVERAGE = ("HRV", "SGP")
# For which the Reader's Guide of the report asks for caution: many respondents with unusual patterns of response.
CAUTIONED = ("POL",)
PARTS = ("BEL", "GBR")  # members that are in the average with one of their systems


def read_adults(raw: Path) -> pd.DataFrame:
    """Read means of adults by domain; values in whole points are flagged r, what neither list has is missing."""
    frame = pisa_2025.typed(raw, SURVEY, ["iso3"])
    pairs = list(zip(frame["iso3"], frame["country"], strict=True))
    part = [pair for pair in pairs if pair[0] in PARTS and pair not in SYSTEMS]
    if part:
        raise files.LayoutError(f"piaac_2023_means.csv: {part[0]}, expected the system that took part, not the country")
    codes = countries.code(frame["iso3"].replace("OECD", "OECD-average-29"))
    frame["ref_area"] = [SYSTEMS.get(pair, code) for pair, code in zip(pairs, codes, strict=True)]
    strange = ~frame["decimals"].isin(["0", "1"])
    if strange.any():
        raise files.LayoutError(
            f"piaac_2023_means.csv, row {int(strange.idxmax()) + 2}, column decimals: "
            f"{frame.loc[strange.idxmax(), 'decimals']!r}, expected 0 or 1"
        )
    rounded = frame["decimals"] == "0"
    frames = []
    for domain in DOMAINS:
        frame[domain] = frame[domain].replace("", "m")
        found = pisa_2025.observed(frame, domain, SURVEY)
        known = found["obs_value"].notna()
        found["obs_status"] = found["obs_status"].mask(rounded & known, "r")
        found["obs_status"] += (known & frame["ref_area"].isin(CAUTIONED)).map({True: "s", False: ""})
        frames.append(found.assign(ref_area=frame["ref_area"], domain=domain))
    return pd.concat(frames, ignore_index=True).assign(time_period=2023)


def _averaged():
    """Return the 29 countries and regions of the publisher's average: those in the file that belong to the OECD."""
    absent = ("AUS", "COL", "CRI", "GRC", "ISL", "LUX", "MEX", "SVN", "TUR")
    whole = tuple(code for code in countries.members() if code not in (*PARTS, *absent))
    return (*whole, *SYSTEMS.values())


TABLES = (
    Table(
        name="adult-skills-2023",
        label="Skills of adults in 2023: literacy, numeracy, adaptive problem solving",
        definition="Mean score of adults aged 16 to 65 in literacy, numeracy and adaptive problem solving, Survey of Adult "
        "Skills 2023.",
        measures={"mean_score": Measure("Mean score", "SCORE", (150, 350), (240, 280), "higher")},
        source=SURVEY,
        read=read_adults,
        dimensions={"domain": DOMAIN},
        caveats=(
            "Flag r: literacy in whole points, from a second list, beside values with one decimal; for these systems "
            "numeracy and problem solving were not at hand (flag m).",
            "Standard errors are not in the copy at hand, so that no difference can be tested.",
            "Results of the first cycle were scaled again by the publisher; the link between the cycles has an error of its "
            "own, so that differences from adult-skills-2012-2015 are no trend.",
            "Belgium is represented by Flanders, the United Kingdom by England.",
            "Poland (flag s): the publisher asks for caution, as many respondents had unusual patterns of response (Reader's "
            "Guide of the report).",
        ),
        spots=(
            Spot({"ref_area": "FIN", "domain": "numeracy"}, 293.8),
            Spot({"ref_area": "OECD-average-29", "domain": "numeracy"}, 263.0),
            Spot({"ref_area": "EST", "domain": "literacy"}, 276, tolerance=0.5),
        ),
        averages=(Average("OECD-average-29", members=_averaged(), tolerance=0.15, where={"domain": "literacy"}),),
    ),
)

FAMILY = Family(TABLES)
