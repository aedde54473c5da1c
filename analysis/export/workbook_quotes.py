"""The sheet of sentences, so ordered that those behind a number stand in neighbouring rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.counting import group_reports
from analysis.export.material import Material
from analysis.quoting import mark

MOST_ROWS = 1_048_000  # of a sheet, that Excel takes
PLACE = ["kind", "key", "stance", "level", "group"]


def list_quotes(material: Material) -> pd.DataFrame:
    """List the sentences behind every rate of a single report, each number's together.

    Sorted by kind, key, stance, level and report: the sentences of a rate of all reports, of a
    level or of one report stand in neighbouring rows.

    Returns
    -------
    pandas.DataFrame
        Columns ``rate``, ``kind``, ``key``, ``stance``, ``level``, ``group`` (the report),
        ``heading_path``, ``marked``, ``role``, ``stances``, ``start``, ``end``, ``sentence``.
    """
    t = material.tables
    rates = t["rates"][t["rates"]["by"] == "report"]
    items = t["evidence"].merge(rates[["rate", "kind", "key", "stance", "group"]], on="rate")
    levels = group_reports(t["reports"], "level")
    items["level"] = items["group"].map(levels.astype("str"))
    spans = t["mentions"][["mention", "start", "end", "stance"]]
    spans = spans.rename(columns={"start": "from", "end": "to", "stance": "named"})
    items = items.merge(spans, on="mention", how="left")
    columns = ["sentence", "start", "end", "role"]
    items = items.merge(t["sentences"][columns], on="sentence", how="left")
    items = items.merge(t["passages"][["passage", "heading_path"]], on="passage", how="left")
    orders = [rates[c].drop_duplicates().tolist() for c in ("kind", "key", "stance")]
    orders += [levels.cat.categories.tolist(), rates["group"].drop_duplicates().tolist()]
    ranks = [
        items[c].map({v: at for at, v in enumerate(order)})
        for c, order in zip(PLACE, orders, strict=True)
    ]
    items = items.assign(**{f"by{n}": rank for n, rank in enumerate(ranks)})
    items = items.sort_values([*(f"by{n}" for n in range(len(ranks))), "start"], kind="stable")
    return _one_per_sentence(items, material.sources)


def _one_per_sentence(items: pd.DataFrame, sources: Mapping[str, str]) -> pd.DataFrame:
    rows: dict[tuple, dict] = {}
    for row in items.to_dict("records"):
        one = rows.setdefault((row["rate"], row["sentence"]), row | {"spans": [], "stances": []})
        if not pd.isna(row["from"]):
            one["spans"].append((int(row["from"]), int(row["to"])))
            one["stances"].append(row["named"])
    for one in rows.values():
        source = sources.get(one["group"], "")
        one["marked"] = mark(source, int(one["start"]), int(one["end"]), one["spans"])
        one["stances"] = "、".join(dict.fromkeys(one["stances"]))
    columns = ["rate", *PLACE, "heading_path", "marked", "role", "stances", "start", "end"]
    return pd.DataFrame(list(rows.values()), columns=[*columns, "sentence"]).head(MOST_ROWS)


def find_ranges(rates: pd.DataFrame, quotes: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return for every rate with sentences the first and the last of its rows in ``quotes``."""
    found = {}
    depth = {"all": 3, "level": 4, "report": 5}
    where = quotes.reset_index(drop=True)
    for by, many in depth.items():
        keys = [column for column in PLACE[:many] if by != "report" or column != "level"]
        spans = {key: (min(at), max(at)) for key, at in where.groupby(keys).indices.items()}
        for row in rates[rates["by"] == by].itertuples():
            place = (row.kind, row.key, row.stance, *([] if by == "all" else [row.group]))
            if place in spans:
                found[row.rate] = spans[place]
    return found
