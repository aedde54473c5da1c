"""One look for every chart: the bundled Chinese font, colours, and measuring and wrapping text.

Nothing happens on import: fonts are registered and settings hold only inside :func:`look`.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import matplotlib
from matplotlib import font_manager, ft2font
from matplotlib.figure import Figure
from matplotlib.text import Text

FONT_FILES = ("GongwenSans-Regular.ttf", "GongwenSans-Bold.ttf")
# The bundled font comes first, so that a chart looks the same on every machine; the others only
# lend characters it lacks. Families that are not installed are left out, else matplotlib logs each.
FONT_CHAIN = (
    "Gongwen Sans",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "SimHei",
    "WenQuanYi Micro Hei",
    "DejaVu Sans",
)
UNDRAWABLE = "〓"  # the printer's sign for a missing sort
POINTS_PER_INCH = 72
ELLIPSIS = "…"
# Line breaking (GB/T 15834): closing marks never begin a line, opening marks never end one.
NEVER_FIRST = "，。、；：？！）》”’】〕…·％%"
NEVER_LAST = "（《“‘【〔"
ATOM = re.compile(rf"[{NEVER_LAST}]*(?:[0-9A-Za-z.,/\-]+|.)[{NEVER_FIRST}]*")
# Greys that are still legible in print (contrast with white: 15, 5.7 and 4.5 to 1).
INK, GREY, FAINT = "#262626", "#666666", "#767676"
RULE, BAND = "#bdbdbd", "#f4f4f4"
GAP_TINT = "#fbdfcc"  # behind problems without countermeasures


def colours() -> dict[str, str]:
    """Return the colour of each stance and role: seaborn's ``colorblind`` palette (Okabe and Ito).

    Written out, since importing seaborn takes most of a second. Marks differ in form as well, so
    that nothing is lost in grey.
    """
    blue, green, vermillion = "#0173b2", "#029e73", "#d55e00"
    brown, grey, sky = "#ca9161", "#949494", "#56b4e9"
    return {
        "asserted": blue,
        "addressed": vermillion,
        "problem": blue,
        "cause": sky,
        "countermeasure": vermillion,
        "practice": green,
        "background": brown,
        "heading": grey,
        "noise": "#c8c8c8",
        "warning": vermillion,
    }


def register_fonts() -> list[str]:
    """Make the bundled fonts known to matplotlib; return the families of the chain that exist."""
    known = {font.fname for font in font_manager.fontManager.ttflist}
    for path in font_paths():
        if str(path) not in known:
            font_manager.fontManager.addfont(path)
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return [family for family in FONT_CHAIN if family in installed]


def families(text: str) -> list[str]:
    """Return the fonts that drawing ``text`` takes: looking into each of the chain takes time."""
    known = _characters(font_paths()[0])
    return [FONT_CHAIN[0]] if all(ord(c) in known for c in text) else register_fonts()


@lru_cache
def font_paths() -> tuple[Path, ...]:
    """Return the files of the bundled font: regular, bold."""
    folder = Path(__file__).parent.parent / "fonts"
    return tuple(folder / name for name in FONT_FILES)


@contextmanager
def look() -> Iterator[None]:
    """Settings for drawing and saving, undone afterwards.

    Text in SVG is drawn as paths, since the reader's machine has no Gongwen Sans; the salt makes
    the ids in SVG the same in every run.
    """
    settings = {
        "font.family": register_fonts(),
        "axes.unicode_minus": False,
        "text.color": INK,
        "text.hinting": "none",
        "hatch.linewidth": 0.6,
        "savefig.facecolor": "white",
        "svg.fonttype": "path",
        "svg.hashsalt": "dangjian-notebook",
    }
    log = logging.getLogger("matplotlib.font_manager")
    log.addFilter(_is_news)
    try:
        with matplotlib.rc_context(settings):
            yield
    finally:
        log.removeFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """A system font without a bold face lends its regular one; nobody needs to be told."""
    return "Failed to find font weight" not in record.getMessage()


def lend_fonts(figure: Figure) -> None:
    """Give the fonts of the charts to every text of ``figure`` that was written without them."""
    families = register_fonts()
    for text in figure.findobj(Text):
        if not set(text.get_fontfamily()) & set(families):
            text.set_fontfamily(families)


@lru_cache
def _font(path: Path) -> ft2font.FT2Font:
    font = ft2font.FT2Font(str(path))
    font.set_size(100, POINTS_PER_INCH)
    return font


@lru_cache
def _characters(path: Path) -> frozenset[int]:
    return frozenset(ft2font.FT2Font(str(path)).get_charmap())


def clean(text: str) -> str:
    """Return ``text`` in one line that can be drawn: white space single, unknown characters 〓.

    A character is unknown when no installed font of :data:`FONT_CHAIN` has it (private use area,
    for one). Characters without a shape (zero-width, byte order mark) are dropped.
    """
    text = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", str(text)).strip()
    known = _characters(font_paths()[0])
    if all(ord(character) in known for character in text):
        return text
    return "".join(_drawable(c, known) for c in text)


def _drawable(character: str, known: frozenset[int]) -> str:
    if ord(character) in known:
        return character
    if unicodedata.category(character) in ("Cf", "Mn"):
        return ""
    for family in register_fonts()[1:]:
        path = Path(font_manager.findfont(font_manager.FontProperties(family=family)))
        if ord(character) in _characters(path):
            return character
    return UNDRAWABLE


@lru_cache(maxsize=20_000)
def _advance(character: str, bold: bool) -> float:
    path = font_paths()[int(bold)]
    if ord(character) not in _characters(path):
        return 1.0
    font = _font(path)
    return font.load_char(ord(character), ft2font.LoadFlags.NO_HINTING).linearHoriAdvance / 6553600


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one line of ``text`` in inches, ``size`` in points."""
    return sum(_advance(character, bold) for character in text) * size / POINTS_PER_INCH


def wrap(
    text: str, width: float, size: float, *, bold: bool = False, lines: int | None = None
) -> list[str]:
    """Break ``text`` into lines of at most ``width`` inches, by the rules for Chinese.

    Words and numbers in Latin letters stay whole where a line can hold them. With ``lines`` the
    text is cut to that many and ends in “…”.
    """
    rows, used = [""], 0.0
    for atom in ATOM.findall(clean(text)):
        wide = text_width(atom, size, bold)
        if used + wide <= width:
            rows[-1] += atom
            used += wide
        elif wide <= width:
            rows.append(atom.lstrip())
            used = text_width(rows[-1], size, bold)
        else:
            for character in atom:
                wide = text_width(character, size, bold)
                if rows[-1] and used + wide > width:
                    rows.append("")
                    used = 0.0
                rows[-1] += character
                used += wide
    rows = [row.rstrip() for row in rows if row.strip()] or [""]
    if lines is not None and len(rows) > lines:
        rows = rows[: lines - 1] + [_cut("".join(rows[lines - 1 :]), width, size, bold)]
    return rows


def _cut(text: str, width: float, size: float, bold: bool) -> str:
    while text and text_width(text + ELLIPSIS, size, bold) > width:
        text = text[:-1]
    return text.rstrip(NEVER_LAST + "，、；：") + ELLIPSIS
