"""PISA 2025 as the first volume prints it: changes since 2022, equity, dispositions, climate, digital life, support.

The summary tables of the volume are rounded and print no standard errors; for the change in science alone the
volume names the link error, so that a standard error follows from it and from those of the two means. Problem solving
in relation to the other domains, and regions of four countries, come with standard errors.

Not here: the means of 2025 with their decimals (``pisa``), provinces of Canada (``cmec``).
"""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from importers import countries, files, layouts
from importers.declaration import Average, Comparison, Family, Measure, Source, Spot, Table
from importers.families import pisa

FOLDER = "new/oecd/"
TYPED = (
    "typed from the text of the volume in public repository cgrodrigsv/informe-pisa-2025, summary_sections.txt, commit "
    "165bb0b62a6c276fb21b74cfc50e1550f2a41685"
)


def _volume(tables, file, obtained=TYPED):
    return Source(
        publisher="OECD",
        dataset=f"PISA 2025 Results (Volume I), {tables}",
        edition="8 September 2026",
        doi="10.1787/73451bc5-en",
        url="https://doi.org/10.1787/73451bc5-en",
        licence="CC BY 4.0",
        files=(FOLDER + file,),
        obtained=obtained,
        retrieved="2026-09-08",
    )


PERFORMANCE = _volume("Table I.1", "pisa_2025_vol1_table_I1_oecd.csv")
EQUITY = _volume("Table I.2", "pisa_2025_vol1_table_I2_oecd.csv")
DISPOSITIONS = _volume("Table I.4", "pisa_2025_vol1_table_I4_oecd.csv")
CLIMATE = _volume("Table I.5", "pisa_2025_vol1_table_I5_oecd.csv")
DIGITAL = _volume("Table I.6", "pisa_2025_vol1_table_I6_oecd.csv")
SUPPORT = _volume("Table I.7", "pisa_2025_vol1_table_I7_oecd.csv")
RELATIVE = _volume(
    "Table I.B1.2a.20",
    "pisa_2025_relative_problem_solving_oecd.csv",
    "typed from public repository uygarcatal6/pisa-turkiye-replication, "
    "data/derived/oecd2025_relative/oecd_table_I_B1_2a_20.csv, commit 3c2b44da9098efa34feb22f3d5a3386b4e22be9e",
)
REGIONS = _volume(
    "Annex B2, Tables I.B2.1 to I.B2.3",
    "pisa_2025_regions_oecd_members.csv",
    "typed from public repository mrolah/pisa-2025-europa-map-v2, data/regions.json, commit "
    "3b02a51897856a552c2158c2ace8305ce6bb1209",
)

# The volume, box 1 of the reader's guide: science 2022 and 2025. Those of reading and mathematics are in an online
# table that was not at hand.
LINK_ERROR_SCIENCE = 2.9
# The volume, executive summary: members of the OECD whose mean in science rose.
ROSE_IN_SCIENCE = {"CRI", "SVK", "TUR", "GBR"}

# Sets of the publisher's averages, from the notes to its tables.
_CHANGE_MEMBERS = tuple(code for code in countries.members() if code not in ("CRI", "LUX", "ESP"))
_IMMIGRANT_MEMBERS = tuple(
    code for code in countries.members() if code not in ("COL", "CRI", "JPN", "KOR", "LUX", "MEX", "POL", "ESP", "TUR")
)
# Largest difference from a published average that rounding of the average and of its members explains.
TOLERANCE = {"PISA_SCORE": 0.45, "PERCENT": 0.06, "INDEX": 0.006}

