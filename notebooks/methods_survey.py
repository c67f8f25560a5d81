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
# # Methods: estimates from survey samples
#
# PISA, TALIS and PIAAC are samples of samples: schools are drawn first, then students or teachers in them. Some are
# drawn with a higher chance than others. And what students can do is never observed, only inferred from a test that
# each of them sees a part of. Three devices deal with this: final weights, replicate weights and plausible values.
#
# This page builds the estimator step by step on a made-up survey in which the truth is known, shows what goes wrong
# without it, and sets our estimates from a real file beside published ones. The module is `crossroads.survey`.

# %%
import numpy as np
import pandas as pd

from crossroads import data, exhibits, intervals, load, numbers, survey

students = survey.synthetic(countries=2, schools=100, students=20, seed=2022)
truth = survey.truth(2).set_index("CNT")
truth.round(1)

# %% [markdown]
# ## Final weights
#
# The final weight of a student says for how many students of the population he or she stands. Rural schools are
# over-represented in this sample, and their students score lower, so that the plain mean is too low.

# %%
one = students[students["CNT"] == "X01"].reset_index(drop=True)
score, weight = one["PV1MATH"], one["W_FSTUWT"]
full = (weight * score).sum() / weight.sum()
pd.Series({"truth": truth.loc["X01", "mean"], "without weights": score.mean(), "with weights": full}).round(1)

# %% [markdown]
# ## Replicate weights
#
# How far would the estimate move if other schools had been drawn? Each of 80 replicate weights imitates another
# sample of schools: in every pair of similar schools the students of one count one and a half times, those of the
# other half a time. The estimate is repeated with each. With Fay's factor $k = 0.5$ the sampling variance is
#
# $$ U = \frac{1}{R\,(1-k)^2} \sum_{r=1}^{R} (t_r - t)^2 = \frac{1}{20} \sum_{r=1}^{80} (t_r - t)^2 , $$
#
# where $t$ is the estimate with the final weights. Deviations are taken from $t$, not from the mean of the
# replicates: that would leave a part of the error out.

# %%
replicates = survey.PISA_2022.replicate_columns(one.columns)
moved = one[replicates].mul(score, axis=0).sum() / one[replicates].sum()
by_hand = np.sqrt(((moved - full) ** 2).sum() / 20)
by_module = survey.mean(one, "PV1MATH", survey.PISA_2022)["std_error"].item()
pd.Series({"by hand": by_hand, "by the module": by_module, "as if drawn one by one": score.sem()}).round(4)

# %% [markdown]
# The last line is what a program without knowledge of the design prints. Students of one school resemble each other,
# so that a sample of schools tells less than as many students drawn one by one.
#
# Other surveys change the factor and the way the replicates are made, not the idea: $1/R$ for balanced repeated
# replication, $(R - 1)/R$ for the jackknife that leaves one unit out; for the paired jackknife it is $c = 1$ with one
# replicate a pair and $c = 1/2$ with both. PIAAC lets each country choose, and says what it chose in the file.

# %%
designs = [survey.PISA_2022, survey.TALIS_TEACHER, survey.TIMSS_2011, survey.TIMSS_2019]
pd.DataFrame(
    [
        {"survey": d.name, "method": d.method, "replicates": n, "factor": d.variance_factor(n)}
        for d, n in zip(designs, [80, 100, 75, 150], strict=True)
    ]
)

# %% [markdown]
# ## Plausible values
#
# A score is not measured but inferred. The file holds ten draws of what it may be, given the student's answers. The
# statistic is computed with each draw $m$, and the results are averaged: first compute, then average. The spread
# between the draws, $B$, is the part of the error that comes from the test,
#
# $$ \hat\theta = \frac{1}{M} \sum_m t_m , \qquad
#    \mathrm{SE}^2 = \frac{1}{M} \sum_m U_m + \left(1 + \frac{1}{M}\right) B . $$
#
# The module reports the two parts apart and together, and how many degrees of freedom their sum has.

