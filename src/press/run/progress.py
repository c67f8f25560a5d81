"""What is told while notebooks are executed: one live line on a terminal, plain lines elsewhere.

Not here: execution.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


class Progress:
    """Tell how far the execution has come.

    Parameters
    ----------
    stream : file, optional
        Where to write; standard error when not given.
    """

    def __init__(self, stream: Any = None) -> None:
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty()
        self.expected: dict[str, float] = {}
        self.running: dict[str, float] = {}
        self.done: list[Any] = []
        self.total, self.workers = 0, 1

    def begin(self, reasons: dict[str, str], expected: dict[str, float], workers: int) -> None:
        """Tell what will be executed, and why.

        Parameters
        ----------
        reasons : dict of str to str
            Why each notebook is stale.
        expected : dict of str to float
            Seconds that each took the last time, where known.
        workers : int
            How many are executed at once.
        """
        self.expected, self.running, self.done, self.total, self.workers = expected, {}, [], len(reasons), workers
        for reason in dict.fromkeys(reasons.values()):
            names = [name for name, why in reasons.items() if why == reason]
            words = ", ".join(names) if len(names) <= 4 else f"{len(names)} notebooks"
            self.line(f"{words} will be executed: {reason}")

    def start(self, name: str) -> None:
        """Tell that a notebook has begun."""
        self.running[name] = time.monotonic()
        self.show()

    def finish(self, name: str, seconds: float, failed: bool) -> None:
        """Tell that a notebook has ended."""
        self.running.pop(name, None)
        self.done.append(seconds)
        word = "FAILED" if failed else "done"
        if failed or not self.live:
            self.line(f"{name} {word} in {seconds:.1f} s ({len(self.done)} of {self.total})")
        self.show()

    def line(self, text: str) -> None:
        """Write a line that stays."""
        self.stream.write(("\r\x1b[K" if self.live else "") + text + "\n")
        self.stream.flush()

    def show(self) -> None:
        """Renew the live line, on a terminal."""
        if self.live:
            self.stream.write("\r\x1b[K" + self.summary())
            self.stream.flush()

    def end(self) -> None:
        """Remove the live line."""
        if self.live:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def summary(self) -> str:
        """Return the live line: done, running, waiting, time left."""
        waiting = max(self.total - len(self.done) - len(self.running), 0)
        names = ", ".join(sorted(self.running))
        text = f"notebooks: {len(self.done)} done, {len(self.running)} running"
        text += f" ({names[:60]}), {waiting} waiting" if names else f", {waiting} waiting"
        left = self.time_left(waiting)
        return text if left is None else f"{text}, about {left:.0f} s left"

    def time_left(self, waiting: int) -> float | None:
        """Return the seconds left, or None as long as nothing is known."""
        known = [*self.done, *self.expected.values()]
        if not known:
            return None
        mean = sum(known) / len(known)
        now = time.monotonic()
        running = [max(self.expected.get(name, mean) - (now - since), 0) for name, since in self.running.items()]
        return (sum(running) + waiting * mean) / max(min(self.workers, len(running) + waiting), 1)
