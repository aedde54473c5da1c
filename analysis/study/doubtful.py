"""What the rules left open: passages without an issue, labels with little behind them."""

from __future__ import annotations

import pandas as pd

from analysis.doubt import JUDGED
from analysis.study.names import ChoiceError
from analysis.unexplained import NEAREST, say_unexplained

UNSURE = 15  # as many doubtful sentences as one reads at a sitting
ONE_PER_SENTENCE = "每句话只有一个的才能这样列；可用：角色（role）、主题（theme）。"


class Doubtful:
    """What a :class:`~analysis.study.study.Study` is least sure of."""

    def unnamed(self, report: str | int | None = None) -> pd.DataFrame:
        """The problem passages in which no issue was found, each with the nearest issues.

        Parameters
        ----------
        report : str or int, optional
            Name, file, title or number in the overview; all reports where missing.

        Returns
        -------
        pandas.DataFrame
            A row per passage: ``报告``, ``引文``, ``最近的问题表现（相似度）`` (three at most, 0
            to 1), ``起点`` (character of the source, from 0). ``attrs["note"]`` says how many of
            all they are.

        Raises
        ------
        ChoiceError
            No such report.
        """
        rows = self._of("unexplained", report)
        near = pd.DataFrame(
            {
                n: rows[f"nearest{n}"].map(self.book.names)
                + rows[f"similarity{n}"].map("（{:.2f}）".format)
                for n in range(1, NEAREST + 1)
            }
        )
        table = self._label(rows[["report", "quote", "start"]])
        listed = ["、".join(one.dropna()) for _, one in near.iterrows()]
        table.insert(2, "最近的问题表现（相似度）", listed)
        table.attrs["note"] = say_unexplained(self._of("passages", report), rows)
        return table

    def low_margin(self, n: int = UNSURE, *, of: str = "role") -> pd.DataFrame:
        """The sentences whose role or theme is least certain; those corrected are left out.

        Parameters
        ----------
        n : int
            How many.
        of : {"role", "theme"}
            Which label.

        Returns
        -------
        pandas.DataFrame
            A row per sentence, the least certain first: ``报告``, ``正文``, ``角色`` and
            ``角色依据`` or ``主题`` and ``第二主题``, ``差距`` (to the next role or theme, 0 to 1).

        Raises
        ------
        ChoiceError
            Neither role nor theme.
        """
        what = self._label_of(of)
        roles = JUDGED if what == "role" else ("problem", "cause", "countermeasure")
        rows = self.sentences
        rows = rows[rows["role"].isin(roles) & ~rows["corrected"].fillna(False)]
        rows = rows.sort_values(f"{what}_margin", kind="stable").head(n)
        other = ["role_basis"] if what == "role" else ["theme2"]
        return self._label(rows[["report", "text", what, *other, f"{what}_margin"]])

    def _label_of(self, kind: str) -> str:
        """``role`` or ``theme``: what every sentence has one of."""
        if (key := self.key("kind", kind)) not in ("role", "theme"):
            raise ChoiceError(ONE_PER_SENTENCE)
        return key
