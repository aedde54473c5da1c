"""Whether a report has a problem section: found, none, or lost by the source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby

import pandas as pd

from analysis.codebook import Codebook, for_patterns
from analysis.schema import as_lists
from analysis.sections.cues import CLEAR_HEADING, TEXT_ROLES, heading_role, select_patterns
from analysis.structure import PATH_SEPARATOR

PASSAGE_COLUMNS = ("passage", "heading_path", "section", "role")


def find_problem_sections(
    sentences: pd.DataFrame,
    passages: pd.DataFrame,
    book: Codebook,
    genres: Mapping[str, str | None],
) -> dict[str, tuple[str, str | None]]:
    """Say whether each report's problem section is there: ``found``, ``none`` or ``lost``.

    ``found``: a heading opens a section of problems and problem sentences stand in it; in a report
    without headings, a paragraph that is mostly problems. ``lost``: the report says above its first
    heading that it went through the problems, goes on to countermeasures, and has no such section
    (the source lost it). Otherwise ``none``, as in most speeches.

    Parameters
    ----------
    sentences, passages : pandas.DataFrame
        Tagged by :func:`analysis.roles.tag_roles`; reports below each other.
    genres : mapping of str to str
        Genre of each report, None where it is missing.

    Returns
    -------
    dict
        Report → a value of ``reports.problem_section``, and for ``lost`` a line of Chinese that
        quotes the announcement, else None.
    """
    patterns = [select_patterns(book, scope) for scope in ("heading", "announcement")]
    said, judged = _rows(sentences, "passage", "role", "text"), _rows(passages, *PASSAGE_COLUMNS)
    return {
        report: _find(judged.get(report, []), said.get(report, []), *patterns, genre)
        for report, genre in genres.items()
    }


def _rows(frame: pd.DataFrame, *columns: str) -> dict[str, list[tuple]]:
    """Rows of some columns by report."""
    rows = zip(*as_lists(frame[["report", *columns]]).values(), strict=True)
    return {report: [row[1:] for row in own] for report, own in groupby(rows, lambda row: row[0])}


def _find(passages, sentences, headings, announcements, genre) -> tuple[str, str | None]:
    problems = {passage for passage, role, _ in sentences if role == "problem"}
    paths = {passage: path for passage, path, _, _ in passages}
    opened = dict.fromkeys(paths[passage] for passage in problems if paths[passage])
    if any(_names_problems(text, headings) for text in _parts(opened)):
        return "found", None
    headless = not any(paths.values())
    if headless or genre != "speech":
        shares = defaultdict(list)
        for passage, _, section, role in passages:
            if role in TEXT_ROLES:
                shares[passage if headless else section].append(role == "problem")
        if any(sum(share) > len(share) / 2 for share in shares.values()):
            return "found", None
    return _announced(sentences, paths, announcements) if genre != "speech" else ("none", None)


def _parts(paths: Iterable[str]) -> dict[str, None]:
    """The headings on some paths, each once."""
    return dict.fromkeys(text for path in paths for text in path.split(PATH_SEPARATOR))


def _names_problems(text: str, headings) -> bool:
    role, score = heading_role(text, headings)
    return role == "problem" and score >= CLEAR_HEADING


def _announced(sentences, paths, announcements) -> tuple[str, str | None]:
    if not any(role == "countermeasure" and paths[passage] for passage, role, _ in sentences):
        return "none", None
    opening = [text for passage, role, text in sentences if not paths[passage] and role != "noise"]
    for _, _, pattern in announcements:
        for text in opening:
            if match := pattern.search(for_patterns(text)):
                return "lost", f"问题部分来源缺失：正文称“{match[0]}”，但没有问题部分"
    return "none", None
