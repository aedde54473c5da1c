"""Earlier runs: the one a run is compared with, and those that a person keeps by name."""

from __future__ import annotations

import hashlib
import re
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.casting import DTYPES
from analysis.cells import unguard
from analysis.digest import LATER_TABLES, TABLES, Digest, DigestError, make_digest, unpack
from analysis.errors import why_refused
from analysis.results import (
    AGAIN,
    BASELINE,
    DIGEST,
    MANIFEST,
    MAX_NAME_BYTES,
    UNSAFE,
    ResultsError,
    file_hash,
    read_json,
    read_manifest,
)
from analysis.schema import TABLES as SCHEMA

KEPT = "kept"


def read_tables(folder: Path, names: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Read tables of a results folder.

    Columns are not checked, so that results of an older program can be compared as well.

    Raises
    ------
    ResultsError
        A file is missing or cannot be read.
    """
    return {name: _read_table(name, folder / f"{name}.csv") for name in names}


def _read_table(name: str, path: Path) -> pd.DataFrame:
    kinds = {column.name: DTYPES[column.kind] for column in SCHEMA[name].columns}
    try:
        header = pd.read_csv(path, encoding="utf-8-sig", nrows=0).columns
        dtypes = {column: kinds.get(column, "str") for column in header}
        table = pd.read_csv(
            path, encoding="utf-8-sig", dtype=dtypes, keep_default_na=False, na_values=[""]
        )
    except (OSError, ValueError):
        raise ResultsError(f"{path} 读不出来，无从比较；请重新运行{AGAIN}。") from None
    for column in table.select_dtypes("str"):
        if table[column].str.startswith("'").any():
            table[column] = table[column].map(unguard, na_action="ignore")
    return table


def find_baseline(results: Path, inputs: object) -> tuple[Digest | None, bool]:
    """Return the last run with other inputs, and whether there was such a run.

    That is the last run itself, or, where it had the same inputs, the one it was compared with.
    A run whose files are not those of its manifest is none to compare with.
    """
    manifest = read_manifest(results)
    if manifest is None:
        return None, False
    if manifest.get("inputs") != inputs:
        return _read_run(results, manifest), True
    if BASELINE not in manifest["files"]:
        return None, False
    return _read_digest(results / BASELINE, manifest["files"][BASELINE]), True


def read_run(folder: Path) -> Digest:
    """Return what is compared of the run in a results folder.

    Raises
    ------
    ResultsError
        It holds no whole results.
    """
    manifest = read_json(folder / MANIFEST)
    found = manifest and _read_run(folder, manifest)
    if not found:
        raise ResultsError(f"{folder} 中没有完整的分析结果，或者其中的表被改动过，无从比较。")
    return found


def _read_run(folder: Path, manifest: dict) -> Digest | None:
    """The digest, or, where it is of another version or not as it was written, the tables."""
    files = manifest["files"]
    found = _read_digest(folder / DIGEST, files.get(DIGEST))
    names = [*TABLES, *(name for name in LATER_TABLES if f"{name}.csv" in files)]
    paths = [folder / f"{name}.csv" for name in names]
    if found or not all(p.is_file() and file_hash(p) == files.get(p.name) for p in paths):
        return found
    inputs = manifest.get("inputs")
    return make_digest(read_tables(folder, names), inputs if isinstance(inputs, dict) else {})


def _read_digest(path: Path, expected: str | None) -> Digest | None:
    try:
        raw = path.read_bytes()
        return unpack(raw) if hashlib.sha256(raw).hexdigest() == expected else None
    except (OSError, DigestError):
        return None


def find_run(results: Path, name: str) -> Path:
    """Return the folder of a kept run, or the results folder that is named.

    Raises
    ------
    ResultsError
        There is neither; the message names the runs kept.
    """
    kept = results / KEPT
    if not UNSAFE.search(name) and (kept / _normal(name)).is_dir():
        return kept / _normal(name)
    if Path(name).is_dir():
        return Path(name)
    there = list_kept(results)
    hint = f"留存的有：{'、'.join(there)}" if there else "还没有留存过（运行时加 --keep 名称）"
    raise ResultsError(f"没有“{name}”这个结果文件夹，也没有叫这个名称的留存结果；{hint}。")


def list_kept(results: Path) -> list[str]:
    """Names of the runs kept, in the order of their names, numbers by their size."""
    folder = results / KEPT
    names = [p.name for p in folder.iterdir() if p.is_dir()] if folder.is_dir() else []
    names = [name for name in names if not name.startswith(".")]
    parts = {name: re.split(r"([0-9]+)", name) for name in names}
    return sorted(names, key=lambda n: [(int(p), "") if p.isdigit() else (0, p) for p in parts[n]])


def check_keep(results: Path, name: str) -> Path:
    """Return the folder that a run will be kept in.

    Raises
    ------
    ResultsError
        The name cannot be a folder's, or it is taken.
    """
    name = _normal(name)
    if not name.strip() or UNSAFE.search(name) or len(name.encode("utf-8")) > MAX_NAME_BYTES:
        raise ResultsError(
            f'“{name}”不能用作留存的名称：不能为空，不能含 / \\ : * ? " < > |，'
            "不能以点开头、以点或空格结尾，也不能太长；例如 2024年底。"
        )
    folder = results / KEPT / name
    if folder.exists():
        raise ResultsError(
            f"data/results/{KEPT}/{name} 已经有了，没有覆盖；请换一个名称，或先删去那个文件夹。"
        )
    return folder


def keep_run(results: Path, name: str) -> Path:
    """Copy the last run, tables, texts and manifest, to ``kept/NAME``, whole or not at all."""
    folder = check_keep(results, name)
    manifest = read_manifest(results)
    if manifest is None:
        raise ResultsError(f"还没有分析结果可以留存：请先运行{AGAIN}。")
    unfinished = folder.with_name(f".{folder.name[:40]}.part")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        for file in [*manifest["files"], MANIFEST]:
            (unfinished / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(results / file, unfinished / file)
        unfinished.replace(folder)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ResultsError(
            f"data/results/{KEPT}/{folder.name} 无法写入（{why_refused(error)}）。"
        ) from None
    return folder


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name)
