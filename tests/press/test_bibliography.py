"""Two works must not hide behind one reference."""

import os
import re

import pytest
from pybtex.database import parse_string

from press import scan
from press.errors import BookError
from press.page.bibliography import Alphabet, mark_years

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::PendingDeprecationWarning")

WORKS = """
@book{late, author={{Coast}}, title={Zebras}, publisher={P}, year={2014}}
@book{early, author={{Coast}}, title={Apes}, publisher={P}, year={2014}}
@book{alone, author={{Coast}}, title={Cats}, publisher={P}, year={2015}}
@book{many, author={Lee, A. and Roy, B. and Kim, C.}, title={One}, publisher={P}, year={2014}}
@book{others, author={Lee, A. and Fox, D. and Kim, C.}, title={Two}, publisher={P}, year={2014}}
"""


def years(entries):
    return {key: entry.fields["year"] for key, entry in entries.items()}


def test_works_that_would_be_cited_alike_get_letters_in_the_order_of_the_list():
    entries = parse_string(WORKS, "bibtex").entries
    mark_years(entries)
    marked = {"late": "2014b", "early": "2014a", "alone": "2015", "many": "2014b", "others": "2014a"}
    assert years(entries) == marked
    # The next build finds them as this one left them.
    mark_years(entries)
    assert years(entries) == marked
    del entries["late"]
    mark_years(entries)
    assert years(entries)["early"] == "2014"


def test_letter_stands_in_the_text_and_in_the_list_and_follows_the_file(small_book):
    path = small_book.root / "book" / "references.bib"
    path.write_text(WORKS, "utf-8")
    small_book.chapter("```{exhibit} ch1-small\n```\n\nSee {cite:p}`late,early`; {value}`ch1-mean`.\n")
    (small_book.root / "book" / "index.md").write_text("# A small book\n\n```{bibliography}\n```\n", "utf-8")
    assert small_book.build() == 0
    page = small_book.page("book/chapter1")
    assert [re.search(rf">Coast, 2014{letter}</a>", page) is not None for letter in "ab"] == [True, True]
    assert re.search(r"Coast\. <em>Zebras</em>\. P, 2014b\.", small_book.page("book/index"))
    path.write_text(WORKS.replace("{2014}}\n@book{early", "{2013}}\n@book{early"), "utf-8")
    assert small_book.build() == 0
    page = small_book.page("book/chapter1")
    assert ">Coast, 2013</a>" in page
    assert "2014a" not in page
    # Put back twice with one old time, as by an archive: the second one stayed what the first was.
    for year in ["2011", "2012"]:
        path.write_text(WORKS.replace("{2014}}\n@book{early", f"{{{year}}}}}\n@book{{early"), "utf-8")
        os.utime(path, (1_000_000_000, 1_000_000_000))
        assert small_book.build() == 0
        assert f">Coast, {year}</a>" in small_book.page("book/chapter1")


def test_list_is_in_the_order_of_the_alphabet_whatever_the_letters():
    """Organisations in braces and names with marks came after Z, and readers did not find them where they looked."""
    names = [
        "Zola, A.",
        "{OECD}",
        "{\\L}ukasz, B.",
        "Ørsted, C.",
        "Mill, J.",
        "Nyman, D.",
        "Pál, E.",
        "Pak, F.",
        "Émile, G.",
        "de Vries, H.",
    ]
    works = "".join(f"@book{{w{at}, author={{{name}}}, title={{T}}, year=2014}}\n" for at, name in enumerate(names))
    order = [entry.persons["author"][0] for entry in Alphabet().sort(parse_string(works, "bibtex").entries.values())]
    assert [re.sub(r"[{}\\]", "", " ".join([*person.prelast_names, *person.last_names])) for person in order] == [
        "de Vries", "Émile", "Lukasz", "Mill", "Nyman", "OECD", "Ørsted", "Pak", "Pál", "Zola",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("@misc{a, author={A, B}, title={T}, date={2015-03-01}}", "a: date is a field of BibLaTeX, .*; write year ="),
        (
            "@article{a, author={A, B}, title={T}, year=2015, journaltitle={J}}",
            "a: journaltitle is .*; write journal =",
        ),
        ("@misc{a, author={A, B}, title={Of $x^2$}, year=2015}", r"a: title would be printed with '\$x\^2\$'"),
        ("@misc{a, author={A, B}, title={Of \\emph{x}}, year=2015}", r"a: title would be printed with .*emph"),
        (
            "@misc{a, author={Ministry of Work and Schools}, title={T}, year=2015}",
            "a: author would be printed as 'of Work'; .*braces",
        ),
        ("@misc{a, author={M, J. & N, P.}, title={T}, year=2015}", "a: author has .*; write and between two names"),
        (
            "@misc{a, author={Me, My; You, Yours}, title={T}, year=2015}",
            "a: author has .*; write and between two names",
        ),
        ("@misc{a, author={My Me; Your You}, title={T}, year=2015}", "a: author has .*; write and between two names"),
        ("@misc{a, author={M{\\'e}, J.; L{\\'o}, P.}, title={T}, year=2015}", "a: author has .*; write and between"),
        ("@book{a\n author={A, B},\n title={T}}", "the entry 'a' has no comma after its key; write a,"),
        ("@article {a author={A, B}, title={T}}", "the entry 'a' has no comma after its key"),
        ("@misc{a, author={M, J. et al.}, title={T}, year=2015}", "a: author has .*; write and others"),
        (
            "@misc{a, author={A, B}, title={T}, url={www.example.org/a}, year=2015}",
            "a: url is 'www.example.org/a'; expected",
        ),
        ("@misc{a, author={A, B}, title={{A 50% Test}}, year=2015}", r"a: title has a percent sign, .*; write \\%"),
        (
            "@misc{a, author={A, B}, title={Of PISA and more}, year=2015}",
            r"a: title would be printed with 'pisa'; write {PISA}",
        ),
        (
            "@articles{a, author={A, B}, title={T}, year=2015}",
            r"a: @articles is no kind of work \(there is 'article'\)",
        ),
        (
            "@article{a, author={A, B}, title={T}, journals={J}, year=2015}",
            r"a: journal is missing \(there is 'journals'\)",
        ),
        ("@misc{a b,\n author={A, B}, title={T}, year=2015}", "syntax error .*; the key 'a b' holds a blank"),
        ("@misc{a, author={A, B, C, D}, title={T}, year=2015}", "Too many commas .*; write and between authors"),
        (
            "@misc{b, author={A, B}, title={T}, year=2015, doi={10.1/X}}\n@misc{a, author={C, D}, title={U}, year=2016, doi={10.1/x}}",
            r"4: a: is the work 'b' once more, with the same doi",
        ),
        (
            "@misc{b, author={A, B}, title={{The T}}, year=2015}\n@misc{a, author={A, B.}, title={The {T}}, year=2015}",
            r"4: a: is the work 'b' once more, with the same title, year and first author",
        ),
        (
            "@misc{a, author={A, B}, title={T}, note={Read \\today}, year=2015}",
            r"a: note would be printed with .*today",
        ),
    ],
)
def test_what_a_list_would_lose_or_print_as_it_stands_is_told(tmp_path, entry, told):
    """Jupyter Book printed "n.d." for a date of BibLaTeX, and commands of LaTeX as they were typed."""
    place = "" if told[0].isdecimal() else "3: "
    with pytest.raises(BookError, match=rf"book/references\.bib:{place}{told}"):
        scan._parse_references("book/references.bib", f"% Works\n\n{entry}\n")


