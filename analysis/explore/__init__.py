"""Exploring a study in JupyterLab: concordance, counts that answer, corrections."""

from __future__ import annotations

from analysis.explore.answers import Answers
from analysis.explore.widget import Explorer, explore

__all__ = ["Answers", "Explorer", "explore"]
