"""Which decisions stand: undoing appends a row that names the row undone, and so does redoing."""

from __future__ import annotations

import hashlib
import json

import pandas as pd

# What a result depends on; when and by whom a decision was made changes nothing.
COUNTED = (
    *("correction", "target", "field", "was", "now", "why"),
    *("report", "sha256", "exact", "prefix", "suffix", "start", "end"),
)


def standing(corrections: pd.DataFrame) -> pd.DataFrame:
    """The decisions that are not undone, earliest first; rows that undo are none."""
    undone, kept = set(), []
    rows = zip(corrections["correction"], corrections["undoes"], strict=True)
    for at, (name, undoes) in reversed(list(enumerate(rows))):
        if name in undone:
            continue
        if isinstance(undoes, str):
            undone.add(undoes)
        else:
            kept.append(at)
    return corrections.iloc[kept[::-1]].reset_index(drop=True)


def next_undo(corrections: pd.DataFrame) -> str | None:
    """The last decision that stands."""
    names = standing(corrections)["correction"]
    return names.iloc[-1] if len(names) else None


def next_redo(corrections: pd.DataFrame) -> str | None:
    """The row that undid the decision to be restored next; None after a new decision."""
    undoing: list[str] = []
    decisions = set(corrections.loc[corrections["undoes"].isna(), "correction"])
    for name, undoes in zip(corrections["correction"], corrections["undoes"], strict=True):
        if not isinstance(undoes, str):
            undoing.clear()
        elif undoes in decisions:
            undoing.append(name)
        elif undoes in undoing:
            undoing.remove(undoes)
    return undoing[-1] if undoing else None


def digest(decisions: pd.DataFrame) -> str | None:
    """Hash of what the results depend on; None where no decision stands."""
    if decisions.empty:
        return None
    rows = decisions[list(COUNTED)].astype(object)
    rows = rows.where(rows.notna(), None).to_numpy().tolist()
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
