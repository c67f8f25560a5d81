"""Failures guarded against: a slip in the settings, the contents, the citation or the changelog that ends in a traceback.

Every ordinary break is one line of a table: the file, what is done to it, and where and in which words it is told. What only
looks like a break stands beside it and is let through.
"""

import re

import pytest
import yaml
from small_book import CITATION, SECOND

from press import forms, notation, scan
from press.errors import BookError

SETTINGS = (SECOND / "_config.yml").read_text("utf-8")
CONTENTS = "format: jb-book\nroot: book/index\nparts:\n- caption: Report\n  chapters:\n  - file: book/chapter1\n  - file: notebooks/small\n"
ENTRY = "- **Correction** (2026-12-01). What was wrong. Exhibits: none.\n"


def settings(path, entry):
    """Return the settings of the second book with one entry in the place of another, and nothing else."""
    content = yaml.safe_load(SETTINGS)
    inner = content
    *above, last = path.split("/")
    for key in above:
        inner = inner.setdefault(key, {})
    inner[last] = entry
    return yaml.safe_dump(content, sort_keys=False)


# fmt: off
WRONG = {
    # What YAML itself would refuse, lose or be exhausted by.
    "a tab": ("_config.yml", "title: x\n\tauthor: y\n", r"_config\.yml:2: .*; indent with blanks, not with tabs"),
    "a bracket too few": ("_config.yml", "title: x\nexclude_patterns: [a, b\n", r"_config\.yml:3: .*; close the bracket"),
    "a quotation mark too few": ("_config.yml", 'title: "x\nauthor: y\n', r"_config\.yml:\d"),
    "a colon in a text": ("_config.yml", "title: Schools: a story\n", r"_config\.yml:1: mapping .*; a text that holds a colon"),
    "an indent that is off": ("_config.yml", "html:\n  favicon: x\n use_multitoc_numbering: false\n", r"_config\.yml:3: .*; indent the line as those"),
    "a name without a colon": ("_config.yml", "title: x\nauthor\nlogo: y\n", r"_config\.yml:3: .*; write a colon and a blank after the name"),
    "a style of references that is not there": (
        "_config.yml", settings("sphinx/config/bibtex_default_style", "apa"),
        r"_config\.yml:\d+: sphinx\.config\.bibtex_default_style is \"apa\"; expected alpha or plain or unsrt or unsrtalpha"),
    "a style of citations that is not there": (
        "_config.yml", settings("sphinx/config/bibtex_reference_style", "apa"),
        r"bibtex_reference_style is \"apa\"; expected author_year or "),
    "another theme": (
        "_config.yml", settings("sphinx/config/html_theme", "sphinx_book_theme"),
        r"_config\.yml:\d+: sphinx\.config\.html_theme is \"sphinx_book_theme\"; expected furo"),
    "notebooks that Jupyter Book would execute": (
        "_config.yml", settings("execute/execute_notebooks", "force"),
        r"_config\.yml:\d+: execute\.execute_notebooks is \"force\"; expected off"),
    "an entry that stands twice": ("_config.yml", "title: x\nauthor: y\ntitle: z\n", r"_config\.yml:3: the entry 'title' stands twice"),
    "an entry that stands twice, deep": (
        "_config.yml", "sphinx:\n  config:\n    language: en\n    language: fr\n", r"_config\.yml:4: the entry 'language' stands"),
    "a text cut at a comma": (
        "CITATION.cff", CITATION + "references: [{type: book, title: Schools, small and large, year: 2017}]\n",
        r"CITATION\.cff:6: the entry 'small and large' has no value: text with a comma"),
    "aliases that explode": (
        "_config.yml", "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
            f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)),
        r"_config\.yml:\d: what stands here stands for more than"),
    "an alias of itself": ("_config.yml", "title: &t [*t]\n", r"_config\.yml:1: an alias stands for what it is in"),
    "an alias of nothing": ("_config.yml", "title: *t\n", r"_config\.yml:1: found undefined alias"),
    "brackets without end": ("_config.yml", "title: " + "[" * 100_000, r"_config\.yml:1: brackets or indents go deeper"),
    "brackets within a line": ("_toc.yml", "root: " + "- " * 9_000 + "x\n", r"_toc\.yml:1: "),
    "a day that is none": ("CITATION.cff", CITATION.replace('"2026-01-02"', "2026-13-45"), r"CITATION\.cff: a number or date"),
    "a Python object": ("_config.yml", "title: !!python/object/apply:os.system [ls]\n", r"_config\.yml:1: could not determine"),
    "two documents": ("_config.yml", "title: x\n---\ntitle: y\n", r"_config\.yml:2: .*another document"),
    "a zero byte": ("_config.yml", "title: x\x00y\n", r"_config\.yml: .*not allowed|_config\.yml: unacceptable"),
    "no UTF-8": ("_config.yml", b"title: B\xe9\n", r"_config\.yml:1: the byte 0xe9 is not UTF-8"),
    "a page of HTML": ("_config.yml", "<!DOCTYPE html>\n<html>404</html>\n", r"_config\.yml: the file holds str; expected entries"),
    # What the settings would mean.
    "settings that are a list": ("_config.yml", "- title: x\n", r"_config\.yml: the file holds list; expected entries"),
    "no settings at all": ("_config.yml", "", r"_config\.yml: the file holds nothing; expected entries such as `title"),
    "settings that are remarks": ("_config.yml", "# title: x\n", r"_config\.yml: the file holds nothing"),
    "settings that are a word": ("_config.yml", "title\n", r"_config\.yml: the file holds str"),
    "a setting that nobody knows": ("_config.yml", "titlex: x\n", r"_config\.yml: the file has the unknown entry 'titlex' \(did you mean 'title'"),
    "a title that is a list": ("_config.yml", settings("title", ["x"]), r"_config\.yml:\d+: title is \[\"x\"\]; expected text"),
    "a title that is a number": ("_config.yml", settings("title", 2026), r"_config\.yml:\d+: title is 2026; expected text"),
    "patterns that are a word": ("_config.yml", settings("exclude_patterns", "_build"), r"_config\.yml:\d+: exclude_patterns is .* a list"),
    "settings of Sphinx that are a list": ("_config.yml", settings("sphinx", ["x"]), r"_config\.yml:\d+: sphinx is .*expected entries"),
    "a block that Sphinx has not": ("_config.yml", settings("sphinx/conf", {}), r":\d+: sphinx has the unknown entry 'conf' \(did you"),
    "extensions that are a word": ("_config.yml", settings("sphinx/extra_extensions", "x"), r":\d+: sphinx\.extra_extensions is \"x\""),
    "the block of Sphinx's settings a word": ("_config.yml", settings("sphinx/config", "x"), r":\d+: sphinx\.config is \"x\""),
    "execution by a word that is none": ("_config.yml", settings("execute/execute_notebooks", "sometimes"), r":\d+: execute\.execute_not"),
    "words that are a word": ("_config.yml", settings("sphinx/config/press_words", "pier"), r":\d+: sphinx\.config\.press_words is \"pier\""),
    "words of a kind that is none": (
        "_config.yml", settings("sphinx/config/press_words", {"numberedx": ["x"]}), r":\d+: .*'numberedx' \(did you mean 'numbered'\?\)"),
    "a word that is no pattern": (
        "_config.yml", settings("sphinx/config/press_words", {"numbered": ["berth("]}),
        r":\d+: sphinx\.config\.press_words\.numbered\[1\] is \"berth\(\"; expected a regular expression"),
    "chapters that are no pattern": (
        "_config.yml", settings("sphinx/config/press_chapters", {"pages": "book/["}), r":\d+: .*press_chapters\.pages is"),
    "a length of one number": (
        "_config.yml", settings("sphinx/config/press_chapters", {"words": [2500]}), r":\d+: .*press_chapters\.words is \[2500\]"),
    "a length in words": (
        "_config.yml", settings("sphinx/config/press_chapters", {"words": ["few", "many"]}), r":\d+: .*words\[1\] is \"few\"; exp"),
    "a year in words": ("_config.yml", settings("sphinx/config/press_chapters", {"dated": "soon"}), r":\d+: .*dated is \"soon\""),
    "a synonym alone": ("_config.yml", settings("sphinx/config/press_synonyms", [["pier"]]), r":\d+: .*press_synonyms\[1\] is"),
    "a volume without pages": (
        "_config.yml", settings("sphinx/config/typst_volumes", {"more": {"title": "x"}}), r":\d+: .*typst_volumes\.more\.pages' is missing"),
    "authors that are a word": ("_config.yml", settings("sphinx/config/typst_authors", "Ito"), r":\d+: .*typst_authors is \"Ito\""),
    "an address without a scheme": ("_config.yml", settings("sphinx/config/html_baseurl", "book.example"), r"html_baseurl is .*https"),
    "style sheets that are a word": ("_config.yml", settings("sphinx/config/html_css_files", "x.css"), r"html_css_files is .*a list"),
    "a theme that is a number": ("_config.yml", settings("sphinx/config/html_theme", 5), r":\d+: .*html_theme is 5; expected furo"),
    # The references.
    "references that are gone": (
        "book/references.bib", None,
        r"_config\.yml:\d+: there is no file of references 'book/references\.bib'; bring it back with `git checkout -- book/ref"),
    "references of another name": (
        "_config.yml", settings("bibtex_bibfiles", ["book/refs.bib"]),
        r"_config\.yml:\d+: there is no file of references 'book/refs\.bib'; did you mean 'book/references\.bib'\?"),
    "a key without its comma": (
        "book/references.bib", "\n@book{walk2020\n  author = {Walk, A.},\n  title = {Walks}\n}\n",
        r"book/references\.bib:2: the entry 'walk2020' has no comma after its key"),
    "names with a semicolon between them": (
        "book/references.bib", "@misc{walk2020,\n  author = {Me, My; You, Yours},\n  title = {Walks}\n}\n",
        r"book/references\.bib:1: walk2020: author has 'Me, My; You, Yours'; write and between"),
    # The contents.
    "no contents": ("_toc.yml", "", r"_toc\.yml: the file holds nothing"),
    "contents that are a list": ("_toc.yml", "- file: book/index\n", r"_toc\.yml: the file holds list"),
    "contents without a root": ("_toc.yml", CONTENTS.replace("root: book/index\n", ""), r"_toc\.yml: the entry 'root' is missing"),
    "a root that is empty": ("_toc.yml", CONTENTS.replace("root: book/index", "root:"), r"_toc\.yml:2: root is null; expected text"),
    "parts that are a word": ("_toc.yml", "format: jb-book\nroot: book/index\nparts: all\n", r"_toc\.yml:3: parts is \"all\""),
    "a chapter that is a word": ("_toc.yml", CONTENTS + "  - book/chapter2\n", r"_toc\.yml:8: parts\[1\]\.chapters\[3\] is \"book/ch.*; write file: book/chapter2"),
    "a chapter with a title of its own": (
        "_toc.yml", CONTENTS + "  - file: book/chapter2\n    title: Another\n", r"_toc\.yml:9: a page has the title that it begins with"),
    "a chapter without a colon": ("_toc.yml", CONTENTS + "  - file book/chapter2\n", r"_toc\.yml:8: .*; write file: book/chapter2"),
    "a chapter without a file": ("_toc.yml", CONTENTS + "  - titlex: x\n", r"_toc\.yml:8: .*expected one with file or glob or url"),
    "a chapter that is empty": ("_toc.yml", CONTENTS + "  - file:\n", r"_toc\.yml:8: .*\.file is null; expected text"),
    "a file that is a number": ("_toc.yml", CONTENTS + "  - file: 5\n", r"_toc\.yml:8: .*\.file is 5; expected text"),
    "chapters beside themselves": ("_toc.yml", CONTENTS + " - file: x\n", r"_toc\.yml:8: "),
    "sections that are a word": ("_toc.yml", CONTENTS + "    sections: x\n", r"_toc\.yml:8: .*sections is \"x\"; expected a list"),
    "an unquoted comma": ("_toc.yml", CONTENTS + "  - {file: book/a, b}\n", r"_toc\.yml:8: the entry 'b' has no value"),
    "a page that is not there": ("_toc.yml", CONTENTS + "  - file: book/gone\n", r"_toc\.yml:8: there is no file book/gone\.md"),
    # The citation.
    "no citation": ("CITATION.cff", "", r"CITATION\.cff: the file holds nothing"),
    "a citation that is a list": ("CITATION.cff", "- title: x\n", r"CITATION\.cff: the file holds list"),
    "a title that is missing": ("CITATION.cff", re.sub("title.*\n", "", CITATION), r"CITATION\.cff: the entry 'title' is missing"),
    "authors that are missing": ("CITATION.cff", re.sub("authors.*\n", "", CITATION), r"CITATION\.cff: the entry 'authors' is missing"),
    "a version that is missing": ("CITATION.cff", re.sub("version.*\n", "", CITATION), r"CITATION\.cff: the entry 'version' is miss"),
    "a version that is empty": ("CITATION.cff", re.sub("version.*", "version:", CITATION), r"CITATION\.cff:4: version is null"),
    "a version that is a list": ("CITATION.cff", re.sub("version.*", "version: [1]", CITATION), r"CITATION\.cff:4: version is \[1\]"),
    "a title that is empty": ("CITATION.cff", re.sub("title.*", "title:", CITATION), r"CITATION\.cff:2: title is null"),
    "one author as a word": ("CITATION.cff", re.sub("authors.*", "authors: Ito", CITATION), r"CITATION\.cff:3: authors is \"Ito\""),
    "no author": ("CITATION.cff", re.sub("authors.*", "authors: []", CITATION), r"CITATION\.cff:3: authors is \[\]"),
    "an author as a word": ("CITATION.cff", re.sub("authors.*", "authors: [Ito]", CITATION), r"CITATION\.cff:3: authors\[1\] is \"Ito\""),
    "an author without a first name": (
        "CITATION.cff", re.sub("authors.*", "authors: [{family-names: Ito}]", CITATION), r"CITATION\.cff:3: .*name or family-names and"),
    "an author without a name": ("CITATION.cff", re.sub("authors.*", "authors: [{orcid: x}]", CITATION), r"CITATION\.cff:3: "),
    "a day that is a word": ("CITATION.cff", re.sub("2026-01-02", "soon", CITATION), r"CITATION\.cff:5: date-released is \"soon\""),
    "a day of another country": ("CITATION.cff", re.sub("2026-01-02", "02.01.2026", CITATION), r"CITATION\.cff:5: .*a date such as"),
    "a thirtieth of February": ("CITATION.cff", re.sub("2026-01-02", "2026-02-30", CITATION), r"CITATION\.cff:5: .*a date such as"),
    # The changelog.
    "a day that the changelog has not": ("CHANGELOG.md", ENTRY.replace("12-01", "13-01"), r"CHANGELOG\.md:1: there is no day 2026-13-01"),
    "an entry of another kind": ("CHANGELOG.md", "# Changes\n\n" + ENTRY.replace("Correction", "Fix"), r"CHANGELOG\.md:3: this entry"),
    "an entry without a day": ("CHANGELOG.md", ENTRY.replace(" (2026-12-01)", ""), r"CHANGELOG\.md:1: this entry"),
    "an entry without exhibits": ("CHANGELOG.md", "- **Correction** (2026-12-01). What.\n", r"CHANGELOG\.md:1: this entry"),
    "an entry without a point": ("CHANGELOG.md", ENTRY.replace("none.", "none"), r"CHANGELOG\.md:1: this entry"),
    "an item that is no entry": ("CHANGELOG.md", ENTRY + "- something\n", r"CHANGELOG\.md:2: this entry is .something"),
    "a merge in the changelog": ("CHANGELOG.md", "<<<<<<< HEAD\n" + ENTRY, r"CHANGELOG\.md:1: marks of an unfinished merge"),
    "a changelog that is no UTF-8": ("CHANGELOG.md", b"- B\xe9\n", r"CHANGELOG\.md:1: the byte 0xe9"),
    # Data that pages read.
    "an entry of the descriptor twice": (
        "data/datapackage.json", '{"resources": [],\n "resources": []}', r"datapackage\.json:2: the entry 'resources' stands twice"),
    "a number that is none": ("data/datapackage.json", '{"resources": [],\n "x": NaN}', r"datapackage\.json:2: NaN is no number"),
    "resources that are entries": ("data/datapackage.json", '{"resources": {}}', r"datapackage\.json: resources is \{\}; expected a list"),
    "a resource that is a word": ("data/datapackage.json", '{"resources": ["x"]}', r"datapackage\.json: resources\[1\] is \"x\""),
    "a descriptor without end": ("data/datapackage.json", "[" * 100_000, r"datapackage\.json: brackets go deeper"),
    "an exception without a reason": (
        "book/allowed-numbers.yml", "- page: book/chapter1\n  text: x\n", r"allowed-numbers\.yml:1: the entry '\[1\]\.reason' is missing"),
    "an exception that is a word": ("book/allowed-numbers.yml", "- book/chapter1\n", r"allowed-numbers\.yml:1: \[1\] is \"book/chap"),
}
RIGHT = {
    "a year as copyright": ("_config.yml", settings("copyright", 2026)),
    "an alias": ("_config.yml", "title: &t x\nauthor: *t\n"),
    "a text with a comma in quotation marks": (
        "CITATION.cff", CITATION + 'references: [{type: book, title: "Schools, small and large", year: 2017}]\n'),
    "a null that was written": ("CITATION.cff", CITATION + "references: [{type: book, doi: null, url: ~}]\n"),
    "a person in two parts": ("CITATION.cff", CITATION),
    "a day that YAML knows": ("CITATION.cff", CITATION.replace('"2026-01-02"', "2026-01-02")),
    "a version that is a number": ("CITATION.cff", CITATION.replace('"1.2"', "1.2")),
    "chapters without parts": ("_toc.yml", "format: jb-book\nroot: book/index\nchapters:\n- file: book/chapter1\n- file: notebooks/small\n"),
    "Windows line ends": ("_toc.yml", CONTENTS.replace("\n", "\r\n")),
    "a byte-order mark": ("_toc.yml", b"\xef\xbb\xbf" + CONTENTS.encode()),
    "a notebook with a byte-order mark": ("notebooks/small.py", b"\xef\xbb\xbf# %% [markdown]\n# # Small\n\n# %%\nprint(1)\n"),
    "a notebook with Windows line ends": ("notebooks/small.py", "# %% [markdown]\r\n# # Small\r\n\r\n# %%\r\nprint(1)\r\n"),
    "a page with Windows line ends": ("book/chapter1.md", "# One\r\n\r\n```{note}\r\nA note.\r\n```\r\n"),
    "an empty changelog": ("CHANGELOG.md", ""),
    "a changelog": ("CHANGELOG.md", ENTRY),
}
# fmt: on


