"""What lies behind each number: mentions and sentences, in a table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.cells import SchemaError
from analysis.compare import rate_ids
from analysis.counting import (
    find_occurrences,
    group_reports,
    number_cells,
)
from analysis.schema import TABLES, empty

ROWS_AT_ONCE = 50_000


def find_evidence(
    rates: pd.DataFrame,
    reports: pd.DataFrame,
    passages: pd.DataFrame,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
) -> pd.DataFrame:
    """List the items behind every count of ``rates``: :func:`list_evidence` in one table."""
    parts = (rates, reports, passages, sentences, mentions)
    return pd.concat(list_evidence(*parts), ignore_index=True)


def list_evidence(
    rates: pd.DataFrame,
    reports: pd.DataFrame,
    passages: pd.DataFrame,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
) -> Iterator[pd.DataFrame]:
    """List the items behind every count of ``rates``.

    Each mention (of an issue) or sentence (of a theme, of a role) stands once under each rate it
    belongs to, also where it lies outside the denominator. Any number of groupings may stand in
    ``rates``.

    Yields
    ------
    pandas.DataFrame
        Table ``evidence``: rates in their order, then by place in the report. It is by far the
        longest table, and comes in pieces of :data:`ROWS_AT_ONCE`.

    Raises
    ------
    SchemaError
        An item stands in a passage that is not in ``passages``.
    """
    found = find_occurrences(sentences, mentions)
    stray = ~found["passage"].isin(passages["passage"])
    if stray.any():
        value = found.loc[stray.idxmax(), "passage"]
        raise SchemaError(f"出处中的段落 “{value}” 不在段落表中：各表不一致，请重新运行分析。")
    place = pd.Index(sentences["sentence"]).get_indexer(found["sentence"])
    found = found.iloc[np.argsort(place, kind="stable")]
    cell, cells = number_cells(found)
    report, names = pd.factorize(found["report"])
    ids = pd.Index(rates["rate"])
    rows, orders = [], []
    for by in rates["by"].unique():
        group = group_reports(reports, by)
        code = group.cat.codes.reindex(names, fill_value=-1).to_numpy(int)[report]
        # Ids are strings: one for each pair of group and cell, not one for each occurrence.
        pair, pairs = pd.factorize(code * len(cells) + cell)
        table = cells.iloc[pairs % len(cells)].reset_index(drop=True)
        table["group"] = group.cat.categories.to_numpy(object)[pairs // len(cells)]
        order = ids.get_indexer(rate_ids(table.assign(by=by)))[pair]
        rows.append(np.flatnonzero((code >= 0) & (order >= 0)))
        orders.append(order[rows[-1]])
    yield empty("evidence")
    if not rows:
        return
    row, order = np.concatenate(rows), np.concatenate(orders)
    sorted_by_rate = np.argsort(order, kind="stable")
    row, order = row[sorted_by_rate], order[sorted_by_rate]
    found = found[TABLES["evidence"].names[1:]]
    for at in range(0, len(row), ROWS_AT_ONCE):
        part = slice(at, at + ROWS_AT_ONCE)
        items = found.take(row[part]).reset_index(drop=True)
        items.insert(0, "rate", rates["rate"].array.take(order[part]))
        yield items
