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
# # Methods: what the link between two tests may hide
#
# PISA is a new test in each cycle, linked to the ones before by tasks that are used again. The error of that link is the
# same for all countries. Here it is asked what it might do to changes from 2012 to 2025.

# %%
import numpy as np
import pandas as pd

from crossroads import areas, exhibits, indicators, intervals, load, numbers

members = areas.members()
domains = ["reading", "mathematics", "science"]

# %%
comparable = indicators.comparable({name: load(f"pisa-{name}") for name in domains}, members, "domain")
trend = indicators.average(comparable, by=("domain",), constant=True, code="OECD")
points = trend.set_index(["domain", "time_period"])
spans = {name: indicators.difference(points.loc[name, 2025], points.loc[name, 2012]) for name in domains}
n_averaged = {name: int(points.loc[(name, 2025), "n_areas"]) for name in domains}
{name: (round(span.obs_value, 1), n_averaged[name]) for name, span in spans.items()}

# %% [markdown]
# ## Change to 2025 under assumed link errors
#
# Errors of the link between 2025 and cycles before 2022 are not published. Those of comparisons that end in 2022 are: they
# are what a published error of a change holds beyond the sampling errors of both scores, the same for every country.
# That the link to 2025 is as good or as bad as these is an assumption. What it would do is shown; nothing is tested by it.

# %%
KEY = ["domain", "ref_area"]
variance = comparable.assign(variance=comparable["std_error"] ** 2, start=comparable["time_period"])
variance = variance[[*KEY, "start", "variance"]]
errors = load("pisa-change").query("ref_area in @members and std_error.notna()")
errors = errors.assign(start=errors["time_period"].str[:4].astype(int)).merge(variance, on=[*KEY, "start"])
errors = errors.merge(variance.query("start == 2022").drop(columns="start"), on=KEY, suffixes=("", "_2022"))
beyond = errors["std_error"] ** 2 - errors["variance"] - errors["variance_2022"]
by_span = np.sqrt(beyond).groupby([errors["domain"], errors["start"]]).agg(["min", "median", "max"])
by_span.round(3)

# %%
links = by_span["median"].unstack()
assumed = pd.DataFrame(
    {
        "Smallest published": links.min(axis=1),
        "As from 2012 to 2022": links[2012],
        "Largest published": links.max(axis=1),
    }
)
assumed = assumed.rename_axis(columns="assumption").stack().rename("link_error").reset_index()

# %%
moved = comparable[comparable["time_period"].isin([2012, 2025])].pivot(index=KEY, columns="time_period").dropna(
    subset=[("obs_value", 2012), ("obs_value", 2025)])  # fmt: skip
moved = pd.DataFrame({"change": moved["obs_value"][2025] - moved["obs_value"][2012],
                      "variance": (moved["std_error"] ** 2).sum(axis=1, skipna=False)}).reset_index()  # fmt: skip
moved.groupby("domain").size().to_dict()

# %%
countries = moved.merge(assumed, on="domain")
half = intervals.critical_value() * np.sqrt(countries["variance"] + countries["link_error"] ** 2)
countries = countries.assign(below=countries["change"] < -half, above=countries["change"] > half)

# %%
average = pd.DataFrame({name: [span.obs_value, span.std_error] for name, span in spans.items()}).T
average.columns = ["obs_value", "sampling_error"]
bands = assumed.merge(average, left_on="domain", right_index=True)
bands["std_error"] = np.hypot(bands["sampling_error"], bands["link_error"])
bands = intervals.with_interval(bands).merge(
    countries.groupby(["domain", "assumption"]).agg(n_areas=("below", "size"), below=("below", "sum"), above=("above", "sum")),
    on=["domain", "assumption"])  # fmt: skip
bands = bands.sort_values(["domain", "link_error"], ignore_index=True)
needed = np.sqrt((average["obs_value"] / intervals.critical_value()) ** 2 - average["sampling_error"] ** 2)
bands.round(2), needed.round(2).to_dict()

# %%
bands["band"] = [numbers.span(*ends, ".0f") for ends in bands[["lower", "upper"]].to_numpy()]
largest = bands.loc[bands.groupby("domain")["link_error"].idxmax()]
below_zero = largest.loc[largest["upper"] < 0, "domain"].tolist()
shown = {"domain": "Subject", "assumption": "Link error, by assumption", "link_error": "Points", "obs_value": "Change",
         "band": "Band", "below": "Countries below it", "above": "Above", "n_areas": "Of"}  # fmt: skip
note = ("Assumption, no test: the link error from 2012 to 2025 is not published. Published: what the OECD's errors of changes"
        f" to 2022 hold beyond sampling. Band: change, and {intervals.critical_value():.2f} times sampling and link error together to"
        " either side. Change and"
        " band: members with all cycles. Countries: members with a score in both years, band of each around zero.")  # fmt: skip

# %%
exhibits.table(
    "methods-robustness-link", bands, columns=shown, formats={"link_error": ".1f", "obs_value": "+.0f"},
    indicators=[*(f"pisa-{name}" for name in domains), "pisa-change"],
    title="With link errors as published, the average falls would remain",
    subtitle="Change of mean scores in PISA from 2012 to 2025, OECD members: bands of sensitivity, by assumed link error",
    shows="changes of average scores from 2012 to 2025 with bands by three assumed link errors, and numbers of countries",
    finding="with the largest published link error, the band of the average is below zero in"
    f" {numbers.enumerate_words(below_zero) or 'no subject'}",
    note=note,
    limits="How large the link error from 2012 to 2025 is: it may lie outside the published ones.")  # fmt: skip

# %%
about = {"indicators": [*(f"pisa-{name}" for name in domains), "pisa-change"], "exhibit": "methods-robustness-link",
         "time_period": "2012 to 2025", "unit": "score points", "format": ".1f"}  # fmt: skip
for name in domains:
    told = {"smallest": links.loc[name].min(), "largest": links.loc[name].max(), "needed": needed[name]}
    exhibits.values(told, prefix=f"methods-robustness-link-{name}", n_obs=n_averaged[name],
                    note="link error; an assumption for 2025", **about)  # fmt: skip
