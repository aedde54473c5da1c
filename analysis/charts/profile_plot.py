"""One report on a page, second step: draw it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.charts import style
from analysis.charts.matrix import NO_ANSWER, OUTSIDE
from analysis.charts.profile import (
    Profile,
    count_profile,
    name_profile,
    say_about,
    say_profile,
    say_remarks,
)
from analysis.charts.sheet import MARGIN, WIDTH, Chart, Sheet, line_height, page
from analysis.charts.words import (
    UNSTABLE,
    UNSTABLE_NOTE,
    list_reports,
    missing_sign_note,
    write_caption,
)
from analysis.codebook import Codebook
from analysis.compare import MENTIONED, UNKNOWN

# Sizes in points, lengths in inches.
HEAD, NAME, COUNT, SMALL, QUOTE = 10.5, 9.5, 9.0, 8.5, 12.0
BAR, BLOCK, ROW, TALLEST, GAP = 0.3, 0.36, 0.2, 0.3, 0.35
WIDE = 4.2  # issues, and themes; quotes have the rest
QUOTES_HIGH = 3.3  # two quotes of the greatest length
COLUMNS = (1.75, 2.95)  # where problems and countermeasures begin in a block
KINDS = {MENTIONED: "", UNKNOWN: "unknown"}
DARK = ("problem", "countermeasure", "practice")  # white words stand on these colours


def plot_profile(
    tables: Mapping[str, pd.DataFrame],
    sources: Mapping[str, str],
    book: Codebook,
    *,
    report: str,
    note: str | None = None,
) -> Chart:
    """Draw one report: what it is, consists of, names as problems and answers, in its own words.

    Parameters
    ----------
    tables, sources : mapping
        As for :func:`analysis.charts.plot_standard`.
    report : str
        Name of the report.
    note : str, optional
        A sentence for the caption.

    Raises
    ------
    ChartError
        No report that was read has this name.
    """
    profile = count_profile(tables, sources, book, report)
    title, (about, basis) = say_profile(profile), say_about(profile)
    caption = _caption(profile, tables, note)
    shown = profile.issues[
        profile.issues[["asserted_state", "addressed_state"]].eq(MENTIONED).any(axis=1)
    ]
    rows = max(len(shown) + 1, len(profile.themes))
    words = [(basis, style.GREY), (say_remarks(profile), style.colours()["warning"])]
    above = [(line, c) for text, c in words if text for line in _wrap(text)]
    tables_high = max(rows * ROW, QUOTES_HIGH)
    body = len(above) * line_height(SMALL) + BAR + 0.6 + BLOCK + tables_high
    with page(title, about, caption, body) as (sheet, y, bottom):
        y -= 0.04
        for line, color in above:
            y = sheet.lines(MARGIN, y, [line], size=SMALL, color=color, name="about")
        y = _composition(sheet, profile.roles, y + 0.1)
        step, left = min((bottom - y - BLOCK) / rows, TALLEST), MARGIN
        _block(sheet, "问题表现", ("提到", "拟解决"), shown, left, y, step)
        _rest(sheet, profile.issues, left, y + BLOCK + (len(shown) + 0.5) * step)
        left += WIDE + GAP
        _block(sheet, "主题", ("问题段", "对策段"), profile.themes, left, y, step)
        _quotes(sheet, profile.quotes, left + WIDE + GAP, y)
    chart = sheet.chart
    chart.alt = _describe(profile, title, about)
    chart.data = name_profile(profile)
    pairs = pd.concat([profile.issues, profile.themes])
    columns = ("asserted_rate", "addressed_rate")
    chart.rates = [*profile.roles["rate"], *(r for c in columns for r in pairs[c])]
    return chart


def _wrap(text: str) -> list[str]:
    return style.wrap(text, WIDTH - 2 * MARGIN, SMALL)


def _caption(profile: Profile, tables, note: str | None) -> str:
    listed = list_reports(tables["reports"], "report")
    listed = listed[listed["report"] == profile.row["report"]]
    both = pd.concat([profile.issues, profile.themes])
    named = both["asserted_state"].eq(MENTIONED) & (both["asserted_passages_with"] == 0)
    named |= both["addressed_state"].eq(MENTIONED) & (both["addressed_passages_with"] == 0)
    extra = ("小点为未提到，斜线方格为无从判断。",)
    extra += ("只是 1 份报告，不能代表所在层级；主题对照不是逐条对应。",)
    extra += (f"{OUTSIDE} 表示只在问题段（对策段）以外提到。",) if named.any() else ()
    extra += (UNSTABLE_NOTE,) if profile.themes["name"].str.endswith(UNSTABLE).any() else ()
    extra += missing_sign_note(*listed["title"], *profile.quotes["quote"])
    return write_caption(listed, tables["passages"], "report", extra=extra, note=note)


def _composition(sheet: Sheet, roles: pd.DataFrame, y: float) -> float:
    """Draw the composition as one bar; shares stand below it in the order of its parts."""
    x, wide = MARGIN, sheet.width - 2 * MARGIN
    below, at = y + BAR + 0.17, MARGIN
    shown = roles[roles["characters"] > 0]
    words = [f"{r.role_name} {r.percent}（{r.characters:,} 字）" for r in shown.itertuples()]
    used = sum(0.16 + style.text_width(says, SMALL) for says in words)
    gap = min((wide - used) / len(words), 0.25) if words else 0
    for row, says in zip(shown.itertuples(), words, strict=True):
        length, color = wide * row.share, sheet.colours[row.role]
        look = {"facecolor": color, "edgecolor": "white", "linewidth": 1.0}
        sheet.box(x, y, length, BAR, name=f"bar/{row.rate}", **look)
        if length > style.text_width(row.role_name, NAME, True) + 0.15:
            ink = "white" if row.role in DARK else style.INK
            options = {"size": NAME, "bold": True, "color": ink, "ha": "center"}
            sheet.text(x + length / 2, y + BAR / 2, row.role_name, name="part", **options)
        sheet.box(at, below - 0.055, 0.11, 0.11, facecolor=color)
        sheet.text(at + 0.16, below, says, size=SMALL, name=f"share/{row.rate}")
        x, at = x + length, at + 0.16 + style.text_width(says, SMALL) + gap
    return below + 0.28


def _block(sheet: Sheet, head: str, halves, rows: pd.DataFrame, left, top, step: float) -> None:
    """Draw one table: a row per issue or theme, problems and countermeasures counted."""
    y = top + BLOCK / 2
    sheet.text(left, y, head, size=HEAD, bold=True, name=f"block/{head}")
    for stance, words, x in zip(("asserted", "addressed"), halves, COLUMNS, strict=True):
        sheet.mark(stance, left + x + 0.07, y)
        options = {"size": COUNT, "bold": True, "color": sheet.colours[stance]}
        sheet.text(left + x + 0.22, y, words, name="half", **options)
    sheet.rule(left, top + BLOCK - 0.03, left + WIDE, top + BLOCK - 0.03, color=style.INK)
    for place, row in enumerate(rows.itertuples()):
        y = top + BLOCK + (place + 0.5) * step
        if getattr(row, "gap", False):
            look = {"edgecolor": sheet.colours["warning"], "linewidth": 0.8}
            look |= {"facecolor": style.GAP_TINT}
            sheet.box(left + 0.02, y - step * 0.44, WIDE - 0.04, step * 0.88, **look)
        elif place % 2 == 0:
            sheet.box(left, y - step / 2, WIDE, step, facecolor=style.BAND)
        sheet.text(left + 0.08, y, row.name, size=NAME, name=f"row/{row.key}")
        for stance, x in zip(("asserted", "addressed"), COLUMNS, strict=True):
            _count(sheet, row, stance, left + x, y)


def _count(sheet: Sheet, row, stance: str, x: float, y: float) -> None:
    fields = ("state", "passages_with", "passages", "rate")
    state, with_, of, rate = (getattr(row, f"{stance}_{field}") for field in fields)
    gap = stance == "addressed" and getattr(row, "gap", False)
    sheet.mark("gap" if gap else KINDS.get(state, "absent") or stance, x + 0.07, y)
    words = f"{with_}/{of}{'' if with_ else OUTSIDE}" if state == MENTIONED else ""
    words = NO_ANSWER if gap else words
    if words:
        sheet.text(x + 0.22, y, words, size=COUNT, bold=gap, name=f"count/{rate}")


def _rest(sheet: Sheet, issues: pd.DataFrame, left: float, y: float) -> None:
    """Say what became of the issues that are not listed."""
    hidden = issues[~issues[["asserted_state", "addressed_state"]].eq(MENTIONED).any(axis=1)]
    counts = hidden["asserted_state"].value_counts()
    said = "、".join(f"{n} 种{state}" for state, n in counts.items())
    if said:
        words = f"其余 {len(hidden)} 种中，{said}" if len(counts) > 1 else f"其余 {said}"
        sheet.text(left + 0.08, y, words, size=SMALL, color=style.GREY, name="rest")


def _quotes(sheet: Sheet, quotes: pd.DataFrame, left: float, top: float) -> None:
    wide = sheet.width - MARGIN - left
    sheet.text(left, top + BLOCK / 2, "引文", size=HEAD, bold=True, name="block/引文")
    sheet.rule(left, top + BLOCK - 0.03, left + wide, top + BLOCK - 0.03, color=style.INK)
    y = top + BLOCK + 0.08
    if quotes.empty:
        sheet.lines(left, y, ["没有引文"], size=NAME, color=style.GREY, name="quote")
    for row in quotes.itertuples():
        words = f"{row.name}（{row.stance_name}）"
        y = sheet.lines(left, y, [words], size=SMALL, bold=True, color=style.GREY, name="about")
        lines = style.wrap(row.quote, wide - 0.14, QUOTE)
        end = sheet.lines(left + 0.12, y + 0.03, lines, size=QUOTE, name=f"quote/{row.sentence}")
        sheet.box(left, y + 0.03, 0.035, end - y - 0.03, facecolor=sheet.colours[row.stance])
        if not pd.isna(row.section):
            rows = style.wrap(row.section, wide - 0.14, SMALL, lines=1)
            options = {"size": SMALL, "color": style.GREY, "name": f"section/{row.sentence}"}
            end = sheet.lines(left + 0.12, end + 0.02, rows, **options)
        y = end + 0.14


def _describe(profile: Profile, title: str, about: str) -> str:
    named = profile.issues[profile.issues["asserted_state"] == MENTIONED]
    said = "、".join(
        f"{r.name}（{r.asserted_passages_with}/{r.asserted_passages} 个问题段）"
        for r in named.itertuples()
    )
    gaps = "、".join(profile.themes.loc[profile.themes["gap"], "name"])
    text = f"{title}。{about}。构成：" + "、".join(
        f"{r.role_name}{r.percent}" for r in profile.roles.itertuples() if r.characters
    )
    text += f"。提到：{said}" if said else ""
    return text + (f"。有问题而{NO_ANSWER}的主题：{gaps}。" if gaps else "。")
