"""What is wrong or unusual in the weights of a file, said at once before anybody estimates from it.

Not here: designs (``design``), and what estimators refuse of their own accord (``sample``).
"""

import numpy as np
import pandas as pd

from crossroads.survey.design import Design, SurveyError, strangers
from crossroads.survey.replication import Clusters


def diagnose(frame: pd.DataFrame, design: Design) -> pd.DataFrame:
    """List what is wrong or unusual in the weights of a file, worst first.

    Estimators refuse data with errors of their own accord; this says everything at once, before one starts.

    Parameters
    ----------
    frame : DataFrame
        Microdata, one row a respondent.
    design : Design
        The survey's design.

    Returns
    -------
    DataFrame
        Columns ``severity`` ("error" or "warning"), ``column``, ``rows`` (how many) and ``finding``. Empty when
        all is well.
    """
    try:
        columns = design.columns(frame.columns)
    except SurveyError as error:
        return _findings([("error", "", len(frame), str(error))])
    replicates = design.replicate_columns(frame.columns)
    findings = []
    if design.made:
        try:
            Clusters(frame, design)
        except SurveyError as error:
            findings.append(("error", design.cluster or "", len(frame), str(error)))
    for column in (design.weight, *replicates):
        values = frame[column].to_numpy(dtype=float, na_value=np.nan)
        for problem, rows in (
            ("missing weight", np.isnan(values)),
            ("infinite weight", np.isinf(values)),
            ("negative weight", values < 0),
        ):
            findings.append(("error", column, int(rows.sum()), problem))
    for column in set(columns) - {design.weight, *replicates}:
        findings.append(("error", column, int(frame[column].isna().sum()), "missing design variable"))
    full = frame[design.weight].to_numpy(dtype=float, na_value=np.nan)
    findings.append(("warning", design.weight, int((full == 0).sum()), "weight of zero, counts nowhere"))
    if replicates and design.replicates_column is None:
        block = frame[replicates].to_numpy(dtype=float, na_value=np.nan)
        odd = strangers(full, block.mean(axis=1))
        finding = "replicate weights average to less than half or more than twice the final weight: joined wrongly?"
        findings.append(("error" if odd > len(frame) / 100 else "warning", replicates[0], odd, finding))
        idle = int((block == full[:, None]).all(axis=0).sum())
        findings.append(
            ("warning", replicates[0], len(frame) * bool(idle), f"{idle} replicates equal the final weight")
        )
    return _findings(findings)


def _findings(rows: list[tuple[str, str, int, str]]) -> pd.DataFrame:
    """Sort what was found and leave out what was looked for in vain."""
    return pd.DataFrame(sorted(r for r in rows if r[2]), columns=["severity", "column", "rows", "finding"])
