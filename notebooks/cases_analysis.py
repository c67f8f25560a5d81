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
# # Cases: elements, partners, employers, levers and evidence
#
# What the cases of the library do, with whom, and what is known of results. The cases were chosen on purpose. Numbers
# here count cases; they estimate no share of schools, and no test is made. What is not known is left out and counted.

# %%
import pandas as pd

from crossroads import cases, charts, coding, exhibits

library, book = cases.load(), cases.code_book()
codes = coding.frame(cases.coding("first"))
groups = coding.groups(codes, book)
labels = pd.Series({name: code["label"] for name, code in book["codes"].items()})
members = pd.Series({name: code["group"] for name, code in book["codes"].items()})

# %%
scale = cases.code_list("case-evidence-strengths")
strengths = pd.Series({identifier: case["evidence"]["strength"] for identifier, case in library.items()})
kind = pd.Series({identifier: case["kind"] for identifier, case in library.items()})
PURPOSIVE = f"A purposive sample of {len(library)} cases, which stands for no population."

# %% [markdown]
# ## Chapter 2: what is regrouped
#
# A case regroups an element if at least one code of that element was given.

# %%
elements = groups[list(cases.ELEMENTS)]
combined, left_out = coding.combinations(elements)
n_known = int(combined["n"].sum())
several = int(combined.loc[combined["size"] >= 2, "n"].sum())
names = {name: name.capitalize() for name in cases.ELEMENTS}
chart = charts.combination_matrix(combined, sets=names, value="n", n=n_known, unit="Cases")

# %%
exhibits.figure(
    "ch2-case-combinations", chart, data=combined, indicators=["cases"],
    title="Cases that are fully known regroup several elements at once",
    subtitle=f"Number of cases by combination of elements regrouped, {n_known} cases in which all four are known",
    shows="combinations of regrouped elements in the cases",
    finding=f"{several} of {n_known} cases regroup at least two of the four elements",
    note=f"As coded from the text. {left_out} cases are left out because an element is not known. {PURPOSIVE}",
    limits="How common such combinations are, and whether they work. Cases with longer texts have more codes.")  # fmt: skip

# %%
about = {"n_obs": n_known, "indicators": ["cases"], "exhibit": "ch2-case-combinations"}
all_four = int(combined.loc[combined["size"] == 4, "n"].sum())
exhibits.value(
    "ch2-cases-several",
    "all" if several == n_known else str(several),
    note="cases that regroup at least two of four elements",
    **about,
)
exhibits.value("ch2-cases-elements-known", n_known, **about,
               note="cases in which it is known of all four elements whether they are regrouped")  # fmt: skip
exhibits.value("ch2-cases-all-four", all_four, note="cases that regroup all four elements", **about)

# %% [markdown]
# ## Chapter 3: with whom cases work
#
# The network of cases and kinds of partner, for the cases whose partners are known.

# %%
links = coding.partners(library)
partner_labels = {code: entry["label"] for code, entry in cases.code_list("case-partner-kinds").items()}
central = coding.centralities(coding.partner_network(links))
central["label"] = central["partner"].map(partner_labels)
top = central.iloc[0]
unknown = len(library) - len(links)

# %%
exhibits.table(
    "ch3-case-partners", central, indicators=["cases"], formats={"closeness": ".2f", "betweenness": ".2f"},
    columns={"label": "Kind of partner", "n": "Cases", "closeness": "Closeness", "betweenness": "Betweenness"},
    title="Government, business and universities link the cases",
    subtitle=f"Centrality of kinds of partner in the network of cases and partners, {len(links)} cases",
    shows="kinds of partner by the number of cases and by their place in the network",
    finding=f"{top['label'].lower()} occurs in {top['n']} of {len(links)} cases and lies most often between others",
    note="Closeness and betweenness are normalised for two-mode networks. A kind that a text does not name may still be"
    f" there. {unknown} cases without known partners are left out. {PURPOSIVE}",
    limits="How schools in general find partners.")  # fmt: skip

# %%
about = {"indicators": ["cases"], "exhibit": "ch3-case-partners"}
for name in ("business", "families", "community"):
    exhibits.value(f"ch3-cases-{name}", int(links[name].sum()), n_obs=len(links), **about,
                   note=f"cases that name {name} as partner, of those whose partners are known")  # fmt: skip
exhibits.value(
    "ch3-cases-partners-known", len(links), n_obs=len(library), note="cases whose partners are known", **about
)

# %% [markdown]
# ## Chapters 3 to 5: what is known of results
#
# Number of cases with a code, by the strength of the evidence on the case as a whole. The evidence may be about another
# part of the case than the coded one.

