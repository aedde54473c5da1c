"""Compare a run with another: what differs, and because of which report or rule.

A report is labelled by itself, so a report that comes in moves no label of another; where the file
of a report is the same and a label is not, a person's entry, the codebook or the program did it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.changes.causes import follow_names, list_reports, list_rules, say_rules
from analysis.changes.figures import list_figures
from analysis.changes.labels import list_labels, list_proposed, list_stability, list_unexplained
from analysis.digest import Digest
from analysis.schema import check

__all__ = ["find_changes"]


def find_changes(before: Digest, now: Digest, names: Mapping[str, str]) -> pd.DataFrame:
    """List everything that differs between two runs.

    Parameters
    ----------
    before, now : Digest
        The older and the newer run.
    names : mapping of str to str
        Chinese names of issues, themes and roles (``Codebook.names``).

    Returns
    -------
    pandas.DataFrame
        Table ``changes``. A report that only has another name is one row, and moves nothing.
    """
    before, renamed = follow_names(before, now)
    rules = list_rules(before.inputs, now.inputs)
    reports, causes = list_reports(before, now, say_rules(key for _, key, *_ in rules), renamed)
    rows = rules + reports
    rows += list_figures(before, now, causes)
    rows += list_labels(before, now, causes, names)
    rows += list_unexplained(before, now, causes)
    rows += list_proposed(before, now, causes) + list_stability(before, now, causes)
    columns = ["kind", "key", "before", "after", "because_of"]
    return check("changes", pd.DataFrame(rows, columns=columns, dtype=object))
