"""``crossroads new case`` and ``crossroads cases``: ask for a case, write its two files, check all of them.

Each answer is checked when it is given; an empty answer means "not known". What is written has passed the same check
as every case of the library.

Not here: what a valid case is (``crossroads.evidence.cases``).
"""

import re
import unicodedata

import yaml

from crossroads.evidence import cases, package
from press.errors import BookError

WIDTH = 110
QUESTIONS = {
    "learners": "Learners: who learns, and how are they grouped?",
    "educators": "Educators: who teaches or guides, and how do they work?",
    "content": "Content: what is learned that is new or arranged anew?",
    "resources": "Resources: spaces, money, materials?",
    "organisation": "Organisation: how is it organised?",
    "leadership": "Leadership: who started and leads it?",
    "technology": "Technology: which, and for what?",
}


class _Dumper(yaml.SafeDumper):
    """YAML as the library has it: short lists in one line, no anchors."""

    def ignore_aliases(self, data):
        return True

    def represent_list(self, data):
        short = all(isinstance(entry, str) for entry in data)
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=short)

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


_Dumper.add_representer(list, _Dumper.represent_list)


def dump(case):
    """Write a case as the YAML of the library.

    Parameters
    ----------
    case : dict

    Returns
    -------
    str
    """
    return yaml.dump(case, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)


def new_case(root, read=input, show=print):
    """Ask for a case and write ``data/cases/<id>.yaml`` and ``book/cases/<id>.md``.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    read : callable
        Shows a question and returns the answer.
    show : callable
        Shows a line.

    Returns
    -------
    pathlib.Path
        The file of the case.

    Raises
    ------
    BookError
        If the library as it stands is not valid, or the new case would be a second file for a place.
    """
    folder = root / "data"
    existing, mistakes = cases.read(folder)
    if mistakes:
        raise BookError(f"mend the library first: {mistakes[0]}", "data/cases")
    show("Press return where something is not known. Write plain text in your own words; no praise.\n")
    asked = _Interview(folder, read, show)
    case = asked.case(existing)
    mistakes = cases.check(case, folder) + cases.check_together({**existing, case["id"]: case})
    if mistakes:
        raise BookError("; ".join(mistakes), f"data/cases/{case['id']}.yaml was not written")
    path, page = folder / "cases" / f"{case['id']}.yaml", root / "book" / "cases" / f"{case['id']}.md"
    path.write_text(dump(case), "utf-8")
    page.write_text(f"```{{case-page}} {case['id']}\n```\n", "utf-8")
    show(f"\nWritten: {path.relative_to(root)} and {page.relative_to(root)}")
    show(f"Add this line to _toc.yml, below book/cases:\n          - file: book/cases/{case['id']}")
    show("Two codings by the code book are still missing; until then the case is left out of comparisons.")
    return path


class _Interview:
    """Asks the questions, each again until its answer is one that the library accepts."""

    def __init__(self, folder, read, show):
        self.folder, self.read, self.show = folder, read, show

    def case(self, existing):
        name = self.text("Name of the school, network, partnership or city", required=True)
        identifier = self.ask("Short id for file and address", self._free_id(existing), default=slug(name))
        kind = self.choose("Kind", "case-kinds")
        sources = self.sources()
        cited = self.citations(sources)
        place = {
            "country": self.ask("Country (three letters, e.g. FIN)", self._country),
            "region": self.text("Region"),
            "locality": self.text("City, town or village"),
            "oecd_region": None,
            "nuts2": None,
            "coordinates": None,
            "sources": cited("place"),
        }
        for field, question in (("oecd_region", "OECD region code"), ("nuts2", "NUTS 2 (2021) region code")):
            place[field] = self.ask(f"{question}, if you know it", self._region(place["country"])) or None
        level = self.text("Level of education, in words")
        claims = {field: self.claim(question, cited, field) for field, question in QUESTIONS.items()}
        return {
            "id": identifier,
            "name": name,
            "kind": kind,
            "level": level
            and {"text": level, "codes": self.several("Levels", "case-levels"), "sources": cited("level")},
            "start": self.start(cited),
            "place": place,
            "elements": {element: claims.pop(element) for element in cases.ELEMENTS},
            **claims,
            "partners": self.partners(cited),
            "evidence": self.evidence(cited),
            "sources": sources,
            "confidence": self.choose("How sure is the account?", "case-confidences"),
            "checked": self.ask("Day on which you compared text and sources (2026-01-31)", _day) or None,
        }

    def ask(self, question, convert=lambda answer: answer, default=""):
        """Ask until the answer converts."""
        hint = f" [{default}]" if default else ""
        while True:
            answer = self.read(f"{question}{hint}: ").strip() or default
            try:
                return convert(answer)
            except ValueError as error:
                self.show(f"  {error}")

    def text(self, question, required=False):
        def convert(answer):
            if required and not answer:
                raise ValueError("this is needed")
            for mistake in cases.check_text(answer):
                raise ValueError(mistake)
            return answer or None

        return self.ask(question, convert)

    def claim(self, question, cited, field):
        text = self.text(question)
        return text and {"text": text, "sources": cited(field)}

    def start(self, cited):
        year = self.ask("Year in which it started", _year)
        return year and {"year": year, "sources": cited("start")}

    def partners(self, cited):
        kinds = self.several("Partners", "case-partner-kinds")
        return {"kinds": kinds, "sources": cited("partners")} if kinds else None

    def evidence(self, cited):
        text = self.text("What do the sources say on results?")
        strength = self.choose("Strength of that evidence", "case-evidence-strengths")
        note = self.text("Why this strength, if one could see it otherwise")
        return {"text": text, "strength": strength, "note": note, "sources": cited("evidence")}

    def sources(self):
        found = []
        while True:
            number = len(found) + 1
            title = self.text(f"Title of source {number}" + (" (return: no more)" if found else ""), required=not found)
            if title is None:
                return found
            source = {
                "id": f"s{number}",
                "title": title,
                "publisher": self.text("  its publisher", required=True),
                "year": self.ask("  its year, or undated", _source_year),
                "url": None,
                "doi": None,
                "programme_doi": None,
                "caveat": None,
            }
            kind, address = self.ask("  its address (https://...) or DOI (10....)", _address)
            source[kind] = address
            found.append(source)

    def citations(self, sources):
        """Return a function that asks which sources support a field; with one source there is nothing to ask."""
        known = [source["id"] for source in sources]

        def convert(answer):
            chosen = [part if part.startswith("s") else f"s{part}" for part in re.split(r"[\s,]+", answer) if part]
            for identifier in chosen:
                if identifier not in known:
                    raise ValueError(f"{identifier} is no source; there are {', '.join(known)}")
            return list(dict.fromkeys(chosen))

        def cited(field):
            if len(known) == 1:
                return known
            return self.ask(f"  sources for {field}", convert, default=" ".join(known))

        return cited

    def choose(self, question, name):
        def convert(answer):
            if answer not in codes:
                raise ValueError(f"expected one of {', '.join(codes)}")
            return answer

        codes = self._codes(name)
        return self.ask(question, convert)

    def several(self, question, name):
        def convert(answer):
            chosen = [part for part in re.split(r"[\s,]+", answer) if part]
            for code in chosen:
                if code not in codes:
                    raise ValueError(f"{code} is not one of {', '.join(codes)}")
            return list(dict.fromkeys(chosen))

        codes = self._codes(name)
        return self.ask(f"{question} (several with spaces)", convert)

    def _codes(self, name):
        codes = package.code_list(name, self.folder)
        for code, entry in codes.items():
            self.show(f"  {code}: {entry['definition']}")
        return codes

    def _free_id(self, existing):
        def convert(answer):
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", answer):
                raise ValueError("expected lower-case letters, digits and hyphens")
            if answer in existing:
                raise ValueError(f"{answer} is taken by {existing[answer]['name']}")
            return answer

        return convert

    def _country(self, answer):
        areas = package.code_list("areas", self.folder)
        code = answer.upper()
        if areas.get(code, {}).get("area_type") != "country":
            raise ValueError("expected the three letters of a country, as in data/code-lists/areas.csv")
        return code

    def _region(self, country):
        areas = package.code_list("areas", self.folder)

        def convert(answer):
            if answer and areas.get(answer, {}).get("country") != country:
                raise ValueError(
                    f"no region of {country} has this code in data/code-lists/areas.csv; press return to leave it"
                )
            return answer

        return convert


