"""“本次更新说明”: compare a run with the last one that had other inputs, or two folders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from analysis.changes import find_changes
from analysis.changes_text import FIRST, LOST, TITLE, say_changes
from analysis.codebook import load_codebook
from analysis.digest import Digest, make_digest, pack
from analysis.history import find_baseline, find_run, read_run, read_tables
from analysis.results import BASELINE, CHANGES, DIGEST, NOTE, read_manifest
from analysis.schema import empty
from analysis.workspace import Workspace, open_workspace


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
        What :func:`analysis.results.save_results` saves beside the tables: the text, the digest
        of this run, and that of the run compared with, so that a repeated run tells the same.
    """
    new = make_digest(tables, inputs)
    beside = {DIGEST: pack(new)}
    old, was_one = find_baseline(results, inputs)
    if old is None:
        return empty(CHANGES), beside | {NOTE: _note(LOST if was_one else FIRST)}
    changes, text = _compare(old, new, names, lambda: tables["sentences"])
    return changes, beside | {NOTE: text.encode(), BASELINE: pack(old)}


def _note(sentence: str) -> bytes:
    return f"{TITLE}\n\n{sentence}\n".encode()


def _compare(
    old: Digest, new: Digest, names: Mapping[str, str], sentences: Callable[[], pd.DataFrame]
) -> tuple[pd.DataFrame, str]:
    changes = find_changes(old, new, names)
    read = tuple(int((run.frames["reports"]["status"] == "ok").sum()) for run in (old, new))
    return changes, say_changes(changes, read, names, _texts_of(changes, sentences))


def _texts_of(changes: pd.DataFrame, sentences: Callable[[], pd.DataFrame]) -> dict[str, str]:
    """Text of the sentences whose labels changed, by ``REPORT/START-END``."""
    keys = set(changes.loc[changes["kind"] == "label", "key"].str.rsplit("/", n=1).str[0])
    if not keys:
        return {}
    rows = sentences()
    rows = rows[rows["report"].isin({key.rsplit("/", 1)[0] for key in keys})]
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
    found = open_workspace(workspace)
    read_manifest(found.results)  # a swap that was interrupted is finished first
    folders = [find_run(found.results, str(old))]
    folders.append(found.results if new is None else find_run(found.results, str(new)))
    runs = [read_run(folder) for folder in folders]

    def sentences() -> pd.DataFrame:
        return read_tables(folders[1], ["sentences"])["sentences"]

    changes, text = _compare(*runs, load_codebook(found.codebook).names, sentences)
    return changes, Markdown(text)


def read_note(workspace: Workspace) -> Markdown:
    """“本次更新说明” of the last run, as it was saved."""
    path = workspace.results / NOTE
    return Markdown(path.read_text(encoding="utf-8") if path.is_file() else _note(FIRST).decode())
