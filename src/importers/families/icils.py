"""What students do with computers, and what teachers and schools do about it: estimates from ICILS 2023.

Microdata stay with the IEA; what enters ``data/`` are estimates by the package's own survey functions, with plausible
values and the jackknife replicates that the public-use file holds. Another computation of some of them, made without
this package, is the check.

Not here: estimation (``crossroads.survey``), teachers' answers in TALIS (``talis``).
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from crossroads import survey
from importers import codes, countries, files
from importers.declaration import CodeList, Comparison, Family, Measure, Source, Spot, Table
from importers.families import microdata

FOLDER = "new/iea/"
SCORES = FOLDER + "icils2023_student_scores.parquet"
QUESTIONNAIRES = (
    FOLDER + "icils2023_student_questionnaire_a.parquet",
    FOLDER + "icils2023_student_questionnaire_b.parquet",
)
TEACHERS = FOLDER + "icils2023_teacher.parquet"
SCHOOLS = FOLDER + "icils2023_school.parquet"
CODE_BOOK = FOLDER + "icils2023_codebook_labels.json"
INDEPENDENT = FOLDER + "icils2023_country_estimates_derived.csv"


def _database(*files):
    return Source(
        publisher="IEA",
        dataset="International Computer and Information Literacy Study (ICILS) 2023, international database, "
        "public-use file",
        edition="estimates of this report",
        url="https://www.iea.nl/data-tools/repository/icils",
        licence="not established",
        files=(*files, CODE_BOOK),
        obtained="public repository milenio-nudos/multilevel_icils_gender_chile, input/raw_data/2023, commit "
        "d1c7c21602615fcde25bc22eb43af88d86624c5f, converted to Parquet",
    )


STUDENT_DATA = _database(SCORES, *QUESTIONNAIRES, SCHOOLS)
TEACHER_DATA = _database(TEACHERS, SCHOOLS)
SCHOOL_DATA = _database(SCHOOLS)

# Systems whose code is not that of a country.
SYSTEMS = {"BFL": "BE-VLG", "DNW": "DE-NW"}
# Too few schools took part for estimates that count schools.
FEW_SCHOOLS = ("LUX", "NLD")
LEVEL_2 = 492  # CIL points at which level 2 begins
PLACES = {1: "village", 2: "small_town", 3: "town", 4: "city", 5: "large_city"}
WITHHELD_BELOW, SCHOOLS_BELOW = 30, 5
RULES = survey.Rules(min_obs=WITHHELD_BELOW, min_clusters=SCHOOLS_BELOW, cluster="IDSCHOOL")

DOMAINS = {"CIL": "computer_information_literacy", "CT": "computational_thinking"}
DOMAIN = CodeList(
    "icils-domain",
    "Domain",
    {
        "computer_information_literacy": "Computer and information literacy",
        "computational_thinking": "Computational thinking",
    },
)
GROUP = CodeList(
    "icils-student-group",
    "Group of students",
    {
        "total": "All students",
        "female": "Girls",
        "male": "Boys",
        "parents_tertiary": "A parent has a first degree or more (ISCED 6 to 8)",
        "parents_below": "No parent has a first degree",
        "native": "Student or a parent born in the country",
        "immigrant": "Both parents born abroad",
        "village": "School in a village (fewer than 3,000 people)",
        "small_town": "School in a small town (3,000 to 15,000 people)",
        "town": "School in a town (15,000 to 100,000 people)",
        "city": "School in a city (100,000 to 1,000,000 people)",
        "large_city": "School in a large city (over 1,000,000 people)",
    },
)
CONTRAST = CodeList(
    "icils-contrast",
    "Groups that are subtracted",
    {
        "girls_boys": "Girls minus boys",
        "parents": "A parent with a first degree or more, minus none",
        "immigrant": "Both parents born abroad, minus others",
        "city_village": "Schools in cities of 100,000 or more, minus schools in places below 3,000",
    },
)

OFTEN_A_DAY = ({5, 6, 7, 8}, {1, 2, 3, 4})
MOST_OF_SUBJECT = ({4, 5}, {2, 3})  # 1: does not study the subject, which counts as no answer
MOST_LESSONS = ({3, 4}, {1, 2})
SOME_LESSONS = ({2, 3, 4}, {1})
AGREE = EXTENT = ({1, 2}, {3, 4})
YES = ({1}, {2})
STUDIES = ({1, 2}, {3})
VISION = ({2, 3}, {1})
MENTORS = ({2, 3, 4, 5}, {1})
HIGH = ({2, 3}, {1, 4, 5})
ESTABLISHED = ({4}, {1, 2, 3})
AI_RULES = ({4}, {1, 2, 3})

# Measure: column, answers that count and that do not (None: the scale itself), label, direction.
STUDENTS = {
    "school_schoolwork_daily": ("IS3G18A", OFTEN_A_DAY, "Uses devices at school for schoolwork every day", "neither"),
    "school_other_daily": ("IS3G18B", OFTEN_A_DAY, "Uses devices at school for other purposes every day", "neither"),
    "home_schoolwork_daily": ("IS3G18C", OFTEN_A_DAY, "Uses devices out of school for schoolwork every day", "neither"),
    "home_other_daily": ("IS3G18D", OFTEN_A_DAY, "Uses devices out of school for other purposes every day", "neither"),
    "lessons_language": ("IS3G22A", MOST_OF_SUBJECT, "Devices in most lessons: language of the test", "neither"),
    "lessons_mathematics": ("IS3G22C", MOST_OF_SUBJECT, "Devices in most lessons: mathematics", "neither"),
    "lessons_science": ("IS3G22D", MOST_OF_SUBJECT, "Devices in most lessons: sciences", "neither"),
    "lessons_humanities": ("IS3G22E", MOST_OF_SUBJECT, "Devices in most lessons: humanities", "neither"),
    "lessons_arts": ("IS3G22F", MOST_OF_SUBJECT, "Devices in most lessons: creative arts", "neither"),
    "tool_presentation": ("IS3G23B", MOST_LESSONS, "Presentation software in most lessons", "neither"),
    "tool_multimedia": ("IS3G23D", MOST_LESSONS, "Tools to produce media in most lessons", "neither"),
    "tool_measuring": ("IS3G23F", MOST_LESSONS, "Tools that measure the real world in most lessons", "neither"),
    "tool_simulation": ("IS3G23G", MOST_LESSONS, "Simulations and models in most lessons", "neither"),
    "tool_platform": ("IS3G23K", MOST_LESSONS, "A learning platform in most lessons", "neither"),
    "tool_programming": ("IS3G23M", MOST_LESSONS, "A programming environment in most lessons", "neither"),
    "learned_reliability": (
        "IS3G20AC1",
        EXTENT,
        "Learned at school to judge whether information is reliable",
        "higher",
    ),
    "learned_coding": ("IS3G20BE1", EXTENT, "Learned at school to program with visual blocks", "higher"),
    "learned_real_data": ("IS3G26I", EXTENT, "Learned at school to use data on real problems", "higher"),
    "learns_better": ("IS3G25BA", AGREE, "Learns better with devices in lessons", "neither"),
    "more_fun": ("IS3G25BB", AGREE, "Devices make learning more fun", "neither"),
    "wants_to_program": ("IS3G25BE", AGREE, "Hopes for a job that involves programming", "neither"),
    "too_much_time": ("IS3G25AE", AGREE, "People spend too much time with devices", "neither"),
    "studies_computing": ("IS3G27", STUDIES, "Studies computing, as a subject or within others", "neither"),
    "multitasking": ("S_ACMULT", None, "Other media while studying (scale)", "neither"),
    "general_confidence": ("S_GENEFF", None, "Confidence with general applications (scale)", "higher"),
    "special_confidence": ("S_SPECEFF", None, "Confidence with specialist applications (scale)", "higher"),
    "general_use_in_class": ("S_GENCLASS", None, "General applications in class (scale)", "neither"),
    "special_use_in_class": ("S_SPECLASS", None, "Specialist applications in class (scale)", "neither"),
    "learning_with_devices": ("S_ICTPOSS", None, "Views of learning with devices (scale)", "higher"),
    "internet_at_school": ("S_LRNINTS", None, "Learned at school about tasks on the internet (scale)", "higher"),
}
TEACHER_MEASURES = {
    "improve_together": ("IT3G10A", AGREE, "Works with colleagues to improve the use of devices", "neither"),
    "lessons_together": ("IT3G10B", AGREE, "Develops lessons with devices together with colleagues", "neither"),
    "observes_colleagues": ("IT3G10C", AGREE, "Observes how colleagues teach with devices", "neither"),
    "shares_resources": ("IT3G10E", AGREE, "Shares digital resources with colleagues", "neither"),
    "individual_resources": ("IT3G10F", AGREE, "Seeks resources for single students with colleagues", "neither"),
    "follows_skills": ("IT3G10G", AGREE, "Follows students' digital skills with colleagues", "neither"),
    "materials_together": ("IT3G10H", AGREE, "Makes teaching materials with colleagues", "neither"),
    "people_outside": ("IT3G16AN", SOME_LESSONS, "Helps students work with people outside school, at times", "neither"),
    "people_outside_often": ("IT3G16AN", MOST_LESSONS, "The same, in most lessons", "neither"),
    "school_vision": ("IT3G11", VISION, "School has a vision for the use of devices", "higher"),
    "time_to_prepare": ("IT3G13H", AGREE, "Has time to prepare lessons with devices", "higher"),
    "support": ("IT3G13E", AGREE, "Technical support is sufficient", "higher"),
    "collaboration": ("T_COLICT", None, "Collaboration on the use of devices (scale)", "neither"),
    "professional_learning": ("T_PROFLRN", None, "Professional learning on devices (scale)", "higher"),
    "confidence": ("T_ICTEFF", None, "Confidence with devices in teaching (scale)", "higher"),
    "positive_views": ("T_VWPOS", None, "Positive views of devices in teaching (scale)", "neither"),
}
SCHOOL_MEASURES = {
    "open_to_community": ("IP3G10H", YES, "Rules on access to computers for the local community", "neither"),
    "open_after_hours": ("IP3G10D", YES, "Rules on students' access to computers outside school hours", "neither"),
    "open_between_lessons": ("IP3G10C", YES, "Rules on students' access to computers outside lessons", "neither"),
    "time_limits": ("IP3G10B", YES, "Rules on the time students spend on computers", "neither"),
    "devices_for_home": ("IP3G10L", YES, "Rules on mobile devices for use at home", "neither"),
    "own_devices": ("IP3G10M", YES, "Rules on students' own devices at school", "neither"),
    "peer_mentoring": ("IP3G17", MENTORS, "Teachers mentor each other on devices", "higher"),
    "work_with_schools": ("IP3G20K", HIGH, "Collaboration with other schools has high or medium priority", "neither"),
    "vision_revised": ("IP3G14", ESTABLISHED, "Vision for devices is revised all the time", "higher"),
    "students_per_device": ("C_RATSTD", None, "Students per device that students may use", "lower"),
    "ai_rules_students": (
        "IA3G02B",
        AI_RULES,
        "Has rules on students' use of generative artificial intelligence",
        "neither",
    ),
    "principal_collaboration": ("P_EXPTCH", None, "Expects teachers to collaborate with devices (scale)", "higher"),
}
# Use: column, and whether it is a scale, of which ten points count as one step.
USES = {
    "school_schoolwork_daily": "Uses devices at school for schoolwork every day",
    "school_other_daily": "Uses devices at school for other purposes every day",
    "home_schoolwork_daily": "Uses devices out of school for schoolwork every day",
    "home_other_daily": "Uses devices out of school for other purposes every day",
    "multitasking": "Other media while studying, ten points of the scale",
    "general_use_in_class": "General applications in class, ten points of the scale",
    "special_use_in_class": "Specialist applications in class, ten points of the scale",
    "internet_at_school": "Learned at school about tasks on the internet, ten points of the scale",
}
USE = CodeList("icils-use", "Use of devices", USES)
CONTROLS = ["S_SEX", "S_HISEI", "S_HOMLIT"]


@cache
def _missing_codes(raw, who):
    """Return the codes that mean no answer, by column, from the IEA's code book."""
    book = files.json(raw / CODE_BOOK)[who]
    return {
        column: {int(part.split(":")[0]) for part in entry["missing"].split("; ") if part.split(":")[0].isdigit()}
        for column, entry in book.items()
        if entry.get("missing")
    }


