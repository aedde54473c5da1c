"""A run in a few lines of Chinese, for the terminal and for the first cell of a notebook."""

from __future__ import annotations

from html import escape

from analysis.counting import group_reports
from analysis.doubt import say_doubt
from analysis.says import genre_counts, value_name
from analysis.study.repeats import say_repeats
from analysis.unexplained import say_unexplained

# Why a report that does not mention a problem cannot be judged.
SECTION_NOTES = {"none": "没有单列问题部分", "lost": "来源缺问题部分"}


def describe(study) -> list[str]:
    """Say how many reports of which level and genre there are, and how many passages."""
    reports, passages = study.tables["reports"], study.tables["passages"]
    ok = reports[reports["status"] == "ok"]
    if ok.empty:
        return ["已分析 0 份报告。"]
    counts = group_reports(reports, "level").value_counts(sort=False)
    levels = "、".join(f"{value_name('level', level)} {n} 份" for level, n in counts.items())
    problems = int((passages["problem_sentences"] > 0).sum())
    answers = int((passages["countermeasure_sentences"] > 0).sum())
    return [
        f"已分析 {len(ok)} 份报告。",
        f"层级：{levels}；文种：{genre_counts(ok['genre'].tolist())}。",
        f"共 {len(passages)} 段，其中问题段 {problems}、对策段 {answers}。",
        *([study.scope] if study.scope else []),
        *doubts(study),
    ]


def doubts(study) -> list[str]:
    """What the program does not know: labels with little behind them, passages without issue."""
    t = study.tables
    return [
        say_doubt(t["sentences"], t["passages"]),
        say_unexplained(t["passages"], t["unexplained"]),
    ]


def failures(study) -> list[str]:
    """One line for each report that could not be read."""
    reports = study.tables["reports"]
    return reports.loc[reports["status"] == "failed", "message"].tolist()


def notices(study) -> list[str]:
    """What the analyst should know of single reports and of what was entered about them."""
    reports = study.tables["reports"]
    noted = reports[(reports["status"] == "ok") & reports["message"].notna()]
    own = [f"{row.file}：{row.message}" for row in noted.itertuples()]
    return own + say_repeats(study.whole.tables, counted=not study.scope) + study.remarks


def as_text(study) -> str:
    """The description for a console."""
    lines = describe(study)
    lines += [f"未能读取：{line}" for line in failures(study)]
    lines += [f"请留意：{line}" for line in notices(study)]
    return "\n".join([*lines, *([study.stale] if study.stale else [])])


def as_html(study) -> str:
    """The description for a notebook, what is out of date in a box of its own."""
    first, *others = describe(study)
    others += [f"未能读取：{line}" for line in failures(study)]
    others += [f"请留意：{line}" for line in notices(study)]
    items = "".join(f"<li>{escape(line)}</li>" for line in others)
    html = f"<p><b>{escape(first)}</b></p><ul>{items}</ul>"
    if study.stale:
        style = "border-left: 4px solid #d9822b; padding: 0.4em 0.8em"
        html += f'<p style="{style}"><b>{escape(study.stale)}</b></p>'
    return html
