"""Change between cycles of PISA as the OECD publishes it, with standard errors that include the link error.

The link error is not published beside the means, but the published standard error of a change holds it: its square
is the sum of the squared errors of the two means and of the link. The comparison below recovers it from every
country and finds one value a pair of cycles, which proves that the three columns belong together.

Not here: means, levels and gaps (``pisa``).
"""

from pathlib import Path

import numpy as np
import pandas as pd

from importers.declaration import Comparison, Family, Measure, Table
from importers.families import pisa

PAIR = r"^PISA (\d{4}) \(PISA 2022 - PISA \1\)$"


def read_change(raw: Path) -> pd.DataFrame:
    """Read the change in mean score from each earlier cycle to 2022."""
    frames = []
    for domain, sheet in pisa.MEANS_SHEET.items():
        frame = pisa._annex(raw, sheet)
        # The header of the last pair runs on over the trends, which are coefficients and no differences.
        base = frame["labels"].str[1].str.extract(PAIR)[0].where(frame["labels"].str[-1] == "Score dif.")
        frame = frame[base.notna()].assign(time_period=base.dropna() + "-2022", domain=domain)
        frames.append(frame.drop(columns=["labels", "area", "row"]))
    return pd.concat(frames, ignore_index=True)


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Recover the link error of each pair of cycles from every country's published standard errors."""
    change = tables["pisa-change"]
    change = change[change["std_error"].notna()]
    found = []
    for (domain, pair), rows in change.groupby(["domain", "time_period"]):
        errors = tables[f"pisa-{domain}"].pivot(index="ref_area", columns="time_period", values="std_error")
        own = errors.reindex(rows["ref_area"])[[int(pair[:4]), 2022]].pow(2).sum(axis=1, skipna=False)
        # An average's errors follow from its countries, so that the link error would count once for each.
        country = ~rows["ref_area"].str.contains("average").to_numpy()
        link = np.sqrt(rows["std_error"].to_numpy() ** 2 - own.to_numpy())[country]
        link = link[np.isfinite(link)]
        found.append(
            Comparison(
                name=f"PISA {domain}, link error {pair} from the published errors of change: largest minus smallest",
                pairs=len(link),
                largest=float(np.ptp(link)),
                tolerance=0.05,
                note=f"Link error {np.median(link):.2f} score points.",
            )
        )
    return found


TABLES = (
    Table(
        name="pisa-change",
        label="PISA: change in mean score to 2022",
        definition="Mean score of 15-year-old students in PISA 2022 minus that in an earlier cycle, with the standard "
        "error of"
        " the difference as published, which includes the link error between the scales of the two cycles.",
        measures={"score_change": Measure("Change in mean score", "PISA_SCORE", (-120, 120), typical=(-40, 20))},
        source=pisa.WORKBOOK,
        read=read_change,
        dimensions={"domain": pisa.DOMAIN},
        spans=True,
        caveats=(
            "Changes to 2025 are in pisa-2025-change; only those in science have a standard error.",
            "time_period is the pair of cycles compared, for instance 2012-2022.",
            "The standard error includes the link error; data/checks.json shows the link error of each pair as it "
            "follows"
            " from the published errors.",
            pisa.AVERAGES,
            pisa.SAMPLING,
        ),
    ),
)

FAMILY = Family(TABLES, compare=compare)
