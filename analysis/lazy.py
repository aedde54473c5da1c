"""Tables by name, of which some are made only when they are asked for."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Iterable, Mapping

import pandas as pd


class LazyTables(UserDict):
    """Tables by name; one that is given as a function is made when it is first asked for.

    The function returns the table in pieces, so that it can be written without being held whole.
    """

    def __getitem__(self, name: str) -> pd.DataFrame:
        if callable(self.data[name]):
            self.data[name] = pd.concat(self.data[name](), ignore_index=True)
        return self.data[name]


def whole_or_pieces(
    tables: Mapping[str, pd.DataFrame], name: str
) -> pd.DataFrame | Iterable[pd.DataFrame]:
    """A table, or its pieces where nobody asked for it yet; these are not kept."""
    given = tables.data[name] if isinstance(tables, LazyTables) else tables[name]
    return given() if callable(given) else given
