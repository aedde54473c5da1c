"""Whether a report has a problem section: found, none, or lost by the source."""

from __future__ import annotations

import pandas as pd

from analysis.codebook import Codebook, for_patterns
from analysis.sections.cues import CLEAR_HEADING, TEXT_ROLES, heading_role, select_patterns
from analysis.structure import PATH_SEPARATOR


def find_problem_section(
    sentences: pd.DataFrame, passages: pd.DataFrame, book: Codebook, *, genre: str | None
) -> tuple[str, str | None]:
    """Say whether one report's problem section is there: ``found``, ``none`` or ``lost``.

    ``found``: a heading opens a section of problems and problem sentences stand in it; in a report
    without headings, a paragraph that is mostly problems. ``lost``: the report says above its first
    heading that it went through the problems, goes on to countermeasures, and has no such section
    (the source lost it). Otherwise ``none``, as in most speeches.

    Parameters
    ----------
    sentences, passages : pandas.DataFrame
        One report, tagged by :func:`analysis.roles.tag_roles`.

    Returns
    -------
    state : str
        A value of ``reports.problem_section``.
    basis : str or None
        For ``lost``, a line of Chinese that quotes the announcement.
    """
    headings = select_patterns(book, "heading")
    problems = sentences.loc[sentences["role"] == "problem", "passage"]
    with_problems = passages[passages["passage"].isin(problems)]
    paths = with_problems["heading_path"].dropna()
    if any(_names_problems(path, headings) for path in paths):
        return "found", None
    headless = passages["heading_path"].isna().all()
    if headless or genre != "speech":
        content = passages[passages["role"].isin(TEXT_ROLES)]
        by_section = content.groupby("passage" if headless else "section", dropna=False)["role"]
        if by_section.agg(lambda roles: (roles == "problem").mean() > 0.5).any():
            return "found", None
    return _announced(sentences, passages, book) if genre != "speech" else ("none", None)


def _names_problems(path: str, headings) -> bool:
    for text in path.split(PATH_SEPARATOR):
        role, score = heading_role(text, headings)
        if role == "problem" and score >= CLEAR_HEADING:
            return True
    return False


def _announced(sentences, passages, book) -> tuple[str, str | None]:
    paths = sentences["passage"].map(passages.set_index("passage")["heading_path"])
    opening = sentences[paths.isna() & (sentences["role"] != "noise")]
    answers = (sentences["role"] == "countermeasure") & paths.notna()
    for _, _, pattern in select_patterns(book, "announcement"):
        for text in opening["text"]:
            match = pattern.search(for_patterns(text))
            if match and answers.any():
                return "lost", f"问题部分来源缺失：正文称“{match[0]}”，但没有问题部分"
    return "none", None
