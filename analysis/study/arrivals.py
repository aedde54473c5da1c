"""Tell the catalogue which files came and went."""

from __future__ import annotations

from pathlib import Path

from analysis.catalogue import load_catalogue, register_reports
from analysis.reading import READERS, readable
from analysis.results import read_manifest
from analysis.study.inputs import hash_or_none
from analysis.workspace import Workspace

GONE = "{names} 已不在 data/reports 中：reports.csv 中的行仍保留，文件放回来就照旧采用。"


def register_files(workspace: Workspace, files: list[Path], inputs: dict) -> dict[str, list[str]]:
    """Bring ``reports.csv`` up to date before it is read; what there is to tell about it.

    Returns
    -------
    dict
        ``told``: what was written; ``once``: what is told by this run only; ``gone``: names of the
        files that vanished, so that later runs keep quiet about their rows.
    """
    manifest = read_manifest(workspace.results) or {}
    last, now = manifest.get("inputs", {}).get("reports", {}), inputs["reports"]
    readers = {readable(path.name) for path in files if path.suffix.lower() in READERS}
    there = {name: now[name] for name in now if name in readers and now[name]}
    told, failed = register_reports(workspace.catalogue, there, last)
    inputs["catalogue"] = hash_or_none(workspace.catalogue)
    gone = sorted({*manifest.get("gone", []), *last} - now.keys())
    rows = set(load_catalogue(workspace.catalogue)[0]["file"])
    lost = [name for name in last if name not in now and name in rows]
    once = [GONE.format(names="、".join(lost))] if lost else []
    return {"told": told, "once": [*once, *failed], "gone": gone}
