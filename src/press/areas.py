"""The areas that a reader may choose as theirs, on any page and for all of them.

The press knows none: a book's own extension sets ``session.areas`` before pages are read. Exhibits say of each row which
area it is about.

Not here: what is shown of a chosen area, which scripts do in the reader's browser (``press.web``).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Areas:
    """The areas that a reader may choose as theirs.

    Attributes
    ----------
    label, compare : str
        What the choice is called, such as ``My port``, and that of others to compare with it.
    many, parts : str
        What several areas and several parts of one are called in sentences, such as ``ports`` and ``quays``.
    names : dict of str to str
        Names by code, in the order in which they are offered; without any there is nothing to choose.
    pages : dict of str to str
        The page about an area, where there is one.
    within : dict of str to str
        By the code of a part, such as a region, that of the area which it is part of.
    """

    label: str = "My area"
    compare: str = "Compare"
    many: str = "areas"
    parts: str = "parts"
    names: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    within: dict[str, str] = field(default_factory=dict)

    def of(self, code: str) -> str:
        """Return the area that a code names or is part of; nothing for what is neither, such as an average.

        Parameters
        ----------
        code : str

        Returns
        -------
        str
        """
        return code if code in self.names else self.within.get(code, "")
