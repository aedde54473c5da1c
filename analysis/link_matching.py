"""What the analysis made of each labelled problem point: answered or not, and by what first.

A labelled point takes the answers of the predicted point that shares most characters with its
problem sentences (none: missing, wrong). Proposals of other reports do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.agreement import find_overlaps, match_best
from analysis.labels import Labels, split_keys
from analysis.points import find_points
from analysis.tfidf import weigh_words

ANSWERED = ("answered", "unanswered")
# What the links are compared with: every point is answered, by the countermeasure as far on in the
# list as the point is in its own, or by the one nearest in TF-IDF of its characters.
BASELINES = {"order": "by_order", "nearest": "by_words"}
BLANKS = re.compile(r"\s\s+")
COLUMNS = ["report", "point", "status", "predicted", "first", *BASELINES.values()]


def match_links(
    labels: Labels,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    links: pd.DataFrame | None,
) -> pd.DataFrame:
    """List the labelled problem points but the unclear ones.

    Returns
    -------
    pandas.DataFrame
        ``report``, ``point``, ``status``; ``predicted`` (a value of :data:`ANSWERED`, missing
        where no problem was seen); ``first``: whether the best answer is a labelled one (missing:
        none is given), and the same of the baselines.
    """
    rows = []
    wanted = labels.links
    if links is not None and wanted is not None:
        own = links[links["report_countermeasure"] == links["report_problem"]]
        answers = own.sort_values("score", ascending=False, kind="stable")
        first = answers.drop_duplicates("problem").set_index("problem")["countermeasure"]
        points = find_points(sentences, mentions)
        spans = labels.sentences.set_index("id")[["start", "end"]]
        for report, gold in wanted[wanted["status"].isin(ANSWERED)].groupby("report", sort=False):
            mine = sentences[sentences["report"] == report].sort_values("start")
            rows += _match_report(gold, mine, points, first.to_dict(), spans)
    return pd.DataFrame(rows, columns=COLUMNS)


def _match_report(gold, mine: pd.DataFrame, points: pd.Series, first: dict, spans) -> list[tuple]:
    ids, places = mine["sentence"].tolist(), _spans(mine)
    point_of = [points.get(sentence) for sentence in ids]
    told = [point for point in dict.fromkeys(point_of) if point is not None]
    baselines = _answer_plainly(mine, point_of, told)
    rows = []
    for row in gold.itertuples():
        shared: Counter = Counter()
        for _, j, characters in find_overlaps(_spans(spans.loc[split_keys(row.problems)]), places):
            if point_of[j] is not None:
                shared[point_of[j]] += characters
        labelled = _spans(spans.loc[split_keys(row.countermeasures)])
        right = {ids[at] for at in match_best(labelled, places) if at is not None}
        if not shared:
            rows.append((row.report, row.point, row.status, None, None, None, None))
            continue
        point = max(shared, key=shared.get)
        given = [first.get(point), *(answers.get(point) for answers in baselines)]
        predicted = ANSWERED[given[0] is None]
        hits = [None if one is None else one in right for one in given]
        rows.append((row.report, row.point, row.status, predicted, *hits))
    return rows


def _spans(frame: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(frame["start"].astype(int), frame["end"].astype(int), strict=True))


def _answer_plainly(mine: pd.DataFrame, point_of: list, told: list) -> list[dict]:
    """The baselines: answer of each point."""
    answers = mine[mine["role"] == "countermeasure"]
    if not told or answers.empty:
        return [{}, {}]
    ids = answers["sentence"].tolist()
    at = ((np.arange(len(told)) + 0.5) / len(told) * len(ids)).astype(int)
    texts = mine["text"].groupby(pd.Series(point_of, index=mine.index)).agg("".join)
    characters = [BLANKS.sub(" ", text.lower()) for text in (*texts[told], *answers["text"])]
    grams = ([*text, *map("".join, pairwise(text))] for text in characters)
    weights, _ = weigh_words(grams, np.zeros(len(characters), dtype=int))
    nearest = (weights[: len(told)] @ weights[len(told) :].T).toarray().argmax(axis=1)
    return [{p: ids[j] for p, j in zip(told, js, strict=True)} for js in (at, nearest)]
