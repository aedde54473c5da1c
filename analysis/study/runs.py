"""Run a study and write its results, load the last run, score it against labels."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from analysis.catalogue import check_catalogue, load_catalogue, register_reports
from analysis.cells import LockedError, SchemaError
from analysis.codebook import Codebook, load_codebook
from analysis.corrections.log import standing
from analysis.corrections.places import stale_table
from analysis.corrections.rows import load_corrections
from analysis.corrections.store import merge_pending
from analysis.errors import AnalysisError
from analysis.evaluate import Evaluation, evaluate
from analysis.history import check_keep, keep_run
from analysis.reading import READERS, find_reports, readable
from analysis.results import (
    CHANGES,
    ResultsError,
    file_hash,
    folder_hashes,
    load_results,
    read_manifest,
    record_figures,
    save_results,
)
from analysis.schema import empty
from analysis.structure import Edit, recompute_text
from analysis.study.cache import ReportCache
from analysis.study.correcting import LOCK
from analysis.study.inputs import (
    describe_changes,
    describe_inputs,
    describe_parameters,
    hash_or_none,
)
from analysis.study.lock import only_run
from analysis.study.log import RunLog
from analysis.study.overlay import say_stale
from analysis.study.pipeline import Analysis, analyse
from analysis.study.study import Study
from analysis.study.trust import analyse_left_out
from analysis.study.updates import compare_with_last
from analysis.twins import read_same_as
from analysis.workspace import Workspace, find_workspace

CACHE = ".cache"
CACHED_REPORTS = "reports"  # inside it
STALE_TABLE = "stale_corrections"
LOG = "run.log"
GONE = "{names} 已不在 data/reports 中：reports.csv 中的行仍保留，文件放回来就照旧采用。"
STALE = "注意：上次分析之后，{changes}。以下仍是上次的结果，请先运行笔记本 01。"


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

    Raises
    ------
    StudyError
        There are no reports. (Reports that cannot be read do not stop a run.)
    ResultsError
        They cannot be written, or cannot be kept under this name.
    BusyError
        Another run of this workspace is under way.
    CodebookError, LockedError
        The codebook does not fit, or another program holds ``reports.csv``; the message says where
        and how to mend it.
    """
    workspace = _workspace(workspace)
    if not find_reports(workspace.reports):
        raise StudyError(
            f"{workspace.reports} 中没有报告：请把 .txt 或 .md 文件放进这个文件夹，再运行一次。"
        )
    with only_run(workspace.results / CACHE):
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
    waiting = merge_pending(workspace.corrections, workspace.results / LOCK)
    inputs, files = describe_inputs(workspace), find_reports(workspace.reports)
    news = _register(workspace, files, inputs)
    study = None if fresh else _unchanged(workspace, inputs)
    if study is None:
        study = _analyse_workspace(
            workspace, files, inputs, news, log, progress=progress, fresh=fresh, jobs=jobs
        )
    study.remarks += [*news["once"], *([waiting] if waiting else [])]
    if charts and not _has_charts(workspace):
        _draw(study)
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


def _register(workspace: Workspace, files: list[Path], inputs: dict) -> dict[str, list[str]]:
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
    return ReportCache(workspace.results / CACHE / CACHED_REPORTS, basis, fresh=fresh)


def _has_charts(workspace: Workspace) -> bool:
    """Whether the standard charts of the last run are all there, unchanged."""
    recorded = (read_manifest(workspace.results) or {}).get("figures")
    return bool(recorded) and all(
        hash_or_none(workspace.figures / name) == expected for name, expected in recorded.items()
    )


def _draw(study: Study) -> None:
    from analysis.figures import save_standard  # matplotlib: only where something is drawn
    from analysis.study.pack import save_pack

    workspace = study.workspace
    workspace.figures.mkdir(parents=True, exist_ok=True)
    paths = [*save_standard(study), *save_pack(study)]
    pictures = {path.name: file_hash(path) for path in paths if path.name != "index.csv"}
    record_figures(workspace.results, pictures)


def load(workspace: Workspace | Path | str | None = None) -> Study:
    """Return the last run; its description says what changed since, where something did.

    Raises
    ------
    ResultsError
        There is none, or its files do not fit its manifest.
    """
    workspace = _workspace(workspace)
    tables, sources, manifest = load_results(workspace.results)
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


def evaluate_labels(
    workspace: Workspace | Path | str | None = None,
    folders: Iterable[Path] = (),
    *,
    left_out: bool = False,
) -> tuple[Evaluation, Codebook]:
    """Score the analysis against label folders, by default the workspace's ``data/gold``.

    Parameters
    ----------
    workspace : Workspace, path or None
    folders : iterable of pathlib.Path
        Label folders; their reports count together.
    left_out : bool
        Judge every report without its own wording, see :mod:`analysis.leave_out`.

    Returns
    -------
    evaluation : Evaluation
        Scores and errors.
    book : Codebook
        The codebook used, for the Chinese names of the keys.
    """
    workspace = _workspace(workspace)
    book = load_codebook(workspace.codebook)
    folders = list(folders) or [workspace.gold]
    if left_out:

        def judge(files: list[Path]) -> dict:
            return analyse_left_out(files, book, workspace)

        return evaluate(folders, judge, names=book.names), book
    done: list[Analysis] = []

    def tables_of(files: list[Path]) -> dict:
        done.append(analyse(files, book, once=False))
        return done[0].tables | {"sources": done[0].sources}

    def recompute(report: str, start: int, end: int) -> str:
        edits = done[0].tables["edits"]
        rows = edits.loc[edits["report"] == report, list(Edit._fields)]
        own = [Edit(*row) for row in rows.astype(object).where(rows.notna(), None).to_numpy()]
        return recompute_text(done[0].sources[report], own, start, end)

    return evaluate(folders, tables_of, recompute=recompute, names=book.names), book


def _workspace(workspace) -> Workspace:
    """Find the workspace; matplotlib's font cache goes into it and not into the home folder."""
    found = workspace if isinstance(workspace, Workspace) else find_workspace(workspace)
    os.environ.setdefault("MPLCONFIGDIR", str(found.results / CACHE))
    return found


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
