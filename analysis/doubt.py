"""Labels with little behind them are marked wherever an analyst reads them, never silently used."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Measured on 2,800 labelled sentences of 37 reports and speeches, each judged by models trained
# without it: below these margins half of the labels are right (roles .52, themes .52), above them
# nearly all are (roles .92, themes .90).
ROLE_MARGIN = 0.4
THEME_MARGIN = 0.4
JUDGED = ("problem", "cause", "countermeasure", "practice", "background")
DOUBT = {"role": "角色", "theme": "主题"}
COUNTED = ("problem", "cause", "countermeasure")  # the roles whose themes are counted


def is_doubtful(rows: pd.DataFrame, of: str) -> pd.Series:
    """Whether the ``role`` or ``theme`` of sentences or passages is a label with little behind it.

    A role where it was judged, hence of sentences only; a theme where it is counted: in problem,
    cause and countermeasure sentences and in problem and countermeasure passages. What a person
    corrected is beyond doubt.
    """
    if of == "role":
        low = (rows["role_margin"] < ROLE_MARGIN) & rows["role"].isin(JUDGED)
    else:
        low = (rows["theme_margin"] < THEME_MARGIN) & _has_counted_theme(rows)
    return low.fillna(False).astype(bool) & ~rows["corrected"].fillna(False).astype(bool)


def _has_counted_theme(rows: pd.DataFrame) -> pd.Series:
    if "problem_sentences" in rows:
        return (rows["problem_sentences"] > 0) | (rows["countermeasure_sentences"] > 0)
    return rows["role"].isin(COUNTED)


def mark_doubt(rows: pd.DataFrame) -> pd.Series:
    """Return “角色”, “主题”, “角色、主题” or missing for each sentence or passage."""
    marks = [
        np.where(is_doubtful(rows, of), name, "")
        for of, name in DOUBT.items()
        if f"{of}_margin" in rows
    ]
    joined = ["、".join(filter(None, parts)) or None for parts in zip(*marks, strict=True)]
    return pd.Series(joined, index=rows.index, dtype="str")


def say_doubt(sentences: pd.DataFrame, passages: pd.DataFrame) -> str:
    """Count the doubtful labels in one line of Chinese, with their denominators."""
    roles, themes = is_doubtful(sentences, "role"), is_doubtful(passages, "theme")
    judged, counted = sentences["role"].isin(JUDGED), _has_counted_theme(passages)
    return (
        f"把握不大的标签：角色 {roles.sum()} 句（共判断 {judged.sum()} 句）、"
        f"主题 {themes.sum()} 段（共 {counted.sum()} 个问题段、对策段），表中都有标明。"
    )
