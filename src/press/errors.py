"""The one error of the book: a mistake that its author can mend.

Not here: failures of the machinery itself, which keep their tracebacks.
"""

from __future__ import annotations


class BookError(SystemExit):
    """An author's mistake, told in one line that names file and line.

    It derives from ``SystemExit`` because Jupyter Book wraps every other exception in a traceback of its own,
    in which the line that matters is lost.
    """

    def __init__(self, message: str, place: str = "") -> None:
        self.message = f"{place}: {message}" if place else message
        super().__init__(f"Book error: {self.message}")

    def __reduce__(self) -> tuple[type[BookError], tuple[str]]:
        """Come back the same from another process."""
        return BookError, (self.message,)
