"""One issue in focus: which reports get a column, how wide, and how large their quotes are."""

from __future__ import annotations

import math

import pandas as pd

from analysis.charts import style
from analysis.charts.focus import OTHERS
from analysis.charts.sheet import MARGIN, WIDTH, footer_height, heading_height, line_height
from analysis.charts.words import UNKNOWN_WHY, label_reports
from analysis.compare import UNKNOWN

# Sizes in points, lengths in inches.
HEAD, LABEL, STATE = 11.0, 9.0, 10.0
QUOTE_SIZES = (13.0, 12.0, 11.0, 10.0, 9.5)  # the largest that fits
GUTTER, COLUMN, GAP, STEP = 1.0, 2.2, 0.22, 0.3
# More columns than this are not read: reports that say nothing are then only counted.
MOST = 24


def choose_columns(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The reports that get a column, and what the caption says of the others."""
    if len(frame) <= MOST:
        return frame, ()
    # Of every group in turn the next report, those with a quote first: no group drops out.
    order = frame.assign(silent=frame["quote"].isna()).sort_values("silent", kind="stable")
    turn = order.groupby("group", sort=False).cumcount()
    places = turn.sort_values(kind="stable").index[:MOST]
    rest = frame.drop(index=places)
    counts = rest["asserted_state"].value_counts()
    said = "、".join(f"{name} {n} 份" for name, n in counts.items())
    return frame.loc[sorted(places)], (f"另有 {len(rest)} 份没有画出（{said}），见同名 CSV 文件。",)


def choose_bands(shown: pd.DataFrame, title: str, write) -> tuple[float, list[pd.DataFrame]]:
    """Cut the columns into bands so that the picture need grow least beyond a slide."""
    best = None
    for number in range(1, len(shown) + 1):
        each = math.ceil(len(shown) / number)
        bands = [shown.iloc[at : at + each] for at in range(0, len(shown), each)]
        width = max(WIDTH, 2 * MARGIN + GUTTER + each * COLUMN)
        height = picture_height(bands, width, title, write, QUOTE_SIZES[-1])
        size = max(width, height * 16 / 9)
        if best is None or size < best[0] - 0.01:
            best = (size, bands)
    return best


def list_others(shown: pd.DataFrame) -> list[str]:
    """Return the stances besides asserted and addressed that some report takes."""
    return [stance for stance in OTHERS if shown[f"{stance}_mentions"].any()]


def column_width(bands, width: float) -> float:
    """Inches of a column; a band has room for three at least."""
    return (width - 2 * MARGIN - GUTTER) / max(len(bands[0]), 3)


def band_height(band: pd.DataFrame, column: float, size: float) -> float:
    """Inches of a band whose quotes are so large, in points."""
    lines = [len(quote_lines(row, column, size)) for row in band.itertuples()]
    head = 2 * line_height(HEAD) + 0.1 + 2 * line_height(LABEL) + 0.1
    return (
        head
        + (2 + len(list_others(band))) * STEP
        + 0.12
        + max(lines) * line_height(size)
        + line_height(LABEL)
        + 0.1
    )


def picture_height(bands, width: float, title: str, write, size: float) -> float:
    """Inches of the whole picture."""
    column = column_width(bands, width)
    _, full = report_labels(pd.concat(bands), column)
    height = sum(band_height(band, column, size) for band in bands) + GAP * (len(bands) - 1)
    return heading_height(title, width) + height + footer_height(write(full), width) + 0.1


def report_labels(shown: pd.DataFrame, column: float):
    """The lines that name each report, and the full titles of those cut short."""
    lines, full = label_reports(shown, column - GAP, LABEL)
    return dict(zip(shown["report"], lines, strict=True)), full


def quote_lines(row, column: float, size: float) -> list[str]:
    """The quote of a report in lines, or why there is none."""
    size = STATE if pd.isna(row.quote) else size
    return style.wrap(_words(row), column - GAP - 0.1, size)


def _words(row) -> str:
    if not pd.isna(row.quote):
        return row.quote
    if row.asserted_state == UNKNOWN:
        return UNKNOWN_WHY.get(row.problem_section, UNKNOWN)
    return "没有引文"
