"""Matching of spans and the arithmetic of agreement."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
import pandas as pd

Span = tuple[int, int]


def find_overlaps(left: Sequence[Span], right: Sequence[Span]) -> list[tuple[int, int, int]]:
    """Pair the spans of two lists that share characters.

    Bisection, no product of the lists: after sorting ``right`` by start, the first candidate is
    the first whose running maximum of ends lies beyond the start of the left span.

    Returns
    -------
    list of (int, int, int)
        Position in ``left``, position in ``right``, characters shared; in the order of ``left``,
        then of the starts in ``right``.
    """
    order = sorted(range(len(right)), key=right.__getitem__)
    starts = [right[i][0] for i in order]
    reach = list(accumulate((right[i][1] for i in order), max))
    pairs = []
    for i, (start, end) in enumerate(left):
        for at in range(bisect_right(reach, start), bisect_left(starts, end)):
            j = order[at]
            shared = min(end, right[j][1]) - max(start, right[j][0])
            if shared > 0:
                pairs.append((i, j, shared))
    return pairs


def match_best(left: Sequence[Span], right: Sequence[Span]) -> list[int | None]:
    """Return for each left span the right one that overlaps it most, the first of equals."""
    best: list[int | None] = [None] * len(left)
    most = [0] * len(left)
    for i, j, shared in find_overlaps(left, right):
        if shared > most[i]:
            best[i], most[i] = j, shared
    return best


def match_pairs(left: Sequence[Span], right: Sequence[Span], share: float) -> dict[int, int]:
    """Match spans one to one, the largest overlap first.

    Only overlaps of at least ``share`` of the left span's characters count.
    """
    pairs = [
        p for p in find_overlaps(left, right) if p[2] >= share * (left[p[0]][1] - left[p[0]][0])
    ]
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for i, j, _ in sorted(pairs, key=lambda p: (-p[2], p[0], p[1])):
        if i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)
    return matched


def ratio(part: float, whole: float) -> float:
    """Return ``part / whole``; NaN where there is nothing to divide by."""
    return part / whole if whole else np.nan


def agreement(hits: int, predicted: int, labelled: int) -> dict[str, float]:
    """Precision, recall and F1 from counts.

    F1 is 2·hits / (predicted + labelled), so it is 0 where one side is empty; precision without
    a prediction and recall without a label are NaN.
    """
    return {
        "precision": ratio(hits, predicted),
        "recall": ratio(hits, labelled),
        "f1": ratio(2 * hits, predicted + labelled),
    }


def agreement_by_key(gold: pd.Series, predicted: pd.Series) -> dict[str, dict[str, float]]:
    """Agreement per key of two columns of labels, row by row; a missing label is no key.

    Returns
    -------
    dict of str to dict
        Keys sorted; ``precision``, ``recall``, ``f1`` and ``n``, the labelled rows.
    """
    result = {}
    for key in sorted({*gold.dropna(), *predicted.dropna()}):
        a, b = (gold == key).fillna(False), (predicted == key).fillna(False)
        result[key] = agreement(int((a & b).sum()), int(b.sum()), int(a.sum()))
        result[key]["n"] = int(a.sum())
    return result


def mean_f1(rows: Iterable[dict[str, float]]) -> float:
    """Unweighted mean of F1; NaN without rows."""
    values = [row["f1"] for row in rows]
    return ratio(sum(values), len(values))