# %%
draws = [survey.mean(one, f"PV{m}MATH", survey.PISA_2022) for m in range(1, 11)]
t, U = (np.array([draw[column].item() for draw in draws]) for column in ("obs_value", "sampling_variance"))
by_hand = {"obs_value": t.mean(), "sampling_variance": U.mean(), "imputation_variance": 1.1 * t.var(ddof=1)}
by_module = survey.mean(one, "PV@MATH", survey.PISA_2022)
pd.DataFrame({"by hand": by_hand, "by the module": by_module[list(by_hand)].iloc[0]}).round(4)

# %% [markdown]
# Averaging the ten draws of each student first looks simpler and is wrong: averages vary less than scores, so that
# the spread of the population comes out too small.

# %%
average_first = one.filter(regex=r"^PV\d+MATH$").mean(axis=1)
spread = survey.standard_deviation(one.assign(AVERAGE=average_first), "AVERAGE", survey.PISA_2022)
right = survey.standard_deviation(one, "PV@MATH", survey.PISA_2022)
pd.Series(
    {
        "truth": truth.loc["X01", "standard_deviation"],
        "compute, then average": right["obs_value"].item(),
        "average, then compute": spread["obs_value"].item(),
    }
).round(1)

# %% [markdown]
# ## Does it keep its promise?
#
# An interval of 95 % should hold the truth in 95 of 100 samples. Here are 200 samples from the same population, with
# the intervals of the module and with those of the naive standard error.

# %%
samples = [
    survey.Sample(survey.synthetic(countries=1, schools=60, students=10, seed=seed), survey.PISA_2022)
    for seed in range(200)
]
means = pd.concat([survey.mean(sample, "PV@MATH") for sample in samples], ignore_index=True)
held = survey.significance(means, distribution="t")
naive = intervals.critical_value() * pd.Series([sample.frame["PV1MATH"].sem() for sample in samples])
target = survey.truth(1)["mean"].item()

# %%
covered = {
    "replicate weights and plausible values": held["lower"].lt(target) & held["upper"].gt(target),
    "naive standard error": means["obs_value"].sub(target).abs().lt(naive),
}
coverage = pd.DataFrame(covered).mean().mul(100).rename("per cent of intervals that hold the truth")
coverage.round(1).to_frame()

# %% [markdown]
# The simulation itself is a sample: with 200 samples a coverage within three points of 95 is what one expects of
# intervals that keep their promise. The naive interval misses the truth several times as often as it admits.
#
# ## Few schools
#
# A standard error from few schools is itself uncertain, and its interval must be wider than the normal distribution
# says. How much wider depends on the pairs of schools that the group has, not on the number of replicate weights in the
# file, and less on pairs that weigh little: the module counts degrees of freedom after Johnson and Rust (1992), from
# the contribution of each pair to the variance. Here each of 1,000 made-up countries is a sample of 8, 12 or 20 schools.

# %%
design = survey.PISA_2022.but(replicates=20, plausible_values=5)
center = survey.truth(1000).set_index("CNT")["mean"]
few, degrees = {}, {}
for schools in (8, 12, 20):
    drawn = survey.synthetic(1000, schools, students=10, plausible_values=5, replicates=20, seed=schools)
    found = survey.mean(drawn, "PV@MATH", design, by="CNT").set_index("CNT")
    ends = {name: survey.significance(found, distribution=name) for name in ("t", "normal")}
    held = {
        name: center.sort_index().between(e["lower"].sort_index(), e["upper"].sort_index()) for name, e in ends.items()
    }
    few[schools], degrees[schools] = pd.DataFrame(held).mean().mul(100), found["degrees_of_freedom"].median()

# %%
few_schools = pd.DataFrame(few).T.rename_axis("schools").reset_index().assign(degrees_of_freedom=list(degrees.values()))
few_schools.rename(columns={"t": "with these (%)", "normal": "normal distribution (%)"}).round(1)

# %% [markdown]
# The benchmarks of the book repeat this for more statistics and designs. What they counted is shown here.

# %%
simulated = data.benchmarks()["simulations"]
keys = ["method", "design", "n_runs"]
held = simulated.query("benchmark == 'survey coverage'")
held = held.pivot(index=keys, columns="variant", values="obs_value").reset_index()
held["schools"] = held["design"].str.split().str[0].astype(int)
held["statistic"] = held["method"].str.capitalize()
held = held.sort_values(["statistic", "schools"], ignore_index=True).drop(columns=["method", "design"])
held.groupby("schools")[["module", "rank less one", "normal"]].min()

