"""The table of changes in Chinese that can be read aloud: “本次更新说明”."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis.changes.causes import ADDED, GONE
from analysis.compare import UNKNOWN
from analysis.says import value_name
from analysis.vocabulary import KINDS

TITLE = "# 本次更新说明"
FIRST = "第一次分析，没有可比的上一次。"
LOST = "上一次的结果不完整，或者被改动过，没有可比的上一次。"
NOTHING = "结果与上一次完全一样。"
SHOWN = 10  # items of a list; more is no longer read aloud
QUOTED = 40  # characters of a sentence that stands as an example
EXAMPLES = 3
ALL_ROWS = "，全部见 data/results/changes.csv"
# What is told of all reports together: kind, stance, heading.
TOLD = (
    ("issue", "asserted", "问题表现（认定存在）"),
    ("issue", "addressed", "问题表现（拟解决）"),
    ("theme", "asserted", "主题（问题）"),
    ("theme", "addressed", "主题（对策）"),
)


def say_changes(
    changes: pd.DataFrame,
    sizes: tuple[int, int],
    names: Mapping[str, str],
    sentences: Mapping[str, str],
) -> str:
    """Tell what changed.

    Parameters
    ----------
    changes : pandas.DataFrame
        Table ``changes``.
    sizes : tuple of int
        How many reports were read in the older run and in the newer.
    names : mapping of str to str
        Chinese names of issues, themes and roles.
    sentences : mapping of str to str
        Text of the sentences whose labels changed, by ``REPORT/START-END``.

    Returns
    -------
    str
        Markdown.
    """
    lines = [TITLE, "", f"上一次读了 {sizes[0]} 份报告，这一次 {sizes[1]} 份。"]
    if changes.empty:
        return "\n".join([*lines, NOTHING, ""])
    of = dict(iter(changes.groupby("kind", sort=False)))
    none = changes.head(0)
    parts = [
        _say_reports(of.get("report", none)),
        _say_rules(of.get("rules", none)),
        *_say_counts(changes, names),
        _say_levels(changes, names),
        _say_labels(of.get("label", none), of.get("rules", none), sentences),
        _say_proposed(of.get("proposed", none)),
    ]
    return "\n".join([*lines, *(line for part in parts for line in part), ""])


def _section(heading: str, items: list[str], unit: str = "条") -> list[str]:
    if not items:
        return []
    more = [f"- ……共 {len(items)} {unit}{ALL_ROWS}。"] if len(items) > SHOWN else []
    return ["", f"## {heading}", "", *(f"- {item}" for item in items[:SHOWN]), *more]


def _why(row) -> str:
    return f"（因为：{row.because_of}）" if isinstance(row.because_of, str) else ""


def _say_reports(rows: pd.DataFrame) -> list[str]:
    items = []
    for row in rows.itertuples():
        if row.because_of in (ADDED, GONE):
            items.append(f"{row.because_of}：{row.key}，{_either(row)}")
        elif row.before == row.after:
            items.append(f"{row.key}：{row.because_of}，{row.after}")
        else:
            items.append(f"{row.key}：{row.because_of}，原为{row.before}；现为{row.after}")
    return _section("报告", items, "份") or ["", "报告没有变。"]


def _either(row) -> str:
    return row.after if isinstance(row.after, str) else row.before


def _say_rules(rows: pd.DataFrame) -> list[str]:
    items = []
    for row in rows.itertuples():
        new, gone = pd.isna(row.before), pd.isna(row.after)
        items.append(f"{row.key}{'：新增' if new else '：不再有' if gone else '：有改动'}")
    return _section("编码手册和程序", items)


def _cells(changes: pd.DataFrame, kind: str) -> pd.DataFrame:
    rows = changes[changes["kind"] == kind]
    parts = [key.rsplit("/", 3) for key in rows["key"]]
    parts = [[*head.split("/", 1), *rest] for head, *rest in parts]
    columns = ["by", "group", "of", "item", "stance"]
    return rows.join(pd.DataFrame(parts, index=rows.index, columns=columns, dtype="str"))


def _say_counts(changes: pd.DataFrame, names: Mapping[str, str]) -> list[list[str]]:
    """What is told of all reports: counts that moved, one by one; the others by their number."""
    moved, base = (_cells(changes, kind).query("by == 'all'") for kind in ("count", "base"))
    came = changes[changes["kind"].isin(("issue", "theme"))].set_index(["kind", "key"])
    sections = []
    for kind, stance, heading in TOLD:
        rows = moved[(moved["of"] == kind) & (moved["stance"] == stance)]
        first, items = [], []
        for row in rows.itertuples():
            name, said = names.get(row.item, row.item), f"{_say_pair(row)}{_why(row)}"
            if stance == "asserted" and (kind, row.item) in came.index:
                state = came.loc[(kind, row.item)]
                first.append(f"“{name}”从“{state['before']}”变为“{state['after']}”：{said}")
            else:
                items.append(f"“{name}”：{said}")
        items = first + items
        section = _section(heading, items)
        rest = int(((base["of"] == kind) & (base["stance"] == stance)).sum())
        if rest:
            section = section or ["", f"## {heading}", ""]
            section.append(f"- 另有 {rest} 个{KINDS[kind]}，提到的数量没有变，变的只是总数。")
        sections.append(section)
    return sections


def _say_pair(row) -> str:
    """“由 3 份中 1 份，14 个问题段中 2 段，变为 …”; sentences only where nothing else differs."""
    if not isinstance(row.before, str):
        return f"原来没有这一项，现为 {row.after}"
    if not isinstance(row.after, str):
        return f"原为 {row.before}，现在没有这一项"
    was, now = row.before, row.after
    short = [re.sub("，共 [0-9]+ 句", "", text) for text in (was, now)]
    was, now = short if short[0] != short[1] else (was, now)
    unknown = re.compile(f"；(另有 [0-9]+ 份{UNKNOWN})")
    beside = [found[1] if (found := unknown.search(text)) else "" for text in (was, now)]
    if beside[0] == beside[1] != "":
        was, now = unknown.sub("", was), unknown.sub("", now)
        return f"由 {was}，变为 {now}；两次都{beside[0]}"
    was, now = (unknown.sub(r"（\1）", text) for text in (was, now))
    return f"由 {was}，变为 {now}"


def _say_levels(changes: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Statements on a level whose counts moved."""
    moved = set(changes.loc[changes["kind"] == "count", "key"])
    rows = _cells(changes, "says")
    told = rows["by"].eq("level") & rows["of"].eq("issue") & rows["stance"].eq("asserted")
    rows = rows[told & rows["key"].isin(moved)]
    items = []
    for side, text in (("before", "原来没有{}的报告，现在有了"), ("after", "现在没有{}的报告了")):
        for group, part in rows[rows[side].isna()].groupby("group", sort=False):
            items.append(text.format(value_name("level", group)) + _why(part.iloc[0]))
    for row in rows.dropna(subset=["before", "after"]).itertuples():
        said = f"原来说“{row.before}”；现在说“{row.after}”"
        items.append(f"“{names.get(row.item, row.item)}”：{said}{_why(row)}")
    return _section("分级的说法", items)