AREAS = {
    ("BEL", "Flemish community"): "BE-VLG",
    ("BEL", "French community"): "BE-WAL",
    ("BEL", "German-speaking community"): "BE-DG",
    ("ITA", "Bolzano"): "IT-BZ",
    ("ITA", "Centre"): "IT-centre",
    ("ITA", "North West"): "IT-north-west",
    ("ITA", "Rest of North East"): "IT-north-east-rest",
    ("ITA", "South"): "IT-south",
    ("ITA", "South and Island"): "IT-south-islands",
    ("ESP", "Andalusia"): "ES-AN",
    ("ESP", "Aragon"): "ES-AR",
    ("ESP", "Asturias"): "ES-AS",
    ("ESP", "Balearic Islands"): "ES-IB",
    ("ESP", "Basque Country"): "ES-PV",
    ("ESP", "Canary Islands"): "ES-CN",
    ("ESP", "Cantabria"): "ES-CB",
    ("ESP", "Castile and Leon"): "ES-CL",
    ("ESP", "Castile - La Mancha"): "ES-CM",
    ("ESP", "Ceuta"): "ES-CE",
    ("ESP", "Comunidad Valenciana"): "ES-VC",
    ("ESP", "Extremadura"): "ES-EX",
    ("ESP", "Galicia"): "ES-GA",
    ("ESP", "La Rioja"): "ES-RI",
    ("ESP", "Madrid"): "ES-MD",
    ("ESP", "Melilla"): "ES-ML",
    ("ESP", "Murcia"): "ES-MC",
    ("ESP", "Navarre"): "ES-NC",
    ("GBR", "England"): "GB-ENG",
    ("GBR", "Northern Ireland"): "GB-NIR",
    ("GBR", "Scotland"): "GB-SCT",
    ("GBR", "Wales"): "GB-WLS",
}
# Countries of which the file has every region, so that the national mean lies among them.
WHOLE_COUNTRIES = ("BEL", "ITA", "GBR")

SAMPLING = "Flag s: the publisher asks for caution, because one or more PISA sampling standards were not met."
NO_ERRORS = "The volume prints rounded values without standard errors, so that no difference can be tested."
INDEX = "Indices: in standard deviations of students in the OECD, 0 is the OECD average in the cycle of the scale."
COVERAGE = (
    "The publisher asks for particular caution with the questionnaires of the United States, for want of coverage."
)
PRINCIPALS = "Answers of principals count in proportion to the 15-year-olds of their schools."


def typed(raw: Path, source: Source, key: list[str]) -> pd.DataFrame:
    """Read a typed file as text.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.
    source : Source
        Whose first file is read.
    key : list of str
        Columns that identify a row.

    Returns
    -------
    pandas.DataFrame
        Cells as text.

    Raises
    ------
    importers.files.LayoutError
        If a row is there twice, or ``sampling_caveat`` holds something else than a star.
    """
    path = raw / source.files[0]
    frame = files.csv(path)
    missing = [column for column in key if column not in frame]
    if missing:
        raise files.LayoutError(f"{path.name}, row 1: no column {missing[0]!r}, found {list(frame)}")
    repeated = frame[frame.duplicated(key)]
    if len(repeated):
        raise files.LayoutError(
            f"{path.name}, row {repeated.index[0] + 2}: {repeated.iloc[0][key].to_dict()} is there twice, "
            "expected one row each"
        )
    if "sampling_caveat" in frame:
        strange = ~frame["sampling_caveat"].isin(["", "*"])
        if strange.any():
            raise files.LayoutError(
                f"{path.name}, row {int(strange.idxmax()) + 2}, column sampling_caveat: "
                f"{frame.loc[strange.idxmax(), 'sampling_caveat']!r}, expected * or nothing"
            )
    return frame


