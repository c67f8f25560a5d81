"""TALIS 2024 as the OECD publishes it: teachers' practices, learning, tools and shortages, 2013, 2018 and 2024.

A sheet of the annex workbooks names the variable behind each column; that name, not the place of a column, says what
a value is. The current results of one sheet and the past results of its companion make one table here; the items of
the questionnaire have short names of our own.

Not here: estimates from TALIS microdata.
"""

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from importers import codes, countries, files, layouts
from importers.declaration import Average, CodeList, Comparison, Family, Measure, Source, Spot, Sum, Table

OBTAINED = (
    "public repository PetterAxcell/pr2-equidad-educativa, data/raw/{}, commit 907b91b75356b6cb949dc75fab79123f7ec38ae9"
)
CHAPTER_1 = Source(
    publisher="OECD",
    dataset="Results from TALIS 2024: The State of Teaching, Annex C, chapter 1",
    edition="version 1, 7 October 2025",
    doi="10.1787/90df6235-en",
    url="https://stat.link/fvn03o",
    licence="CC BY 4.0",
    files=("country/oecd/talis_2024_annexC_ch1.xlsx",),
    obtained=OBTAINED.format("talis_2024_chapter_1.xlsx"),
    retrieved="2025-10-07",
)
CHAPTER_4 = Source(
    publisher="OECD",
    dataset="Results from TALIS 2024: The State of Teaching, Annex C, chapter 4",
    edition="version 1, 7 October 2025",
    doi="10.1787/90df6235-en",
    url="https://stat.link/0fcxr7",
    licence="CC BY 4.0",
    files=("country/oecd/talis_2024_annexC_ch4.xlsx",),
    obtained=OBTAINED.format("talis_2024_chapter_4.xlsx"),
    retrieved="2025-10-07",
)

ISCED = CodeList(
    "isced-level",
    "Level of education taught",
    {"1": "Primary education", "2": "Lower secondary education", "3": "Upper secondary education"},
)
CYCLES = {"2": 2013, "3": 2018, "4": 2024}
NAME_ROW = 11
STARS = " *ª‧"

CAUTION = (
    "Flag s: the publisher asks for caution because of a higher risk of non-response bias, "
    "for 2024 (*) or for 2018 (ª)."
)
LEVELS = "Level 2 (lower secondary) has by far the most systems: use it to compare countries."
AVERAGE = (
    "The OECD average is over the members whose response rates allow it; its name says how many, and it differs "
    "between "
    "results of 2024 alone and trends."
)
CLASS = "Answers refer to a class chosen at random from the teacher's weekly timetable."

# The systems of the publisher's averages; each set reproduces every average that is printed, with its standard error.
_MEMBERS_27 = tuple(
    "AUS AUT BEL CHL COL CRI CZE DNK ESP EST FIN FRA HUN ISL ISR ITA JPN KOR LTU LVA POL PRT SVK SVN SWE TUR USA".split()
)
_MEMBERS_25 = tuple(code for code in _MEMBERS_27 if code not in ("CRI", "POL"))
_MEMBERS_7 = tuple(["ARE", "DNK", "HRV", "PRT", "SAU", "SVN", "TUR"])
_OTHERS_22 = tuple("ALB ARE AZE BGR BHR BRA CN-SH CYP HRV KAZ MAR MKD MLT MNE ROU SAU SGP SRB UZB VNM XKX ZAF".split())
MEMBERS = {
    "OECD-average-27": _MEMBERS_27,
    "OECD-average-25": _MEMBERS_25,
    "OECD-average-24": tuple(code for code in _MEMBERS_25 if code != "AUS"),
    "TALIS-average-49": (*_MEMBERS_27, *_OTHERS_22),
    "TALIS-average-12": tuple(["ARE", "AUS", "BEL", "BRA", "ESP", "FRA", "JPN", "KOR", "MAR", "SAU", "SVN", "TUR"]),
    "TALIS-average-8": (*_MEMBERS_7, "BE-VLG"),
    "TALIS-average-7": _MEMBERS_7,
}
CURRENT = ("OECD-average-27", "TALIS-average-49", "TALIS-average-12", "TALIS-average-8")
TREND = ("OECD-average-25",)
ADULT_MEMBERS_29 = tuple(
    (
        "AUT BE-VLG CAN CHE CHL CZE DEU DNK ESP EST FIN FRA GB-ENG HUN IRL ISR ITA JPN KOR LTU LVA NLD NOR NZL POL PRT "
        "SVK SWE USA"
    ).split()
)

