"""“本次更新说明”: compare a run with the last one that had other inputs, or two folders."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.changes import Run, find_changes
from analysis.changes_text import FIRST, LOST, TITLE, say_changes
from analysis.codebook import load_codebook
from analysis.history import COMPARED, SavedTables, find_baseline, find_run, read_inputs
from analysis.results import BASELINE, CHANGES, MANIFEST, NOTE, read_json, read_manifest
from analysis.schema import empty
from analysis.workspace import Workspace, find_workspace


class Markdown(str):
    """A text that a notebook shows formatted."""

    def _repr_markdown_(self) -> str:
        return str(self)


def compare_with_last(
    results: Path, tables: Mapping[str, pd.DataFrame], inputs: dict, names: Mapping[str, str]
) -> tuple[pd.DataFrame, dict[str, bytes | Path]]:
    """Compare a run that is about to be saved with the last one that had other inputs.

    Returns
    -------
    changes : pandas.DataFrame
        Table ``changes``, empty where there is nothing to compare with.
    beside : dict
        What :func:`analysis.results.save_results` saves beside the tables: the text, and the
        tables of the run compared with, so that a repeated run tells the same.
    """
    folder, was_one = find_baseline(results, inputs)
    if folder is None:
        return empty(CHANGES), {NOTE: _note(LOST if was_one else FIRST)}
    manifest = read_json(folder / MANIFEST)  # its hashes are those of the files: just compared
    old = Run(SavedTables(folder), manifest.get("inputs") or {})
    changes, text = _compare(old, Run(tables, inputs), names)
    paths = {f"{name}.csv": folder / f"{name}.csv" for name in COMPARED}
    content = {"inputs": old.inputs, "files": {name: manifest["files"][name] for name in paths}}
    written = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    beside = {f"{BASELINE}/{name}": path for name, path in paths.items()}
    beside |= {NOTE: text.encode(), f"{BASELINE}/{MANIFEST}": written.encode()}
    return changes, beside


def _note(sentence: str) -> bytes:
    return f"{TITLE}\n\n{sentence}\n".encode()


def _compare(old: Run, new: Run, names: Mapping[str, str]) -> tuple[pd.DataFrame, str]:
    changes = find_changes(old, new, names)
    sizes = tuple(int((run.tables["reports"]["status"] == "ok").sum()) for run in (old, new))
    return changes, say_changes(changes, sizes, names, _sentences_of(changes, new))


def _sentences_of(changes: pd.DataFrame, run: Run) -> dict[str, str]:
    """Text of the sentences whose labels changed, by ``REPORT/START-END``."""
    keys = set(changes.loc[changes["kind"] == "label", "key"].str.rsplit("/", n=1).str[0])
    if not keys:
        return {}
    rows = run.tables["sentences"]
    places = rows["report"] + "/" + rows["start"].astype(str) + "-" + rows["end"].astype(str)
    return {key: text for key, text in zip(places, rows["text"], strict=True) if key in keys}


def diff_runs(
    old: Path | str, new: Path | str | None = None, workspace: Workspace | Path | str | None = None
) -> tuple[pd.DataFrame, Markdown]:
    """Compare two results folders, each named by its path or by the name it was kept under.

    Parameters
    ----------
    old, new : path or str
        The older and the newer run; without ``new`` the last run of the workspace.
    workspace : Workspace, path or None
        Its kept runs may be named, and its codebook gives the Chinese names.

    Returns
    -------
    changes : pandas.DataFrame
        Table ``changes``.
    text : str
        The same in Chinese, as Markdown.

    Raises
    ------
    ResultsError
        A folder does not exist or holds no whole results.
    """
    found = workspace if isinstance(workspace, Workspace) else find_workspace(workspace)
    read_manifest(found.results)  # a swap that was interrupted is finished first
    folders = [find_run(found.results, str(old))]
    folders.append(found.results if new is None else find_run(found.results, str(new)))
    runs = [Run(SavedTables(folder), read_inputs(folder)) for folder in folders]
    changes, text = _compare(*runs, load_codebook(found.codebook).names)
    return changes, Markdown(text)


def read_note(workspace: Workspace) -> Markdown:
    """“本次更新说明” of the last run, as it was saved."""
    path = workspace.results / NOTE
    return Markdown(path.read_text(encoding="utf-8") if path.is_file() else _note(FIRST).decode())
