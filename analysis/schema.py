"""Every table's columns in one place: type, key, allowed values, meaning.

Stages meet only in the tables named here. A table that a stage returns, a file of the codebook and
a file of results are all checked against this one registry, so a misspelt column or an unknown
value is found where it arises and is told with file, row, value, what is allowed and the fix.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pandas as pd

from analysis.casting import DTYPES, cast
from analysis.cell_reading import read_cells
from analysis.cell_writing import write_columns
from analysis.cells import SchemaError, place
from analysis.tables import COLUMNS_BY_TABLE, KEYS_BY_TABLE

OPEN_TABLES = ("catalogue", "reports")  # a person may add columns to the first; both carry them


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name, kind, meaning : str
        Name, type (``str``, ``int``, ``float`` or ``bool``) and what a cell says.
    allowed : tuple of str
        The values allowed; empty: any.
    required : bool
        Whether a cell may not be missing.
    """

    name: str
    kind: str
    meaning: str
    allowed: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A table's name, columns and key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Column names in their order."""
        return [column.name for column in self.columns]


def _registry() -> dict[str, Table]:
    tables = {}
    for name, rows in COLUMNS_BY_TABLE.items():
        columns = []
        for column, kind, meaning, *allowed in rows:
            values = tuple(allowed[0]) if allowed else ()
            columns.append(Column(column, kind.rstrip("!"), meaning, values, kind.endswith("!")))
        tables[name] = Table(name, tuple(columns), tuple(KEYS_BY_TABLE[name]))
    return tables


TABLES = _registry()


def empty(name: str) -> pd.DataFrame:
    """Return the table ``name`` with its columns and no rows."""
    return pd.DataFrame({c.name: pd.array([], dtype=DTYPES[c.kind]) for c in TABLES[name].columns})


def as_lists(frame: pd.DataFrame) -> dict[str, list]:
    """Return the columns as lists of Python's own values, None where there is none."""
    return {c: frame[c].to_numpy(dtype=object, na_value=None).tolist() for c in frame}


def suggest(value: str, allowed) -> str:
    """Return “；是否想写 X？” for the allowed value nearest to ``value``, or an empty string."""
    near = difflib.get_close_matches(str(value), list(allowed), n=1, cutoff=0.6)
    return f"；是否想写 {near[0]}？" if near else ""


def check(name: str, frame: pd.DataFrame, where: str | None = None) -> pd.DataFrame:
    """Return ``frame`` with exactly the columns, order and types of table ``name``.

    Parameters
    ----------
    name : str
        A key of :data:`TABLES`.
    frame : pandas.DataFrame
        Must hold every column of the table and no other, but for :data:`OPEN_TABLES`.
    where : str, optional
        How messages name the table: a file name, by default ``name.csv``.

    Raises
    ------
    SchemaError
        A column is missing or unknown, a cell has the wrong type, is empty where it may not be, is
        an empty string or not among the allowed values, or a key stands twice.
    """
    table, where = TABLES[name], where or f"{name}.csv"
    check_header(name, frame.columns, where)
    result = pd.DataFrame({c.name: cast(frame[c.name], c.kind, where) for c in table.columns})
    if own := own_columns(name, frame.columns):
        result[own] = frame[own].astype("str")
    for column in table.columns:
        _check_cells(result[column.name], column, where)
    _check_key(result, table, where)
    return result


def _check_key(frame: pd.DataFrame, table: Table, where: str) -> None:
    keys = list(table.key)
    twice = frame.duplicated(keys)
    if not twice.any():
        return
    at = int(twice.to_numpy().argmax())
    key = "、".join(f"{k} “{frame[k].iloc[at]}”" for k in keys if pd.notna(frame[k].iloc[at]))
    same = frame[keys].eq(frame[keys].iloc[at]) | frame[keys].isna() & frame[keys].iloc[at].isna()
    first = int(same.all(axis=1).to_numpy().argmax())
    raise SchemaError(
        f"{place(where, frame.index[at])}：{key} 与第{frame.index[first] + 2}行重复，请删去或改名。"
    )


