"""Which countermeasure answers which problem, and why; problems without an answer are a result."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.codebook import Codebook
from analysis.link_basis import make_links, make_row, say_shared
from analysis.link_scores import (
    compare_places,
    compare_topics,
    drop_labels,
    find_topics,
    pool_answers,
    pool_points,
    pool_topics,
    score_pairs,
)
from analysis.link_sides import Sides, find_sides
from analysis.points import find_points
from analysis.schema import check

# Score from which a countermeasure counts as an answer. Chosen on the scores that nine labelled
# reports get from word models that have not seen them.
LEAST_SCORE = 0.35
SAME_ORDER = -0.1  # “equally far”: the places in the two lists differ by a tenth at most
IN_ORDER, TOGETHER = "先后次序相应", "在同一标题之下"
NO_ANSWER = "本报告未见对策"
NO_MEASURES = "本报告没有对策句"


def find_links(
    sentences: pd.DataFrame, passages: pd.DataFrame, mentions: pd.DataFrame, book: Codebook
) -> pd.DataFrame:
    """Find the countermeasures of the same report that answer each problem point.

    Parameters
    ----------
    sentences, passages, mentions : pandas.DataFrame
        Tables of whole reports, sentences with themes; no report changes the links of another.
    book : Codebook

    Returns
    -------
    pandas.DataFrame
        Table ``links``, in the order of the points: answers from :data:`LEAST_SCORE`, best first;
        where there are none, one row without countermeasure. ``problem`` is the id of the point's
        first sentence, see :func:`analysis.points.find_points`.

    Notes
    -----
    A countermeasure sentence without a row answers no problem told there: an orphan of the other
    side.
    """
    sides = find_sides(sentences, passages, mentions)
    if not len(sides.point):
        return make_links([])
    rows: list[list[tuple]] = [[] for _ in sides.point]
    if len(sides.answers):
        for point, row in _find_answers(sides, book):
            rows[point].append(row)
    owners = sides.report[sides.first]
    measured = set(sides.report[sides.answers])
    for own, problem, owner in zip(rows, sides.point, owners, strict=True):
        if not own:
            basis = NO_ANSWER if owner in measured else NO_MEASURES
            own.append(make_row(problem, owner, basis=basis))
    return make_links(row for own in rows for row in own)


def tag_links(sentences: pd.DataFrame, mentions: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Say of each problem whether its own report answers it, and of measures whether they answer.

    Returns
    -------
    pandas.DataFrame
        ``sentences`` with ``link``: ``answered`` or ``unanswered`` for the sentences of a problem
        point; ``unasked`` for countermeasures of passages of which none answers a problem.
    """
    own = links[links["report_problem"] == links["report_countermeasure"]]
    points = find_points(sentences, mentions)
    answered = points.isin(own["problem"]).map({True: "answered", False: "unanswered"})
    measures = sentences[sentences["role"] == "countermeasure"]
    asked = measures.loc[measures["sentence"].isin(own["countermeasure"]), "passage"]
    free = measures.loc[~measures["passage"].isin(asked), "sentence"]
    states = answered.to_dict() | dict.fromkeys(free, "unasked")
    return check("sentences", sentences.assign(link=sentences["sentence"].map(states)))


def _find_answers(sides: Sides, book: Codebook) -> Iterator[tuple[int, tuple]]:
    """Yield number of the point and row of each answer, those of a point best first."""
    numbers, _ = pd.factorize(sides.report)
    topics = find_topics(sides.text, numbers, book)
    pools = pool_points(sides.first, sides.behind, len(numbers))
    ours = pool_topics(topics, pools)
    theirs = pool_topics(topics, pool_answers(sides.answers, sides.passage))
    found = []
    for sentences, points, answers in _by_report(numbers, sides):
        evidence = compare_topics(_rows(ours, points), _rows(theirs, answers))
        paths = np.array(drop_labels(sides.path[sentences]), dtype=object)
        places = (sides.behind[points] - 1, sides.answers[answers])
        evidence |= compare_places(*(paths[at - sentences.start] for at in places))
        point, answer, score, said = _choose(evidence)
        found.append((point + points.start, sides.answers[answers][answer], score, said))
    if not found:
        return
    point, answer, score, place = map(np.concatenate, zip(*found, strict=True))
    said = say_shared(sides, topics, pools, (point, answer), book)
    for p, a, value, parts, where in zip(point, answer, score, said, place, strict=True):
        owner, parts = sides.report[a], [*parts, where] if where else parts
        yield p, make_row(sides.point[p], owner, sides.sentence[a], owner, value, parts)


def _by_report(numbers: np.ndarray, sides: Sides) -> Iterator[tuple[slice, slice, slice]]:
    """Yield where sentences, points and countermeasures of each report stand; it has all three."""
    cuts = np.searchsorted(numbers, np.arange(numbers[-1] + 2))
    parts = [cuts, *(np.searchsorted(at, cuts) for at in (sides.first, sides.answers))]
    for report in zip(*(pairwise(part.tolist()) for part in parts), strict=True):
        if all(start < end for start, end in report):
            yield tuple(slice(*part) for part in report)


def _rows(pooled: dict, some: slice) -> dict:
    return {name: part[some] for name, part in pooled.items()}


def _choose(evidence: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
    """The answers of one report: point, countermeasure, score and what their places say."""
    scores = score_pairs(evidence)
    point, answer = np.nonzero(scores >= LEAST_SCORE)
    best = np.lexsort((-scores[point, answer], point))
    pairs = point[best], answer[best]
    same = np.where(evidence["order"][pairs] >= SAME_ORDER, IN_ORDER, "")
    return *pairs, scores[pairs], np.where(evidence["together"][pairs] > 0, TOGETHER, same)
