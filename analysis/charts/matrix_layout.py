"""Issues or themes by group, between the steps: where columns stand, how headings break."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analysis.charts import style
from analysis.charts.sheet import MARGIN, line_height
from analysis.charts.words import group_heading, label_reports, short_title

# Sizes in points, lengths in inches.
NAME, COUNT, LABEL, HEAD = 10.0, 8.5, 8.5, 10.0
ROW, BAR_ROW = 0.215, 0.27
MARK, DOT, GAP = 0.2, 0.15, 0.2
BAR, THICK, THIN = 0.55, 0.085, 0.05
LEGEND, HALVES = 0.3, 0.24
NARROWEST = {"column": 1.2, "dots": 1.5, "bar": 1.5, "count": 1.5, "total": 1.0}
HEADING = 2.8  # widest heading a column makes room for
FORMS = ("column", "dots", "bar", "count")


@dataclass(frozen=True)
class Column:
    """A column of the chart: all reports, one report, or a group of reports."""

    form: str
    group: str | None
    report: str | None
    members: tuple[str, ...]
    first: float = 0.0  # width of the count of reports, in inches
    left: float = 0.0
    width: float = 0.0

    def middle(self) -> float:
        """Return where the second half begins."""
        return self.left + self.width / 2


@dataclass(frozen=True)
class Layout:
    """What stands where across a sheet.

    Attributes
    ----------
    width : float
        Of the sheet, in inches.
    columns : list of Column
        All reports first, then the groups in their order.
    labels, headings : dict of str to list of str
        Lines under the headings (``report/…``, ``members/…``), and of each group's heading.
    full : dict of str to str
        Full titles of shortened labels.
    """

    width: float
    columns: list[Column]
    labels: dict[str, list[str]]
    headings: dict[str, list[str]]
    full: dict[str, str]

    def head_lines(self) -> int:
        """Return how many lines the longest heading takes."""
        return max(len(lines) for lines in self.headings.values())


def lay_out(marks: pd.DataFrame, listed: pd.DataFrame, by: str, width: float) -> Layout:
    """Place the columns on a sheet of ``width`` inches, or of what they need."""
    width, columns = _place(marks, listed, by, width)
    labels, full = _label(listed, columns)
    return Layout(width, columns, labels, _head(listed, columns, by), full)


def _place(marks, listed: pd.DataFrame, by: str, width: float) -> tuple[float, list[Column]]:
    """Return the width needed (at least ``width``) and the columns spread over it."""
    columns = [Column("total", "all", None, ())]
    for group, members in listed.groupby("group", sort=False):
        used = set(marks.loc[marks["group"] == group, "form"])
        form = next(form for form in FORMS if form in used)
        names = tuple(members["report"])
        if form == "column":
            columns += [Column("column", group, report, (report,)) for report in names]
        else:
            columns.append(Column(form, group, None, names))
    columns, needs = zip(*(_measure(column, marks) for column in columns), strict=True)
    heads = {c.group: group_heading(listed[listed["group"] == c.group], by) for c in columns[1:]}
    # A heading stands in one line over a group's column, if that is not too wide.
    wide = {
        g: min(style.text_width(words, HEAD, True) + 0.12, HEADING) for g, words in heads.items()
    }
    needs = [
        max(need, wide[c.group]) if c.form in FORMS[1:] else need
        for c, need in zip(columns, needs, strict=True)
    ]
    start = MARGIN + 0.1 + max(style.text_width(n, NAME) for n in marks["short"]) + GAP
    gaps = [GAP if a.group != b.group else 0.0 for a, b in zip(columns, columns[1:], strict=False)]
    used = start + sum(needs) + sum(gaps) + MARGIN
    width = max(width, used)
    # The column of all reports holds words only: it needs no more room than they do.
    spare = (width - used) / (len(columns) - 1)
    left, placed = start, []
    for place, (column, need) in enumerate(zip(columns, needs, strict=True)):
        wide = need + (spare if place else 0)
        placed.append(replace(column, left=left, width=wide))
        left += wide + ([*gaps, 0.0])[place]
    return width, placed


def _measure(column: Column, marks: pd.DataFrame) -> tuple[Column, float]:
    """Return the column with the width of its first count, and the width it needs in all."""
    mine = marks[marks["form"] == column.form]
    mine = mine[mine["report"] == column.report] if column.report else mine
    mine = mine if column.form == "total" else mine[mine["group"] == column.group]
    unit, unit2 = (" 份", " 段") if column.form in ("total", "count") else ("", "")
    one = max(style.text_width(text + unit, COUNT) for text in mine["label"])
    two = max(style.text_width(text + unit2, COUNT) for text in mine["label2"])
    half = {
        "total": one + 0.1 + two,
        "count": one + 0.1 + two,
        "column": MARK + one,
        "dots": len(column.members) * DOT + 0.06 + one + 0.1 + two,
        "bar": BAR + 0.06 + max(one, two),
    }[column.form]
    # A cell of a bar group with too few reports to judge shows a mark and both counts.
    half = max(half, MARK + one + 0.1 + two) if column.form == "bar" else half
    return replace(column, first=one + 0.1), max(2 * (half + 0.14), NARROWEST[column.form])


def _label(listed: pd.DataFrame, columns: list[Column]):
    alone = [column for column in columns if column.form == "column"]
    shown = listed[listed["report"].isin([column.report for column in alone])]
    width = min((column.width for column in alone), default=2.0) - 0.12
    lines, full = label_reports(shown, width, LABEL)
    labels = {f"report/{name}": two for name, two in zip(shown["report"], lines, strict=True)}
    titles = dict(zip(listed["report"], listed["title"], strict=True))
    for column in columns:
        if column.form == "dots":
            words = "、".join(short_title(titles[name], 12) for name in column.members)
            lines = style.wrap(f"自左至右：{words}", column.width - 0.12, LABEL, lines=2)
            labels[f"members/{column.group}"] = lines
    return labels, full


def _head(listed: pd.DataFrame, columns: list[Column], by: str) -> dict[str, list[str]]:
    headings = {}
    for group, members in listed.groupby("group", sort=False):
        wide = sum(column.width for column in columns if column.group == group) - 0.08
        headings[group] = style.wrap(group_heading(members, by), wide, HEAD, bold=True)
    return headings


def header_height(layout: Layout) -> float:
    """Return the height of everything between legend and rows, in inches."""
    most = layout.head_lines()
    return most * line_height(HEAD) + 0.08 + label_height(layout) + 0.04 + HALVES


def label_height(layout: Layout) -> float:
    """Return the height of the labels under the headings, in inches."""
    return (2 if layout.labels else 0) * line_height(LABEL)
