"""Sentences that are judged otherwise, and what a person may want to look at."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.changes_text.words import (
    FIRST_LIST,
    because,
    either,
    list_items,
    spaced,
)

QUOTED, EXAMPLES = 40, 3  # characters of a sentence that stands as an example; examples


def say_labels(rows: pd.DataFrame, sentences: Mapping[str, str]) -> list[str]:
    """How many sentences are judged otherwise, by cause, with examples."""
    if rows.empty:
        return []
    lines = ["", "## 文件没有变、判断变了的句子", ""]
    places = rows["key"].str.rsplit("/", n=1, expand=True).set_axis(["place", "field"], axis=1)
    rows = rows.join(places)
    for why, part in rows.groupby(rows["because_of"].fillna("原因不明"), sort=False):
        count = part["place"].nunique()
        some = "，例如" if len(part) > EXAMPLES else ""
        lines.append(f"- 因为{spaced(why)}变了 {count} 句{some}：")
        for row in part.head(EXAMPLES).itertuples():
            was, now = (f"“{v}”" if isinstance(v, str) else "无" for v in (row.before, row.after))
            text = sentences.get(row.place, "")
            text = text[:QUOTED] + "……" * (len(text) > QUOTED)
            report = row.place.rsplit("/", 1)[0]
            lines.append(f"  - {report}：“{text}”，{row.field}由{was}变为{now}")
    return lines


def say_hints(of: Mapping[str, pd.DataFrame], names: Mapping[str, str], none) -> list[str]:
    """What a person may want to look at: wording, themes proposed, themes that do not hold."""
    items = []
    rows = of.get("unexplained", none)
    for side, word in (("after", "多了"), ("before", "少了")):
        causes = rows.loc[rows[side].notna(), "because_of"]
        if len(causes):
            why = "、".join(dict.fromkeys(causes.dropna()))
            what = f"没有对上任何问题表现的问题段{word} {len(causes)} 段"
            items.append(f"{what}（因为{spaced(why).rstrip()}）")
    for row in of.get("proposed", none).itertuples():
        state = "不再建议" if pd.isna(row.after) else "新建议"
        items.append(f"{state}一个主题，由人决定是否采用：{either(row)}{because(row, None)}")
    for row in of.get("stability", none).itertuples():
        name = names.get(row.key, row.key)
        items.append(f"主题“{name}”由{row.before}变为{row.after}{because(row, None)}")
    return list_items("可以看一看", items, FIRST_LIST)
