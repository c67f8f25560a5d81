"""A build that fails while pages are written must end, whatever the processes that write them still have to say."""

import multiprocessing
from types import SimpleNamespace

from press.fresh import freshness


def report(pipe):
    """Say more than a pipe holds."""
    pipe.send("x" * 1_000_000)


def test_failed_build_does_not_wait_for_what_nobody_reads(monkeypatch):
    """Such a writer waited for ever for somebody to read its report, and the build for the writer. Waiting again, this test would end with the suite's limit."""
    monkeypatch.setattr(freshness, "PATIENCE", 0.2)
    context = multiprocessing.get_context("fork")
    reading, writing = context.Pipe(duplex=False)
    writer = context.Process(target=report, args=(writing,))
    writer.start()
    freshness.end_writing(SimpleNamespace(), RuntimeError("a page could not be written"))
    assert not writer.is_alive()
    reading.close()
