"""How strong the studies of a lever are together, by one stated rule that anybody can recompute by hand.

The rule, which ``data/code-lists/study-grades.csv`` states grade by grade:

1. Counted are findings with a sign that are direct: the lever itself was tried or observed on this outcome.
2. One vote a trial: all counted findings of a trial, or of a work that shares its trial with no other, on one lever and one
   outcome are one vote. Its design is the strongest among them. Its sign is theirs where they agree, and *mixed* otherwise.
   A study that a synthesis pools, and of which that is known, has its vote in that of the synthesis.
3. The class of a design (``data/code-lists/study-designs.csv``) is test, synthesis, comparison, association or
   description. A synthesis pools the estimates of tests and comparisons, and counts once, like a test. A review without
   pooled estimate counts as an association. Descriptions have no vote. A test that its authors or an outside reader call
   insecure counts as a comparison.
4. Only tests, syntheses and comparisons decide how sure a sign is. They agree if at least two thirds have the same sign.
5. The grade of a lever is that of the outcome with most votes that decide, then most tests and syntheses, then most votes.

The grade says how sure the sign is, not that the lever helps: that nothing changes may be strong, too.

Not here: what a study is (``crossroads.evidence.studies``), tables and charts (notebooks).
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

import pandas as pd

# Strongest first, as grades are too.
CLASSES = ("tests", "syntheses", "comparisons", "associations")
SIGNS = ("positive", "none", "negative", "mixed")
AGREEMENT = Fraction(2, 3)
STRONG, MODERATE, CONTESTED, LIMITED, NONE = GRADES = ("strong", "moderate", "contested", "limited", "none")
MANY = 3
SINGULAR = ("test", "synthesis", "comparison", "association")
CodeList = Mapping[str, Mapping[str, str]]


def votes(findings: pd.DataFrame, designs: CodeList) -> pd.DataFrame:
    """Turn findings into votes, one a trial, lever and outcome.

    Parameters
    ----------
    findings : DataFrame
        ``study, trial, lever, outcome, design, sign, direct, pooled_in, insecure``, as
        :func:`crossroads.evidence.studies.records` has them.
    designs : mapping of str to mapping
        The code list of designs: by code, a row with its ``class``.

    Returns
    -------
    DataFrame
        ``lever, outcome, trial, class, sign, studies``: the studies of the trial joined with ``;``. Findings without
        a vote are not in it.

    Raises
    ------
    ValueError
        If a design has no class, or a sign is unknown.
    """
    classes = {code: row["class"] for code, row in designs.items()}
    unknown = set(findings["design"]) - set(classes) or set(findings["sign"].dropna()) - set(SIGNS)
    if unknown:
        raise ValueError(f"unknown design or sign {min(unknown)!r}; expected one of {', '.join([*classes, *SIGNS])}")
    counted = findings[findings["lever"].notna() & findings["sign"].notna() & findings["direct"].astype(bool)]
    counted = counted.assign(
        trial=counted["trial"].fillna(counted["study"]), **{"class": counted["design"].map(classes)}
    )
    insecure = counted["insecure"].astype(bool) & (counted["class"] == "tests")
    counted["class"] = counted["class"].mask(insecure, "comparisons")
    counted = counted[counted["class"].isin(CLASSES)]
    counted = counted[~_pooled(counted)]
    groups = counted.groupby(["lever", "outcome", "trial"], sort=False)
    made = [
        {
            **dict(zip(("lever", "outcome", "trial"), key, strict=True)),
            "class": min(group["class"], key=CLASSES.index),
            "sign": joined_sign(group["sign"]),
            "studies": ";".join(dict.fromkeys(group["study"])),
        }
        for key, group in groups
    ]
    return pd.DataFrame(made, columns=["lever", "outcome", "trial", "class", "sign", "studies"])


def _pooled(counted: pd.DataFrame) -> pd.Series:
    """Say which findings a synthesis has pooled that has a vote on the same lever and outcome."""
    votes_of = set(zip(counted["study"], counted["lever"], counted["outcome"], strict=True))
    said = zip(counted["pooled_in"], counted["lever"], counted["outcome"], strict=True)
    return pd.Series(
        [any((key, lever, outcome) in votes_of for key in keys.split(";")) for keys, lever, outcome in said],
        counted.index, dtype=bool,
    )  # fmt: skip


def joined_sign(signs: Iterable[str]) -> str:
    """Return the sign of findings of one trial: theirs where they agree, ``"mixed"`` otherwise."""
    found = set(signs)
    return found.pop() if len(found) == 1 else "mixed"


def grade(classes: Iterable[str], signs: Iterable[str]) -> tuple[str, str | None]:
    """Grade the votes of one lever on one outcome.

    Parameters
    ----------
    classes, signs : iterable of str
        Of each vote.

    Returns
    -------
    grade : {"strong", "moderate", "contested", "limited", "none"}
    sign : {"positive", "none", "negative", "mixed"} or None
        Of the votes that decide: tests, syntheses and comparisons, or, where there are none, associations. ``"mixed"`` where fewer
        than two thirds agree; None without votes.
    """
    pairs = [*zip(classes, signs, strict=True)]
    deciding = [pair for pair in pairs if pair[0] != "associations"] or pairs
    if not deciding:
        return NONE, None
    counts = {sign: sum(found == sign for _, found in deciding) for sign in SIGNS}
    sign = max(SIGNS, key=lambda name: counts[name])
    agree = Fraction(counts[sign], len(deciding)) >= AGREEMENT and sign != "mixed"
    tests, n = sum(name in CLASSES[:2] for name, _ in deciding), len(deciding)
    said = sign if agree else "mixed"
    if deciding[0][0] == "associations" or (n == 1 and not tests):
        return LIMITED, said
    if not agree:
        return CONTESTED, said
    return (STRONG if n >= MANY and tests else MODERATE), said


def by_outcome(cast: pd.DataFrame, overrides: Iterable[Mapping[str, str]] = ()) -> pd.DataFrame:
    """Grade each lever on each outcome.

    Parameters
    ----------
    cast : DataFrame
        As :func:`votes` returns it.
    overrides : iterable of mapping
        Grades set by hand, with ``lever, outcome, grade, reason``; those of levers that are not among the votes are
        passed over.

    Returns
    -------
    DataFrame
        ``lever, outcome``, the numbers of votes by class and by sign, ``grade`` and ``sign``,
        ``computed`` and ``reason``: what the rule gives and why the grade is another, if it is.

    Raises
    ------
    ValueError
        If an override speaks of a lever and outcome without votes, or says what the rule gives anyhow.
    """
    levers = set(cast["lever"])
    by_hand = {(entry["lever"], entry["outcome"]): entry for entry in overrides if entry["lever"] in levers}
    made = []
    for (lever, outcome), group in cast.groupby(["lever", "outcome"], sort=False):
        computed, sign = grade(group["class"], group["sign"])
        entry = by_hand.pop((lever, outcome), None)
        if entry and entry["grade"] == computed:
            raise ValueError(f"the override of {lever} and {outcome} says {computed!r}, as the rule does; delete it")
        made.append(
            {
                "lever": lever,
                "outcome": outcome,
                **{name: int((group["class"] == name).sum()) for name in CLASSES},
                **{f"n_{name}": int((group["sign"] == name).sum()) for name in SIGNS},
                "grade": entry["grade"] if entry else computed,
                "sign": sign,
                "computed": computed,
                "reason": entry["reason"] if entry else "",
            }
        )
    if by_hand:
        lever, outcome = min(by_hand)
        raise ValueError(f"an override speaks of {lever} and {outcome}, on which no study has a vote; delete it")
    columns = ["lever", "outcome", *CLASSES, *(f"n_{name}" for name in SIGNS), "grade", "sign", "computed", "reason"]
    return pd.DataFrame(made, columns=columns)


def by_lever(graded: pd.DataFrame, levers: Iterable[str], outcomes: Iterable[str]) -> pd.DataFrame:
    """Grade each lever by the outcome that most studies tested.

    Parameters
    ----------
    graded : DataFrame
        As :func:`by_outcome` returns it.
    levers, outcomes : iterable of str
        All there are, in order; among outcomes that are alike in everything else the first is taken.

    Returns
    -------
    DataFrame
        One row a lever with the columns of :func:`by_outcome`; without votes the grade is ``"none"``, the outcome missing.
    """
    order = {outcome: place for place, outcome in enumerate(outcomes)}
    ranked = graded.assign(
        deciding=graded[[*CLASSES[:3]]].sum(axis=1),
        testing=graded[[*CLASSES[:2]]].sum(axis=1),
        votes=graded[[*CLASSES]].sum(axis=1),
        place=-graded["outcome"].map(order),
    ).sort_values(["deciding", "testing", "votes", "place"], ascending=False)
    first = ranked.drop_duplicates("lever").set_index("lever")[list(graded.columns.drop("lever"))]
    first = first.reindex([*levers])
    counts = [*CLASSES, *(f"n_{name}" for name in SIGNS)]
    filled = {"grade": NONE, "computed": NONE, "reason": "", **dict.fromkeys(counts, 0)}
    return first.fillna(filled).astype(dict.fromkeys(counts, int)).rename_axis("lever").reset_index()


def told(
    graded: pd.DataFrame, cast: pd.DataFrame, findings: pd.DataFrame, lists: Mapping[str, CodeList]
) -> pd.DataFrame:
    """Put grades into words and name the studies behind each, so that it can be recomputed by hand.

    Parameters
    ----------
    graded, cast : DataFrame
        As :func:`by_outcome` and :func:`votes` return them.
    findings : DataFrame
        With ``study, authors, year``.
    lists : mapping of str to mapping
        Code lists ``levers, outcomes, grades, signs``: by code, a row with its ``label``.

    Returns
    -------
    DataFrame
        In the order of the code lists, with ``lever_name, outcome_name``, ``grade_name`` such as ``"Strong (better)"``, and
        ``studies`` such as ``"Better: Burgess et al. 2021 (test). No difference: Murphy et al. 2017 (test)."``
    """
    labels = {name: {code: row["label"] for code, row in lists[name].items()} for name in ("levers", "outcomes")}
    order = {name: {code: place for place, code in enumerate(lists[name])} for name in labels}
    made = graded.sort_values(["lever", "outcome"], key=lambda codes: codes.map(order[f"{codes.name}s"]))
    made = made.assign(
        lever_name=made["lever"].map(labels["levers"]), outcome_name=made["outcome"].map(labels["outcomes"])
    )
    made["grade_name"] = [phrase(row.grade, row.sign, lists) for row in made.itertuples()]
    names = {
        row.study: f"{row.authors} {'undated' if pd.isna(row.year) else int(row.year)}" for row in findings.itertuples()
    }
    groups = {key: _listed(group, names, lists["signs"]) for key, group in cast.groupby(["lever", "outcome"])}
    made["studies"] = [groups[row.lever, row.outcome] for row in made.itertuples()]
    return made.reset_index(drop=True)


def _listed(group: pd.DataFrame, names: Mapping[str, str], signs: CodeList) -> str:
    """Name studies by what they found, those of the strongest class first."""
    parts = []
    for sign in SIGNS:
        rows = [
            (CLASSES.index(kind), " and ".join(names[one] for one in joined.split(";")))
            for kind, joined, found in zip(group["class"], group["studies"], group["sign"], strict=True)
            if found == sign
        ]
        said = ", ".join(f"{name} ({SINGULAR[place]})" for place, name in sorted(rows))
        parts += [f"{signs[sign]['label'].capitalize()}: {said}."] if said else []
    return " ".join(parts)


def phrase(grade_: str, sign: object, lists: Mapping[str, CodeList]) -> str:
    """Write a grade with its sign: ``"Strong (better)"``; a contested grade, or none, has no sign to tell."""
    has_sign = isinstance(sign, str) and grade_ not in (CONTESTED, NONE)
    return lists["grades"][grade_]["label"] + (f" ({lists['signs'][str(sign)]['label']})" if has_sign else "")


def counted(row: Mapping[str, int], words: Mapping[str, str]) -> str:
    """Write counts that are not zero, such as ``"3 tests, 1 synthesis"``.

    Parameters
    ----------
    row : mapping
        Counts by name.
    words : mapping of str to str
        By name, the word for what is counted, in the order in which to write it.
    """
    return ", ".join(f"{row[name]} {word}" for name, word in words.items() if row[name])