@pytest.mark.parametrize(
    "text", [r"Caf{\'e} \& {\L}{\'o}d{\'z} -- 5\% of \"{o}", "Costs of 5 \\$ and {DNA}~x {\\'E}tude", "A {B} c"]
)
def test_letters_as_bibtex_writes_them_are_no_slip(text):
    scan._parse_references("book/references.bib", f"@misc{{a, author={{A, B}}, title={{{text}}}, year=2015}}")


@pytest.mark.parametrize(
    "entry",
    [
        "@misc{a, author={van der Berg, A. and de la Cruz, B. and others}, title={T}, year=2015}",
        "@misc{a, author={{Smith & Sons} and {Ministry of Work}}, title={T}, year=2015}",
        "@misc{a, author={{Ministry of Work; Office of {L}ights} and L{\\'o}, P.}, title={T}, year=2015}",
        '@string{press = "P"}\n@book{a, editor={A, B}, title={T}, publisher=press, year=2015}',
        "@book{a, editor={A, B}, title={Of PISA and more}, publisher={P}, year=2015}",
        "@misc{a, author={A, B}, title={{Of PISA and more}}, url={https://example.org/a%20b_c}, year=2015}",
        "@online{a, title={{Of PISA}}, year=2015}",
        "@incollection{a, author={in 't Veld, A.}, title={T}, crossref={b}}\n@book{b, editor={C, D}, title={U}, booktitle={U},"
        " publisher={P}, year=2015}",
    ],
)
def test_works_as_bibtex_has_them_are_let_through(entry):
    scan._parse_references("book/references.bib", entry)


def test_brace_that_is_never_closed_is_told_with_its_entry():
    text = "@misc{early, title={T}}\n\n@misc{late,\n title={T,\n year=2015\n"
    with pytest.raises(BookError, match=r"references\.bib:3: .*premature end of file; a brace of 'late', or"):
        scan._parse_references("book/references.bib", text)


def test_key_in_other_capitals_is_that_of_the_first_entry():
    """It was told without a line, and the second entry was called the first."""
    text = " @misc {late, title={T}}\n\n@misc{ Late , title={T}}\n"
    with pytest.raises(BookError, match=r"references\.bib:3: .*; the first stands in line 1"):
        scan._parse_references("book/references.bib", text)


def test_doi_with_its_address_leads_to_the_work(small_book):
    """Zotero writes it so, and the link was https://doi.org/https://doi.org/..."""
    (small_book.root / "book" / "references.bib").write_text(
        "@book{late, author={{Coast}}, title={Zebras}, publisher={P}, year={2014}, doi={https://doi.org/10.5281/zenodo.1}}",
        "utf-8",
    )
    small_book.chapter("```{exhibit} ch1-small\n```\n\nSee {cite:p}`late`; {value}`ch1-mean`.\n")
    (small_book.root / "book" / "index.md").write_text("# A small book\n\n```{bibliography}\n```\n", "utf-8")
    assert small_book.build() == 0
    page = small_book.page("book/index")
    assert 'href="https://doi.org/10.5281/zenodo.1"' in page
    assert "doi:10.5281/zenodo.1" in page
