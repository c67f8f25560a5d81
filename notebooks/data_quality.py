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

from crossroads import catalogue, columns, data, exhibits, regions

tables = catalogue()
checks = data.checks()
ABOUT = {"indicators": ["data-package"]}
tables[["publisher", "rows", "values"]].groupby("publisher").agg(["count", "sum"])["values"]

# %% [markdown]
# ## How much there is

# %%
totals = {"tables": ("name", "count"), "values": ("values", "sum"), "first": ("first", "min"), "last": ("last", "max")}
publishers = tables.groupby("publisher").agg(**totals)
publishers = publishers.sort_values("values", ascending=False).reset_index()

# %%
exhibits.table(
    "data-tables-by-publisher", publishers,
    columns={"publisher": "Publisher", "tables": "Tables", "values": "Values", "first": "From", "last": "To"},
    formats={"values": ",d"},
    title="Where the evidence comes from",
    subtitle="Tables and values in the data package, by publisher",
    shows="tables and values by publisher",
    finding=f"{publishers['publisher'].iloc[0]} gives the most values",
    **ABOUT)  # fmt: skip

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
totals = {
    "averages": ("area", "count"),
    "cells": ("cells", "sum"),
    "largest": ("largest", "max"),
    "used": ("used", "max"),
}
recomputed = averages.groupby("table").agg(**totals).reset_index()
printed = {"table": "Table", "averages": "Averages", "cells": "Cells", "largest": "Largest difference",
           "used": "Of the tolerance, %"}  # fmt: skip

# %%
exhibits.table(
    "data-averages", recomputed, columns=printed, formats={"cells": ",d", "largest": ".3f", "used": ".0f"},
    title="Published averages follow from the members' values",
    subtitle="Averages printed by the publishers and recomputed from the members in the tables, by table",
    shows="recomputed averages by table",
    finding="no difference is larger than the rounding of the publisher explains",
    note="Largest difference in the unit of the table. The tolerance is set by the rounding of the published figures.",
    **ABOUT)  # fmt: skip

# %%
exhibits.values({kind: len(rows) for kind, rows in checks.items() if kind != "averages"}, prefix="data-checks", **ABOUT)
exhibits.values({kind: rows["passed"].sum() for kind, rows in checks.items()}, prefix="data-passed", **ABOUT)
exhibits.value("data-checks-averages", len(averages), exhibit="data-averages", **ABOUT)
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

# %%
exhibits.table(
    "data-comparisons", widest[["name", "pairs", "largest", "tolerance", "where", "note"]],
    columns={"name": "What was compared", "pairs": "Pairs", "largest": "Largest difference", "tolerance": "Tolerance"},
    formats={"pairs": ",d", "largest": ".3f", "tolerance": ".3f"},
    title="Sources that overlap agree",
    subtitle="Comparisons between publications that hold the same numbers",
    shows="comparisons between sources",
    finding=f"all {len(widest)} stay within their tolerance",
    **ABOUT)  # fmt: skip

# %%
exhibits.value("data-comparison-pairs", comparisons["pairs"].sum(), format=",d", exhibit="data-comparisons", **ABOUT)

# %% [markdown]
# ## Regions and their classification
#
# Codes of regions change every few years. The tables keep regions of NUTS 2021 and what was merely renamed since; the
# rest is dropped. Here the codes that the publishers' files hold, kept and dropped, are matched with NUTS 2021.

# %%
vintages = data.code_list("areas").query("area_type in ['NUTS1', 'NUTS2']").rename(columns={"code": "ref_area"})
vintages = vintages.assign(vintage="NUTS 2021")[["vintage", "ref_area"]]
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
    " they are listed in the data of this table.", **ABOUT)  # fmt: skip

# %% [markdown]
# ## Every table
#
# Title, edition, years and licence of each table, as the descriptor gives them; a table with several sources has several
# editions.

# %%
entries = tables.sort_values("label", key=lambda labels: labels.str.casefold(), ignore_index=True)
sources = [data.indicator(name)["sources"] for name in entries["name"]]
editions = [dict.fromkeys(source["edition"] for source in several if source["edition"]) for several in sources]
entries["edition"] = ["; ".join(several) or "none stated" for several in editions]
entries["years"] = entries["first"].str[:4] + "\u2013" + entries["last"].str[-4:]
entries["years"] = entries["years"].where(entries["first"] != entries["last"], entries["last"])

# %%
exhibits.table(
    "data-all-tables", entries[["name", "label", "publisher", "edition", "years", "values", "licence"]],
    columns={"label": "Table", "publisher": "Publisher", "edition": "Edition", "years": "Years", "licence": "Licence"},
    title="All tables of the data package",
    subtitle="Title, publisher, edition, years and licence of every table",
    shows="all tables of the data package",
    finding=f"{entries['licence'].nunique()} licences apply to {len(entries)} tables",
    **ABOUT)  # fmt: skip

# %% [markdown]
# ## How old the data are
#
# The newest year of a table says how current it can be. Years are those in which things were measured; editions come out one to
# two years later.

# %%
newest = tables.assign(year=tables["last"].str[-4:].astype(int))
limits, labels = [0, 2015, 2019, 2022, 2030], ["to 2015", "2016-2019", "2020-2022", "2023 or later"]
period = pd.cut(newest["year"], limits, labels=labels)
ages = newest.groupby(["publisher", period], observed=False).size().unstack().reset_index()
ages.columns = ages.columns.astype(str)
ages["tables"] = ages.drop(columns="publisher").sum(axis=1)
ages = ages.sort_values("tables", ascending=False, ignore_index=True)
recent = int((newest["year"] >= 2022).sum())

