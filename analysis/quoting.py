"""The sentences behind a number, as printed and in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.compare import MENTIONED, NOT_MENTIONED, UNKNOWN
from analysis.counting import (
    UNJUDGED_SECTIONS,
    can_be_unknown,
    group_reports,
)
from analysis.doubt import mark_doubt
from analysis.errors import AnalysisError
from analysis.vocabulary import (
    ADDED,
    KINDS,
    LEARNED,
    LEVELS,
    RATE_STANCES,
    SECTION_STATES,
    STANCES,
)

# How many similar ids a message offers, and among how many it looks for them.
SUGGESTED, COMPARED = 3, 400
QUOTE_COLUMNS = [
    *("rate", "report", "title", "level", "heading_path", "start", "end", "quote", "marked"),
    *("role", "stance", "pattern", "doubt", "sentence"),
]


class RateError(AnalysisError):
    """A rate that does not exist; the message is one line of Chinese and suggests others."""


def quotes(
    rate: str | Iterable[str],
    tables: Mapping[str, pd.DataFrame],
    sources: Mapping[str, str],
    *,
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return the sentences behind one rate or several, as printed in the source.

    Parameters
    ----------
    rate : str or iterable of str
        Ids of the table ``rates``.
    tables : mapping of str to pandas.DataFrame
        ``rates``, ``evidence``, ``reports``, ``passages``, ``sentences`` and ``mentions``.
    sources : mapping of str to str
        The source of each report; ``quote`` is ``source[start:end]``.
    names : mapping of str to str, optional
        Chinese names of keys (``Codebook.names``); without it a role stays a key.

    Returns
    -------
    pandas.DataFrame
        One row per rate and sentence, columns :data:`QUOTE_COLUMNS`. ``marked`` is the quote with
        the mentions in 【】; ``level``, ``role`` and ``stance`` are in Chinese; several stances or
        patterns of one sentence are joined by “、”. ``doubt`` names the labels with little behind
        them (角色, 主题).

    Raises
    ------
    RateError
        No such rate.
    """
    wanted = [rate] if isinstance(rate, str) else list(rate)
    for one in wanted:
        _find_rate(one, tables["rates"])
    evidence = tables["evidence"]
    items = evidence[evidence["rate"].isin(wanted)]
    sentences = tables["sentences"].assign(doubt=mark_doubt(tables["sentences"]))
    columns = ["sentence", "start", "end", "role", "doubt"]
    items = items.merge(sentences[columns], on="sentence", how="left")
    items = items.merge(tables["passages"][["passage", "heading_path"]], on="passage", how="left")
    items = items.merge(tables["reports"][["report", "title", "level"]], on="report", how="left")
    spans = tables["mentions"][["mention", "start", "end", "stance", "pattern"]]
    spans = spans.rename(columns={"start": "from", "end": "to"})
    items = items.merge(spans, on="mention", how="left")
    rows = [
        _quote_row(group, sources[group["report"].iloc[0]], names or {})
        for _, group in items.groupby(["rate", "sentence"], sort=False)
    ]
    return pd.DataFrame(rows, columns=QUOTE_COLUMNS)


def _quote_row(items: pd.DataFrame, source: str, names: Mapping[str, str]) -> dict:
    first = items.iloc[0]
    start, end = int(first["start"]), int(first["end"])
    named = items[items["from"].notna()]
    spans = list(zip(named["from"].astype(int), named["to"].astype(int), strict=True))
    kept = ["rate", "report", "title", "level", "heading_path", "sentence", "doubt"]
    row = first[kept].to_dict()
    return row | {
        "start": start,
        "end": end,
        "quote": source[start:end],
        "marked": mark(source, start, end, spans),
        "level": LEVELS.get(first["level"], LEVELS["unstated"]),
        "role": names.get(first["role"], first["role"]),
        "stance": "、".join(dict.fromkeys(STANCES[s] for s in named["stance"])) or np.nan,
        "pattern": "、".join(dict.fromkeys(named["pattern"])) or np.nan,
    }


def mark(source: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    """Return ``source[start:end]`` with each span in 【】; spans that meet are marked as one."""
    merged: list[list[int]] = []
    for left, right in sorted((max(a, start), min(b, end)) for a, b in spans):
        if left >= right:
            continue
        if merged and left <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], right)
        else:
            merged.append([left, right])
    pieces, at = [], start
    for left, right in merged:
        pieces += [source[at:left], "【", source[left:right], "】"]
        at = right
    return "".join(pieces) + source[at:end]


