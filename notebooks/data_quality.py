# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The data package and its checks
#
# Whenever the tables are remade from the publishers' files, numbers that the publishers print elsewhere are looked up in
# them, averages are recomputed from the members, parts are added up, and sources that overlap are compared. The remake
# stops if one check fails. This page counts what was checked.

# %%
import pandas as pd

from crossroads import catalogue, data, exhibits, regions

tables = catalogue()
checks = data.checks()
ABOUT = {"indicators": ["data-package"]}
tables[["publisher", "rows", "values"]].groupby("publisher").agg(["count", "sum"])["values"]

# %% [markdown]
# ## How much there is

# %%
publishers = tables.groupby("publisher").agg(
    tables=("name", "count"), values=("values", "sum"), first=("first", "min"), last=("last", "max")
)
publishers = publishers.sort_values("values", ascending=False).reset_index()
exhibits.table(
    "data-tables-by-publisher", publishers,
    columns={"publisher": "Publisher", "tables": "Tables", "values": "Values", "first": "From", "last": "To"},
    formats={"values": ",d"},
    title="Where the evidence comes from",
    subtitle="Tables and values in the data package, by publisher",
    shows="tables and values by publisher",
    finding=f"{publishers['publisher'].iloc[0]} gives the most values",
    **ABOUT,
)  # fmt: skip

# %%
exhibits.value("data-tables", len(tables), exhibit="data-tables-by-publisher", **ABOUT)
exhibits.value("data-values", tables["values"].sum(), format=",d", exhibit="data-tables-by-publisher", **ABOUT)

# %% [markdown]
# ## Published averages recomputed
#
# One row a table: how many averages of the publisher were recomputed, over how many cells, and the largest difference
# as a share of what is tolerated for rounding.

# %%
averages = checks["averages"].assign(used=lambda rows: 100 * rows["largest"] / rows["tolerance"])
recomputed = averages.groupby("table").agg(
    averages=("area", "count"), cells=("cells", "sum"), largest=("largest", "max"), used=("used", "max")
)
recomputed = recomputed.reset_index()
exhibits.table(
    "data-averages", recomputed,
    columns={"table": "Table", "averages": "Averages", "cells": "Cells", "largest": "Largest difference",
             "used": "Of the tolerance, %"},
    formats={"cells": ",d", "largest": ".3f", "used": ".0f"},
    title="Published averages follow from the members' values",
    subtitle="Averages printed by the publishers and recomputed from the members in the tables, by table",
    shows="recomputed averages by table",
    finding="no difference is larger than the rounding of the publisher explains",
    note="Largest difference in the unit of the table. The tolerance is set by the rounding of the published figures.",
    **ABOUT,
)  # fmt: skip

# %%
for kind, rows in checks.items():
    exhibits.value(f"data-checks-{kind}", len(rows), exhibit="data-averages" if kind == "averages" else "", **ABOUT)
    exhibits.value(f"data-passed-{kind}", rows["passed"].sum(), **ABOUT)
exhibits.value("data-average-cells", averages["cells"].sum(), format=",d", exhibit="data-averages", **ABOUT)

# %% [markdown]
# ## Sources compared
#
# Where two publications hold the same numbers, they are compared. Differences that stem from later revisions are
# expected and said to be so.

# %%
comparisons = checks["comparisons"]
widest = comparisons.assign(used=100 * comparisons["largest"] / comparisons["tolerance"])
widest = widest.sort_values("pairs", ascending=False).drop_duplicates("name")
exhibits.table(
    "data-comparisons", widest[["name", "pairs", "largest", "tolerance", "where", "note"]],
    columns={"name": "What was compared", "pairs": "Pairs", "largest": "Largest difference", "tolerance": "Tolerance"},
    formats={"pairs": ",d", "largest": ".3f", "tolerance": ".3f"},
    title="Sources that overlap agree",
    subtitle="Comparisons between publications that hold the same numbers",
    shows="comparisons between sources",
    finding=f"all {len(widest)} stay within their tolerance",
    **ABOUT,
)  # fmt: skip

# %%
exhibits.value("data-comparison-pairs", comparisons["pairs"].sum(), format=",d", exhibit="data-comparisons", **ABOUT)

# %% [markdown]
# ## Regions and their classification
#
# Codes of regions change every few years. The tables keep regions of NUTS 2021 and what was merely renamed since; the
# rest is dropped. Here the codes that the publishers' files hold, kept and dropped, are matched with NUTS 2021.

# %%
areas = data.code_list("areas").query("area_type in ['NUTS1', 'NUTS2']")
vintages = areas.rename(columns={"code": "ref_area"}).assign(vintage="NUTS 2021")[["vintage", "ref_area"]]
eurostat = tables.query("publisher == 'Eurostat' and name.str.startswith('regional')")["name"]
matches = []
for name in eurostat:
    kept = data.load(name).query("ref_area_type in ['NUTS1', 'NUTS2']")["ref_area"].unique()
    dropped = [code for entry in data.indicator(name)["dropped"] for code in entry["areas"]]
    matches.append(regions.match_vintage([*kept, *dropped], vintages).assign(table=name, dropped=" ".join(dropped)))
matched = pd.concat(matches, ignore_index=True).sort_values("share", ignore_index=True)

# %%
exhibits.table(
    "data-vintages", matched[["table", "n_codes", "n_valid", "share", "not_valid"]],
    columns={"table": "Table", "n_codes": "Codes", "n_valid": "In NUTS 2021", "share": "Share, %"},
    formats={"share": ".1f"},
    title="Most regional codes are those of NUTS 2021",
    subtitle="Codes of regions in the publisher's files and in the classification of 2021, by table",
    shows="codes of regions by table",
    finding=f"between {matched['share'].min():.0f}% and {matched['share'].max():.0f}% of the codes are in NUTS 2021",
    note="Codes after the renaming of regions that changed their code only. Codes that are not in NUTS 2021 are dropped;"
    " they are listed in the data of this table.",
    **ABOUT,
)  # fmt: skip
