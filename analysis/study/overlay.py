"""The analyst's decisions in a run: which fit, which do not and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.cells import SchemaError
from analysis.codebook import Codebook
from analysis.corrections.log import digest, standing
from analysis.corrections.places import (
    Placed,
    assign_reports,
    check_values,
    find_silent,
    place_decisions,
)
from analysis.corrections.rows import load_corrections
from analysis.results import file_hash
from analysis.schema import empty

STALE_TABLE = "stale_corrections"
LISTED = 5  # decisions that are told one by one
SHOWN = 20  # characters of a quotation
UNREAD = "报告 {} 读不出来"


def fit_decisions(
    corrections: pd.DataFrame | None, names: Mapping[Path, str], book: Codebook
) -> tuple[pd.DataFrame, dict[str, str]]:
    """The decisions whose values and reports are known, and why the others are not.

    Parameters
    ----------
    corrections : pandas.DataFrame or None
        Decisions that stand.
    names : mapping of pathlib.Path to str
        Name of the report in each file.

    Returns
    -------
    decisions : pandas.DataFrame
        With the present ``report`` and ``unchanged``, see
        :func:`analysis.corrections.places.assign_reports`.
    reasons : dict of str to str
        By correction.
    """
    if corrections is None or corrections.empty:
        return empty("corrections").assign(unchanged=pd.array([], dtype="boolean")), {}
    known, unknown = check_values(corrections, book)
    there, gone = assign_reports(known, _hashes(names))
    return there, unknown | gone


def _hashes(names: Mapping[Path, str]) -> dict[str, str]:
    hashes = {}
    for path, report in names.items():
        try:
            hashes[report] = file_hash(path)
        except OSError:  # told where the report is read
            continue
    return hashes


def place_all(
    decisions: pd.DataFrame,
    sources: Mapping[str, str],
    sentences: pd.DataFrame,
    passages: pd.DataFrame,
) -> tuple[list[Placed], dict[str, str]]:
    """Where the decisions are about in the reports that were read; why others are not applied.

    The reports' own stage placed them already, or another run did and left its result in the cache;
    this finds the same places again, for the reports that have decisions only.
    """
    lost = decisions[~decisions["report"].isin(list(sources))]
    reasons = {
        name: UNREAD.format(report)
        for name, report in zip(lost["correction"], lost["report"], strict=True)
    }
    about = set(decisions["report"])
    sentences, passages = (t[t["report"].isin(about)] for t in (sentences, passages))
    placed, misplaced = place_decisions(decisions, sources, sentences, passages)
    return placed, reasons | misplaced | find_silent(placed, sentences)


def corrections_digest(path: Path) -> str | None:
    """What of ``data/corrections.csv`` the results depend on; None: on nothing.

    A file that cannot be read counts as one of its own.
    """
    try:
        return digest(standing(load_corrections(path)[0]))
    except SchemaError:
        try:
            return file_hash(path)
        except OSError:
            return "unreadable"


def say_stale(stale: pd.DataFrame) -> list[str]:
    """Say which decisions were not applied, and why; nothing where all were."""
    if stale.empty:
        return []
    lines = [
        f"有 {len(stale)} 条人工更正这次没有采用（仍保留在 corrections.csv 中，"
        "见 study.stale_corrections）："
    ]
    for row in stale.head(LISTED).itertuples():
        more = "…" if len(row.exact) > SHOWN else ""
        lines.append(f"{row.report} “{row.exact[:SHOWN]}{more}”：{row.reason}")
    more = [f"还有 {len(stale) - LISTED} 条"] if len(stale) > LISTED else []
    return [lines[0] + "；".join([*lines[1:], *more]) + "。"]
