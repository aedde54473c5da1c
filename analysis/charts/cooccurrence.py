"""Which issues are asserted in the same problem passage."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations_with_replacement

import pandas as pd

from analysis.charts import style
from analysis.charts.sheet import MARGIN, WIDTH, Chart, Sheet, page
from analysis.charts.words import list_reports, missing_sign_note, name_items, write_caption
from analysis.codebook import Codebook

# Issues drawn: more cells than these hold are not read; the CSV has all of them.
MOST = 13
# Sizes in points, lengths in inches.
NAME, COUNT, LEGEND, ROW, TALLEST = 10.0, 9.0, 0.36, 0.3, 0.42
# Width of the largest dot; where the numbers beside a dot begin; widest cell.
DOT, NUMBER, WIDEST = 0.27, 0.32, 1.2
CSV_COLUMNS = {
    "name": "问题表现甲",
    "name2": "问题表现乙",
    "passages": "同段提到的段数",
    "of": "问题段总数",
    "reports": "涉及的报告数",
    "only": "只出自的报告",
    "own": "提到甲的段数",
    "own2": "提到乙的段数",
    "drawn": "是否画出",
}


def count_cooccurrence(tables: Mapping[str, pd.DataFrame], book: Codebook) -> pd.DataFrame:
    """Make the frame to draw: one row per pair of issues that are asserted at all.

    Only what is asserted counts, in problem passages, each passage once per issue.

    Returns
    -------
    pandas.DataFrame
        Columns ``key``, ``name``, ``key2``, ``name2`` (equal for an issue by itself), ``passages``
        (that assert both), ``reports`` (of these passages), ``only`` (the report, where it is one),
        ``of`` (all problem passages), ``own``, ``own2`` (passages that assert either), ``place``,
        ``place2`` (from 0: by passages, then place in the codebook), ``drawn``.
    """
    passages, mentions = tables["passages"], tables["mentions"]
    read = list_reports(tables["reports"], "all")["report"]
    problem = passages[(passages["problem_sentences"] > 0) & passages["report"].isin(read)]
    found = mentions[mentions["stance"] == "asserted"]
    found = found[found["passage"].isin(problem["passage"])]
    found = found[["issue", "passage", "report"]].drop_duplicates(["passage", "issue"])
    own = found["issue"].value_counts()
    names = name_items(book, "issue").set_index("key")["short"]
    keys = sorted((k for k in names.index if k in own), key=lambda key: -own[key])
    both = found.merge(found, on=["passage", "report"], suffixes=("", "2"))
    counted = {pair: part["report"] for pair, part in both.groupby(["issue", "issue2"])}
    rows = []
    for (place, key), (place2, key2) in combinations_with_replacement(enumerate(keys), 2):
        seen = counted.get((key, key2), pd.Series(dtype="str"))
        rows.append(
            {"key": key, "name": names[key], "key2": key2, "name2": names[key2]}
            | {"passages": len(seen), "reports": seen.nunique(), "of": len(problem)}
            | {"only": seen.iloc[0] if seen.nunique() == 1 else None}
            | {"own": int(own[key]), "own2": int(own[key2])}
            | {"place": place, "place2": place2, "drawn": place2 < MOST}
        )
    columns = ["key", "key2", "of", "place", "place2", *CSV_COLUMNS]
    return pd.DataFrame(rows, columns=list(dict.fromkeys(columns)))


def plot_cooccurrence(
    tables: Mapping[str, pd.DataFrame], book: Codebook, *, note: str | None = None
) -> Chart:
    """Draw how often two issues are asserted in the same problem passage.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``mentions``, ``passages`` and ``reports``.
    book : Codebook
        Gives the short names of the issues and their order.
    note : str, optional
        A sentence for the caption.

    Raises
    ------
    ChartError
        No report was read.
    """
    frame, listed = count_cooccurrence(tables, book), list_reports(tables["reports"], "all")
    pairs = frame[frame["key"] != frame["key2"]]
    title, shown = say_pairs(pairs), frame[frame["drawn"].astype(bool)]
    total, drawn = (int((f["key"] == f["key2"]).sum()) for f in (frame, shown))
    extra = (
        "只计认定存在的问题；一段写到两种问题，各计一次；同段出现不表示因果。",
        *([f"只画出最多的 {drawn} 种，其余见同名 CSV 文件。"] if total > drawn else []),
        *missing_sign_note(*listed["title"]),
    )
    caption = write_caption(listed, tables["passages"], "all", judged=False, extra=extra, note=note)
    need = NUMBER + 0.16 + max((_count_width(r) for r in shown.itertuples()), default=0)
    names, right = (max(widths, default=0) + 0.2 for widths in _name_widths(shown))
    width = max(WIDTH, 2 * MARGIN + names + max(drawn - 1, 1) * need + right - need)
    subtitle = f"{total} 种提到过的问题表现，两两在同一问题段中出现的段数"
    with page(title, subtitle, caption, LEGEND + drawn * ROW + 0.1, width) as (sheet, y, bottom):
        if drawn:
            y = _legend(sheet, y)
            step = min((bottom - y) / drawn, TALLEST)
            spare = (sheet.width - width) / max(drawn - 1, 1)
            _triangle(sheet, shown, y, step, names, min(need + spare, WIDEST))
    chart = sheet.chart
    most = pairs[pairs["passages"] > 0]
    most = most.sort_values(["passages", "place2"], ascending=[False, True]).head(5)
    said = [
        f"“{row.name}”与“{row.name2}”{row.passages}/{row.of} 段（{row.reports} 份报告）"
        for row in most.itertuples(index=False)
    ]
    chart.alt = f"{title}。下三角点图，点的面积为同段提到的段数：{'；'.join(said) or '无'}。"
    frame["drawn"] = frame["drawn"].map({True: "是", False: "否"})
    chart.data = frame[list(CSV_COLUMNS)].rename(columns=CSV_COLUMNS)
    chart.rates = [f"all/all/issue/{key}/asserted" for key in dict.fromkeys(frame["key2"])]
    return chart


def say_pairs(pairs: pd.DataFrame) -> str:
    """Return the title: the pair that most passages share, and of how many reports."""
    if not pairs["passages"].any():
        return "没有两种问题表现在同一问题段中提到"
    most = pairs[pairs["passages"] == pairs["passages"].max()]
    most = most[most["reports"] == most["reports"].max()]
    top = most.iloc[0]
    names = f"“{top['name']}”与“{top['name2']}”"
    names += f"等 {len(most)} 对问题" if len(most) > 1 else ""
    each = "各有 " if len(most) > 1 else ""
    where = f"出自 {top['reports']} 份报告" if top["reports"] > 1 else "都出自同 1 份报告"
    return f"{names}最常同段提到：{top['of']} 个问题段中{each or ' '}{top['passages']} 段，{where}"


def _count_width(row) -> float:
    return style.text_width(f"{row.passages} {row.reports}份", COUNT)


def _own_words(row) -> str:
    return f"{row.passages} 段 · {row.reports} 份"


def _name_widths(shown: pd.DataFrame) -> tuple[list[float], list[float]]:
    """Return the widths of the names with their counts, at the left, and without, at the right."""
    own = shown[shown["key"] == shown["key2"]]
    plain = [style.text_width(name, NAME) for name in own["name"]]
    counts = [style.text_width(_own_words(row), COUNT) + 0.25 for row in own.itertuples()]
    return [a + b for a, b in zip(plain, counts, strict=True)], plain


def _legend(sheet: Sheet, y: float) -> float:
    x, y = MARGIN, y + LEGEND / 2 - 0.03
    for kind, words in (
        ("asserted", "同段提到，出自 2 份以上报告"),
        ("single", "只出自 1 份报告"),
        (None, "点越大，段数越多；“4 2份”即 4 段、出自 2 份报告；行名旁为该问题自己的段数、报告数"),
    ):
        if kind:
            sheet.mark(kind, x + 0.07, y)
            x += 0.2
        sheet.text(x, y, words, size=COUNT - 0.5, color=style.GREY, name="legend")
        x += style.text_width(words, COUNT - 0.5) + 0.3
    return y + LEGEND / 2 + 0.03


def _triangle(sheet: Sheet, shown, top: float, step: float, names: float, cell: float) -> None:
    left, last = MARGIN + names, shown["place"].max()
    largest = shown.loc[shown["key"] != shown["key2"], "passages"].max()
    for row in shown.itertuples():
        y, x = top + (row.place2 + 0.5) * step, left + row.place * cell
        if row.key == row.key2:
            wide = names + row.place * cell
            if row.place % 2 == 0:
                sheet.box(MARGIN, y - step / 2, wide, step, facecolor=style.BAND)
            sheet.text(MARGIN + 0.1, y, row.name2, size=NAME, name=f"row/{row.key}")
            at, options = left - 0.15, {"size": COUNT, "color": style.GREY, "ha": "right"}
            sheet.text(at, y, _own_words(row), name=f"own/{row.key}", **options)
            if row.place < last:
                sheet.text(x + 0.04, y, row.name2, size=NAME, color=style.GREY, name="column")
                sheet.rule(x, y + step / 2, x, top + (last + 1) * step)
        elif row.passages:
            size = DOT * style.POINTS_PER_INCH * math.sqrt(row.passages / largest)
            kind = "single" if row.reports == 1 else "asserted"
            sheet.mark(kind, x + 0.06 + DOT / 2, y, size=size**2)
            words, at = str(row.passages), x + NUMBER + 0.06
            sheet.text(at, y, words, size=COUNT, bold=True, name=f"pair/{row.key}/{row.key2}")
            at += style.text_width(words + " ", COUNT, bold=True)
            options = {"size": COUNT - 1, "color": style.GREY}
            sheet.text(at, y, f"{row.reports}份", name=f"reports/{row.key}/{row.key2}", **options)