def trace(
    rate_id: str,
    tables: Mapping[str, pd.DataFrame],
    sources: Mapping[str, str],
    *,
    names: Mapping[str, str] | None = None,
) -> str:
    """Tell in Chinese where a number comes from: its sentence, its reports, every quote.

    Parameters are those of :func:`quotes`. A line break inside a quote is shown as “⏎”.

    Raises
    ------
    RateError
        No such rate; the message offers the nearest ids.
    """
    row = _find_rate(rate_id, tables["rates"])
    behind = quotes(rate_id, tables, sources, names=names)
    key = (names or {}).get(row["key"], row["key"])
    stance = "" if row["kind"] in ("role", "link") else f"（{RATE_STANCES[row['stance']]}）"
    lines = [f"{KINDS[row['kind']]}：{key}{stance}", row["says"]]
    lines += _report_lines(row, tables, set(behind["report"]))
    lines.append(f"出处：{len(behind)} 句" if len(behind) else "出处：没有相应的句子")
    for number, quote in enumerate(behind.to_dict("records"), start=1):
        path = quote["heading_path"] if pd.notna(quote["heading_path"]) else "（无标题）"
        facts = [str(quote["role"]) if pd.notna(quote["role"]) else "角色未定"]
        facts += [quote["stance"]] if pd.notna(quote["stance"]) else []
        facts += [_say_pattern(quote["pattern"])] if pd.notna(quote["pattern"]) else []
        facts += [f"{quote['doubt']}把握不大"] if pd.notna(quote["doubt"]) else []
        lines += [
            "",
            f"[{number}] {quote['report']} · 字符 {quote['start']}–{quote['end']} · {path}",
            f"    {'⏎'.join(quote['marked'].splitlines())}",
            f"    （{'；'.join(facts)}）",
        ]
    return "\n".join(lines)


def _say_pattern(patterns: str) -> str:
    rows = [pattern for pattern in patterns.split("、") if pattern not in (LEARNED, ADDED)]
    if ADDED in patterns.split("、"):
        return "人工更正"
    return f"模式 {'、'.join(rows)}" if rows else "没有命中模式，由用词判断"


def _report_lines(row: Mapping, tables: Mapping[str, pd.DataFrame], having: set) -> list[str]:
    """Name the reports of the group by state: 提到, 未提到, 无从判断 with the reason."""
    groups = group_reports(tables["reports"], row["by"])
    members = groups.index[groups == row["group"]]
    sections = tables["reports"].set_index("report")["problem_section"]
    states: dict[str, list[str]] = {MENTIONED: [], NOT_MENTIONED: [], UNKNOWN: []}
    may_be_unknown = can_be_unknown(row["kind"], row["stance"])
    for report in members:
        section = sections[report]
        if report in having:
            states[MENTIONED].append(report)
        elif may_be_unknown and section in UNJUDGED_SECTIONS:
            states[UNKNOWN].append(f"{report}（问题部分：{SECTION_STATES[section]}）")
        else:
            states[NOT_MENTIONED].append(report)
    return [f"{state} {len(who)} 份：{'、'.join(who)}" for state, who in states.items() if who]


def _find_rate(rate_id: str, rates: pd.DataFrame) -> dict:
    rows = rates[rates["rate"] == rate_id]
    if len(rows):
        return rows.iloc[0].to_dict()
    near = _nearest(rate_id, rates["rate"])
    hint = f"；是否想写：{'、'.join(near)}？" if near else "。"
    raise RateError(
        f"没有编号为 “{rate_id}” 的数字{hint}"
        "编号的写法是“分组/组/类/键/态度”，全部编号见 rates.csv 的 rate 列。"
    )


def _nearest(rate_id: str, ids: pd.Series) -> list[str]:
    """Return the ids most like ``rate_id``: first by equal parts, then by spelling."""
    parts = set(rate_id.split("/"))
    shared = ids.map(lambda one: len(parts & set(one.split("/"))))
    likely = ids[shared.sort_values(ascending=False, kind="stable").index[:COMPARED]]
    return difflib.get_close_matches(rate_id, likely.tolist(), n=SUGGESTED, cutoff=0.5)