def _say_labels(rows: pd.DataFrame, rules: pd.DataFrame, sentences: Mapping) -> list[str]:
    if rows.empty:
        same = "编码手册和程序没有变，新来的报告不会改变原有报告的判断。"
        return ["", same if rules.empty else "文件没有变的报告，判断也都没有变。"]
    lines = ["", "## 不是因为报告而变的判断", ""]
    places = rows["key"].str.rsplit("/", n=1, expand=True).set_axis(["place", "field"], axis=1)
    rows = rows.join(places)
    for why, part in rows.groupby(rows["because_of"].fillna("原因不明"), sort=False):
        count = part["place"].nunique()
        lines.append(
            f"- 报告的文件没有变、判断变了的有 {count} 句（因为：{why}）{ALL_ROWS}。例如："
        )
        for row in part.head(EXAMPLES).itertuples():
            was, now = (v if isinstance(v, str) else "无" for v in (row.before, row.after))
            text = sentences.get(row.place, "")
            text = text[:QUOTED] + "……" * (len(text) > QUOTED)
            report = row.place.rsplit("/", 1)[0]
            lines.append(f"  - {report}：“{text}”，{row.field}由“{was}”变为“{now}”")
    return lines


def _say_proposed(rows: pd.DataFrame) -> list[str]:
    items = []
    for row in rows.itertuples():
        state = "不再建议" if pd.isna(row.after) else "新建议"
        items.append(f"{state}：{_either(row)}")
    return _section("建议的新主题（由人决定，程序不会自己采用）", items, "个")