# %%
printed = {"statistic": "Statistic", "schools": "Schools", "module": "With the degrees of freedom used, %",
           "rank less one": "With the rank less one, %", "normal": "With the normal distribution, %",
           "n_runs": "Samples"}  # fmt: skip
noise = simulated.query("benchmark == 'survey coverage'").eval("upper - lower").max() / 2
fewest = held[held["schools"] == held["schools"].min()]

# %%
exhibits.table(
    "methods-survey-coverage", held, columns=printed, indicators=["benchmarks"],
    formats=dict.fromkeys(["module", "rank less one", "normal"], ".1f"),
    title="Intervals from few schools need Student's t",
    subtitle="Per cent of 95% intervals that hold the truth, made-up samples of few or many schools, by degrees of freedom",
    shows="the coverage of intervals by statistic, number of schools and degrees of freedom",
    finding=f"with the fewest schools the degrees of freedom used give {fewest['module'].min():.0f} to"
    f" {fewest['module'].max():.0f}% and the normal distribution {fewest['normal'].min():.0f} to {fewest['normal'].max():.0f}%",
    note=f"Promised: {simulated['promised'].max():.0f}%. With {numbers.amount(held['n_runs'].min(), ',')} samples or more the per cents are known within"
    f" {noise:.1f} points. Intervals of shares are Wilson's with the degrees of freedom used, else symmetric.",
    limits="Populations and designs unlike the made-up one.")  # fmt: skip

# %% [markdown]
# Surveys without replicate weights state strata and clusters instead. Intervals by linearisation, the jackknife and the
# bootstrap of schools, and the test of independence of two answers of students in the same schools:

# %%
designed = simulated.query("benchmark == 'survey designs'").reset_index(drop=True)
designed["counted"] = designed["measure"].map({"rejected": "Rejected", "covered": "Covered"})
designed["name"] = designed["method"].str.capitalize()
naive = designed.query("variant == 'Pearson'")["obs_value"]
careful = designed.query("variant == 'Rao and Scott'")["obs_value"]
printed = {"name": "Statistic", "design": "Sample", "variant": "Method", "counted": "Truth was", "promised": "Promised, %",
           "obs_value": "Found, %", "lower": "from", "upper": "to", "n_runs": "Samples"}  # fmt: skip

# %%
exhibits.table(
    "methods-survey-designs", designed, columns=printed, indicators=["benchmarks"],
    formats={"promised": ".0f", "obs_value": ".1f", "lower": ".1f", "upper": ".1f"},
    title="A test that ignores schools finds links everywhere",
    subtitle="Per cent of made-up samples in which intervals of 95% hold the truth and tests at 5% reject it",
    shows="coverage and size by method for samples of schools",
    finding=f"the test that counts students as independent rejects a true statement in {naive.min():.0f} to {naive.max():.0f}%"
    f" of samples, and that of Rao and Scott in {careful.min():.0f} to {careful.max():.0f}%",
    note="From and to: 95% interval of the simulation (Wilson). Pearson's test is shown as a warning and not used.",
    limits="Samples of fewer schools, and other ways to draw them.")  # fmt: skip

# %% [markdown]
# ## Percentiles, proficiency levels, regressions
#
# Every statistic follows the same scheme. A percentile is the score at which the running sum of weights reaches its
# share; where it is met exactly, the mean of this score and the next; published tables agree with this rule. A
# score on the border of two proficiency levels belongs to the upper one. Regressions are weighted least squares for
# each weight and each plausible value, and plausible values may stand on either side.

# %%
shown = ["obs_value", "std_error", "n_obs", "n_missing"]
percentiles = survey.percentiles(one, "PV@MATH", survey.PISA_2022, p=[10, 50, 90])
percentiles[["percentile", *shown]].round(1)

# %%
levels = survey.levels(one, "PV@MATH", [420, 500, 580], survey.PISA_2022, names=["lowest", "low", "high", "highest"])
levels[["level", *shown]].round(1)