# %%
evidence = coding.evidence_map(codes, strengths, list(scale))
evidence["label"], evidence["group"] = evidence["code"].map(labels), evidence["code"].map(members)
short = {"experimental": "Experiment", "quasi-experimental": "Quasi- exper.", "self-reported": "Self- reported"}
evidence["evidence"] = evidence["strength"].map({name: short.get(name, scale[name]["label"]) for name in scale})

# %%
evidence["total"] = evidence.groupby("code")["n"].transform("sum")
evidence["row"] = evidence["label"] + evidence["total"].map(" ({})".format)
evidence = evidence.sort_values(["total", "label"], ascending=[False, True], kind="stable", ignore_index=True)

# %%
SHAPE = {"row": "row", "column": "evidence", "value": "n", "unit": "Cases by strength of evidence on the whole case"}
trials, silent = (int((strengths == name).sum()) for name in ("experimental", "none-found"))
NOTE = f"In brackets: all cases with the code. A case counts in each row that applies. {PURPOSIVE}"
LIMITS = "Whether what is coded in a row brought about what the evidence found: evidence is on the whole case."

# %%
roles = evidence.query("group == 'community'")
role = roles.iloc[0]
exhibits.figure(
    "ch3-case-community", charts.heat_matrix(roles, **SHAPE), data=roles, indicators=["cases"],
    title="Community roles are described more than evaluated",
    subtitle=f"Number of cases by role in their community and strength of evidence, {len(codes)} cases",
    shows="roles of cases in their community by strength of evidence",
    finding=f"{role['label'].lower()} is the most frequent role with {role['total']} cases",
    note=NOTE, limits=LIMITS)  # fmt: skip

# %% [markdown]
# The same for forms of employer engagement.

# %%
forms = evidence.query("group == 'employers'")
form = forms.iloc[0]
exhibits.figure(
    "ch4-case-employers", charts.heat_matrix(forms, **SHAPE), data=forms, indicators=["cases"],
    title="Few employer partnerships have been put to a test",
    subtitle=f"Number of cases by form of employer engagement and strength of evidence, {len(codes)} cases",
    shows="forms of employer engagement in the cases by strength of evidence",
    finding=f"{form['label'].lower()} are the most frequent form with {form['total']} cases, of which {form['n']} have"
    " experimental evidence",
    note=NOTE, limits=LIMITS)  # fmt: skip

# %% [markdown]
# And for levers of change.

# %%
levers = evidence.query("group == 'levers'")
lever = levers.iloc[0]
tested = levers[levers["strength"] == next(iter(scale))]["n"].max()
# %%
exhibits.figure(
    "ch5-case-levers", charts.heat_matrix(levers, **SHAPE), data=levers, indicators=["cases"],
    title="No lever has more than one case with a trial",
    subtitle=f"Number of cases by lever of change and strength of evidence, {len(codes)} cases",
    shows="levers of change in the cases by strength of evidence",
    finding=f"{lever['label'].lower()} is the most frequent lever with {lever['total']} cases; no lever has more than"
    f" {tested} case with experimental evidence",
    note=NOTE, limits=LIMITS)  # fmt: skip

# %% [markdown]
# All cases by the strength of their evidence.

# %%
about = {"n_obs": len(library), "indicators": ["cases"]}
joined = strengths[kind.isin(["city-ecosystem", "network"])]
countries = {case["place"]["country"] for case in library.values()}
counted = {
    "n": (len(library), "cases in the library"),
    "countries": (len(countries), "countries with a case"),
    "ecosystems": ((kind == "city-ecosystem").sum(), "cases that are ecosystems of a city or region"),
    "networks": ((kind == "network").sum(), "cases that are networks of schools"),
    "joined-tested": ((joined == "experimental").sum(), "ecosystems and networks with experimental evidence"),
}

# %%
counted |= {
    "experimental": (trials, "cases with experimental evidence"),
    "none-found": (silent, "cases for which no evidence on results was found"),
    "self-reported": ((strengths == "self-reported").sum(), "cases with self-reported evidence only"),
    "descriptive": ((strengths == "descriptive").sum(), "cases with descriptive evidence"),
    "quasi-experimental": ((strengths == "quasi-experimental").sum(), "cases with quasi-experimental evidence"),
}

# %%
became = pd.Series({name: (case["status"] or {}).get("code") or "unknown" for name, case in library.items()})
counted |= {
    "told": (sum(case["story"] is not None for case in library.values()), "cases that tell a story"),
    "ended": ((became == "ended").sum(), "cases that have ended"),
    **{
        name: (words, f"{name} story of a case, in words, that the contract lets pass")
        for name, words in zip(("shortest", "longest"), cases.STORY_WORDS, strict=True)
    },
    "short-of-aims": ((became == "short-of-aims").sum(), "cases that were stopped or fell short of their aims"),
}

# %%
for name, (number, note) in counted.items():
    exhibits.value(f"cases-{name}", int(number), note=note, **about)