def slug(name):
    """Make an id of a name.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        Lower-case letters, digits and hyphens, at most 40 characters; empty where nothing is left.
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"\(.*?\)", "", name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:40].rstrip("-")


def _year(answer):
    if answer and not re.fullmatch(r"(1[89]|20)\d\d", answer):
        raise ValueError("expected a year such as 2012")
    return int(answer) if answer else None


def _source_year(answer):
    if answer == "undated":
        return answer
    year = _year(answer)
    if year is None:
        raise ValueError("expected a year, or the word undated where the source gives none")
    return year


def _day(answer):
    if answer and not re.fullmatch(r"\d{4}-\d\d-\d\d", answer):
        raise ValueError("expected a day such as 2026-01-31")
    return answer


def _address(answer):
    if re.fullmatch(r"https?://[^\s<>\"]+", answer):
        return "url", answer
    if re.fullmatch(r"10\.[0-9]{4,}/\S+", answer):
        return "doi", answer
    raise ValueError("expected an address that begins with https:// or a DOI that begins with 10.")


def check_cases(root, show=print):
    """Check the library and its codings: the service behind ``crossroads cases``.

    Parameters
    ----------
    root : pathlib.Path
        Root of the project.
    show : callable
        Shows a line: each mistake; for a case that is not coded yet, the row that the rules give it.

    Returns
    -------
    int
        Number of mistakes.
    """
    folder = root / "data"
    found, mistakes = cases.read(folder)
    if not mistakes:
        mistakes, uncoded = _check_codings(found, folder)
        for line in uncoded:
            show(line)
    for mistake in mistakes:
        show(f"data/cases/{mistake}")
    show(f"{len(found)} cases, {len(mistakes)} mistakes")
    return len(mistakes)


def _check_codings(found, folder):
    """Return mistakes in the codings, and one line for each row that is missing in one of them."""
    from crossroads import coding  # with pandas, which no other part of the book needs

    try:
        codings = {name: cases.coding(name, folder, found) for name in ("first", "second")}
    except cases.CaseError as error:
        return error.mistakes, []
    ruled = coding.by_rule(found, cases.code_book(folder))
    mistakes, lines = [], []
    for identifier in found:
        given = ruled.loc[identifier]
        row = ",".join([identifier, *("" if value is None else str(value) for value in _plain(given).values())])
        if identifier not in codings["first"]:
            lines.append(
                f"coding-first.csv: {identifier} is not coded yet; read it against the code book and add a row"
            )
        if identifier not in codings["second"]:
            lines.append(f"coding-second.csv: {identifier} is not coded yet; by rule its row is\n{row}")
        elif codings["second"][identifier] != _plain(given):
            mistakes.append(f"coding-second.csv: {identifier}: not what the rules give for its text, which is\n{row}")
    return mistakes, lines


def _plain(row):
    return {code: int(value) if known else None for (code, value), known in zip(row.items(), row.notna(), strict=True)}
