"""What a run found and where it put it, in Chinese, for the terminal and the notebooks."""

from __future__ import annotations

import pandas as pd

from analysis.study.describe import SECTION_NOTES, describe, doubts, failures, notices
from analysis.vocabulary import CHANGE_KINDS, LEVELS

TOLD = ("report", "rules", "issue", "theme", "count", "label")  # kinds of changes
TOP_ISSUES = 5  # as many as fit beside each other on a terminal without scrolling


def summarise(study) -> str:
    """Return the closing words of a run.

    Parameters
    ----------
    study : analysis.study.Study
        Its tables ``reports``, ``passages`` and ``rates``, remarks and workspace are read.
    """
    reports = study.tables["reports"]
    ok, failed = reports[reports["status"] == "ok"], failures(study)
    lines = describe(study)[:1]
    lines += _list_reports(ok, study.tables["passages"])
    if failed:
        lines += ["", f"有 {len(failed)} 份未能读取，其余不受影响："]
        lines += [f"  ✗ {message}" for message in failed]
    remarks = notices(study) + study.notes
    if remarks:
        lines += ["", "请留意："]
        lines += [f"  · {remark}" for remark in remarks]
    if len(ok):
        lines += ["", "提到最多的问题（认定存在；先数报告，再数问题段）："]
        lines += _list_issues(study.tables["rates"], study.book)
        lines += ["", *doubts(study)]
    lines += ["", _say_update(study)]
    root = study.workspace.root
    lines += [
        "",
        f"表格：{study.workspace.results.relative_to(root)}/",
        "图，汇报稿 briefing.pptx、工作簿 workbook.xlsx、附表 annex.docx："
        f"{study.workspace.figures.relative_to(root)}/",
        f"（都在 {root}）",
        "查一个数字的出处：python -m analysis trace level/county/issue/two_skins/asserted",
    ]
    return "\n".join(lines)


def _say_update(study) -> str:
    """How much changed since the last run with other inputs, and where it is told."""
    kinds = study.tables["changes"]["kind"].value_counts()
    if kinds.empty:
        return study.update_note().split("\n\n", 1)[1].strip()
    counted = [f"{CHANGE_KINDS[k]} {kinds[k]} 处" for k in TOLD if k in kinds]
    told = "、".join(counted) or "只有细小变动"
    return f"与上一次相比的变化：{told}；说明见 data/results/changes.md。"


def _list_reports(reports: pd.DataFrame, passages: pd.DataFrame) -> list[str]:
    rows = []
    for row in reports.itertuples():
        mine = passages[passages["report"] == row.report]
        problems = int((mine["problem_sentences"] > 0).sum())
        answers = int((mine["countermeasure_sentences"] > 0).sum())
        level = LEVELS.get(row.level, LEVELS["unstated"])
        title = row.title if isinstance(row.title, str) else row.report
        note = SECTION_NOTES.get(row.problem_section)
        tail = f"；{note}" if note else ""
        rows.append(f"  {level}《{title}》：问题段 {problems}、对策段 {answers}{tail}")
    return rows


def _list_issues(rates: pd.DataFrame, book) -> list[str]:
    wanted = (rates["by"] == "all") & (rates["kind"] == "issue") & (rates["stance"] == "asserted")
    rows = rates[wanted & (rates["reports_with"] > 0)]
    rows = rows.sort_values(["reports_with", "passages_with"], ascending=False, kind="stable")
    return [
        f"  {book.names[row.key]}：{row.reports} 份可判断的报告中 {row.reports_with} 份，"
        f"{row.passages} 个问题段中 {row.passages_with} 段"
        + (f"（另有 {row.reports_unknown} 份无从判断）" if row.reports_unknown else "")
        for row in rows.head(TOP_ISSUES).itertuples()
    ]
