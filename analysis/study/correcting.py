"""Correct what the program decided: each decision is saved at once and counts from the next run."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.corrections.log import next_redo, next_undo, standing
from analysis.corrections.rows import load_corrections
from analysis.corrections.store import save_decision
from analysis.study.decide import decide_label, decide_link, decide_naming, find_row, say_decision

LOCK = "corrections.lock"  # in the workspace's cache
ANCHOR = ("report", "sha256", "exact", "prefix", "suffix", "start", "end")


class Correcting:
    """What :class:`~analysis.study.study.Study` does with the analyst's decisions."""

    @property
    def corrections(self) -> pd.DataFrame:
        """All rows of ``data/corrections.csv`` as it is now, undone ones included.

        Returns
        -------
        pandas.DataFrame
            Rows of ``corrections``, earliest first; rows of the file that make no sense are left
            out.

        Raises
        ------
        SchemaError
            The file as a whole is no such table, or cannot be read.
        """
        return load_corrections(self.workspace.corrections)[0]

    def correct(
        self,
        what: str,
        *,
        role: str | None = None,
        theme: str | None = None,
        issue: str | None = None,
        stance: str | None = None,
        answer: str | None = None,
        no_answer: str | None = None,
        why: str | None = None,
        who: str | None = None,
    ) -> str:
        """Decide about a passage, a sentence or a mention; the same value again confirms it.

        Parameters
        ----------
        what : str
            Id of a passage, sentence or mention, or words that stand in one sentence only.
        role, theme : str, optional
            Key or Chinese name. Of a passage: those of its sentences follow that had the old one.
        issue : str, optional
            What the sentence names, or what the mention is really about; “无” takes it away.
        stance : str, optional
            Of the mention, or with ``issue`` of that issue in the sentence.
        answer, no_answer : str, optional
            What answers this problem, and what does not: a countermeasure, named as ``what`` is.
        why, who : str, optional
            The reason, and who decided; by default the name of the computer's user.

        Returns
        -------
        str
            “已保存：…”, or why it waits in the side file.

        Raises
        ------
        CorrectionError, ChoiceError
            No such thing, or no such value.
        NotSavedError
            It could not be written.
        """
        target, row = find_row(self, what)
        if answer is not None or no_answer is not None:
            decision = decide_link(self, row, answer, no_answer)
        elif role is not None or theme is not None:
            decision = decide_label(self, target, row, role, theme, issue, stance)
        else:
            decision = decide_naming(self, target, row, issue, stance)
        decision |= {"why": why, "who": who}
        _, warning = self._save(decision)
        return warning or f"已保存{say_decision(self, decision)}；重新运行后计入结果。"

    def undo(self, correction: str | None = None) -> str:
        """Take back the last decision that stands, or the one with this id.

        Parameters
        ----------
        correction : str, optional
            Id of a row of ``corrections``.

        Returns
        -------
        str
            “已撤销：…”, why it waits in the side file, or that there is nothing to take back.

        Raises
        ------
        NotSavedError
            It could not be written.
        SchemaError
            ``data/corrections.csv`` cannot be read.
        """
        rows = self.corrections
        name = correction or next_undo(rows)
        if name is None or name not in set(standing(rows)["correction"]):
            return "没有可以撤销的更正。"
        return self._reverse(rows, name, "已撤销")

    def redo(self) -> str:
        """Restore what was undone last.

        Returns
        -------
        str
            “已恢复：…”, why it waits in the side file, or that there is nothing to restore.

        Raises
        ------
        NotSavedError
            It could not be written.
        SchemaError
            ``data/corrections.csv`` cannot be read.
        """
        rows = self.corrections
        name = next_redo(rows)
        return "没有可以恢复的更正。" if name is None else self._reverse(rows, name, "已恢复")

    def _reverse(self, rows: pd.DataFrame, name: str, said: str) -> str:
        row = rows[rows["correction"] == name].iloc[0].to_dict()
        decision = {k: row[k] for k in ("target", "field", *ANCHOR)}
        decision |= {"was": row["now"], "now": row["was"], "undoes": name}
        _, warning = self._save(decision)
        # What is told is the decision itself, which reads the same in the row that undid it.
        original = decision if said == "已恢复" else row
        return warning or f"{said}{say_decision(self, original)}；重新运行后计入结果。"

    def _save(self, decision: Mapping) -> tuple[str, str | None]:
        lock = self.workspace.cache / LOCK
        saved = save_decision(self.workspace.corrections, decision, lock)
        self.stale = self.stale or "注意：有新的人工更正，以下仍是更正之前的结果，请重新运行。"
        return saved