def _answered(raw, who, frame, columns):
    """Return columns as numbers, with the codes of missing answers as missing."""
    missing = _missing_codes(raw, who)
    unknown = [column for column in columns if column not in missing]
    if unknown:
        raise files.LayoutError(f"ICILS code book, {who}: no codes of missing answers for {unknown}")
    return {column: frame[column].astype("float64").where(~frame[column].isin(missing[column])) for column in columns}


def counted(answers: pd.Series, counts: tuple[set, set] | None, column: str) -> pd.Series:
    """Turn answers into 100 for those that count and 0 for the others.

    Parameters
    ----------
    answers : pandas.Series of float
        Codes, missing where there is no answer.
    counts : tuple of (set, set) or None
        Codes that count, and codes that do not; None for a scale, whose values are kept. A code in neither set is no
        answer to the question, for instance a subject that the student does not study, and must be 1.
    column : str
        Name, for messages.

    Returns
    -------
    pandas.Series of float

    Raises
    ------
    importers.files.LayoutError
        If a code is neither.
    """
    if counts is None:
        return answers
    yes, no = counts
    aside = {1} if counts is MOST_OF_SUBJECT else set()
    unknown = sorted(set(answers.dropna()) - yes - no - aside)
    if unknown:
        raise files.LayoutError(
            f"ICILS 2023, column {column}: code {unknown[0]:g}, expected one of {sorted(yes | no | aside)}"
        )
    return answers.map({code: 100.0 for code in yes} | {code: 0.0 for code in no})


