"""Put a chart that an analyst made or changed into their own copy of the briefing."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from pptx import Presentation

from analysis.charts import Chart, ChartError
from analysis.charts.links import NO_PROBLEM
from analysis.compare import UNKNOWN
from analysis.export.pack import BRIEFING
from analysis.export.panel import SERIES, THEME_SERIES, Panel, Plot, plot_reports
from analysis.export.pictures import replace_file
from analysis.export.slides import draw_panel, save_deck
from analysis.vocabulary import RATE_STANCES

OWN_DECK = "briefing_我的.pptx"
MOST = 12  # categories of a chart made from a plain table
# Columns of the matrices of issues and themes, as the charts' own frame calls them.
COUNTED = {
    "名称": "short",
    "态度": "stance",
    "提到的报告数": "reports_with",
    "可判断的报告数": "reports",
    "无从判断的报告数": "reports_unknown",
    "提到的段数": "passages_with",
    "段数": "passages",
    "状态": "state",
    "数字编号": "rate",
}
# Other charts: columns that name a category, columns that are series, what is counted.
SHAPES = (
    (("组", "报告标题"), ("提到的问题段数", "拟解决的对策段数"), "段数"),
    (("名称",), ("提到的问题段数", "拟解决的对策段数"), "段数"),
    (("主题",), ("换词检验（0到1）", "去一份检验（0到1）"), "仍归在一起的比例"),
    (("问题表现甲", "问题表现乙"), ("同段提到的段数",), "段数"),
    (("问题的主题", "对策的主题"), ("个数",), "个数"),
)
NOT_NATIVE = (
    "这张图里没有能变成可编辑图表的数据：请用 an.plot_… 画的图，或者带类别的柱形图、折线图；"
    "其他的图请用 an.save_chart 存成图片再插入。"
)


def add_slide(figure: Figure, title: str, folder: Path, deck: str = OWN_DECK) -> Path:
    """Append a slide with ``figure`` as a native chart to the analyst's copy of the briefing.

    The copy is made of ``briefing.pptx`` when there is none yet; a run never touches it.

    Parameters
    ----------
    figure : Chart or matplotlib.figure.Figure
        A chart of the library, whose ``data`` may have been changed, or a bar or line chart.
    title : str
        The slide's title, best a sentence.
    folder : pathlib.Path
        ``figures/`` of the workspace.

    Raises
    ------
    ChartError
        There is no briefing yet, the figure has nothing to show, or the file cannot be written.
    """
    figure = figure if isinstance(figure, Figure) else getattr(figure, "figure", None)
    if not isinstance(figure, Figure):
        raise ChartError("add_slide 的第一个参数应是一张图，例如：图 = an.plot_issues(study)")
    plot = read_plot(figure)
    caption = getattr(figure, "caption", "") or "自己加的图；数字见图中的数据表。"
    rates = [f"数字编号：{rate}" for rate in getattr(figure, "rates", [])[:40]]
    presentation = _open(folder, deck)
    draw_panel(presentation, Panel("own", title, caption, plot, list_cells(figure), notes=rates))
    path = replace_file(folder / deck, save_deck(presentation))
    print(f"已加到 {path} 的最后一页")
    return path


def _open(folder: Path, deck: str):
    path = folder / deck
    source = path if path.is_file() else folder / BRIEFING
    if not source.is_file():
        raise ChartError(f"还没有 {BRIEFING}：请先运行笔记本 01，再加自己的页。")
    try:
        return Presentation(io.BytesIO(source.read_bytes()))
    except PermissionError:
        raise ChartError(f"{source} 正被别的程序打开，请先关闭 PowerPoint（WPS）。") from None
    except Exception:  # whatever a damaged file does to zip and XML readers
        raise ChartError(f"{source} 打不开，可能已损坏；请改名或删去它，再加一次。") from None


def read_plot(figure: Figure) -> Plot:
    """Return the numbers of a figure: of its ``data`` where it is one of ours, else as drawn."""
    data = getattr(figure, "data", None) if isinstance(figure, Chart) else None
    plot = _of_drawing(figure) if data is None else _of_data(data)
    if plot is None:
        raise ChartError(NOT_NATIVE)
    return plot


def _of_data(data: pd.DataFrame) -> Plot | None:
    if set(COUNTED) <= set(data.columns):
        rows = data[data["图形"] == "合计"].rename(columns=COUNTED).assign(key=lambda d: d["short"])
        stances = {name: key for key, name in RATE_STANCES.items()}
        rows = rows.assign(stance=rows["stance"].map(stances))
        themes = rows["rate"].str.contains("/theme/").any()
        return plot_reports(rows, THEME_SERIES if themes else SERIES, least=1)
    if {"角色", "报告标题", "字数"} <= set(data.columns):
        wide = data.pivot_table(index="报告标题", columns="角色", values="字数", sort=False)
        frame = wide.astype(int).rename_axis(columns=None).reset_index()
        return _simple(frame.rename(columns={"报告标题": "类别"}), "stacked", "字数")
    for names, series, axis in SHAPES:
        if set(names) | set(series) <= set(data.columns):
            kept = data[data[list(series)].notna().any(axis="columns")]
            kept = kept[kept[names[0]] != NO_PROBLEM]  # counts of sentences, not of problem points
            if "问题表现甲" in names:  # an issue beside itself is no pair
                kept = kept[kept[names[0]] != kept[names[1]]]
            if len(kept) > MOST:
                kept = kept.sort_values(series[0], ascending=False, kind="stable").head(MOST)
            labels = kept[list(names)].agg("\n".join, axis="columns")
            numbers = kept[list(series)].copy()
            for state in {"提到", "提到（问题段）"} & set(kept.columns):
                numbers[series[0]] = numbers[series[0]].mask(kept[state] == UNKNOWN)
                labels += (kept[state] == UNKNOWN).map({True: f"\n提到 {UNKNOWN}", False: ""})
            return _simple(numbers.assign(类别=labels), "dots", axis)
    return None


def _of_drawing(figure: Figure) -> Plot | None:
    """Read bars or lines with named categories from the first axes that have some."""
    for axes in figure.axes:
        bars = [box for box in axes.containers if isinstance(box, BarContainer) and len(box)]
        if bars:
            flat = bars[0].orientation == "horizontal"
            ticks = (axes.get_yticklabels if flat else axes.get_xticklabels)()
            values = [[b.get_width() if flat else b.get_height() for b in box] for box in bars]
            names = [box.get_label() for box in bars]
            form, labels = "bars", [tick.get_text() for tick in ticks]
            labels = labels[::-1] if flat else labels
            values = [v[::-1] if flat else v for v in values]
        elif axes.lines:
            values = [list(line.get_ydata()) for line in axes.lines]
            names = [line.get_label() for line in axes.lines]
            form, labels = "lines", [str(x) for x in axes.lines[0].get_xdata()]
        else:
            continue
        if len({len(labels), *map(len, values)}) > 1:
            return None
        axis = axes.get_xlabel() if form == "bars" and flat else axes.get_ylabel()
        pairs = enumerate(zip(names, values, strict=True), start=1)
        columns = {f"系列{n}" if name.startswith("_") else name: v for n, (name, v) in pairs}
        return _simple(pd.DataFrame({"类别": labels, **columns}), form, axis or "数值")
    return None


def _simple(frame: pd.DataFrame, form: str, axis: str) -> Plot:
    series = tuple(column for column in frame if column != "类别")
    numbers = frame[list(series)]
    largest = numbers.sum(axis="columns").max() if form == "stacked" else numbers.max().max()
    return Plot(frame[["类别", *series]].reset_index(drop=True), series, form, axis, largest)


def list_cells(figure: Figure) -> pd.DataFrame | None:
    """Return the groups of a matrix as a table: what no single native chart can show."""
    data = getattr(figure, "data", pd.DataFrame())
    if not set(COUNTED) <= set(data.columns):
        return None
    rows = data[(data["图形"] != "合计") & (data["态度"] == RATE_STANCES["asserted"])]
    rows = rows[rows["组"].notna()]
    if rows.empty:
        return None
    alone = rows["图形"] == "报告"
    rows = rows[~(alone & rows["组"].isin(rows.loc[~alone, "组"]))]
    said = [
        r.状态
        if not r.提到的报告数
        else f"{r.提到的报告数}/{r.可判断的报告数} 份，{r.提到的段数}/{r.段数} 段"
        for r in rows.itertuples()
    ]
    heads = rows["组"] + rows["报告标题"].map(lambda t: f"\n{t[:8]}" if isinstance(t, str) else "")
    table = rows.assign(said=said, head=heads).pivot_table(
        index="名称", columns="head", values="said", aggfunc="first", sort=False
    )
    return table.rename_axis(columns=None).reset_index()