# Item: (label in our words, variable of 2024, of 2018, of 2013). The letters are those of the questionnaire.
PRACTICES = {
    "summary": ("Sum up what was learned recently", "4g51a"),
    "goals": ("Set goals at the start", "4g51b"),
    "expectations": ("Explain what is to be learned", "4g51c"),
    "links_to_old_topics": ("Link new topics to old ones", "4g51d"),
    "open_tasks": ("Tasks without an obvious solution", "4g51e", "3g42e"),
    "critical_thinking": ("Tasks that need critical thinking", "4g51f", "3g42f"),
    "small_groups": ("Small groups that solve a problem together", "4g51g", "3g42g"),
    "own_procedures": ("Students choose how to solve complex tasks", "4g51h", "3g42h"),
    "rules": ("Remind of classroom rules", "4g51i"),
    "listening": ("Ask for attention", "4g51j"),
    "calming": ("Calm disruptive students", "4g51k"),
    "quiet_start": ("Ask for quiet at the start", "4g51l"),
    "real_life_problems": ("Problems from everyday life or work", "4g51m"),
    "long_projects": ("Projects of a week or longer", "4g51n"),
    "questioning_arguments": ("Students question each other's arguments", "4g51o"),
}
ASSESSMENT = {
    "self_assessment": ("Students assess their own progress", "4g53d", "3g43c", "2g43e"),
    "observation": ("Observe students at work and respond at once", "4g53e", "3g43d", "2g43f"),
}
SHORTAGES = {
    "qualified_teachers": ("Qualified teachers", "4g40a", "3g29a"),
    "special_needs_teachers": ("Teachers able to teach students with special needs", "4g40b"),
    "vocational_teachers": ("Vocational teachers", "4g40c", "3g29c"),
    "instructional_materials": ("Instructional materials", "4g40d"),
    "digital_tools": ("Digital resources and tools", "4g40e"),
    "internet": ("Internet access", "4g40f"),
    "library_materials": ("Library materials", "4g40g"),
    "support_personnel": ("Support personnel", "4g40h", "3g29h"),
    "instructional_space": ("Space to teach in", "4g40i"),
    "infrastructure": ("Buildings and equipment", "4g40j"),
    "multilingual_teachers": ("Teachers able to teach multicultural or multilingual classes", "4g40k"),
    "disadvantage_teachers": ("Teachers able to teach socio-economically disadvantaged students", "4g40l"),
    "vocational_materials": ("Materials to train vocational skills", "4g40m"),
    "leadership_time": ("Time for instructional leadership", "4g40n"),
    "utilities": ("Water, electricity and sanitation", "4g40o"),
}
DIGITAL_BELIEFS = {
    "interest": ("Helps students take an interest in learning", "4g34a"),
    "planning": ("Helps students plan and monitor their work", "4g34b"),
    "performance": ("Helps students perform better", "4g34c"),
    "distraction": ("Distracts students from learning", "4g34d"),
    "less_face_to_face": ("Limits face-to-face communication among students", "4g34e"),
    "well_being": ("Harms students' well-being when frequent", "4g34f"),
    "copying": ("Makes students hand in content of others as their own", "4g34g"),
    "collaboration": ("Helps students work together efficiently", "4g34h"),
}
DIGITAL_PRACTICES = {
    "present_information": ("Present information to the class", "4g52a"),
    "replace_print": ("Replace printed materials", "4g52b"),
    "feedback": ("Give feedback on students' work", "4g52c"),
    "lesson_plans": ("Download lesson plans", "4g52d"),
    "outside_collaboration": ("Work with classrooms, schools or experts outside", "4g52e"),
    "logistics": ("Handle the logistics of teaching", "4g52f"),
    "student_collaboration": ("Support collaboration among students", "4g52g"),
    "personal_paths": ("Provide personalised learning paths", "4g52h"),
    "assessment": ("Assess learning", "4g52i"),
    "own_planning": ("Let students plan and monitor their learning", "4g52j"),
    "digital_only_problems": ("Set problems that can only be solved digitally", "4g52k"),
}
DIGITAL_CONFIDENCE = {
    "support_learning": ("Support learning with digital tools", "4g27m"),
    "identify": ("Find digital resources for the subject", "4g33a"),
    "present_differently": ("Present concepts in another way", "4g33b"),
    "choose": ("Choose resources that improve learning", "4g33c"),
    "adapt": ("Adapt use to different activities", "4g33d"),
    "explain_risks": ("Explain risks to students", "4g33e"),
    "learn_new_technology": ("Learn to use new technology", "4g33g"),
}
AI_PRACTICES = {
    "mark_work": ("Assess or mark students' work", "4g37a"),
    "learn_topic": ("Learn about a topic or sum it up", "4g37b"),
    "plan_lessons": ("Generate lesson plans or activities", "4g37c"),
    "special_needs": ("Support students with special needs", "4g37d"),
    "adjust_difficulty": ("Adjust difficulty to students", "4g37e"),
    "write_feedback": ("Generate text for feedback or parents", "4g37f"),
    "review_data": ("Review data on students", "4g37g"),
    "practise_skills": ("Help students practise in real-life scenarios", "4g37h"),
}
AI_VIEWS = {
    "lesson_plans": ("Helps to write or improve lesson plans", "4g35a"),
    "adapt_material": ("Helps to adapt material to abilities", "4g35b"),
    "individual_support": ("Helps to support students individually", "4g35c"),
    "specific_needs": ("Supports students with specific needs", "4g35d"),
    "administration": ("Helps to automate administration", "4g35e"),
    "false_authorship": ("Lets students pass off the work of others", "4g35f"),
    "wrong_advice": ("Gives unsuitable or wrong recommendations", "4g35g"),
    "bias": ("Amplifies biases", "4g35h"),
    "privacy": ("Endangers privacy of student data", "4g35i"),
    "unsuitable_pedagogy": ("Suggests unsuitable pedagogy", "4g35j"),
}
AI_BARRIERS = {
    "infrastructure": ("The school lacks the infrastructure", "4g38a"),
    "skills": ("The teacher lacks knowledge and skills", "4g38b"),
    "conviction": ("The teacher thinks AI should not be used in teaching", "4g38c"),
    "not_allowed": ("The school does not allow it", "4g38d"),
    "overwhelmed": ("The teacher feels overwhelmed by new technologies", "4g38e"),
}
LEARNING_MODES = {
    "courses": ("Courses, seminars or workshops", "4g20a"),
    "conferences": ("Education conferences", "4g20b"),
    "qualification": ("Formal qualification programme", "4g20c"),
    "school_visits": ("Visits to other schools", "4g20d"),
    "business_visits": ("Visits to businesses, public organisations or NGOs", "4g20e"),
    "lesson_observation": ("Reflection on lesson observations", "4g20f"),
    "coaching": ("Coaching arranged by the school", "4g20g"),
    "networks": ("Networks of teachers", "4g20h"),
    "self_initiated": ("Learning on own initiative", "4g20i"),
    "other": ("Other", "4g20j"),
}
TOPICS = {
    "subject_knowledge": ("Knowledge of the subject", "a", "a", "a"),
    "subject_pedagogy": ("Pedagogy of the subject", "b", "b", "b"),
    "curriculum": ("Knowledge of the curriculum", "c", "c", "c"),
    "student_assessment": ("Assessment of students", "d", "d", "d"),
    "digital_pedagogy": ("Teaching with digital tools", "e"),
    "digital_skills": ("Technical skills for digital tools", "f"),
    "digital": ("Digital tools, pedagogical or technical", "ict", "ict", "e"),
    "artificial_intelligence": ("Artificial intelligence for teaching and learning", "g"),
    "classroom_management": ("Classroom management", "h", "f", "f"),
    "school_management": ("School management and administration", "i"),
    "individual_learning": ("Individualised learning", "j"),
    "special_needs": ("Students with special needs", "k", "i", "i"),
    "multicultural": ("Multicultural or multilingual classes", "l", "j", "j"),
    "use_of_assessments": ("Analysis and use of assessments", "m"),
    "parents": ("Co-operation with parents", "n"),
    "social_emotional": ("Social and emotional learning", "o"),
    "other": ("Other", "s"),
}
FEEDBACK = {
    "subject_knowledge": ("Knowledge of the field", "4g69a"),
    "subject_pedagogy": ("Pedagogy of the subject", "4g69b"),
    "use_of_assessments": ("Use of assessments", "4g69c"),
    "classroom_management": ("Classroom management", "4g69d"),
    "special_needs": ("Methods for students with special needs", "4g69e"),
    "multicultural": ("Methods for multicultural or multilingual classes", "4g69f"),
    "digital": ("Methods with digital tools", "4g69g"),
    "social_emotional": ("Methods for social and emotional learning", "4g69h"),
}
BARRIERS = {
    "prerequisites": ("Prerequisites not met", "4g25a", "3g28a", "2g27a"),
    "cost": ("Too expensive", "4g25b", "3g28b", "2g27b"),
    "employer_support": ("Lack of support by the employer", "4g25c", "3g28c", "2g27c"),
    "schedule": ("Conflicts with the work schedule", "4g25d", "3g28d", "2g27d"),
    "other_commitments": ("No time because of other commitments", "4g25e", "3g28e", "2g27e"),
    "relevance": ("Nothing relevant on offer", "4g25f", "3g28f", "2g27f"),
    "incentives": ("No incentives", "4g25g", "3g28g", "2g27g"),
    "distance": ("Too far away", "4g25h"),
    "digital_access": ("Digital resources too poor for access", "4g25i"),
}