# %%
regression = survey.regression(students, "PV@MATH", ["ESCS", "FEMALE", "RURAL"], survey.PISA_2022, by="CNT")
regression[["CNT", "term", *shown]].round(2)

# %% [markdown]
# ## Differences, averages, trends
#
# Girls and boys sit in the same schools and their scores come from the same draws. Their difference is therefore
# formed within each replicate and each plausible value; adding the two variances, as if they were two samples, gets
# its error wrong. Countries are independent samples: there the variances do add up.

# %%
sample = survey.Sample(students, survey.PISA_2022)
gap = survey.difference(sample, "PV@MATH", between="FEMALE", levels=(1, 0), by="CNT")
by_sex = survey.mean(sample, "PV@MATH", by=["CNT", "FEMALE"])
as_if = by_sex.groupby("CNT")["std_error"].agg(lambda errors: np.hypot(*errors)).to_numpy()
gap[["CNT", "between", "obs_value", "std_error"]].assign(as_if_two_samples=as_if).round(2)

# %% [markdown]
# The same holds for two statistics of the same respondents. `joint` keeps what they share: any contrast of them has its
# right error, and many are tested together. Here: do scores differ between four groups of schools, in pairs with Holm's
# adjustment, and all at once?

# %%
quarters = one.assign(GROUP=pd.cut(one["CNTSCHID"], 4, labels=False))
together = survey.joint(quarters, {"score": survey.Mean("PV@MATH")}, survey.PISA_2022, by="GROUP")
pairs = together.contrast("pairwise", along="GROUP")
survey.significance(pairs.table, adjustment="holm")[["contrast", "obs_value", "std_error", "p_adjusted"]].round(3)

# %%
pairs.wald().round(3)

# %% [markdown]
# An average of countries counts every country once and says how many there are; a total pools all students, so that
# large countries count more. The two made-up countries are of one size, so that average and total agree here.

# %%
by_country = survey.mean(sample, "PV@MATH", by="CNT")
survey.mean(sample, "PV@MATH", by="CNT", over="CNT")[["CNT", "obs_value", "std_error", "n_obs"]].round(2)

# %% [markdown]
# A country is a part of the average that it is compared with: the difference has less error than that of two samples.

# %%
against = survey.pairwise(by_country, "CNT", against="average")
against[["first", "second", "obs_value", "std_error"]].round(2)

# %% [markdown]
# Scores of two cycles are linked by questions that both contain. Other questions would have given a slightly other
# link: that error belongs to every change between the cycles. It does not shrink with the size of the sample.

# %%
earlier = survey.mean(survey.synthetic(countries=2, seed=2012), "PV@MATH", survey.PISA_2022, by="CNT")
changes = [survey.trend(earlier, by_country, link_error=link) for link in (0.0, 3.0)]
pd.concat(changes)[["CNT", "obs_value", "std_error", "link_error"]].round(2)

# %% [markdown]
# ## What is missing, and what is withheld
#
# Rows without a value are left out of an estimate and counted beside it, or refused if one says so; coverage is the
# per cent of the population that the rest stands for. Estimates from too few students or schools are withheld, and
# unreliable ones are flagged, by rules that are stated in the call.

# %%
gaps = survey.synthetic(countries=2, schools=10, students=8, missing=0.15, seed=7)
rules = survey.Rules(min_obs=30, min_clusters=5, cluster="CNTSCHID", max_missing=0.1)
groups = survey.mean(gaps, "ESCS", survey.PISA_2022, by=["CNT", "RURAL"], rules=rules)
groups[["CNT", "RURAL", "obs_value", "std_error", "n_obs", "obs_status", "n_missing", "coverage"]].round(2)

# %% [markdown]
# ## Beside published figures
#
# The complete student file of PISA 2003 for the Netherlands stays out of this report's files; the table below holds
# what the module makes of it, and what the OECD publishes in its tables of trends, at their full precision.

# %%
ours = load("pisa-2003-netherlands").query("sex == 'total'")
tables = {"pisa-mathematics": "mathematics", "pisa-reading": "reading", "pisa-proficiency": None}
published = pd.concat(
    [
        load(name).query("ref_area == 'NLD' and time_period == 2003").assign(**({"domain": domain} if domain else {}))
        for name, domain in tables.items()
    ]
)
columns = ["measure", "domain", "obs_value", "std_error"]
beside = ours[columns].merge(published[columns], on=["measure", "domain"], suffixes=("", "_published"))