def _measured(raw, who, frame, measures):
    columns = list(dict.fromkeys(column for column, *_ in measures.values()))
    answers = _answered(raw, who, frame, columns)
    return pd.DataFrame({code: counted(answers[row[0]], row[1], row[0]) for code, row in measures.items()})


def _places(raw):
    """Return the size of the place of every school, by system and school."""
    schools = files.parquet(raw / SCHOOLS, columns=["CNTRY", "IDSCHOOL", "IP3G05"])
    answers = _answered(raw, "school", schools, ["IP3G05"])["IP3G05"]
    return schools[["CNTRY", "IDSCHOOL"]].assign(place=answers.map(PLACES))


@cache
def students(raw: Path) -> pd.DataFrame:
    """Return the students with the columns that the tables are made from.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.

    Returns
    -------
    pandas.DataFrame
        One row a student: keys, weights, plausible values, groups and measures.

    Raises
    ------
    importers.files.LayoutError
        If the files do not join one to one, or hold unexpected codes.
    """
    scores = files.parquet(raw / SCORES)
    wanted = ["CNTRY", "IDSTUD", "S_HOMLIT", *dict.fromkeys(column for column, *_ in STUDENTS.values())]
    questionnaires = pd.concat([files.parquet(raw / file, columns=wanted) for file in QUESTIONNAIRES])
    frame = scores.merge(questionnaires, on=["CNTRY", "IDSTUD"], how="outer", validate="one_to_one", indicator=True)
    alone = int((frame["_merge"] != "both").sum())
    if alone:
        raise files.LayoutError(f"ICILS 2023: {alone} students are in the scores or in the questionnaires only")
    frame = frame.drop(columns="_merge").merge(
        _places(raw), on=["CNTRY", "IDSCHOOL"], how="left", validate="many_to_one"
    )
    background = _answered(raw, "student", frame, ["S_SEX", "S_HISCED", "S_IMMIG", "S_HISEI", "S_HOMLIT"])
    untested = frame["CT"] == 0  # where the plausible values are the code 998
    frame[[f"PV{i}CT" for i in range(1, 6)]] = frame[[f"PV{i}CT" for i in range(1, 6)]].mask(untested)
    groups = {
        "sex": background["S_SEX"].map({1: "female", 0: "male"}),
        "parents": background["S_HISCED"].map({4: "parents_tertiary"} | dict.fromkeys(range(4), "parents_below")),
        "origin": background["S_IMMIG"].map({0: "native", 1: "immigrant", 2: "immigrant"}),
        "urban": frame["place"].map({"village": "village", "city": "city", "large_city": "city"}),
    }
    values = {f"PV{i}{name}": frame[f"PV{i}{name}"].astype("float64") for name in DOMAINS for i in range(1, 6)}
    keys = frame[["CNTRY", "IDSCHOOL", "TOTWGTS", "JKINDEX", "JKINDEX_FACTOR", "place"]]
    measured = _measured(raw, "student", frame, STUDENTS)
    controls = pd.DataFrame({name: background[name] for name in CONTROLS})
    return pd.concat([keys, pd.DataFrame(values | groups), measured, controls], axis=1)


