"""Add decisions to ``data/corrections.csv`` so that none is lost, whoever else writes or fails.

A row is added under a lock that other processes wait for: the file's bytes as they are, and the row
behind them, are written beside it, forced to the disk and put in its place. What is there already
is never parsed and written again. While Excel holds the file on Windows, the row goes into a side
file beside it and is moved over by the next one, or by the next run.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import getpass
import io
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd

from analysis.cells import LockedError, SchemaError, guard
from analysis.corrections.rows import TABLE, pending_path, read_file, read_form
from analysis.errors import AnalysisError, why_refused
from analysis.locks import wait_for
from analysis.schema import TABLES, check

ID_FORM = "c%Y%m%d-%H%M%S-%f"  # later ones sort behind earlier ones
ID = re.compile(rb"c\d{8}-\d{6}-\d{6}")
ATTEMPTS = 3  # to write a file that a person saves at the same moment
PATIENCE = 30  # seconds to wait for others; they hold the lock for some milliseconds each
WAITS = "没有存成：请先关闭 Excel（WPS）；这条更正已暂存在 {file}，下次保存或运行时自动并入。"
# What a reader takes for the end of a row or of the file.
UNSAFE = dict.fromkeys(map(ord, "\r\n\0"), " ")


class NotSavedError(AnalysisError):
    """A decision could not be kept anywhere; one line of Chinese says why."""


def save_decision(path: Path, decision: Mapping[str, object], lock: Path) -> tuple[str, str | None]:
    """Append one decision.

    Parameters
    ----------
    path : pathlib.Path
        ``data/corrections.csv``; made where it is missing.
    decision : mapping of str to object
        Columns of table ``corrections``; ``correction``, ``time`` and ``who`` are filled in where
        they are missing.
    lock : pathlib.Path
        File that everyone who writes locks.

    Returns
    -------
    correction : str
        The row's id.
    warning : str or None
        In Chinese, where the row waits in the side file.

    Raises
    ------
    NotSavedError
        It could not be written at all.
    SchemaError
        It does not make sense.
    """
    with wait_for(lock, PATIENCE) as mine:
        if not mine:
            raise NotSavedError("没有存成：另一个笔记本一直在保存更正；请稍后再试。")
        row = _complete(path, decision)
        try:
            _merge(path)
            _append(path, [row])
        except (PermissionError, LockedError):
            return row["correction"], _set_aside(path, row)
        except SchemaError as error:
            raise NotSavedError(f"没有存成：{error}") from None
        except OSError as error:
            raise NotSavedError(_say(error)) from None
    return row["correction"], None


def merge_pending(path: Path, lock: Path) -> str | None:
    """Move what waits in the side file to where it belongs; say in Chinese why it still waits."""
    side = pending_path(path)
    if not side.is_file():
        return None
    with wait_for(lock, PATIENCE) as mine:
        try:
            if mine:
                _merge(path)
        except (OSError, SchemaError):
            pass  # told below; the decisions count from where they are
    if not side.is_file():
        return None
    return f"{side.name} 中的更正还没有并入 {path.name}，照样生效；请关闭 Excel（WPS）。"


def _set_aside(path: Path, row: Mapping[str, object]) -> str:
    side = pending_path(path)
    try:
        _append(side, [row])
    except (PermissionError, LockedError):
        raise NotSavedError(f"没有存成：{path.parent} 没有写入权限，请检查这个文件夹。") from None
    except OSError as error:
        raise NotSavedError(_say(error)) from None
    return WAITS.format(file=side.name)


def _say(error: OSError) -> str:
    return f"没有存成：{why_refused(error)}。"


def _complete(path: Path, decision: Mapping[str, object]) -> dict[str, object]:
    """The row, checked, with an id behind all that are there."""
    now, ids = datetime.now(), _ids(path) | _ids(pending_path(path))
    last = max(ids, default="")
    if last >= now.strftime(ID_FORM):  # the clock was put back, or is coarse
        now = datetime.strptime(last, ID_FORM) + timedelta(microseconds=1)
    filled = {"correction": now.strftime(ID_FORM), "who": _user()}
    filled["time"] = now.strftime("%Y-%m-%d %H:%M:%S")
    row = dict.fromkeys(TABLES[TABLE].names) | filled
    row |= {name: value for name, value in decision.items() if pd.notna(value)}
    row = {n: v.translate(UNSAFE) if isinstance(v, str) else v for n, v in row.items()}
    check(TABLE, pd.DataFrame([row], dtype=object))
    return row


def _user() -> str | None:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such entry; Windows without a name
        return None


def _ids(path: Path) -> set[str]:
    """Ids that stand in a file, whatever state it is in."""
    try:
        raw = path.read_bytes().replace(b"\0", b"") if path.is_file() else b""
    except OSError:
        return set()
    return {name.decode() for name in ID.findall(raw)}


def _merge(path: Path) -> None:
    """Append what waits in the side file, and remove that; one with a bad row stays for a person.

    Killed in between, both files hold the rows; the next time they are known by their ids.
    """
    side = pending_path(path)
    if not side.is_file():
        return
    problems: list[str] = []
    rows = read_file(side, problems)
    if problems:
        return
    new = rows[~rows["correction"].isin(_ids(path))].astype(object)
    if len(new):
        _append(path, new.where(new.notna(), None).to_dict("records"))
    with contextlib.suppress(PermissionError):  # Excel holds it: removed the next time
        side.unlink()


def _append(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    for _ in range(ATTEMPTS):
        before = _stamp(path)
        whole = _with_rows(path, rows)
        if _stamp(path) == before and _replace(path, whole, before):
            return
    raise PermissionError(f"{path.name} is being saved again and again")


def _replace(path: Path, whole: bytes, before: tuple | None) -> bool:
    """Put the bytes in the file's place unless a person saved it meanwhile."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        if before:  # others of the office may still write it
            shutil.copymode(path, unfinished)
        if _stamp(path) != before:
            return False
        unfinished.replace(path)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # Windows keeps the entry of the folder safe by itself
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return True


def _stamp(path: Path) -> tuple | None:
    return (stat.st_mtime_ns, stat.st_size) if path.exists() and (stat := path.stat()) else None


def _with_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> bytes:
    """The file's bytes, and the rows behind them as the file has them."""
    old = path.read_bytes() if path.is_file() else b""
    names = TABLES[TABLE].names
    if not old.strip():
        return codecs.BOM_UTF8 + _lines([names, *_cells(rows, names)], ",", "\n").encode()
    text, encoding, separator, header = read_form(path)
    lost = [name for name in names if name not in header]
    if lost:
        raise SchemaError(f"{path.name} 第1行：缺少列 “{lost[0]}”，请补上这一列再改。")
    line_end = "\r\n" if "\r\n" in text else "\n"
    added = _lines(_cells(rows, header), separator, line_end)
    if not text.endswith(("\n", "\r")):
        added = line_end + added
    if encoding == "utf-16":
        return old + added.encode(
            "utf-16-be" if old.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
        )
    if encoding == "utf-8-sig" and not old.startswith(codecs.BOM_UTF8):
        old = codecs.BOM_UTF8 + old  # or Excel would not read the new row
    return old + added.encode("utf-8" if encoding == "utf-8-sig" else encoding)


def _cells(rows: Iterable[Mapping[str, object]], header: list[str]) -> list[list[object]]:
    return [[guard(row.get(name)) for name in header] for row in rows]


def _lines(rows: Iterable[list[object]], separator: str, line_end: str) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=line_end).writerows(rows)
    return text.getvalue()
