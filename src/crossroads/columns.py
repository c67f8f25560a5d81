"""Names of the columns of tidy tables, and the flags of observations: in one place, in SDMX terms.

Not here: how sure an interval is (``crossroads.intervals``), what areas are called (``crossroads.evidence.areas``).
"""

import pandas as pd

AREA, PERIOD, MEASURE = "ref_area", "time_period", "measure"
VALUE, ERROR, STATUS = "obs_value", "std_error", "obs_status"
LOWER, UPPER = "lower", "upper"

# Flags in obs_status that say why a value is missing; code list obs-status says what each letter means.
MISSING = "acmx"
BREAK, CAUTION, NOT_COMPARABLE = "b", "s", "d"


def flagged(frame: pd.DataFrame, flag: str) -> pd.Series:
    """Say which observations carry a flag.

    Parameters
    ----------
    frame : DataFrame
        With ``obs_status``, which may be missing.
    flag : str
        One letter, such as ``CAUTION``: the publisher asks for caution, mostly because of low response.

    Returns
    -------
    Series of bool
    """
    return frame[STATUS].fillna("").str.contains(flag, regex=False)
