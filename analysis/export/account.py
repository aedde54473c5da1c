"""The slides that give account: what changed against the last run, how far to trust this one."""

from __future__ import annotations

import pandas as pd

from analysis.export.material import Material
from analysis.export.panel import Panel
from analysis.says import PERCENT_FROM

READ_SCORES = "查准率：程序判出的有多少是对的；查全率：人工标出的有多少被找到；1 为完全一致。"
# What the scores are of: part and name in the table of scores, and everyday words.
JUDGED = {
    ("角色", "问题"): "哪些句子在讲问题",
    ("角色", "对策"): "哪些句子在提对策",
    ("主题", "微平均"): "句子属于哪个主题",
    ("问题表现", "微平均"): "句子讲到哪种问题表现",
    ("态度", "准确率"): "是认定存在，还是拟解决等其他态度",
    ("问题与对策", "有没有对策"): "问题在本报告中有没有对策",
    ("问题与对策", "第一条对策正确"): "给出的对策是不是回应这个问题",
}


def show_update(material: Material) -> Panel:
    """本次更新: what changed against the last run; of a first run, the reports."""
    part, rows, said = "报告", [], []
    for line in material.update.splitlines():
        if line.startswith("## "):
            part = line.removeprefix("## ")
        elif line.startswith("- "):
            rows.append((part, line.removeprefix("- ")))
        elif line and not line.startswith("#"):
            said += [sentence + "。" for sentence in line.split("。") if sentence]
    title = "本次更新：" + ("".join(said[:1]).rstrip("。") or "没有可比的上一次")
    if not rows and len(said) < 2:
        title += f"，本次 {len(material.listed)} 份报告"
    points = ("".join(said[1:]),) if len(said) > 1 else ()
    table = pd.DataFrame(rows, columns=["方面", "变化"])
    table.attrs["whole"] = "data/results/changes.md"
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
    if material.scores is None:
        title = f"{len(material.listed)} 份报告中 0 份有人工标注，识别的准确程度未经检验"
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
        for row in scores[(scores["项目"] == part) & scores["名称"].str.startswith(name)].to_dict(
            "records"
        ):
            same = row["F1"] if pd.isna(row["比例"]) else row["比例"]
            figures = {"查准率": row["查准率"], "查全率": row["查全率"], "一致程度": same}
            said = {k: "–" if pd.isna(v) else f"{v:.2f}" for k, v in figures.items()}
            said |= {"人工标注数": str(row["标注数"]), "各份报告之间": row["各份"] or "–"}
            rows.append({"判断什么": words} | said)
    return pd.DataFrame(rows)
