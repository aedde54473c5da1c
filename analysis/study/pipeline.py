"""The stages in their order: report files in, tables out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.clusters import tag_clusters
from analysis.codebook import Codebook
from analysis.compare import compare_rates
from analysis.corrections.links import correct_links
from analysis.corrections.places import Placed
from analysis.evidence import list_evidence
from analysis.lazy import LazyTables
from analysis.link_proposals import propose_answers
from analysis.links import tag_links
from analysis.reading import name_reports
from analysis.schema import check, empty
from analysis.stability import measure_stability
from analysis.study.batches import join_reports, read_reports
from analysis.study.cache import ReportCache
from analysis.study.overlay import fit_decisions, place_all
from analysis.tables import RESULT_TABLES
from analysis.unexplained import find_unexplained

GROUPINGS = ("all", "level", "report")  # in every run; other columns of `reports` on request


@dataclass
class Analysis:
    """What one run computes: tables by name, source strings by report, remarks in Chinese.

    ``unfit`` says, by correction, why the analyst's decisions were not applied that were not.
    """

    tables: LazyTables
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
    book : Codebook
        From :func:`analysis.load_codebook`.
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
    # Libraries and the codebook are not garbage: looking through them again and again takes a tenth
    # of the time, and more than reading the cache.
    gc.freeze()
    try:
        decisions, unfit = fit_decisions(corrections, names, book)
        found = progress(read_reports(names, book, catalogue, cache, jobs, decisions))
        tables, rows, sources = join_reports(found)
        tables["reports"] = _reports_table(rows)
        placed, more = place_all(decisions, sources, tables["sentences"], tables["passages"])
        tables, others = _tag_all(tables, sources, book, placed)
        return Analysis(tables, sources, [], unfit | more | others)
    finally:
        gc.unfreeze()


def _reports_table(rows: list[dict]) -> pd.DataFrame:
    if not rows:
        return empty("reports")
    return check("reports", pd.DataFrame(rows, dtype=object))


def _tag_all(
    tables: dict, sources: dict[str, str], book: Codebook, placed: list[Placed]
) -> tuple[LazyTables, dict[str, str]]:
    """The stages that look at all reports together; why decisions about links do not fit."""
    reports, mentions = tables["reports"], tables["mentions"]
    sentences, passages = tables["sentences"], tables["passages"]
    unexplained = find_unexplained(passages, sentences, mentions, sources, book)
    themes = measure_stability(sentences, passages, mentions, book)
    passages, clusters = tag_clusters(passages, book)
    links = propose_answers(tables["links"], sentences, passages, mentions, reports, book)
    links, unfit = correct_links(links, sentences, mentions, placed, sources)
    sentences = tag_links(sentences, mentions, links)
    rates = compare_rates(reports, passages, sentences, mentions, book, by=GROUPINGS)
    made = {"sentences": sentences, "passages": passages, "themes": themes, "links": links}
    made |= {"unexplained": unexplained, "clusters": clusters, "rates": rates}
    return add_evidence(tables | made), unfit


def add_evidence(tables: dict[str, pd.DataFrame]) -> LazyTables:
    """Add the table ``evidence``, which is made when somebody asks for it."""
    parts = [tables[name] for name in ("rates", "reports", "passages", "sentences", "mentions")]
    tables = tables | {"evidence": partial(list_evidence, *parts)}
    return LazyTables({name: tables[name] for name in (*RESULT_TABLES, *tables)})
