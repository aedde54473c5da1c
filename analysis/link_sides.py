"""The two sides of links: the problem points and the countermeasures that reports tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.points import find_points, issues_of

ROLES = ("problem", "countermeasure")


@dataclass(frozen=True)
class Sides:
    """Problem and countermeasure sentences, report by report in their order, column by column.

    ``report``, ``sentence``, ``text``, ``theme``, ``passage``, ``path``, ``issues`` have a value
    for each sentence. Point ``n`` is the sentences ``first[n]`` to ``behind[n] - 1``, ``point[n]``
    its id; ``answers`` are the places of the countermeasures.
    """

    report: np.ndarray
    sentence: np.ndarray
    text: list[str]
    theme: np.ndarray
    passage: np.ndarray
    path: np.ndarray
    issues: list[set[str]]
    point: np.ndarray
    first: np.ndarray
    behind: np.ndarray
    answers: np.ndarray


def find_sides(sentences: pd.DataFrame, passages: pd.DataFrame, mentions: pd.DataFrame) -> Sides:
    """Find both sides in the tables of whole reports, sentences with themes."""
    told = sentences[sentences["role"].isin(ROLES)]
    told = told.sort_values(["report", "start"], kind="stable")
    columns = {c: told[c].to_numpy(object) for c in ("report", "sentence", "theme", "passage")}
    points, names = find_points(sentences, mentions), columns["sentence"]
    problem = (told["role"] == "problem").to_numpy(bool)
    # A point is a run of problem sentences, so that its sentences stand together here as well.
    own = points.reindex(names[problem]).to_numpy(object)
    places = np.flatnonzero(problem)
    new = np.flatnonzero(np.concatenate([[True], own[1:] != own[:-1]])[: len(own)])
    paths, issues = passages.set_index("passage")["heading_path"], issues_of(mentions)
    return Sides(
        **columns,
        text=told["text"].tolist(),
        path=told["passage"].map(paths).to_numpy(object),
        issues=[issues.get(sentence, set()) for sentence in names],
        point=own[new],
        first=places[new],
        behind=places[np.concatenate([new[1:], [len(places)]]) - 1] + 1 if len(new) else new,
        answers=np.flatnonzero(~problem),
    )
