"""Keep ``data/reports.csv`` in step with the folder: rows for new files, names of renamed ones.

The file is a person's: what is typed in it is never changed, no column is added, and it is written
again, in its own encoding and order, only when a file is new. A renamed file is recognised by the
hashes that the last run left in ``data/results/manifest.json``; without a last run it is a new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis.catalogue.entries import CHINESE_COLUMNS, same_name
from analysis.cell_reading import read_rows
from analysis.cell_writing import write_rows
from analysis.cells import Form, LockedError, SchemaError, guard, unguard
from analysis.schema import TABLES

ATTEMPTS = 3  # to write a file that a person saves at the same moment
LISTED = 5  # files that one line names
NEW_FORM = Form("utf-8-sig", ",", "\n")
FILE_COLUMNS = ("file", *(name for name, column in CHINESE_COLUMNS.items() if column == "file"))


def register_reports(
    path: Path, files: Mapping[str, str | None], last: Mapping[str, str | None]
) -> tuple[list[str], list[str]]:
    """Append a row for every new file; let the row of a renamed file follow.

    Parameters
    ----------
    path : pathlib.Path
        The catalogue; made where it is missing. One that cannot be read as a table is left alone.
    files, last : mapping of str to str
        SHA-256 by name of the files that are there, and of those of the last run.

    Returns
    -------
    told, failed : list of str
        What was written, and why nothing could be: a line of Chinese each. A file that another
        program holds stays as it is; the rows are offered again by the next run.
    """
    for _ in range(ATTEMPTS):
        before = _stamp(path)
        try:
            rows, form = read_rows(path) if before else ([TABLES["catalogue"].names], NEW_FORM)
        except SchemaError:
            return [], []  # told by whoever reads the entries
        at, column = _find_header(rows)
        if column is None:
            return [], []
        added, moved = _update(rows, at, column, files, last)
        if not added and not moved:
            return [], []
        if _stamp(path) != before:
            continue  # saved meanwhile: read it again
        try:
            write_rows(path, rows, _fitting(form, rows))
        except LockedError as error:
            return [], [f"没有写入 {len(added) + len(moved)} 个新文件或改名的文件：{error}"]
        return _tell(added, moved), []
    return [], []


def _stamp(path: Path) -> tuple | None:
    return (stat.st_mtime_ns, stat.st_size) if path.exists() and (stat := path.stat()) else None


def _find_header(rows: list[list[str]]) -> tuple[int, int | None]:
    """Place of the header row and of the column with the files' names."""
    at = next((n for n, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)
    header = [cell.strip().strip("\ufeff").strip() for cell in rows[at]] if rows else []
    known = (n for n, name in enumerate(header) if name.casefold() in FILE_COLUMNS)
    return at, next(known, None)


def _update(rows, at: int, column: int, files, last) -> tuple[list[str], list[tuple[str, str]]]:
    """Change ``rows`` in place; return the files added and those renamed, old and new name."""
    named = {}
    for row in rows[at + 1 :]:
        if len(row) > column and row[column].strip():
            named.setdefault(same_name(unguard(row[column])), row)
    new = [file for file in files if same_name(file) not in named]
    there, hashes = {same_name(file) for file in files}, {same_name(f): h for f, h in last.items()}
    lost = {name: row for name, row in named.items() if name not in there and hashes.get(name)}
    moved = []
    for file in list(new):
        old = next((name for name in lost if hashes[name] == files[file]), None)
        if old is not None:
            row = lost.pop(old)
            moved.append((row[column], file))
            row[column] = guard(file)
            new.remove(file)
    if new and at + 1 < len(rows):
        while not any(cell.strip() for cell in rows[-1]):
            rows.pop()  # blank rows that Excel left below
    width = len(rows[at])
    rows += [["" if n != column else guard(file) for n in range(width)] for file in new]
    return new, moved


def _fitting(form: Form, rows: list[list[str]]) -> Form:
    """The file's own form; UTF-8 where a name does not fit in the GBK that Excel would read."""
    if form.encoding != "gb18030":
        return form
    try:
        "".join(cell for row in rows for cell in row).encode("gbk")
    except UnicodeEncodeError:
        return form._replace(encoding="utf-8-sig")
    return form


def _tell(added: list[str], moved: list[tuple[str, str]]) -> list[str]:
    names = "、".join(added[:LISTED]) + (f" 等 {len(added)} 个文件" if len(added) > LISTED else "")
    told = [f"data/reports.csv 已为新文件各添一行：{names}；推断得不对的，在那一行填写。"]
    told = told if added else []
    return told + [
        f"data/reports.csv 中 {old} 改名为 {new}：内容没有变，填写过的都保留。"
        for old, new in moved
    ]
