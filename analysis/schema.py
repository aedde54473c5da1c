"""Every table's columns in one place: type, key, allowed values, meaning.

Stages meet only in the tables named here. A table that a stage returns, a file of the codebook and
a file of results are all checked against this one registry, so a misspelt column or an unknown
value is found where it arises and is told with file, row, value, what is allowed and the fix.
"""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.tables import COLUMNS_BY_TABLE, KEYS_BY_TABLE

# Cells that begin with one of these would be run as a formula by Excel and WPS.
FORMULA_SIGNS = ("=", "+", "-", "@")
DTYPES = {"str": "str", "int": "Int64", "float": "float64", "bool": "boolean"}


class SchemaError(ValueError):
    """A table does not fit its schema; the message is one line of Chinese for the analyst."""


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


def suggest(value: str, allowed) -> str:
    """Return “；是否想写 X？” for the allowed value nearest to ``value``, or an empty string."""
    near = difflib.get_close_matches(str(value), list(allowed), n=1, cutoff=0.6)
    return f"；是否想写 {near[0]}？" if near else ""


def place(where: str, position: int) -> str:
    """Name a row as a person sees it in Excel: the header is row 1."""
    return f"{where} 第{position + 2}行"


def _cast(frame: pd.DataFrame, column: Column, where: str) -> pd.Series:
    values = frame[column.name]
    try:
        return values.astype(DTYPES[column.kind])
    except (TypeError, ValueError):
        kind = {"int": "整数", "float": "数字", "bool": "True 或 False", "str": "文字"}[column.kind]
        numbers = pd.to_numeric(values, errors="coerce")
        bad = (numbers.isna() & values.notna()).to_numpy().argmax()
        raise SchemaError(
            f"{place(where, values.index[int(bad)])}：{column.name} "
            f"“{values.iloc[int(bad)]}” 应为{kind}，请改正。"
        ) from None


def check(name: str, frame: pd.DataFrame, where: str | None = None) -> pd.DataFrame:
    """Return ``frame`` with exactly the columns, order and types of table ``name``.

    Parameters
    ----------
    name : str
        A key of :data:`TABLES`.
    frame : pandas.DataFrame
        Must hold every column of the table and no other.
    where : str, optional
        How messages name the table: a file name, by default ``name.csv``.

    Raises
    ------
    SchemaError
        A column is missing or unknown, a cell has the wrong type, is empty where it may not be, is
        an empty string or not among the allowed values, or a key stands twice.
    """
    table, where = TABLES[name], where or f"{name}.csv"
    _check_columns(table, frame, where)
    result = pd.DataFrame({c.name: _cast(frame, c, where) for c in table.columns})
    for column in table.columns:
        _check_cells(result[column.name], column, where)
    twice = result.duplicated(list(table.key))
    if table.key and twice.any():
        at = int(twice.to_numpy().argmax())
        key = "、".join(f"{k} “{result[k].iloc[at]}”" for k in table.key)
        raise SchemaError(f"{place(where, result.index[at])}：{key} 与前面的行重复，请删去或改名。")
    return result


def _check_columns(table: Table, frame: pd.DataFrame, where: str) -> None:
    missing = [c for c in table.names if c not in frame.columns]
    unknown = [c for c in frame.columns if c not in table.names]
    if unknown:
        raise SchemaError(
            f"{where} 第1行：不认识的列 “{unknown[0]}”；可用的列：{'、'.join(table.names)}"
            f"{suggest(unknown[0], table.names)}"
        )
    if missing:
        raise SchemaError(f"{where} 第1行：缺少列 “{missing[0]}”，应有：{'、'.join(table.names)}。")


def _check_cells(values: pd.Series, column: Column, where: str) -> None:
    if column.required and values.isna().any():
        at = int(values.isna().to_numpy().argmax())
        raise SchemaError(
            f"{place(where, values.index[at])}：{column.name} 不能为空，"
            f"请填写（{column.meaning}）。"
        )
    if column.kind == "str" and (values == "").any():
        at = int((values == "").fillna(False).to_numpy().argmax())
        raise SchemaError(
            f"{place(where, values.index[at])}：{column.name} 是空字符串，缺值应留空。"
        )
    if column.allowed:
        bad = values.notna() & ~values.isin(column.allowed)
        if bad.any():
            at = int(bad.to_numpy().argmax())
            raise SchemaError(
                f"{place(where, values.index[at])}：{column.name} “{values.iloc[at]}” "
                f"不在允许的取值中："
                f"{'、'.join(column.allowed)}{suggest(values.iloc[at], column.allowed)}"
            )


def write_table(name: str, frame: pd.DataFrame, path: Path) -> Path:
    r"""Check ``frame`` and write it as CSV: utf-8-sig, ``\n``, formula signs made harmless."""
    frame = check(name, frame.reset_index(drop=True), path.name)
    for column in TABLES[name].columns:
        if column.kind == "str":
            risky = frame[column.name].str.startswith((*FORMULA_SIGNS, "'")).fillna(False)
            if risky.any():
                values = frame[column.name].where(~risky.astype(bool), "'" + frame[column.name])
                frame = frame.assign(**{column.name: values})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        frame.to_csv(file, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return path


def read_table(name: str, path: Path) -> pd.DataFrame:
    """Read a CSV file that a person or :func:`write_table` wrote, and check it.

    UTF-8 (with or without BOM) and GB18030, as Excel and WPS save, are both understood. The index
    of the result is the row's place in the file, so that later messages can name it.

    Raises
    ------
    SchemaError
        The file is missing or unreadable, or the table does not fit its schema.
    """
    if not path.is_file():
        raise SchemaError(f"找不到文件 {path.name}（应在 {path.parent}）。")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            raise SchemaError(f"{path.name}：编码无法识别，请另存为“CSV UTF-8”。") from None
    return check(name, _parse(text, path.name), path.name)


def _parse(text: str, where: str) -> pd.DataFrame:
    records = csv.reader(text.splitlines(keepends=True))
    rows = [(position - 1, row) for position, row in enumerate(records) if any(row)]
    if not rows:
        raise SchemaError(f"{where}：文件是空的，至少应有表头一行。")
    header = rows[0][1]
    for position, row in rows[1:]:
        if len(row) != len(header):
            raise SchemaError(
                f"{place(where, position)}：有 {len(row)} 列，表头是 {len(header)} 列；"
                "单元格里有逗号时请用英文双引号括起来。"
            )
    cells = [[_clean(cell) for cell in row] for _, row in rows[1:]]
    index = [position for position, _ in rows[1:]]  # so that messages name the row of the file
    return pd.DataFrame(cells, columns=header, index=index, dtype=object)


def _clean(cell: str) -> str | None:
    if cell.startswith("'") and cell[1:2] in (*FORMULA_SIGNS, "'"):
        cell = cell[1:]
    return cell if cell != "" else None
