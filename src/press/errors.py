"""The one error of the book: a mistake that its author can mend.

Not here: failures of the machinery itself, which keep their tracebacks.
"""


class BookError(SystemExit):
    """An author's mistake, told in one line that names file and line.

    It derives from ``SystemExit`` because Jupyter Book wraps every other exception in a traceback of its own,
    in which the line that matters is lost.
    """

    def __init__(self, message, place=""):
        self.message = f"{place}: {message}" if place else message
        super().__init__(f"Book error: {self.message}")

    def __reduce__(self):
        """Come back the same from another process."""
        return BookError, (self.message,)
