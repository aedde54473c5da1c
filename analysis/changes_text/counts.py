"""Issues and themes that come, go or move, in all reports and on the levels."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.changes.figures import parse_figures
from analysis.changes_text.words import (
    FIRST_LIST,
    OTHER_LISTS,
    because,
    list_items,
)
from analysis.compare import MENTIONED, NOT_MENTIONED, UNKNOWN
from analysis.says import PASSAGE_NAMES, value_name
from analysis.vocabulary import KINDS

STATES = {
    (NOT_MENTIONED, MENTIONED): "原来没有报告提到，现在{now}",
    (MENTIONED, NOT_MENTIONED): "原来{before}，现在没有报告提到",
    (UNKNOWN, MENTIONED): "原来无从判断，现在{now}",
    (MENTIONED, UNKNOWN): "原来{before}，现在无从判断",
    (UNKNOWN, NOT_MENTIONED): "原来无从判断，现在没有报告提到",
    (NOT_MENTIONED, UNKNOWN): "原来没有报告提到，现在无从判断",
}


def say_states(rows, totals: pd.DataFrame, names: Mapping, main: str | None) -> list[str]:
    """Issues and themes that come or go."""
    asserted = totals[totals["stance"] == "asserted"].set_index(["of", "item"])
    items = []
    for row in rows.itertuples():
        pair = {"before": "", "now": ""}
        if (row.kind, row.key) in asserted.index:
            count = asserted.loc[(row.kind, row.key)]
            pair = {"before": _figures(count["before"]), "now": _figures(count["after"])}
        said = STATES[row.before, row.after].format(**pair)
        items.append(
            f"{KINDS[row.kind]}“{names.get(row.key, row.key)}”：{said}{because(row, main)}"
        )
    return list_items("新提到的和不再提到的", items, FIRST_LIST)


def _figures(said: str | None) -> str:
    n = parse_figures(said)
    if n is None:
        return UNKNOWN
    passages = f"{n['passages']} {n['unit']}中 {n['passages_with']} 段"
    return f" {n['reports']} 份中 {n['reports_with']} 份提到，{passages}"


def say_counts(totals, base, came, told: tuple, names: Mapping, main: str | None) -> list[str]:
    """Counts that moved, the largest moves first; those of states told above are left out."""
    kind, stance, heading, shown = told
    rows = totals[(totals["of"] == kind) & (totals["stance"] == stance)]
    if stance == "asserted":
        rows = rows[~rows["item"].isin(came["key"])]
    items = []
    for row in rows.itertuples():
        size, said = say_pair(row, stance)
        items.append((size, f"“{names.get(row.item, row.item)}”{said}{because(row, main)}"))
    items = [said for _, said in sorted(items, key=lambda item: item[0], reverse=True)]
    same = base[(base["by"] == "all") & (base["of"] == kind) & (base["stance"] == stance)]
    rest = f"另有 {len(same)} 个，提到的数量没有变，变的只是总数" if len(same) else ""
    return list_items(heading, items, shown, rest) if items else []


def say_pair(row, stance: str) -> tuple[tuple, str]:
    """How far a count moved, and “由 3 份中 1 份变为 4 份中 2 份，问题段由 … 变为 …”."""
    was, now = parse_figures(row.before), parse_figures(row.after)
    if was is None or now is None:
        before, after = (isinstance(v, str) for v in (row.before, row.after))
        first = f"原为 {row.before}" if before else "原来没有这一项"
        return ((99, 0, 0), f"：{first}，{f'现为 {row.after}' if after else '现在没有这一项'}")
    size = tuple(abs(now[c] - was[c]) for c in ("reports_with", "passages_with", "sentences_with"))
    reports, passages = (
        [f"{n[of]} {unit}中 {n[with_]} {unit}" for n in (was, now)]
        for of, with_, unit in (
            ("reports", "reports_with", "份"),
            ("passages", "passages_with", "段"),
        )
    )
    parts = [_moved("", reports), _moved(PASSAGE_NAMES[stance], passages)]
    unknown = [f"{n['unknown']} 份" for n in (was, now)]
    if unknown[0] != unknown[1]:
        parts.append(_moved(f"{UNKNOWN}的", unknown))
    if not size[0] and not size[1]:
        parts.append(_moved("提到的句子", [f"{n['sentences_with']} 句" for n in (was, now)]))
    return size, "，".join(parts)


def _moved(what: str, pair: list[str]) -> str:
    if pair[0] == pair[1]:
        return f"{what}仍是 {pair[0]}"
    return f"{what}由 {pair[0]}变为 {pair[1]}"


def say_levels(says, counts, names: Mapping, main: str | None) -> list[str]:
    """Statements on a level whose counts moved, as they are now."""
    moved = set(counts["key"])
    told = says["by"].eq("level") & says["of"].eq("issue") & says["stance"].eq("asserted")
    rows = says[told & says["key"].isin(moved)]
    items = []
    for side, text in (("before", "原来没有{}的报告，现在有了"), ("after", "现在没有{}的报告了")):
        for group, part in rows[rows[side].isna()].groupby("group", sort=False):
            items.append(text.format(value_name("level", group)) + because(part.iloc[0], main))
    for row in rows.dropna(subset=["before", "after"]).itertuples():
        items.append(f"“{names.get(row.item, row.item)}”，{row.after}{because(row, main)}")
    return list_items("分级的说法，现在是", items, OTHER_LISTS)
