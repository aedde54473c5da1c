"""The picture every chart is drawn on: a figure with its words, and a sheet measured in inches."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path as Outline

from analysis.charts import style
from analysis.errors import AnalysisError

# A slide of 16:9 at 200 dots per inch: 2667 × 1500 dots.
WIDTH, HEIGHT, DOTS = 13.335, 7.5, 200
SCREEN_DOTS, SCREEN_WIDTH = 144, 1000  # sharp on screen, as wide as a notebook cell
MARGIN = 0.4
TITLE, SUBTITLE, CAPTION = 17.0, 10.0, 8.5  # sizes in points
LEADING = 1.35  # from line to line, in sizes
MARKS = {
    "asserted": {"marker": "o", "s": 46},
    "single": {"marker": "o", "s": 46, "linewidths": 1.5},
    "addressed": {"marker": "D", "s": 32, "linewidths": 1.5},
    "absent": {"marker": "o", "s": 5, "color": style.RULE, "linewidths": 0},
    "unknown": {"marker": "s", "s": 50, "facecolors": "#e3e3e3", "edgecolors": "#8a8a8a"},
    "other": {"marker": "o", "s": 30, "facecolors": "#8a8a8a", "linewidths": 0},
    "gap": {"marker": "X", "s": 46, "linewidths": 0},
    "stroke": {"marker": Outline([(-1, -1), (1, 1)]), "s": 50, "color": "#8a8a8a"},
}


class ChartError(AnalysisError):
    """A chart cannot be drawn or saved; the message is one line of Chinese for the analyst."""


class Chart(Figure):
    """A matplotlib figure that carries its words and numbers.

    Attributes
    ----------
    title, caption, alt : str
        What is seen, in a sentence; n and caveats; the chart in words for who cannot see it.
    data : pandas.DataFrame
        The numbers drawn, one row per mark, with Chinese column names.
    rates : list of str
        Ids of the rates drawn; each leads to its sentences through ``evidence``.
    """

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.title, self.caption, self.alt = "", "", ""
        self.data, self.rates = pd.DataFrame(), []
        FigureCanvasAgg(self)

    def __repr__(self) -> str:
        return f"图：{self.title}"

    def savefig(self, *arguments, **options) -> None:
        """Save as matplotlib does, with the settings of the study's charts."""
        style.lend_fonts(self)
        with style.look():
            super().savefig(*arguments, **options)

    def _repr_png_(self):
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=SCREEN_DOTS)
        return buffer.getvalue(), {"width": SCREEN_WIDTH}


@contextmanager
def draw(width: float, height: float) -> Iterator[Sheet]:
    """Give a sheet of at least ``width`` × ``height`` inches, always 16:9, to draw on."""
    scale = max(width / WIDTH, height / HEIGHT, 1)
    with style.look():
        sheet = Sheet(WIDTH * scale, HEIGHT * scale)
        yield sheet
        sheet.finish()


@contextmanager
def page(title: str, subtitle: str, caption: str, body: float, width: float = WIDTH):
    """Give a sheet with its words and ``body`` inches between them, and where these begin and end.

    Yields
    ------
    (Sheet, float, float)
        The sheet, and the room between heading and caption.
    """
    height = heading_height(title, width) + body + footer_height(caption, width) + 0.1
    with draw(width, height) as sheet:
        top = sheet.heading(title, subtitle)
        yield sheet, top, sheet.height - footer_height(caption, sheet.width) - 0.1
        sheet.footer(caption)
    sheet.chart.title, sheet.chart.caption = title, caption


