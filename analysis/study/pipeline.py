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
from analysis.duplicates import find_copies, say_left_out
from analysis.evidence import list_evidence
from analysis.lazy import LazyTables
from analysis.link_proposals import propose_answers
from analysis.links import tag_links
from analysis.reading import name_reports
from analysis.same_as import SameAs, mark_twins, read_same_as
from analysis.schema import check, empty
from analysis.shingles import find_pairs, read_plain
from analysis.stability import measure_stability
from analysis.study.batches import join_reports, read_reports
from analysis.study.cache import ReportCache
from analysis.study.overlay import fit_decisions, place_all
from analysis.study.per_report import MADE, OWNER
from analysis.tables import RESULT_TABLES
from analysis.twins import byte_twin_rows, drop_byte_twins, find_twins
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
    once: bool = True,
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
    once : bool
        Count a report that is there twice once: one of several files with the same bytes, and what
        the catalogue says is the same.

    Returns
    -------
    Analysis
        Every table of :data:`analysis.tables.RESULT_TABLES`.
    """
    catalogue = empty("catalogue") if catalogue is None else catalogue
    names = name_reports(files)
    all_names = {path: names[path] for path in sorted(names, key=names.get)}
    names, twins = drop_byte_twins(all_names) if once else (all_names, {})
    # Libraries and the codebook are not garbage: looking through them again and again takes a tenth
    # of the time, and more than reading the cache.
    gc.freeze()
    try:
        decisions, unfit = fit_decisions(corrections, names, book)
        found = progress(read_reports(names, book, catalogue, cache, jobs, decisions))
        tables, rows, sources = join_reports(found)
        reports = _reports_table([*rows, *byte_twin_rows(twins, all_names, rows)])
        same_as = read_same_as(catalogue, reports) if once else SameAs({}, set(), [])
        tables |= _find_repeats(tables, reports, sources, same_as)
        decisions, merged = _drop_twins(tables, sources, same_as.kept, decisions)
        placed, more = place_all(decisions, sources, tables["sentences"], tables["passages"])
        tables, others = _tag_all(tables, sources, book, placed)
        remarks = say_left_out(tables["copies"])
        return Analysis(tables, sources, remarks, unfit | merged | more | others)
    finally:
        gc.unfreeze()


def _reports_table(rows: list[dict]) -> pd.DataFrame:
    if not rows:
        return empty("reports")
    return check("reports", pd.DataFrame(sorted(rows, key=lambda row: row["report"]), dtype=object))


def _find_repeats(tables: dict, reports: pd.DataFrame, sources: dict, same_as: SameAs) -> dict:
    """Tables ``reports`` (with those left out), ``twins`` and ``copies``."""
    plain = read_plain(tables["sentences"])
    pairs = find_pairs(plain)
    twins = find_twins(plain, pairs, same_as, reports)
    counted = {name: text for name, text in sources.items() if name not in same_as.kept}
    copies = find_copies(plain, pairs, counted, twins)
    return {"reports": mark_twins(reports, same_as), "twins": twins, "copies": copies}


def _drop_twins(
    tables: dict, sources: dict, kept: dict[str, str], decisions: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Take reports that are left out from tables and sources; why decisions on them do not fit."""
    if not kept:
        return decisions, {}
    for name in MADE:
        column = tables[name][OWNER.get(name, "report")]
        tables[name] = tables[name][~column.isin(list(kept))].reset_index(drop=True)
    for report in kept:
        sources.pop(report, None)
    gone = decisions["report"].isin(list(kept))
    on = zip(*(decisions.loc[gone, c] for c in ("correction", "report")), strict=True)
    reasons = {name: f"报告 {report} 不计入：与 {kept[report]} 是同一份" for name, report in on}
    return decisions[~gone], reasons


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
