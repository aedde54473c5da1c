"""The stages in their order: report files in, tables out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.clusters import tag_clusters
from analysis.codebook import Codebook
from analysis.compare import compare_rates
from analysis.evidence import find_evidence
from analysis.links import find_links
from analysis.reading import name_reports
from analysis.schema import check, empty
from analysis.stability import measure_stability
from analysis.study.cache import ReportCache
from analysis.study.per_report import join_tables, read_reports
from analysis.tables import RESULT_TABLES
from analysis.themes import tag_themes
from analysis.unexplained import find_unexplained

GROUPINGS = ("all", "level", "report")  # in every run; other columns of `reports` on request


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
    found = list(progress(read_reports(names, book, catalogue, cache, jobs)))
    parts = [one for one in found if one["tables"]]
    sources = {part["row"]["report"]: part["source"] for part in parts}
    tables = join_tables(parts) | {"reports": _reports_table([one["row"] for one in found])}
    return Analysis(_tag_all(tables, sources, book), sources, [])


def _reports_table(rows: list[dict]) -> pd.DataFrame:
    if not rows:
        return empty("reports")
    return check("reports", pd.DataFrame(rows, dtype=object))


def _tag_all(tables: dict, sources: dict[str, str], book: Codebook) -> dict[str, pd.DataFrame]:
    """The stages that look at all reports together."""
    reports, mentions = tables["reports"], tables["mentions"]
    sentences, passages = tables["sentences"], tables["passages"]
    unexplained = find_unexplained(passages, sentences, mentions, sources, book)
    sentences, passages = tag_themes(sentences, passages, mentions, book)
    themes = measure_stability(sentences, passages, mentions, book)
    passages, clusters = tag_clusters(passages, book)
    links = find_links(sentences, passages, mentions, reports, book)
    rates = pd.concat(
        [compare_rates(reports, passages, sentences, mentions, book, by=by) for by in GROUPINGS],
        ignore_index=True,
    )
    evidence = find_evidence(rates, reports, passages, sentences, mentions)
    made = {"sentences": sentences, "passages": passages, "themes": themes, "links": links}
    made |= {"unexplained": unexplained, "clusters": clusters, "rates": rates, "evidence": evidence}
    return {name: (tables | made)[name] for name in RESULT_TABLES}
