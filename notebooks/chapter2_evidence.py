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
# # Chapter 2: what studies found
#
# Studies of the study library on innovative schools and teaching, on how teachers learn, and on generative artificial
# intelligence, with the grade that the rule of the library gives to their levers. Which findings are shown is chosen here, by
# name; the grades count all direct findings of the library. Nothing is pooled.

# %%
import pandas as pd

from crossroads import charts, exhibits, numbers, strength, studies

lists = studies.lists()
labels = {name: pd.Series({code: entry["label"] for code, entry in codes.items()}) for name, codes in lists.items()}
found = studies.findings().set_index(["study", "finding"])
found["what"] = found["name"] + " (" + found["year"].astype("Int64").astype(str) + ")"
found["designed"], found["result"] = found["design"].map(labels["designs"]), found["sign"].map(labels["signs"])
found["on"] = found["outcome"].map(labels["outcomes"])

# %%
units = found["unit"].map(labels["units"]).replace("per cent", "%")
found["size"] = [numbers.amount(value, "+.3g", unit) if pd.notna(value) else "not read"
                 for value, unit in zip(found["value"], units, strict=True)]  # fmt: skip
COLUMNS = {"what": "Study", "designed": "Design", "on": "Outcome", "result": "Result", "size": "Main number"}

# %% [markdown]
# ## Grades of the levers of this chapter
#
# The grade says how sure the sign of an effect is, not that the lever helps.

# %%
votes = strength.votes(found.reset_index(), lists["designs"])
graded = strength.by_outcome(votes, studies.overrides()).set_index(["lever", "outcome"])
wanted = [
    *(("project-based-learning", "achievement"), ("whole-school-models", "attainment")),
    *(("teacher-collaboration", "achievement"), ("teacher-training", "achievement"), ("research-use", "achievement")),
    *(("school-leadership", "achievement"), ("phone-restrictions", "achievement")),
    *(("devices-and-connections", "achievement"), ("computer-assisted-learning", "achievement")),
    *(("artificial-intelligence", "achievement"), ("learning-organisation", "teachers")),
]

# %%
grades = graded.loc[wanted]
grades[["tests", "syntheses", "comparisons", "associations", "grade", "sign"]]

# %%
about = {"indicators": ["studies"], "time_period": "studies read to 2026"}
for (lever, outcome), row in grades.iterrows():
    note = f"{labels['levers'][lever]}, {labels['outcomes'][outcome].lower()}: {row['tests']} tests"
    exhibits.value(f"ch2-grade-{lever}", strength.phrase(row["grade"], row["sign"], lists).lower(), note=note, **about)

# %% [markdown]
# ## Innovative schools and project-based learning

# %%
chosen = [
    *(("saavedra2022", "qualifying"), ("krajcik2023", "science"), ("duke2021", "knowledge"), ("duke2021", "writing")),
    *(("menzies2016", "literacy"), ("menzies2016", "engagement"), ("jerrim2019", "examinations")),
    *(("beauregard2015hth", "college"), ("zeiser2019", "graduation"), ("culclasure2017", "results")),
    *(("hammler2017", "scores"), ("mcewan1999", "fifth-grade"), ("shute2013", "systems-thinking")),
]
models = found.loc[chosen].reset_index()
randomised = models[models["design"] == "randomised"].drop_duplicates("study")
n_models = models["study"].nunique()

# %%
exhibits.table(
    "ch2-school-models", models, indicators=["studies"], columns=COLUMNS,
    title="Most findings on courses and new schools are gains",
    subtitle=f"What {n_models} studies found of project-based learning and of schools built anew, to 2026",
    shows="studies of project-based learning and of innovative schools, with design, outcome and result",
    finding=f"{len(randomised)} of {n_models} studies are randomised",
    note=f"Grades by the rule of the study library: project-based learning, achievement:"
    f" {grades.loc[wanted[0], 'grade']}; schools built anew, attainment: {grades.loc[wanted[1], 'grade']}. Many"
    " schools left the trial of whole-school change, so it is insecure. Not read: the source that was read prints no number.",
    limits="Whether a model would do as well elsewhere: most studies are American, and many schools were chosen by families.")  # fmt: skip

