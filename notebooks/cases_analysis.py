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
exhibits.value("ch2-cases-several", several, note="cases that regroup at least two of four elements", **about)
exhibits.value("ch2-cases-elements-known", n_known, **about,
               note="cases in which it is known of all four elements whether they are regrouped")  # fmt: skip
exhibits.value("ch2-cases-all-four", all_four, note="cases that regroup all four elements", **about)

# %% [markdown]
# Which practices are named: each code of the four elements, counted over the cases whose text lets it be coded.

# %%
practice = pd.DataFrame({"n": codes.eq(1).sum(), "known": codes.notna().sum(), "group": members, "practice": labels})
practice = practice[practice["group"].isin(cases.ELEMENTS)].astype({"n": int, "known": int})
practice["label"] = practice["practice"] + practice["known"].map(" (of {})".format)
practice = practice.sort_values(["n", "practice"], ascending=[False, True]).rename_axis("code").reset_index()

# %%
first, second = practice.iloc[0], practice.iloc[1]
chart = charts.ranked_bars(practice, label="label", value="n", unit="Cases", sort=False)
# %%
exhibits.figure(
    "ch2-case-practices", chart, data=practice, indicators=["cases"],
    title="Projects and work lead what innovative cases change",
    subtitle=f"Number of cases with a practice, of those whose text could be coded, {len(codes)} cases",
    shows="the number of cases that regroup learners, educators, content or resources in a given way",
    finding=f"{first['practice'].lower()} is the most frequent with {first['n']} cases, followed by"
    f" {second['practice'].lower()} with {second['n']}",
    note=f"In brackets: cases in which the practice could be coded. {PURPOSIVE}",
    limits="How common the practices are in schools.")  # fmt: skip

# %% [markdown]
# ## Chapter 2: which traits go together
#
# Multiple correspondence analysis of what is regrouped, the kind of case and three kinds of partner. What is not known
# weighs nothing. The stability of each point is measured by drawing the cases again and again.

# %%
links = coding.partners(library)
words = {1: "yes", 0: "no"}
traits = groups[[*cases.ELEMENTS, "community", "employers"]].astype(object).replace(words)
traits = traits.where(groups[traits.columns].notna())
kinds = ["business", "higher-education", "government"]
traits = traits.join(links[kinds].astype(object).replace(words))
traits["kind"] = kind

# %%
points, _, inertia = coding.correspondence(traits)
stability, congruence = coding.correspondence_stability(traits)
points = points.merge(stability, on=["variable", "category"])
named = points["variable"].where(points["variable"] != "kind", points["category"]).str.replace("-", " ")
points["label"] = named.where(points["category"] != "no", "no " + named)
points["firm"] = (points["axis1_same_side"] >= 0.95).map({True: "Stable", False: "Not stable"})
points["far"] = points["label"].where(points[["axis1", "axis2"]].abs().max(axis=1) > 0.55, "")
first_axis = points.sort_values("axis1")

# %%
chart = charts.scatter_within(
    points, x="axis1", y="axis2", label="far", group="firm", group_order=["Stable", "Not stable"],
    x_unit=f"Axis 1 ({inertia['adjusted'][0]:.0%} of adjusted inertia)",
    y_unit=f"Axis 2 ({inertia['adjusted'][1]:.0%} of adjusted inertia)")  # fmt: skip
note = ("Named: traits far from the centre. Business and government are partners; employers and community are roles;"
        " learners and content are regrouped. Stable: traits on their side of the first axis in at least 95% of 500"
        f" bootstrap samples. Coordinates correlate with the first solution: median {congruence.median():.2f}, lowest"
        f" {congruence.min():.2f}. Unknown traits weigh nothing. {PURPOSIVE}")  # fmt: skip
# %%
exhibits.figure(
    "ch2-case-map", chart, data=points, indicators=["cases"],
    title="Ties with employers set cases apart most",
    subtitle=f"Multiple correspondence analysis of ten traits, {len(traits)} cases",
    shows="traits of cases that occur together, close to each other",
    finding=f"the first axis runs from {first_axis.iloc[0]['label']} to {first_axis.iloc[-1]['label']}",
    note=note,
    limits="Anything about cases that are not in the library.")  # fmt: skip

# %% [markdown]
# ## Chapter 3: with whom cases work
#
# The network of cases and kinds of partner, for the cases whose partners are known.

# %%
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
# Which kinds of partner are named together, beside the number that would be expected if they were named independently.

# %%
pairs = coding.co_occurrence(links)
pairs["difference"] = pairs["n"] - pairs["expected"]
closest = pairs[pairs["n"] >= 5].sort_values(["difference", "first"], ascending=[False, True]).iloc[0]

# %%
frequent = central.loc[central["n"] >= 10, "partner"].tolist()
both = links[frequent].astype(int).T @ links[frequent].astype(int)
both = both.rename_axis(index="one", columns="other").stack().rename("n").reset_index()
initials = {"other-schools": "S"} | {kind: kind[0].upper() for kind in frequent if kind != "other-schools"}
both["row"] = both["one"].map(lambda kind: f"{partner_labels[kind]} ({initials[kind]})")
both["column"] = both["other"].map(initials)
chart = charts.heat_matrix(both, row="row", column="column", value="n", unit="Cases in which both are named")
# %%
exhibits.figure(
    "ch3-case-partner-pairs", chart, data=pairs, indicators=["cases"],
    title="Families and community partners come together",
    subtitle=f"Number of cases that name two kinds of partner, {len(links)} cases with known partners",
    shows="how often two kinds of partner are named in the same case",
    finding=f"{closest['first']} and {closest['second']} occur together in {closest['n']} cases, where"
    f" {closest['expected']:.1f} would be expected if the two were named independently",
    note="On the diagonal: all cases with that kind of partner. Kinds named in fewer than ten cases are in the data"
    f" only, which also give the numbers expected by chance. No test is made. {PURPOSIVE}",
    limits="Whether the partners work with each other.")  # fmt: skip

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
strength = strengths.value_counts().reindex(list(scale), fill_value=0).rename("n").rename_axis("strength").reset_index()
strength["label"] = [entry["label"] for entry in scale.values()]
chart = charts.ranked_bars(strength, label="label", value="n", unit="Cases", sort=False)

# %%
exhibits.figure(
    "ch2-case-evidence", chart, data=strength, indicators=["cases"],
    title="For few cases is there evidence of an effect",
    subtitle=f"Number of cases by strength of the best evidence on results found, {len(strengths)} cases",
    shows="the number of cases by strength of evidence, from strong to none",
    finding=f"{trials} cases have experimental evidence and for {silent} none was found",
    note=f"None found says something of the search: sources were read in part. {PURPOSIVE}",
    limits="Whether a case works: no evidence is not evidence of no effect.")  # fmt: skip

# %%
about = {"n_obs": len(library), "indicators": ["cases"], "exhibit": "ch2-case-evidence"}
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
