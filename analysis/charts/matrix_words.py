"""Issues or themes by group, between the steps: titles, words of the legend, CSV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analysis.charts.matrix import NO_ANSWER, count_answers, count_matrix
from analysis.vocabulary import RATE_STANCES

FORM_NAMES = {"total": "合计", "column": "报告", "dot": "报告"}
CSV_COLUMNS = {
    "rate": "数字编号",
    "row": "行",
    "name": "名称",
    "stance_name": "态度",
    "form_name": "图形",
    "group_name": "组",
    "report": "报告",
    "title": "报告标题",
    "state": "状态",
    "reports_with": "提到的报告数",
    "reports": "可判断的报告数",
    "reports_unknown": "无从判断的报告数",
    "passages_with": "提到的段数",
    "passages": "段数",
    "sentences_with": "提到的句数",
    "sentences": "句数",
    "gaps": "有问题未见对策的报告数",
    "reverse": "有对策未见问题的报告数",
    "says": "说明",
}


def say_issues(marks: pd.DataFrame) -> str:
    """Return the title: the issue that most reports assert, with both denominators."""
    total = _total(marks, "asserted")
    top = total.iloc[0]
    if not top["reports_with"]:
        return f"这 {len(total)} 种问题表现均未提到；未提到不等于无此问题"
    names, same = _leaders(total, "种问题")
    judged = "能够判断的 " if top["reports_unknown"] else ""
    k, n = top["reports_with"], top["reports"]
    passages = f"{top['passages_with']}/{top['passages']} 个问题段"
    if same > 1:
        return f"{judged}{n} 份报告中，提到{names}的各有 {k} 份，各涉及 {passages}"
    return f"{judged}{n} 份报告中 {k} 份{'都' if k == n > 1 else ''}提到{names}，涉及 {passages}"


def say_themes(marks: pd.DataFrame) -> str:
    """Return the title: the theme of most problems and that of most countermeasures."""
    parts = []
    for stance, name in (("asserted", "问题"), ("addressed", "对策")):
        total = _total(marks, stance)
        top = total.iloc[0]
        if not top["reports_with"]:
            parts.append(f"{name}段均未谈到这 {len(total)} 个主题")
            continue
        names, same = _leaders(total, "个主题")
        reports = f"{top['reports_with']}/{top['reports']} 份"
        passages = f"{top['passages_with']}/{top['passages']} 个{name}段"
        each = "各 " if same > 1 else ""
        parts.append(f"{name}谈得最多的是{names}（{each}{reports}、{passages}）")
    return "，".join(parts)


def say_answers(marks: pd.DataFrame) -> str:
    """Return the title: in how many themes some report has problems and no countermeasure."""
    total = _total(marks, "asserted")
    n, k = len(total), int((total["gaps"] > 0).sum())
    reports = int((total["reports"] + total["reports_unknown"]).max())
    if not total["reports_with"].any():
        return f"{reports} 份报告的问题段均未谈到这 {n} 个主题，无从对照问题与对策"
    if not k:
        return f"{n} 个主题中 0 个有问题而未见对策（共 {reports} 份报告，无从判断的不计）"
    where = "这份报告" if reports == 1 else "至少 1 份报告"
    return f"{n} 个主题中 {k} 个在{where}里有问题而未见对策"


def _total(marks: pd.DataFrame, stance: str) -> pd.DataFrame:
    total = marks[(marks["form"] == "total") & (marks["stance"] == stance)]
    order = ["reports_with", "passages_with", "row"]
    return total.sort_values(order, ascending=[False, False, True])


def _leaders(total: pd.DataFrame, unit: str) -> tuple[str, int]:
    """Name the rows with the same counts as the first, at most three, and say how many."""
    columns = ["reports_with", "passages_with", "reports", "passages"]
    same = total[(total[columns] == total[columns].iloc[0]).all(axis=1)]
    names = "".join(f"“{name}”" for name in same["short"][:3])
    return names + (f"等 {len(same)} {unit}" if len(same) > 3 else ""), len(same)


def describe_marks(marks: pd.DataFrame, words: Words, groups: int) -> str:
    """Return the alternative text: the form, then the five rows named most."""
    total = _total(marks, "asserted")
    text = f"表格式点图：行为 {len(total)} {words.unit}，列为报告，分 {groups} 组。"
    most = "；".join(
        f"{t.short}（{t.reports_with}/{t.reports} 份、{t.passages_with}/{t.passages} 个问题段）"
        for t in total.head(5).itertuples()
        if t.reports_with
    )
    text += f"提到最多的依次是{most}。" if most else ""
    absent = list(total.loc[total["reports_with"] == 0, "short"])
    text += f"未提到的 {len(absent)} {words.unit[0]}：{'、'.join(absent)}。" if absent else ""
    if "gaps" in marks:
        missing = total[total["gaps"] > 0].sort_values("row")
        text += "有问题而未见对策的：" if len(missing) else ""
        text += "；".join(
            f"{t.short}（{t.reports_with} 份谈到问题的报告中 {t.gaps} 份）"
            for t in missing.itertuples()
        )
    return text.rstrip("。") + "。"


def name_columns(marks: pd.DataFrame) -> pd.DataFrame:
    """Return the marks as the CSV beside the picture: Chinese names, one row per mark."""
    frame = marks.assign(
        row=marks["row"] + 1,
        stance_name=marks["stance"].map(RATE_STANCES),
        form_name=marks["form"].map(FORM_NAMES).fillna("组"),
    )
    columns = {key: name for key, name in CSV_COLUMNS.items() if key in frame}
    return frame[list(columns)].rename(columns=columns)


@dataclass(frozen=True)
class Words:
    """How one of the three matrices is made and worded.

    Attributes
    ----------
    count, say : callable
        Make the frame of marks; its title.
    unit, subtitle : str
        What the rows are; what is under the title.
    halves : dict of str to str
        Headings of the two halves of a column of one report, by stance.
    total : dict of str to str
        The same for all reports and for groups.
    legend : dict of str to str
        Words of each mark.
    notes : tuple of str
        Sentences of the caption.
    """

    count: Callable[..., pd.DataFrame]
    say: Callable[[pd.DataFrame], str]
    unit: str
    subtitle: str
    halves: dict[str, str]
    total: dict[str, str]
    legend: dict[str, str]
    notes: tuple[str, ...] = ()


ABSENT = {"absent": "未提到", "unknown": "无从判断"}
THEME_LEGEND = {"asserted": "问题段中谈到", "addressed": "对策段中谈到"}
ISSUE_HALVES = {"asserted": "提到", "addressed": "拟解决"}
THEME_HALVES = {"asserted": "问题段", "addressed": "对策段"}
WORDS = {
    "issue": Words(
        count_matrix,
        say_issues,
        "种问题表现",
        "哪些报告提到、哪些报告拟解决；按提到的报告数、问题段数排列",
        ISSUE_HALVES,
        ISSUE_HALVES,
        {
            "asserted": "提到：认定存在这一问题（问题段）",
            "addressed": "拟解决：要解决或防止（对策段）",
        }
        | ABSENT,
    ),
    "theme": Words(
        count_matrix,
        say_themes,
        "个主题",
        "哪些报告在问题段中谈到、哪些在对策段中谈到；按谈到问题的报告数、问题段数排列",
        THEME_HALVES,
        THEME_HALVES,
        THEME_LEGEND | ABSENT,
        ("一段可谈到几个主题，各段数相加可多于总段数。",),
    ),
    "answer": Words(
        count_answers,
        say_answers,
        "个主题",
        "同一份报告里，一个主题有没有问题段、有没有对策段；有问题而未见对策的排在前面",
        THEME_HALVES,
        {"asserted": "谈到问题", "addressed": f"其中{NO_ANSWER}"},
        THEME_LEGEND | {"gap": f"有问题、{NO_ANSWER}"} | ABSENT,
        (
            "按主题对照，不是逐条对应：同一主题有对策，不等于每个问题都有对策；"
            f"“{NO_ANSWER}”也可能是对策写在别的主题里。",
        ),
    ),
}