# %%
about["exhibit"] = "ch2-school-models"
exhibits.values({"ch2-models-studies": n_models, "ch2-models-randomised": len(randomised)}, unit="studies", **about)

# %% [markdown]
# ## Teachers who learn from each other
#
# Gains in achievement in standard deviations. Intervals stand where the source that was read prints one.

# %%
chosen = {
    "Teachers watch and help each other": [("papay2020", "scores"), ("burgess2021", "scores"), ("murphy2017lesson", "scores")],
    "Coaching": [("kraft2018", "achievement")],
}  # fmt: skip
rows = pd.concat({name: found.loc[pairs] for name, pairs in chosen.items()}, names=["group"]).reset_index()
rows = rows.rename(columns={"low": "lower", "high": "upper"})

# %%
large = studies.quotable()["lortie2019:average"]["value"]
yardstick = {"group": "For comparison", "study": "lortie2019", "what": "The average of 141 large trials in education (2019)",
             "value": large}  # fmt: skip
rows = pd.concat([rows, pd.DataFrame([yardstick])], ignore_index=True)
rows[["group", "what", "value", "lower", "upper"]]

# %%
note = ("Hollow: the source that was read prints no interval. Coaching pools studies, most of small programmes. Grade by the rule"
        f" of the study library: {grades.loc[wanted[2], 'grade']} for teachers who learn from each other,"
        f" {grades.loc[wanted[3], 'grade']} for coaching.")  # fmt: skip
chart = charts.forest_plot(
    rows, label="what", value="value", lower="lower", upper="upper", group="group", number="+.2f",
    unit="Gain in students' achievement, standard deviations", directions=("lower achievement", "higher achievement"))  # fmt: skip

# %%
exhibits.figure(
    "ch2-teacher-learning", chart, data=rows, indicators=["studies"],
    title="Learning from colleagues shows small gains in most trials",
    subtitle="Gains in achievement by way of professional learning, in randomised trials and pooled studies",
    shows="gains in achievement in three trials of collaboration, of coaching, and of large trials on average",
    finding=f"pairing and peer observation gain {rows['value'][0]:.2f} and {rows['value'][1]:.2f} standard deviations, joint"
    f" study of lessons {rows['value'][2]:.2f}",
    note=note,
    limits="What it costs, and whether schools can do it on their own: researchers ran the trials.")  # fmt: skip

# %% [markdown]
# ## Generative artificial intelligence

# %%
chosen = [
    *(("bastani2025guardrails", "exam-plain"), ("bastani2025guardrails", "exam-guarded")),
    *(("desimone2025nigeria", "learning"), ("wang2024tutorcopilot", "mastery")),
    *(("learnlm2025", "same-topic"), ("learnlm2025", "next-topic")),
    *(("henkel2024rori", "mathematics"), ("roy2024chatgpt", "time"), ("roy2024chatgpt", "quality")),
]
trials = found.loc[chosen].reset_index()
n_trials = trials["study"].nunique()
trials["read_as"] = trials["peer_reviewed"].map({True: "yes", False: "no"}).fillna("not known")

# %%
exhibits.table(
    "ch2-ai-trials", trials, indicators=["studies"], columns=COLUMNS | {"read_as": "Peer reviewed"},
    title="Trials of AI range from losses to gains",
    subtitle=f"What {n_trials} trials of assistants built on language models, or like them, found to 2026",
    shows="trials of artificial intelligence for students, tutors and teachers, with design, outcome and result",
    finding=f"exam results were {-trials.loc[0, 'value']:.0f}% lower after plain access, while guided use and advice to tutors"
    " were followed by gains or no difference",
    note="Not read: the source that was read prints no number for the outcome. The tutor on simple phones was allotted by group of"
    f" schools. Grade by the rule of the study library, achievement: {grades.loc[wanted[9], 'grade']}.",
    limits="Longer use: the trials last from weeks to months, and none follows the students of a whole country.")  # fmt: skip

# %%
exhibits.value("ch2-ai-trials-n", n_trials, unit="studies", **about | {"exhibit": "ch2-ai-trials"})
