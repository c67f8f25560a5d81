"""Analysis functions and book builder of *Schools at the Crossroads*."""

__all__ = ["catalogue", "load"]


def __getattr__(name):
    # Imported when first asked for: the book builder, which needs no tables, starts without pandas.
    if name in __all__:
        from crossroads import data

        return getattr(data, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
