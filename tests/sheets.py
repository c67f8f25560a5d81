"""What stands on the pages of a PDF, and how large, for tests of what print looks like.

Read from the finished file with PDFium, so that nothing is taken from the machinery that set it.
"""

import ctypes
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

# Pixels a point, at which the fullness of a page is measured: enough to see a line of text.
SCALE = 0.5
# So high is the white between two blocks at most, in points.
BAND = 36


@dataclass(frozen=True)
class Line:
    """A line of text: its words, the size of its letters in points, and the heights of its edges from the top of the page."""

    text: str
    size: float
    top: float
    bottom: float


def letters(page):
    """Yield each letter of a page with its size in points, as it stands on the sheet, and its box from the top left."""
    height, words = page.get_height(), page.get_textpage()
    matrix = pdfium.FS_MATRIX()
    for index in range(words.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(words, index))
        if letter.isspace() or not letter.isprintable():
            continue
        pdfium.FPDFText_GetMatrix(words, index, ctypes.byref(matrix))
        size = pdfium.FPDFText_GetFontSize(words, index) * (matrix.c**2 + matrix.d**2) ** 0.5
        left, bottom, right, top = words.get_charbox(index)
        yield letter, size, (left, height - top, right, height - bottom)


def pages(path):
    """Yield the pages of a PDF."""
    document = pypdfium2.PdfDocument(path)
    yield from document
    document.close()


def fullness(page, top, bottom):
    """Return how much of the height of a page between two margins, in points, is used.

    White bands across the whole page count as empty where they are higher than the space between two blocks.
    """
    pixels = page.render(scale=SCALE, grayscale=True).to_numpy()
    pixels = pixels.reshape(pixels.shape[0], -1)
    first, last = int(top * SCALE), int((page.get_height() - bottom) * SCALE)
    empty, band = 0, 0
    for marked in [*(pixels[first:last] < 215).any(axis=1), True]:
        if not marked:
            band += 1
            continue
        empty += band if band > BAND * SCALE else 0
        band = 0
    return 1 - empty / (last - first)
