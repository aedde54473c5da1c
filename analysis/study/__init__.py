"""The study: runs the stages in their order, holds the tables, writes and loads results.

This package alone composes; every stage is a function from tables to tables and knows no other.
"""

from __future__ import annotations

from analysis.study.judge import evaluate_labels
from analysis.study.last import load
from analysis.study.pipeline import GROUPINGS, Analysis, analyse
from analysis.study.runs import StudyError, run
from analysis.study.study import Study
from analysis.study.suggestions import accept_wording, suggest_wording
from analysis.study.train import train_codebook
from analysis.study.updates import diff_runs

__all__ = [
    "GROUPINGS",
    "Analysis",
    "Study",
    "StudyError",
    "accept_wording",
    "analyse",
    "diff_runs",
    "evaluate_labels",
    "load",
    "run",
    "suggest_wording",
    "train_codebook",
]
