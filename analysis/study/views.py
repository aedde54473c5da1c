"""The tables a notebook shows: Chinese column names, values in words, made for reading only."""

from __future__ import annotations

import pandas as pd

from analysis.compare import NOT_MENTIONED, UNKNOWN, cell_states
from analysis.counting import PROBLEM_ROLES
from analysis.display import label_table
from analysis.doubt import JUDGED, mark_doubt
from analysis.points import find_points
from analysis.says import value_name
from analysis.study.describe import SECTION_NOTES
from analysis.study.names import KIND_OF_TABLE, ChoiceError
from analysis.unexplained import NEAREST, say_unexplained
from analysis.vocabulary import EDIT_KINDS, KINDS

UNSURE = 15  # as many doubtful sentences as one reads at a sitting
NO_MEANING = "编码手册只写有这几种的含义：问题表现（issue）、主题（theme）、角色（role）。"
SIDES = {"问题": PROBLEM_ROLES, "对策": ("countermeasure",)}
ONE_PER_SENTENCE = "每句话只有一个的才能这样列；可用：角色（role）、主题（theme）。"


class Views:
    """Questions that a :class:`~analysis.study.Study` answers with a table for reading."""

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
        frame = reports.sort_values("status", ascending=False, kind="stable")
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

    def counts(
        self, kind: str = "issue", *, by: str = "level", stance: str = "asserted"
    ) -> pd.DataFrame:
        """Count every issue, theme or role (rows) in every group (columns), the commonest first.

        Parameters
        ----------
        kind : {"issue", "theme", "role", "link"}
            What is counted.
        by : str
            The grouping, see :meth:`~analysis.study.study.Study.rates`.
        stance : {"asserted", "addressed", "any"}
            Which mentions count; roles and links have no stance to choose.

        Returns
        -------
        pandas.DataFrame
            A row per key: ``问题表现`` (``主题``, ``角色`` or ``问题与对策``, as the kind is), then
            a column per group. A cell gives reports and passages with their denominators, as “3/4
            份， 5/20 段”, or 未提到, or 无从判断; where a group is a report, passages only.

        Raises
        ------
        ChoiceError
            No such kind, column or stance.
        """
        kind, by, stance = self.key("kind", kind), self.key("by", by), self.key("stance", stance)
        stances = {"role": ["any"], "link": ["asserted", "addressed"]}.get(kind, [stance])
        totals = self.rates(kind, by="all")
        totals = totals[totals["stance"].isin(stances)]
        common = ["reports_with", "passages_with"]
        order = totals.sort_values(common, ascending=False, kind="stable")["key"]
        rates = self.rates(kind, by=by)
        rates = rates[rates["stance"].isin(stances)]
        rates = rates.assign(cell=_cells(rates))
        groups = list(dict.fromkeys(rates["group"]))
        table = rates.pivot(index="key", columns="group", values="cell")
        known = table.index.intersection(self.book.names)  # the codebook may be newer than the run
        table = table.loc[order[order.isin(known)], groups]
        table.columns = [value_name(by, group) for group in groups]
        table.insert(0, KINDS[kind], [self.book.names[key] for key in table.index])
        return table.reset_index(drop=True)

    def says(self, *, by: str = "level", stance: str = "asserted", **key: str) -> pd.DataFrame:
        """One issue or theme told in one sentence for each group: ``says(issue="两张皮")``.

        Parameters
        ----------
        by : str
            The grouping, see :meth:`~analysis.study.study.Study.rates`.
        stance : {"asserted", "addressed", "any"}
            Which mentions count.
        **key : str
            ``issue`` or ``theme``: exactly one of the two.

        Returns
        -------
        pandas.DataFrame
            A row per group: ``组``, ``一句话说明``, ``是否脆弱`` (是: with one report
            fewer it would say otherwise).

        Raises
        ------
        ChoiceError
            Neither or both of issue and theme, or a name that does not exist.
        """
        kind, key = self._which(**key)
        by, stance = self.key("by", by), self.key("stance", stance)
        rows = self.rates(kind, by=by)
        rows = rows[(rows["key"] == key) & (rows["stance"] == stance)]
        groups = [value_name(by, group) for group in rows["group"]]
        return label_table(rows[["says", "fragile"]]).assign(组=groups)[
            ["组", "一句话说明", "是否脆弱"]
        ]

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

    def _of(self, table: str, report: str | int | None) -> pd.DataFrame:
        """The rows of one report, of all where none is named."""
        rows = self.tables[table]
        return rows if report is None else rows[rows["report"] == self.key("report", report)]

    def _label(self, rows: pd.DataFrame) -> pd.DataFrame:
        return label_table(rows, self.book.names)


def _cells(rates: pd.DataFrame) -> list[str]:
    """“3/4 份，5/20 段（另 1 份无从判断）”; reports are not counted where a group is a report."""
    texts = []
    for row, state in zip(rates.itertuples(), cell_states(rates), strict=True):
        if state == UNKNOWN:
            texts.append(state)
            continue
        reports = "" if row.by == "report" else f"{row.reports_with}/{row.reports} 份，"
        counted = f"{reports}{row.passages_with}/{row.passages} 段"
        unknown = f"（另 {row.reports_unknown} 份{UNKNOWN}）" if row.reports_unknown else ""
        absent = "没有" if row.kind in ("role", "link") else NOT_MENTIONED
        texts.append((absent if state == NOT_MENTIONED else counted) + unknown)
    return texts


def _say_if_doubtful(rows: pd.DataFrame) -> pd.Series:
    """The texts, those with a doubtful label marked so."""
    return rows["text"] + ("（" + mark_doubt(rows) + "把握不大）").fillna("")


def _listed(texts) -> str:
    return "\n".join(f"· {text}" for text in texts)
