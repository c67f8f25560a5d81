"""Analysis functions of *Schools at the Crossroads*: what its notebooks import."""

from importlib import import_module

__all__ = ["catalogue", "load"]
# Modules that notebooks import by their last name.
_MODULES = {
    "areas": "crossroads.evidence.areas",
    "cases": "crossroads.evidence.cases",
    "data": "crossroads.evidence.tables",
    "studies": "crossroads.evidence.studies",
}


def __getattr__(name: str) -> object:
    # Imported when first asked for: the book builder, which needs no tables, starts without pandas.
    if name in __all__:
        return getattr(import_module("crossroads.evidence.tables"), name)
    if name in _MODULES:
        return import_module(_MODULES[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
