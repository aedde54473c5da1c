"""Exploring a study in JupyterLab: concordance, counts that answer, corrections.

Not named as the function ``analysis.explore``, which importing the package would hide.
"""

from __future__ import annotations

from analysis.explorer.answers import Answers
from analysis.explorer.widget import Explorer, explore

__all__ = ["Answers", "Explorer", "explore"]