ROLE = CodeList(
    "talis-role",
    "Kind of work besides teaching",
    {
        "any": "Any work other than teaching",
        "education": "Other role in education",
        "non_education": "Role outside education",
    },
)
YEARS_OF_WORK = CodeList(
    "talis-years-of-work",
    "Years of that work",
    {"any": "Any duration", "up_to_5": "Up to 5 years", "6_to_20": "6 to 20 years", "over_20": "More than 20 years"},
)
EXPERIENCE = CodeList(
    "talis-experience",
    "Years of teaching",
    {
        "total": "All teachers",
        "up_to_5": "Up to 5 years of teaching",
        "6_to_10": "6 to 10 years of teaching",
        "over_10": "More than 10 years of teaching",
    },
)
AGE = CodeList(
    "talis-age",
    "Age of the teacher",
    {"total": "All ages", "under_30": "Under 30", "30-49": "30 to 49", "50+": "50 and older"},
)
DELIVERY = CodeList(
    "talis-delivery",
    "How it was taken",
    {
        "total": "In any way",
        "in_person": "In person only",
        "in_person_and_online": "In person and online",
        "online": "Online only",
    },
)
OCCUPATION = CodeList(
    "talis-occupation",
    "Occupation",
    {"teachers": "Primary, secondary and vocational teachers", "others": "Other employed adults with tertiary degree"},
)
SCHOOL_GROUP = CodeList(
    "talis-school-group",
    "Group of schools",
    {
        "total": "All schools",
        "rural": "School in a village or rural area (up to 3,000 people)",
        "town": "School in a town (3,001 to 100,000 people)",
        "city": "School in a city (over 100,000 people)",
        "public": "Publicly managed school",
        "private": "Privately managed school",
        "disadvantaged_up_to_10": "Up to 10 % of students from socio-economically disadvantaged homes",
        "disadvantaged_10_to_30": "Over 10 and up to 30 % from socio-economically disadvantaged homes",
        "disadvantaged_over_30": "Over 30 % from socio-economically disadvantaged homes",
        "language_none": "No student has difficulties with the language of instruction",
        "language_up_to_10": "Up to 10 % have difficulties with the language of instruction",
        "language_over_10": "Over 10 % have difficulties with the language of instruction",
        "special_needs_up_to_10": "Up to 10 % of students with special education needs",
        "special_needs_10_to_30": "Over 10 and up to 30 % with special education needs",
        "special_needs_over_30": "Over 30 % with special education needs",
    },
)
# Group of a column as the sheets code it: dimension and code.
GROUPS = {
    "gender..Female": {"sex": "female"},
    "gender..Male": {"sex": "male"},
    "age..1 under_age30": {"age": "under_30"},
    "age..2 from30_to_49": {"age": "30-49"},
    "age..3 over_age50": {"age": "50+"},
    "exp..1 under_5yrs": {"experience": "up_to_5"},
    "exp..2 from6to10": {"experience": "6_to_10"},
    "exp..3 over_10yrs": {"experience": "over_10"},
    "schloc..1 Rural": {"school_group": "rural"},
    "schloc..2 Town": {"school_group": "town"},
    "schloc..3 City": {"school_group": "city"},
    "schtype..1 Public": {"school_group": "public"},
    "schtype..2 Private": {"school_group": "private"},
    "disadv..1 under_10pct": {"school_group": "disadvantaged_up_to_10"},
    "disadv..2 10_to_30pct": {"school_group": "disadvantaged_10_to_30"},
    "disadv..3 over_30pct": {"school_group": "disadvantaged_over_30"},
    "diflang..1 None": {"school_group": "language_none"},
    "diflang..2 0_to_10pct": {"school_group": "language_up_to_10"},
    "diflang..3 over_10pct": {"school_group": "language_over_10"},
    "spneed..1 under_10pct": {"school_group": "special_needs_up_to_10"},
    "spneed..2 10_to_30pct": {"school_group": "special_needs_10_to_30"},
    "spneed..3 over_30pct": {"school_group": "special_needs_over_30"},
}
COLUMN = re.compile(r"b\.(?:meanpct|mean)\.d_(?P<variable>\w+?)(?:\.\.(?P<group>.+))?")
DIFFERENCE = re.compile(r"b\..*(\)-\(|\.\.\(|diff$)")


