"""What the briefing shows, slide by slide: sentences, numbers and quotes, before any drawing.

Sentences and selections are those of the charts; every number is one of ``rates`` or ``links``.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.charts import FOCUSED, count_focus, count_matrix
from analysis.charts.answered import match_answers
from analysis.charts.focus import say_focus
from analysis.charts.matrix_words import say_issues
from analysis.charts.words import group_heading, short_title
from analysis.compare import UNKNOWN, cell_states
from analysis.export.account import show_trust, show_update
from analysis.export.material import NO_REPORTS, Material
from analysis.export.panel import (
    MARKS,
    PASSAGE_SERIES,
    SERIES,
    Panel,
    Plot,
    plot_reports,
    plot_rows,
)
from analysis.export.remedies import show_answers, show_orphans
from analysis.says import PERCENT_FROM, share, value_name

LEGEND = "● 提到（认定存在）　· 未提到　■ 无从判断；一份报告的数字为提到的问题段/全部问题段"
NUMBERED = "；第几份是哪份报告，见备注"
ALONE, NAMED = 5, 8  # reports beside each other in a chart; with their titles in a table
COMPARED = ("province", "city", "county")  # levels that a reader expects


def make_panels(material: Material) -> list[Panel]:
    """Return the slides of the briefing in their order; one that says why where no report is."""
    reports = material.tables["reports"]
    if not material.read:
        failed = tuple(reports["message"].dropna())
        return [Panel("conclusion", NO_REPORTS, points=failed)]
    marks = count_matrix(material.tables["rates"], reports, material.book)
    others = [show_levels(material, marks)]
    others += [show_issue(material, issue) for issue in choose_issues(marks)]
    answers = match_answers(material.tables)
    others += [show_answers(material, answers), show_orphans(material, answers)]
    others += [show_update(material), show_trust(material)]
    first = show_conclusion(material, marks, [panel.title for panel in others[:-1]])
    return [
        replace(
            panel,
            caption=material.caption,
            table=panel.table if panel.table is not None and len(panel.table) else None,
        )
        for panel in (first, *others)
    ]


def choose_issues(marks: pd.DataFrame) -> list[str]:
    """Return the two issues in focus: those with a picture of their own, else the commonest."""
    known = list(marks.loc[marks["form"] == "total", "key"].drop_duplicates())
    return [*(i for i in FOCUSED if i in known), *(i for i in known if i not in FOCUSED)][:2]


def show_conclusion(material: Material, marks: pd.DataFrame, titles: list[str]) -> Panel:
    """The commonest issues, and the titles of the other slides."""
    total = marks[marks["form"] == "total"]
    named = total.loc[(total["stance"] == "asserted") & (total["reports_with"] > 0), "key"]
    plot = plot_reports(total[total["key"].isin(named)], SERIES)
    table = None if plot else _list_totals(total[total["key"].isin(named)])
    listed = material.listed
    notes = list(material.quotes(named.iloc[0])) if len(named) else []
    notes += ["全部报告：" + "；".join(f"{r.group_name}《{r.title}》" for r in listed.itertuples())]
    return Panel(
        "conclusion", say_first(marks), plot=plot, table=table, points=tuple(titles), notes=notes
    )


def say_first(marks: pd.DataFrame) -> str:
    """Return the sentence on all issues; where nothing can be judged it says so."""
    total = marks[(marks["form"] == "total") & (marks["stance"] == "asserted")]
    if total["reports"].any():
        return say_issues(marks)
    n = total["reports_unknown"].max()
    return f"{n} 份报告都没有问题部分，是否提到这 {len(total)} 种问题表现无从判断"


def _list_totals(total: pd.DataFrame) -> pd.DataFrame:
    """The same as a table, for one or two reports."""
    rows = {}
    for row in total.itertuples():
        passages = f"，{row.passages_with}/{row.passages} 段" if row.reports_with else ""
        said = UNKNOWN if not row.reports else f"{row.reports_with}/{row.reports} 份{passages}"
        rows.setdefault(row.short, {})[SERIES[row.stance]] = said
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[*SERIES.values()])
    return table.rename_axis("问题表现").reset_index()


def show_levels(material: Material, marks: pd.DataFrame) -> Panel:
    """Every issue by level: one column per report where a level has one or two."""
    listed = material.listed
    shown = marks[(marks["stance"] == "asserted")]
    every = shown[shown["form"] == "total"].set_index("row")
    total = every[every["reports_with"] > 0]
    shown = shown[shown["row"].isin(total.index)]
    columns = {("", "问题表现"): total["short"], ("全部报告", "报告、问题段"): _total_cells(total)}
    numbered, alone = {}, shown.loc[shown["form"] == "column", "report"].nunique()
    for group, members in listed.groupby("group", sort=False):
        heading, own = group_heading(members, "level"), shown[shown["group"] == group]
        if (own["form"] == "column").any():
            for row in members.itertuples():
                cells = own[own["report"] == row.report].set_index("row")
                number = len(numbered) + 1
                numbered[number] = material.name(row.report)
                label = f"{number}. {short_title(row.title, 12)}" if alone <= NAMED else str(number)
                columns[(heading, label)] = cells.apply(_alone, axis=1)
        else:
            counted = own[own["form"].isin(("dots", "bar"))].set_index("row")
            dots = own[own["form"] == "dot"].groupby("row")
            marked = dots.apply(lambda d: "".join(map(_sign, d.itertuples())) + " ")
            columns[(heading, "报告、问题段")] = _total_cells(counted, marked)
    table = pd.DataFrame(columns).reset_index(drop=True) if len(total) else None
    rates = shown[(shown["form"] == "total") & (shown["reports_with"] > 0)]
    quoted = rates[["key", "short"]].head(3).itertuples(index=False)
    notes = [f"“{short}”：{line}" for key, short in quoted for line in material.quotes(key)]
    notes += [f"第 {number} 份：{name}" for number, name in numbered.items()]
    missing = [value_name("level", v) for v in COMPARED if v not in set(listed["group"])]
    none = f"没有{'、'.join(missing)}的报告，这{'些层' if missing[1:] else '一'}级无从说起"
    rest = f"另有 {len(every) - len(total)} 种问题表现没有报告提到"
    legend = LEGEND + (NUMBERED if alone > NAMED else "")
    said = [legend] * bool(len(total)) + [rest] * bool(0 < len(total) < len(every))
    points = ("；".join([*said, *([none] if missing else [])]),)
    return Panel("levels", say_levels(material, marks), table=table, points=points, notes=notes)


def _total_cells(rows: pd.DataFrame, dots=None) -> pd.Series:
    """Reports and passages of all reports, or of a group: its dots first, percentages from 5."""
    cells = {}
    for at, row in rows.iterrows():
        percent = row["form"] == "bar"
        if row["state"] == UNKNOWN:
            said = UNKNOWN if dots is not None and at in dots else f"{MARKS['unknown']} {UNKNOWN}"
        else:
            said = f"{row['reports_with']}/{row['reports']} 份"
            said += share(
                row["reports_with"], row["reports"], percent and row["reports"] >= PERCENT_FROM
            )
        if row["reports_with"]:
            enough = percent and row["reports"] >= PERCENT_FROM
            said += f" {row['passages_with']}/{row['passages']} 段"
            said += share(row["passages_with"], row["passages"], enough)
        cells[at] = (dots[at] if dots is not None and at in dots else "") + said
    return pd.Series(cells, dtype="str")


def _alone(row) -> str:
    return f"{_sign(row)} {row.label}".strip()


def _sign(row) -> str:
    return MARKS[
        "unknown" if row.state == UNKNOWN else "asserted" if row.reports_with else "absent"
    ]


def say_levels(material: Material, marks: pd.DataFrame) -> str:
    """Return the title: the commonest issue at every level, k of n reports."""
    top = marks[(marks["form"] == "total") & (marks["stance"] == "asserted")].iloc[0]
    rates = material.tables["rates"]
    mine = (rates["by"] == "level") & (rates["kind"] == "issue") & (rates["key"] == top["key"])
    rows = rates[mine & (rates["stance"] == "asserted")]
    names = [value_name("level", group) for group in rows["group"]]
    said = [
        f"{name}{UNKNOWN}" if not row.reports else f"{name} {row.reports_with}/{row.reports} 份"
        for name, row in zip(names, rows.itertuples(), strict=True)
    ]
    if len(said) == 1:
        return f"只有{names[0]}的报告，不能分级比较；提到“{top['short']}”的：{said[0]}"
    if not rows["reports"].any():
        return say_first(marks)
    if not top["reports_with"]:
        return f"各级报告均未提到这 {marks['key'].nunique()} 种问题表现；未提到不等于无此问题"
    return f"提到“{top['short']}”的：{'、'.join(said)}"


def show_issue(material: Material, issue: str) -> Panel:
    """One issue in focus: asserted and addressed apart, by report or, of many, by level."""
    row, rates = material.book["issues"].set_index("issue").loc[issue], material.tables["rates"]
    rates = rates[(rates["kind"] == "issue") & (rates["key"] == issue)]
    total = rates[rates["by"] == "all"].set_index("stance")
    frame = count_focus(material.tables, material.sources, material.book, issue=issue)
    return Panel(
        f"issue_{issue}",
        say_focus(total, row["short"]),
        plot=_plot_alone(frame, rates) if len(frame) <= ALONE else _plot_levels(rates),
        table=list_levels(material, issue),
        points=(f"{row['name']}：{row['definition']}",),
        notes=material.quotes(issue),
    )


def list_levels(material: Material, issue: str) -> pd.DataFrame:
    """One issue in all reports and at every level: a sentence for asserted, one for addressed."""
    rates = material.tables["rates"]
    rows = rates[rates["by"].isin(("all", "level")) & (rates["kind"] == "issue")]
    rows = rows[(rows["key"] == issue) & rows["stance"].isin(SERIES)]
    rows = rows.assign(said=rows["says"].str.split("：", n=1).str[1])
    said = rows.pivot(index=["by", "group"], columns="stance", values="said")
    order = rows.drop_duplicates(["by", "group"])[["by", "group"]]
    said = said.loc[pd.MultiIndex.from_frame(order), list(SERIES)].rename(columns=SERIES)
    said.insert(0, "层级", [value_name(by, group) for by, group in said.index])
    return said.reset_index(drop=True)


def _plot_alone(frame: pd.DataFrame, rates: pd.DataFrame) -> Plot | None:
    """A dot with its count for every report: passages that assert, passages that address."""
    rows = rates[(rates["by"] == "report") & rates["stance"].isin(PASSAGE_SERIES)].copy()
    rows["state"] = cell_states(rows)
    labels = {}
    for row in frame.itertuples():
        own = rows[rows["group"] == row.report].set_index("stance")
        said = [
            UNKNOWN if r.state == UNKNOWN else f"{r.passages_with}/{r.passages}"
            for r in (own.loc["asserted"], own.loc["addressed"])
        ]
        labels[row.report] = (
            f"{row.group_name}\n{short_title(row.title, 9)}\n提到 {said[0]}\n拟解决 {said[1]}"
        )
    rows = rows[rows["group"].isin(labels)]
    rows = rows.assign(label=rows["group"].map(labels), key=rows["group"])
    order = {report: at for at, report in enumerate(labels)}
    rows = rows.sort_values("key", key=lambda keys: keys.map(order), kind="stable")
    top = int(rows["passages_with"].max())
    return plot_rows(rows, PASSAGE_SERIES, "dots", "段数", top, unit="passages")


def _plot_levels(rows: pd.DataFrame) -> Plot | None:
    rows = rows[(rows["by"] == "level") & rows["stance"].isin(SERIES)].copy()
    rows["short"] = [value_name("level", group) for group in rows["group"]]
    rows = rows.assign(key=rows["group"], state=cell_states(rows))
    return plot_reports(rows, SERIES, least=1, most=len(rows))
