"""Tables as an analyst reads them: Chinese column names and values, long texts wrapped."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
from pandas.io.formats.style import Styler

from analysis import tables
from analysis.schema import TABLES

# Columns whose values are keys of the codebook; columns of quotes that no table has.
NAMED = ("issue", "theme", "theme2", "role", "key", "main_theme")
EXTRA_NAMES = {"quote": "引文", "marked": "引文（【】为命中处）", "share": "占比"}
# Chinese of values, by column: `unit` is a level, `report` a genre and a grouping.
BY_COLUMN = {
    "level": tables.LEVELS,
    "genre": tables.GENRES,
    "problem_section": tables.SECTION_STATES,
    "kind": tables.KINDS | tables.EDIT_KINDS,
    "group": tables.LEVEL_GROUP_NAMES | {"all": "全部"},
    "stance": tables.STANCES | tables.RATE_STANCES,
    "script": tables.SCRIPTS,
    "status": tables.STATUSES,
    "fragile": {"yes": "是", "no": "否", "cannot_tell": "无从判断"},
}


def column_names(columns) -> dict[str, str]:
    """Short Chinese names of columns: the beginning of each one's meaning in the registry.

    The table that holds most of the columns decides, since one name may mean different things.
    """
    wanted = list(columns)
    order = sorted(TABLES.values(), key=lambda table: -len(set(wanted) & set(table.names)))
    names: dict[str, str] = {}
    for table in order:
        for entry in table.columns:
            names.setdefault(entry.name, re.split("[：（；，]", entry.meaning)[0])
    return {column: (EXTRA_NAMES | names).get(column, column) for column in wanted}


def label_table(frame: pd.DataFrame, names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return ``frame`` with Chinese column names and values, for reading only.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any selection of a table of the schema.
    names : mapping of str to str, optional
        Chinese names of issues, themes and roles (``Codebook.names``).
    """
    titles, result = column_names(frame.columns), {}
    for column in frame.columns:
        values = frame[column]
        known = (names or {}) if column in NAMED else BY_COLUMN.get(column, {})
        if values.dtype == "boolean" or values.dtype == bool:
            known = {True: "是", False: "否"}
        if known:
            values = values.map(lambda value, known=known: known.get(value, value))
        if values.dtype.kind == "f":
            values = values.round(2)
        result[titles[column]] = values.astype(object).where(values.notna(), "")
    return pd.DataFrame(result, index=frame.index)


def show(frame: pd.DataFrame, names: Mapping[str, str] | None = None) -> Styler:
    """Return ``frame`` for a notebook: Chinese, no row numbers, long texts whole and wrapped."""
    labelled = label_table(frame, names)
    style = labelled.style.hide(axis="index").format(escape="html", precision=2)
    return style.set_properties(**{"text-align": "left", "white-space": "normal"}).set_table_styles(
        [{"selector": "th", "props": "text-align: left; white-space: nowrap"}]
    )
