"""Tables as an analyst reads them: Chinese column names and values, long texts wrapped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from html import escape

import pandas as pd

from analysis import vocabulary
from analysis.schema import TABLES

# Columns whose values are keys of the codebook; columns of quotes that no table has.
NAMED = (
    "issue",
    "theme",
    "theme2",
    "role",
    "key",
    "main_theme",
    *(f"nearest{n}" for n in (1, 2, 3)),
)
EXTRA_NAMES = {"quote": "引文", "marked": "引文（【】为命中处）", "share": "占比"}
EXTRA_NAMES |= {"doubt": "把握不大的标签"}
# Of quotes, what one reads; their ids are for programs.
QUOTED = ("report", "level", "heading_path", "marked", "role", "stance", "doubt", "start")
LONGEST = 40  # rows of a table that a reader still looks through
MANY_COLUMNS = 8  # from which on headings are broken, so that the table stays on the screen
PRIVATE = re.compile("[\ue000-\uf8ff]")
# Widths, a Chinese character being two: up to here a text is not broken, from here it gets room.
SHORT_TEXT, LONG_TEXT = 20, 60
# Chinese of values, by column: `unit` is a level, `report` a genre and a grouping.
BY_COLUMN = {
    "level": vocabulary.LEVELS,
    "genre": vocabulary.GENRES,
    "problem_section": vocabulary.SECTION_STATES,
    "kind": vocabulary.KINDS | vocabulary.EDIT_KINDS | vocabulary.TWIN_KINDS,
    "state": vocabulary.TWIN_STATES,
    "group": vocabulary.LEVEL_GROUP_NAMES | {"all": "全部"},
    "stance": vocabulary.STANCES | vocabulary.RATE_STANCES,
    "script": vocabulary.SCRIPTS,
    "status": vocabulary.STATUSES,
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


def width(value: object) -> int:
    """Columns of a terminal that a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in str(value))


def _legible(value: object) -> object:
    """Give the number of a character that no font draws, in place of a box."""
    if not isinstance(value, str):
        return value
    return PRIVATE.sub(lambda found: f"〔U+{ord(found[0]):04X}〕", value)


def show(frame: pd.DataFrame, names: Mapping[str, str] | None = None, *, rows: int = LONGEST):
    """Return a pandas ``Styler`` of ``frame``: Chinese, no row numbers, long texts whole.

    Parameters
    ----------
    rows : int
        How many rows are shown at most; of a longer table it is said how many there are. A note in
        ``frame.attrs["note"]`` stands above the table.
    """
    notes = [frame.attrs["note"]] if "note" in frame.attrs else []
    if "marked" in frame:
        frame = frame[[column for column in QUOTED if column in frame]]
    if frame.empty and not notes:
        notes.append("没有符合的内容。")
    if len(frame) > rows:
        notes.append(f"只列前 {rows} 行，共 {len(frame)} 行。")
    labelled = label_table(frame.head(rows), names).reset_index(drop=True).map(_legible)
    style = labelled.style.hide(axis="index").format(escape="html", precision=2)
    style = style.set_properties(**{"text-align": "left", "white-space": "pre-line"})
    widths = {c: labelled[c].map(width).max() for c in labelled}
    wide = [c for c in labelled if widths[c] > LONG_TEXT]
    short = [c for c in labelled if widths[c] <= SHORT_TEXT]
    middle = [c for c in labelled if c not in wide and c not in short]
    room = "22em" if len(wide + middle) < 2 else "14em"
    style = style.set_properties(subset=wide, **{"min-width": room})
    style = style.set_properties(subset=middle, **{"min-width": "9em"})
    style = style.set_properties(subset=short, **{"white-space": "nowrap"})
    spaces = "nowrap" if len(labelled.columns) <= MANY_COLUMNS else "normal"
    if notes:
        style = style.set_caption(escape("".join(notes)))
    return style.set_table_styles(
        [
            {
                "selector": "th",
                "props": f"text-align: left; white-space: {spaces}; min-width: 3.2em",
            },
            {"selector": "td", "props": "vertical-align: baseline"},
            {"selector": "caption", "props": "text-align: left; caption-side: top"},
        ]
    )
