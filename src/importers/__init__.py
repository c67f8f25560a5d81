"""Publishers' files turned into the tidy tables of ``data/``, one module a publisher family.

A module of the package declares its tables as :class:`~importers.declaration.Table` objects in a tuple
``TABLES``; :func:`importers.remake.remake` reads the publishers' files and writes tables, code lists and
the descriptor. Nothing else writes ``data/``. The publishers' files themselves are not part of the project.

Not here: reading ``data/`` (``crossroads.evidence.tables``), statistics (floor 1), anything that runs while the book is built.
"""

from importlib import import_module

from importers.declaration import Table

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


def tables():
    """Return the declared tables of all families.

    Returns
    -------
    dict of str to Table
        Declarations by name of the table, in alphabetical order.
    """
    declared: dict[str, Table] = {}
    for family in FAMILIES:
        for table in import_module(f"importers.families.{family}").TABLES:
            if table.name in declared:
                raise ValueError(f"{family}: a table named {table.name!r} is declared twice; rename one")
            declared[table.name] = table
    return dict(sorted(declared.items()))
