"""Read ``data/corrections.csv``, also as Excel saved it or a hand damaged it: good rows count.

Each decision is one line of the file, but for cells in which a person typed a line end. A row that
makes no sense is told with its place and the reason, and stays in the file as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cell_reading import cut, decode, read_header
from analysis.cells import SchemaError, place, unguard
from analysis.schema import TABLES, check, empty, strip_cells
from analysis.vocabulary import CORRECTED_FIELDS

TABLE = "corrections"
LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
PENDING = ".pending"  # in the name of the file that takes what could not be saved
LONGEST_CELL = 50  # lines of one row at most; more is a quotation mark that was never closed
TOLD = 20  # bad rows that are told one by one
NEEDED = tuple(column.name for column in TABLES[TABLE].columns if column.required)


def pending_path(path: Path) -> Path:
    """Where decisions wait while another program holds the file."""
    return path.with_name(f"{path.stem}{PENDING}{path.suffix}")


def load_corrections(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """Read the decisions, those that still wait to be saved included.

    Parameters
    ----------
    path : pathlib.Path
        ``data/corrections.csv``; where it is missing there are no decisions.

    Returns
    -------
    corrections : pandas.DataFrame
        Table ``corrections``, earliest first.
    problems : list of str
        One line of Chinese for each row left out, with row and reason.

    Raises
    ------
    SchemaError
        The file as a whole is no such table, or cannot be read.
    """
    problems: list[str] = []
    parts = [read_file(one, problems) for one in (path, pending_path(path)) if one.is_file()]
    if not parts:
        return empty(TABLE), []
    table = pd.concat(parts)
    table = table[~table["correction"].duplicated()]  # saved just before the side file was removed
    known = set(table["correction"])
    for row in table[table["undoes"].notna() & ~table["undoes"].isin(known)].itertuples():
        problems.append(
            f"{path.name}：{row.correction} 要撤销的 {row.undoes} 不在文件里，不起作用。"
        )
    if len(problems) > TOLD:
        problems[TOLD:] = [f"{path.name}：还有 {len(problems) - TOLD} 行读不懂，未逐一列出。"]
    return table.sort_values("correction", kind="stable").reset_index(drop=True), problems


def read_form(path: Path) -> tuple[str, str, str, list[str]]:
    """Text, encoding, separator and header of the file, so that rows are added as it has them."""
    text, encoding = decode(path)
    separator = _separator(text)
    rows = (row for _, row in _split(text, separator) if row is None or cut(row))
    return text, encoding, separator, read_header(-1, next(rows, None) or ["?"], path.name)


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return "\t" if "\t" in first and "," not in first else ","


def read_file(path: Path, problems: list[str]) -> pd.DataFrame:
    """Read one file; a line for each row left out goes to ``problems``."""
    text, _ = decode(path)
    rows = ((n, row) for n, row in _split(text, _separator(text)) if row is None or cut(row))
    if not text.strip():
        problems.append(f"{path.name}：文件是空的，里面没有更正；若本来有，请找回备份。")
        return empty(TABLE)
    _, first = next(rows, (0, None))
    if first is None:
        raise SchemaError(f"{path.name}：第一行不是表头，应有：{'、'.join(TABLES[TABLE].names)}。")
    header = read_header(-1, first, path.name)
    lost = [name for name in NEEDED if name not in header]
    if lost:
        raise SchemaError(
            f"{path.name} 第1行：缺少列 “{lost[0]}”，应有：{'、'.join(TABLES[TABLE].names)}。"
        )
    index, cells = [], []
    for number, row in rows:
        if row is None or len(cut(row)) > len(header):
            problems.append(
                f"{place(path.name, number - 1)}：这一行读不懂（引号或逗号不对），未采用。"
            )
            continue
        index.append(number - 1)
        cells.append([unguard(c) for c in row[: len(header)]] + [None] * (len(header) - len(row)))
    frame = pd.DataFrame(cells, columns=header, index=index, dtype=object)
    frame = frame.reindex(columns=TABLES[TABLE].names).replace({np.nan: None})
    frame = frame[~frame.duplicated()]
    twice = frame["correction"].notna() & frame["correction"].duplicated()
    problems += [
        f"{place(path.name, at)}：编号 {name} 已经有一条不同的更正；这一行未采用。"
        for at, name in frame.loc[twice, "correction"].items()
    ]
    return _check(strip_cells(TABLE, frame[~twice]), path.name, problems)


def _split(text: str, separator: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield number and cells of every row; None for a line that is no row.

    A quotation mark that was never closed takes only its own line down.
    """
    lines, at, number, width = LINES.findall(text), 0, 0, None
    while at < len(lines):
        stop, row = _one(lines, at, separator, width)
        yield number, row
        at, number, width = stop, number + 1, width or (row and len(cut(row)))


def _one(lines: list[str], at: int, separator: str, width) -> tuple[int, list[str] | None]:
    quotes = 0
    for stop in range(at, min(at + LONGEST_CELL, len(lines))):
        if stop > at and width and lines[stop].count(separator) >= width - 1:
            break  # a whole row is no part of a cell
        quotes += lines[stop].count('"')
        if quotes % 2 == 0:
            chunk = io.StringIO("".join(lines[at : stop + 1]), newline="")
            try:
                found = list(csv.reader(chunk, delimiter=separator, strict=True))
            except csv.Error:
                break
            return (stop + 1, found[0] if found else []) if len(found) < 2 else (at + 1, None)
    return at + 1, None


def _check(frame: pd.DataFrame, where: str, problems: list[str]) -> pd.DataFrame:
    """The rows that fit the schema; halves are looked at, so that bad rows cost little."""
    try:
        table = check(TABLE, frame, where)
    except SchemaError as error:
        if len(frame) > 1:
            half = len(frame) // 2
            halves = (_check(part, where, problems) for part in (frame[:half], frame[half:]))
            return pd.concat(list(halves))
        problems.append(str(error).rstrip("。") + "；这一行未采用。")
        return empty(TABLE)
    reasons = {at: _senseless(row) for at, row in zip(table.index, table.itertuples(), strict=True)}
    bad = [at for at, reason in reasons.items() if reason]
    problems += [f"{place(where, at)}：{reasons[at]}；这一行未采用。" for at in bad]
    return table.drop(index=bad)


def _senseless(row) -> str | None:
    """Why a row of the right types makes no sense."""
    if row.field not in CORRECTED_FIELDS[row.target]:
        return (
            f"target 是 {row.target} 时 field 不能是 {row.field}，"
            f"可用：{'、'.join(CORRECTED_FIELDS[row.target])}"
        )
    if not 0 <= row.start < row.end:
        return f"start {row.start}、end {row.end} 不是一段文字的起止"
    if isinstance(row.undoes, str):
        return None
    if not isinstance(row.was, str) and not isinstance(row.now, str):
        return "was 和 now 都空着"
    if row.field in ("role", "theme") and not isinstance(row.now, str):
        return f"{row.field} 的 now 不能为空"
    return None
