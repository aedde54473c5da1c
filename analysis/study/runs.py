"""Run a study and write its results."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from analysis.catalogue import check_catalogue, load_catalogue
from analysis.codebook import load_codebook
from analysis.corrections.log import standing
from analysis.corrections.places import stale_table
from analysis.corrections.rows import load_corrections
from analysis.corrections.store import merge_pending
from analysis.errors import AnalysisError
from analysis.history import check_keep, keep_run
from analysis.reading import find_reports
from analysis.results import (
    CHANGES,
    ResultsError,
    folder_hashes,
    read_manifest,
    save_results,
)
from analysis.same_as import read_same_as
from analysis.study.arrivals import register_files
from analysis.study.cache import ReportCache
from analysis.study.correcting import LOCK
from analysis.study.inputs import describe_inputs, describe_parameters
from analysis.study.last import load
from analysis.study.lock import only_run
from analysis.study.log import RunLog
from analysis.study.overlay import STALE_TABLE, say_stale
from analysis.study.pictures import draw_standard, has_charts
from analysis.study.pipeline import analyse
from analysis.study.study import Study
from analysis.study.updates import compare_with_last
from analysis.workspace import Workspace, open_workspace

CACHED_REPORTS = "reports"  # in the workspace's cache
LOG = "run.log"
NO_REPORTS = "{folder} 中没有报告：请把报告（Word、PDF、网页或纯文本）放进这个文件夹，再运行一次。"


class StudyError(AnalysisError):
    """The study cannot be run; the message is one line of Chinese for the analyst."""


def run(
    workspace: Workspace | Path | str | None = None,
    *,
    fresh: bool = False,
    charts: bool = True,
    progress: bool = False,
    jobs: int = 1,
    keep: str | None = None,
) -> Study:
    """Analyse the workspace's reports and write the results; at once when nothing changed.

    Of reports that were analysed before with the same codebook, catalogue and code, only what
    depends on all reports together is computed again.

    Parameters
    ----------
    workspace : Workspace, path or None
        By default the nearest parent of the working directory with ``data/reports``.
    fresh : bool
        Analyse everything again even if nothing changed; the results are the same bytes.
    charts : bool
        Draw the standard charts too; takes some seconds.
    progress : bool
        Show a progress bar on standard error when it takes longer than a second.
    jobs : int
        Number of processes that read reports, as joblib counts them; the same bytes with any.
    keep : str, optional
        Also keep the results under this name, see :func:`analysis.history.keep_run`.

    Returns
    -------
    Study
        The tables just written, or those of the last run where nothing changed.

    Raises
    ------
    WorkspaceError
        The folder named holds no ``data/reports``.
    StudyError
        There are no reports. (Reports that cannot be read do not stop a run.)
    ResultsError
        They cannot be written, or cannot be kept under this name.
    BusyError
        Another run of this workspace is under way.
    CodebookError, SchemaError, LockedError
        The codebook or ``data/corrections.csv`` does not fit, or another program holds
        ``reports.csv``; the message says where and how to mend it.
    ChartError
        With ``charts``: a picture or a file of the pack cannot be written.
    """
    workspace = open_workspace(workspace)
    if not find_reports(workspace.reports):
        raise StudyError(NO_REPORTS.format(folder=workspace.reports))
    with only_run(workspace.cache):
        if keep is not None:  # a name that cannot be used is refused before the work is done
            check_keep(workspace.results, keep)
        with RunLog(workspace.results / LOG) as log:
            study = _run_alone(workspace, fresh, charts, progress, jobs, log)
        if keep is not None:
            keep_run(workspace.results, keep)
        return study


def _run_alone(
    workspace: Workspace, fresh: bool, charts: bool, progress: bool, jobs: int, log: RunLog
) -> Study:
    waiting = merge_pending(workspace.corrections, workspace.cache / LOCK)
    inputs, files = describe_inputs(workspace), find_reports(workspace.reports)
    news = register_files(workspace, files, inputs)
    study = None if fresh else _unchanged(workspace, inputs)
    if study is None:
        study = _analyse_workspace(
            workspace, files, inputs, news, log, progress=progress, fresh=fresh, jobs=jobs
        )
    study.remarks += [*news["once"], *([waiting] if waiting else [])]
    if charts and not has_charts(workspace):
        draw_standard(study)
        log.done("画图")
    return study


def _unchanged(workspace: Workspace, inputs: dict) -> Study | None:
    """Return the last run if it had these inputs and its files are whole."""
    manifest = read_manifest(workspace.results)
    if manifest is None or manifest.get("inputs") != inputs:
        return None
    try:
        return load(workspace)
    except ResultsError:
        return None  # damaged results are made anew


def _analyse_workspace(
    workspace: Workspace,
    files: list[Path],
    inputs: dict,
    news: dict,
    log: RunLog,
    *,
    progress: bool,
    fresh: bool,
    jobs: int,
) -> Study:
    book = load_codebook(workspace.codebook)
    catalogue, remarks = load_catalogue(workspace.catalogue)
    cache = _cache(workspace, inputs, fresh)
    corrections, problems = load_corrections(workspace.corrections)
    log.begin(len(files))
    bar = log.after(_bar(progress, len(files)), "读取")
    result = analyse(
        files,
        book,
        catalogue,
        corrections=standing(corrections),
        cache=cache,
        jobs=jobs,
        progress=bar,
    )
    log.done("汇总")
    stale = stale_table(corrections, result.unfit)
    remarks += read_same_as(catalogue, result.tables["reports"]).remarks
    told = [*news["told"], *result.remarks]
    remarks += [*check_catalogue(catalogue, files, gone=news["gone"]), *told]
    remarks += [*problems, *say_stale(stale)]
    notes = list(result.tables["clusters"].attrs.get("says", []))
    manifest = {"inputs": inputs, "notes": notes, "told": told, "gone": news["gone"]}
    manifest["parameters"] = describe_parameters()
    manifest["unfit"] = result.unfit
    workspace.results.mkdir(parents=True, exist_ok=True)
    last = compare_with_last(workspace.results, result.tables, inputs, book.names)
    result.tables[CHANGES], beside = last
    log.done("比较")
    save_results(workspace.results, result.tables, result.sources, manifest, beside)
    if cache:
        cache.sweep()
    log.done("存盘")
    result.tables[STALE_TABLE] = stale
    return Study(workspace, book, result.tables, result.sources, remarks, notes)


def _cache(workspace: Workspace, inputs: dict, fresh: bool) -> ReportCache | None:
    """None where the codebook was saved while it was read: nobody knows which one that was."""
    if folder_hashes(workspace.codebook, "*.csv") != inputs["codebook"]:
        return None
    basis = {name: inputs[name] for name in ("codebook", "packages")}
    return ReportCache(workspace.cache / CACHED_REPORTS, basis, fresh=fresh)


def _bar(progress: bool, total: int) -> Callable:
    if not progress:
        return iter
    return lambda items: tqdm(
        items,
        total=total,
        desc="读取报告",
        unit="份",
        delay=1,
        file=sys.stderr,
        leave=False,
        disable=None,
    )
