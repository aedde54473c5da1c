"""The stages in their order: report files in, tables out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.clusters import tag_clusters
from analysis.codebook import Codebook
from analysis.compare import compare_rates
from analysis.corrections.places import Placed, find_silent, place_decisions
from analysis.corrections.replay import correct_themes
from analysis.evidence import find_evidence
from analysis.reading import name_reports
from analysis.schema import check, empty
from analysis.stability import measure_stability
from analysis.study.cache import ReportCache
from analysis.study.overlay import find_unread, fit_decisions
from analysis.study.per_report import join_tables, read_reports
from analysis.tables import RESULT_TABLES
from analysis.themes import tag_themes
from analysis.unexplained import find_unexplained

GROUPINGS = ("all", "level", "report")  # in every run; other columns of `reports` on request


@dataclass
class Analysis:
    """What one run computes: tables by name, source strings by report, remarks in Chinese.

    ``unfit`` says, by correction, why the analyst's decisions were not applied that were not.
    """

    tables: dict[str, pd.DataFrame]
    sources: dict[str, str]
    remarks: list[str]
    unfit: dict[str, str] = field(default_factory=dict)


def analyse(
    files: Iterable[Path],
    book: Codebook,
    catalogue: pd.DataFrame | None = None,
    *,
    corrections: pd.DataFrame | None = None,
    cache: ReportCache | None = None,
    jobs: int = 1,
    progress: Callable = iter,
) -> Analysis:
    """Run all stages on some report files.

    Parameters
    ----------
    files : iterable of pathlib.Path
        The reports, in any order; those that cannot be read get a row with ``status`` ``failed``.
    catalogue : pandas.DataFrame, optional
        A person's entries about them.
    corrections : pandas.DataFrame, optional
        The analyst's decisions that stand, see :func:`analysis.corrections.log.standing`.
    cache : ReportCache, optional
        What earlier runs computed of single reports.
    jobs : int
        Number of processes that read reports.
    progress : callable, optional
        Wraps the reports as they are read, as ``tqdm`` does.

    Returns
    -------
    Analysis
        Every table of :data:`analysis.tables.RESULT_TABLES`.
    """
    catalogue = empty("catalogue") if catalogue is None else catalogue
    names = name_reports(files)
    names = {path: names[path] for path in sorted(names, key=names.get)}
    decisions, unfit = fit_decisions(corrections, names, book)
    found = list(progress(read_reports(names, book, catalogue, cache, jobs, decisions)))
    parts = [one for one in found if one["tables"]]
    sources = {part["row"]["report"]: part["source"] for part in parts}
    tables = join_tables(parts) | {"reports": _reports_table([one["row"] for one in found])}
    placed, misplaced = _place(decisions, tables, sources)
    unfit |= find_unread(decisions, sources) | misplaced
    return Analysis(_tag_all(tables, sources, book, placed), sources, [], unfit)


def _place(decisions, tables: dict, sources: dict[str, str]) -> tuple[list[Placed], dict[str, str]]:
    """The decisions by rows; why others have none. Roles and issues are applied to each report."""
    placed, misplaced = place_decisions(decisions, sources, tables["sentences"], tables["passages"])
    return placed, misplaced | find_silent(placed, tables["sentences"])


def _reports_table(rows: list[dict]) -> pd.DataFrame:
    if not rows:
        return empty("reports")
    return check("reports", pd.DataFrame(rows, dtype=object))


def _tag_all(
    tables: dict, sources: dict[str, str], book: Codebook, placed: list[Placed]
) -> dict[str, pd.DataFrame]:
    """The stages that look at all reports together."""
    reports, mentions = tables["reports"], tables["mentions"]
    sentences, passages = tables["sentences"], tables["passages"]
    unexplained = find_unexplained(passages, sentences, mentions, sources, book)
    sentences, passages = tag_themes(sentences, passages, mentions, book)
    sentences, passages = correct_themes(sentences, passages, placed, book)
    themes = measure_stability(sentences, passages, mentions, book)
    passages, clusters = tag_clusters(passages, book)
    rates = pd.concat(
        [compare_rates(reports, passages, sentences, mentions, book, by=by) for by in GROUPINGS],
        ignore_index=True,
    )
    evidence = find_evidence(rates, reports, passages, sentences, mentions)
    made = {"sentences": sentences, "passages": passages, "themes": themes}
    made |= {"unexplained": unexplained, "clusters": clusters, "rates": rates, "evidence": evidence}
    return {name: (tables | made)[name] for name in RESULT_TABLES}
