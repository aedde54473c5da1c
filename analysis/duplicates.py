"""Passages that different reports have in common (上下一般粗): listed with both places.

They are counted like all others; every count can be had without them, see
:meth:`analysis.study.Study.without_copies`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from analysis.schema import check, empty
from analysis.shingles import MIN_CHARACTERS, Pairs, Plain, read_plain

# A passage repeats another from this likeness on, in hundredths: characters in the same order, of
# the shorter passage and the stretch of the longer one that is most like it. Of the 51 reports in
# `data/`, by a dozen authors, the likest pair has 69.7 (the phrases that open a list of faults): at
# 65 six pairs of 1,058 passages are, at 70 none. Planted copies with 0, 10, 20, 30, 40 % of
# the characters changed are found 1, 1, .96, .90 and .36 of the time (tests/test_duplicates.py).
COPY_FROM = 70.0
# And so much of the shorter passage stands in the other: a stretch at the end of a passage may be
# short, and half a passage of set phrases would be like it.
COMMON_FROM = 0.65
SAME_LENGTH = 1.1  # times as long: no stretch of the longer passage is looked for
# The longer passage counts as repeated from this share of its own characters on.
SHARE_FROM = 0.5
MIN_SHARED = 2  # shingles looked up that a pair needs to be compared at all
# Pairs that are compared, the likest first: bounds the time where everybody copies everybody.
COMPARED = 10_000


def find_copies(
    plain: Plain, pairs: Pairs, sources: Mapping[str, str], twins: pd.DataFrame
) -> pd.DataFrame:
    """List the passages that repeat a passage of another report.

    Two passages are alike from :data:`COPY_FROM` on; then the shorter one is listed, and the longer
    one where at least :data:`SHARE_FROM` of its own characters stand in passages of the other
    report. Passages of reports that are one, or proposed as one, do not count as repeated.

    Parameters
    ----------
    plain, pairs
        From :func:`analysis.shingles.read_plain` and :func:`~analysis.shingles.find_pairs`.
    sources : mapping of str to str
        The source of each report that is counted; ``quote`` is ``source[start:end]``.
    twins : pandas.DataFrame
        From :func:`analysis.twins.find_twins`.

    Returns
    -------
    pandas.DataFrame
        Table ``copies``: a row for each such passage and each place it repeats, in the order of the
        texts, the likest first. ``attrs["left_out"]`` has the number of pairs that were not
        compared because there are more than :data:`COMPARED`.
    """
    first, second, left_out = _to_compare(plain, pairs, sources, twins)
    rows, sizes = [], plain.size
    for short, long, likeness, start, end in _compare(plain, first, second):
        size = sizes[[short, long]]
        common = likeness / 200 * (size[0] + end - start)
        if common < COMMON_FROM * size[0]:
            continue
        whole = (0, int(size[0]))
        rows.append((short, *whole, long, start, end, common / size[0], True))
        rows.append((long, start, end, short, *whole, common / size[1], False))
    columns = ["passage", "start", "end", "other", "other_start", "other_end", "share", "shorter"]
    found = pd.DataFrame(rows, columns=columns)
    found["to"] = plain.reports[found["other"].to_numpy(int)]
    total = found.groupby(["passage", "to"])["share"].transform("sum")
    found = found[found["shorter"].astype(bool) | (total >= SHARE_FROM)]
    order = ["passage", "share", "other"]
    found = found.sort_values(order, ascending=[True, False, True], kind="stable")
    copies = _quote(plain, found, sources)
    copies.attrs["left_out"] = left_out
    return copies


def _to_compare(plain: Plain, pairs: Pairs, sources, twins) -> tuple[np.ndarray, np.ndarray, int]:
    """Pairs of passages worth comparing, and how many more there were than can be."""
    counted = np.array([name in sources for name in plain.names], dtype=bool)
    ends = plain.reports[pairs.first], plain.reports[pairs.second]
    group = _groups(plain, twins)
    wanted = (pairs.shared >= MIN_SHARED) & counted[ends[0]] & counted[ends[1]]
    wanted &= group[ends[0]] != group[ends[1]]
    first, second = pairs.first[wanted], pairs.second[wanted]
    likely = pairs.shared[wanted] / np.minimum(pairs.of[first], pairs.of[second])
    best = np.sort(np.argsort(-likely, kind="stable")[:COMPARED])
    return first[best], second[best], len(first) - len(best)


def _groups(plain: Plain, twins: pd.DataFrame) -> np.ndarray:
    """For each report the first of those it is proposed to be one with."""
    group = np.arange(len(plain.names))
    proposed = twins[twins["state"] == "proposed"].sort_values("report")  # the other comes earlier
    for report, other in zip(proposed["report"], proposed["other"], strict=True):
        group[plain.names.get_loc(report)] = group[plain.names.get_loc(other)]
    return group


def _compare(plain: Plain, first: np.ndarray, second: np.ndarray) -> Iterator[tuple]:
    """Yield the pairs that are alike: shorter, longer, likeness, where in the longer one."""
    if not len(first):
        return
    from rapidfuzz import fuzz, process  # only where there is something to compare
    from rapidfuzz.distance import LCSseq

    turned = plain.size[first] > plain.size[second]
    short, long = np.where(turned, second, first), np.where(turned, first, second)
    texts = {at: plain.text(at) for at in np.unique(np.append(short, long)).tolist()}
    short, long = short.tolist(), long.tolist()
    few, many = [texts[at] for at in short], [texts[at] for at in long]
    whole = process.cpdist(few, many, scorer=fuzz.ratio)
    common = process.cpdist(few, many, scorer=LCSseq.similarity)
    for at, (own, other) in enumerate(zip(few, many, strict=True)):
        if whole[at] >= COPY_FROM and len(other) <= SAME_LENGTH * len(own):
            yield short[at], long[at], float(whole[at]), 0, len(other)
        elif common[at] >= COMMON_FROM * len(own):
            part = fuzz.partial_ratio_alignment(own, other, score_cutoff=COPY_FROM)
            if part:
                yield short[at], long[at], part.score, part.dest_start, part.dest_end


def _quote(plain: Plain, found: pd.DataFrame, sources: Mapping[str, str]) -> pd.DataFrame:
    """The table: whole sentences of the source in place of characters of the wording."""
    starts, ends = (plain.sentences[c].to_numpy(int) for c in ("start", "end"))
    table = {}
    for side, passage in (("", "passage"), ("other_", "other")):
        at = found[passage].to_numpy(int)
        first = plain.sentence(plain.begin[at] + found[f"{side}start"].to_numpy(int))
        last = plain.sentence(plain.begin[at] + found[f"{side}end"].to_numpy(int) - 1)
        names = plain.names[plain.reports[at]]
        spans = starts[first], ends[last]
        quotes = [sources[n][a:b] for n, a, b in zip(names, *spans, strict=True)]
        table |= {f"{side}passage": plain.passages[at], f"{side}report": names}
        table |= {f"{side}start": spans[0], f"{side}end": spans[1], f"{side}quote": quotes}
    table["share"] = found["share"].clip(upper=1).round(4).to_numpy(float)
    return check("copies", pd.DataFrame(table)[empty("copies").columns])


def say_left_out(copies: pd.DataFrame) -> list[str]:
    """Say that not all pairs of passages were compared, where it is so."""
    if not (more := copies.attrs.get("left_out", 0)):
        return []
    return [
        f"用字相近的段落太多，只比较了最像的 {COMPARED} 对，另有 {more} 对没有比较："
        "重复段落可能不止列出的这些。"
    ]


def count_passages(sentences: pd.DataFrame) -> pd.Series:
    """Number of passages long enough to be compared, by report: what copies are counted of."""
    plain = read_plain(sentences)
    counts = np.bincount(plain.reports[plain.size >= MIN_CHARACTERS], minlength=len(plain.names))
    return pd.Series(counts, index=plain.names)
