"""Survey estimation against published figures and other programs, on real public-use files.

The files are not part of the project: the environment variable CROSSROADS_RAW names the folder of publishers'
files, and ``microdata/SOURCES.md`` in it says what each is and where it comes from.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crossroads import survey

RAW = Path(os.environ.get("CROSSROADS_RAW", "")) / "microdata"
pytestmark = pytest.mark.skipif(
    "CROSSROADS_RAW" not in os.environ or not RAW.is_dir(),
    reason="CROSSROADS_RAW does not name a folder with publishers' files, so published figures cannot be remade",
)


def microdata(name):
    path = RAW / name
    if not path.exists():
        pytest.skip(f"{name} is not in CROSSROADS_RAW")
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


@pytest.fixture(scope="module")
def netherlands():
    """PISA 2003, Netherlands: the complete student file (ST03Q01: 1 girl, 2 boy)."""
    frame = microdata("pisa2003_nld/pisa2003_nld_student.parquet")
    return frame.assign(GIRL=(frame["ST03Q01"] == 1).astype(float), LOW=(frame["PV1MATH"] < 450).astype(float))


@pytest.fixture(scope="module")
def sample(netherlands):
    return survey.Sample(netherlands, survey.PISA_2003)


def published(table, expected, estimate_digits=0, error_digits=1):
    """Compare rounded estimates and standard errors with printed ones."""
    got = list(zip(table["obs_value"].round(estimate_digits), table["std_error"].round(error_digits), strict=True))
    assert got == expected


def test_pisa_2003_netherlands_mathematics(sample):
    """OECD (2004), Learning for Tomorrow's World; as reprinted by NCES, The Condition of Education 2009, table A-5
    (all students), Youth Indicators 2005, table 17 (girls, boys), The Condition of Education 2011, table S-16-2
    (standard errors by sex and of the difference).
    """
    published(survey.mean(sample, "PV@MATH"), [(538, 3.1)])
    published(survey.mean(sample, "PV@MATH", by="ST03Q01"), [(535, 3.5), (540, 4.1)])
    published(survey.difference(sample, "PV@MATH", between="ST03Q01", levels=(2, 1)), [(5, 4.3)])


def test_pisa_2003_netherlands_to_the_last_digit_of_the_oecds_files(sample):
    """OECD, PISA 2022 Results (Volume I), annex B1, chapters 5 and 6 (trends since 2003), whose cells hold full
    precision: means, standard deviations, distance of the 90th from the 10th percentile, low and top performers.
    """
    levels = survey.levels(sample, "PV@MATH", [420.07, 606.99], names=("low", "between", "top")).set_index("level")
    tables = {
        "mean, mathematics": (survey.mean(sample, "PV@MATH"), (537.823276, 3.130174015)),
        "mean, reading": (survey.mean(sample, "PV@READ"), (513.1189704, 2.854337649)),
        "spread, mathematics": (survey.standard_deviation(sample, "PV@MATH"), (92.51704427, 2.330843746)),
        "spread, reading": (survey.standard_deviation(sample, "PV@READ"), (84.83863119, 2.047043134)),
        "range, mathematics": (
            survey.percentile_range(sample, "PV@MATH"),
            (241.11232, 6.697241919),
        ),
        "range, reading": (
            survey.percentile_range(sample, "PV@READ"),
            (220.1189, 5.827183891),
        ),
        "low performers": (levels.loc[["low"]], (10.90623258, 1.135799291)),
        "top performers": (levels.loc[["top"]], (25.5026593, 1.330401576)),
    }
    for table, expected in tables.values():
        np.testing.assert_allclose(table[["obs_value", "std_error"]], [expected], rtol=5e-10)


def test_pisa_2003_netherlands_science_and_reading(sample):
    """NCES, Youth Indicators 2005, table 17 (science); The Condition of Education 2009, table 3 (reading: mean and the
    scores that cut off the bottom and the top tenth).
    """
    assert survey.mean(sample, "PV@SCIE")["obs_value"].round().tolist() == [524]
    assert survey.mean(sample, "PV@SCIE", by="ST03Q01")["obs_value"].round().tolist() == [522, 527]
    assert survey.mean(sample, "PV@READ")["obs_value"].round().tolist() == [513]
    assert survey.percentiles(sample, "PV@READ", p=[10, 90])["obs_value"].round().tolist() == [400, 621]


@pytest.mark.parametrize(
    ("scale", "difference"),
    [("MATH", 5.1), ("MATH1", 8.2), ("MATH2", 5.9), ("MATH3", 9.5), ("MATH4", -4.0), ("PROB", 4.5)],
)
def test_pisa_2003_netherlands_differences_of_boys_and_girls(sample, scale, difference):
    """NCES, The Condition of Education 2006, table 17-2: boys less girls on each scale, with one decimal."""
    table = survey.difference(sample, f"PV@{scale}", between="ST03Q01", levels=(2, 1))
    assert table["obs_value"].round(1).tolist() == [difference]


def test_pisa_2003_netherlands_reading_levels(sample):
    """NCES, The Condition of Education 2009, figure S-3: standard errors below level 1, at 1, at 2 to 4, at 5."""
    table = survey.levels(sample, "PV@READ", [334.75, 407.47, 625.61])
    assert table["std_error"].round(1).tolist() == [0.5, 0.9, 1.2, 0.7]


def test_piaac_2012_flanders_literacy():
    """Published in the Flemish report on PIAAC, table 3.1, with two decimals: 275 (0.83)."""
    frame = microdata("piaac2012_puf/piaac2012_bel_rus_puf.parquet")
    table = survey.mean(frame, "PVLIT@", survey.PIAAC, by="CNTRYID").set_index("CNTRYID")
    published(table.loc[["Belgium"]], [(275, 0.83)], error_digits=2)
    assert table.loc["Belgium", "n_missing"] == 479
    assert table["degrees_of_freedom"].lt([80, 15]).all()  # 80 and 12 replicates; plausible values add some


def test_piaac_2012_flanders_numeracy_of_subgroups():
    """OECD (2016), Skills Matter, tables A3.2 (N) and A3.5 (N), as reprinted by NCES, Country profiles, tables A18 and A77:
    adults aged 25 to 65 below upper secondary education, and aged 55 to 65, with one decimal.
    """
    frame = microdata("piaac2012_puf/piaac2012_bel_rus_puf.parquet").query("CNTRYID == 'Belgium'")
    low = ["Primary or less (ISCED 1 or less)", "Lower secondary (ISCED 2, ISCED 3C short)"]
    groups = {
        235.1: frame[frame["AGE_R"].between(25, 65) & frame["EDCAT7"].isin(low)],
        259.9: frame[frame["AGE_R"].between(55, 65)],
    }
    for expected, part in groups.items():
        assert survey.mean(part, "PVNUM@", survey.PIAAC)["obs_value"].round(1).tolist() == [expected]


def test_timss_2011_austria_mathematics():
    """NCES (2012), Highlights from TIMSS 2011, table E-1 (fourth grade): 508 (2.6)."""
    frame = microdata("timss2011_aut/timss2011_aut_g4_jk75.parquet")
    published(survey.mean(frame, "ASMMAT@", survey.TIMSS_2011), [(508, 2.6)])


def test_piaac_russia_uses_its_twelve_replicates():
    """The 68 empty replicates equal the final weight: used or not, the variance is the same with the factor 1."""
    frame = microdata("piaac2012_puf/piaac2012_bel_rus_puf.parquet").query("CNTRYID == 'Russian Federation'")
    twelve = survey.mean(frame, "PVNUM@", survey.PIAAC)
    eighty = survey.mean(frame, "PVNUM@", survey.Design("all", "SPFWT0", "SPFWT@", 80, "JK2", plausible_values=10))
    assert twelve["std_error"][0] == pytest.approx(eighty["std_error"][0], rel=1e-12)


def test_r_survey_gives_the_same(netherlands):
    """R 4.2.2, survey 4.1-1: svrepdesign(type = "Fay", rho = 0.5, mse = TRUE) with svymean, svyglm, svyquantile,
    svyratio, svytotal; svyquantile with qrule = "hf2", interval.type = "quantile". First plausible value only.
    """
    design = survey.PISA_2003
    expected = {
        "mean": (survey.mean(netherlands, "PV1MATH", design), [(538.061098694833, 3.19060925173408)]),
        "total": (survey.total(netherlands, "GIRL", design), [(90649.0999, 3895.42331509299)]),
        "ratio": (survey.ratio(netherlands, "PV1MATH", "PV1READ", design), [(1.04689059922815, 0.00202706738870812)]),
        "linear": (
            survey.regression(netherlands, "PV1MATH", ["HISEI", "GIRL"], design)[:3],
            [
                (446.23946218887306, 7.240383155083008),
                (1.97481400934222, 0.121779334762756),
                (-4.57801645802174, 3.386986603111072),
            ],
        ),
        "logistic": (
            survey.logistic_regression(netherlands, "LOW", ["HISEI", "GIRL"], design),
            [
                (0.3523570625246531, 0.19147204224154668),
                (-0.0444352004857516, 0.00329746356817812),
                (0.1498153627754221, 0.10959729613715549),
            ],
        ),
        "percentiles": (
            survey.percentiles(netherlands, "PV1MATH", design, p=[10, 50, 90]),
            [(413.8807, 5.37613991693853), (539.5233, 4.26589155781059), (656.9871, 3.80214602665384)],
        ),
    }
    for table, numbers in expected.values():
        np.testing.assert_allclose(table[["obs_value", "std_error"]], numbers, rtol=1e-10)


def test_r_survey_variance_differs_by_its_divisor(netherlands):
    """R divides by (n - 1) / n of the sum of weights; OECD programs by the sum of weights: 8587.489214477 in R."""
    n = len(netherlands)
    ours = survey.variance(netherlands, "PV1MATH", survey.PISA_2003)["obs_value"][0]
    assert ours * n / (n - 1) == pytest.approx(8587.489214477, rel=1e-12)


def test_r_survey_gives_the_same_for_the_jackknife_and_for_plain_brr():
    """R 4.2.2, survey 4.1-1, mse = TRUE: as.svrepdesign(apiclus1, type = "JK1") with svymean; svyratio of the six
    ambulance stations of ``scd`` with type = "BRR" and four replicates.
    """
    clusters = microdata("survey_api/apiclus1.csv.gz")
    numbers = clusters["dnum"].unique()
    kept = {f"r{i + 1}": clusters["pw"] * (clusters["dnum"] != d) * 15 / 14 for i, d in enumerate(numbers)}
    table = survey.mean(clusters.assign(**kept), "api00", survey.Design("api", "pw", "r@", 15, "JK1"))
    np.testing.assert_allclose(table[["obs_value", "std_error"]], [(644.1693989071039, 26.5997137220988)], rtol=1e-12)
    stations = microdata("survey_api/scd.csv.gz").assign(
        w=1.0, r1=[2.0, 0, 2, 0, 2, 0], r2=[2.0, 0, 0, 2, 0, 2], r3=[0.0, 2, 2, 0, 0, 2], r4=[0.0, 2, 0, 2, 2, 0]
    )
    table = survey.ratio(stations, "alive", "arrests", survey.Design("scd", "w", "r@", 4, "BRR"))
    expected = [(0.15350635008282718, 0.00942663573267296)]
    np.testing.assert_allclose(table[["obs_value", "std_error"]], expected, rtol=1e-12)


def test_timss_zones_and_replicate_columns_of_the_file_agree():
    """TIMSS 2011, Austria: replicate weights made from JKZONE and JKREP are those that the file holds."""
    frame = microdata("timss2011_aut/timss2011_aut_g4_jk75.parquet")
    columns = survey.Design("columns", "TOTWGT", "w_fstr@", 75, "JK2", plausible_values=5)
    for question in (survey.Mean("ASMMAT@"), survey.Percentiles("ASSSCI@"), survey.Regression(("ASMMAT@", "female"))):
        zones, given = (survey.estimate(question, frame, d) for d in (survey.TIMSS_2011, columns))
        np.testing.assert_allclose(zones[["obs_value", "std_error"]], given[["obs_value", "std_error"]], rtol=1e-5)


def test_talis_2018_subset_estimates_with_brr_of_100_replicates():
    frame = microdata("talis2018_rrepest/talis2018_teacher_fra_ita_mex_v1.6.11.parquet").rename(columns=str.upper)
    table = survey.mean(frame, "TT3G02", survey.TALIS_TEACHER, by="CNTRY")
    one = frame[frame["CNTRY"] == table["CNTRY"][0]].dropna(subset="TT3G02")
    t = [np.average(one["TT3G02"], weights=one[w]) for w in ["TCHWGT", *(f"TRWGT{r}" for r in range(1, 101))]]
    assert table["std_error"][0] == pytest.approx(np.sqrt(sum((np.array(t[1:]) - t[0]) ** 2) / 25), rel=1e-10)


def test_linearised_errors_of_lumleys_examples():
    """Survey package for R, vignette "A survey analysis example" (samples of Californian schools; for the stratified and
    the simple sample, its help page of svydesign): means, totals, a ratio, that of high schools, regressions.
    """
    one = survey.Design("apiclus1", "pw", cluster="dnum", population="fpc", method="TAYLOR")
    stratified = survey.Design("apistrat", "pw", strata="stype", population="fpc", method="TAYLOR")
    simple = survey.Design("apisrs", "pw", population="fpc", method="TAYLOR")
    clusters, strata, rows = (microdata(f"survey_api/{n}.csv.gz") for n in ("apiclus1", "apistrat", "apisrs"))
    high = survey.ratio(clusters, "api.stu", "enroll", one, by="stype").query("stype == 'H'")
    expected = [
        (survey.mean(clusters, "api00", one), (644.17, 23.542), (2, 3)),
        (survey.total(clusters, "enroll", one), (3404940, 932235), (0, 0)),
        (survey.ratio(clusters, "api.stu", "enroll", one), (0.8497087, 0.008386297), (7, 9)),
        (high, (0.8300683, 0.01472607), (7, 8)),
        (survey.regression(clusters, "api00", ["ell", "meals"], one)[:1], (817.1823, 18.6709), (4, 4)),
        (survey.regression(clusters, "api00", ["ell", "meals"], one)[2:3], (-3.1456, 0.3018), (4, 4)),
        (survey.mean(strata, "api00", stratified), (662.29, 9.4089), (2, 4)),
        (survey.mean(rows, "api00", simple), (656.58, 9.2497), (2, 4)),
    ]
    for table, numbers, digits in expected:
        for column, number, places in zip(("obs_value", "std_error"), numbers, digits, strict=True):
            assert table[column].item() == pytest.approx(number, abs=0.51 * 10.0**-places)
    logit = clusters.assign(reached=(clusters["sch.wide"] == "Yes").astype(float))
    table = survey.logistic_regression(logit, "reached", ["ell", "meals"], one)
    np.testing.assert_allclose(table["obs_value"], [1.899557, 0.039925, -0.019115], atol=6e-7)
    np.testing.assert_allclose(table["std_error"], [0.509915, 0.012443, 0.008825], atol=6e-7)


def test_two_stages_of_lumleys_example():
    """Survey package for R, page "Regression models" (r-survey.r-forge.r-project.org): schools of districts, whose districts
    are the clusters that count; means of kinds of schools once by terms of a regression and once by groups.
    """
    design = survey.Design("apiclus2", "pw", cluster="dnum", method="TAYLOR")
    schools = survey.Sample(microdata("survey_api/apiclus2.csv.gz"), design)
    slopes = survey.regression(schools, "api00", ["ell", "meals", "mobility"])
    slopes = slopes[slopes["term"].isin(["intercept", "ell", "meals", "mobility"])]
    np.testing.assert_allclose(slopes["obs_value"], [811.4907, -2.0592, -1.7772, 0.3253], atol=5.1e-5)
    np.testing.assert_allclose(slopes["std_error"], [30.8795, 1.4075, 1.1053, 0.5305], atol=5.1e-5)
    published(survey.mean(schools, "api00", by="stype"), [(692.81, 30.28), (598.34, 16.96), (642.35, 45.34)], 2, 2)


def test_samplics_gives_the_same():
    """samplics 0.6.1, TaylorEstimator: a ratio in a sample of clusters, means of domains in a stratified one."""
    clusters, strata = (microdata(f"survey_api/{n}.csv.gz") for n in ("apiclus1", "apistrat"))
    one = survey.Design("clusters", "pw", cluster="dnum", population="fpc", method="TAYLOR")
    stratified = survey.Design("strata", "pw", strata="stype", cluster="snum", method="TAYLOR")
    expected = [
        (survey.ratio(clusters, "api.stu", "enroll", one), [(0.8497087417244874, 0.008386297169391096)]),
        (survey.mean(strata, "api00", stratified), [(662.2873631593205, 9.536132296925155)]),
        (
            survey.mean(strata, "api00", stratified, by="awards"),
            [(633.734911659413, 15.556995897630998), (678.4224056144379, 12.008495560220855)],
        ),
    ]
    for table, numbers in expected:
        np.testing.assert_allclose(table[["obs_value", "std_error"]], numbers, rtol=1e-7)


def test_rao_and_scotts_test_of_lumleys_example():
    """Survey package for R, example of svychisq(~sch.wide + stype, dclus1)."""
    clusters = microdata("survey_api/apiclus1.csv.gz")
    one = survey.Design("apiclus1", "pw", cluster="dnum", population="fpc", method="TAYLOR")
    test = survey.independence(clusters, "sch.wide", "stype", one)
    printed = {"chi_squared": 11.9409, "f_value": 5.1934, "numerator_df": 1.495, "denominator_df": 20.925}
    for column, number in printed.items():
        assert test[column].item() == pytest.approx(number, rel=2e-5 if column != "numerator_df" else 4e-4)
    assert round(test["p_value"].item(), 5) == 0.02175


def icils(name):
    path = RAW.parent / "new/iea" / name
    if not path.exists():
        pytest.skip(f"{name} is not in CROSSROADS_RAW")
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


def test_icils_2023_published_means_and_an_independent_computation():
    """IEA, ICILS 2023 International Report: computer and information literacy, computational thinking. The file of
    derived estimates was computed by another program from the same public-use file.
    """
    students = icils("icils2023_student_scores.parquet")
    missing = students.filter(regex="^PV.CT$").isin([998, 999]).to_numpy()
    students.loc[:, students.filter(regex="^PV.CT$").columns] = students.filter(regex="^PV.CT$").mask(missing)
    literacy = survey.mean(students, "PV@CIL", survey.ICILS_2023, by="CNTRY").set_index("CNTRY")
    thinking = (
        survey.mean(students, "PV@CT", survey.ICILS_2023, by="CNTRY").set_index("CNTRY").dropna(subset="obs_value")
    )
    sex = survey.mean(students, "PV@CIL", survey.ICILS_2023, by=["CNTRY", "S_SEX"]).set_index(["CNTRY", "S_SEX"])
    level = survey.levels(students, "PV@CIL", [492], survey.ICILS_2023, by="CNTRY", names=["below", "above"])
    found = {
        "CIL_mean": literacy,
        "CT_mean": thinking,
        "CIL_mean_boys": sex.xs(0, level="S_SEX"),
        "CIL_mean_girls": sex.xs(1, level="S_SEX"),
        "CIL_pct_level2_or_above": level.query("level == 'above'").set_index("CNTRY"),
    }
    assert literacy["obs_value"].round()[["KOR", "CZE", "DNK"]].tolist() == [540, 525, 518]
    assert thinking["obs_value"].round()[["TWN", "KOR"]].tolist() == [548, 537]
    derived = icils("icils2023_country_estimates_derived.csv").query("level == 'student'")
    for indicator, table in found.items():
        other = derived[derived["indicator"] == indicator].set_index("system")
        ours = table.loc[other.index]
        np.testing.assert_allclose(ours["obs_value"], other["estimate"], atol=5.1e-5)
        np.testing.assert_allclose(ours["std_error"], other["se"], atol=5.1e-5)
        assert (ours["n_obs"] == other["n"]).all()


def test_icils_2023_teachers_and_schools_have_weights_of_their_own():
    derived = icils("icils2023_country_estimates_derived.csv")
    teachers, schools = icils("icils2023_teacher.parquet"), icils("icils2023_school.parquet")
    teachers["T_COLICT"] = teachers["T_COLICT"].astype(float).mask(teachers["T_COLICT"] > 900)
    schools["YES"] = (100.0 * (schools["IP3G10H"] == 1)).mask(schools["IP3G10H"].isna() | (schools["IP3G10H"] > 2))
    for frame, variable, design, indicator in (
        (teachers, "T_COLICT", survey.ICILS_2023_TEACHER, "T_COLICT_mean"),
        (schools, "YES", survey.ICILS_2023_SCHOOL, "IP3G10H_pct_yes"),
    ):
        other = derived[derived["indicator"] == indicator].set_index("system")
        ours = survey.mean(frame, variable, design, by="CNTRY").set_index("CNTRY").loc[other.index]
        np.testing.assert_allclose(ours["obs_value"], other["estimate"], atol=5.1e-5)
        np.testing.assert_allclose(ours["std_error"], other["se"], atol=5.1e-5)


def test_pisa_2018_subset_with_four_strange_weights_is_estimated_and_warned_of():
    """Four of 1,269 students have replicate weights of half their final weight: the file as published, not an error.
    Girls less boys in mathematics, France, with Rrepest's subset: -12.631 (11.377).
    """
    frame = microdata("pisa2018_rrepest/pisa2018_fra_ita_mex_v1.3.0.parquet")
    frame = frame.rename(columns=lambda c: c.upper() if c.lower().startswith(("pv", "w_fstu")) else c)
    with pytest.warns(survey.WeightsWarning, match="4 of 1269 rows"):
        gap = survey.difference(frame, "PV@MATH", survey.PISA_2018, between="ST004D01T", levels=(1, 2), by="CNT")
    published(gap[gap["CNT"] == "FRA"], [(-12.631, 11.377)], 3, 3)
