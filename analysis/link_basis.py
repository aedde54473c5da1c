"""Why a countermeasure answers a problem point, in Chinese, and the rows of table ``links``."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis.codebook import Codebook
from analysis.link_scores import Topics
from analysis.link_sides import Sides
from analysis.schema import check

WORDS_SHOWN = 3
COLUMNS = [
    *("problem", "countermeasure", "report_problem", "report_countermeasure", "score", "basis"),
]


def say_shared(
    sides: Sides,
    topics: Topics,
    pools: csr_matrix,
    pairs: tuple[np.ndarray, np.ndarray],
    book: Codebook,
) -> list[list[str]]:
    """What each point and its countermeasure have in common: issues, theme, words.

    ``pairs`` are numbers of points, as of the rows of ``pools``, and places of countermeasures.
    """
    points, answers = pairs
    words = topics.shared_words(pools[points], answers, WORDS_SHOWN)
    said = []
    for point, answer, some in zip(points.tolist(), answers.tolist(), words, strict=True):
        group, parts = slice(sides.first[point], sides.behind[point]), []
        shared = set().union(*sides.issues[group]) & sides.issues[answer]
        if shared:
            parts.append("点名该问题：" + "、".join(sorted(book.names[key] for key in shared)))
        theme = sides.theme[answer]
        if theme in set(sides.theme[group]):
            parts.append(f"主题相同：{book.names[theme]}")
        if some:
            parts.append("共同用词：" + "、".join(some))
        said.append(parts)
    return said


def make_row(problem, ours, answer=None, theirs=None, score=None, basis=()) -> tuple:
    """A row of ``links``; without basis the contents as a whole are alike."""
    score = None if score is None else round(float(score), 4)
    basis = basis if isinstance(basis, str) else "；".join(basis) or "内容相近"
    return problem, answer, ours, theirs, score, basis


def make_links(rows: Iterable[tuple]) -> pd.DataFrame:
    """Table ``links``."""
    return check("links", pd.DataFrame([*rows], columns=COLUMNS))