# %%
beside["difference"] = beside["obs_value"] - beside["obs_value_published"]
beside["difference_error"] = beside["std_error"] - beside["std_error_published"]
met = int((beside[["difference", "difference_error"]].abs().max(axis=1) < 5e-7).sum())
labels = {
    "mean_score": "Mean score (points)",
    "low_performers": "Below Level 2 (%)",
    "top_performers": "Level 5 or above (%)",
}
beside.insert(0, "statistic", beside["domain"].str.capitalize() + ": " + beside["measure"].map(labels))

# %%
exhibits.table(
    "methods-survey-netherlands",
    beside,
    columns={
        "statistic": "Statistic",
        "obs_value": "Estimate",
        "std_error": "Standard error",
        "obs_value_published": "Published",
        "std_error_published": "Published standard error",
        "difference": "Difference",
    },
    formats={column: ".4f" for column in beside.columns[3:7]} | {"difference": ".6f"},
    title="Estimates from the file equal the published figures",
    subtitle="PISA 2003, students aged 15, Netherlands, 2003",
    shows="estimates from microdata and published figures",
    finding=f"{met} of {len(beside)} estimates and standard errors equal the published ones to six decimals",
    note=f"{numbers.amount(ours['n_obs'].max(), ',')} students. Standard errors from 80 Fay replicate weights and five plausible"
    " values.",
    indicators=["pisa-2003-netherlands", *tables])  # fmt: skip

# %%
exhibits.value(
    "methods-survey-figures-met",
    met,
    format=".0f",
    n_obs=len(beside),
    time_period="2003",
    indicators=["pisa-2003-netherlands", *tables],
    exhibit="methods-survey-netherlands",
)

# %% [markdown]
# ## A second example: team innovativeness
#
# TALIS 2018 asked teachers whether those in their school strive for new ideas, are open to change, search for new
# ways and support each other. The file at hand is a small, altered subset of three countries, made public to try
# programs on. What follows shows the method with 100 replicate weights; it says nothing about the countries.

# %%
team = load("talis-2018-team-innovativeness").drop(columns="obs_status")
items = {
    "develop-new-ideas": "Strive to develop new ideas",
    "open-to-change": "Are open to change",
    "search-for-new-ways": "Search for new ways to solve problems",
    "practical-support": "Support each other in applying new ideas",
}
team = survey.significance(team.assign(item=team["item"].map(items)), shares=True)
width = (team["upper"] - team["lower"]).mean()

# %%
exhibits.table(
    "methods-survey-team",
    team[["ref_area", "item", "obs_value", "std_error", "lower", "upper", "n_obs"]],
    columns={
        "item": "Most teachers of the school", "ref_area": "Subset", "obs_value": "Agree (%)",
        "std_error": "Standard error", "lower": "Lower", "upper": "Upper", "n_obs": "Teachers",
    },
    formats={column: ".1f" for column in ["obs_value", "std_error", "lower", "upper"]},
    title="Small samples leave wide intervals",
    subtitle="Teachers who agree or strongly agree, per cent, lower secondary, demonstration subset of TALIS 2018",
    shows="shares of teachers who agree with four statements, with intervals of 95 %",
    finding=f"intervals are {width:.0f} percentage points wide on average",
    note="Method, not result: a demonstration subset of fewer than 200 teachers in each country. Lower and upper: Wilson's"
    " interval of 95% with the effective number of answers.",
    limits="The subset does not represent the teachers of these countries.",
    indicators=["talis-2018-team-innovativeness"])  # fmt: skip

# %% [markdown]
# ## References
#
# Formulae: {cite:t}`oecd2009pisamanual`; {cite:t}`judkins1990` for Fay's method; {cite:t}`rubin1987` and
# {cite:t}`satterthwaite1946` for plausible values; {cite:t}`johnson1992` for degrees of freedom; {cite:t}`wilson1927`
# for intervals of shares.
