"""Publishers' files turned into the tidy tables of ``data/``, one module a publisher family.

A module of ``importers.families`` says in ``FAMILY`` what it gives, its tables above all, as
:class:`~importers.declaration.Family`; :func:`importers.remake.remake` reads the publishers' files and writes tables, code
lists and the descriptor. Nothing else writes ``data/``. The publishers' files themselves are not part of the project.

Not here: reading ``data/`` (``crossroads.evidence.tables``), statistics (floor 1), anything that runs while the book is built.
"""

from importlib import import_module

from importers.declaration import Family, Table

FAMILIES = (
    "pisa",
    "pisa_change",
    "pisa_2025",
    "pisa_creative",
    "piaac",
    "cmec",
    "icils",
    "pisa_schools",
    "eurostat_urban",
    "talis",
    "oecd_portal",
    "microdata",
    "eurostat_regional",
    "oecd_sti",
    "world_bank",
    "unesco",
    "eurostat",
    "cedefop",
    "oecd_regional",
    "commission",
)


def all_families() -> list[Family]:
    """Return what each module of ``importers.families`` gives, and the authors' own tables."""
    # Imported here: its module needs the declarations, which import this package.
    own = import_module("importers.own").family()
    return [*(import_module(f"importers.families.{name}").FAMILY for name in FAMILIES), own]


def tables() -> dict[str, Table]:
    """Return the declared tables of all families.

    Returns
    -------
    dict of str to Table
        Declarations by name of the table, in alphabetical order.
    """
    declared: dict[str, Table] = {}
    for table in [table for family in all_families() for table in family.tables]:
        if table.name in declared:
            raise ValueError(f"a table named {table.name!r} is declared twice; rename one")
        declared[table.name] = table
    return dict(sorted(declared.items()))
