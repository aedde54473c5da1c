"""What is computed of each report by itself: as plain data, so that it can be kept and sent.

The stage is a pure function of the report's bytes and name, its entry in the catalogue and the
codebook. Its result is made of dicts, lists, strings, numbers and None only: the same whether it
was computed here, in another process, or read from the cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path

import pandas as pd

from analysis.catalogue import apply_catalogue, describe_reports, set_aside
from analysis.codebook import Codebook
from analysis.corrections.places import place_decisions
from analysis.corrections.replay import correct_mentions, correct_roles, correct_themes
from analysis.issues import find_mentions
from analysis.links import find_links
from analysis.reading import ReadingError, Source, read_source, readable
from analysis.roles import tag_roles
from analysis.schema import TABLES, as_lists
from analysis.sections import find_problem_sections
from analysis.structure import split_reports
from analysis.tables import TABLES_OF_PARTS
from analysis.themes import tag_themes

BY_HAND = "catalogue"  # the basis of a field that a person entered
# What is cut out of the running text counts as noise; wraps and repairs do not.
NOISE_EDITS = ("marker", "page", "advert", "phonetic")
MADE = (*TABLES_OF_PARTS, "mentions", "links")
OWNER = {"links": "report_problem"}  # the column that names the report, where it is another


def read_batch(tasks: Sequence[tuple[str, Path, dict, list]], book: Codebook) -> list[dict]:
    """Read some reports and find the parts, roles, issues and themes of each by itself.

    They go through the stages together only because a table of many costs little more than a table
    of one; no report changes what is found in another.

    Parameters
    ----------
    tasks : sequence of tuple
        For each report its name, its file, the catalogue's row about it (the same columns for
        all, None in each where there is no row), and the analyst's decisions about it. A file that
        cannot be read gives a row with ``status`` ``failed``.

    Returns
    -------
    list of dict
        One per task. ``row``: columns of ``reports``; ``tables``: name of :data:`MADE` → column →
        list of values, None where there is none; ``source``: the source string. The latter two are
        None for a report that failed.
    """
    found, read = {}, {}
    blank = dict.fromkeys(TABLES["reports"].names)
    for report, path, *_ in tasks:
        row = {"report": report, "file": readable(path.name)}
        try:
            read[report] = read_source(path)
            row |= {"status": "ok", "message": read[report].note, "sha256": read[report].sha256}
        except ReadingError as error:
            row |= {"status": "failed", "message": str(error)}
        found[report] = {"row": blank | row, "tables": None, "source": None}
    if read:
        entries = [entry for _, _, entry, _ in tasks if entry["file"]]
        entries = pd.DataFrame(entries, columns=[*tasks[0][2]])
        decided = pd.DataFrame(list(chain.from_iterable(task[3] for task in tasks)))
        rows = {report: found[report]["row"] for report in read}
        for report, row, tables in _find_all(rows, read, entries, decided, book):
            found[report] = {"row": row, "tables": tables, "source": read[report].text}
    return [found[report] for report, *_ in tasks]


def _find_all(
    rows: dict[str, dict], read: dict[str, Source], entries, decided, book: Codebook
) -> Iterator:
    """Yield name, row and tables of each report that could be read."""
    sources = {report: source.text for report, source in read.items()}
    parts = split_reports(sources, book)
    files = {report: row["file"] for report, row in rows.items()}
    for report, row in describe_reports(files, sources, parts.sentences, book).items():
        rows[report] |= row
    reports = apply_catalogue(pd.DataFrame([*rows.values()], dtype=object), entries)
    rows = dict(zip(rows, reports.astype(object).to_dict("records"), strict=True))
    genres = {report: row["genre"] for report, row in rows.items()}
    entered = {report for report, row in rows.items() if row["genre_basis"] == BY_HAND}
    sentences, passages, aside = set_aside(parts.sentences, parts.passages, book, entered=entered)
    sentences, passages = tag_roles(sentences, passages, book, genre=genres)
    placed = place_decisions(decided, sources, sentences, passages)[0] if len(decided) else []
    sentences, passages = correct_roles(sentences, passages, placed, book)
    states = find_problem_sections(sentences, passages, book, genres)
    mentions = find_mentions(sentences, parts.edits, sources, book)
    mentions = correct_mentions(mentions, sentences, placed, sources, book)
    sentences, passages = tag_themes(sentences, passages, mentions, book)
    sentences, passages = correct_themes(sentences, passages, placed, book)
    made = {"edits": parts.edits, "passages": passages, "sentences": sentences}
    made |= {"mentions": mentions, "links": find_links(sentences, passages, mentions, book)}
    for report, tables in _split_tables(made, rows).items():
        row, source, (state, basis) = rows[report], sources[report], states[report]
        notes = (row["message"], aside.get(report), basis)
        row |= {
            "problem_section": state,
            "message": "；".join(note for note in notes if note) or None,
            "characters": len("".join(source.split())),
            "noise_characters": _count_noise(source, tables["sentences"], tables["edits"]),
        }
        yield report, row, tables


def rows_by_report(reports: Iterable[str]) -> dict[str, slice]:
    """Where the rows of each report stand in a table that holds reports below each other."""
    found, at = {}, 0
    for report, group in groupby(reports):
        end = at + sum(1 for _ in group)
        found[report], at = slice(at, end), end
    return found


def _split_tables(made: dict[str, pd.DataFrame], reports: Iterable[str]) -> dict[str, dict]:
    """Report → table → column → values."""
    found: dict[str, dict] = {report: {} for report in reports}
    for name in MADE:
        columns = as_lists(made[name])
        places = rows_by_report(columns[OWNER.get(name, "report")])
        for report, tables in found.items():
            at = places.get(report, slice(0))
            tables[name] = {column: values[at] for column, values in columns.items()}
    return found


def _count_noise(source: str, sentences: dict[str, list], edits: dict[str, list]) -> int:
    spans = [
        (start, end)
        for rows, key, noise in ((sentences, "role", ("noise",)), (edits, "kind", NOISE_EDITS))
        for start, end, value in zip(rows["start"], rows["end"], rows[key], strict=True)
        if value in noise
    ]
    return sum(len("".join(source[start:end].split())) for start, end in spans)