def _estimated(table, **columns):
    """Keep what a tidy table holds of estimates; withhold those without a standard error."""
    table = table.rename(columns={"CNTRY": "ref_area"}).assign(**columns)
    unsure = table["obs_value"].notna() & table["std_error"].isna()
    table.loc[unsure, "obs_status"] = "c"
    table.loc[unsure, "obs_value"] = np.nan
    kept = ["ref_area", "obs_value", "std_error", "n_obs", "obs_status"]
    return table[[*kept, *(column for column in columns)]]


def _finished(frames):
    """Join the tables of estimates, without groups that nobody is in, and name the areas."""
    frame = pd.concat(frames, ignore_index=True)
    frame = frame[frame["n_obs"] > 0].assign(time_period=2023)
    frame["ref_area"] = countries.code(frame["ref_area"].replace(SYSTEMS))
    return frame


def _grouped(sample, variable, by, rules=RULES):
    """Estimate a mean by system, or by system and group; rows that belong to no group are left out."""
    table = survey.mean(sample, variable, by=["CNTRY", by] if by else "CNTRY", rules=rules)
    return table[table[by].notna()] if by else table


def read_results(raw: Path) -> pd.DataFrame:
    """Estimate means and shares at level 2 of all students and of groups."""
    sample = survey.Sample(students(raw), survey.ICILS_2023)
    frames = []
    for by in (None, "sex", "parents", "origin", "place"):
        for name, domain in DOMAINS.items():
            table = _grouped(sample, f"PV@{name}", by)
            group = table[by] if by else "total"
            frames.append(_estimated(table, group=group, domain=domain, measure="mean_score"))
        groups = ["CNTRY", by] if by else "CNTRY"
        levels = survey.levels(sample, "PV@CIL", [LEVEL_2], by=groups, names=["below", "level_2"], rules=RULES)
        levels = levels[levels["level"] == "level_2"]
        levels = levels[levels[by].notna()] if by else levels
        group = levels[by] if by else "total"
        frames.append(_estimated(levels, group=group, domain=DOMAINS["CIL"], measure="level_2"))
    return _finished(frames)


