"""The reports that came, went or were edited, and the rules that did."""

from __future__ import annotations

import re

import pandas as pd

from analysis.changes.causes import ADDED, CATALOGUE, EDITED, GONE, RENAMED, TWINS
from analysis.changes_text.words import either, spaced

REPORTS = 10  # items of the list, as many as are listened to when it is read aloud
REPORT = re.compile(r"(?P<level>.+?)《(?P<title>.+)》，(?P<counts>.+)")  # how a report is described


def say_reports(rows: pd.DataFrame) -> list[str]:
    """What became of each report, the first ones."""
    items = []
    for row in rows.itertuples():
        if row.because_of in (ADDED, GONE):
            items.append(f"{row.because_of}：{row.key}，{either(row)}")
        elif row.because_of.startswith(RENAMED):
            rest = row.because_of.removeprefix(RENAMED).replace("；", "，", 1)
            items.append(
                f"改名：{spaced(row.before).lstrip()}改为{spaced(row.after)}，内容没有变{rest}"
            )
        elif row.because_of == EDITED:
            items.append(f"{EDITED}：{row.key}，{_say_edit(row)}")
        elif row.because_of.startswith(TWINS):
            items.append(f"{TWINS}变了：{row.key}，{_say_edit(row)}")
        else:
            cause, _, fields = row.because_of.rpartition("：")
            entered = cause.startswith(CATALOGUE)
            said = f"{CATALOGUE} 改了 {row.key} 的" if entered else f"{cause}使 {row.key} 改变了"
            items.append(f"{said}{fields}：{_say_edit(row)}")
    more = len(items) - REPORTS
    return items[:REPORTS] + ([f"还有 {more} 份报告有变"] if more > 0 else [])


def _say_edit(row) -> str:
    """What a report had and has; what is the same is told once."""
    was, now = (REPORT.fullmatch(said) for said in (row.before, row.after))
    if was is None or now is None:
        return f"原为{row.before}；现为{row.after}"
    titles = (f"《{said['title']}》" for said in (was, now))
    title = "改题为".join(dict.fromkeys(titles))
    parts = [f"由{spaced(was[p])}变为{now[p]}" for p in ("level", "counts") if was[p] != now[p]]
    return f"{title}{'，'.join(parts) or '，' + now['counts']}"


def say_rule(row) -> str:
    """What became of a file of the codebook, or of the program."""
    new, gone = pd.isna(row.before), pd.isna(row.after)
    return "是新增的" if new else "不再有了" if gone else "有改动"
