"""The scoring rule: precision, recall and F1 of everything labelled, together and by report.

Themes are scored on labelled sentences that have one, whatever role was predicted. How a label
finds what was predicted for it: :mod:`analysis.matching`.
"""

from __future__ import annotations

import pandas as pd

from analysis.agreement import agreement, agreement_by_key, mean_f1, ratio
from analysis.labels import Labels
from analysis.link_matching import ANSWERED, BASELINES, match_links
from analysis.matching import match_headings, match_issues, match_sentences
from analysis.vocabulary import GENRES, LEVELS

SCORE_COLUMNS = ["report", "measure", "key", "precision", "recall", "f1", "value", "n"]
ALL = "all"
# Below this many labelled sentences one sentence moves a theme's recall by more than 10 points.
THEME_MINIMUM = 10
# Columns of `reports` that are compared with reports.tsv where it has them.
CATALOGUE_FIELDS = ("level", "genre", "region", "date", "problem_section")


def score(
    labels: Labels,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame,
    reports: pd.DataFrame,
    links: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Score predicted tables against labels, together and report by report.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`SCORE_COLUMNS`; ``report`` is a report or ``all``. Measures: ``role`` (by
        key), ``role_macro`` (key ``all``, ``without_cause``: mean F1 of the roles that have
        labels), ``role_accuracy``; ``theme``, ``theme_macro`` (themes with at least
        :data:`THEME_MINIMUM` labels), ``theme_micro``; ``issue``, ``issue_micro``; ``stance`` and
        ``stance_accuracy`` (of issues found); ``heading`` (found), ``heading_level`` (P, R, F1 of
        found with the right level; ``value``: share of those found); ``link`` (share of problem
        points rightly said to have or not to have an answer, of both and of each kind) and
        ``link_first`` (P: right first answers of those given, R: of the problems that have one;
        key ``all``, and the baselines); ``catalogue`` (share right by field). ``n`` counts labels.
    """
    matched = match_sentences(labels, sentences)
    issues = match_issues(labels, mentions)
    headings = match_headings(labels, sentences)
    points = match_links(labels, sentences, mentions, links)
    rows = []
    for report in [ALL, *sorted(labels.sentences["report"].unique())]:
        mine = matched if report == ALL else matched[matched["report"] == report]
        rows += _role_rows(report, mine) + _theme_rows(report, mine)
        mine = issues if report == ALL else issues[issues["report"] == report]
        rows += _issue_rows(report, mine) + _stance_rows(report, mine)
        mine = headings if report == ALL else headings[headings.index == report]
        rows += _heading_rows(report, mine)
        rows += _link_rows(report, points if report == ALL else points[points["report"] == report])
    return score_table(rows + _catalogue_rows(labels, reports))


def find_ranges(scores: pd.DataFrame) -> pd.DataFrame:
    """Say how far each figure lies apart from report to report.

    No interval: a handful of reports says how far they differ, not how far others would.

    Returns
    -------
    pandas.DataFrame
        By ``measure`` and ``key``: ``low`` and ``high`` of F1 (where there is none, of ``value``),
        the report that is ``lowest`` and the number of ``reports``: those with such labels.
    """
    # In one report hardly a theme has labels enough for the macro mean of themes.
    known = (scores["report"] != ALL) & (scores["measure"] != "theme_macro") & (scores["n"] > 0)
    rows = scores[known]
    rows = rows.assign(figure=rows["f1"].fillna(rows["value"])).dropna(subset="figure")
    groups = rows.sort_values("figure", kind="stable").groupby(["measure", "key"])
    return groups.agg(
        low=("figure", "min"),
        high=("figure", "max"),
        lowest=("report", "first"),
        reports=("report", "size"),
    )


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


def _issue_rows(report: str, issues: pd.DataFrame) -> list[dict]:
    groups = [*issues.groupby("issue"), (None, issues)]
    rows = []
    for issue, pairs in groups:
        hits = int((pairs["labelled"] & pairs["predicted"]).sum())
        labelled, predicted = int(pairs["labelled"].sum()), int(pairs["predicted"].sum())
        name = ("issue_micro",) if issue is None else ("issue", issue)
        rows.append(score_row(report, *name, **agreement(hits, predicted, labelled), n=labelled))
    return rows


def _stance_rows(report: str, issues: pd.DataFrame) -> list[dict]:
    found = issues[issues["predicted"] & issues["stance"].notna()]
    by_stance = agreement_by_key(found["stance"], found["predicted_stance"])
    rows = [score_row(report, "stance", stance, **values) for stance, values in by_stance.items()]
    share = ratio(int((found["stance"] == found["predicted_stance"]).sum()), len(found))
    return [*rows, score_row(report, "stance_accuracy", value=share, n=len(found))]


def _heading_rows(report: str, headings: pd.DataFrame) -> list[dict]:
    if headings.empty:
        return []
    labelled, predicted, found, right = (int(count) for count in headings.sum())
    exact = agreement(right, predicted, labelled)
    return [
        score_row(report, "heading", **agreement(found, predicted, labelled), n=labelled),
        score_row(report, "heading_level", **exact, value=ratio(right, found), n=found),
    ]


def _link_rows(report: str, points: pd.DataFrame) -> list[dict]:
    if points.empty:
        return []
    right = points["status"] == points["predicted"]
    groups = [(ALL, right), *((key, right[points["status"] == key]) for key in ANSWERED)]
    rows = [
        score_row(report, "link", key, value=ratio(int(part.sum()), len(part)), n=len(part))
        for key, part in groups
    ]
    answerable = int((points["status"] == ANSWERED[0]).sum())
    for key, column in {ALL: "first", **BASELINES}.items():
        given = points[column].dropna()
        values = agreement(int(given.sum()), len(given), answerable)
        rows.append(score_row(report, "link_first", key, **values, n=answerable))
    return rows


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