def read_gaps(raw: Path) -> pd.DataFrame:
    """Estimate differences between groups of students, with the error of the difference."""
    sample = survey.Sample(students(raw), survey.ICILS_2023)
    contrasts = {
        "girls_boys": ("sex", ("female", "male")),
        "parents": ("parents", ("parents_tertiary", "parents_below")),
        "immigrant": ("origin", ("immigrant", "native")),
        "city_village": ("urban", ("city", "village")),
    }
    frames = []
    for contrast, (between, levels) in contrasts.items():
        for name, domain in DOMAINS.items():
            table = survey.difference(sample, f"PV@{name}", between=between, levels=levels, by="CNTRY", rules=RULES)
            frames.append(_estimated(table, contrast=contrast, domain=domain))
    return _finished(frames)


def read_students(raw: Path) -> pd.DataFrame:
    """Estimate what students say they do and think, by sex."""
    sample = survey.Sample(students(raw), survey.ICILS_2023)
    frames = []
    for measure in STUDENTS:
        frames.append(_estimated(_grouped(sample, measure, None), sex="total", measure=measure))
        table = _grouped(sample, measure, "sex")
        frames.append(_estimated(table, sex=table["sex"], measure=measure))
    return _finished(frames)


def read_associations(raw: Path) -> pd.DataFrame:
    """Estimate how results differ with the use of devices, alone and with students' background held equal."""
    frame = students(raw)
    # Shares are 0 and 100, scales count by ten points: a step is one use more, or ten points.
    steps = {use: frame[use] / (100 if STUDENTS[use][1] else 10) for use in USES}
    frame = frame.assign(**{f"step_{use}": values for use, values in steps.items()})
    sample = survey.Sample(frame, survey.ICILS_2023)
    frames = []
    for use in USES:
        for name, domain in DOMAINS.items():
            for measure, terms in (("difference", []), ("difference_adjusted", CONTROLS)):
                table = survey.regression(sample, f"PV@{name}", [f"step_{use}", *terms], by="CNTRY", rules=RULES)
                table = table[table["term"] == f"step_{use}"]
                frames.append(_estimated(table, use=use, domain=domain, measure=measure))
    return _finished(frames)