def observed(frame: pd.DataFrame, column: str, source: Source, error: str | None = None) -> pd.DataFrame:
    """Return value, standard error and flags of one column of a typed file.

    Parameters
    ----------
    frame : pandas.DataFrame
        Cells as text; values of rows with a star in ``sampling_caveat`` are flagged s.
    column, error : str
        Columns of the values and, if there is one, of the standard errors.
    source : Source
        Where the frame is from, for messages.

    Returns
    -------
    pandas.DataFrame
        ``obs_value``, ``obs_status`` and, with `error`, ``std_error``; index of `frame`.

    Raises
    ------
    importers.files.LayoutError
        If the column is missing, or a cell is neither a number nor a letter code.
    """
    where = Path(source.files[0]).name
    missing = [name for name in (column, error) if name and name not in frame]
    if missing:
        raise files.LayoutError(f"{where}, row 1: no column {missing[0]!r}, found {list(frame)}")
    cells = pd.DataFrame({"value": frame[column], "error": frame[error] if error else ""})
    found = layouts.observations(cells, f"{where}, column {column}")
    caveat = frame["sampling_caveat"] if "sampling_caveat" in frame else pd.Series("", index=frame.index)
    cautious = found["obs_value"].notna() & (caveat == "*")
    found["obs_status"] = found["obs_status"].mask(cautious, "s")
    return found if error else found.drop(columns="std_error")


def _members(raw, source, average=True):
    """Read a typed file that has a row for every member of the OECD, and one for their average."""
    frame = typed(raw, source, ["iso3"])
    frame["ref_area"] = countries.code(frame["iso3"].replace("OECD", "OECD-average"))
    absent = {*countries.members(), *(["OECD-average"] if average else [])} - set(frame["ref_area"])
    if absent:
        raise files.LayoutError(f"{source.files[0]}: no row for {sorted(absent)}; expected all members of the OECD")
    return frame


def read_summary(raw: Path, source: Source, columns: dict[str, str], period: int | str = 2025) -> pd.DataFrame:
    """Read a summary table, one measure a column.

    Parameters
    ----------
    raw : pathlib.Path
        Folder of publishers' files.
    source : Source
        Whose first file is read.
    columns : dict of str to str
        Column of the file by measure.
    period : int or str
        Year, or the pair of cycles.

    Returns
    -------
    pandas.DataFrame
        Columns ``ref_area, time_period, measure, obs_value, obs_status``.

    Raises
    ------
    importers.files.LayoutError
        If a member is missing or there twice, or a cell is neither a number nor ``m``.
    """
    frame = _members(raw, source)
    frames = [
        observed(frame, column, source).assign(ref_area=frame["ref_area"], measure=measure)
        for measure, column in columns.items()
    ]
    return pd.concat(frames, ignore_index=True).assign(time_period=period)


def read_change(raw: Path) -> pd.DataFrame:
    """Read the changes in mean score since 2022, with a standard error for science."""
    columns = {domain: f"change_2022_2025_{domain}" for domain in pisa.DOMAINS}
    frame = read_summary(raw, PERFORMANCE, columns, "2022-2025").rename(columns={"measure": "domain"})
    errors = _errors_of_science(raw)
    science = (frame["domain"] == "science") & frame["obs_value"].notna()
    frame["std_error"] = frame["ref_area"].map(errors).where(science)
    return frame


def _errors_of_science(raw):
    """Return the standard error of the change in science since 2022, by area: both means and the link."""
    means = pisa.read_means(raw, "science").query("dropped == ''")
    errors = means.pivot(index="ref_area", columns="time_period", values="std_error")[[2022, 2025]]
    squares = errors.pow(2).sum(axis=1, skipna=False)
    # An average's own errors follow from its countries; the link error is one and the same for all of them.
    squares["OECD-average"] = squares[list(_CHANGE_MEMBERS)].sum(skipna=False) / len(_CHANGE_MEMBERS) ** 2
    return np.sqrt(squares + LINK_ERROR_SCIENCE**2)


def read_relative(raw: Path) -> pd.DataFrame:
    """Read problem solving above or below what the result in another domain lets expect."""
    frame = _members(raw, RELATIVE, average=False)
    # The flags of the table were not typed with it; they are those of the country.
    caveats = _members(raw, PERFORMANCE).set_index("ref_area")["sampling_caveat"]
    frame["sampling_caveat"] = frame["ref_area"].map(caveats)
    frames = [
        observed(frame, f"vs_{domain}", RELATIVE, f"vs_{domain}_se").assign(ref_area=frame["ref_area"], domain=domain)
        for domain in pisa.DOMAINS
    ]
    return pd.concat(frames, ignore_index=True).assign(time_period=2025)