def _sheet(raw, number):
    """Read a sheet: one row an area, ISCED level and named variable; columns of differences are left out."""
    chapter = CHAPTER_1 if number.startswith("1.") else CHAPTER_4
    path = raw / chapter.files[0]
    rows = files.sheet(path, f"Table {number}")
    where = f"{path.name}, Table {number}"
    names = rows[NAME_ROW - 1]
    columns = {}
    for position, name in enumerate(names):
        if not isinstance(name, str) or not name.startswith("b.") or DIFFERENCE.match(name):
            continue
        found = COLUMN.fullmatch(name)
        if not found or names[position + 1] != "se" + name[1:]:
            raise files.LayoutError(
                f"{where}, row {NAME_ROW}: unexpected variable {name!r} or no standard error beside it"
            )
        columns[position] = (found["variable"], found["group"] or "")
    if not columns:
        raise files.LayoutError(f"{where}, row {NAME_ROW}: no variable names; expected b.meanpct... and se.meanpct...")
    records = []
    for cells in rows[NAME_ROW:]:
        if cells and cells[0] and cells[1] in (1, 2, 3, "1", "2", "3"):
            for position, named in columns.items():
                records.append((cells[0], str(cells[1]), *named, cells[position], cells[position + 1]))
    frame = pd.DataFrame(records, columns=["area", "isced_level", "variable", "group", "value", "error"])
    return _tidy(frame, where)


def _tidy(frame, where):
    """Turn printed names and cells into codes, values and flags (w = withdrawn counts as withheld)."""
    frame["value"] = frame["value"].replace("w", "c")
    frame["error"] = frame["error"].replace("w", "c")
    frame = layouts.observations(frame, where)
    names = frame["area"].str.strip(STARS)
    frame["ref_area"] = countries.code(names)
    cycle = frame["variable"].str.extract(r"^t[tc](\d)g")[0].map(CYCLES)
    frame["time_period"] = cycle.fillna(frame["variable"].map({"secondcareer18": 2018, "secondcareer": 2024}))
    frame["time_period"] = frame["time_period"].astype(int)
    caution = (frame["area"].str.contains("*", regex=False) & (frame["time_period"] == 2024)) | (
        frame["area"].str.contains("ª") & (frame["time_period"] == 2018)
    )
    caution &= frame["obs_value"].notna()
    frame["obs_status"] = frame["obs_status"] + caution.map({True: "s", False: ""})
    return frame.drop(columns="area")


def _variables(items, suffix, prefix="tt"):
    """Return the item behind each variable of the questionnaires."""
    return {f"{prefix}{stem}{suffix}": item for item, (_, *stems) in items.items() for stem in stems}


