"""Failures guarded against: a file to take away that two processes make, or none, and one whose mistake is lost."""

import multiprocessing

import pytest

from press.errors import BookError
from press.takeaway import making


@pytest.fixture
def bundles(tmp_path):
    """Three bundles, one of two files, and a list of what was made."""
    made = []

    def job(name, source, make=None):
        def note():
            made.append(name)
            return make() if make else name.encode()

        return making.Job(name, tmp_path / name, note, source)

    return job, made


def test_each_file_is_made_once_however_many_make_them(bundles, tmp_path):
    """While one is at work on the first bundle, another takes the next ones, and leaves none for the first."""
    job, made = bundles
    begun = multiprocessing.Value("i", 0)
    shared = [[], [job("b", "two"), job("c", "two")], [job("d", "three")]]
    shared[0] = [job("a", "one", lambda: making.make(begun, shared) or b"a")]
    assert making.make(begun, shared) is None
    assert made == ["a", "b", "c", "d"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {name: name.encode() for name in "abcd"}


def test_mistake_of_an_author_is_returned_and_nothing_more_is_made(bundles):
    job, made = bundles

    def fail():
        raise BookError("a picture is missing", "book/one.md")

    error = making.make(multiprocessing.Value("i", 0), [[job("a", "one", fail)], [job("b", "two")]])
    assert "a picture is missing" in str(error)
    assert made == ["a"]