def read_teachers(raw: Path) -> pd.DataFrame:
    """Estimate what teachers say, by the size of the place of their school."""
    columns = ["CNTRY", "IDSCHOOL", "TOTWGTT", "JKINDEX", "JKINDEX_FACTOR"]
    wanted = list(dict.fromkeys(column for column, *_ in TEACHER_MEASURES.values()))
    frame = files.parquet(raw / TEACHERS, columns=[*columns, *wanted])
    frame = frame.merge(_places(raw), on=["CNTRY", "IDSCHOOL"], how="left", validate="many_to_one")
    frame = pd.concat([frame[[*columns, "place"]], _measured(raw, "teacher", frame, TEACHER_MEASURES)], axis=1)
    return _by_place(survey.Sample(frame, survey.ICILS_2023_TEACHER), TEACHER_MEASURES, RULES)


def read_schools(raw: Path) -> pd.DataFrame:
    """Estimate what principals and coordinators say, by the size of the place; few schools are withheld or flagged."""
    columns = ["CNTRY", "IDSCHOOL", "TOTWGTC", "JKINDEX", "JKINDEX_FACTOR"]
    wanted = [*dict.fromkeys(column for column, *_ in SCHOOL_MEASURES.values())]
    frame = files.parquet(raw / SCHOOLS, columns=[*columns, *wanted])
    frame = frame[~frame["CNTRY"].isin(FEW_SCHOOLS)].reset_index(drop=True)
    frame = frame.merge(_places(raw), on=["CNTRY", "IDSCHOOL"], validate="one_to_one")
    frame = pd.concat([frame[[*columns, "place"]], _measured(raw, "school", frame, SCHOOL_MEASURES)], axis=1)
    table = _by_place(
        survey.Sample(frame, survey.ICILS_2023_SCHOOL), SCHOOL_MEASURES, survey.Rules(min_obs=microdata.WITHHELD_BELOW)
    )
    few = table["obs_value"].notna() & (table["n_obs"] < microdata.UNRELIABLE_BELOW) & (table["obs_status"] == "")
    return table.assign(obs_status=table["obs_status"].mask(few, "u"))


def _by_place(sample, measures, rules):
    frames = []
    for measure in measures:
        frames.append(_estimated(_grouped(sample, measure, None, rules), place="total", measure=measure))
        table = _grouped(sample, measure, "place", rules)
        frames.append(_estimated(table, place=table["place"], measure=measure))
    return _finished(frames)


