"""What the analysis made of each labelled sentence, issue and heading.

A labelled sentence takes role and theme of the predicted sentence that overlaps it most in
characters (none: missing, hence wrong); its issues are those of the mentions that overlap it, each
once.
"""

from __future__ import annotations

import pandas as pd

from analysis.agreement import find_overlaps, match_best, match_pairs
from analysis.labels import Labels, split_keys

# A heading is found if at least this share of its characters lies in a predicted one.
HEADING_SHARE = 0.5
TAKEN = ("sentence", "role", "theme")
ISSUE_COLUMNS = [
    *("row", "report", "issue", "labelled", "stance"),
    *("predicted", "predicted_stance", "pattern"),
]


def match_sentences(labels: Labels, sentences: pd.DataFrame) -> pd.DataFrame:
    """Add ``sentence``, ``predicted_role``, ``predicted_theme`` to the labelled sentences.

    ``sentence`` is the id of the predicted sentence they come from.
    """
    by_report = dict(list(sentences.groupby("report", sort=False)))
    parts = []
    for report, gold in labels.sentences.groupby("report", sort=False):
        predicted = by_report.get(report, sentences.iloc[:0])
        best = [-1 if at is None else at for at in match_best(_spans(gold), _spans(predicted))]
        taken = predicted.reset_index(drop=True).reindex(index=best, columns=list(TAKEN))
        names = ("sentence", "predicted_role", "predicted_theme")
        columns = zip(names, TAKEN, strict=True)
        parts.append(gold.assign(**{new: taken[old].to_numpy(object) for new, old in columns}))
    return pd.concat(parts)


def _spans(frame: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(frame["start"].astype(int), frame["end"].astype(int), strict=True))


def match_issues(labels: Labels, mentions: pd.DataFrame) -> pd.DataFrame:
    """List every issue of every labelled sentence, labelled or found.

    Where several mentions of an issue overlap a sentence, the longest overlap gives the stance.

    Returns
    -------
    pandas.DataFrame
        ``row`` (index of the labelled sentence), ``report``, ``issue``; ``labelled`` with its
        ``stance``, ``predicted`` with ``predicted_stance`` and the ``pattern`` that found it.
    """
    pairs: dict[tuple, dict] = {}

    def pair(row, report, issue) -> dict:
        new = dict.fromkeys(ISSUE_COLUMNS) | {"labelled": False, "predicted": False}
        return pairs.setdefault((row, issue), new | {"row": row, "report": report, "issue": issue})

    for row, report, issues, stances in labels.sentences[
        ["report", "issues", "stances"]
    ].itertuples():
        keys, said = split_keys(issues), split_keys(stances)
        for issue, stance in zip(keys, said or [None] * len(keys), strict=True):
            pair(row, report, issue).update(labelled=True, stance=stance)
    longest: dict[tuple, int] = {}
    by_report = dict(list(mentions.groupby("report", sort=False)))
    for report, sentences in labels.sentences.groupby("report", sort=False):
        near = by_report.get(report, mentions.iloc[:0])
        named = near.reindex(columns=["issue", "stance", "pattern"]).to_numpy(object)
        for i, j, shared in find_overlaps(_spans(sentences), _spans(near)):
            row, (issue, stance, pattern) = sentences.index[i], named[j]
            if shared > longest.get((row, issue), 0):
                longest[row, issue] = shared
                found = {"predicted_stance": stance, "pattern": pattern}
                pair(row, report, issue).update(predicted=True, **found)
    return pd.DataFrame(list(pairs.values()), columns=ISSUE_COLUMNS).astype(
        {"labelled": bool, "predicted": bool}
    )


def match_headings(labels: Labels, sentences: pd.DataFrame) -> pd.DataFrame:
    """Count headings of the reports whose headings are labelled.

    Returns
    -------
    pandas.DataFrame
        By ``report``: ``labelled``, ``predicted``, ``found``, and ``right``: found with the
        right level.
    """
    rows = []
    by_report = dict(list(sentences[sentences["heading_level"].notna()].groupby("report")))
    headings = [] if labels.headings is None else labels.headings.groupby("report", sort=False)
    for report, gold in headings:
        mine = by_report.get(report, sentences.iloc[:0])
        pairs = match_pairs(_spans(gold), _spans(mine), HEADING_SHARE)
        levels = gold["level"].tolist(), mine["heading_level"].tolist()
        right = sum(levels[0][i] == levels[1][j] for i, j in pairs.items())
        rows.append((report, len(gold), len(mine), len(pairs), right))
    frame = pd.DataFrame(rows, columns=["report", "labelled", "predicted", "found", "right"])
    return frame.set_index("report")
