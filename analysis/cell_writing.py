"""Cells to CSV files that people and Excel read: whole or not at all, fast, no formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import NoneType

from analysis.cells import GUARDED, Form, LockedError, guard, say_locked

QUOTE, QUOTED = '"', ('"', ",", "\r")
NEEDS_QUOTES = re.compile(r'[",\r\n]')
ROWS_AT_ONCE = 5000


def write_rows(path: Path, rows: Iterable[Sequence[str]], form: Form) -> None:
    """Write rows in a given form, whole or not at all; they are not guarded.

    Raises
    ------
    LockedError
        Another program holds the file, which stays as it is.
    """
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=form.separator, lineterminator=form.line_end).writerows(rows)
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_bytes(text.getvalue().encode(form.encoding))
        unfinished.replace(path)
    except PermissionError:
        raise LockedError(say_locked(path, "写入")) from None
    finally:
        unfinished.unlink(missing_ok=True)


def write_cells(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    r"""Write CSV in utf-8-sig with ``\n``; formula signs in strings are made harmless."""
    write_columns(path, header, [[*zip(*rows, strict=True)]])


def write_columns(
    path: Path, header: Sequence[str], pieces: Iterable[Sequence[Sequence[object]]]
) -> None:
    """Write the same file from columns, in one piece or several; much faster than row by row."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(_lines([[name] for name in header]))
        for columns in pieces:
            for at in range(0, len(columns[0]) if columns else 0, ROWS_AT_ONCE):
                file.write(_lines([column[at : at + ROWS_AT_ONCE] for column in columns]))


def _lines(columns: Sequence[Sequence[object]]) -> str:
    """Lines of CSV as :mod:`csv` writes them; columns that need no quotes are not touched."""
    texts = [_quoted(column) for column in columns]
    if len(texts) == 1:  # a line without a sign would be no row
        texts = [[text or '""' for text in texts[0]]]
    return "\n".join([*map(",".join, zip(*texts, strict=True)), ""])


def _quoted(cells: Sequence[object]) -> Sequence[str]:
    try:
        joined = "\n".join(cells)
    except TypeError:  # numbers or missing cells
        kinds = set(map(type, cells)) - {NoneType}
        if kinds <= {int} or kinds <= {bool}:  # the same ones again and again; 1 equals True
            texts = {cell: "" if cell is None else str(cell) for cell in set(cells)}
            cells = [texts[cell] for cell in cells]
        else:
            cells = [
                guard(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
                for cell in cells
            ]
        joined = "\n".join(cells)
    else:
        below = f"\n{joined}"
        if any(sign in joined and f"\n{sign}" in below for sign in GUARDED):
            cells = [guard(cell) for cell in cells]
    if joined.count("\n") >= len(cells) or any(sign in joined for sign in QUOTED):
        cells = [
            f'"{cell.replace(QUOTE, QUOTE * 2)}"' if NEEDS_QUOTES.search(cell) else cell
            for cell in cells
        ]
    return cells
