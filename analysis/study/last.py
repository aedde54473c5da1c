"""Load the last run, and say what changed since."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.catalogue import check_catalogue, load_catalogue
from analysis.cells import LockedError, SchemaError
from analysis.codebook import load_codebook
from analysis.corrections.places import stale_table
from analysis.corrections.rows import load_corrections
from analysis.reading import find_reports
from analysis.results import load_results
from analysis.same_as import read_same_as
from analysis.schema import empty
from analysis.study.inputs import describe_changes, describe_inputs
from analysis.study.overlay import STALE_TABLE, say_stale
from analysis.study.pipeline import add_evidence
from analysis.study.study import Study
from analysis.workspace import Workspace, open_workspace

STALE = "注意：上次分析之后，{changes}。以下仍是上次的结果，请先运行笔记本 01。"


def load(workspace: Workspace | Path | str | None = None) -> Study:
    """Return the last run; its description says what changed since, where something did.

    Parameters
    ----------
    workspace : Workspace, path or None
        By default the nearest parent of the working directory with ``data/reports``.

    Returns
    -------
    Study
        Its tables, as they were saved.

    Raises
    ------
    WorkspaceError
        The folder named holds no ``data/reports``.
    ResultsError
        There is none, or its files do not fit its manifest.
    CodebookError
        The codebook does not fit.
    """
    workspace = open_workspace(workspace)
    tables, sources, manifest = load_results(workspace.results)
    tables = add_evidence(tables)
    book = load_codebook(workspace.codebook)
    files, gone = find_reports(workspace.reports), manifest.get("gone", [])
    try:
        catalogue, remarks = load_catalogue(workspace.catalogue)
        remarks += read_same_as(catalogue, tables["reports"]).remarks
        remarks += [*check_catalogue(catalogue, files, gone=gone), *manifest.get("told", [])]
    except LockedError as error:  # the results of the last run do not need it
        remarks = [str(error)]
    tables[STALE_TABLE], told = _load_stale(workspace, manifest.get("unfit", {}))
    remarks += told
    changes = describe_changes(manifest.get("inputs", {}), describe_inputs(workspace))
    stale = STALE.format(changes=changes) if changes else ""
    return Study(workspace, book, tables, sources, remarks, manifest.get("notes", []), stale)


def _load_stale(workspace: Workspace, unfit: dict[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """The decisions that the last run did not apply, and what there is to tell about all."""
    try:
        corrections, problems = load_corrections(workspace.corrections)
    except SchemaError as error:  # the results of the last run do not need it
        return empty(STALE_TABLE), [str(error)]
    stale = stale_table(corrections, unfit)
    return stale, [*problems, *say_stale(stale)]
