"""PISA in the ten provinces of Canada, as the ministers of education of Canada publish it.

Standard errors of CMEC's trend tables include the error of the link to the cycle with which a scale began. They are
therefore no sampling errors, and must not be mixed with those of the OECD.

Not here: Canada among the countries (``pisa``).
"""

from pathlib import Path

import pandas as pd

from importers import files
from importers.declaration import Comparison, Family, Measure, Source, Spot, Table
from importers.families import pisa, pisa_2025

MEASURING_UP = Source(
    publisher="Council of Ministers of Education, Canada (CMEC)",
    dataset="Measuring Up: Canadian results of the OECD PISA study",
    edition="reports on 2018, 2022 and 2025",
    url="https://www.cmec.ca",
    licence="not established",
    files=("new/oecd/pisa_canada_provinces_2000_2025.csv",),
    obtained="typed from public repository CanadaObservatory/canada-observatory, data/education/cmec_pisa_provinces.csv, "
    "commit fd9e9b395b936ba0ba859a5ca352c3dac0e2271c",
)


def read_provinces(raw: Path) -> pd.DataFrame:
    """Read means of Canada and its provinces by domain and cycle."""
    name = "pisa_canada_provinces_2000_2025.csv"
    frame = pisa_2025.typed(raw, MEASURING_UP, ["geo_code", "year", "subject"])
    frame["domain"] = frame["subject"].str.lower()
    unknown = sorted(set(frame["domain"]) - set(pisa.DOMAINS))
    if unknown:
        raise files.LayoutError(f"{name}, column subject: {unknown[0]!r}, expected {', '.join(pisa.DOMAINS)}")
    early = frame["year"].astype(int) < frame["domain"].map(pisa.FIRST_CYCLE)
    if early.any():
        raise files.LayoutError(f"{name}, row {int(early.idxmax()) + 2}: before the first cycle of the scale's trend")
    caution = frame["caution"].map({"True": "*", "False": ""})
    if caution.isna().any():
        raise files.LayoutError(
            f"{name}, row {int(caution.isna().idxmax()) + 2}, column caution: expected True or False"
        )
    frame["sampling_caveat"] = caution
    areas = frame["geo_code"].map(lambda code: "CAN" if code == "CA" else f"CA-{code}")
    found = pisa_2025.observed(frame, "score", MEASURING_UP, "se")
    return found.assign(ref_area=areas, time_period=frame["year"].astype(int), domain=frame["domain"])


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare Canada as CMEC prints it with Canada as the OECD does, and require errors that are no smaller."""
    ours = tables["pisa-canada-provinces"].query("ref_area == 'CAN'")
    found = []
    for domain in pisa.DOMAINS:
        theirs = tables[f"pisa-{domain}"].query("ref_area == 'CAN'").set_index("time_period")
        rows = ours[ours["domain"] == domain].set_index("time_period")
        difference = (rows["obs_value"] - theirs["obs_value"]).abs().dropna()
        smaller = (theirs["std_error"] - rows["std_error"]).dropna()
        found += [
            Comparison(
                name=f"PISA {domain}, Canada: CMEC and OECD",
                pairs=len(difference),
                largest=float(difference.max()),
                tolerance=0.5 + 1e-6,
                where=str(difference.idxmax()),
                note="CMEC prints whole points.",
            ),
            Comparison(
                name=f"PISA {domain}, Canada: how far a standard error of CMEC is below that of the OECD",
                pairs=len(smaller),
                largest=float(max(smaller.max(), 0)),
                tolerance=0.05 + 1e-6,
                where=str(smaller.idxmax()),
                note="CMEC's errors include the link to the first cycle of the scale and are never smaller, but for rounding.",
            ),
        ]
    return found


TABLES = (
    Table(
        name="pisa-canada-provinces",
        label="PISA: mean scores of the ten provinces of Canada, 2000 to 2025",
        definition="Mean score of 15-year-old students in Canada and its ten provinces by domain and cycle of PISA, with "
        "standard errors that include the error of the link to the cycle with which the scale began.",
        measures={"mean_score": Measure("Mean score", "PISA_SCORE", (350, 650), (470, 540), "higher")},
        source=MEASURING_UP,
        read=read_provinces,
        dimensions={"domain": pisa.DOMAIN},
        caveats=(
            "The standard errors include the link error and are no sampling errors (Canada in science in 2025: 5.1, of which "
            "the OECD counts 1.8 as sampling). Never mix them with those of other tables of PISA, and do not use them to "
            "compare provinces within one cycle: they are too large for that.",
            "Flag s: the publisher asks for caution, because a province did not meet a sampling standard.",
        ),
        spots=(
            Spot({"ref_area": "CA-QC", "time_period": 2025, "domain": "mathematics"}, 500, 3.5),
            Spot({"ref_area": "CA-AB", "time_period": 2003, "domain": "mathematics"}, 549, 4.3),
            Spot({"ref_area": "CAN", "time_period": 2025, "domain": "science"}, 510, 5.1),
        ),
    ),
)


FAMILY = Family(TABLES, compare=compare)
