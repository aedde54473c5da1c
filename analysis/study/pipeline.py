"""The stages in their order: report files in, tables out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.catalogue import apply_catalogue, describe_report, set_aside
from analysis.clusters import tag_clusters
from analysis.codebook import Codebook
from analysis.compare import compare_rates
from analysis.evidence import find_evidence
from analysis.issues import find_mentions
from analysis.reading import ReadingError, name_reports, read_source, readable
from analysis.roles import tag_roles
from analysis.schema import check, empty
from analysis.sections import find_problem_section
from analysis.stability import measure_stability
from analysis.structure import split_report
from analysis.tables import RESULT_TABLES, TABLES_OF_PARTS
from analysis.themes import tag_themes
from analysis.unexplained import find_unexplained

GROUPINGS = ("all", "level", "report")  # in every run; other columns of `reports` on request
BY_HAND = "catalogue"  # the basis of a field that a person entered
# What is cut out of the running text counts as noise; wraps and repairs do not.
NOISE_EDITS = ("marker", "page", "advert", "phonetic")


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
        row = {
            "report": report,
            "file": readable(path.name),
            "status": "failed",
            "message": str(error),
        }
        return blank | row, None, None
    parts = split_report(report, read.text, book)
    row = blank | describe_report(report, readable(path.name), read.text, parts.sentences, book)
    row |= {"sha256": read.sha256, "status": "ok", "message": read.note}
    row = apply_catalogue(pd.DataFrame([row], dtype=object), catalogue).iloc[0].to_dict()
    genre = row["genre"]
    entered = row["genre_basis"] == BY_HAND
    kept = set_aside(parts.sentences, parts.passages, book, entered=entered)
    sentences, passages, aside = kept
    sentences, passages = tag_roles(sentences, passages, book, genre=genre)
    state, basis = find_problem_section(sentences, passages, book, genre=genre)
    row["problem_section"] = state
    row["message"] = "；".join(part for part in (row["message"], aside, basis) if part) or None
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
    unexplained = find_unexplained(passages, sentences, mentions, sources, book)
    sentences, passages = tag_themes(sentences, passages, mentions, book)
    themes = measure_stability(sentences, passages, mentions, book)
    passages, clusters = tag_clusters(passages, book)
    rates = pd.concat(
        [compare_rates(reports, passages, sentences, mentions, book, by=by) for by in GROUPINGS],
        ignore_index=True,
    )
    evidence = find_evidence(rates, reports, passages, sentences, mentions)
    made = {"sentences": sentences, "passages": passages, "mentions": mentions, "themes": themes}
    made |= {"unexplained": unexplained, "clusters": clusters, "rates": rates, "evidence": evidence}
    return {name: (tables | made)[name] for name in RESULT_TABLES}
