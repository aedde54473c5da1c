"""The catalogue ``data/reports.csv``: what a person decided about the reports."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path

import pandas as pd

from analysis.cell_reading import read_cells
from analysis.cells import LockedError, SchemaError, place
from analysis.reading import readable
from analysis.schema import TABLES, check, empty, own_columns, suggest
from analysis.vocabulary import GENRES, LEVELS

FIELDS = ("title", "level", "region", "issuer", "date", "genre")
DEFAULT_NAME = "reports.csv"
NAMES_SHOWN = 10  # a message stays one line that can be read
# A person may write a level or a genre in Chinese (县级 or 县); the table holds the key.
CHINESE_VALUES = {
    "level": {name: key for key, name in LEVELS.items()}
    | {name.removesuffix("级"): key for key, name in LEVELS.items()}
    | dict.fromkeys(("乡镇", "街道", "乡镇级", "街道级"), "township"),
    "genre": {name: key for key, name in GENRES.items()},
}
# Also the columns may be named in Chinese: by the beginning of their meaning in the registry.
CHINESE_COLUMNS = {c.meaning.split("：")[0]: c.name for c in TABLES["catalogue"].columns}
# Names that mean something else where one chooses what to compare by.
RESERVED = {"all", "全部", "报告", "报告名"} | set(TABLES["reports"].names)
# Excel turns 2024-03-05 into 2024/3/5 (with a time, too) and 2024-03 into Mar-24 as soon as the
# file is saved, and a date in a column of numbers into the days since 1899-12-30.
DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?(?: \d+:[\d:]+)?")
MONTH = re.compile("([A-Za-z]{3})-(\\d\\d)")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?")  # 1954 to 2119; 2024 is a year
EPOCH = datetime.date(1899, 12, 30)


def load_catalogue(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """Read the catalogue; what does not fit is left out and told, so that no slip stops a run.

    Returns
    -------
    table : pandas.DataFrame
        Table ``catalogue`` with the rows that fit, then the columns a person added; its index is
        the rows' place in the file. A missing file is an empty table.
    remarks : list of str
        One line of Chinese for each row left out (a level or genre that does not exist, a file
        named twice with other entries, a date that is none …) and each column, or for the whole
        file when it cannot be read or does not name the files.

    Raises
    ------
    LockedError
        Another program holds the file: going on would take every entry for empty.
    """
    if not path.exists():
        return empty("catalogue"), []
    problems: list[str] = []
    try:
        cells, told = _read_columns(read_cells(path, problems=problems), path.name)
    except LockedError:
        raise
    except SchemaError as error:
        return empty("catalogue"), [f"{error}本次未采用这个文件。"]
    good, seen = [], {}
    for row, entry in zip(cells.index, cells.to_dict("records"), strict=True):
        try:
            if _is_new(row, entry, seen, path.name):
                good.append(row)
        except SchemaError as error:
            problems.append(str(error))
    table = check("catalogue", cells.loc[good], path.name)
    problems = [f"{problem}本次未采用这一行。" for problem in sorted(problems, key=_row_number)]
    return table, [*told, *problems]


def _read_columns(cells: pd.DataFrame, where: str) -> tuple[pd.DataFrame, list[str]]:
    """The columns in their order, blanks around cells cut; remarks on those a person added."""
    known, told = TABLES["catalogue"].names, []
    names = {column: column.casefold() for column in cells if column.casefold() in known}
    for column in cells.columns:
        meant = CHINESE_COLUMNS.get(column)
        if meant and meant not in names.values():
            names[column] = meant
        elif column not in names and (meant or column in RESERVED):
            told.append(f"{where} 第1行：列 “{column}” 与程序的列同名，请改名；本次未采用这一列。")
            cells = cells.drop(columns=column)
        elif column not in names and (near := suggest(column, known)):
            told.append(f"{where} 第1行：列 “{column}” 当作自己加的列{near}")
    cells = cells.rename(columns=names)
    if "file" not in cells:
        raise SchemaError(f"{where} 第1行：缺少列 “file”（文件名），应有：{'、'.join(known)}。")
    own = own_columns("catalogue", cells.columns)
    cells = cells.reindex(columns=[*known, *own])
    return pd.DataFrame({c: _read_column(c, cells[c]) for c in cells}, cells.index), told


def _read_column(column: str, cells: pd.Series) -> pd.Series:
    """Blanks around cells cut; levels and genres by their key, full-width letters or not."""
    values = [(v.strip() or None) if isinstance(v, str) else None for v in cells]
    if keys := CHINESE_VALUES.get(column):
        values = [v and "".join(unicodedata.normalize("NFKC", v).split()) for v in values]
        values = [keys.get(v, v and v.lower()) for v in values]
    return pd.Series(values, cells.index, dtype=object)


def _is_new(row: int, entry: dict, seen: dict[str, tuple], where: str) -> bool:
    """Check a row; False where the same entries already stand in a row above."""
    values = tuple(value for column, value in entry.items() if column != "file")
    if entry["file"] is None or any(value is not None for value in values):
        check("catalogue", pd.DataFrame([entry], index=[row], dtype=object), where)
    where_row = place(where, row)
    if entry["date"] is not None and read_date(entry["date"]) is None:
        raise SchemaError(
            f"{where_row}：date “{entry['date']}” 不是日期，应写作 2024、2024-03 或 2024-03-05。"
        )
    first, known = seen.setdefault(same_name(entry["file"]), (row, values))
    if first != row and known != values:
        raise SchemaError(
            f"{where_row}：file “{entry['file']}” 与第{first + 2}行重复，请删去或改名。"
        )
    return first == row


def _row_number(problem: str) -> int:
    return int(re.search(r"第(\d+)行", problem)[1])


def check_catalogue(
    catalogue: pd.DataFrame,
    files: Iterable[str | Path],
    where: str = DEFAULT_NAME,
    *,
    gone: Collection[str] = (),
) -> list[str]:
    """Name the rows of the catalogue whose file is not there, one line of Chinese each.

    The reports are analysed all the same; the caller shows the lines. ``gone``: files of which it
    has been told that they vanished; their rows are kept for the day they come back.
    """
    names = sorted({readable(Path(file).name) for file in files})
    known = {same_name(name) for name in (*names, *gone)}
    if len(names) > NAMES_SHOWN:
        listed = "、".join(names[:NAMES_SHOWN]) + f" 等 {len(names)} 个文件"
    else:
        listed = "、".join(names) or "（没有文件）"
    return [
        f"{place(where, row)}：file “{file}” 不在 data/reports 中，现有：{listed}"
        f"{suggest(_nfc(file), names) or '；'}请改正文件名或删去这一行。"
        for row, file in catalogue["file"].items()
        if same_name(file) not in known
    ]


def apply_catalogue(reports: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """Put a person's entries over what was inferred.

    Parameters
    ----------
    reports : pandas.DataFrame
        Table ``reports``.
    catalogue : pandas.DataFrame
        Table ``catalogue``; an empty cell keeps the inferred value.

    Returns
    -------
    pandas.DataFrame
        A copy of ``reports`` with the columns a person added; where the catalogue speaks,
        ``…_basis`` is ``catalogue`` and ``…_confidence`` 1.
    """
    own = own_columns("catalogue", catalogue.columns)
    result = reports.assign(**{c: pd.Series(None, reports.index, dtype=object) for c in own})
    entries = {same_name(row["file"]): row for row in catalogue.to_dict("records")}
    for index, file in result["file"].items():
        entry = entries.get(same_name(file), {})
        for field in (*FIELDS, *own):
            value = entry.get(field)
            if not isinstance(value, str) or not value.strip():
                continue
            value = read_date(value) or value if field == "date" else value.strip()
            result.loc[index, field] = value
            if field in FIELDS:
                result.loc[index, f"{field}_basis"] = "catalogue"
                result.loc[index, f"{field}_confidence"] = 1.0
    return result


def read_date(text: str) -> str | None:
    """A date in any of the forms that Excel makes of one as ``YYYY-MM-DD``; None if it is none."""
    text = unicodedata.normalize("NFKC", text).strip()
    if serial := SERIAL.fullmatch(text):
        return (EPOCH + datetime.timedelta(days=int(serial[1]))).isoformat()
    if (month := MONTH.fullmatch(text)) and month[1].lower() in MONTHS:
        return f"20{month[2]}-{MONTHS.index(month[1].lower()) + 1:02d}"
    match = DATE.fullmatch(text)
    if match is None:
        return None
    year, *rest = (int(part) for part in match.groups() if part)
    limits = zip(rest, (12, 31), strict=False)
    if any(not 1 <= part <= most for part, most in limits):
        return None
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])


def same_name(file: str) -> str:
    """What is equal for two spellings of one file's name: case, blanks around it, Unicode form."""
    return _nfc(file).strip().casefold()


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