# %%
exhibits.table(
    "quality-age", ages,
    columns={"publisher": "Publisher", "tables": "Tables", **{name: name.capitalize() for name in ages.columns[1:5]}},
    title="How current the evidence is",
    subtitle="Tables of the data package by publisher and newest year",
    shows="tables by publisher and newest year",
    finding=f"{recent} of {len(newest)} reach 2022 or later",
    limits="A table may hold older values for single countries; mixed years are named where they are used.",
    **ABOUT)  # fmt: skip

# %%
exhibits.value("quality-recent", recent, exhibit="quality-age", **ABOUT)
exhibits.value("quality-newest-median", newest["year"].median(), format=".0f", exhibit="quality-age", **ABOUT)
exhibits.value("quality-old", (newest["year"] <= 2015).sum(), exhibit="quality-age", **ABOUT)

# %% [markdown]
# ## What is missing and why
#
# Every empty cell carries a reason, and values may carry flags. A row may have several flags, and is counted with each.

# %%
status = data.labels("obs-status").str.removeprefix("missing: ").str.capitalize()
loaded = {name: data.load(name).assign(publisher=publisher) for name, publisher in
          tables.set_index("name")["publisher"].items()}  # fmt: skip
cells = pd.concat([table[["publisher", "obs_value", "obs_status"]] for table in loaded.values()])
cells["missing"] = cells["obs_value"].isna()
for code in status.index:
    cells[code] = cells["obs_status"].str.contains(code)
reasons = [code for code in status.index if code in columns.MISSING]
flags = [code for code in status.index if code not in columns.MISSING]

# %%
missing = cells.groupby("publisher")[["missing", *reasons]].sum().reset_index()
missing.insert(1, "cells", cells.groupby("publisher").size().to_numpy())
missing["share"] = 100 * missing["missing"] / missing["cells"]
missing = missing.sort_values("cells", ascending=False, ignore_index=True)

# %%
exhibits.table(
    "quality-missing", missing,
    columns={"publisher": "Publisher", "cells": "Cells", "share": "Missing, %", **{c: status[c] for c in reasons}},
    formats={"cells": ",d", "share": ".1f", **dict.fromkeys(reasons, ",d")},
    title="What is missing, and why",
    subtitle="Cells of the data package, share without a value, and number by reason, by publisher",
    shows="missing cells by publisher and reason",
    finding=f"{100 * cells['missing'].mean():.1f}% of all cells have no value",
    limits="Countries and years that a publisher does not list at all are no cells and are not counted as missing.",
    **ABOUT)  # fmt: skip

# %%
exhibits.value("quality-missing-share", 100 * cells["missing"].mean(), unit="%", format=".1f",
               exhibit="quality-missing", **ABOUT)  # fmt: skip
exhibits.value("quality-missing-not-available", 100 * cells.loc[cells["missing"], "m"].mean(), unit="%", format=".0f",
               exhibit="quality-missing", **ABOUT)  # fmt: skip

# %%
counts = cells.loc[~cells["missing"], flags].sum()
flagged = pd.DataFrame({"flag": flags, "meaning": status[flags].to_numpy(), "values": counts.to_numpy()})
flagged["share"] = 100 * flagged["values"] / (~cells["missing"]).sum()
flagged = flagged.sort_values("values", ascending=False, ignore_index=True)

# %%
exhibits.table(
    "quality-flags", flagged,
    columns={"flag": "Flag", "meaning": "Meaning", "values": "Values", "share": "Share of all values, %"},
    formats={"values": ",d", "share": ".2f"},
    title="Which values the publishers flag",
    subtitle="Values of the data package by flag",
    shows="values by flag",
    finding=f"{flagged['meaning'].iloc[0].lower()} is the most frequent",
    note="A value may have several flags.",
    **ABOUT)  # fmt: skip

# %%
exhibits.value("quality-breaks", counts["b"], format=",d", exhibit="quality-flags", **ABOUT)
exhibits.value("quality-low-reliability", counts["u"], format=",d", exhibit="quality-flags", **ABOUT)

# %% [markdown]
# ## Uncertainty, licences, and what was dropped

# %%
descriptors = [data.indicator(name) for name in tables["name"]]
with_error = [name for name, table in loaded.items() if "std_error" in table]
passed = sum(rows["passed"].sum() for rows in checks.values())
exhibits.value("quality-with-error", len(with_error), **ABOUT)
exhibits.value("quality-dropped", sum(bool(entry["dropped"]) for entry in descriptors), **ABOUT)
exhibits.value("quality-checks-passed", passed, **ABOUT)
exhibits.value("quality-checks", sum(map(len, checks.values())), **ABOUT)
exhibits.value("quality-caveats", sum(bool(entry["caveats"]) for entry in descriptors), **ABOUT)
exhibits.value("quality-licences", tables["licence"].nunique(), exhibit="data-all-tables", **ABOUT)

# %% [markdown]
# The publishers' files reached us mostly as copies in public repositories, and some values were typed again from them. The
# checks above are what speaks for these copies.

# %%
ways = pd.Series([" ".join(source["obtained"] for source in entry["sources"]) for entry in descriptors])
exhibits.value("quality-from-copies", ways.str.contains("public repository").sum(), **ABOUT)
exhibits.value("quality-typed", ways.str.contains("typed").sum(), **ABOUT)
