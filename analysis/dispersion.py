"""How evenly an issue or a theme is spread over the reports, and what rests on one of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.compare import cell_states
from analysis.contrasts import find_contrasts
from analysis.says import PASSAGE_NAMES
from analysis.schema import check

# More than half of all passages in one report: the count is that report's more than the group's.
CONCENTRATED = 0.5
CELL = ["kind", "key", "stance"]


def find_dispersion(rates: pd.DataFrame) -> pd.DataFrame:
    """Tell for each issue, theme and role how its passages are spread over the reports.

    Parameters
    ----------
    rates : pandas.DataFrame
        Rows of ``rates`` with ``by`` ``report``.

    Returns
    -------
    pandas.DataFrame
        Table ``dispersion``: one row per kind, key and stance that occurs in some passage.
        ``deviation`` is Gries' deviation of proportions, half the sum of |share of the key's
        passages − share of all passages| over the reports that can be judged: 0 spread as the
        passages are, towards 1 all in one short report (Gries, Dispersions and adjusted
        frequencies in corpora, International Journal of Corpus Linguistics 13, 2008). Missing
        for a key that fewer than two reports could have.
    """
    rows = rates[(rates["by"] == "report") & (rates["reports"] > 0)]
    found = [_disperse(cell, part) for cell, part in rows.groupby(CELL, sort=False)]
    columns = [*CELL, "reports_with", "reports", "passages_with", "passages"]
    columns += ["most", "most_passages", "deviation", "says"]
    table = pd.DataFrame([row for row in found if row], columns=columns)
    return check("dispersion", table)


def _disperse(cell: tuple, rows: pd.DataFrame) -> tuple | None:
    having, passages = rows["passages_with"].to_numpy(float), rows["passages"].to_numpy(float)
    total, size = having.sum(), passages.sum()
    if not total:
        return None
    most = rows.loc[rows["passages_with"].idxmax()]
    deviation = np.abs(having / total - passages / size).sum() / 2 if len(rows) > 1 else np.nan
    counts = (rows["reports_with"].sum(), len(rows), int(total), int(size))
    told = _say(counts, most, cell)
    return (*cell, *counts, most["group"], most["passages_with"], deviation, told)


def _say(counts: tuple, most: pd.Series, cell: tuple) -> str:
    k, n, having, size = counts
    unit = "段" if cell[0] == "role" else f"个{PASSAGE_NAMES[cell[2]]}"
    told = f"{n} 份中 {k} 份、{size} {unit}中 {having} 段"
    if k > 1 and most["passages_with"] > CONCENTRATED * having:
        told += f"；其中 {most['passages_with']} 段出自同一份（{most['group']}），分布不均"
    return told


def leave_one_out(rates: pd.DataFrame, without: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Compare the counts of a grouping with those that leave one report out, each in turn.

    Parameters
    ----------
    rates : pandas.DataFrame
        Rates of all reports, of one grouping.
    without : mapping of str to pandas.DataFrame
        The same without the report named.

    Returns
    -------
    pandas.DataFrame
        Table ``left_out``: the rows of ``rates`` with at least two reports that can be judged.
    """
    rows = rates[rates["reports"] > 1].set_index("rate")
    shares: dict[str, list[tuple[float, str]]] = {rate: [] for rate in rows.index}
    flips: dict[str, list[str]] = {rate: [] for rate in rows.index}
    told = _statements(rates)
    for report, fewer in without.items():
        other = _statements(fewer)
        for row in fewer[fewer["rate"].isin(rows.index) & (fewer["reports"] > 0)].itertuples():
            text = f"{row.reports_with}/{row.reports}"
            shares[row.rate].append((row.reports_with / row.reports, text))
        for rate in rows.index:
            if told[rate] != other.get(rate, told[rate]):
                flips[rate].append(report)
    table = rows[["by", "group", *CELL, "reports_with", "reports"]].reset_index()
    table["least"] = [min(shares[rate])[1] for rate in table["rate"]]
    table["largest"] = [max(shares[rate])[1] for rate in table["rate"]]
    table["flips"] = ["、".join(flips[rate]) or None for rate in table["rate"]]
    return check("left_out", table)


def _statements(rates: pd.DataFrame) -> dict[str, tuple]:
    """What is said of each rate: its state, and what it is higher and lower than."""
    states = dict(zip(rates["rate"], ((state,) for state in cell_states(rates)), strict=True))
    by = rates["by"].iloc[0] if len(rates) else ""
    for row in find_contrasts(rates).itertuples():
        cell = f"{row.kind}/{row.key}/{row.stance}"
        states[f"{by}/{row.higher}/{cell}"] += ("高于", row.lower)
        states[f"{by}/{row.lower}/{cell}"] += ("低于", row.higher)
    return states