def _topic_variables(question, suffix):
    """Return the topic behind each variable of the questions on content of, or need for, professional learning."""
    found = {}
    for item, (_, *letters) in TOPICS.items():
        for stem, letter in zip(question, letters, strict=False):
            found[f"tt{stem}{letter}{'' if letter == 'ict' else suffix}"] = item
    return found


def _items(name, label, items):
    return CodeList(f"talis-items-{name}", label, {item: words[0] for item, words in items.items()})


def read_items(raw: Path, sheets: Sequence[str], variables: dict[str, Any], groups: Sequence[str] = ()) -> pd.DataFrame:
    """Read sheets whose columns are items, and in companion sheets the same items in earlier cycles.

    The first sheet that has a cycle provides it.
    """
    frames, seen = [], set()
    for number in sheets:
        frame = _sheet(raw, number)
        unknown = sorted(set(frame["variable"]) - set(variables))
        if unknown:
            raise files.LayoutError(f"TALIS 2024, Table {number}: unexpected variables {unknown}")
        frame["item"] = frame["variable"].map(variables)
        marks = set(zip(frame["item"], frame["time_period"], frame["group"], strict=True))
        again = pd.Series(
            [mark in seen for mark in zip(frame["item"], frame["time_period"], frame["group"], strict=True)],
            index=frame.index,
            dtype=bool,
        )
        seen |= marks
        frames.append(frame[~again])
    frame = pd.concat(frames, ignore_index=True)
    unknown = sorted(set(frame["group"]) - set(GROUPS) - {""})
    if unknown:
        raise files.LayoutError(f"TALIS 2024, Table {sheets[0]}: unexpected groups {unknown}")
    for dimension in groups:
        frame[dimension] = frame["group"].map({group: codes_.get(dimension) for group, codes_ in GROUPS.items()})
        frame[dimension] = frame[dimension].fillna("total")
    return frame.drop(columns=["variable", "group"])


def read_single(raw: Path, sheets: Sequence[str], variable: str, groups: Sequence[str] = ()) -> pd.DataFrame:
    """Read a sheet about one variable."""
    return read_items(raw, sheets, {variable: "all"}, groups).drop(columns="item")


def read_second_career(raw: Path) -> pd.DataFrame:
    """Read the share of second-career teachers."""
    return read_items(raw, ("1.16",), {"secondcareer": "all", "secondcareer18": "all"}).drop(columns="item")


def read_other_work(raw: Path) -> pd.DataFrame:
    """Read shares of teachers who have done other work, by kind and duration."""
    roles = {"cd": "any", "c": "education", "d": "non_education"}
    durations = {"workexp": "any", "5orless": "up_to_5", "6to20": "6_to_20", "over20": "over_20"}
    variables = {
        f"tt{question}{letter}{words}": f"{role} {years}"
        for question in ("4g13", "3g11", "2g05")
        for letter, role in roles.items()
        for words, years in durations.items()
    }
    frame = read_items(raw, ("1.12", "1.13"), variables)
    frame[["role", "years_of_work"]] = frame.pop("item").str.split(" ", expand=True)
    return frame


def read_learning_modes(raw: Path) -> pd.DataFrame:
    """Read participation in professional learning, by mode and by how it was taken."""
    delivery = {"yes": "total", "inperson": "in_person", "inperson0online": "in_person_and_online", "online": "online"}
    variables = {
        f"tt{stem}{suffix}": f"{item} {how}"
        for item, (_, stem) in LEARNING_MODES.items()
        for suffix, how in delivery.items()
    }
    variables |= {"tt4g20atleastone": "", "tt4g20number": ""}
    frame = read_items(raw, ("4.12",), variables)
    frame = frame[frame["item"] != ""]
    frame[["item", "delivery"]] = frame["item"].str.split(" ", expand=True)
    return frame


def read_participation(raw: Path) -> pd.DataFrame:
    """Read whether teachers took part in any professional learning, and in how many modes."""
    variables = {"tt4g20atleastone": "participation", "tt4g20number": "modes"}
    return read_items(raw, ("4.19",), variables, ("experience",)).rename(columns={"item": "measure"})


ADULT_TRAINING = {
    "participation": "4.13",
    "activities": "4.14",
    "usefulness": "4.15",
    "hours": "4.16",
    "unmet_demand": "4.17",
}


def read_adult_training(raw: Path) -> pd.DataFrame:
    """Read training of teachers and of other adults, from the Survey of Adult Skills."""
    frames = []
    for measure, number in ADULT_TRAINING.items():
        frame = layouts.annex(raw / CHAPTER_4.files[0], f"Table {number}", (9, 10))
        frame["occupation"] = (
            frame["labels"]
            .str[0]
            .map(lambda text: "teachers" if "teachers (a)" in text else "others" if text.startswith("Other") else "")
        )
        frame = layouts.observations(frame[frame["occupation"] != ""], f"TALIS 2024, Table {number}")
        frames.append(frame.assign(measure=measure))
    frame = pd.concat(frames, ignore_index=True)
    frame["ref_area"] = countries.code(frame["area"])
    return frame.assign(time_period=2023).drop(columns=["area", "row", "labels"])


