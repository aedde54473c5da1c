"""What the briefing shows, slide by slide: sentences, numbers and quotes, before any drawing.

Sentences and selections are those of the charts; every number is one of ``rates`` or ``links``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.charts import FOCUSED, count_answers, count_focus, count_matrix
from analysis.charts.focus import say_focus
from analysis.charts.matrix import NO_ANSWER
from analysis.charts.matrix_words import say_answers, say_issues, say_themes
from analysis.charts.style import clean
from analysis.charts.words import group_heading, short_title
from analysis.compare import UNKNOWN, cell_states
from analysis.export.links import Answers, match_answers
from analysis.export.material import NO_REPORTS, Material, cut
from analysis.says import PERCENT_FROM, share, value_name

SERIES = {"asserted": "提到（认定存在）", "addressed": "拟解决"}
THEME_SERIES = {"asserted": "谈到问题", "addressed": "提出对策"}
PASSAGE_SERIES = {"asserted": "提到的问题段", "addressed": "拟解决的对策段"}
MARKS = {"asserted": "●", "absent": "·", "unknown": "■"}
LEGEND = "● 提到（认定存在）　· 未提到　■ 无从判断；一份报告的数字为提到的问题段/全部问题段"
# Categories that fit below a chart of half a slide; reports beside each other.
DOTS, BARS, ALONE = 6, 10, 8
ROWS = 12  # pairs in the notes, at most; a table shows as many as fit
COMPARED = ("province", "city", "county")  # levels that a reader expects
READ_SCORES = "查准率：程序判出的有多少是对的；查全率：人工标出的有多少被找到；1 为完全一致。"
# What the scores are of: part and name in the table of scores, and everyday words.
JUDGED = {
    ("角色", "问题"): "哪些句子在讲问题",
    ("角色", "对策"): "哪些句子在提对策",
    ("主题", "微平均"): "句子属于哪个主题",
    ("问题表现", "微平均"): "句子讲到哪种问题表现",
    ("态度", "准确率（已找到的问题表现）"): "是认定存在，还是拟解决等其他态度",
}


@dataclass(frozen=True)
class Plot:
    """Numbers of a native chart.

    Attributes
    ----------
    frame : pandas.DataFrame
        ``类别``, a column of numbers for each of ``series``, then denominators and ids of rates.
    form : {"dots", "bars"}
    axis : str
        What is counted.
    top : int
        Where the axis ends.
    """

    frame: pd.DataFrame
    series: tuple[str, ...]
    form: str
    axis: str
    top: int


@dataclass(frozen=True)
class Panel:
    """A slide before it is drawn; a table with a MultiIndex has a heading of two rows."""

    name: str
    title: str
    caption: str = ""
    plot: Plot | None = None
    table: pd.DataFrame | None = None
    points: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def make_panels(material: Material) -> list[Panel]:
    """Return the slides of the briefing in their order; one that says why where no report is."""
    reports = material.tables["reports"]
    if not material.read:
        failed = tuple(reports["message"].dropna())
        return [Panel("conclusion", NO_REPORTS, points=failed)]
    marks = count_matrix(material.tables["rates"], reports, material.book)
    others = [show_levels(material, marks)]
    others += [show_issue(material, issue) for issue in choose_issues(material, marks)]
    answers = match_answers(material.tables)
    others += [show_answers(material, answers), show_orphans(material, answers)]
    others += [show_update(material), show_trust(material)]
    first = show_conclusion(material, marks, [panel.title for panel in others[:-1]])
    return [replace(panel, caption=material.caption) for panel in (first, *others)]


def choose_issues(material: Material, marks: pd.DataFrame) -> list[str]:
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
        "conclusion", say_issues(marks), plot=plot, table=table, points=tuple(titles), notes=notes
    )


def plot_reports(rows: pd.DataFrame, series: Mapping[str, str], least: int = 3) -> Plot | None:
    """Count reports by issue or theme: bars where every n allows them, else dots with k/n.

    None where there are fewer reports than ``least``, or nothing to show.
    """
    size = int((rows["reports"] + rows["reports_unknown"]).max()) if len(rows) else 0
    if size < least:
        return None
    form = "bars" if (rows["reports"] >= PERCENT_FROM).all() else "dots"
    keys = list(dict.fromkeys(rows["key"]))[: BARS if form == "bars" else DOTS]
    rows = rows[rows["key"].isin(keys)]
    labels = {}
    for key, own in rows.groupby("key"):
        own = own.sort_values("stance", key=lambda s: s.map([*series].index))
        counts = [
            f"{series[r.stance].split('（')[0]} {_of(r, form == 'bars')}" for r in own.itertuples()
        ]
        joint = ("（", "；", "）") if form == "bars" else ("\n", "\n", "")
        labels[key] = own["short"].iloc[0] + joint[0] + joint[1].join(counts) + joint[2]
    return _plot(rows.assign(label=rows["key"].map(labels)), series, form, "报告数（份）", size)


def _of(row, percent: bool = False) -> str:
    """“3/4”, in a chart of bars with its percentage: “3/5 60%”."""
    if not row.reports:
        return UNKNOWN
    said = share(row.reports_with, row.reports, percent and row.reports >= PERCENT_FROM)
    return f"{row.reports_with}/{row.reports} {said.strip('（）')}".strip()


def _plot(rows, series, form: str, axis: str, top: int, *, value="reports", suffix="_with"):
    """Put the stances side by side, one row per label; what cannot be judged is left empty."""
    frame = pd.DataFrame({"类别": list(dict.fromkeys(rows["label"]))})
    beside = {}
    for stance, name in series.items():
        own = rows[rows["stance"] == stance].set_index("label").reindex(frame["类别"])
        counts = own[f"{value}{suffix}"].mask(cell_states(own.fillna(0)) == UNKNOWN)
        frame[name] = counts.astype("Int64").to_numpy()
        beside |= {f"{name}：分母": own[value].astype("Int64"), f"{name}：数字编号": own["rate"]}
    for name, values in beside.items():
        frame[name] = values.to_numpy()
    return Plot(frame, tuple(series.values()), form, axis, max(top, 1))


def _list_totals(total: pd.DataFrame) -> pd.DataFrame:
    """The same as a table, for one or two reports."""
    rows = {}
    for row in total.itertuples():
        passages = f"，{row.passages_with}/{row.passages} 段" if row.reports_with else ""
        said = UNKNOWN if not row.reports else f"{row.reports_with}/{row.reports} 份{passages}"
        rows.setdefault(row.short, {})[SERIES[row.stance]] = said
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("问题表现").reset_index()


def show_levels(material: Material, marks: pd.DataFrame) -> Panel:
    """Every issue by level: one column per report where a level has one or two."""
    listed = material.listed
    shown = marks[(marks["stance"] == "asserted")]
    total = shown[shown["form"] == "total"].set_index("row")
    columns = {("", "问题表现"): total["short"], ("全部报告", "报告、问题段"): _total_cells(total)}
    numbered = {}
    for group, members in listed.groupby("group", sort=False):
        heading, own = group_heading(members, "level"), shown[shown["group"] == group]
        if (own["form"] == "column").any():
            for row in members.itertuples():
                numbered[row.report] = len(numbered) + 1
                cells = own[own["report"] == row.report].set_index("row")
                label = f"{numbered[row.report]}. {short_title(row.title, 12)}"
                columns[(heading, label)] = cells.apply(_alone, axis=1)
        else:
            counted = own[own["form"].isin(("dots", "bar"))].set_index("row")
            dots = own[own["form"] == "dot"].groupby("row")
            marked = dots.apply(lambda d: "".join(map(_sign, d.itertuples())) + " ")
            columns[(heading, "报告、问题段")] = _total_cells(counted, marked)
    table = pd.DataFrame(columns).reset_index(drop=True)
    rates = shown[(shown["form"] == "total") & (shown["reports_with"] > 0)]
    quoted = rates[["key", "short"]].head(3).itertuples(index=False)
    notes = [f"“{short}”：{line}" for key, short in quoted for line in material.quotes(key)]
    missing = [value_name("level", v) for v in COMPARED if v not in set(listed["group"])]
    none = f"；没有{'、'.join(missing)}的报告，这{'些' if missing[1:] else '一'}级无从说起"
    points = (LEGEND + (none if missing else ""),)
    return Panel("levels", say_levels(material, marks), table=table, points=points, notes=notes)


def _total_cells(rows: pd.DataFrame, dots=None) -> pd.Series:
    """Reports and passages of all reports, or of a group: its dots first, percentages from 5."""
    cells = {}
    for at, row in rows.iterrows():
        percent = row["form"] == "bar"
        if row["state"] == UNKNOWN:
            said = f"{MARKS['unknown']} {UNKNOWN}"
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
    if not top["reports_with"]:
        return f"各级报告均未提到这 {marks['key'].nunique()} 种问题表现；未提到不等于无此问题"
    return f"提到“{top['short']}”的：{'、'.join(said)}"


def show_issue(material: Material, issue: str) -> Panel:
    """One issue in focus: asserted and addressed apart, by report or, of many, by level."""
    t, row = material.tables, material.book["issues"].set_index("issue").loc[issue]
    rates = t["rates"][(t["rates"]["kind"] == "issue") & (t["rates"]["key"] == issue)]
    total = rates[rates["by"] == "all"].set_index("stance")
    frame = count_focus(
        *(t[n] for n in ("rates", "reports", "passages", "sentences", "mentions")),
        material.book, issue=issue, sources=material.sources, edits=t.get("edits"),
    )  # fmt: skip
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


def _plot_alone(frame: pd.DataFrame, rates: pd.DataFrame) -> Plot:
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
    rows["label"] = rows["group"].map(labels)
    rows["order"] = rows["group"].map({report: at for at, report in enumerate(labels)})
    rows = rows.sort_values("order", kind="stable")
    top = int(rows["passages_with"].max())
    return _plot(rows, PASSAGE_SERIES, "dots", "段数", top, value="passages")


def _plot_levels(rows: pd.DataFrame) -> Plot:
    rows = rows[(rows["by"] == "level") & rows["stance"].isin(SERIES)].copy()
    rows["short"] = [value_name("level", group) for group in rows["group"]]
    rows["key"] = rows["group"]
    size = int((rows["reports"] + rows["reports_unknown"]).max())
    return plot_reports(rows, SERIES) or _plot(
        rows.assign(label=rows["short"]), SERIES, "dots", "报告数（份）", size
    )


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
    plot = plot_reports(rows, THEME_SERIES)
    if answers is None:
        title = say_themes(count_matrix(t["rates"], t["reports"], material.book, kind="theme"))
        notes = [f"{row.short}——{row.says}" for row in rows.itertuples()]
        return Panel("answers", title, plot=plot, table=_list_themes(rows), notes=notes)
    pairs = answers.pairs.head(ROWS)
    told = [
        f"问题：{clean(p.problem_text)}\n对策：{clean(p.text)}\n"
        f"{material.source(p.report_problem, p.problem_start, p.problem_end)}；依据：{p.basis}"
        for p in pairs.itertuples()
    ]
    table = pd.DataFrame(
        {
            "报告": [material.name(r, 10) for r in pairs["report_problem"]],
            "问题": [cut(x) for x in pairs["problem_text"]],
            "对策": [cut(x) for x in pairs["text"]],
            "依据": pairs["basis"].fillna("").to_numpy(),
        }
    )
    points = (answers.say_idle(),)
    return Panel("answers", answers.say(), plot=plot, table=table, points=points, notes=told)


def _list_themes(rows: pd.DataFrame) -> pd.DataFrame:
    table = []
    for _, own in rows.groupby("key", sort=False):
        problem, answer = (own[own["stance"] == s].iloc[0] for s in THEME_SERIES)
        table.append(
            {
                "主题": problem["short"],
                "谈到问题": _of(problem) + " 份",
                "问题段": f"{problem['passages_with']}/{problem['passages']}",
                "提出对策": _of(answer) + " 份",
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
        rows = answers.orphans
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
            for r in rows.head(ROWS).itertuples()
        ]
        points = ("“未见对策”指没有找到与它对应的对策，是程序推断；引用前请看原文。",)
        return Panel(
            "orphans", answers.say_orphans(), table=table if len(table) else None,
            points=points, notes=notes,
        )  # fmt: skip
    rows = marks[(marks["form"] == "total") & (marks["gaps"] > 0)]
    table = _list_themes(rows).drop(columns=["提出对策", "对策段"], errors="ignore")
    points = ("按主题对照，不是逐条对应：同一主题有对策，不等于每个问题都有对策。",)
    asserted = rows[rows["stance"] == "asserted"]
    notes = [f"{row.short}——{row.says}" for row in asserted.itertuples()]
    return Panel(
        "orphans",
        say_answers(marks),
        table=table if len(table) else None,
        points=points,
        notes=notes,
    )


def show_update(material: Material) -> Panel:
    """本次更新: what changed against the last run; of a first run, the reports."""
    part, rows, said = "", [], []
    for line in material.update.splitlines():
        if line.startswith("## "):
            part = line.removeprefix("## ")
        elif line.startswith("- "):
            rows.append((part, line.removeprefix("- ")))
        elif line and not line.startswith("#"):
            said.append(line)
    title = "本次更新：" + ("".join(said[:1]).rstrip("。") or "没有可比的上一次")
    points, table = tuple(said[1:]), pd.DataFrame(rows, columns=["方面", "变化"])
    if not rows:
        table = list_overview(material)
        points = (*points, "本次分析的报告：")
    notes = [f"{part}：{item}" for part, item in rows]
    return Panel("update", title, table=table, points=points, notes=notes)


def list_overview(material: Material) -> pd.DataFrame:
    """The reports with the number of their problem and countermeasure passages."""
    t = material.tables
    listed = material.listed
    why = t["reports"].set_index("report")["message"]
    counts = {
        name: t["passages"].loc[t["passages"][f"{key}_sentences"] > 0, "report"].value_counts()
        for name, key in (("问题段", "problem"), ("对策段", "countermeasure"))
    }
    numbers = {n: listed["report"].map(c).fillna(0).astype(int) for n, c in counts.items()}
    frame = pd.DataFrame({"层级": listed["group_name"], "报告": listed["title"], **numbers})
    return frame.assign(说明=listed["report"].map(why).fillna(""))


def show_trust(material: Material) -> Panel:
    """How far to trust it: agreement with labels, n, limits."""
    title, _, more = material.accuracy.partition("（")
    limits = (
        *([more.removesuffix("）。") + "。"] if more else []),
        *([READ_SCORES] if material.scores is not None else []),
        "一段未被识别，不等于报告没有说；一段被识别，也可能识别错了：引用前请核对原文。",
        "“未提到”不等于没有这个问题；没有问题部分的报告，未提到的记作“无从判断”，不进分母。",
        f"不足 {PERCENT_FROM} 份的组只数份数，不用百分比；1–2 份的层级不能代表该级。",
    )
    table = None if material.scores is None else list_trust(material.scores)
    return Panel("trust", title.rstrip("。"), table=table, points=(*limits, *material.remarks))


def list_trust(scores: pd.DataFrame) -> pd.DataFrame:
    """The main scores in everyday words: one row for each thing that is judged."""
    rows = []
    for (part, name), words in JUDGED.items():
        for row in scores[(scores["项目"] == part) & (scores["名称"] == name)].to_dict("records"):
            same = row["F1"] if pd.isna(row["比例"]) else row["比例"]
            figures = {"查准率": row["查准率"], "查全率": row["查全率"], "一致程度": same}
            said = {k: "–" if pd.isna(v) else f"{v:.2f}" for k, v in figures.items()}
            said |= {"人工标注数": str(row["标注数"]), "各份报告之间": row["各份"] or "–"}
            rows.append({"判断什么": words} | said)
    return pd.DataFrame(rows)
