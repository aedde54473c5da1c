"""The one class that every error for the analyst belongs to."""

from __future__ import annotations


class AnalysisError(ValueError):
    """Something the analyst can mend; the message is one line of Chinese saying where and how."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback: the message alone."""
        return [f"未能完成：{self}"]


class MissingName(AnalysisError, AttributeError):
    """A name that the package, or a study, does not have."""
