"""The catalogue ``data/reports.csv``: what a person decided about the reports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.cells import SchemaError, place, read_cells
from analysis.schema import check, check_header, empty, strip_cells, suggest
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
# Excel turns 2024-03-05 into 2024/3/5 as soon as the file is saved; both are understood.
DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?")


def load_catalogue(path: Path) -> tuple[pd.DataFrame, list[str]]:
    """Read the catalogue; what does not fit is left out and told, so that no slip stops a run.

    Returns
    -------
    table : pandas.DataFrame
        Table ``catalogue`` with the rows that fit; its index is their place in the file. A missing
        file is an empty table.
    remarks : list of str
        One line of Chinese for each row left out (a level or genre that does not exist, a file
        named twice, a date that is none …), or for the whole file when it cannot be read or its
        header does not fit.
    """
    if not path.exists():
        return empty("catalogue"), []
    problems: list[str] = []
    try:
        cells = strip_cells("catalogue", read_cells(path, problems=problems))
        check_header("catalogue", cells.columns, path.name)
    except SchemaError as error:
        return empty("catalogue"), [f"{error}本次未采用这个文件。"]
    for field, keys in CHINESE_VALUES.items():
        cells[field] = [keys.get(value, value) for value in cells[field]]
    good, seen = [], {}
    for row in cells.index:
        try:
            _check_row(cells.loc[[row]], seen, path.name)
        except SchemaError as error:
            problems.append(str(error))
        else:
            good.append(row)
    table = check("catalogue", cells.loc[good], path.name)
    return table, [f"{problem}本次未采用这一行。" for problem in sorted(problems, key=_row_number)]


def _check_row(cells: pd.DataFrame, seen: dict[str, int], where: str) -> None:
    row, where_row = cells.index[0], place(where, cells.index[0])
    entry = check("catalogue", cells, where).iloc[0]
    if isinstance(entry["date"], str) and _normal_date(entry["date"]) is None:
        raise SchemaError(
            f"{where_row}：date “{entry['date']}” 不是日期，应写作 2024、2024-03 或 2024-03-05。"
        )
    first = seen.setdefault(_nfc(entry["file"]).casefold(), row)
    if first != row:
        raise SchemaError(
            f"{where_row}：file “{entry['file']}” 与第{first + 2}行重复，请删去或改名。"
        )


def _row_number(problem: str) -> int:
    return int(re.search(r"第(\d+)行", problem)[1])


def check_catalogue(
    catalogue: pd.DataFrame, files: Iterable[str | Path], where: str = DEFAULT_NAME
) -> list[str]:
    """Name the rows of the catalogue whose file is not there, one line of Chinese each.

    The reports are analysed all the same; the caller shows the lines.
    """
    names = sorted({_nfc(Path(file).name) for file in files})
    known = {name.casefold() for name in names}
    if len(names) > NAMES_SHOWN:
        listed = "、".join(names[:NAMES_SHOWN]) + f" 等 {len(names)} 个文件"
    else:
        listed = "、".join(names) or "（没有文件）"
    return [
        f"{place(where, row)}：file “{file}” 不在 data/reports 中，现有：{listed}"
        f"{suggest(_nfc(file), names) or '；'}请改正文件名或删去这一行。"
        for row, file in catalogue["file"].items()
        if _nfc(file).casefold() not in known
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
        A copy of ``reports``; where the catalogue speaks, ``…_basis`` is ``catalogue`` and
        ``…_confidence`` 1.
    """
    result = reports.copy()
    entries = {_nfc(row["file"]).casefold(): row for row in catalogue.to_dict("records")}
    for index, file in result["file"].items():
        entry = entries.get(_nfc(file).casefold(), {})
        for field in FIELDS:
            value = entry.get(field)
            if not isinstance(value, str) or not value.strip():
                continue
            value = _normal_date(value) or value if field == "date" else value.strip()
            result.loc[index, [field, f"{field}_basis"]] = [value, "catalogue"]
            result.loc[index, f"{field}_confidence"] = 1.0
    return result


def _normal_date(text: str) -> str | None:
    match = DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, *rest = (int(part) for part in match.groups() if part)
    limits = zip(rest, (12, 31), strict=False)
    if any(not 1 <= part <= most for part, most in limits):
        return None
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
