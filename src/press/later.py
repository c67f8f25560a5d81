"""A library that others import for nothing, imported when it is first asked.

Jupyter's libraries import jsonschema, and with it a grammar of internationalised addresses (the formats "iri" and
"iri-reference"), which takes a second of processor time to build: more than all else that is imported before Sphinx
begins. No schema of notebooks, of a book's settings or of its records names these formats.

Not here: what is known of libraries otherwise.
"""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

GRAMMAR = "rfc3987_syntax"


class Standing(ModuleType):
    """What stands for a library until a function of it is called."""

    def __getattr__(self, attribute: str) -> Any:
        """Return a function that imports the library and calls its own of this name."""
        if attribute.startswith("__"):
            raise AttributeError(attribute)

        def call(*arguments: Any, **settings: Any) -> Any:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
            return getattr(importlib.import_module(self.__name__), attribute)(*arguments, **settings)

        return call


def postpone(name: str = GRAMMAR) -> None:
    """Let a module stand for a library, and leave its place to the library at the first use.

    Parameters
    ----------
    name : str
        The library, of which functions are used; nothing is done where it is not installed or imported already.
    """
    spec = None if name in sys.modules else find_spec(name)
    if spec is not None:
        sys.modules[name] = Standing(name)
        sys.modules[name].__path__ = spec.submodule_search_locations or []
