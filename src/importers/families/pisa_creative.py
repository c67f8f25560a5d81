"""Creative thinking in PISA 2022: the one international test of a creative outcome.

Not here: results in other domains (``pisa``, ``pisa_2025``).
"""

from pathlib import Path

import pandas as pd

from importers import countries, files
from importers.declaration import Comparison, Family, Measure, Source, Spot, Table
from importers.families import pisa, pisa_2025

CREATIVE = Source(
    publisher="OECD",
    dataset="PISA 2022 Results (Volume III), mean performance in creative thinking",
    edition="18 June 2024",
    doi="10.1787/765ee8c2-en",
    url="https://doi.org/10.1787/765ee8c2-en",
    licence="OECD Terms and Conditions",
    files=("new/oecd/pisa_2022_creative_thinking_means.csv",),
    obtained="typed from public repository uygarcatal6/pisa-turkiye-replication, data/derived/creative_thinking_2022.csv, "
    "commit 3c2b44da9098efa34feb22f3d5a3386b4e22be9e",
)
# The mean that the volume prints for the members that took the test.
PUBLISHED_MEAN, MEMBERS_TESTED = 33, 28


def read_creative(raw: Path) -> pd.DataFrame:
    """Read means and standard errors of creative thinking."""
    frame = pisa_2025.typed(raw, CREATIVE, ["iso3"])
    frame["ref_area"] = countries.code(frame["iso3"])
    return pisa_2025.observed(frame, "mean", CREATIVE, "se").assign(ref_area=frame["ref_area"], time_period=2022)


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare the mean of the members that took the test with the one that the volume prints."""
    table = tables["pisa-creative-thinking"]
    members = table[table["ref_area"].isin(countries.members())]["obs_value"]
    if len(members) != MEMBERS_TESTED:
        raise files.LayoutError(
            f"pisa-creative-thinking: {len(members)} members of the OECD, expected {MEMBERS_TESTED}"
        )
    return [
        Comparison(
            name="PISA 2022 creative thinking: mean of 28 members, and as the volume prints it",
            pairs=1,
            largest=float(abs(members.mean() - PUBLISHED_MEAN)),
            tolerance=0.5,
            note="The volume prints a whole number.",
        )
    ]


TABLES = (
    Table(
        name="pisa-creative-thinking",
        label="PISA 2022: mean score in creative thinking",
        definition="Mean score of 15-year-old students in the test of creative thinking of PISA 2022, on a scale from 0 to "
        "60 points, with standard error: the number of points that students would get on the whole test.",
        measures={"mean_score": Measure("Mean score in creative thinking", "SCORE_0_60", (0, 60), (25, 40), "higher")},
        source=CREATIVE,
        read=read_creative,
        caveats=(
            "The scale runs from 0 to 60 and is not that of the other domains of PISA.",
            "28 of 38 members of the OECD took the test; four systems outside the OECD are given beside them.",
            pisa.SAMPLING,
        ),
        spots=(
            Spot({"ref_area": "KOR"}, 38.1, 0.39),
            Spot({"ref_area": "SGP"}, 41.0, 0.2),
        ),
    ),
)


FAMILY = Family(TABLES, compare=compare)