@dataclass
class Sheet:
    """Axes over the whole picture in inches, y growing downwards.

    A chart computes every place beforehand, so that no text is cut or covers another.
    """

    width: float
    height: float
    chart: Chart = field(init=False)
    _marks: dict[str, list] = field(default_factory=dict)

    def __post_init__(self):
        self.chart = Chart(figsize=(self.width, self.height), dpi=DOTS)
        limits = {"xlim": (0, self.width), "ylim": (self.height, 0), "xticks": (), "yticks": ()}
        self.axes = self.chart.add_axes((0, 0, 1, 1), **limits)
        self.axes.set_axis_off()
        self.colours = style.colours()

    def text(self, x, y, words, *, size=9.0, bold=False, color=style.INK, ha="left", name=None):
        """Write one line whose middle is at height ``y``; ``name`` tells what it says (its gid)."""
        weight = "bold" if bold else "normal"
        options = {"fontsize": size, "fontweight": weight, "color": color, "parse_math": False}
        words = style.clean(words)
        options["fontfamily"] = style.families(words)
        artist = self.axes.text(x, y, words, ha=ha, va="center_baseline", **options)
        artist.set_gid(name)
        return artist

    def lines(self, x, top, rows, *, size=9.0, **options) -> float:
        """Write ``rows`` below each other from ``top``; return where they end."""
        step = line_height(size)
        for number, row in enumerate(rows):
            self.text(x, top + (number + 0.5) * step, row, size=size, **options)
        return top + len(rows) * step

    def mark(self, kind: str, x: float, y: float, *, size: float | None = None) -> None:
        """Remember a mark of :data:`MARKS`; all of a kind are drawn at once by :meth:`finish`.

        ``size`` is its area in square points where it tells something.
        """
        self._marks.setdefault(kind, []).append((x, y, size or MARKS[kind]["s"]))

    def box(self, x, y, width, height, *, name=None, **options) -> None:
        """Draw a rectangle from its upper left corner."""
        patch = Rectangle((x, y), width, height, **({"linewidth": 0} | options))
        patch.set_gid(name)
        self.axes.add_artist(patch)

    def rule(self, x1, y1, x2, y2, *, color=style.RULE, width=0.8) -> None:
        """Draw a straight line."""
        self.axes.plot([x1, x2], [y1, y2], color=color, linewidth=width, solid_capstyle="butt")

    def finish(self) -> None:
        """Draw the marks."""
        if "unknown" in self._marks:
            self._marks["stroke"] = self._marks["unknown"]
        looks = {
            "asserted": {"facecolors": self.colours["asserted"], "linewidths": 0},
            "addressed": {"facecolors": "white", "edgecolors": self.colours["addressed"]},
            "single": {"facecolors": "white", "edgecolors": self.colours["asserted"]},
            "gap": {"facecolors": style.INK},
        }
        for kind, places in self._marks.items():
            x, y, sizes = zip(*places, strict=True)
            options = MARKS[kind] | looks.get(kind, {}) | {"s": sizes}
            self.axes.scatter(x, y, label=kind, zorder=3, clip_on=False, **options)

    def heading(self, title: str, subtitle: str) -> float:
        """Write title and subtitle; return where the drawing may begin."""
        rows = title_lines(title, self.width)
        y = self.lines(MARGIN, 0.28, rows, size=TITLE, bold=True, name="title")
        return self.lines(MARGIN, y + 0.04, [subtitle], size=SUBTITLE, color=style.GREY) + 0.06

    def footer(self, caption: str) -> None:
        """Write the caption at the foot."""
        rows = caption_lines(caption, self.width)
        top = self.height - 0.22 - len(rows) * line_height(CAPTION)
        self.rule(MARGIN, top - 0.06, self.width - MARGIN, top - 0.06)
        self.lines(MARGIN, top, rows, size=CAPTION, color=style.GREY, name="caption")


def line_height(size: float) -> float:
    """Return the height of a line of text of ``size`` points, in inches."""
    return size * LEADING / style.POINTS_PER_INCH


def title_lines(title: str, width: float) -> list[str]:
    """Break a title for a sheet of ``width`` inches."""
    return style.wrap(title, width - 2 * MARGIN, TITLE, bold=True)


def caption_lines(caption: str, width: float) -> list[str]:
    """Break a caption for a sheet of ``width`` inches."""
    return style.wrap(caption, width - 2 * MARGIN, CAPTION)


def heading_height(title: str, width: float = WIDTH) -> float:
    """Return what :meth:`Sheet.heading` takes from the top, in inches."""
    rows = len(title_lines(title, width))
    return 0.28 + rows * line_height(TITLE) + 0.04 + line_height(SUBTITLE) + 0.06


def footer_height(caption: str, width: float = WIDTH) -> float:
    """Return what :meth:`Sheet.footer` takes from the foot, in inches."""
    return len(caption_lines(caption, width)) * line_height(CAPTION) + 0.22 + 0.14
