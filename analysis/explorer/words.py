"""Cells of a table as the panel shows them."""

from __future__ import annotations

import pandas as pd


def text(value) -> str:
    """The text; empty where there is none."""
    return value if isinstance(value, str) else ""


def margin(value) -> float | None:
    """A margin or a score with two digits."""
    return round(float(value), 2) if pd.notna(value) else None
