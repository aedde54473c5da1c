"""Where the analysis and a person's labels differ: what is taken for what, and the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.cell_writing import write_cells
from analysis.labels import Labels
from analysis.matching import match_issues, match_sentences
from analysis.vocabulary import STANCES

MISSING = "missing"
# Columns of a list of errors, and what they are called for reading.
ERROR_NAMES = {
    "report": "报告",
    "sentence": "句子编号",
    "kind": "错误",
    "labelled": "人工",
    "predicted": "程序",
    "pattern": "命中的模式",
    "text": "原句",
}
MISSED, FALSE, WRONG_STANCE = "漏", "多", "态度不符"
WRONG = {"role": "角色不符", "theme": "主题不符"}
KINDS = (MISSED, FALSE, WRONG_STANCE, *WRONG.values())
Tables = Mapping[str, pd.DataFrame]


def confusion(labels: Labels, tables: Tables, *, of: str = "role") -> pd.DataFrame:
    """Count labelled (rows) against predicted (columns) ``role``, ``theme`` or ``stance``.

    What has no prediction stands in the column ``missing``; of stances, which belong to issues,
    the row ``missing`` counts the mentions that nobody labelled.
    """
    if of == "stance":
        pairs = match_issues(labels, tables["mentions"])
        pairs = pairs[pairs["stance"].notna() | ~pairs["labelled"]]
        labelled, predicted = pairs["stance"].fillna(MISSING), pairs["predicted_stance"]
    else:
        pairs = match_sentences(labels, tables["sentences"])
        pairs = pairs[pairs[of].notna()]
        labelled, predicted = pairs[of], pairs[f"predicted_{of}"]
    predicted = predicted.fillna(MISSING)
    return pd.crosstab(labelled.rename("labelled"), predicted.rename("predicted"))


def list_errors(
    labels: Labels, tables: Tables, names: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """List every label that the analysis did not meet, in order of :data:`KINDS` and of place.

    Parameters
    ----------
    labels : Labels
        Named as the tables name the reports, see :func:`analysis.evaluate.fit_labels`.
    tables : mapping of str to pandas.DataFrame
        ``sentences`` and ``mentions``.
    names : mapping of str to str, optional
        Chinese names of keys (``Codebook.names``), for ``labelled`` and ``predicted``.

    Returns
    -------
    pandas.DataFrame
        ``report``, ``sentence`` (id of the predicted sentence), ``kind`` (of :data:`KINDS`: an
        issue missed, one too many, another stance, role, theme), ``labelled``, ``predicted``,
        ``pattern`` (the row of patterns.csv that found the issue), ``text`` as labelled.
    """
    sentences = match_sentences(labels, tables["sentences"])
    issues = match_issues(labels, tables["mentions"])
    rows = _issue_errors(issues, names or {}) + _sentence_errors(sentences, names or {})
    errors = pd.DataFrame(rows, columns=["row", "kind", "labelled", "predicted", "pattern"])
    place = {row: at for at, row in enumerate(labels.sentences.index)}
    rank = {kind: at for at, kind in enumerate(KINDS)}
    order = [errors["kind"].map(rank), errors["row"].map(place)]
    errors = errors.iloc[pd.concat(order, axis=1).sort_values(["kind", "row"]).index]
    about = sentences[["report", "sentence", "text"]].reindex(errors["row"])
    errors = errors.assign(**{column: about[column].to_numpy(object) for column in about})
    return errors[list(ERROR_NAMES)].astype("str").reset_index(drop=True)


def save_errors(errors: pd.DataFrame, path: Path) -> Path:
    """Write a list of errors as CSV for Excel, with Chinese column names."""
    rows = errors.astype(object).where(errors.notna(), None).itertuples(index=False, name=None)
    write_cells(path, list(ERROR_NAMES.values()), rows)
    return path


def _issue_errors(issues: pd.DataFrame, names: Mapping[str, str]) -> list[tuple]:
    rows = []
    for pair in issues.itertuples():
        issue = names.get(pair.issue, pair.issue)
        if not pair.predicted:
            rows.append((pair.row, MISSED, issue, None, None))
        elif not pair.labelled:
            rows.append((pair.row, FALSE, None, issue, pair.pattern))
        elif pd.notna(pair.stance) and pair.stance != pair.predicted_stance:
            said = [f"{issue}：{STANCES[key]}" for key in (pair.stance, pair.predicted_stance)]
            rows.append((pair.row, WRONG_STANCE, *said, pair.pattern))
    return rows


def _sentence_errors(sentences: pd.DataFrame, names: Mapping[str, str]) -> list[tuple]:
    rows = []
    for of, kind in WRONG.items():
        pairs = sentences[[of, f"predicted_{of}"]].dropna(subset=of)
        for row, *pair in pairs[pairs[of] != pairs[f"predicted_{of}"]].itertuples():
            said = [None if pd.isna(key) else names.get(key, key) for key in pair]
            rows.append((row, kind, *said, None))
    return rows
