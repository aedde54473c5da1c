"""Where clues to a report are looked for: its lines as title, by-line and body; their quotes."""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

import pandas as pd

from analysis.schema import as_lists
from analysis.structure import to_simplified

# Where a text is running text: longer than nearly every by-line, date or heading.
BODY_LENGTH = 40
NOISE_LENGTH = 90  # a web page's line of source, author, date and clicks stands on one line
HEAD_SENTENCES = 15  # a by-line stands above the text, within so many lines
TAIL_SENTENCES = 3  # office and date stand right below the text
OPENING_SENTENCES = 6  # the first paragraph, where an author says who has done what
QUOTE_LENGTH = 40  # characters: a longer clause is cut to QUOTE_REACH each side of the hit
QUOTE_REACH = 14

CLAUSE_END = "，。；！？\n\r,;"
SENTENCE_SIGNS = re.compile("[，。；：！？,;]")  # a by-line has none of them


class Row(NamedTuple):
    """What counts of a sentence: columns of ``sentences``, None where there is nothing."""

    text: str
    role: str | None
    heading_level: int | None
    start: int
    end: int


class Line(NamedTuple):
    """A sentence as a place to look: Simplified text, span in the source, kind of place."""

    text: str
    start: int
    end: int
    scope: str  # title, byline or body
    prominent: bool


def rows_of(sentences: pd.DataFrame) -> dict[str, list[Row]]:
    """The sentences of each report as rows."""
    columns = as_lists(sentences[["report", *Row._fields]])
    rows = zip(columns["report"], zip(*columns.values(), strict=True), strict=True)
    return {
        report: [Row(*values[1:]) for _, values in own]
        for report, own in groupby(rows, lambda row: row[0])
    }


def read_lines(rows: list[Row]) -> list[Line]:
    """Sort the sentences of one report into title, by-line and body.

    Noise counts only right above and right below the text: there it holds by-lines, elsewhere
    advertisements and links to other reports. Where structure found no title, the lines above the
    text are searched as titles, too.
    """
    is_text = [
        row.role != "noise" and row.heading_level != 0 and len(row.text) > BODY_LENGTH
        for row in rows
    ]
    first = min(is_text.index(True) if any(is_text) else len(rows), HEAD_SENTENCES)
    last = max((at for at, yes in enumerate(is_text) if yes), default=-1)
    titled = any(row.heading_level == 0 for row in rows)
    lines, opening = [], 0
    for at, (text, role, level, start, end) in enumerate(rows):
        if level == 0:
            lines.append(Line(text, start, end, "title", True))
            continue
        noise = role == "noise"
        near = at < first or last < at <= last + TAIL_SENTENCES
        short = len(text) <= (NOISE_LENGTH if noise else BODY_LENGTH)
        if near and short and (noise or not SENTENCE_SIGNS.search(text)):
            lines.append(Line(text, start, end, "byline", True))
            if at < first and not titled:
                lines.append(Line(text, start, end, "title", True))
        if not noise:
            opening += 1
            lines.append(Line(text, start, end, "body", opening <= OPENING_SENTENCES))
    return lines


def slice_source(source: str, line: Line, start: int, end: int) -> str:
    """Return the slice of the source that stands for ``line.text[start:end]``.

    Where edits make the text differ from its slice, the words are looked up in the slice; where an
    edit cuts right through them, the beginning of the sentence stands for them.
    """
    raw = source[line.start : line.end]
    if raw != line.text and to_simplified(raw) != line.text:
        found = to_simplified(raw).find(line.text[start:end])
        if found < 0:
            return raw[: 2 * QUOTE_REACH].strip()
        start, end = found, found + end - start
    return raw[start:end].strip()


def quote(source: str, line: Line, first: int, last: int) -> str:
    """Return the clause around ``line.text[first:last]`` as printed."""
    text, start, end = line.text, first, last
    while start > 0 and text[start - 1] not in CLAUSE_END:
        start -= 1
    while end < len(text) and text[end] not in CLAUSE_END:
        end += 1
    if end - start > QUOTE_LENGTH:
        start = max(start, first - QUOTE_REACH)
        end = min(end, last + QUOTE_REACH)
    return slice_source(source, line, start, end)
