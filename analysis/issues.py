"""Make the table of mentions: every named issue in every sentence but noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from analysis.codebook import Codebook
from analysis.issue_hits import IssueRules, find_all_hits
from analysis.issue_scores import find_chances
from analysis.schema import TABLES, as_lists, check, empty
from analysis.stance import default_stance
from analysis.textmodel import text_model
from analysis.vocabulary import STANCES


def source_positions(
    start: int, end: int, edits: Iterable[tuple[int, int, str]]
) -> tuple[Sequence[int], Sequence[int]]:
    """Say for each character of an edited text which characters of the source it stands for.

    Parameters
    ----------
    start, end : int
        The sentence in the source, half-open.
    edits : iterable of (start, end, replacement)
        Edits of the report by offsets in the source; those outside the sentence are ignored. An
        empty replacement deletes. A replacement of the same length stands for its characters one
        by one, any other for the edited stretch as a whole.

    Returns
    -------
    begins, ends : sequence of int
        One each per character of the text; change of script keeps the number of characters.
    """
    inside = [edit for edit in edits if edit[1] > start and edit[0] < end]
    if not inside:
        return range(start, end), range(start + 1, end + 1)
    begins, ends, at = [], [], start
    for begin, finish, replacement in sorted(inside):
        if begin < at:
            continue
        if len(replacement) == finish - begin:  # one by one
            begins += range(at, finish)
            ends += range(at + 1, finish + 1)
        else:
            begins += [*range(at, begin), *[begin] * len(replacement)]
            ends += [*range(at + 1, begin + 1), *[finish] * len(replacement)]
        at = finish
    return [*begins, *range(at, end)], [*ends, *range(at + 1, end + 1)]


def _edits_by_report(edits: pd.DataFrame) -> dict[str, list[tuple[int, int, str]]]:
    grouped: dict[str, list[tuple[int, int, str]]] = {}
    replacements = edits["replacement"].fillna("")
    columns = (edits["report"], edits["start"], edits["end"], replacements)
    for report, *edit in zip(*(column.tolist() for column in columns), strict=True):
        grouped.setdefault(report, []).append(tuple(edit))
    return grouped


def find_mentions(
    sentences: pd.DataFrame, edits: pd.DataFrame, sources: Mapping[str, str], book: Codebook
) -> pd.DataFrame:
    """Find the issues named in the sentences of all reports.

    Parameters
    ----------
    sentences : pandas.DataFrame
        Columns sentence, passage, report, start, end (characters of the source), text, role.
    edits : pandas.DataFrame
        Columns report, start, end, replacement (missing: deleted).
    sources : mapping of str to str
        The source string of each report.
    book : Codebook
        Patterns, word classes and stance patterns are used.

    Returns
    -------
    pandas.DataFrame
        Table ``mentions``, numbered within each report in order of position; ``quote`` is the
        source as printed, ``role`` is the sentence's, ``corrected`` is False.

    Raises
    ------
    ValueError
        A sentence's text has not the length that its span and edits give.
    """
    rules, edited = IssueRules.of(book), _edits_by_report(edits)
    model, chances = text_model(book, tuple(book["issues"]["issue"])), find_chances(sentences, book)
    stances = default_stances(sentences, book)
    rows: dict[str, list[dict]] = {}
    columns = ("sentence", "passage", "report", "start", "end", "text", "role")
    columns = as_lists(sentences[[*columns]])
    found = find_all_hits(columns["text"], columns["role"], chances, model, rules, stances)
    for sentence, passage, report, start, end, text, role, hits in zip(
        *columns.values(), found, strict=True
    ):
        if not hits:
            continue
        begins, ends = source_positions(start, end, edited.get(report, ()))
        if len(begins) != len(text):
            raise ValueError(
                f"{report} {sentence}：正文 {len(text)} 字，按起止与清理表应为 "
                f"{len(begins)} 字，请检查 edits 表与 sentences 表是否出自同一次运行。"
            )
        for hit in hits:
            begin, finish = begins[hit.start], ends[hit.end - 1]
            rows.setdefault(report, []).append(
                {
                    "issue": hit.issue,
                    "sentence": sentence,
                    "passage": passage,
                    "report": report,
                    "start": begin,
                    "end": finish,
                    "quote": sources[report][begin:finish],
                    "stance": hit.stance,
                    "role": role,
                    "pattern": hit.pattern,
                    "corrected": False,
                }
            )
    return number_mentions(rows)


def default_stances(sentences: pd.DataFrame, book: Codebook) -> list[str]:
    """The stance of each sentence's mentions where no cue tells: by its words and its role."""
    keys, roles = tuple(STANCES), as_lists(sentences[["role"]])["role"]
    shares = text_model(book, keys).shares(as_lists(sentences[["text"]])["text"], roles)
    if not shares.any():  # nothing was learned
        return [default_stance(role) for role in roles]
    return [keys[best] for best in shares.argmax(axis=1).tolist()]


def number_mentions(rows: Mapping[str, list[dict]]) -> pd.DataFrame:
    """Make the table of mentions from rows without ids, listed by report."""
    names = [name for name in TABLES["mentions"].names if name != "mention"]
    numbered = [
        (f"{report}-m{number:04d}", *(row[name] for name in names))
        for report, found in rows.items()
        for number, row in enumerate(
            sorted(found, key=lambda row: (row["start"], row["end"], row["issue"])), start=1
        )
    ]
    if not numbered:
        return empty("mentions")
    columns = zip(("mention", *names), zip(*numbered, strict=True), strict=True)
    return check("mentions", pd.DataFrame(dict(columns)))
