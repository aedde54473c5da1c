"""What charts say about the reports themselves: columns and their labels, captions, caveats."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import pandas as pd

from analysis.charts import style
from analysis.charts.sheet import ChartError
from analysis.counting import MISSING, UNJUDGED_SECTIONS, group_reports
from analysis.says import genre_counts, value_name
from analysis.schema import suggest
from analysis.vocabulary import GENRES

# 1–2 reports of a group stand as columns of their own; 3–4 as dots with k/n.
COLUMNS_UP_TO = 2
# Full titles of shortened labels stand in the caption up to two lines; else the CSV has them.
TITLES_IN_CAPTION = 200  # characters
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
UNSTABLE = "※"
UNSTABLE_NOTE = f"{UNSTABLE} 归类不稳定的主题，引用前请看原文。"
UNKNOWN_WHY = {"lost": "来源缺问题部分", "none": "没有单列问题部分"}


def list_reports(reports: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the reports that were read, in the order of their columns.

    Returns
    -------
    pandas.DataFrame
        Columns ``report``, ``title`` (the report's name where it has none), ``genre``, ``group``,
        ``group_name``, ``problem_section``; groups in their order, reports by name.

    Raises
    ------
    ChartError
        No report was read.
    """
    groups = group_reports(reports, by)
    if groups.empty:
        raise ChartError("没有可以画图的报告：请先把报告放进 data/reports/，再运行分析。")
    frame = reports[reports["report"].isin(groups.index)].copy()
    frame["group"] = frame["report"].map(groups.astype("str"))
    order = {group: place for place, group in enumerate(groups.cat.categories)}
    frame["place"] = frame["group"].map(order)
    frame["title"] = frame["title"].fillna(frame["report"]).map(style.clean)
    frame["group_name"] = [value_name(by, group) for group in frame["group"]]
    columns = ["report", "title", "genre", "group", "group_name", "problem_section"]
    return frame.sort_values(["place", "report"])[columns].reset_index(drop=True)


def select_rates(rates: pd.DataFrame, by: str, kind: str) -> pd.DataFrame:
    """Return the rates of one grouping and kind.

    Raises
    ------
    ChartError
        The table has no such grouping.
    """
    found = rates[(rates["by"] == by) & (rates["kind"] == kind)]
    if found.empty:
        allowed = list(dict.fromkeys(rates["by"]))
        raise ChartError(
            f"结果中没有按 “{by}” 的分组；已有：{'、'.join(allowed) or '无'}{suggest(by, allowed)}"
        )
    return found


def name_items(book, kind: str) -> pd.DataFrame:
    """Return the issues or themes of the codebook: columns ``key``, ``name``, ``short``."""
    table, key = {"issue": ("issues", "issue"), "theme": ("theme_names", "theme")}[kind]
    frame = book[table].rename(columns={key: "key"})
    return frame.assign(short=frame.get("short", frame["name"]))[["key", "name", "short"]]


