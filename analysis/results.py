"""Results on disk: written whole, marked by a manifest, refused when they do not fit it.

A run writes everything into ``data/results/.new`` first and names it complete by its manifest. Only
then are the files moved into place one by one, the manifest again last. A run killed before that
leaves the last results untouched; one killed while moving is finished by whoever reads next.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.cells import SchemaError
from analysis.errors import AnalysisError, why_refused
from analysis.lazy import whole_or_pieces
from analysis.schema import read_table, write_table
from analysis.tables import RESULT_TABLES

MANIFEST = "manifest.json"
PENDING = ".new"
TEXTS = "texts"
CHANGES, NOTE = "changes", "changes.md"  # against the last run with other inputs
DIGEST, BASELINE = "digest.npz", "baseline.npz"  # of this run and of that one
AGAIN = "笔记本 01（或在命令行运行 python -m analysis run）"
# What some file system refuses in a name or reads as a folder, and Windows' names of devices.
UNSAFE = re.compile(
    r'[\x00-\x1f\x7f\ud800-\udfff/\\:*?"<>|]|^\.|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)',
    re.IGNORECASE,
)
MAX_NAME_BYTES = 200  # most file systems take 255


class ResultsError(AnalysisError):
    """Results are missing or damaged; the message is one line of Chinese for the analyst."""


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_hashes(folder: Path, pattern: str = "*") -> dict[str, str]:
    """SHA-256 of every file in a folder, by its path relative to the folder, sorted."""
    files = sorted(p for p in folder.rglob(pattern) if p.is_file())
    return {p.relative_to(folder).as_posix(): file_hash(p) for p in files}


def save_results(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    sources: Mapping[str, str],
    manifest: dict,
    beside: Mapping[str, bytes | Path] | None = None,
) -> None:
    """Write tables, texts and manifest, and swap them in.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        One per name of :data:`analysis.tables.RESULT_TABLES`, and ``changes`` where there is one.
    sources : mapping of str to str
        Source string of each report.
    manifest : dict
        Inputs and versions; the hashes of what is written are added under ``files``.
    beside : mapping of str to bytes or pathlib.Path, optional
        Other files by their place in the folder: what they hold, or a file to copy.

    Raises
    ------
    ResultsError
        A file cannot be written or replaced; what was there before stays readable.
    """
    pending = folder / PENDING
    finish_swap(folder)  # else files that a killed run had yet to move would be lost
    try:
        shutil.rmtree(pending, ignore_errors=True)
        (pending / TEXTS).mkdir(parents=True, exist_ok=True)
        for name in (*RESULT_TABLES, *({CHANGES} & tables.keys())):
            write_table(name, whole_or_pieces(tables, name), pending / f"{name}.csv")
        kept = _write_texts(folder, pending, sources)
        for name, content in (beside or {}).items():
            (pending / name).parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                (pending / name).write_bytes(content)
            else:
                shutil.copyfile(content, pending / name)
        write_json(pending / MANIFEST, manifest | {"files": kept | folder_hashes(pending)})
    except OSError as error:
        raise ResultsError(
            f"data/results 无法写入（{why_refused(error)}），上一次的结果仍可使用；"
            "请检查磁盘空间和文件夹的写入权限。"
        ) from None
    finish_swap(folder)


def _write_texts(folder: Path, pending: Path, sources: Mapping[str, str]) -> dict[str, str]:
    """Write the texts that are not there yet; names and hashes of the others, which stay."""
    kept = {}
    for report, source in sources.items():
        name, content = f"{TEXTS}/{text_name(report)}", source.encode()
        wanted = hashlib.sha256(content).hexdigest()
        if (folder / name).is_file() and file_hash(folder / name) == wanted:
            kept[name] = wanted
        else:
            (pending / name).write_bytes(content)
    return kept


def text_name(report: str) -> str:
    """Return the file name of a report's text: the report's, made safe where it has to be."""
    if not UNSAFE.search(report) and len(report.encode("utf-8")) <= MAX_NAME_BYTES:
        return f"{report}.txt"
    mark = hashlib.sha256(report.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{UNSAFE.sub('_', report)[:40]}-{mark}.txt"


def write_json(path: Path, content: dict) -> None:
    """Write JSON with sorted keys and a final line end, whole or not at all."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
    unfinished.replace(path)


def finish_swap(folder: Path) -> None:
    """Move a complete set of new files into place; an incomplete set is left alone.

    Raises
    ------
    ResultsError
        A file is held by another program, as Excel does on Windows; nothing is lost by it.
    """
    pending = folder / PENDING
    manifest = read_json(pending / MANIFEST)
    if manifest is None:
        return
    new, name = manifest["files"], ""
    try:
        for name in new:
            if (pending / name).exists():  # missing: there already, or moved before an interruption
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (pending / name).replace(folder / name)
        for old in [*(folder / TEXTS).glob("*.txt"), *folder.glob(BASELINE)]:
            name = old.relative_to(folder).as_posix()
            if name not in new:
                old.unlink()
        name = MANIFEST
        (pending / MANIFEST).replace(folder / MANIFEST)
    except OSError:
        raise ResultsError(
            f"data/results/{name} 无法替换：可能正被 Excel、WPS 等程序打开；"
            "请关闭后再运行一次，新的结果不会丢。"
        ) from None
    shutil.rmtree(pending, ignore_errors=True)


def read_json(path: Path) -> dict | None:
    """Return a manifest, or None where there is none that makes sense."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(content, dict) and isinstance(content.get("files"), dict)
    return content if whole else None


def read_manifest(folder: Path) -> dict | None:
    """Return the manifest of the last complete run, or None if there is none."""
    finish_swap(folder)
    return read_json(folder / MANIFEST)


def record_figures(folder: Path, figures: Mapping[str, str]) -> None:
    """Add the hashes of the charts to the manifest, which is replaced whole."""
    manifest = read_manifest(folder)
    write_json(folder / MANIFEST, manifest | {"figures": dict(figures)})


def load_results(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, str], dict]:
    """Read tables, sources and manifest of the last run.

    ``evidence`` is left out: it follows from the others, and is longer than all of them.

    Raises
    ------
    ResultsError
        There are none, a file is missing, or a file is not the one the manifest tells of.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        raise ResultsError(f"还没有分析结果：请先运行{AGAIN}。")
    files = manifest["files"]
    for name, expected in files.items():
        path = folder / name
        if not path.is_file() or file_hash(path) != expected:
            state = "被改动过" if path.is_file() else "不见了"
            raise ResultsError(
                f"data/results/{name} {state}，与 {MANIFEST} 的记录不符；请重新运行{AGAIN}。"
            )
    try:
        names = [n for n in RESULT_TABLES if n != "evidence"]
        names += [CHANGES] if f"{CHANGES}.csv" in files else []
        tables = {n: read_table(n, folder / f"{n}.csv") for n in names}
    except SchemaError as error:
        raise ResultsError(f"data/results/{error}请重新运行{AGAIN}。") from None
    tables = {name: table.reset_index(drop=True) for name, table in tables.items()}
    sources = {}
    for report in tables["reports"]["report"]:
        path = folder / TEXTS / text_name(report)
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as file:
                sources[report] = file.read()
    return tables, sources, manifest
