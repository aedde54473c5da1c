"""The scoring rule: predicted tables against labels, together and report by report.

A labelled sentence takes role and theme of the predicted sentence that overlaps it most in
characters (none: missing, hence wrong); its issues are those of the mentions that overlap it, each
once. Themes are scored on labelled sentences that have one, whatever role was predicted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.agreement import (
    agreement,
    agreement_by_key,
    agreement_of_sets,
    find_overlaps,
    match_best,
    match_pairs,
    mean_f1,
    ratio,
)
from analysis.labels import Labels, split_keys
from analysis.vocabulary import GENRES, LEVELS

SCORE_COLUMNS = ["report", "measure", "key", "precision", "recall", "f1", "value", "n"]
ALL = "all"
# Below this many labelled sentences one sentence moves a theme's recall by more than 10 points.
THEME_MINIMUM = 10
# A heading is found if at least this share of its characters lies in a predicted one.
HEADING_SHARE = 0.5
# Columns of `reports` that are compared with reports.tsv where it has them.
CATALOGUE_FIELDS = ("level", "genre", "region", "date", "problem_section")


def score(
    labels: Labels, sentences: pd.DataFrame, mentions: pd.DataFrame, reports: pd.DataFrame
) -> pd.DataFrame:
    """Score predicted tables against labels, together and report by report.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`SCORE_COLUMNS`; ``report`` is a report or ``all``. Measures: ``role`` (by
        key), ``role_macro`` (key ``all``, ``without_cause``: mean F1 of the roles that have
        labels), ``role_accuracy``; ``theme``, ``theme_macro`` (themes with at least
        :data:`THEME_MINIMUM` labels), ``theme_micro``; ``issue``, ``issue_micro``,
        ``stance_accuracy`` (issues found); ``heading`` (found), ``heading_level`` (P, R, F1 of
        found with the right level; ``value``: share of those found); ``catalogue`` (share right
        by field). ``n`` counts labels.
    """
    matched = match_sentences(labels, sentences)
    gold, found = _issue_pairs(labels, mentions)
    heads = _match_headings(labels, sentences) if labels.headings is not None else None
    rows = []
    for report in [ALL, *sorted(labels.sentences["report"].unique())]:
        one = matched if report == ALL else matched[matched["report"] == report]
        rows += _role_rows(report, one) + _theme_rows(report, one)
        rows += _issue_rows(report, set(one.index), gold, found)
        if heads is not None:
            rows += _heading_rows(report, heads)
    return score_table(rows + _catalogue_rows(labels, reports))


def match_sentences(labels: Labels, sentences: pd.DataFrame) -> pd.DataFrame:
    """Add ``predicted_role`` and ``predicted_theme`` to the labelled sentences."""
    by_report = dict(list(sentences.groupby("report", sort=False)))
    parts = []
    for report, gold in labels.sentences.groupby("report", sort=False):
        predicted = by_report.get(report, sentences.iloc[:0])
        best = [-1 if at is None else at for at in match_best(_spans(gold), _spans(predicted))]
        taken = predicted[["role", "theme"]].reset_index(drop=True).reindex(best)
        parts.append(
            gold.assign(
                predicted_role=taken["role"].to_numpy(object),
                predicted_theme=taken["theme"].to_numpy(object),
            )
        )
    return pd.concat(parts)


def _spans(frame: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(frame["start"].astype(int), frame["end"].astype(int), strict=True))


def score_row(report: str, measure: str, key: str = ALL, **values) -> dict:
    """Make one row of scores."""
    return {"report": report, "measure": measure, "key": key, **values}


def score_table(rows: list[dict]) -> pd.DataFrame:
    """Make the table of scores from its rows."""
    frame = pd.DataFrame(rows, columns=SCORE_COLUMNS)
    kinds = dict.fromkeys(("precision", "recall", "f1", "value"), "float64") | {"n": "Int64"}
    return frame.astype(kinds)


def _role_rows(report: str, matched: pd.DataFrame) -> list[dict]:
    matched = matched[matched["role"].notna()]
    by_role = agreement_by_key(matched["role"], matched["predicted_role"])
    rows = [score_row(report, "role", role, **values) for role, values in by_role.items()]
    labelled = {role: values for role, values in by_role.items() if values["n"]}
    rest = {role: values for role, values in labelled.items() if role != "cause"}
    right = int((matched["role"] == matched["predicted_role"]).sum())
    return [
        *rows,
        score_row(report, "role_macro", f1=mean_f1(labelled.values()), n=len(labelled)),
        score_row(report, "role_macro", "without_cause", f1=mean_f1(rest.values()), n=len(rest)),
        score_row(report, "role_accuracy", value=ratio(right, len(matched)), n=len(matched)),
    ]


def _theme_rows(report: str, matched: pd.DataFrame) -> list[dict]:
    matched = matched[matched["theme"].notna()]
    by_theme = agreement_by_key(matched["theme"], matched["predicted_theme"])
    rows = [score_row(report, "theme", theme, **values) for theme, values in by_theme.items()]
    enough = [values for values in by_theme.values() if values["n"] >= THEME_MINIMUM]
    right = int((matched["theme"] == matched["predicted_theme"]).sum())
    micro = agreement(right, int(matched["predicted_theme"].notna().sum()), len(matched))
    accuracy = ratio(right, len(matched))
    return [
        *rows,
        score_row(report, "theme_macro", f1=mean_f1(enough), n=len(enough)),
        score_row(report, "theme_micro", **micro, value=accuracy, n=len(matched)),
    ]


def _issue_pairs(labels: Labels, mentions: pd.DataFrame) -> tuple[dict, dict]:
    """Stances by (row of the labels, issue): as labelled, and as found.

    Where several mentions of an issue overlap a sentence, the longest overlap gives the stance.
    """
    gold: dict[tuple, str | None] = {}
    for row, issues, stances in labels.sentences[["issues", "stances"]].itertuples():
        keys, said = split_keys(issues), split_keys(stances)
        gold |= {(row, k): s for k, s in zip(keys, said or [None] * len(keys), strict=True)}
    found: dict[tuple, str] = {}
    longest: dict[tuple, int] = {}
    by_report = dict(list(mentions.groupby("report", sort=False)))
    for report, sentences in labels.sentences.groupby("report", sort=False):
        near = by_report.get(report, mentions.iloc[:0])
        issue, stance = near["issue"].tolist(), near["stance"].tolist()
        for i, j, shared in find_overlaps(_spans(sentences), _spans(near)):
            pair = (sentences.index[i], issue[j])
            if shared > longest.get(pair, 0):
                found[pair], longest[pair] = stance[j], shared
    return gold, found


def _issue_rows(report: str, rows: set, gold: dict, found: dict) -> list[dict]:
    labelled = {pair for pair in gold if pair[0] in rows}
    predicted = {pair for pair in found if pair[0] in rows}
    result = []
    for issue in sorted({issue for _, issue in labelled | predicted}):
        pairs = [{p for p in side if p[1] == issue} for side in (labelled, predicted)]
        result.append(score_row(report, "issue", issue, **agreement_of_sets(*pairs)))
    result.append(score_row(report, "issue_micro", **agreement_of_sets(labelled, predicted)))
    both = [pair for pair in labelled & predicted if gold[pair] is not None]
    right = sum(gold[pair] == found[pair] for pair in both)
    result.append(score_row(report, "stance_accuracy", value=ratio(right, len(both)), n=len(both)))
    return result


def _match_headings(labels: Labels, sentences: pd.DataFrame) -> dict[str, np.ndarray]:
    """Count headings by report: labelled, predicted, found, found with the right level."""
    headings, predicted = labels.headings, sentences[sentences["heading_level"].notna()]
    counts = {}
    for report in labels.sentences["report"].unique():
        gold = headings[headings["report"] == report]
        mine = predicted[predicted["report"] == report]
        pairs = match_pairs(_spans(gold), _spans(mine), HEADING_SHARE)
        levels = gold["level"].tolist(), mine["heading_level"].tolist()
        right = sum(levels[0][i] == levels[1][j] for i, j in pairs.items())
        counts[report] = np.array([len(gold), len(mine), len(pairs), right])
    return counts | {ALL: sum(counts.values())}


def _heading_rows(report: str, counts: dict[str, np.ndarray]) -> list[dict]:
    labelled, predicted, found, right = (int(count) for count in counts[report])
    exact = agreement(right, predicted, labelled)
    return [
        score_row(report, "heading", **agreement(found, predicted, labelled), n=labelled),
        score_row(report, "heading_level", **exact, value=ratio(right, found), n=found),
    ]


def _catalogue_rows(labels: Labels, reports: pd.DataFrame) -> list[dict]:
    if labels.reports is None:
        return []
    labelled = labels.reports[labels.reports["report"].isin(labels.sentences["report"])]
    predicted = reports.set_index("report").reindex(labelled["report"])
    rows = []
    for column in (c for c in CATALOGUE_FIELDS if c in labelled and c in predicted):
        keys = {name: key for key, name in (LEVELS | GENRES).items()}
        wanted = labelled[column].replace(keys).to_numpy(object)
        given = predicted[column]
        given = (given.fillna("unstated") if column == "level" else given).to_numpy(object)
        known = pd.notna(wanted)
        right = int((wanted[known] == given[known]).sum())
        rows.append(
            score_row(ALL, "catalogue", column, value=ratio(right, known.sum()), n=known.sum())
        )
    return rows
