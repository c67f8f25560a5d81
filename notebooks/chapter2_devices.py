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
# # Chapter 2: students, devices and phones
#
# What students of grade 8 do with devices in lessons and think of them, how results go with use inside countries (ICILS
# 2023), and whether students are less distracted where phones are not allowed (PISA 2025). OECD members only. Belgium
# took part in ICILS with Flanders alone and is not among them.

# %%
import pandas as pd

from crossroads import areas, charts, data, exhibits, indicators, intervals, load, numbers

members = areas.members()
students = load("icils-students").query("ref_area in @members and sex == 'total'")
labels = data.measures("icils-students")["label"]

# %% [markdown]
# ## Engagement: what students think of devices
#
# Shares who agree, averaged over countries with equal weight. The gap between boys and girls is tested, four tests adjusted
# together.

# %%
mean = indicators.average(students, by=("measure",)).set_index("measure")
n_systems = int(mean.loc["more_fun", "n_areas"])
about = {"unit": "%", "format": ".0f", "indicators": ["icils-students"], "time_period": "2023", "n_obs": n_systems}
views = ["more_fun", "learns_better", "too_much_time", "wants_to_program"]
exhibits.values(mean.loc[views[:3]].assign(label=labels), prefix="ch2-student", notes="label", **about)

# %%
by_sex = load("icils-students").query("ref_area in @members and measure in @views and sex != 'total'")
by_sex = indicators.average(by_sex, by=("measure", "sex")).set_index(["measure", "sex"])
gaps = indicators.difference(by_sex.xs("male", level="sex"), by_sex.xs("female", level="sex"))
gaps = intervals.with_test(gaps.assign(note=labels + ", boys minus girls"))
exhibits.values(gaps.loc[["learns_better", "wants_to_program"]], prefix="ch2-boys", notes="note", **about | {
    "unit": "percentage points"})  # fmt: skip
exhibits.tests("ch2-student-views", gaps, question="Do boys and girls agree alike?", indicators=["icils-students"],
               adjust="fdr_bh")  # fmt: skip

# %% [markdown]
# ## Inquiry: tools that students use in most lessons

# %%
tools = students[students["measure"].str.startswith("tool_")]
tools = areas.add(tools, country="name").assign(tool=lambda rows: rows["measure"].map(labels))
tools["tool"] = tools["tool"].str.removesuffix(" in most lessons")
tools["average"] = tools["measure"].map(mean["obs_value"])
tools = tools.sort_values(["average", "ref_area"], ascending=[False, True], ignore_index=True)
mean.loc[tools["measure"].unique(), ["obs_value", "std_error", "n_areas"]].round(1)

# %%
chart = charts.distribution_strips(
    tools, label="tool", value="obs_value", middle="average", middle_label=f"OECD average ({n_systems})",
    other_label="Countries", unit="Students who use the tool in most or all lessons, %")  # fmt: skip
first, measuring = tools.iloc[0], mean.loc["tool_measuring", "obs_value"]

# %%
exhibits.figure(
    "ch2-student-tools", chart, data=tools, indicators=["icils-students"],
    title="Students present with devices more than they inquire",
    subtitle="Students of grade 8 who use a tool in most or all lessons, OECD members in ICILS 2023",
    shows=f"the shares of students who use six kinds of tools in most lessons, in {n_systems} countries",
    finding=f"on average {first['average']:.0f}% use {first['tool'].lower()} and {measuring:.0f}% tools that measure the"
    " real world",
    note="Each mark is a country. Standard errors are in the data. Norway: grade 9. As students answered. Systems that"
    " missed the standards of participation are not marked in the file.",
    limits="What students do with the tool, and how well.")  # fmt: skip

