"""Cells of CSV files as people and Excel keep them: places, forms, harmless formulas, faults.

What the cells mean is the business of :mod:`analysis.schema`.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from analysis.errors import AnalysisError

# Cells that begin with one of these would be run as a formula by Excel and WPS.
FORMULA_SIGNS = ("=", "+", "-", "@")
GUARDED = {*FORMULA_SIGNS, "'"}


class SchemaError(AnalysisError):
    """A table does not fit its schema; the message is one line of Chinese for the analyst."""


class LockedError(SchemaError):
    """Another program holds the file; nothing is lost by it."""


class Form(NamedTuple):
    """How a file is written, so that it can be written so again."""

    encoding: str
    separator: str
    line_end: str


def place(where: str, position: int) -> str:
    """Name a row as a person sees it in Excel: the header is row 1, the first row below it 0."""
    return f"{where} 第{position + 2}行"


def guard(cell: object) -> object:
    """Make a formula sign at the beginning of a text harmless by an apostrophe."""
    if isinstance(cell, str) and cell[:1] in GUARDED:
        return "'" + cell
    return cell


def unguard(cell: str) -> str | None:
    """What :func:`guard` was given; None for an empty cell."""
    if cell.startswith("'") and cell[1:2] in (*FORMULA_SIGNS, "'"):
        cell = cell[1:]
    return cell if cell != "" else None


def say_locked(path: Path, what: str) -> str:
    """What the analyst is told of a file that another program holds."""
    return (
        f"{path.name}：无法{what}，可能正被 Excel、WPS 打开，或者没有权限；请先关闭 Excel（WPS），"
        "再运行一次，已填的内容不会丢。"
    )
