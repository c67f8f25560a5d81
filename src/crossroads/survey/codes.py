"""Numbers that stand for "no answer" in a column, told by how far they are from all others.

Not here: codes that a file declares or labels (`crossroads.survey.files`).
"""

import numpy as np
import pandas as pd


def far_codes(values: pd.Series) -> list[float]:
    """Return the values of a numeric column that look like codes of missing answers.

    Parameters
    ----------
    values : Series
        Numbers; missing ones are left out.

    Returns
    -------
    list of float
        In order: 95 to 99, 995 to 999, 9995 to 9999 ..., if they are more than twice as high as all other values; or
        the same with a minus.
    """
    if pd.api.types.is_unsigned_integer_dtype(values.dtype):
        values = values.astype(float)  # has no minus
    return _highest_codes(values) or sorted(-code for code in _highest_codes(-values))


def _highest_codes(values: pd.Series) -> list[float]:
    """Return the highest values of a column, if they are made of nines and far from all others."""
    highest = values.max()
    if not (highest >= 95 and _is_code(highest)):
        return []
    found = np.sort(values.dropna().unique())
    codes = [value for value in found if _is_code(value) and value > highest / 10 * 9]
    rest = found[~np.isin(found, codes)]
    if not len(rest) or rest[-1] >= codes[0] / 2:
        return []
    return [*_highest_codes(pd.Series(rest)), *codes]


def _is_code(value: float) -> bool:
    """Return whether a number is one of the last five before a power of ten."""
    return float(value).is_integer() and value >= 95 and 10 ** len(str(int(value))) - value <= 5
