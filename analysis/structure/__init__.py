"""Find the structure of a report through all the noise.

One source string goes in; out come its edits (all cleaning, as data), its sentences with heading
levels, and its passages with heading paths. Nothing is deleted: what is not the report is a
sentence of role ``noise``, and every non-blank character lies in exactly one sentence.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import pandas as pd

from analysis.codebook import Codebook
from analysis.schema import TABLES, check
from analysis.structure.edits import Edit, apply_edits, find_inline_edits, to_simplified
from analysis.structure.lines import join_lines, split_lines
from analysis.structure.naming import Sentence
from analysis.structure.noise import mark_noise
from analysis.structure.sentences import find_sentences, number_passages
from analysis.structure.wording import select_wording

__all__ = ["Edit", "Parts", "apply_edits", "recompute_text", "split_report", "to_simplified"]

PATH_SEPARATOR = " › "


@dataclass(frozen=True)
class Parts:
    """Tables of one report: ``edits``, ``passages`` and ``sentences``, checked."""

    edits: pd.DataFrame
    passages: pd.DataFrame
    sentences: pd.DataFrame


def split_report(report: str, source: str, book: Codebook) -> Parts:
    """Split a source into edits, passages and sentences.

    Parameters
    ----------
    report : str
        Name of the report; ids begin with it.
    source : str
        The decoded file, every character kept.
    book : Codebook
        Its ``noise_patterns`` say what is not the report.

    Returns
    -------
    Parts
        ``sentences.role`` is ``noise`` where structure decides so, with ``role_basis``; all other
        roles, themes and scores are still missing.
    """
    wording = select_wording(book)
    edits = find_inline_edits(source, wording)
    lines = split_lines(source, edits)
    mark_noise(lines, wording)
    blocks = join_lines(source, lines)
    edits = _merge_edits(edits, [e for b in blocks for e in b.edits], lines)
    simple = to_simplified(source)
    sentences = find_sentences(source, blocks, edits, simple, wording)
    number_passages(sentences)
    return Parts(
        _edits_table(report, edits),
        _passages_table(report, source, sentences, edits),
        _sentences_table(report, source, sentences, edits),
    )


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


def _edits_table(report: str, edits: list[Edit]) -> pd.DataFrame:
    rows = [(report, *edit) for edit in edits]
    columns = ["report", "start", "end", "kind", "replacement", "basis"]
    return check("edits", pd.DataFrame(rows, columns=columns))


def _sentences_table(report, source, sentences: list[Sentence], edits) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "sentence": [f"{report}-s{n:04d}" for n in range(1, len(sentences) + 1)],
            "passage": [f"{report}-p{s.passage + 1:04d}" for s in sentences],
            "report": report,
            "start": [s.start for s in sentences],
            "end": [s.end for s in sentences],
            "text": [recompute_text(source, edits, s.start, s.end) for s in sentences],
            "role": ["noise" if s.noise else None for s in sentences],
            "role_basis": [s.noise for s in sentences],
            "role_margin": [1.0 if s.noise else None for s in sentences],
            "heading_level": [s.level for s in sentences],
            "theme": None,
            "theme2": None,
            "theme_margin": None,
            "corrected": False,
        }
    )
    return check("sentences", frame)


def _passages_table(report, source, sentences: list[Sentence], edits) -> pd.DataFrame:
    groups: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        groups.setdefault(sentence.passage, []).append(sentence)
    own = ["passage", "report", "number", "section", "heading_path", "start", "end", "text"]
    rows = []
    for number, members in enumerate(groups.values(), start=1):
        start, end = members[0].start, members[-1].end
        path = next((s.path for s in members if s.noise is None), ())
        rows.append(
            {
                "passage": f"{report}-p{number:04d}",
                "report": report,
                "number": number,
                "section": path[0] if path else None,
                "heading_path": PATH_SEPARATOR.join(path) or None,
                "start": start,
                "end": end,
                "text": recompute_text(source, edits, start, end),
                "corrected": False,
            }
        )
    frame = pd.DataFrame(rows, columns=[*own, "corrected"])
    later = [c for c in TABLES["passages"].names if c not in frame]
    return check("passages", frame.assign(**dict.fromkeys(later)))
