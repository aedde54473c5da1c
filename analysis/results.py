"""Results on disk: written whole, marked by a manifest, refused when they do not fit it.

A run writes everything into ``data/results/.new`` first, its manifest last. Only then are the files
moved into place one by one, the manifest again last. A run killed before that leaves the last
results untouched; one killed while moving is finished by whoever reads next.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.schema import SchemaError, read_table, write_table
from analysis.tables import RESULT_TABLES

MANIFEST = "manifest.json"
PENDING = ".new"
TEXTS = "texts"


class ResultsError(ValueError):
    """Results are missing or damaged; the message is one line of Chinese for the analyst."""


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def folder_hashes(folder: Path, pattern: str = "*") -> dict[str, str]:
    """SHA-256 of every file in a folder, by its path relative to the folder, sorted."""
    files = sorted(p for p in folder.rglob(pattern) if p.is_file())
    return {p.relative_to(folder).as_posix(): file_hash(p) for p in files}


def save_results(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    sources: Mapping[str, str],
    manifest: dict,
) -> None:
    """Write tables, texts and manifest, and swap them in.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        One per name of :data:`analysis.tables.RESULT_TABLES`.
    sources : mapping of str to str
        Source string of each report.
    manifest : dict
        Inputs and versions; the hashes of what is written are added under ``files``.
    """
    pending = folder / PENDING
    shutil.rmtree(pending, ignore_errors=True)
    (pending / TEXTS).mkdir(parents=True)
    for name in RESULT_TABLES:
        write_table(name, tables[name], pending / f"{name}.csv")
    for report, source in sources.items():
        with (pending / TEXTS / f"{report}.txt").open("w", encoding="utf-8", newline="") as file:
            file.write(source)
    write_json(pending / MANIFEST, manifest | {"files": folder_hashes(pending)})
    finish_swap(folder)


def write_json(path: Path, content: dict) -> None:
    """Write JSON with sorted keys and a final line end, so that equal content is equal bytes."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)


def finish_swap(folder: Path) -> None:
    """Move a complete set of new files into place; an incomplete set is left alone."""
    pending = folder / PENDING
    if not (pending / MANIFEST).is_file():
        return
    new = json.loads((pending / MANIFEST).read_text(encoding="utf-8"))["files"]
    for name in new:
        if (pending / name).exists():  # missing: moved before the interruption
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (pending / name).replace(folder / name)
    for old in (folder / TEXTS).glob("*.txt"):
        if f"{TEXTS}/{old.name}" not in new:
            old.unlink()
    (pending / MANIFEST).replace(folder / MANIFEST)
    shutil.rmtree(pending, ignore_errors=True)


def read_manifest(folder: Path) -> dict | None:
    """Return the manifest of the last complete run, or None if there is none."""
    finish_swap(folder)
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None


def load_results(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, str], dict]:
    """Read tables, sources and manifest of the last run.

    Raises
    ------
    ResultsError
        There are none, a file is missing, or a file is not the one the manifest tells of.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise ResultsError("还没有分析结果：请先运行 make run（或 python -m analysis run）。")
    for name, expected in manifest["files"].items():
        path = folder / name
        if not path.is_file() or file_hash(path) != expected:
            state = "被改动过" if path.is_file() else "不见了"
            raise ResultsError(
                f"data/results/{name} {state}，与 {MANIFEST} 的记录不符；"
                "请重新运行 make run（或 python -m analysis run --fresh）。"
            )
    try:
        tables = {n: read_table(n, folder / f"{n}.csv") for n in RESULT_TABLES}
    except SchemaError as error:
        raise ResultsError(f"{error}请重新运行 make run。") from None
    tables = {name: table.reset_index(drop=True) for name, table in tables.items()}
    sources = {}
    for report in tables["reports"]["report"]:
        path = folder / TEXTS / f"{report}.txt"
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                sources[report] = file.read()
    return tables, sources, manifest