def own_columns(name: str, header: Iterable[str]) -> list[str]:
    """The columns that a person added, where the table is open to them."""
    return [c for c in header if c not in TABLES[name].names] if name in OPEN_TABLES else []


def check_header(name: str, header: Iterable[str], where: str) -> None:
    """Refuse columns that table ``name`` does not know (unless it is open), and missing ones.

    Raises
    ------
    SchemaError
        One line with the first such column, all that are allowed, and the nearest one.
    """
    names, header = TABLES[name].names, list(header)
    unknown = [c for c in header if c not in names and name not in OPEN_TABLES]
    missing = [c for c in names if c not in header]
    if unknown:
        raise SchemaError(
            f"{where} 第1行：不认识的列 “{unknown[0]}”；可用的列：{'、'.join(names)}"
            f"{suggest(unknown[0], names) or '；请改名或删去这一列。'}"
        )
    if missing:
        raise SchemaError(f"{where} 第1行：缺少列 “{missing[0]}”，应有：{'、'.join(names)}。")


def _check_cells(values: pd.Series, column: Column, where: str) -> None:
    if column.required and values.isna().any():
        at = int(values.isna().to_numpy().argmax())
        raise SchemaError(
            f"{place(where, values.index[at])}：{column.name} 不能为空，"
            f"请填写（{column.meaning}）。"
        )
    # A set of the cells is made faster than the column is compared.
    cells = {*values.to_numpy()} if column.kind == "str" or column.allowed else set()
    if "" in cells:
        at = int((values == "").fillna(False).to_numpy().argmax())
        raise SchemaError(
            f"{place(where, values.index[at])}：{column.name} 是空字符串，缺值应留空。"
        )
    if column.allowed and not cells <= {*column.allowed}:
        bad = values.notna() & ~values.isin(column.allowed)
        if bad.any():
            at = int(bad.to_numpy().argmax())
            raise SchemaError(
                f"{place(where, values.index[at])}：{column.name} “{values.iloc[at]}” "
                f"不在允许的取值中："
                f"{'、'.join(column.allowed)}"
                f"{suggest(values.iloc[at], column.allowed) or '；请改正。'}"
            )


def write_table(name: str, frame: pd.DataFrame | Iterable[pd.DataFrame], path: Path) -> Path:
    r"""Check ``frame`` and write it as CSV: utf-8-sig, ``\n``, formula signs made harmless.

    A table that comes in pieces is written as it is: the stage that makes them answers for them.
    """
    if isinstance(frame, pd.DataFrame):
        frame = [check(name, frame.reset_index(drop=True), path.name)]
    pieces = iter(frame)
    first = next(pieces)
    columns = ([_cells(piece[c]) for c in piece] for piece in chain([first], pieces))
    write_columns(path, list(first.columns), columns)
    return path


def _cells(values: pd.Series) -> list:
    if isinstance(values.dtype, pd.StringDtype):
        return values.fillna("").tolist()
    return values.astype(object).where(values.notna(), None).tolist()


def read_table(name: str, path: Path) -> pd.DataFrame:
    """Read a CSV file that a person or :func:`write_table` wrote, and check it.

    The index of the result is the row's place in the file, so that later messages can name it.

    Raises
    ------
    SchemaError
        The file is missing or unreadable, or the table does not fit its schema.
    """
    return check(name, strip_cells(name, read_cells(path)), path.name)


def strip_cells(name: str, cells: pd.DataFrame) -> pd.DataFrame:
    """Cut blanks around cells of columns that allow only certain values: nobody can see them."""
    columns = {c.name for c in TABLES[name].columns if c.allowed} & set(cells.columns)
    stripped = {c: [(v.strip() or None) if v else v for v in cells[c]] for c in columns}
    return cells.assign(**{c: pd.Series(v, cells.index, object) for c, v in stripped.items()})
