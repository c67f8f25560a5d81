"""Profiles of countries: distance from an average, tests, rank bands, and sentences that say no more than these.

A profile compares one country with many others on many indicators. Three things go wrong easily: a country is part
of the average that it is compared with; of many tests some succeed by chance; and a rank suggests an order that the
errors do not allow. :func:`differences`, :func:`verdicts` and :func:`rank_bands` take care of one each. The functions
after them turn their results into sentences by rules that are the same for every country: only a tested difference
is called one, nothing is said of a value that is missing, and what is not as one would wish is asked, not judged.

Not here: averages, similar countries and change (`crossroads.indicators`), the choice and the wording of indicators
(the notebook), pages.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from string import Formatter

import numpy as np
import pandas as pd

from crossroads import indicators, intervals, regions
from crossroads.columns import AREA, BREAK, ERROR, NOT_COMPARABLE, STATUS, VALUE, flagged
from crossroads.numbers import amount, enumerate_words, in_words

INDICATOR = "indicator"
FREEDOM = "degrees_of_freedom"
ABSENT = "; no value, so perhaps lower or higher: "
HIGHER, LOWER, UNCLEAR, UNTESTED, MISSING = "higher", "lower", "not clear", "not tested", "m"
STRENGTH, QUESTION = "strength", "question"
BETTER, WORSE = "better", "worse"
NAMED_PEERS = 5
# Points by which a share may differ from that of the year before where the definition differs, and times within two years.
REDEFINED_BY, JUMP = 10, 1.8
# Names that English gives an article.
WITH_ARTICLE = ("Flemish Community", "Netherlands", "Slovak Republic", "United Kingdom", "United States")


class ProfileError(ValueError):
    """Tables from which no profile can be made; the message says what was found and what to do."""


# -- statistics ---------------------------------------------------------------------------------------------


def differences(values: pd.DataFrame, averages: pd.DataFrame) -> pd.DataFrame:
    """Subtract an average from the value of each area, which may be part of that average.

    Parameters
    ----------
    values : DataFrame
        One row per ``indicator`` and ``ref_area``, with ``obs_value``, ``std_error`` and the boolean ``averaged``: the
        area is counted in the average.
    averages : DataFrame
        One row per ``indicator``: ``obs_value``, ``std_error``, ``n_areas``.

    Returns
    -------
    DataFrame
        ``indicator``, ``ref_area``, ``reference`` (the average), ``n_areas``, ``obs_value`` (the difference) and its
        ``std_error``, missing where value or average have none.

    Notes
    -----
    An area with standard error s that is one of the n in an average with standard error S shares a part of its error
    with it. The variance of the difference is s^2 + S^2 - 2 s^2 / n; without the last term a test finds too little.
    """
    _require(values, [INDICATOR, AREA, VALUE, ERROR, "averaged"], [INDICATOR, AREA])
    _require(averages, [INDICATOR, VALUE, ERROR, "n_areas"], [INDICATOR])
    means = averages[[INDICATOR, VALUE, ERROR, "n_areas"]].rename(columns={VALUE: "reference", ERROR: "_error"})
    table = values[[INDICATOR, AREA, VALUE, ERROR, "averaged"]].merge(means, on=INDICATOR, how="left")
    if table["reference"].isna().any():
        lacking = table.loc[table["reference"].isna(), INDICATOR].iloc[0]
        raise ProfileError(f"{lacking!r} has no average; give one for each indicator")
    own = table[ERROR] ** 2
    variance = own + table["_error"] ** 2 - 2 * own / table["n_areas"] * table["averaged"].astype(float)
    table[VALUE], table[ERROR] = table[VALUE] - table["reference"], np.sqrt(variance).where(table[VALUE].notna())
    return table[[INDICATOR, AREA, "reference", "n_areas", VALUE, ERROR]]


def circumstances(well_being: pd.DataFrame, attainment: pd.DataFrame, areas: Sequence[str]) -> pd.DataFrame:
    """Say what families have and what adults have learned in each area: by these two, systems are similar.

    Parameters
    ----------
    well_being : DataFrame
        The OECD's regional well-being, of which disposable income per head of the 2022 edition is taken.
    attainment : DataFrame
        Attainment of adults aged 25 to 64; the latest value of 2019 to 2022 is taken.
    areas : sequence of str
        Countries wanted.

    Returns
    -------
    DataFrame
        Index ``ref_area``: ``income`` (its logarithm), ``tertiary`` and ``below_upper_secondary`` (per cent), as
        `crossroads.indicators.benchmark` takes them; missing where the source has none. Of an area without income all are
        missing: alike in education alone is not alike.
    """
    rows = well_being["edition"].astype(str).eq("2022") & well_being["ref_area_type"].eq("country")
    income = well_being[rows & well_being["measure"].eq("disposable_income") & well_being[AREA].isin(areas)]
    known = {"income": np.log(income.set_index(AREA)[VALUE])}
    for group in ("tertiary", "below_upper_secondary"):
        adults = attainment[attainment["attainment_group"].eq(group) & attainment[AREA].isin(areas)]
        known[group] = indicators.latest(adults, 2022, 3, areas=areas).set_index(AREA)[VALUE]
    table = pd.DataFrame(known)
    return table.where(table["income"].notna())


def redefined(values: pd.DataFrame, series: pd.DataFrame) -> pd.Series:
    """Find shares whose definition changed since the year before, so that they can be told and not compared.

    Parameters
    ----------
    values : DataFrame
        One row per ``indicator`` and ``ref_area``: ``year``, ``obs_value``, ``obs_status`` and ``unit``.
    series : DataFrame
        All years: ``indicator``, ``ref_area``, ``year``, ``obs_value``.

    Returns
    -------
    Series
        By the index of ``values`` the value of the year before, where the value is in per cent, is flagged d (the
        definition differs) and is more than ten points away from it; missing for all others.
    """
    before = _years_before(values, series, 1)
    share = values["unit"].eq("%") & flagged(values, NOT_COMPARABLE)
    return before.where(share & ((values[VALUE] - before).abs() > REDEFINED_BY))


def jumps(values: pd.DataFrame, series: pd.DataFrame) -> pd.Series:
    """Find values that nearly doubled, or fell to nearly half, within two years, though no break is flagged.

    Parameters
    ----------
    values, series : DataFrame
        As :func:`redefined` takes them.

    Returns
    -------
    Series
        By the index of ``values`` the value of two years before; missing where it was neither so low nor so high, and
        where the value is flagged b or d, which says so.
    """
    before = _years_before(values, series, 2)
    ratio = values[VALUE] / before
    said = flagged(values, BREAK) | flagged(values, NOT_COMPARABLE)
    return before.where(((ratio >= JUMP) | (ratio <= 1 / JUMP)) & ~said)


def _years_before(values: pd.DataFrame, series: pd.DataFrame, years: int) -> pd.Series:
    """Return the value of the same area and indicator some years before, by the index of ``values``."""
    _require(values, [INDICATOR, AREA, "year", VALUE, STATUS, "unit"], [INDICATOR, AREA])
    _require(series, [INDICATOR, AREA, "year", VALUE], [INDICATOR, AREA, "year"])
    then = series[[INDICATOR, AREA, "year", VALUE]].assign(year=series["year"] + years)
    found = values[[INDICATOR, AREA, "year"]].merge(then, on=[INDICATOR, AREA, "year"], how="left")
    return found[VALUE].set_axis(values.index).astype(float)


def verdicts(comparisons: pd.DataFrame, family: Sequence[str] = (AREA,)) -> pd.DataFrame:
    """Test differences and say in a word what follows, with all tests of a family adjusted together.

    Parameters
    ----------
    comparisons : DataFrame
        Differences in ``obs_value`` with ``std_error``, perhaps with ``degrees_of_freedom`` (infinite where they are
        missing); one row a comparison.
    family : sequence of str
        Columns that name a family of tests: those that a reader meets side by side, by default all of one area.

    Returns
    -------
    DataFrame
        The rows with ``lower`` and ``upper`` (95 %, not adjusted), ``p_value``, ``p_adjusted`` (Benjamini and
        Hochberg's false-discovery rate), ``n_tests`` (of the family) and ``verdict``: ``higher`` or ``lower`` where
        the adjusted test says so, ``not clear`` where it does not, ``not tested`` without a standard error, ``m``
        without a difference.
    """
    _require(comparisons, [*family, VALUE, ERROR])
    table = comparisons.reset_index(drop=True)
    if FREEDOM in table:
        table[FREEDOM] = table[FREEDOM].fillna(np.inf)
    table = intervals.with_test(table, family=family, degrees_of_freedom=FREEDOM if FREEDOM in table else np.inf)
    signs = np.where(table[VALUE] > 0, HIGHER, LOWER)
    table["verdict"] = np.where(table.pop("significant").fillna(False), signs, UNCLEAR)
    table["verdict"] = table["verdict"].mask(table["p_value"].isna(), UNTESTED).mask(table[VALUE].isna(), MISSING)
    return table


def rank_bands(values: pd.DataFrame) -> pd.DataFrame:
    """Rank the areas of each indicator from the highest value, with the ranks that the errors leave open.

    Parameters
    ----------
    values : DataFrame
        One row per ``indicator`` and ``ref_area``, with ``obs_value`` and ``std_error``.

    Returns
    -------
    DataFrame
        ``indicator``, ``ref_area``, ``rank`` (1 is the highest; equal values share the better rank), ``rank_first``
        and ``rank_last`` (missing without a standard error), ``n_ranked``, ``rank_from_lowest`` (1 is the lowest) and
        ``quarter``: ``highest`` or ``lowest`` if the rank, and those equal to it, lie in that quarter of the areas with
        a value; else empty.

    Notes
    -----
    The band runs from one plus the number of areas that are higher by a test at 5 % to their number less those that
    are lower. The tests are made in pairs and are not adjusted; the band is for orientation, not for claims.
    """
    _require(values, [INDICATOR, AREA, VALUE, ERROR], [INDICATOR, AREA])
    critical, parts = intervals.critical_value(), []
    for _, rows in values[values[VALUE].notna()].groupby(INDICATOR, sort=False):
        value, error, n = rows[VALUE].to_numpy(float), rows[ERROR].to_numpy(float), len(rows)
        z = (value[None, :] - value[:, None]) / np.hypot(error[None, :], error[:, None])
        best, worst = 1 + (value[None, :] > value[:, None]).sum(1), (value[None, :] >= value[:, None]).sum(1)
        known = np.isfinite(error)
        part = rows[[INDICATOR, AREA]].assign(
            rank=best.astype(int),
            rank_first=np.where(known, 1 + (z > critical).sum(1), np.nan),
            rank_last=np.where(known, n - (z < -critical).sum(1), np.nan),
            n_ranked=n,
            rank_from_lowest=(1 + n - worst).astype(int),
            quarter=np.where(worst <= n / 4, "highest", np.where(n + 1 - best <= n / 4, "lowest", "")),
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def sides(rows: pd.DataFrame, verdict: str) -> pd.Series:
    """Turn a verdict, which says higher or lower, into better or worse.

    Parameters
    ----------
    rows : DataFrame
        ``direction`` (1: more is better, -1: less is better, 0: neither) and the column of the verdict.
    verdict : str
        Name of that column.

    Returns
    -------
    Series
        ``better`` or ``worse``; empty without a tested difference, and always where there is no better side.
    """
    _require(rows, ["direction", verdict])
    sign = rows[verdict].map({HIGHER: 1, LOWER: -1}).fillna(0) * rows["direction"]
    return sign.map({1: BETTER, -1: WORSE, 0: ""})


def classify(rows: pd.DataFrame) -> pd.Series:
    """Say which results are strengths and which raise a question.

    Parameters
    ----------
    rows : DataFrame
        ``direction`` (1: more is better, -1: less is better, 0: neither), ``obs_value``, ``average``, ``peer_mean``,
        ``average_verdict`` and ``peer_verdict``.

    Returns
    -------
    Series
        ``strength``: better than the average or than similar countries by a test, and on the less favourable side of
        neither, tested or not. ``question``: worse than one of them by a test, whatever the other says. Empty for all
        else, and always where neither more nor less is better.
    """
    average, peers = sides(rows, "average_verdict"), sides(rows, "peer_verdict")
    worse = (average == WORSE) | (peers == WORSE)
    better = ((average == BETTER) | (peers == BETTER)) & ~behind(rows)
    return pd.Series(np.where(worse, QUESTION, np.where(better, STRENGTH, "")), rows.index)


def behind(rows: pd.DataFrame) -> pd.Series:
    """Say which results lie on the less favourable side of the average or of similar countries, tested or not.

    Parameters
    ----------
    rows : DataFrame
        ``direction``, ``obs_value``, ``average`` and ``peer_mean``, which may be missing.

    Returns
    -------
    Series of bool
    """
    _require(rows, ["direction", VALUE, "average", "peer_mean"])
    gaps = [(rows[VALUE] - rows[reference]) * rows["direction"] for reference in ("average", "peer_mean")]
    return (gaps[0] < 0) | (gaps[1] < 0)


def uphold(rows: pd.DataFrame, rivals: Mapping[str, Sequence[str]], fallen: Mapping[str, Collection[str]]) -> pd.Series:
    """Take back strengths that another result of the same country speaks against.

    Parameters
    ----------
    rows : DataFrame
        One row per ``indicator`` and ``ref_area``, with ``kind`` (as :func:`classify` gives it), ``direction``,
        ``obs_value`` and ``average``.
    rivals : mapping of str to sequence of str
        By indicator those that measure the same, perhaps in a newer round: it is no strength where one of them raises a
        question or lies on the less favourable side of the average, tested or not.
    fallen : mapping of str to collection of str
        By indicator the areas in which scores fell since, so clearly that the page asks about it.

    Returns
    -------
    Series
        ``kind`` without these strengths.
    """
    _require(rows, [INDICATOR, AREA, "kind", "direction", VALUE, "average"], [INDICATOR, AREA])
    adverse = (rows["kind"] == QUESTION) | ((rows[VALUE] - rows["average"]) * rows["direction"] < 0)
    against = set(zip(rows.loc[adverse, AREA], rows.loc[adverse, INDICATOR], strict=True))
    lost = [
        any((area, rival) in against for rival in rivals.get(indicator, ())) or area in fallen.get(indicator, ())
        for area, indicator in zip(rows[AREA], rows[INDICATOR], strict=True)
    ]
    return rows["kind"].mask((rows["kind"] == STRENGTH) & pd.Series(lost, rows.index), "")


def choose_questions(
    rows: pd.DataFrame, standing: pd.DataFrame, facts: pd.DataFrame, wordings: pd.DataFrame
) -> pd.Series:
    """Choose a question for each result by what else stands out on the page, and none twice.

    Parameters
    ----------
    rows : DataFrame
        Results that raise a question, in the order of the page: ``ref_area`` and ``indicator``.
    standing : DataFrame
        Index ``ref_area``; a column an indicator: how the country stands there, in a word that the conditions use.
    facts : DataFrame
        Index ``ref_area``; words such as "470 points" by a name that questions have in braces.
    wordings : DataFrame
        ``indicator``, ``when`` (a condition on the columns of ``standing``, as `pandas.DataFrame.eval` takes it; empty:
        always) and ``question``, for each indicator in the order in which they are tried.

    Returns
    -------
    Series
        By the index of ``rows``: the first question whose condition holds, whose facts are known and that the page has
        not asked; empty where all were asked.

    Raises
    ------
    ProfileError
        If an indicator has no question that can always be asked, or a question names a fact that is no column.
    """
    needed = [[name for _, name, _, _ in Formatter().parse(text) if name] for text in wordings["question"]]
    if strange := sorted({name for names in needed for name in names} - set(facts)):
        raise ProfileError(f"a question names {', '.join(strange)}, which is no column of the facts")
    plain = pd.Series([not names for names in needed], wordings.index)
    always = set(wordings.loc[(wordings["when"] == "") & plain, INDICATOR])
    if lacking := sorted(set(rows[INDICATOR]) - always):
        raise ProfileError(f"no question for {', '.join(lacking)} holds always; add one without condition and facts")
    held = [standing.eval(when) if when else pd.Series(True, standing.index) for when in wordings["when"]]
    facts = facts.reindex(standing.index)
    holds = [one & facts[names].notna().all(axis=1) for one, names in zip(held, needed, strict=True)]
    asked: dict[str, set[str]] = {}
    chosen = []
    for row in rows.itertuples():
        there = asked.setdefault(row.ref_area, set())
        found = ""
        for entry, possible in zip(wordings.itertuples(), holds, strict=True):
            if entry.indicator == row.indicator and possible[row.ref_area] and entry.question not in there:
                found = entry.question
                break
        there.add(found)
        chosen.append(found.format_map(facts.loc[row.ref_area]))
    return pd.Series(chosen, rows.index, dtype=object)


def extremes(values: pd.DataFrame, by: Sequence[str], national: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Find the lowest and the highest region of each group, and the regions that could be lower or higher unseen.

    Parameters
    ----------
    values : DataFrame
        One row a region: ``ref_area``, ``country``, ``name`` and ``obs_value``.
    by : sequence of str
        Columns of the group, ``country`` among them.
    national : DataFrame
        Values of whole countries, in the columns of the group and ``obs_value``; none for some.
    areas : DataFrame
        The code list of areas: ``code``, ``name``, ``area_type``, ``country``.

    Returns
    -------
    DataFrame
        One row a group with a value: ``n_regions`` (with a value), ``lowest``, ``lowest_name``, ``highest``,
        ``highest_name``, ``n_absent`` and ``absent_names`` of the regions without a value. Regions that share the lowest or
        highest value are all named. Where more regions are absent than present, and where the value of the whole country is
        beyond those of its regions, so that the absent ones must hold the end, lowest and highest are withheld.
    """
    _require(values, [*by, VALUE, "name", "ref_area"])
    found = regions.absent_regions(values, areas, by)
    names = dict(zip(areas["code"], areas["name"].str.strip(), strict=True))
    whole = {tuple(key): mean for *key, mean in national[[*by, VALUE]].itertuples(index=False, name=None)}
    parts = values[values[VALUE].notna()].groupby([*by], sort=False)
    rows = []
    for entry in found.to_dict("records"):
        key = tuple(entry[column] for column in by)
        part, mean = parts.get_group(key), whole.get(key, np.nan)
        entry["absent_names"] = enumerate_words(sorted(names[code] for code in entry.pop("absent")))
        beyond = mean < part[VALUE].min() or mean > part[VALUE].max()
        known = entry["n_absent"] <= entry["n_regions"] and not (entry["n_absent"] and beyond)
        for side, value in (("lowest", part[VALUE].min()), ("highest", part[VALUE].max())):
            there = part.loc[part[VALUE] == value, "name"]
            entry |= {side: value if known else np.nan}
            entry |= {f"{side}_name": enumerate_words(sorted(there)) if known else ""}
        rows.append(entry)
    return pd.DataFrame(rows)


# -- words --------------------------------------------------------------------------------------------------


def named(country: str) -> str:
    """Return the name of a country, or of a part of one, as it stands in a sentence: ``the Netherlands``, ``Japan``."""
    return f"the {country}" if country in WITH_ARTICLE else country


def place_words(rank: int, from_lowest: int, total: int) -> str:
    """Say a rank from the nearer end: ``3rd highest of 38``, ``lowest of 38``.

    Parameters
    ----------
    rank : int
        From the highest, which is 1.
    from_lowest : int
        From the lowest, which is 1. Equal values share the better rank from either end, and are called joint.
    total : int
        Areas ranked.

    Returns
    -------
    str
    """
    end, place = ("highest", rank) if rank <= from_lowest else ("lowest", from_lowest)
    # Without others of the same value the two ranks add up to one more than the total.
    return f"{_superlative(place, end, tied=rank + from_lowest <= total)} of {total}"


def _superlative(place: int, end: str, tied: bool) -> str:
    """Write the place from an end: ``highest``, ``2nd highest``, ``joint 11th steepest``."""
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return "joint " * tied + (end if place == 1 else f"{place}{ending} {end}")


def balance_words(better: int, worse: int) -> str:
    """Say on how many indicators a country is better and worse than the average, as a title has it.

    Parameters
    ----------
    better, worse : int
        Indicators with a better side on which the test says so.

    Returns
    -------
    str
        Words that follow the name of a country: ``better than average on three, worse on none``.
    """
    if not better and not worse:
        return "neither better nor worse than average on any"
    return f"better than average on {in_words(better)}, worse on {in_words(worse)}"


def similar_sentence(peers: Sequence[str], compared: bool, known: bool = True, least: int = 3) -> str:
    """Name the systems that a country is compared with, or say why it is compared with none.

    Parameters
    ----------
    peers : sequence of str
        Names of the systems in reach, the most alike first, as `crossroads.indicators.benchmark` finds them.
    compared : bool
        They are enough for a comparison.
    known : bool
        The circumstances of the country are known.
    least : int
        The fewest systems of a comparison.

    Returns
    -------
    str
        Names of up to five, and how many there are.
    """
    by, none = "in household income and in adults' education", "no comparison with similar systems"
    listed = enumerate_words(named(name) for name in peers[:NAMED_PEERS])
    if not known:
        return f"There is {none}, as no comparable value of household income is available."
    if not peers:
        return f"No other member is similar {by}, so that there is {none}."
    if not compared and len(peers) < least:
        verb = "is" if len(peers) == 1 else "are"
        return (
            f"Only {listed} {verb} similar {by}. A comparison needs {in_words(least)} systems, so that there is {none}."
        )
    if not compared:
        return (
            f"Similar {by}: {listed}. {named(peers[0])[0].upper()}{named(peers[0])[1:]} alone would have most of the weight,"
            f" so that there is {none}."
        )
    more = len(peers) - NAMED_PEERS
    tail = f"; {in_words(more)} {'other carries' if more == 1 else 'others carry'} less weight." if more > 0 else "."
    return f"Systems most similar {by}: {listed}{tail}"


def position_sentence(row: Mapping) -> str:
    """Say where a country stands on one indicator, in one sentence that claims no more than its tests.

    Parameters
    ----------
    row : mapping
        ``subject`` (singular, such as "the mean score in mathematics"), ``year``, ``form``, ``unit``, ``obs_value``,
        ``obs_status``, ``average``, ``n_averaged``, ``average_verdict``, ``peer_mean``, ``n_peers`` and ``peer_verdict``.

    Returns
    -------
    str
        "In 2025 the mean score in mathematics was 489 points, above the OECD average (463; 38 countries) and above
        similar systems (467; 21 countries)."
    """
    places = {HIGHER: "above", LOWER: "below"}
    numbers = [row[VALUE], row["average"], row["peer_mean"]]
    own, mean, peers = (amount(number, row["form"]) for number in numbers)
    tested = [text for text, side in ((mean, "average"), (peers, "peer")) if row[f"{side}_verdict"] in places]
    if own in tested:
        # What a test tells apart must not print as the same number.
        own, mean, peers = (amount(number, row["form"].replace(".0", ".1")) for number in numbers)
    sign = row["unit"] if row["unit"].startswith("%") else ""
    own += sign or f" {row['unit']}"
    caution = " (to be read with caution)" if "s" in (row["obs_status"] or "") else ""
    alike = row["peer_verdict"] not in (MISSING, UNTESTED)
    others = f"{int(row['n_peers'])} countries" if alike else ""
    sides = [
        (row["average_verdict"], f"the OECD average ({mean}{sign}; {row['n_averaged']} countries)"),
        (row["peer_verdict"], f"similar systems ({peers}{sign}; {others})"),
    ]
    clear = [(places[verdict], text) for verdict, text in sides if verdict in places]
    unclear = [text for verdict, text in sides if verdict == UNCLEAR]
    if not clear:
        raise ProfileError(f"{row['subject']}: no tested difference, so nothing to say")
    joint = " and " if len({place for place, _ in clear}) == 1 else " but "
    text = f"In {row['year']} {row['subject']} was {own}{caution}, {joint.join(' '.join(pair) for pair in clear)}"
    text += f", with no clear difference from {unclear[0]}" if unclear else ""
    return text + ("." if alike else "; not compared with similar systems.")


def cut_sentence(subjects: Sequence[str]) -> str:
    """Name the results that a list has no room for.

    Parameters
    ----------
    subjects : sequence of str
        As sentences name them: "the mean score in reading".

    Returns
    -------
    str
        "Two more in the table: the mean score in reading and the share of low performers in mathematics."
    """
    return f"{in_words(len(subjects)).capitalize()} more in the table: {enumerate_words(subjects)}."


def redefined_sentence(row: Mapping) -> str:
    """Say that a value is told and not compared, as its definition changed, and what it was before.

    Parameters
    ----------
    row : mapping
        ``subject``, ``year``, ``form``, ``unit``, ``obs_value`` and ``before``, the value of the year before.

    Returns
    -------
    str
    """
    now, then = (amount(row[name], row["form"], row["unit"]) for name in (VALUE, "before"))
    return (
        f"Not ranked and not compared: {row['subject']}, {now} in {row['year']} after {then} in {row['year'] - 1}. The value has"
        " flag d (definition differs), and so large a step within a year means another definition."
    )


def jump_sentence(row: Mapping) -> str:
    """Say that a value changed by more within two years than life does, so that a break is likely.

    Parameters
    ----------
    row : mapping
        ``subject``, ``year``, ``form``, ``unit``, ``obs_value`` and ``before``, the value of two years before.

    Returns
    -------
    str
    """
    now, then = (amount(row[name], row["form"], row["unit"]) for name in (VALUE, "before"))
    return (
        f"To be read with caution: {row['subject']}, {now} in {row['year']} and {then} in {row['year'] - 2}; the source flags no"
        " break, but one is likely."
    )


def change_sentence(rows: pd.DataFrame) -> str:
    """Say how scores changed between two years: which fell, which rose, which did neither clearly, which are not tested.

    Parameters
    ----------
    rows : DataFrame
        One row a domain of one country: ``domain``, ``start``, ``end``, ``obs_value``, ``verdict``.

    Returns
    -------
    str
        A sentence, which says so if nothing is known.
    """
    known = rows[rows["verdict"] != MISSING]
    start, end = rows["start"].iloc[0], rows["end"].iloc[0]
    if known.empty:
        return f"Changes in PISA scores from {start} to {end} are not published."
    parts = []
    for verdict, verb in ((LOWER, "fell"), (HIGHER, "rose")):
        moved = known[known["verdict"] == verdict]
        steps = [f"by {amount(abs(row.obs_value), '.0f')} points in {row.domain}" for row in moved.itertuples()]
        if steps:
            parts.append(f"{verb} {enumerate_words(steps)}")
    still = [
        f"{row.domain} ({amount(row.obs_value, '+.0f')})" for row in known[known["verdict"] == UNCLEAR].itertuples()
    ]
    if still:
        parts.append(f"showed no clear change in {enumerate_words(still)}")
    tails = [
        f"{row.domain} ({amount(row.obs_value, '+.0f')})" for row in known[known["verdict"] == UNTESTED].itertuples()
    ]
    absent = enumerate_words(rows.loc[rows["verdict"] == MISSING, "domain"])
    said = []
    if parts:
        listed = ", and ".join([*filter(None, [", ".join(parts[:-1])]), parts[-1]])
        said.append(f"the mean score {listed}")
    if tails:
        said.append(f"the change in {enumerate_words(tails)} could not be tested")
    if absent:
        said.append(f"no change is published for {absent}")
    return f"From {start} to {end} {'; '.join(said)}."


def steepest_falls(changes: pd.DataFrame, places: int = 3) -> pd.DataFrame:
    """Find the falls that a test confirms and that are among the steepest of all areas.

    Parameters
    ----------
    changes : DataFrame
        One row per ``domain``, ``start``, ``end`` and ``ref_area``, with ``obs_value`` and ``verdict``.
    places : int
        How many of the steepest count.

    Returns
    -------
    DataFrame
        Rows of ``changes`` with ``place`` (1 is the steepest), ``tied`` (another area fell by as much) and ``n_ranked``
        (areas with a tested change).
    """
    tested = changes[changes["verdict"].isin([HIGHER, LOWER, UNCLEAR])]
    groups = tested.groupby(["domain", "start", "end"])[VALUE]
    ranked = tested.assign(
        place=groups.rank(method="min").astype(int),
        tied=groups.rank(method="max") > groups.rank(method="min"),
        n_ranked=groups.transform("count"),
    )
    return ranked[(ranked["verdict"] == LOWER) & (ranked["place"] <= places)]


def fall_sentence(rows: pd.DataFrame) -> str:
    """Tell falls that are among the steepest of the OECD, all of one country and of the same years.

    Parameters
    ----------
    rows : DataFrame
        As :func:`steepest_falls` returns them.

    Returns
    -------
    str
        "From 2012 to 2022 the mean score fell by 30 points in reading (the 2nd steepest fall of 34 members)."
    """
    steps = [
        f"by {amount(abs(row.obs_value), '.0f')} points in {row.domain} (the {_superlative(row.place, 'steepest', row.tied)} fall"
        f" of {row.n_ranked} members)"
        for row in rows.itertuples()
    ]
    return f"From {rows['start'].iloc[0]} to {rows['end'].iloc[0]} the mean score fell {enumerate_words(steps)}."


def untested_sentence(rows: pd.DataFrame, country: str) -> str:
    """Say by rank alone where a country stands on indicators without a published standard error.

    Parameters
    ----------
    rows : DataFrame
        Indicators with a value: ``short`` (name in a list), ``year``, ``rank``, ``rank_from_lowest``, ``n_ranked``,
        ``quarter``.
    country : str

    Returns
    -------
    str
    """
    if rows.empty:
        return f"There is no value for {named(country)} among the indicators without a published standard error."
    parts = []
    for quarter in ("highest", "lowest"):
        found = rows[rows["quarter"] == quarter]
        entries = [
            f"{row.short} ({place_words(int(row.rank), int(row.rank_from_lowest), int(row.n_ranked))}, {row.year})"
            for row in found.itertuples()
        ]
        if entries:
            parts.append(f"in the {quarter} quarter for {enumerate_words(entries)}")
    n = len(rows)
    if not parts:
        listed = "the one indicator" if n == 1 else "both indicators" if n == 2 else f"all {in_words(n)} indicators"
        return (
            f"By rank alone, without a test, {named(country)} lies between the highest and the lowest quarter of members"
            f" with data in {listed} without a published standard error."
        )
    return f"By rank alone, without a test, {named(country)} is {', and '.join(parts)}."


def practice_sentence(rows: pd.DataFrame) -> str:
    """Say where practices stand that have no better side: above the average, below it, or not clearly either.

    Parameters
    ----------
    rows : DataFrame
        Indicators of one country in per cent: ``short`` (a plural that can stand in a list), ``year``, ``obs_value``,
        ``average``, ``average_verdict``.

    Returns
    -------
    str
        Shares in per cent with the averages beside them; missing ones are left to the table.
    """
    tested = rows[rows["average_verdict"].isin([HIGHER, LOWER, UNCLEAR])]
    if tested.empty:
        return "Networks and technology: no tested values are available."
    years = sorted(set(tested["year"]))
    parts = []
    for verdict, head in (
        (HIGHER, "above the OECD average"),
        (LOWER, "below it" if (rows["average_verdict"] == HIGHER).any() else "below the OECD average"),
        (UNCLEAR, "not clearly different from the OECD average"),
    ):
        entries = [
            f"{row.short} ({amount(row.obs_value, '.0f')}%{f' in {row.year}' * (len(years) > 1)}; average"
            f" {amount(row.average, '.0f')}%)"
            for row in rows[rows["average_verdict"] == verdict].itertuples()
        ]
        if entries:
            parts.append(f"{head}, {enumerate_words(entries)}")
    listed = "; ".join(parts)
    # Readers took the sentence for all that differs from the average, and missed the rest of the table.
    return f"Networks and technology{f' in {years[0]}' * (len(years) == 1)}: {listed}."


def missing_sentence(absent: int, total: int) -> str:
    """Say how many of the indicators of a table have no value."""
    if absent == total:
        return f"None of the {total} indicators has a value."
    verb = "has" if absent == 1 else "have"
    return f"Of the {total} indicators {in_words(absent)} {verb} no value, shown as m."


def uncovered_sentence(survey: str, country: str, parts: Iterable[str]) -> str:
    """Say that a survey, such as "TALIS 2024", has no value of a country, and which parts of it took part all the same."""
    text, parts = f"There is no value of {survey} for {named(country)}.", [named(part) for part in sorted(parts)]
    covered = (
        f" {survey[0].upper()}{survey[1:]} covered only {enumerate_words(parts)}, which does not stand for the country."
    )
    return text + (covered if parts else "")


def spread_sentence(row: Mapping) -> str:
    """Name the lowest and the highest region of a country, and the regions without a value that could be either.

    Parameters
    ----------
    row : mapping
        A row of :func:`extremes` with ``label``, ``time_period``, ``form`` and ``unit``.

    Returns
    -------
    str
        Where lowest and highest are withheld, that the ends are not known.
    """
    total = row["n_regions"] + row["n_absent"]
    head = f"{row['label']}, {row['time_period']}"
    if not row["lowest_name"]:
        verb = "has" if row["n_regions"] == 1 else "have"
        text = f"{head}: {row['n_regions']} of {total} regions {verb} a value, so that the lowest and highest are not known"
        return f"{text}." if row["n_absent"] > row["n_regions"] else f"{text}; no value: {row['absent_names']}."
    low, high = (amount(row[side], row["form"], row["unit"]) for side in ("lowest", "highest"))
    ends = f"from {low} in {row['lowest_name']} to {high} in {row['highest_name']}"
    if row["n_absent"] == 0:
        return f"{head}, {total} regions: {ends}."
    return f"{head}, {row['n_regions']} of {total} regions: {ends}{ABSENT}{row['absent_names']}."


def absence_once(sentences: Sequence[str]) -> list[str]:
    """Name the regions without a value once, where every sentence of a country would name the same.

    Parameters
    ----------
    sentences : sequence of str
        As :func:`spread_sentence` writes them.

    Returns
    -------
    list of str
        The sentences as they are unless two or more of them end alike.
    """
    parts = [sentence.partition(ABSENT) for sentence in sentences]
    endings = {ending for _, _, ending in parts}
    if len(parts) < 2 or len(endings) > 1 or endings == {""}:
        return list(sentences)
    return [
        *(f"{start}." for start, _, _ in parts),
        f"Without a value in any of these, so perhaps lower or higher: {endings.pop()}",
    ]


def nothing_sentence(kind: str, n_tests: int) -> str:
    """Say that no comparison is of a kind, so that an empty list is not taken for a gap.

    Parameters
    ----------
    kind : {"strength", "question"}
    n_tests : int
        Comparisons with the average and with similar systems that were tested.

    Returns
    -------
    str
    """
    if n_tests == 0:
        return "No comparison with the OECD average or with similar systems could be tested."
    if kind == QUESTION:
        return (
            "No indicator is clearly less favourable than the OECD average or than similar systems in the"
            f" {in_words(n_tests)} comparisons that could be tested."
        )
    return (
        "No result counts as a strength: none is clearly more favourable than the OECD average or similar systems without being"
        " less favourable than the other, or without another result that speaks against it."
    )


def _require(table: pd.DataFrame, columns: Iterable[str], unique: Sequence[str] = ()) -> None:
    """Refuse a table that lacks a column or has two rows of one key."""
    for column in columns:
        if column not in table.columns:
            raise ProfileError(f"the table has no column {column!r}; it has {', '.join(map(str, table.columns))}")
    if unique and table.duplicated([*unique]).any():
        twice = table.loc[table.duplicated([*unique]), [*unique]].iloc[0].to_dict()
        raise ProfileError(f"{twice} occurs more than once; select one series for each indicator")
