"""The one form of an Excel workbook: a cover sheet that says what it is, and one plain sheet of data.

Same content, same bytes; no merged cells, no colours, nothing that a screen reader or a statistics program
stumbles over. Not here: what the cover says (whoever publishes knows that), and reading workbooks.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from numbers import Real

import xlsxwriter


def workbook(about: Mapping[str, str], columns: Mapping[str, Sequence]) -> bytes:
    """Write a workbook.

    Parameters
    ----------
    about : dict of str to str
        Lines of the cover sheet by label; ``Title`` becomes the title of the file too.
    columns : dict of str to sequence
        The cells of each column by its header; None for an empty cell. Numbers stay numbers.

    Returns
    -------
    bytes
        The content of an ``.xlsx`` file.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": False}) as book:
        # A fixed date: the same figures must give the same bytes.
        book.set_properties({"title": about["Title"], "created": datetime(2000, 1, 1)})
        bold = book.add_format({"bold": True})
        cover = book.add_worksheet("About")
        cover.set_column(0, 0, 14)
        cover.set_column(1, 1, 110, book.add_format({"text_wrap": True}))
        for row, (label, text) in enumerate(about.items()):
            cover.write_string(row, 0, label, bold)
            cover.write_string(row, 1, text)
        sheet = book.add_worksheet("Data")
        sheet.freeze_panes(1, 0)
        for column, (name, entries) in enumerate(columns.items()):
            sheet.write_string(0, column, str(name), bold)
            for row, entry in enumerate(entries, start=1):
                if isinstance(entry, Real):
                    sheet.write_number(row, column, float(entry))
                elif entry is not None:
                    sheet.write_string(row, column, str(entry))
        sheet.autofit()
    return buffer.getvalue()
