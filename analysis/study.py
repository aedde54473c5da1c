"""The study: runs the stages in their order, holds the tables, writes and loads results.

This module alone composes; every stage is a function from tables to tables and knows no other.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from analysis.catalogue import apply_catalogue, check_catalogue, describe_report, load_catalogue
from analysis.clusters import tag_clusters
from analysis.codebook import Codebook, load_codebook
from analysis.compare import compare_rates
from analysis.display import show
from analysis.evaluate import evaluate
from analysis.evidence import find_evidence, quotes, trace
from analysis.issues import find_mentions
from analysis.reading import ReadingError, find_reports, name_reports, read_source
from analysis.results import (
    ResultsError,
    file_hash,
    folder_hashes,
    load_results,
    read_manifest,
    record_figures,
    save_results,
)
from analysis.roles import tag_roles
from analysis.schema import check, empty
from analysis.sections import find_problem_section
from analysis.stability import measure_stability
from analysis.structure import Edit, recompute_text, split_report
from analysis.tables import RESULT_TABLES, TABLES_OF_PARTS
from analysis.themes import tag_themes
from analysis.workspace import Workspace, find_workspace

GROUPINGS = ("all", "level", "report")  # in every run; other columns of `reports` on request
# What is cut out of the running text counts as noise; wraps and repairs do not.
NOISE_EDITS = ("marker", "page", "advert", "phonetic")
CACHE = ".cache"
PACKAGES = ("pandas", "numpy", "scikit-learn", "jieba", "rjieba", "opencc", "matplotlib")


class StudyError(ValueError):
    """The study cannot be run; the message is one line of Chinese for the analyst."""


@dataclass
class Analysis:
    """What one run computes: tables by name, source strings by report, remarks in Chinese."""

    tables: dict[str, pd.DataFrame]
    sources: dict[str, str]
    remarks: list[str]


def analyse(
    files: Iterable[Path],
    book: Codebook,
    catalogue: pd.DataFrame | None = None,
    *,
    progress: Callable = iter,
) -> Analysis:
    """Run all stages on some report files.

    Parameters
    ----------
    files : iterable of pathlib.Path
        The reports, in any order; those that cannot be read get a row with ``status`` ``failed``.
    catalogue : pandas.DataFrame, optional
        A person's entries about them.
    progress : callable, optional
        Wraps the list of files, as ``tqdm`` does.

    Returns
    -------
    Analysis
        Every table of :data:`analysis.tables.RESULT_TABLES`.
    """
    catalogue = empty("catalogue") if catalogue is None else catalogue
    names = name_reports(files)
    rows, parts, sources = [], [], {}
    for path in progress(sorted(names, key=names.get)):
        row, tables, source = _read_report(names[path], path, book, catalogue)
        rows.append(row)
        if tables is not None:
            parts.append(tables)
            sources[names[path]] = source
    tables = {
        name: pd.concat([part[name] for part in parts], ignore_index=True) if parts else empty(name)
        for name in TABLES_OF_PARTS
    }
    tables["reports"] = _reports_table(rows)
    return Analysis(_tag_all(tables, sources, book), sources, [])


def _read_report(report: str, path: Path, book: Codebook, catalogue: pd.DataFrame):
    """One report up to its roles, on its own: nothing here depends on other reports."""
    blank = dict.fromkeys(empty("reports").columns)
    try:
        read = read_source(path)
    except ReadingError as error:
        row = {"report": report, "file": path.name, "status": "failed", "message": str(error)}
        return blank | row, None, None
    parts = split_report(report, read.text, book)
    row = blank | describe_report(report, path.name, read.text, parts.sentences, book)
    row |= {"sha256": read.sha256, "status": "ok", "message": read.note}
    row = apply_catalogue(pd.DataFrame([row], dtype=object), catalogue).iloc[0].to_dict()
    genre = row["genre"]
    sentences, passages = tag_roles(parts.sentences, parts.passages, book, genre=genre)
    state, basis = find_problem_section(sentences, passages, book, genre=genre)
    row["problem_section"] = state
    row["message"] = "；".join(part for part in (row["message"], basis) if part) or None
    row["characters"] = len("".join(read.text.split()))
    row["noise_characters"] = _count_noise(read.text, sentences, parts.edits)
    return row, {"edits": parts.edits, "passages": passages, "sentences": sentences}, read.text


def _count_noise(source: str, sentences: pd.DataFrame, edits: pd.DataFrame) -> int:
    noise = sentences[sentences["role"] == "noise"]
    inside = edits[edits["kind"].isin(NOISE_EDITS)]
    spans = [*zip(noise["start"], noise["end"], strict=True)]
    spans += [*zip(inside["start"], inside["end"], strict=True)]
    return sum(len("".join(source[start:end].split())) for start, end in spans)


def _reports_table(rows: list[dict]) -> pd.DataFrame:
    if not rows:
        return empty("reports")
    return check("reports", pd.DataFrame(rows, dtype=object))


def _tag_all(tables: dict, sources: dict[str, str], book: Codebook) -> dict[str, pd.DataFrame]:
    """The stages that look at all reports together."""
    reports, sentences, passages = tables["reports"], tables["sentences"], tables["passages"]
    mentions = find_mentions(sentences, tables["edits"], sources, book)
    sentences, passages = tag_themes(sentences, passages, mentions, book)
    themes = measure_stability(sentences, passages, mentions, book)
    passages, clusters = tag_clusters(passages, book)
    rates = pd.concat(
        [compare_rates(reports, passages, sentences, mentions, book, by=by) for by in GROUPINGS],
        ignore_index=True,
    )
    evidence = find_evidence(rates, reports, passages, sentences, mentions)
    made = {"sentences": sentences, "passages": passages, "mentions": mentions, "themes": themes}
    made |= {"clusters": clusters, "rates": rates, "evidence": evidence}
    return {name: (tables | made)[name] for name in RESULT_TABLES}


class Study:
    """The tables of one run, with the questions an analyst asks of them.

    Attributes
    ----------
    workspace : Workspace
    book : Codebook
    tables : dict of str to pandas.DataFrame
        Also as attributes: ``study.reports``, ``study.passages`` …
    sources : dict of str to str
        The text of each report, as read.
    """

    def __init__(self, workspace: Workspace, book: Codebook, tables, sources, remarks=()):
        self.workspace, self.book = workspace, book
        self.tables, self.sources, self.remarks = tables, sources, list(remarks)

    def __getattr__(self, name: str):
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"Study 没有 “{name}”；表有：{'、'.join(tables)}")

    def __repr__(self) -> str:
        ok = int((self.tables["reports"]["status"] == "ok").sum())
        return f"Study（{ok} 份报告，{len(self.tables['passages'])} 段）"

    def rates(self, kind: str | None = None, *, by: str = "level") -> pd.DataFrame:
        """Counts with denominators: rows of ``rates`` of one kind, grouped by a column.

        Parameters
        ----------
        kind : {"issue", "theme", "role"}, optional
            All kinds where missing.
        by : str
            ``level``, ``report``, ``all`` or any other column of ``reports``.
        """
        rates = self.tables["rates"]
        if by not in GROUPINGS:
            t = self.tables
            rates = compare_rates(
                t["reports"], t["passages"], t["sentences"], t["mentions"], self.book, by=by
            )
        rates = rates[rates["by"] == by]
        if kind is not None:
            rates = rates[rates["kind"] == kind]
        return rates.reset_index(drop=True)

    def quotes(
        self,
        rate: str | None = None,
        *,
        issue: str | None = None,
        theme: str | None = None,
        level: str | None = None,
        report: str | None = None,
        stance: str = "any",
    ) -> pd.DataFrame:
        """The sentences behind a count, named by its id or by issue or theme and group."""
        if rate is None:
            group = f"report/{report}" if report else f"level/{level}" if level else "all/all"
            key = f"issue/{issue}" if issue else f"theme/{theme}"
            rate = f"{group}/{key}/{stance}"
        return quotes(rate, self.tables, self.sources, names=self.book.names)

    def show(self, frame: pd.DataFrame | str):
        """A table, by name or as a selection of one, for reading in a notebook: in Chinese."""
        frame = self.tables[frame] if isinstance(frame, str) else frame
        return show(frame, self.book.names)

    def trace(self, rate: str) -> str:
        """A count in words, then every sentence behind it with report and heading path."""
        return trace(rate, self.tables, self.sources, names=self.book.names)


def run(
    workspace: Workspace | Path | str | None = None,
    *,
    fresh: bool = False,
    charts: bool = True,
    progress: bool = False,
) -> Study:
    """Analyse the workspace's reports and write the results; at once when nothing changed.

    Parameters
    ----------
    workspace : Workspace, path or None
        By default the nearest parent of the working directory with ``data/reports``.
    fresh : bool
        Analyse again even if nothing changed.
    progress : bool
        Show a progress bar on standard error when it takes longer than a second.

    Raises
    ------
    StudyError
        There are no reports. (Reports that cannot be read do not stop a run.)
    CodebookError, SchemaError
        The codebook or ``reports.csv`` does not fit; the message says where and how to mend it.
    """
    workspace = _workspace(workspace)
    inputs = _inputs(workspace)
    files = find_reports(workspace.reports)
    if not files:
        raise StudyError(
            f"{workspace.reports} 中没有报告：请把 .txt 或 .md 文件放进这个文件夹，再运行一次。"
        )
    study = None if fresh else _unchanged(workspace, inputs)
    if study is None:
        study = _analyse_workspace(workspace, files, inputs, progress)
    if charts and not _has_charts(workspace):
        _draw(study)
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


def _analyse_workspace(workspace: Workspace, files, inputs: dict, progress: bool) -> Study:
    started = time.perf_counter()
    book = load_codebook(workspace.codebook)
    catalogue, remarks = load_catalogue(workspace.catalogue)
    result = analyse(files, book, catalogue, progress=_bar(progress, len(files)))
    remarks = [*remarks, *check_catalogue(catalogue, files)]
    notes = list(result.tables["clusters"].attrs.get("says", []))
    workspace.results.mkdir(parents=True, exist_ok=True)
    save_results(
        workspace.results, result.tables, result.sources, {"inputs": inputs, "notes": notes}
    )
    _log(workspace, len(files), time.perf_counter() - started)
    return Study(workspace, book, result.tables, result.sources, [*remarks, *notes])


def _has_charts(workspace: Workspace) -> bool:
    """Whether the standard charts of the last run are all there, unchanged."""
    recorded = (read_manifest(workspace.results) or {}).get("figures")
    return bool(recorded) and all(
        _hash(workspace.figures / name) == expected for name, expected in recorded.items()
    )


def _draw(study: Study) -> None:
    from analysis.figures import save_standard  # matplotlib: only where something is drawn

    workspace = study.workspace
    workspace.figures.mkdir(parents=True, exist_ok=True)
    paths = save_standard(study)
    pictures = {path.name: file_hash(path) for path in paths if path.name != "index.csv"}
    record_figures(workspace.results, pictures)


def load(workspace: Workspace | Path | str | None = None) -> Study:
    """Return the last run.

    Raises
    ------
    ResultsError
        There is none, or its files do not fit its manifest.
    """
    workspace = _workspace(workspace)
    tables, sources, manifest = load_results(workspace.results)
    book = load_codebook(workspace.codebook)
    catalogue, remarks = load_catalogue(workspace.catalogue)
    remarks = [*remarks, *check_catalogue(catalogue, find_reports(workspace.reports))]
    return Study(workspace, book, tables, sources, [*remarks, *manifest.get("notes", [])])


def evaluate_labels(
    workspace: Workspace | Path | str | None = None, folder: Path | None = None
) -> tuple[pd.DataFrame, Codebook]:
    """Score the analysis against a label folder, by default the workspace's ``data/gold``.

    Returns
    -------
    scores : pandas.DataFrame
        See :func:`analysis.evaluate.evaluate`.
    book : Codebook
        The codebook used, for the Chinese names of the keys.
    """
    workspace = _workspace(workspace)
    book = load_codebook(workspace.codebook)
    done: list[Analysis] = []

    def tables_of(files: list[Path]) -> dict:
        done.append(analyse(files, book))
        return done[0].tables | {"sources": done[0].sources}

    def recompute(report: str, start: int, end: int) -> str:
        edits = done[0].tables["edits"]
        rows = edits.loc[edits["report"] == report, list(Edit._fields)]
        own = [Edit(*row) for row in rows.astype(object).where(rows.notna(), None).to_numpy()]
        return recompute_text(done[0].sources[report], own, start, end)

    folder = workspace.gold if folder is None else folder
    return evaluate(folder, tables_of, recompute=recompute), book


def _workspace(workspace) -> Workspace:
    """Find the workspace; matplotlib's font cache goes into it and not into the home folder."""
    found = workspace if isinstance(workspace, Workspace) else find_workspace(workspace)
    os.environ.setdefault("MPLCONFIGDIR", str(found.results / CACHE))
    return found


def _inputs(workspace: Workspace) -> dict:
    """Everything the results depend on, by hash or version."""
    code = Path(__file__).parent
    return {
        "reports": {path.name: _hash(path) for path in find_reports(workspace.reports)},
        "codebook": folder_hashes(workspace.codebook, "*.csv"),
        "catalogue": _hash(workspace.catalogue),
        "gold": folder_hashes(workspace.gold, "*.tsv"),
        "code": folder_hashes(code, "*.py"),
        "packages": {name: _version(name) for name in PACKAGES},
    }


def _hash(path: Path) -> str | None:
    try:
        return file_hash(path) if path.is_file() else None
    except OSError:
        return None


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _bar(progress: bool, total: int) -> Callable:
    if not progress:
        return iter
    return lambda items: tqdm(
        items, total=total, desc="读取报告", unit="份", delay=1, file=sys.stderr, leave=False
    )


def _log(workspace: Workspace, reports: int, seconds: float) -> None:
    line = f"{time.strftime('%Y-%m-%d %H:%M:%S')}\t报告 {reports} 份\t用时 {seconds:.1f} 秒\n"
    with (workspace.results / "run.log").open("a", encoding="utf-8", newline="") as file:
        file.write(line)
