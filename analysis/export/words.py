"""Text on slides: how much room it takes, and in which fonts it stands."""

from __future__ import annotations

import re
from functools import lru_cache

from pptx.dml.color import RGBColor
from pptx.util import Pt

from analysis.charts import style
from analysis.export.openxml import set_fonts
from analysis.export.panel import MARKS

LEADING = 1.45  # from line to line, in sizes: 微软雅黑 has 1.32, what is lent for it up to 1.45
# Of a line, since it breaks between characters; then of each Latin letter where the font is a wide
# one, and of each place where such a letter meets a Chinese one, in sizes.
NARROWER, LATIN_WIDER, SET_OFF = 0.97, 0.1, 0.2
LATIN_SIGNS = re.compile(r"[!-~ ]")
BORDERS = re.compile(r"(?<=[!-~])(?=[^ -~])|(?<=[^ -~])(?=[!-~])")
SIGNS = re.compile("({})".format("|".join(f"{sign}+" for sign in MARKS.values())))


def line_height(size: float) -> float:
    """Return the height of a line in inches, ``size`` in points."""
    return size * LEADING / style.POINTS_PER_INCH


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line in inches where Latin letters are wide and set off from Chinese."""
    extra = LATIN_WIDER * len(LATIN_SIGNS.findall(text)) + SET_OFF * len(BORDERS.findall(text))
    return style.text_width(text, size, bold) + extra * size / style.POINTS_PER_INCH


@lru_cache(maxsize=5_000)
def count_lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Count lines, rather one too many than one too few."""
    count = 0
    for part in str(text).split("\n"):
        plain = style.text_width(part, size, bold)
        room = width * (plain / text_width(part, size, bold=bold) if plain else 1)
        count += len(style.wrap(part, room * NARROWER, size, bold=bold))
    return count


def fill_text(frame, paragraphs, size, *, bold=False, color=style.INK, after=0.0) -> None:
    """Write paragraphs into a text frame; signs of the legend take their colours."""
    colours = style.colours()
    tints = {MARKS["asserted"]: colours["asserted"], MARKS["unknown"]: "#8a8a8a"}
    frame.clear()
    for number, words in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = 1  # left, also where the template centres
        paragraph.space_after = Pt(after * style.POINTS_PER_INCH)
        # An empty paragraph would be as high as the template's text.
        paragraph._p.get_or_add_endParaRPr().set("sz", str(int(size * 100)))
        for piece in filter(None, SIGNS.split(plain(words))):
            run = paragraph.add_run()
            run.text = piece
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = RGBColor.from_string(tints.get(piece[0], color)[1:].upper())
            set_fonts(run._r.get_or_add_rPr())
            run._r.get_or_add_rPr().set("lang", "zh-CN")


def plain(words: str) -> str:
    """Return text that every font and XML take; breaks of lines are kept."""
    return "\v".join(style.clean(part) for part in str(words).split("\n"))
