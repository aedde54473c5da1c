"""A chart as the bytes of a picture: PNG and SVG.

The same chart gives the same bytes in every run: no dates, no version of a program, fixed ids, text
in SVG as paths.
"""

from __future__ import annotations

import io
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from analysis.charts.sheet import DOTS, ChartError
from analysis.charts.style import lend_fonts, look

COMPRESSION = 3  # of PNG: on these pictures much faster than zlib's usual 6, and hardly larger


def render(chart: Figure, name: str) -> dict[str, bytes]:
    """Return the bytes of the pictures, by kind (``png``, ``svg``).

    Parameters
    ----------
    chart : Chart or matplotlib.figure.Figure
        The title and alternative text of a chart stand in the files.
    name : str
        Of the chart, for messages.

    Raises
    ------
    ChartError
        A character is in no font.
    """
    lend_fonts(chart)
    words = {"Title": getattr(chart, "title", ""), "Description": getattr(chart, "alt", "")}
    words = {key: text for key, text in words.items() if text}
    with look(), _no_boxes(name):
        return {"png": _png(_pixels(chart), words), "svg": _svg(chart, words)}


@contextmanager
def _no_boxes(name: str) -> Iterator[None]:
    """A glyph that is missing is an error, never a box."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=r"Glyph \d+")
        try:
            yield
        except UserWarning as warning:
            code = re.search(r"Glyph (\d+)", str(warning))
            which = f"“{chr(int(code[1]))}”（U+{int(code[1]):04X}）" if code else ""
            raise ChartError(
                f"图 “{name}” 中的字 {which}不在字库中，没有保存；请换一个字。"
            ) from None


def _pixels(chart: Figure) -> np.ndarray:
    """Draw the chart: height × width × red, green, blue, alpha."""
    shown = chart.canvas
    try:
        canvas = FigureCanvasAgg(chart)
        canvas.print_figure(os.devnull, format="raw", dpi=DOTS)  # the pixels stay in the canvas
    finally:
        chart.set_canvas(shown)
    return np.asarray(canvas.renderer.buffer_rgba())


def _png(pixels: np.ndarray, words: dict[str, str]) -> bytes:
    image = Image.fromarray(pixels)
    if image.getextrema()[3] == (255, 255):  # nothing shows through: a quarter less to write
        image = image.convert("RGB")
    texts = PngInfo()
    for key, text in words.items():
        texts.add_text(key, text)
    data = io.BytesIO()
    image.save(data, "png", compress_level=COMPRESSION, dpi=(DOTS, DOTS), pnginfo=texts)
    return data.getvalue()


def _svg(chart: Figure, words: dict[str, str]) -> bytes:
    data = io.BytesIO()
    Figure.savefig(chart, data, format="svg", metadata=words | {"Date": None, "Creator": None})
    return data.getvalue()