# %%
about["exhibit"] = "ch2-student-tools"
quoted = ["tool_presentation", "tool_simulation", "tool_measuring", "tool_programming"]
exhibits.values(mean.loc[quoted].assign(label=labels), prefix="ch2", notes="label", **about)
exhibits.value("ch2-icils-n", n_systems, **about | {"unit": "countries", "format": "", "n_obs": None})
lessons = ["learned_reliability", "learned_real_data"]
exhibits.values(mean.loc[lessons].assign(label=labels), prefix="ch2", notes="label", **about)

# %% [markdown]
# ## Outcomes: how results go with use inside countries
#
# Within each country, the difference in score that goes with a use: of students who do something every day and those who do
# not, or for one standard deviation of a scale. Held equal are sex, parents' occupation and books at home. Averaged over countries; tests
# over both domains are adjusted together.

# %%
links = load("icils-associations").query("ref_area in @members")
within = indicators.average(links, by=("measure", "domain", "use"))
adjusted = intervals.with_test(within.query("measure == 'difference_adjusted'").copy())
adjusted["label"] = adjusted["use"].map(data.labels("icils-use"))

# %%
names = {"computer_information_literacy": "Computer and information literacy",
         "computational_thinking": "Computational thinking"}  # fmt: skip
sizes = adjusted.groupby("domain")["n_areas"].max()
adjusted["panel"] = adjusted["domain"].map({code: f"{name} ({sizes[code]})" for code, name in names.items()})
adjusted["order"] = adjusted["domain"].map({code: place for place, code in enumerate(names)})
adjusted = adjusted.sort_values(["order", "obs_value"], ascending=[True, False], ignore_index=True)
adjusted[["domain", "use", "obs_value", "std_error", "lower", "upper", "significant"]].round(1)

# %%
chart = charts.forest_plot(
    adjusted, label="label", value="obs_value", lower="lower", upper="upper", group="panel", number="+.0f",
    unit="Score points, background held constant", directions=("lower scores", "higher scores"))  # fmt: skip
literacy = adjusted.query("domain == 'computer_information_literacy'").set_index("use")
school = literacy.loc["school_schoolwork_daily", "obs_value"]
NOTE = ("Number of countries in brackets. Held constant: sex, parents' occupation, books at home. Scales are standardised over the"
        " systems of a cycle. Intervals hold the sampling of students within countries.")  # fmt: skip

# %%
exhibits.figure(
    "ch2-device-results", chart, data=adjusted, indicators=["icils-associations"],
    title="Daily use of devices at school goes with lower scores",
    subtitle="Difference in score that goes with a use of devices among students of one country, grade 8, mean of OECD"
    " members in ICILS 2023",
    shows=f"{len(adjusted)} associations of use of devices with scores",
    finding=f"students who use devices at school every day for schoolwork score {-school:.0f} points lower in computer and"
    " information literacy than other students of their country",
    note=NOTE,
    limits="What use does to results: teachers may give more devices to weaker classes, or use may follow the school track.")  # fmt: skip

# %%
about = {"indicators": ["icils-associations"], "time_period": "2023", "exhibit": "ch2-device-results", "format": "+.0f"}
quoted = ["general_use_in_class", "special_use_in_class", "home_other_daily"]
exhibits.values(literacy.loc[quoted], prefix="ch2-link", unit="score points", n_obs="n_areas", notes="label", **about)
exhibits.value("ch2-daily-gap", -school, std_error=literacy.loc["school_schoolwork_daily", "std_error"],
               n_obs=int(literacy.loc["school_schoolwork_daily", "n_areas"]), unit="score points", note="others minus daily users",
               **about | {"format": ".0f"})  # fmt: skip
exhibits.tests("ch2-device-results", adjusted, question="Is the mean difference within countries zero?", adjust="fdr_bh",
               indicators=["icils-associations"], exhibit="ch2-device-results")  # fmt: skip

# %% [markdown]
# Is it the same everywhere? The difference for daily use at school, country by country, adjusted for their number.