def lay(book, name, content):
    """Write a file of the small book, or take it away."""
    if content is None:
        (book.root / name).unlink()
        return
    (book.root / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def look(book):
    """Look at the sources as every build does first, the contents included."""
    scan.check(book.root)
    scan.check_forms(book.root)
    texts = {name: (book.root / name).read_text("utf-8-sig") for name in ("_toc.yml", "_config.yml")}
    found = scan.unlisted(texts, ["book/index.md", "book/chapter1.md", "notebooks/small.py"])
    if found:
        raise BookError("\n".join(found))


@pytest.mark.parametrize("slip", WRONG)
def test_a_break_is_told_with_file_and_line(small_book, slip):
    name, content, words = WRONG[slip]
    lay(small_book, name, content)
    with pytest.raises(BookError) as error:
        look(small_book)
    assert re.search(words, error.value.message), error.value.message
    assert "\n" not in error.value.message
    assert len(error.value.message) < 500


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("html_basurl", "did you mean 'html_baseurl'?"),
        ("press_list", "did you mean 'press_lists'?"),
        ("zzzz", "mend its name, or take it out"),
    ],
)
def test_setting_that_no_extension_has_is_told_with_its_line(small_book, name, advice):
    """Sphinx told it without a line, at the end of a build that had ignored it."""
    content = yaml.safe_load((small_book.root / "_config.yml").read_text("utf-8"))
    content["sphinx"]["config"] = {"latex_elements.preamble": "", name: []} | content["sphinx"]["config"]
    text = yaml.safe_dump(content, sort_keys=False)
    line = text[: text.index(f"{name}:")].count("\n") + 1
    lay(small_book, "_config.yml", text)
    with pytest.raises(BookError) as error:
        small_book.build()
    assert error.value.message == f"_config.yml:{line}: there is no setting {name!r}; {advice}"


@pytest.mark.parametrize("case", RIGHT)
def test_what_only_looks_like_a_break_is_let_through(small_book, case):
    lay(small_book, *RIGHT[case])
    look(small_book)


def test_settings_of_both_books_have_the_forms_that_are_asked_for():
    for root in (SECOND, SECOND.parents[2]):
        for name in ("_config.yml", "_toc.yml", "CITATION.cff"):
            text = (root / name).read_text("utf-8")
            forms.require(name, text, notation.read_yaml(name, text))
