"""The slides on countermeasures: which problems are answered, which are not."""

from __future__ import annotations

import pandas as pd

from analysis.charts import count_answers, count_matrix
from analysis.charts.answered import Answers
from analysis.charts.matrix import NO_ANSWER
from analysis.charts.matrix_words import say_answers, say_themes
from analysis.charts.style import clean
from analysis.export.material import Material, cut
from analysis.export.panel import THEME_SERIES, Panel, plot_reports, say_count

NOTED = 12  # points told whole in the notes
POINT = "连续几句讲同一个问题，算一个问题点。"
INFERRED = "“未见对策”指没有找到与它对应的对策，由程序推断；引用前请看原文。"
BY_THEME = "按主题对照，不是逐条对应：同一主题有对策，不等于每个问题都有对策。"
NO_THEMES = "没有报告谈到这些主题的问题，无从与对策对照。"


def show_answers(material: Material, answers: Answers | None) -> Panel:
    """Problems against countermeasures: by theme, and with links by point."""
    t = material.tables
    marks = count_answers(t["rates"], t["reports"], material.book)
    total = marks[marks["form"] == "total"]
    raised = total.loc[(total["stance"] == "asserted") & (total["reports_with"] > 0)]
    raised = raised.sort_values(["reports_with", "passages_with"], ascending=False, kind="stable")
    order = {key: at for at, key in enumerate(raised["key"])}
    rows = total[total["key"].isin(order)]
    rows = rows.sort_values("key", key=lambda keys: keys.map(order), kind="stable")
    plot = plot_reports(rows, THEME_SERIES, axis="各主题的报告数（份）")
    if answers is None:
        title = say_themes(count_matrix(t["rates"], t["reports"], material.book, kind="theme"))
        notes = [f"{row.short}——{row.says}" for row in rows.itertuples()]
        points = () if len(rows) else (NO_THEMES,)
        table = _list_themes(rows)
        return Panel("answers", title, plot=plot, table=table, points=points, notes=notes)
    pairs = answers.pairs
    told = [
        f"问题：{clean(p.problem_text)}\n对策：{clean(p.text)}\n"
        f"{material.source(p.report_problem, p.problem_start, p.problem_end)}；依据：{p.basis}"
        for p in pairs.head(NOTED).itertuples()
    ]
    table = pd.DataFrame(
        {
            "报告": [material.name(r, 10) for r in pairs["report_problem"]],
            "问题": [cut(x) for x in pairs["problem_text"]],
            "对策": [cut(x) for x in pairs["text"]],
            "依据": pairs["basis"].fillna("").to_numpy(),
        }
    )
    points = (POINT + answers.say_idle(),)
    return Panel("answers", answers.say(), plot=plot, table=table, points=points, notes=told)


def _list_themes(rows: pd.DataFrame) -> pd.DataFrame:
    table = []
    for _, own in rows.groupby("key", sort=False):
        problem, answer = (own[own["stance"] == s].iloc[0] for s in THEME_SERIES)
        table.append(
            {
                "主题": problem["short"],
                "谈到问题": say_count(problem) + " 份",
                "问题段": f"{problem['passages_with']}/{problem['passages']}",
                "提出对策": say_count(answer) + " 份",
                "对策段": f"{answer['passages_with']}/{answer['passages']}",
                f"谈到问题而{NO_ANSWER}": f"{problem['gaps']}/{problem['raised']} 份",
            }
        )
    return pd.DataFrame(table)


def show_orphans(material: Material, answers: Answers | None) -> Panel:
    """Problems without countermeasures, with what other reports propose."""
    t = material.tables
    marks = count_answers(t["rates"], t["reports"], material.book)
    if answers is not None:
        turn = answers.orphans.groupby("report_problem").cumcount()
        rows = answers.orphans.loc[turn.sort_values(kind="stable").index]  # every report has a turn
        table = pd.DataFrame(
            {
                "报告": [material.name(r, 10) for r in rows["report_problem"]],
                "未见对策的问题": [cut(x) for x in rows["problem_text"]],
                "别的报告已有对策可借鉴": [
                    f"{material.name(r.report, 10)}：{cut(r.text, 44)}"
                    if isinstance(r.text, str)
                    else "没有找到"
                    for r in rows.itertuples()
                ],
            }
        )
        notes = [
            clean(r.problem_text)
            + material.source(r.report_problem, r.problem_start, r.problem_end)
            for r in rows.head(NOTED).itertuples()
        ]
        points = (INFERRED,)
        return Panel(
            "orphans", answers.say_orphans(), table=table,
            points=points, notes=notes,
        )  # fmt: skip
    rows = marks[(marks["form"] == "total") & (marks["gaps"] > 0)]
    table = _list_themes(rows).drop(columns=["提出对策", "对策段"], errors="ignore")
    points = (BY_THEME,)
    asserted = rows[rows["stance"] == "asserted"]
    notes = [f"{row.short}——{row.says}" for row in asserted.itertuples()]
    return Panel(
        "orphans",
        say_answers(marks),
        table=table,
        points=points,
        notes=notes,
    )