# %%
daily = links.query("use == 'school_schoolwork_daily' and domain == 'computer_information_literacy'")
daily = intervals.with_test(daily.query("measure == 'difference_adjusted'").copy())
sure = daily[daily["significant"]]
lower, higher = int((sure["obs_value"] < 0).sum()), int((sure["obs_value"] > 0).sum())
about |= {"format": "", "unit": "countries", "n_obs": len(daily)}
exhibits.values({"ch2-daily-lower": lower, "ch2-daily-higher": higher}, **about)
exhibits.value("ch2-daily-unclear", len(daily) - lower - higher, **about)
ends = indicators.ends(areas.add(daily, country="name"), "obs_value")
exhibits.values(
    ends, prefix="ch2-daily", country="country", **about | {"unit": "score points", "format": "+.0f", "n_obs": None}
)
# A new sample of countries would differ more than new samples of students in these.
over = intervals.interval(daily["obs_value"].mean(), daily["obs_value"].sem(), len(daily) - 1)
exhibits.value("ch2-daily-over-countries", numbers.span(*over, ".0f"), **about | {"unit": ""},
               note="95% interval of the mean if the countries were a sample of others")  # fmt: skip
exhibits.tests("ch2-device-countries", daily, question="Is the difference for daily use at school zero in the country?",
               indicators=["icils-associations"], adjust="fdr_bh")  # fmt: skip

# %% [markdown]
# ## Distraction and phones
#
# Published shares, in whole or tenth points and without errors. The correlation is between countries.

# %%
digital = load("pisa-2025-digital")
wide = digital.pivot(index="ref_area", columns="measure", values="obs_value")
average = wide.loc["OECD-average"]
wide = areas.add(wide.query("ref_area in @members").reset_index(), country="name")
wide["distracted"] = 100 - wide["no_digital_distraction"]
distracted = 100 - average["no_digital_distraction"]
link = indicators.correlation(wide, "phones_not_allowed", "distracted")
link.round(2).to_dict()

# %%
named = ["Finland", "Lithuania", "Japan", "Korea", "Hungary", "Türkiye", "Chile", "Norway", "Poland", "Denmark"]
chart = charts.scatter_within(
    wide, x="phones_not_allowed", y="distracted", label="country", named=named, x_average=average["phones_not_allowed"],
    y_average=distracted, average_label="OECD average (38)",
    x_unit="Students in schools where phones are not allowed, %", y_unit="Students who report distraction by digital devices, %")  # fmt: skip

# %%
exhibits.figure(
    "ch2-phones", chart, data=wide, indicators=["pisa-2025-digital"],
    title="Phone bans and distraction show no clear link across countries",
    subtitle="Students in schools without phones, and students who report distraction by devices, OECD members, PISA 2025",
    shows=f"rules on phones and distraction by digital devices in {len(wide)} countries",
    finding=f"the correlation between the two is {numbers.amount(link['obs_value'], '.2f')}, which is not statistically significant",
    note=f"95% interval of the correlation: {numbers.span(link['lower'], link['upper'], '.2f')}. Published shares without standard"
    " errors. The publisher asks for caution with Canada, the Netherlands, New Zealand, Norway and the United States.",
    limits="Whether rules are kept, and what they do inside a country: rules may answer to distraction.")  # fmt: skip

# %%
about = {"indicators": ["pisa-2025-digital"], "time_period": "2025", "exhibit": "ch2-phones"}
exhibits.values({"ch2-phones-correlation": link}, interval=True, format=".2f", n_obs="n_obs", **about)
exhibits.values({"ch2-phones-banned": average["phones_not_allowed"], "ch2-phones-distracted": distracted,
                 "ch2-ai-weekly": average["ai_weekly"], "ch2-ai-assess": average["assess_ai_information"]},
                unit="%", format=".0f", n_obs=len(wide), **about)  # fmt: skip
exhibits.tests("ch2-phones-distraction", pd.DataFrame([link]), indicators=["pisa-2025-digital"], exhibit="ch2-phones",
               question="Is distraction unrelated to the share of schools without phones?")  # fmt: skip