def read_regions(raw: Path) -> pd.DataFrame:
    """Read means of regions by domain."""
    frame = typed(raw, REGIONS, ["iso3", "region"])
    pairs = list(zip(frame["iso3"], frame["region"], strict=True))
    unknown = [pair for pair in pairs if pair not in AREAS]
    if unknown:
        raise files.LayoutError(
            f"{REGIONS.files[0]}: unknown region {unknown[0]}; add it to AREAS of the family pisa_2025"
        )
    frame["ref_area"] = [AREAS[pair] for pair in pairs]
    frames = [
        observed(frame, domain, REGIONS, f"{domain}_se").assign(ref_area=frame["ref_area"], domain=domain)
        for domain in pisa.DOMAINS
    ]
    return pd.concat(frames, ignore_index=True).assign(time_period=2025)


def compare(raw: Path, tables: dict[str, pd.DataFrame]) -> list[Comparison]:
    """Hold the typed tables against the means of 2025 with decimals, and against what the volume says of them."""
    return [*_compare_means(raw, tables), _compare_rises(tables), *_compare_regions(tables)]


def _compare_means(raw, tables):
    """Compare printed means and changes with the means that have decimals."""
    frame, found = _members(raw, PERFORMANCE), []
    for domain in (*pisa.DOMAINS, "problem-solving"):
        column = "computational_problem_solving_2025" if domain == "problem-solving" else f"{domain}_2025"
        printed = observed(frame, column, PERFORMANCE).set_axis(frame["ref_area"])["obs_value"]
        means = tables[f"pisa-{domain}"].pivot(index="ref_area", columns="time_period", values="obs_value")
        found.append(
            _largest(f"PISA 2025 {domain}, means: Table I.1 and values with decimals", printed, means[2025], 0.5)
        )
        if domain in pisa.DOMAINS:
            change = tables["pisa-2025-change"].query("domain == @domain").set_index("ref_area")["obs_value"]
            change = change.drop("OECD-average")
            again = means[2025] - means[2022]
            found.append(_largest(f"PISA {domain}, change 2022-2025: printed and from the means", change, again, 0.5))
    return found


def _largest(name, printed, again, tolerance):
    difference = (printed - again).abs().dropna()
    return Comparison(
        name=name,
        pairs=len(difference),
        largest=float(difference.max()),
        tolerance=tolerance + 1e-6,
        where=str(difference.idxmax()),
        note="The volume prints whole points.",
    )


def _compare_rises(tables):
    """Find the members whose mean in science rose by more than chance and link explain, as the volume names them."""
    change = tables["pisa-2025-change"].query("domain == 'science' and ref_area != 'OECD-average'").dropna()
    rose = set(change.loc[change["obs_value"] / change["std_error"] > 1.96, "ref_area"])
    return Comparison(
        name="PISA science 2022-2025: members that rose at the 5 % level, here and as the volume names them; differences",
        pairs=len(change),
        largest=float(len(rose ^ ROSE_IN_SCIENCE)),
        tolerance=0,
        where=", ".join(sorted(rose ^ ROSE_IN_SCIENCE)),
        note="Tests the standard errors that were put together here from those of the means and the link error.",
    )


