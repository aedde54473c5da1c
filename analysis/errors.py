"""The one class that every error for the analyst belongs to."""

from __future__ import annotations


class AnalysisError(ValueError):
    """Something the analyst can mend; the message is one line of Chinese saying where and how."""
