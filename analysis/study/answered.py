"""Problems and what is proposed against them, side by side, as tables for reading."""

from __future__ import annotations

import pandas as pd

from analysis.compare import UNKNOWN
from analysis.counting import PROBLEM_ROLES
from analysis.display import label_table
from analysis.doubt import mark_doubt
from analysis.points import find_points
from analysis.study.describe import SECTION_NOTES

SIDES = {"问题": PROBLEM_ROLES, "对策": ("countermeasure",)}


class Answered:
    """What a :class:`~analysis.study.study.Study` shows of problems and countermeasures."""

    def side_by_side(self, theme: str, report: str | int | None = None) -> pd.DataFrame:
        """What each report says of a theme: its problems on the left, its answers on the right.

        Parameters
        ----------
        theme : str
            Key or Chinese name.
        report : str or int, optional
            Name, file, title or number in the overview; all reports where missing.

        Returns
        -------
        pandas.DataFrame
            A row per report that speaks of it: ``报告``, ``问题``, ``对策``: sentences, one a line,
            doubtful ones marked; else why there are none.

        Raises
        ------
        ChoiceError
            No such theme or report.
        """
        rows = self._of("sentences", report)
        rows = rows[rows["theme"] == self.key("theme", theme)]
        table = pd.DataFrame({"报告": self.reports["report"]})
        for name, roles in SIDES.items():
            own = rows[rows["role"].isin(roles)].assign(text=_say_if_doubtful)
            table[name] = table["报告"].map(own.groupby("report")["text"].agg(_listed))
        table = table.dropna(subset=list(SIDES), how="all")
        why = self.reports["problem_section"].map(SECTION_NOTES)
        return table.fillna({"问题": "（" + why + f"，{UNKNOWN}）"}).fillna("（没有）")

    def gaps(self) -> pd.DataFrame:
        """Themes of which a report names problems and proposes nothing, with the problem's words.

        A report without a problem section cannot be judged as to other themes, and is listed so.

        Returns
        -------
        pandas.DataFrame
            A row per report and theme: ``报告``, ``主题``, ``问题句`` (number of sentences),
            ``问题怎么说的`` (the sentences, one a line).
        """
        rows = []
        for report in self.reports[self.reports["status"] == "ok"].itertuples():
            own = self.sentences[self.sentences["report"] == report.report]
            own = own.assign(text=_say_if_doubtful)
            sides = {name: own[own["role"].isin(roles)] for name, roles in SIDES.items()}
            answered = set(sides["对策"]["theme"])
            for theme in self.book["theme_names"]["theme"]:
                problems = sides["问题"].loc[sides["问题"]["theme"] == theme, "text"]
                if len(problems) and theme not in answered:
                    name = self.book.names[theme]
                    rows.append((report.report, name, len(problems), _listed(problems)))
            if report.problem_section in SECTION_NOTES:
                why = SECTION_NOTES[report.problem_section]
                rows.append((report.report, "其余主题", "", f"{why}，{UNKNOWN}"))
        return pd.DataFrame(rows, columns=["报告", "主题", "问题句", "问题怎么说的"])

    def answers(self, report: str | int | None = None, *, most: int = 3) -> pd.DataFrame:
        """Each problem point with its best countermeasures and why, or with none.

        Parameters
        ----------
        report : str or int, optional
            Whose problems; those of all reports where missing.
        most : int
            How many countermeasures of each report are listed with a problem.

        Returns
        -------
        pandas.DataFrame
            A row per problem and countermeasure: ``问题所在报告``, ``问题``, ``对策``
            (“（未见对策）” where there is none), ``对策所在报告`` (one of another report is a
            proposal), ``把握`` (0 to 1), ``依据``.

        Raises
        ------
        ChoiceError
            No such report.
        """
        rows, sentences = self.tables["links"], self.tables["sentences"]
        if report is not None:
            rows = rows[rows["report_problem"] == self.key("report", report)]
        rows = rows[
            rows.groupby(["problem", "report_countermeasure"], dropna=False).cumcount() < most
        ]
        texts = sentences.set_index("sentence")["text"]
        points = find_points(sentences, self.tables["mentions"])
        told = texts[points.index].groupby(points, sort=False).agg("".join)
        table = label_table(rows[["report_problem", "report_countermeasure", "score", "basis"]])
        table.insert(1, "问题", rows["problem"].map(told))
        table.insert(2, "对策", rows["countermeasure"].map(texts).fillna("（未见对策）"))
        return table.reset_index(drop=True)


def _say_if_doubtful(rows: pd.DataFrame) -> pd.Series:
    """The texts, those with a doubtful label marked so."""
    return rows["text"] + ("（" + mark_doubt(rows) + "把握不大）").fillna("")


def _listed(texts) -> str:
    return "\n".join(f"· {text}" for text in texts)
