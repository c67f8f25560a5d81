"""Who sets the pages: one process a volume, or one that is kept, and either gives the same bytes."""

import os
import re

import pytest
from test_typst import ONE, print_book, write

from press.paper import setting
from press.paper.code import PrintError

pytestmark = [
    pytest.mark.builds,
    pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning"),
]
EDITED = {"one.md": ONE.replace("Again.", "Once more.")}


def order(tmp_path, text):
    main = tmp_path / "main.typ"
    main.write_text(text, "utf-8")
    return {"compiler": {"input": str(main), "root": str(tmp_path)}, "standards": [], "question": "1 + 1"}


def test_kept_process_sets_the_bytes_that_a_new_one_does(tmp_path):
    """What a compiler remembers of the page before must not show on the next."""
    with setting.kept():
        print_book(write(tmp_path / "kept"))
        kept = print_book(write(tmp_path / "kept", **EDITED)).read_bytes()
    assert print_book(write(tmp_path / "new", **EDITED)).read_bytes() == kept


def test_kept_process_goes_on_after_a_mistake(tmp_path):
    with setting.kept():
        assert "unknown variable" in setting.set_pages(order(tmp_path, "#nothing"))[0]["error"]
        told, pdf = setting.set_pages(order(tmp_path, "Words"))
    assert told["answer"] == 2
    assert pdf.startswith(b"%PDF")


def test_answer_that_nobody_read_is_not_taken_for_the_next_one(tmp_path):
    """A build that is stopped in the middle leaves one behind."""
    with setting.kept():
        process = setting._kept[-1]
        process.stdin.write(b'{"compiler": {}, "standards": [], "question": "\\"old\\""}\n')
        process.stdin.flush()
        setting.renew()
        assert setting.set_pages(order(tmp_path, "Words"))[0]["answer"] == 2


def test_process_that_ends_is_told(tmp_path):
    with setting.kept():
        os.kill(setting._kept[-1].pid, 9)
        setting._kept[-1].wait()
        with pytest.raises(PrintError, match="typesetter"):
            setting.set_pages(order(tmp_path, "Words"))


def test_volume_of_the_same_pages_is_not_set_again(tmp_path, monkeypatch):
    source = write(tmp_path)
    first = print_book(source).read_bytes()
    monkeypatch.setattr(setting, "set_pages", lambda order: pytest.fail("set again"))
    assert print_book(source).read_bytes() == first


@pytest.mark.parametrize(
    "change",
    [
        lambda source: (source / "one.md").write_text(EDITED["one.md"], "utf-8"),
        lambda source: (source / "tall.svg").write_text(
            (source / "tall.svg").read_text().replace("LOW", "DEEP"), "utf-8"
        ),
        lambda source: (source / "_build/typst/test.pdf").write_bytes(b"damaged"),
        lambda source: (source / "_build/typst/test.pdf").unlink(),
    ],
    ids=["words", "a picture", "damaged", "gone"],
)
def test_volume_of_other_pages_is_set_again(tmp_path, change):
    source = write(tmp_path)
    print_book(source)
    change(source)
    made = print_book(source).read_bytes()
    files = {name: (source / name).read_text("utf-8") for name in ("one.md", "tall.svg")}
    assert made == print_book(write(tmp_path / "anew", **files)).read_bytes()
    assert re.match(rb"%PDF-1\.7", made)
