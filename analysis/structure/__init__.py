"""Find the structure of a report through all the noise.

One source string goes in; out come its edits (all cleaning, as data), its sentences with heading
levels, and its passages with heading paths. Nothing is deleted: what is not the report is a
sentence of role ``noise``, and every non-blank character lies in exactly one sentence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import pandas as pd

from analysis.codebook import Codebook
from analysis.schema import TABLES, check
from analysis.structure.edits import (
    Edit,
    apply_edits,
    clean_texts,
    find_inline_edits,
    to_simplified,
)
from analysis.structure.lines import join_lines, split_lines
from analysis.structure.naming import Sentence
from analysis.structure.noise import mark_noise
from analysis.structure.sentences import find_sentences, number_passages
from analysis.structure.wording import Wording, select_wording

__all__ = [
    "Edit",
    "Parts",
    "apply_edits",
    "recompute_text",
    "split_report",
    "split_reports",
    "to_simplified",
]

PATH_SEPARATOR = " › "
# The columns that structure fills.
SENTENCE_COLUMNS = (
    *("sentence", "passage", "report", "start", "end", "text"),
    *("role", "role_basis", "role_margin", "heading_level"),
)
PASSAGE_COLUMNS = (
    *("passage", "report", "number", "section", "heading_path", "start", "end", "text"),
)


@dataclass(frozen=True)
class Parts:
    """Tables of some reports: ``edits``, ``passages`` and ``sentences``, checked."""

    edits: pd.DataFrame
    passages: pd.DataFrame
    sentences: pd.DataFrame


def split_report(report: str, source: str, book: Codebook) -> Parts:
    """Split one source, see :func:`split_reports`.

    Parameters
    ----------
    report : str
        Name of the report, with which ids begin.
    source : str
        The decoded file, every character kept.
    book : Codebook
        Its ``noise_patterns`` say what is not the report.

    Returns
    -------
    Parts
        Rows of ``edits``, ``passages`` and ``sentences``; only noise has its role already.
    """
    return split_reports({report: source}, book)


def split_reports(sources: Mapping[str, str], book: Codebook) -> Parts:
    """Split sources into edits, passages and sentences.

    Parameters
    ----------
    sources : mapping of str to str
        Name of each report, with which ids begin, to the decoded file, every character kept.
    book : Codebook
        Its ``noise_patterns`` say what is not the report.

    Returns
    -------
    Parts
        The reports below each other. ``sentences.role`` is ``noise`` where structure decides so,
        with ``role_basis``; all other roles, themes and scores are still missing.
    """
    wording = select_wording(book)
    edits, sentences, passages = [], [], []
    for report, source in sources.items():
        own, found, texts_of = _split(source, wording)
        edits += [(report, *edit) for edit in own]
        sentences += _sentence_rows(report, found, texts_of)
        passages += _passage_rows(report, found, texts_of)
    columns = ["report", *Edit._fields]
    return Parts(
        check("edits", pd.DataFrame(edits, columns=columns)),
        _table("passages", PASSAGE_COLUMNS, passages),
        _table("sentences", SENTENCE_COLUMNS, sentences),
    )


def _split(source: str, wording: Wording) -> tuple[list[Edit], list[Sentence], Callable]:
    """Edits, sentences, and what gives the texts of spans."""
    edits, simple = find_inline_edits(source, wording), to_simplified(source)
    lines = split_lines(source, edits, simple)
    mark_noise(lines, wording)
    blocks = join_lines(source, lines)
    edits = _merge_edits(edits, [e for b in blocks for e in b.edits], lines)
    sentences = find_sentences(source, blocks, edits, simple, wording)
    number_passages(sentences)
    return edits, sentences, partial(clean_texts, source, simple, edits)


def _merge_edits(inline: list[Edit], joins: list[Edit], lines) -> list[Edit]:
    """Joins swallow the inline edits they cover; whole-line noise keeps its text, so none there."""
    covered = [(e.start, e.end) for e in joins]
    covered += [(line.start, line.end) for line in lines if line.noise is not None]
    ends = dict(sorted(covered))  # by start; where a join begins with a line, the join is longer
    starts = list(ends)
    kept = []
    for edit in inline:
        before = bisect_right(starts, edit.start) - 1
        if before < 0 or edit.end > ends[starts[before]]:
            kept.append(edit)
    return sorted([*kept, *joins])


def recompute_text(source: str, edits: list[Edit], start: int, end: int) -> str:
    """Return the ``text`` of a row: its slice with the edits applied, in Simplified script."""
    return to_simplified(apply_edits(source, edits, start, end))


def _sentence_rows(report: str, sentences: list[Sentence], texts_of: Callable) -> list[tuple]:
    """Rows of :data:`SENTENCE_COLUMNS`."""
    texts = texts_of([(s.start, s.end) for s in sentences])
    return [
        (
            f"{report}-s{number:04d}",
            f"{report}-p{s.passage + 1:04d}",
            report,
            s.start,
            s.end,
            text,
            "noise" if s.noise else None,
            s.noise,
            1.0 if s.noise else None,
            s.level,
        )
        for number, (s, text) in enumerate(zip(sentences, texts, strict=True), start=1)
    ]


def _passage_rows(report: str, sentences: list[Sentence], texts_of: Callable) -> list[tuple]:
    """Rows of :data:`PASSAGE_COLUMNS`."""
    rows, spans = [], []
    for number, (_, group) in enumerate(groupby(sentences, lambda s: s.passage), start=1):
        members = list(group)
        path = next((s.path for s in members if s.noise is None), ())
        section, paths = path[0] if path else None, PATH_SEPARATOR.join(path) or None
        spans.append((members[0].start, members[-1].end))
        rows.append((f"{report}-p{number:04d}", report, number, section, paths, *spans[-1]))
    return [(*row, text) for row, text in zip(rows, texts_of(spans), strict=True)]


def _table(name: str, columns: tuple[str, ...], rows: list[tuple]) -> pd.DataFrame:
    """The rows as a table; columns of later stages are missing."""
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    given = dict(zip(columns, values, strict=True)) | {"corrected": False}
    index = range(len(rows))
    return check(name, pd.DataFrame({n: given.get(n) for n in TABLES[name].names}, index=index))
