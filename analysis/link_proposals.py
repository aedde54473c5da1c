"""What other reports propose for the problems that their own leaves without a countermeasure."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.codebook import Codebook
from analysis.link_basis import make_links, make_row, say_shared
from analysis.link_scores import (
    compare_topics,
    find_topics,
    pool_answers,
    pool_points,
    pool_topics,
    score_pairs,
)
from analysis.link_sides import Sides, find_sides
from analysis.vocabulary import LEVELS

# Score from which a countermeasure of another report counts as an answer. Order and headings say
# nothing there: of the first answers that content alone finds in the report itself .8 are then
# right.
LEAST_ELSEWHERE = 0.5
PROPOSALS = 3  # reports named for one problem, at most
# Countermeasures of a large study that are tried as proposals: chosen by their ids, so that the
# order of arrival does not matter. 3,000 are those of about 100 reports; beyond, the time would
# grow with the square of the reports.
ANSWERS_AT_MOST = 3_000
BATCH = 64  # problems compared at a time with all countermeasures: bounds the memory
PROPOSAL = "这一问题，{level}报告已有对策可借鉴"
UNSTATED = "层级未注明的"


def propose_answers(
    links: pd.DataFrame,
    sentences: pd.DataFrame,
    passages: pd.DataFrame,
    mentions: pd.DataFrame,
    reports: pd.DataFrame,
    book: Codebook,
) -> pd.DataFrame:
    """Add what other reports propose for the problems that their own leaves unanswered.

    Returns
    -------
    pandas.DataFrame
        ``links`` with, behind each point without an answer, the best countermeasure of at most
        :data:`PROPOSALS` other reports from :data:`LEAST_ELSEWHERE`; ``report_countermeasure``
        differs from ``report_problem``.
    """
    sides = find_sides(sentences, passages, mentions)
    levels = dict(zip(reports["report"], reports["level"].map(LEVELS), strict=True))
    orphans = links.loc[links["countermeasure"].isna(), "problem"]
    alone = np.flatnonzero(pd.Index(sides.point).isin(orphans))
    more = make_links(_propose(sides, alone, levels, book))
    place = {point: at for at, point in enumerate(links["problem"].drop_duplicates())}
    both = pd.concat([links, more])
    order = both["problem"].map(place).to_numpy()
    return both.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)


def _propose(sides: Sides, orphans: np.ndarray, levels: Mapping, book: Codebook) -> list[tuple]:
    """Rows that name countermeasures of other reports for these points."""
    answers = sides.answers[_sample(sides.sentence[sides.answers])]
    if not len(orphans) or not len(answers):
        return []
    count = len(sides.text)
    topics = find_topics(sides.text, np.zeros(count, dtype=int), book)
    pools = pool_points(sides.first, sides.behind, count)
    theirs = pool_topics(topics, pool_answers(answers, sides.passage))
    owners, pairs, scores = sides.report[answers], [], []
    # Products this small take several threads twice the time of one.
    with threadpool_limits(limits=1):
        for first in range(0, len(orphans), BATCH):
            batch = orphans[first : first + BATCH]
            found = score_pairs(compare_topics(pool_topics(topics, pools[batch]), theirs))
            for point, own in zip(batch, found, strict=True):
                best = _best_elsewhere(own, owners, sides.report[sides.first[point]])
                pairs += [(point, answers[j]) for j in best]
                scores += own[best].tolist()
    points, chosen = np.array(pairs, dtype=int).reshape(-1, 2).T
    said = say_shared(sides, topics, pools, (points, chosen), book)
    rows = []
    for point, answer, score, parts in zip(points, chosen, scores, said, strict=True):
        ours, theirs = sides.report[sides.first[point]], sides.report[answer]
        level = levels.get(theirs)
        basis = [PROPOSAL.format(level=UNSTATED if pd.isna(level) else level), *parts]
        rows.append((sides.point[point], ours, sides.sentence[answer], theirs, score, basis))
    return [make_row(*row) for row in rows]


def _best_elsewhere(scores: np.ndarray, owners: np.ndarray, ours: str) -> list[int]:
    """Positions of the best countermeasure of each of the best other reports."""
    best: dict[str, int] = {}
    some = np.flatnonzero(scores >= LEAST_ELSEWHERE)
    for j in some[np.argsort(-scores[some], kind="stable")].tolist():
        if owners[j] != ours:
            best.setdefault(owners[j], j)
            if len(best) == PROPOSALS:
                break
    return [*best.values()]


def _sample(names: np.ndarray) -> np.ndarray:
    """Positions of at most :data:`ANSWERS_AT_MOST` of these countermeasures, in their order."""
    chance = [crc32(name.encode("utf-8", "surrogatepass")) for name in names]
    return np.sort(np.argsort(chance, kind="stable")[:ANSWERS_AT_MOST])