def _compare_regions(tables):
    """Require the mean of a country to lie among those of its regions, where all of them are there."""
    regions = tables["pisa-2025-regions"]
    owner = {code: country for (country, _), code in AREAS.items()}
    found = []
    for domain in pisa.DOMAINS:
        rows = regions[regions["domain"] == domain]
        between = rows.groupby(rows["ref_area"].map(owner))["obs_value"].agg(["min", "max"]).loc[list(WHOLE_COUNTRIES)]
        national = tables[f"pisa-{domain}"].query("time_period == 2025").set_index("ref_area")["obs_value"]
        national = national[list(WHOLE_COUNTRIES)]
        outside = np.maximum(between["min"] - national, national - between["max"]).clip(lower=0)
        found.append(
            Comparison(
                name=f"PISA 2025 {domain}, regions: how far a national mean lies outside those of all its regions",
                pairs=len(outside),
                largest=float(outside.max()),
                tolerance=0,
                where=str(outside.idxmax()),
            )
        )
    return found


def _summary(source, measures, **words):
    """Declare a table whose measures are columns of a summary table of the volume."""
    return Table(
        source=source,
        measures={code: measure for code, (_, measure) in measures.items()},
        read=partial(read_summary, source=source, columns={code: column for code, (column, _) in measures.items()}),
        averages=tuple(
            Average(
                "OECD-average",
                members=_members_of_average(code),
                tolerance=TOLERANCE[measure.unit],
                where={"measure": code},
            )
            for code, (_, measure) in measures.items()
        ),
        **words,
    )


def _members_of_average(measure):
    if measure.startswith("change_"):
        return _CHANGE_MEMBERS
    return _IMMIGRANT_MEMBERS if "immigrant" in measure else ()


def _percent(label, direction, typical, definition=""):
    return Measure(label, "PERCENT", (0, 100), typical, direction, definition)


def _index(label, direction="higher", definition=""):
    return Measure(label, "INDEX", (-2, 2), (-0.4, 0.4), direction, definition)


def _points(label, bounds, typical, direction="neither", definition=""):
    return Measure(label, "PISA_SCORE", bounds, typical, direction, definition)