CHANGE = re.compile(r"b\.\(meanpct\.d_(\w+)\)-\(meanpct\.d_(\w+)\)")


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Recompute the published changes between cycles, and compare totals that two sheets print."""
    return [*_published_changes(raw), *_published_twice(raw)]


def _published_changes(raw):
    """Recompute changes and their standard errors (independent samples) for systems; averages have other members."""
    found = []
    for number in ("1.13", "1.16", "1.18", "1.36", "1.41", "4.23", "4.31", "4.40"):
        chapter = CHAPTER_1 if number.startswith("1.") else CHAPTER_4
        rows = files.sheet(raw / chapter.files[0], f"Table {number}")
        place = {name: position for position, name in enumerate(rows[NAME_ROW - 1]) if isinstance(name, str)}
        for kind in ("changes", "standard errors of changes"):
            differences = []
            for name, position in place.items():
                change = CHANGE.fullmatch(name)
                if not change:
                    continue
                error = int(kind != "changes")
                columns = [position, *(place[f"b.meanpct.d_{variable}"] for variable in change.groups())]
                for cells in rows[NAME_ROW:]:
                    if not cells or not cells[0] or "average" in str(cells[0]):
                        continue
                    three = [cells[column + error] for column in columns]
                    if all(isinstance(cell, int | float) for cell in three):
                        again = np.hypot(three[1], three[2]) if error else three[1] - three[2]
                        differences.append((float(abs(again - three[0])), f"{cells[0]}, {name}"))
            largest, where = max(differences, default=(0.0, ""))
            words = f"published {kind} and those recomputed from the cycles"
            found.append(Comparison(f"TALIS 2024, Table {number}: {words}", len(differences), largest, 1e-6, where))
    return found


def _published_twice(raw):
    found = []
    for first, second in (("1.17", "1.18"), ("1.31", "1.36"), ("1.49", "1.50"), ("1.57", "1.58"),
                          ("4.12", "4.19"), ("4.22", "4.23"), ("4.27", "4.31"), ("4.39", "4.40")):  # fmt: skip
        key = ["ref_area", "isced_level", "variable", "group"]
        both = _sheet(raw, first).merge(_sheet(raw, second), on=key, suffixes=("", "_again"))
        both = both.dropna(subset=["obs_value", "obs_value_again"])
        difference = (both["obs_value"] - both["obs_value_again"]).abs()
        worst = both.loc[difference.idxmax()] if len(both) else {}
        found.append(
            Comparison(
                name=f"TALIS 2024: values that Tables {first} and {second} both print",
                pairs=len(both),
                largest=float(difference.max()) if len(both) else 0.0,
                tolerance=1e-6,
                where=f"{worst['ref_area']}, {worst['variable']}" if len(both) else "",
            )
        )
    return found


def _share(label, typical, direction="neither", bounds=(0, 100)):
    return Measure(label, "PERCENT", bounds, typical=typical, direction=direction)


def _averages(areas):
    return tuple(Average(area, members=MEMBERS[area], std_error=True) for area in areas)


def _table(
    name,
    label,
    definition,
    measure,
    source,
    read,
    dimensions,
    caveats=(),
    spots=(),
    averages=CURRENT,
    sums=(),
):
    code, described = measure
    return Table(
        name=f"talis-{name}",
        label=f"TALIS: {label}",
        definition=definition,
        measures={code: described},
        source=source,
        read=read,
        dimensions={"isced_level": ISCED, **dimensions},
        caveats=(*caveats, LEVELS, AVERAGE, CAUTION),
        spots=spots,
        averages=_averages(averages),
        sums=sums,
    )


def _spot(area, value, **key):
    return Spot({"ref_area": area, "time_period": 2024, "isced_level": "2", **key}, value)


TABLES = (
    _table(
        "teaching-practices",
        "teaching practices",
        "Share of teachers who use a practice in class frequently or always; four practices of cognitive activation "
        "also in 2018.",
        ("teachers", _share("Teachers who use the practice frequently or always", (40, 85))),
        CHAPTER_1,
        partial(read_items, sheets=("1.31", "1.36"), variables=_variables(PRACTICES, "frqalwys")),
        {"item": _items("practice", "Teaching practice", PRACTICES)},
        (CLASS,),
        averages=(*CURRENT, *TREND),
    ),
    _table(
        "assessment-practices",
        "assessment practices",
        "Share of teachers who use a way of assessing students frequently or always, 2013, 2018 and 2024.",
        ("teachers", _share("Teachers who assess in this way frequently or always", (35, 85))),
        CHAPTER_1,
        partial(read_items, sheets=("1.41",), variables=_variables(ASSESSMENT, "frqalwys")),
        {"item": _items("assessment", "Way of assessing", ASSESSMENT)},
        (CLASS, "Self-assessment was worded as letting students evaluate their own progress in 2013 and 2018."),
        averages=TREND,
    ),
    _table(
        "other-work-experience",
        "teachers who have done other work",
        "Share of teachers who have worked in a role other than teaching, by kind of role (2024) and by duration "
        "(2013, "
        "2018 and 2024).",
        ("teachers", _share("Teachers with other work experience", (3, 60))),
        CHAPTER_1,
        read_other_work,
        {"role": ROLE, "years_of_work": YEARS_OF_WORK},
        ("Another role in education is for instance that of a university lecturer or a nurse.",),
        averages=(*CURRENT, *TREND),
    ),
    _table(
        "second-career-teachers",
        "second-career teachers",
        "Share of teachers with at least ten years of work outside education for whom teaching was not the first "
        "choice "
        "of career, 2018 and 2024.",
        ("teachers", _share("Second-career teachers", (2, 20))),
        CHAPTER_1,
        read_second_career,
        {},
        averages=TREND,
    ),
    _table(
        "shortages",
        "shortages that hinder teaching",
        "Share of teachers in schools whose principal says that a shortage hinders good instruction quite a bit or a "
        "lot; "
        "three shortages also in 2018.",
        ("teachers", _share("Teachers in schools with the shortage", (5, 40), "lower")),
        CHAPTER_1,
        partial(read_items, sheets=("1.17", "1.18"), variables=_variables(SHORTAGES, "qbitalot", "tc")),
        {"item": _items("shortage", "What is short", SHORTAGES)},
        ("Answers of principals, weighted by teachers.",),
        averages=("OECD-average-27", "TALIS-average-49", "TALIS-average-12", "TALIS-average-7", "OECD-average-24"),
    ),
    _table(
        "digital-beliefs",
        "beliefs about digital tools",
        "Share of teachers who agree or strongly agree with a statement about what digital resources and tools do for "
        "students.",
        ("teachers", _share("Teachers who agree", (30, 90))),
        CHAPTER_1,
        partial(read_items, sheets=("1.47", "1.48"), variables=_variables(DIGITAL_BELIEFS, "agree")),
        {"item": _items("digital-belief", "What digital tools do", DIGITAL_BELIEFS)},
    ),
    _table(
        "digital-practices",
        "use of digital tools",
        "Share of teachers who use digital resources and tools for a purpose frequently or always, by gender and by "
        "age of "
        "the teacher.",
        ("teachers", _share("Teachers who use them frequently or always", (15, 70))),
        CHAPTER_1,
        partial(
            read_items,
            sheets=("1.49", "1.50"),
            variables=_variables(DIGITAL_PRACTICES, "frqalwys"),
            groups=("sex", "age"),
        ),
        {"item": _items("digital-practice", "Purpose", DIGITAL_PRACTICES), "sex": codes.SEX, "age": AGE},
        (CLASS, "Gender and age are not crossed: a row by sex holds all ages, and the reverse."),
    ),
    _table(
        "digital-confidence",
        "confidence with digital tools",
        "Share of teachers who feel able to do something with digital resources and tools quite a bit or a lot.",
        ("teachers", _share("Teachers who feel able", (50, 95), "higher")),
        CHAPTER_1,
        partial(read_items, sheets=("1.58",), variables=_variables(DIGITAL_CONFIDENCE, "qbitalot")),
        {"item": _items("digital-confidence", "What teachers feel able to do", DIGITAL_CONFIDENCE)},
    ),
    _table(
        "digital-confidence-by-school",
        "confidence with digital tools, by school",
        "Share of teachers who feel able to support learning with digital resources and tools quite a bit or a lot, by "
        "place, management and intake of their school.",
        ("teachers", _share("Teachers who feel able", (50, 95), "higher")),
        CHAPTER_1,
        partial(read_single, sheets=("1.57",), variable="tt4g27mqbitalot", groups=("school_group",)),
        {"school_group": SCHOOL_GROUP},
    ),
    _table(
        "ai-use",
        "use of artificial intelligence",
        "Share of teachers who used artificial intelligence in teaching or to help students learn in the past 12 "
        "months.",
        ("teachers", _share("Teachers who used artificial intelligence", (20, 60))),
        CHAPTER_1,
        partial(read_single, sheets=("1.59",), variable="tt4g36yes"),
        {},
        spots=(_spot("JPN", 17.4), _spot("OECD-average-27", 36.3), _spot("SGP", 74.9)),
    ),
    _table(
        "ai-practices",
        "what teachers use artificial intelligence for",
        "Share of teachers who use artificial intelligence for a task.",
        ("teachers", _share("Teachers who use it for the task", (10, 80))),
        CHAPTER_1,
        partial(read_items, sheets=("1.60",), variables=_variables(AI_PRACTICES, "yes")),
        {"item": _items("ai-practice", "Task", AI_PRACTICES)},
        ("Base: teachers who used artificial intelligence in the past 12 months.",),
    ),
    _table(
        "ai-views",
        "views of artificial intelligence",
        "Share of teachers who agree or strongly agree with a statement about what artificial intelligence does in "
        "education: five benefits and five challenges.",
        ("teachers", _share("Teachers who agree", (30, 85))),
        CHAPTER_1,
        partial(read_items, sheets=("1.61", "1.62"), variables=_variables(AI_VIEWS, "agree")),
        {"item": _items("ai-view", "What artificial intelligence does", AI_VIEWS)},
    ),
    _table(
        "ai-barriers",
        "barriers to using artificial intelligence",
        "Share of teachers who name a barrier to using artificial intelligence, among those who have not used it in "
        "the "
        "past 12 months.",
        ("teachers", _share("Teachers who name the barrier", (5, 75))),
        CHAPTER_1,
        partial(read_items, sheets=("1.63",), variables=_variables(AI_BARRIERS, "yes")),
        {"item": _items("ai-barrier", "Barrier", AI_BARRIERS)},
    ),
    _table(
        "learning-modes",
        "ways of professional learning",
        "Share of teachers who took part in a kind of professional learning in the past 12 months, and how.",
        ("teachers", _share("Teachers who took part", (3, 60))),
        CHAPTER_4,
        read_learning_modes,
        {"item": _items("learning-mode", "Kind of professional learning", LEARNING_MODES), "delivery": DELIVERY},
        spots=(
            _spot("OECD-average-27", 19.9, item="business_visits", delivery="total"),
            _spot("OECD-average-27", 50.9, item="networks", delivery="total"),
        ),
        sums=(Sum("delivery", ("in_person", "in_person_and_online", "online"), "total", 1e-6),),
    ),
    Table(
        name="talis-learning-participation",
        label="TALIS: participation in professional learning",
        definition="Share of teachers who took part in any professional learning in the past 12 months, and mean "
        "number of "
        "kinds that they took part in, by years of teaching.",
        measures={
            "participation": _share("Teachers who took part in any professional learning", (85, 100), "higher"),
            "modes": Measure("Kinds of professional learning", "NUMBER", (0, 10), typical=(2, 7), direction="higher"),
        },
        source=CHAPTER_4,
        read=read_participation,
        dimensions={"isced_level": ISCED, "experience": EXPERIENCE},
        caveats=(LEVELS, AVERAGE, CAUTION),
        averages=_averages(CURRENT),
    ),
    _table(
        "learning-content",
        "content of professional learning",
        "Share of teachers whose professional learning of the past 12 months included a topic, by years of teaching "
        "(2024); eight topics also in 2018.",
        ("teachers", _share("Teachers whose learning included the topic", (20, 80))),
        CHAPTER_4,
        partial(
            read_items,
            sheets=("4.22", "4.23"),
            variables=_topic_variables(("4g21", "3g23"), "yes"),
            groups=("experience",),
        ),
        {"item": _items("learning-topic", "Topic", TOPICS), "experience": EXPERIENCE},
        ("Digital tools: in 2024 either of two topics, pedagogical or technical; in 2018 one topic on ICT skills.",),
        averages=(*CURRENT, *TREND),
    ),
    _table(
        "learning-needs",
        "need for professional learning",
        "Share of teachers who report a high need for professional learning in a topic, by years of teaching (2024); "
        "eight "
        "topics also in 2013 and 2018.",
        ("teachers", _share("Teachers with a high need", (5, 40))),
        CHAPTER_4,
        partial(
            read_items,
            sheets=("4.27", "4.31"),
            variables=_topic_variables(("4g24", "3g27", "2g26"), "high") | {"tt3g27ehigh": "digital"},
            groups=("experience",),
        ),
        {"item": _items("learning-topic", "Topic", TOPICS), "experience": EXPERIENCE},
        (
            "Digital tools: in 2024 either of two topics, pedagogical or technical; before that one topic on ICT "
            "skills.",
        ),
        averages=(*CURRENT, *TREND),
    ),
    _table(
        "learning-barriers",
        "barriers to professional learning",
        "Share of teachers who agree or strongly agree that something keeps them from professional learning, 2013, "
        "2018 and "
        "2024.",
        ("teachers", _share("Teachers who agree", (10, 60), "lower")),
        CHAPTER_4,
        partial(read_items, sheets=("4.39", "4.40"), variables=_variables(BARRIERS, "agree")),
        {"item": _items("learning-barrier", "Barrier", BARRIERS)},
        ("In 2013 and 2018 the other commitments were family responsibilities.",),
        averages=(*CURRENT, *TREND),
    ),
    _table(
        "feedback-impact",
        "what feedback changed",
        "Share of teachers who say that feedback of the past 12 months changed an aspect of their teaching for the "
        "better, "
        "by years of teaching.",
        ("teachers", _share("Teachers who report a positive change", (30, 85), "higher")),
        CHAPTER_4,
        partial(read_items, sheets=("4.37",), variables=_variables(FEEDBACK, "yes"), groups=("experience",)),
        {"item": _items("feedback-aspect", "Aspect of teaching", FEEDBACK), "experience": EXPERIENCE},
    ),
    Table(
        name="talis-adult-training",
        label="Training of teachers and of other adults",
        definition="Training of primary, secondary and vocational teachers and of other employed adults aged 16 to 65 "
        "with a "
        "tertiary degree (ISCED 6 or 7), Survey of Adult Skills 2023.",
        measures={
            "participation": _share("Took part in training in the past 12 months", (40, 100), "higher"),
            "activities": Measure("Training activities in the past 12 months", "NUMBER", (0, 30), typical=(2, 8)),
            "usefulness": _share("Found the last training useful for the job", (60, 100), "higher"),
            "hours": Measure("Hours of the last training", "HOURS", (0, 400), typical=(10, 90)),
            "unmet_demand": _share("Wanted training that was not taken", (10, 60), "lower"),
        },
        source=CHAPTER_4,
        read=read_adult_training,
        dimensions={"occupation": OCCUPATION},
        caveats=("The source is the Survey of Adult Skills, as tabulated in the TALIS report.",),
        averages=(Average("OECD-average-29", members=ADULT_MEMBERS_29, std_error=True),),
    ),
)

FAMILY = Family(TABLES, compare=compare)
