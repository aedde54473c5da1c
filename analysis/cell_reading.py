"""CSV files as people and Excel keep them: bytes to unchecked cells."""

from __future__ import annotations

import codecs
import csv
import io
import sys
from pathlib import Path

import pandas as pd

from analysis.cells import Form, LockedError, SchemaError, place, say_locked, unguard

UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OTHER_SEPARATORS = ";；，"
SAVE_AS = "请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”。"


def read_cells(path: Path, *, problems: list[str] | None = None) -> pd.DataFrame:
    """Read a CSV file as strings, unchecked, and forgive what Excel does to files.

    UTF-8 with or without BOM, GB18030 and Excel's “Unicode 文本” (UTF-16 with tabs) are understood,
    empty columns on the right and empty rows are left out, and cells missing at the end of a row
    are empty ones.

    Parameters
    ----------
    problems : list of str, optional
        Takes one line for each row with more cells than the header, which is then left out;
        without it such a row is an error.

    Returns
    -------
    pandas.DataFrame
        Strings, None for an empty cell. The index is the row's place in the file, for
        :func:`place`.

    Raises
    ------
    SchemaError
        The file is missing, unreadable, empty, not CSV, or its header has a gap or a double name.
    """
    rows = [(n - 1, row) for n, row in enumerate(read_rows(path)[0]) if "".join(row).strip()]
    if not rows:
        raise SchemaError(f"{path.name}：文件是空的，至少应有表头一行。")
    header = read_header(*rows[0], path.name)
    index, cells = [], []
    for position, row in rows[1:]:
        if len(row) > len(header) and len(cut(row)) > len(header):
            problem = (
                f"{place(path.name, position)}：有 {len(cut(row))} 列，表头是 {len(header)} 列；"
                "单元格里有逗号时请用英文双引号括起来。"
            )
            if problems is None:
                raise SchemaError(problem)
            problems.append(problem)
            continue
        index.append(position)
        row = row[: len(header)]
        row = [unguard(c) if c[:1] == "'" else c or None for c in row]
        cells.append(row + [None] * (len(header) - len(row)))
    return pd.DataFrame(cells, columns=header, index=index, dtype=object)


def read_rows(path: Path) -> tuple[list[list[str]], Form]:
    """Read every row as it stands, blank ones too, and how the file is written.

    Raises
    ------
    SchemaError
        As :func:`read_cells`; :class:`LockedError` where another program holds the file.
    """
    text, encoding = decode(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = "\t" if "\t" in first and "," not in first else ","
    line_end = "\r\n" if "\r\n" in text else "\n"
    return _split_rows(text, path.name, separator), Form(encoding, separator, line_end)


def decode(path: Path) -> tuple[str, str]:
    """Text and encoding, which for text without a mark is the one Excel reads it in.

    Raises
    ------
    SchemaError
        As :func:`read_rows`.
    """
    if not path.is_file():
        raise SchemaError(f"找不到文件 {path.name}（应在 {path.parent}）。")
    try:
        raw = path.read_bytes()
    except OSError:
        raise LockedError(say_locked(path, "读取")) from None
    if raw.startswith(b"PK\x03\x04"):
        raise SchemaError(f"{path.name}：内容是 Excel 工作簿，不是 CSV；{SAVE_AS}")
    if raw.startswith(UTF16_BOMS):  # Excel: “Unicode 文本”
        try:
            return raw.decode("utf-16"), "utf-16"
        except UnicodeDecodeError:
            pass  # refused below: it holds NUL
    marked = raw.startswith(codecs.BOM_UTF8)
    # A file with the mark of UTF-8 is never in another encoding, and may hold a report's NUL.
    if b"\0" in raw and not marked:
        raise SchemaError(f"{path.name}：不是 UTF-8 编码的 CSV 文件；{SAVE_AS}")
    try:
        return raw.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError as error:
        if not marked:
            try:
                return raw.decode("gb18030"), "gb18030"
            except UnicodeDecodeError:
                pass
        line = raw[: error.start].count(b"\n") + 1
        raise SchemaError(
            f"{path.name}：第{line}行附近有无法识别的字节（既非 UTF-8，也非 GB18030）；{SAVE_AS}"
        ) from None


def _split_rows(text: str, where: str, separator: str) -> list[list[str]]:
    """The rows; a cell of several lines is one row."""
    rows: list[list[str]] = []
    limit = csv.field_size_limit(sys.maxsize)  # a report on one line may be one cell of results
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise SchemaError(
            f'{place(where, len(rows) - 1)}：英文双引号不成对；单元格里有引号时写两个（""），'
            "整个单元格再用英文双引号括起来。"
        ) from None
    finally:
        csv.field_size_limit(limit)
    return rows


def read_header(position: int, row: list[str], where: str) -> list[str]:
    """Names of the columns; a gap or a double name is an error that names the row."""
    header = [name.strip().strip("\ufeff").strip() for name in cut(row)]
    where = place(where, position)
    if len(header) == 1 and any(sign in header[0] for sign in OTHER_SEPARATORS):
        raise SchemaError(f"{where}：各列之间应当用英文逗号隔开；{SAVE_AS}")
    for number, name in enumerate(header, start=1):
        if not name:
            raise SchemaError(f"{where}：第{number}列没有列名，请补上列名或删去这一列。")
        if name in header[: number - 1]:
            raise SchemaError(f"{where}：列 “{name}” 出现两次，请删去一列。")
    return header


def cut(row: list[str]) -> list[str]:
    """Drop the blank cells on the right that Excel leaves where something once stood."""
    if row and row[-1].strip():
        return row
    width = max((at for at, cell in enumerate(row, start=1) if cell.strip()), default=0)
    return row[:width]