TABLES = (
    Table(
        name="pisa-2025-change",
        label="PISA: change in mean score from 2022 to 2025",
        definition="Mean score of 15-year-old students in PISA 2025 minus that in PISA 2022, as the OECD publishes it, in "
        "whole points. The standard error of the change in science is put together here from those of the two means and "
        "the link error of 2.9 points that the volume names.",
        measures={"score_change": Measure("Change in mean score", "PISA_SCORE", (-120, 120), (-25, 10), "higher")},
        source=PERFORMANCE,
        further=(pisa.WORKBOOK, pisa.PISA_2025),
        read=read_change,
        dimensions={"domain": pisa.DOMAIN},
        spans=True,
        caveats=(
            "The publisher prints no standard errors of these changes. Only for science is the link error named in the "
            "volume; the changes in reading and mathematics have no standard error here and cannot be tested.",
            "With these standard errors the same four members rose in science as the volume names.",
            "OECD-average is that of 35 members, without Costa Rica, Luxembourg and Spain.",
            SAMPLING,
        ),
        spots=(
            Spot({"ref_area": "EST", "domain": "science"}, 1, tolerance=0),
            Spot({"ref_area": "OECD-average", "domain": "reading"}, -14, tolerance=0),
            Spot({"ref_area": "LVA", "domain": "reading"}, -45, tolerance=0),
        ),
        averages=(Average("OECD-average", members=_CHANGE_MEMBERS, tolerance=TOLERANCE["PISA_SCORE"]),),
    ),
    _summary(
        PERFORMANCE,
        {
            "top_performers_any": (
                "top_performers_pct",
                _percent(
                    "Top performers in at least one domain",
                    "higher",
                    (5, 20),
                    "Students at Level 5 or 6 in science, reading or mathematics.",
                ),
            ),
            "low_performers_all": (
                "low_performers_all_three_pct",
                _percent(
                    "Low performers in all three domains",
                    "lower",
                    (8, 30),
                    "Students below Level 2 in science, reading and mathematics.",
                ),
            ),
        },
        name="pisa-2025-performers",
        label="PISA 2025: students at the top in one domain, or low in all three",
        definition="Share of 15-year-old students who reach Level 5 or 6 in science, reading or mathematics, and of those "
        "below Level 2 in all three, PISA 2025.",
        caveats=(
            NO_ERRORS,
            "Not comparable with shares of one domain, which pisa-proficiency has until 2022.",
            SAMPLING,
        ),
        spots=(
            Spot({"ref_area": "JPN", "measure": "top_performers_any"}, 27.1),
            Spot({"ref_area": "COL", "measure": "low_performers_all"}, 43.9),
        ),
    ),
    _summary(
        EQUITY,
        {
            "variance_explained": (
                "science_variance_explained_by_escs_pct",
                _percent(
                    "Variance in science explained by status",
                    "lower",
                    (5, 20),
                    "Share of the variance in science scores that the index of economic, social and cultural status "
                    "explains.",
                ),
            ),
            "resilient": (
                "resilient_pct",
                _percent(
                    "Resilient students",
                    "higher",
                    (8, 16),
                    "Share of students in the bottom quarter of status who are in the top quarter of science scores of "
                    "their country.",
                ),
            ),
            "score_gap": (
                "gap_advantaged_disadvantaged",
                _points("Top minus bottom quarter of status, science", (0, 200), (60, 110), "lower"),
            ),
            "change_disadvantaged": (
                "change_disadvantaged",
                _points("Change 2022-2025, bottom quarter of status", (-60, 60), (-15, 20), "higher"),
            ),
            "change_advantaged": (
                "change_advantaged",
                _points("Change 2022-2025, top quarter of status", (-60, 60), (-20, 10), "higher"),
            ),
            "change_gap": (
                "change_gap",
                _points("Change 2022-2025 of the gap between the quarters", (-60, 60), (-30, 10), "lower"),
            ),
            "non_immigrant_mean": (
                "non_immigrant_mean",
                _points("Mean in science, students without immigrant background", (200, 700), (450, 530)),
            ),
            "immigrant_mean": (
                "immigrant_mean",
                _points("Mean in science, students with immigrant background", (200, 700), (400, 520)),
            ),
            "immigrant_difference": (
                "immigrant_difference",
                _points("Students with minus without immigrant background, science", (-150, 150), (-70, 0)),
            ),
        },
        name="pisa-2025-equity",
        label="PISA 2025: science by social and immigrant background",
        definition="How results in science of 15-year-old students differ by economic, social and cultural status (ESCS; "
        "quarters within the country) and by immigrant background, PISA 2025, and what changed since 2022.",
        caveats=(
            NO_ERRORS,
            "Measures that begin with change_ are differences between PISA 2025 and PISA 2022; their OECD-average is that "
            "of 35 members, without Costa Rica, Luxembourg and Spain.",
            "OECD-average of the measures on immigrant background is without Colombia, Costa Rica, Japan, Korea, "
            "Luxembourg, Mexico, Poland, Spain and Türkiye.",
            "Costa Rica has no values in this table.",
            COVERAGE,
            SAMPLING,
        ),
        spots=(
            Spot({"ref_area": "SVK", "measure": "variance_explained"}, 20.7),
            Spot({"ref_area": "LUX", "measure": "score_gap"}, 130, tolerance=0),
        ),
    ),
    _summary(
        DISPOSITIONS,
        {
            "perseverance": ("perseverance_index", _index("Perseverance (index)")),
            "curiosity": ("curiosity_index", _index("Curiosity (index)")),
            "goal_setting": ("goal_setting_index", _index("Setting goals (index)")),
            "help_seeking": ("help_seeking_index", _index("Seeking help (index)")),
            "nature_of_science": ("nature_of_science_index", _index("Beliefs about the nature of science (index)")),
            "cognitive_adaptability": ("cognitive_adaptability_index", _index("Cognitive adaptability (index)")),
            "growth_mindset": ("growth_mindset_pct", _percent("Growth mindset", "higher", (50, 85))),
            "hasty_responses": (
                "hasty_responses_pct",
                _percent(
                    "Hasty responses in reading",
                    "lower",
                    (4, 15),
                    "Share of responses that are both wrong and faster than the task allows, average of reading items.",
                ),
            ),
        },
        name="pisa-2025-dispositions",
        label="PISA 2025: perseverance, curiosity, goals, mindset",
        definition="How 15-year-old students describe their approach to learning, and the share of their hasty responses in "
        "reading, PISA 2025.",
        caveats=(NO_ERRORS, INDEX, "Students' own accounts, which differ in habits of answering.", COVERAGE, SAMPLING),
        spots=(
            Spot({"ref_area": "CRI", "measure": "perseverance"}, 0.51, tolerance=0.005),
            Spot({"ref_area": "EST", "measure": "growth_mindset"}, 83.0),
        ),
    ),
    _summary(
        CLIMATE,
        {
            "disciplinary_climate": (
                "disciplinary_climate_index",
                _index("Disciplinary climate in science lessons (index)"),
            ),
            "no_bullying": ("absence_of_bullying_pct", _percent("Students who are not bullied", "higher", (35, 75))),
            "no_truancy": ("lack_of_truancy_pct", _percent("Students who do not play truant", "higher", (40, 90))),
            "belonging": ("belonging_index", _index("Sense of belonging at school (index)")),
            "value_of_school": (
                "value_of_learning_at_school_pct",
                _percent(
                    "School prepares for adult life",
                    "higher",
                    (35, 75),
                    "Share of students who reject the statement that school did little to prepare them for adult life.",
                ),
            ),
            "social_mobility": (
                "social_mobility_views_pct",
                _percent("Students who see chances of social mobility", "higher", (55, 76)),
            ),
        },
        name="pisa-2025-climate",
        label="PISA 2025: climate, belonging, bullying, value of school",
        definition="School climate and views of school as 15-year-old students report them, PISA 2025.",
        caveats=(NO_ERRORS, INDEX, COVERAGE, SAMPLING),
        spots=(
            Spot({"ref_area": "KOR", "measure": "disciplinary_climate"}, 1.32, tolerance=0.005),
            Spot({"ref_area": "DEU", "measure": "value_of_school"}, 24.6),
        ),
    ),
    _summary(
        DIGITAL,
        {
            "digital_capacity": (
                "school_capacity_digital_index",
                _index("Schools' capacity to teach with digital devices (index)"),
            ),
            "ai_weekly": (
                "ai_at_least_weekly_pct",
                _percent("Students who use AI at least weekly to help them learn", "neither", (30, 60)),
            ),
            "assess_ai_information": (
                "learn_to_assess_ai_information_pct",
                _percent("Students who learn in lessons to assess information made by AI", "higher", (45, 80)),
            ),
            "no_digital_distraction": (
                "no_digital_distraction_pct",
                _percent("Students who report no distraction by digital devices", "higher", (20, 60)),
            ),
            "phones_not_allowed": (
                "cell_phones_not_allowed_pct",
                _percent("Students in schools where phones are not allowed", "neither", (20, 90)),
            ),
            "subject_guidelines": (
                "subject_guidelines_on_devices_pct",
                _percent("Students in schools with guidelines on devices by subject", "neither", (50, 90)),
            ),
        },
        name="pisa-2025-digital",
        label="PISA 2025: artificial intelligence, devices and phones",
        definition="What 15-year-old students say of artificial intelligence and of distraction, and their principals of "
        "digital capacity, phones and guidelines, PISA 2025.",
        caveats=(NO_ERRORS, INDEX, PRINCIPALS, COVERAGE, SAMPLING),
        spots=(
            Spot({"ref_area": "FIN", "measure": "phones_not_allowed"}, 5.2),
            Spot({"ref_area": "JPN", "measure": "ai_weekly"}, 27.4),
            Spot({"ref_area": "OECD-average", "measure": "ai_weekly"}, 45.5),
        ),
    ),
    _summary(
        SUPPORT,
        {
            "family_support": ("family_support_index", _index("Family support (index)")),
            "teacher_support": ("teacher_support_index", _index("Teacher support in science lessons (index)")),
            "no_teacher_shortage": (
                "no_teacher_shortage_pct",
                _percent("Students in schools without shortage of teachers", "higher", (8, 62)),
            ),
            "peer_tutoring": (
                "peer_tutoring_pct",
                _percent("Students in schools with peer-to-peer tutoring", "higher", (20, 82)),
            ),
            "no_material_shortage": (
                "no_material_shortage_pct",
                _percent("Students in schools without shortage of materials", "higher", (10, 82)),
            ),
        },
        name="pisa-2025-support",
        label="PISA 2025: support by families and teachers, shortages at school",
        definition="Support as 15-year-old students perceive it, and shortages and tutoring as their principals report "
        "them, PISA 2025.",
        caveats=(NO_ERRORS, INDEX, PRINCIPALS, COVERAGE, SAMPLING),
        spots=(
            Spot({"ref_area": "JPN", "measure": "no_teacher_shortage"}, 3.5),
            Spot({"ref_area": "KOR", "measure": "peer_tutoring"}, 80.3),
        ),
    ),
    Table(
        name="pisa-2025-relative-problem-solving",
        label="PISA 2025: problem solving relative to science, reading, mathematics",
        definition="Mean score in computational problem solving above or below what students' results in another domain "
        "let expect, PISA 2025, with standard error.",
        measures={
            "relative_score": Measure(
                "Problem solving relative to another domain", "PISA_SCORE", (-60, 60), (-10, 20), "higher"
            )
        },
        source=RELATIVE,
        further=(PERFORMANCE,),
        read=read_relative,
        dimensions={"domain": pisa.DOMAIN},
        caveats=(
            "domain is what is held against: science, reading or mathematics of the same students.",
            "The expectation follows from all systems that took the test, so that the mean over members is not zero.",
            SAMPLING,
        ),
        spots=(
            Spot({"ref_area": "AUS", "domain": "science"}, 19.01434, 0.78586, tolerance=0.00001),
            Spot({"ref_area": "BEL", "domain": "mathematics"}, 5.23551, 1.04253, tolerance=0.00001),
        ),
    ),
    Table(
        name="pisa-2025-regions",
        label="PISA 2025: mean scores of regions of Belgium, Italy, Spain and the United Kingdom",
        definition="Mean score of 15-year-old students in 31 regions of four countries, PISA 2025, with standard error.",
        measures={"mean_score": Measure("Mean score", "PISA_SCORE", (200, 700), (430, 510), "higher")},
        source=REGIONS,
        read=read_regions,
        dimensions={"domain": pisa.DOMAIN},
        caveats=(
            "Regions as the countries chose them, which are no statistical regions: communities in Belgium, parts of Italy "
            "beside the province of Bolzano, autonomous communities and cities of Spain, nations of the United Kingdom.",
            "Catalonia has no result of its own: statements on the highest or lowest region of Spain leave it out.",
            "The copy did not name the domains; their order was inferred from the values of the United Kingdom, and the "
            "means of Belgium, Italy and the United Kingdom lie among those of their regions in each domain.",
            SAMPLING,
        ),
        spots=(
            Spot({"ref_area": "GB-ENG", "domain": "mathematics"}, 491.6, 2.6),
            Spot({"ref_area": "GB-ENG", "domain": "reading"}, 497.1, 2.4),
            Spot({"ref_area": "GB-ENG", "domain": "science"}, 515.8, 2.5),
            Spot({"ref_area": "IT-BZ", "domain": "science"}, 497.0, 1.6),
        ),
    ),
)


FAMILY = Family(TABLES, compare=compare)
