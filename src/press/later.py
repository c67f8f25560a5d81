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


def postpone(name: str = GRAMMAR) -> None:
    """Let a module stand for a library, and leave its place to the library at the first use.

    Parameters
    ----------
    name : str
        The library, of which functions are used; nothing is done where it is not installed or imported already.
    """
    spec = None if name in sys.modules else find_spec(name)
    if spec is None:
        return

    def real() -> ModuleType:
        if sys.modules.get(name) is standing:
            del sys.modules[name]
        return importlib.import_module(name)

    def function(attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)

        def call(*arguments: Any, **settings: Any) -> Any:
            return getattr(real(), attribute)(*arguments, **settings)

        return call

    standing = ModuleType(name)
    standing.__path__ = spec.submodule_search_locations or []
    standing.__getattr__ = function  # type: ignore[method-assign]
    sys.modules[name] = standing