# Estimate of the independent file: table, and the cells that must equal it.
CHECKED = {
    "CIL_mean": ("icils-results", {"measure": "mean_score", "domain": DOMAINS["CIL"], "group": "total"}),
    "CIL_mean_girls": ("icils-results", {"measure": "mean_score", "domain": DOMAINS["CIL"], "group": "female"}),
    "CIL_mean_boys": ("icils-results", {"measure": "mean_score", "domain": DOMAINS["CIL"], "group": "male"}),
    "CIL_pct_level2_or_above": ("icils-results", {"measure": "level_2", "domain": DOMAINS["CIL"], "group": "total"}),
    "CT_mean": ("icils-results", {"measure": "mean_score", "domain": DOMAINS["CT"], "group": "total"}),
    "IT3G10A_pct_1_or_2": ("icils-teachers", {"measure": "improve_together", "place": "total"}),
    "IT3G10B_pct_1_or_2": ("icils-teachers", {"measure": "lessons_together", "place": "total"}),
    "IT3G10F_pct_1_or_2": ("icils-teachers", {"measure": "individual_resources", "place": "total"}),
    "IT3G10G_pct_1_or_2": ("icils-teachers", {"measure": "follows_skills", "place": "total"}),
    "IT3G10H_pct_1_or_2": ("icils-teachers", {"measure": "materials_together", "place": "total"}),
    "IT3G16AN_pct_at_least_some_lessons": ("icils-teachers", {"measure": "people_outside", "place": "total"}),
    "T_COLICT_mean": ("icils-teachers", {"measure": "collaboration", "place": "total"}),
    "IP3G10B_pct_yes": ("icils-schools", {"measure": "time_limits", "place": "total"}),
    "IP3G10C_pct_yes": ("icils-schools", {"measure": "open_between_lessons", "place": "total"}),
    "IP3G10D_pct_yes": ("icils-schools", {"measure": "open_after_hours", "place": "total"}),
    "IP3G10H_pct_yes": ("icils-schools", {"measure": "open_to_community", "place": "total"}),
}


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Compare the estimates with those of a computation that was made without this package."""
    theirs = files.csv(raw / INDEPENDENT, dtype=None, keep_default_na=True)
    unknown = set(theirs["indicator"]) - set(CHECKED)
    if unknown:
        raise files.LayoutError(
            f"{INDEPENDENT}: estimates {sorted(unknown)} are compared with nothing; add them to CHECKED"
        )
    theirs["ref_area"] = countries.code(theirs["system"].replace(SYSTEMS))
    found = []
    for indicator, (name, cells) in CHECKED.items():
        ours = tables[name]
        ours = ours[(ours[list(cells)] == pd.Series(cells)).all(axis=1)]
        both = theirs[theirs["indicator"] == indicator].merge(ours, on="ref_area", how="left", validate="one_to_one")
        # A pair that is missing here must not pass as equal.
        for column, other, tolerance in (("obs_value", "estimate", 6e-5), ("std_error", "se", 6e-5), ("n_obs", "n", 0)):
            difference = (both[column].astype(float) - both[other]).abs().fillna(np.inf)
            found.append(
                Comparison(
                    name=f"ICILS 2023, {indicator}, {column}: estimates here and of an independent computation",
                    pairs=len(difference),
                    largest=float(difference.max()),
                    tolerance=tolerance,
                    where=str(both.loc[difference.idxmax(), "ref_area"]),
                    note="The other computation prints four decimals.",
                )
            )
    return found


POPULATION = "Students in grade 8 (Norway: grade 9), their teachers and schools, in 35 systems, 2023."
SYSTEM_NOTE = (
    "Belgium took part with Flanders alone; North Rhine-Westphalia is given beside Germany, of which it is a part."
)
PARTICIPATION = (
    "Which systems missed the standards of participation is not in the files: see the international report before a system "
    "is named (the United States, North Rhine-Westphalia, Romania and others were marked there)."
)
METHOD = (
    "Estimated here from the public-use file with the jackknife replicates of the file (75) and, for results, five plausible "
    "values. Equal to an independent computation to its printed digits, standard errors included."
)
SUPPRESSION = f"Withheld (c) below {WITHHELD_BELOW} persons or {SCHOOLS_BELOW} schools with an answer."
SCALES = "Scales: mean 50 and standard deviation 10 over the systems of the cycle in which a scale began."
OWN_WORDS = "Labels are ours; the questions are those of the IEA's questionnaires, and devices are computers, tablets and phones."


def _declared(measures, percent, scale):
    return {
        code: Measure(
            label,
            "PERCENT" if counts else "RATIO" if code == "students_per_device" else "SCORE",
            (0, 100) if counts else (0, 500) if code == "students_per_device" else (20, 80),
            percent if counts else (0.5, 30) if code == "students_per_device" else scale,
            direction,
        )
        for code, (_, counts, label, direction) in measures.items()
    }


TABLES = (
    Table(
        name="icils-results",
        label="ICILS 2023: computer and information literacy, computational thinking",
        definition="Mean scores in computer and information literacy and in computational thinking, and share of students "
        "who reach level 2 in the first, by sex, parents' education, origin and size of the place of the school. "
        + POPULATION,
        measures={
            "mean_score": Measure("Mean score", "SCORE", (200, 700), (440, 520), "higher"),
            "level_2": Measure(
                "Level 2 or above in computer and information literacy", "PERCENT", (0, 100), (35, 70), "higher"
            ),
        },
        source=STUDENT_DATA,
        read=read_results,
        dimensions={"domain": DOMAIN, "group": GROUP},
        caveats=(
            METHOD,
            "Computational thinking was an option that 24 systems took.",
            SYSTEM_NOTE,
            PARTICIPATION,
            SUPPRESSION,
            "Groups are not tested against each other here: icils-gaps has the differences with their errors.",
        ),
        spots=tuple(
            Spot(
                {"ref_area": area, "domain": DOMAINS[name], "group": "total", "measure": "mean_score"},
                value,
                tolerance=0.5,
            )
            for area, name, value in (
                ("KOR", "CIL", 540),
                ("CZE", "CIL", 525),
                ("DNK", "CIL", 518),
                ("TWN", "CIL", 515),
                ("TWN", "CT", 548),
                ("KOR", "CT", 537),
            )
        ),
    ),
    Table(
        name="icils-gaps",
        label="ICILS 2023: differences between groups of students",
        definition="Differences in mean scores between groups of students within a system, with the standard error of the "
        "difference. " + POPULATION,
        measures={"score_gap": Measure("Difference in mean score", "SCORE", (-150, 150), (-40, 60))},
        source=STUDENT_DATA,
        read=read_gaps,
        dimensions={"domain": DOMAIN, "contrast": CONTRAST},
        caveats=(METHOD, SYSTEM_NOTE, PARTICIPATION, SUPPRESSION, "Rules hold for each of the two groups."),
    ),
    Table(
        name="icils-students",
        label="ICILS 2023: what students do with devices, learn about them and think of them",
        definition="Shares of students by answer, and means of scales, by sex. " + POPULATION,
        measures=_declared(STUDENTS, (2, 95), (45, 55)),
        source=STUDENT_DATA,
        read=read_students,
        dimensions={"sex": codes.SEX},
        caveats=(
            OWN_WORDS,
            "Devices in most lessons: of the students who study the subject.",
            SCALES,
            METHOD,
            SYSTEM_NOTE,
            PARTICIPATION,
            SUPPRESSION,
        ),
    ),
    Table(
        name="icils-associations",
        label="ICILS 2023: use of devices and results within systems",
        definition="Difference in score that goes with a use of devices (yes or no, or ten points of a scale) among the "
        "students of a system, alone and with sex, parents' occupational status and books at home held equal. "
        + POPULATION,
        measures={
            "difference": Measure("Difference in score", "SCORE", (-250, 250), (-30, 30)),
            "difference_adjusted": Measure(
                "Difference in score, background held equal", "SCORE", (-250, 250), (-30, 30)
            ),
        },
        source=STUDENT_DATA,
        read=read_associations,
        dimensions={"domain": DOMAIN, "use": USE},
        caveats=(
            "Associations among students of one year: they say nothing of what use does to results.",
            "Slopes of linear regressions, one a use; held equal are sex, the higher occupational status of the parents and "
            "the number of books at home (as a number from 0 to 4), for students with answers to all three.",
            SCALES,
            METHOD,
            SYSTEM_NOTE,
            PARTICIPATION,
            SUPPRESSION,
        ),
    ),
    Table(
        name="icils-teachers",
        label="ICILS 2023: teachers who work together on devices, and with people outside school",
        definition="Shares of teachers by answer, and means of scales, by the size of the place of the school. "
        + POPULATION,
        measures=_declared(TEACHER_MEASURES, (3, 95), (45, 55)),
        source=TEACHER_DATA,
        read=read_teachers,
        dimensions={"place": microdata.PLACE},
        caveats=(OWN_WORDS, SCALES, METHOD, SYSTEM_NOTE, PARTICIPATION, SUPPRESSION),
    ),
    Table(
        name="icils-schools",
        label="ICILS 2023: schools' rules, resources and openness to their place",
        definition="Shares of schools by answer of the principal or the coordinator for devices, and means, by the size of "
        "the place of the school. " + POPULATION,
        measures=_declared(SCHOOL_MEASURES, (2, 95), (40, 60)),
        source=SCHOOL_DATA,
        read=read_schools,
        dimensions={"place": microdata.PLACE},
        caveats=(
            "Shares of schools, not of students. Luxembourg and the Netherlands are left out: too few schools took part.",
            "Principals were asked whether the school has procedures or rules on an aspect, for instance on access of the local "
            "community to its computers; a rule need not grant the access.",
            OWN_WORDS,
            METHOD,
            SYSTEM_NOTE,
            PARTICIPATION,
            f"Withheld (c) below {microdata.WITHHELD_BELOW} schools with an answer, flagged (u) below "
            f"{microdata.UNRELIABLE_BELOW}. A share of 0 or 100 % has the standard error 0, which is not certainty.",
        ),
    ),
)

FAMILY = Family(TABLES, compare=compare, beside=(INDEPENDENT,))