def list_unstable(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the themes whose passages do not keep together, where there is a table of them."""
    themes = tables.get("themes")
    return [] if themes is None else list(themes.loc[themes["unstable"], "theme"])


def check_issue(issue: str, book) -> None:
    """Raise :class:`ChartError` where the codebook has no such issue."""
    names = dict(zip(book["issues"]["issue"], book["issues"]["short"], strict=True))
    if issue in names:
        return
    near = difflib.get_close_matches(issue, [*names, *names.values()], n=1, cutoff=0.5)
    hint = f"；是否想写 {near[0]}？" if near else ""
    allowed = "、".join(f"{key}（{name}）" for key, name in names.items())
    raise ChartError(f"没有问题表现 “{issue}”{hint} 可用：{allowed}")


def group_heading(members: pd.DataFrame, by: str) -> str:
    """Return the heading of a group, unlike genres named: “市级 2 份（报告1、讲话1）”."""
    if by == "report":
        return ""
    heading = f"{members['group_name'].iloc[0]} {len(members)} 份"
    genres = list(members["genre"])
    if by == "genre" or set(genres) == {"report"}:
        return heading
    if len(genres) == 1:
        return f"{heading}（{genre_name(genres[0])}）"
    return f"{heading}（{genre_counts(genres)}）"


def genre_name(genre) -> str:
    """Return the Chinese name of a genre, also of a missing one."""
    return GENRES.get(genre, "文种未注明")


def label_reports(listed: pd.DataFrame, width: float, size: float) -> tuple[list[list[str]], dict]:
    """Fit each title into two lines of ``width`` inches.

    Returns
    -------
    (list of list of str, dict)
        The lines of each label; the full titles of those that were shortened, by a circled number
        that begins the label.
    """
    labels, full = [], {}
    for title in listed["title"]:
        lines = _balance(title, width, size)
        if lines[-1].endswith(style.ELLIPSIS) and not title.endswith(style.ELLIPSIS):
            number = CIRCLED[len(full)] if len(full) < len(CIRCLED) else f"（{len(full) + 1}）"
            full[number] = title
            lines = style.wrap(number + title, width, size, lines=2)
        labels.append(lines)
    return labels, full


def _balance(title: str, width: float, size: float) -> list[str]:
    """Break into two lines of about the same length, so that no single character is left over."""
    lines = style.wrap(title, width, size, lines=2)
    if len(style.wrap(title, width, size)) == 2:
        narrow = style.text_width(title, size) / 2
        while len(style.wrap(title, narrow, size)) > 2:
            narrow += size / style.POINTS_PER_INCH / 4
        lines = style.wrap(title, min(narrow, width), size, lines=2)
    return lines


def write_caption(
    listed: pd.DataFrame,
    passages: pd.DataFrame,
    by: str,
    *,
    judged: bool = True,
    full: dict[str, str] | None = None,
    extra: tuple[str, ...] = (),
    note: str | None = None,
) -> str:
    """Write the caption: n, who cannot be judged, what the chart cannot say.

    Parameters
    ----------
    listed : pandas.DataFrame
        From :func:`list_reports`.
    passages : pandas.DataFrame
        Table ``passages``: problem and countermeasure passages are counted.
    judged : bool
        Whether the chart says which report mentions what.
    full : dict, optional
        From :func:`label_reports`.
    extra, note : tuple of str, str
        More sentences of the chart; of the caller (precision and recall of the tagging).
    """
    parts = [_say_total(listed, by, passages)]
    if judged:
        parts += [*_say_unknown(listed), "未提到不等于无此问题。"]
    parts += [*_say_single(listed, by), *extra]
    if full:
        titles = "；".join(f"{number}{title}" for number, title in full.items())
        listable = len(titles) <= TITLES_IN_CAPTION
        parts.append(f"全称：{titles}。" if listable else "报告全称见同名 CSV 文件。")
    if note:
        parts.append(note if note.endswith("。") else f"{note}。")
    return "".join(parts)


def missing_sign_note(*texts: str) -> tuple[str, ...]:
    """Explain 〓 where one of the texts has it."""
    found = any(style.UNDRAWABLE in text for text in texts)
    return ("〓 代表字库中没有的字。",) if found else ()


def _say_total(listed: pd.DataFrame, by: str, passages: pd.DataFrame) -> str:
    counts = listed.groupby("group_name", sort=False).size()
    groups = "、".join(f"{name}{n}" for name, n in counts.items())
    groups = "" if by in ("all", "report") else f"（{groups}）"
    own = passages[passages["report"].isin(listed["report"])]
    problems = int((own["problem_sentences"].fillna(0) > 0).sum())
    measures = int((own["countermeasure_sentences"].fillna(0) > 0).sum())
    return f"共 {len(listed)} 份报告{groups}，{problems} 个问题段、{measures} 个对策段。"


def _say_unknown(listed: pd.DataFrame) -> list[str]:
    unknown = listed[listed["problem_section"].isin(UNJUDGED_SECTIONS)]
    if unknown.empty:
        return []
    parts = []
    for state, why in UNKNOWN_WHY.items():
        titles = list(unknown.loc[unknown["problem_section"] == state, "title"])
        if titles:
            some = "".join(f"《{short_title(t)}》" for t in titles[:2])
            more = f"等 {len(titles)} 份" if len(titles) > 2 else ""
            parts.append(f"{some}{more}{why}")
    return [f"{'，'.join(parts)}：其中未提到的无从判断，不计入分母。"]


def short_title(title: str, length: int = 16) -> str:
    """Cut a title that is only mentioned in passing."""
    return title if len(title) <= length else title[: length - 1] + style.ELLIPSIS


def _say_single(listed: pd.DataFrame, by: str) -> list[str]:
    if by in ("all", "report"):
        return []
    sizes = listed.groupby(["group", "group_name"], sort=False).size().reset_index(name="n")
    stated = sizes[~sizes["group"].isin(MISSING)]
    single = list(stated.loc[stated["n"] == 1, "group_name"])
    what = "层级" if by == "level" else "分组"
    parts = []
    if single:
        each = "各" if len(single) > 1 else ""
        parts.append(f"{'、'.join(single)}{each}只有 1 份，不能代表所在{what}。")
    if len(sizes) > 1:
        parts.append(f"{what}之间的差别，也可能出自作者、年份或篇幅。")
    return parts
