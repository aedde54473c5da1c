"""The catalogue ``data/reports.csv``: what a person decided about the reports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.schema import SchemaError, empty, place, read_table, suggest

FIELDS = ("title", "level", "region", "issuer", "date", "genre")
DEFAULT_NAME = "reports.csv"
NAMES_SHOWN = 10  # a message stays one line that can be read
# Excel turns 2024-03-05 into 2024/3/5 as soon as the file is saved; both are understood.
DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?")


class CatalogueError(SchemaError):
    """The catalogue does not fit; the message is one line of Chinese for the analyst."""


def load_catalogue(path: Path) -> pd.DataFrame:
    """Read the catalogue; a missing file is an empty one.

    Raises
    ------
    CatalogueError
        A column, a level or a genre does not exist, a file stands twice or a date is none.
    """
    if not path.exists():
        return empty("catalogue")
    try:
        table = read_table("catalogue", path)
    except SchemaError as error:
        raise CatalogueError(str(error)) from None
    for row, date in table["date"].dropna().items():
        if _normal_date(date) is None:
            raise CatalogueError(
                f"{place(path.name, row)}：date “{date}” 不是日期，"
                "应写作 2024、2024-03 或 2024-03-05。"
            )
    return table


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
