"""What stands in the reports: their outline, sentences and passages, as tables for reading."""

from __future__ import annotations

import pandas as pd

from analysis.display import label_table
from analysis.doubt import mark_doubt
from analysis.study.names import KIND_OF_TABLE, ChoiceError
from analysis.vocabulary import EDIT_KINDS

NO_MEANING = "编码手册只写有这几种的含义：问题表现（issue）、主题（theme）、角色（role）。"


class Reports:
    """What a :class:`~analysis.study.study.Study` shows of its reports and of the codebook."""

    def overview(self) -> pd.DataFrame:
        """The reports, numbered: title, level and why, genre, passages of problems and answers.

        Returns
        -------
        pandas.DataFrame
            A row per report, those that were read first: ``序号``, ``报告``, ``标题``, ``层级``,
            ``层级依据``, ``文种``, ``日期``, ``问题部分`` (有, 无, 来源缺失), ``问题段`` and
            ``对策段`` (numbers of passages), ``说明`` (why a report could not be read).
        """
        passages, reports = self.tables["passages"], self.tables["reports"]
        others = (reports["status"] != "ok").rename("status")
        frame = reports.loc[others.sort_values(kind="stable").index]
        columns = ["report", "title", "level", "level_basis", "genre", "date", "problem_section"]
        table = label_table(frame[columns])
        table.insert(0, "序号", range(1, len(frame) + 1))
        for name in ("problem", "countermeasure"):
            having = passages.loc[passages[f"{name}_sentences"] > 0, "report"].value_counts()
            table[self.book.names[name] + "段"] = frame["report"].map(having).fillna(0).astype(int)
        return table.assign(说明=frame["message"].fillna(""))

    def meanings(self, kind: str) -> pd.DataFrame:
        """What each issue, theme or role of the codebook means.

        Parameters
        ----------
        kind : {"issue", "theme", "role"}
            Which of the three.

        Returns
        -------
        pandas.DataFrame
            A row per key, in the codebook's order: ``名称``, ``含义``.

        Raises
        ------
        ChoiceError
            No such kind.
        """
        if (key := self.key("kind", kind)) not in KIND_OF_TABLE:
            raise ChoiceError(NO_MEANING)
        table = self.book[KIND_OF_TABLE[key]]
        return pd.DataFrame({"名称": table["name"], "含义": table["definition"]})

    def headings(self, report: str | int) -> pd.DataFrame:
        """The outline of a report: its title and headings, lower ones indented.

        Parameters
        ----------
        report : str or int
            Name, file, title or number in the overview.

        Returns
        -------
        pandas.DataFrame
            A row per heading, in the report's order: ``标题层次`` (0 for the title), ``标题``.

        Raises
        ------
        ChoiceError
            No such report.
        """
        rows = self._of("sentences", report)
        rows = rows[rows["heading_level"].notna()]
        indented = rows["heading_level"].map("　　".__mul__) + rows["text"]
        return label_table(rows[["heading_level"]]).assign(标题=indented)

    def sentences_of(self, report: str | int, role: str | None = None) -> pd.DataFrame:
        """The sentences of a report, or those of one role: role, why, and how clearly.

        Parameters
        ----------
        report : str or int
            Name, file, title or number in the overview.
        role : str, optional
            All roles where missing.

        Returns
        -------
        pandas.DataFrame
            A row per sentence, in the report's order: ``正文``, ``角色``, ``角色依据``, ``差距``
            (to the next role, 0 to 1), ``把握不大的标签`` (角色, 主题: those with little behind
            them).

        Raises
        ------
        ChoiceError
            No such report or role.
        """
        rows = self._of("sentences", report)
        if role is not None:
            rows = rows[rows["role"] == self.key("role", role)]
        rows = rows.assign(doubt=mark_doubt(rows))
        return self._label(rows[["text", "role", "role_basis", "role_margin", "doubt"]])

    def edits_of(self, report: str | int | None = None) -> pd.DataFrame:
        """What was repaired, cut out or taken for noise, in one report or in all.

        Parameters
        ----------
        report : str or int, optional
            Name, file, title or number in the overview; all reports where missing.

        Returns
        -------
        pandas.DataFrame
            A row per edit and per sentence that is not counted, by place: ``报告``, ``处理``,
            ``原文``, ``换成`` (empty: deleted), ``依据``, ``起点`` (character of the source, from
            0).

        Raises
        ------
        ChoiceError
            No such report.
        """
        edits, noise = self._of("edits", report), self._of("sentences", report)
        noise = noise[noise["role"] == "noise"].rename(columns={"role_basis": "basis"})
        rows = pd.concat([edits.assign(what=edits["kind"].map(EDIT_KINDS)), noise])
        rows = rows.assign(what=rows["what"].fillna("整句不计")).sort_values(["report", "start"])
        spans = rows[["report", "start", "end"]].itertuples(index=False, name=None)
        return pd.DataFrame(
            {
                "报告": rows["report"],
                "处理": rows["what"],
                "原文": [self.sources[name][start:end] for name, start, end in spans],
                "换成": rows["replacement"].fillna(""),
                "依据": rows["basis"],
                "起点": rows["start"],
            }
        )

    def passages_of(self, theme: str, report: str | int | None = None) -> pd.DataFrame:
        """The problem and countermeasure passages of a theme, and the words that put them there.

        Parameters
        ----------
        theme : str
            Key or Chinese name.
        report : str or int, optional
            Name, file, title or number in the overview; all reports where missing.

        Returns
        -------
        pandas.DataFrame
            A row per passage, by place: ``报告``, ``正文``, ``主题依据``, ``差距`` (to the next
            theme, 0 to 1), ``第二主题``, ``把握不大的标签`` (主题 where there is little behind it).

        Raises
        ------
        ChoiceError
            No such theme or report.
        """
        rows = self._of("passages", report)
        either = (rows["problem_sentences"] > 0) | (rows["countermeasure_sentences"] > 0)
        rows = rows[either & (rows["theme"] == self.key("theme", theme))]
        rows = rows.assign(doubt=mark_doubt(rows))
        columns = ["report", "text", "theme_words", "theme_margin", "theme2", "doubt"]
        return self._label(rows[columns])
