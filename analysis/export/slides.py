"""Draw the briefing: native charts and tables that open for editing by a double click."""

from __future__ import annotations

import io

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches

from analysis.charts import style
from analysis.export.grid import add_table
from analysis.export.native import add_plot
from analysis.export.openxml import DATE, FONT, fix_dates
from analysis.export.panel import Panel
from analysis.export.words import count_lines, fill_text, line_height

DECK_TITLE = "机关党建报告分析汇报"
# Inches on a slide of 16:9.
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.5
TITLE_TOP, TITLE_SIZE, SMALLEST_TITLE = 0.35, 24, 18
GAP, FOOT = 0.15, 9
PLOT_SHARE = 0.52  # of the width, beside words or a table
TEXT, SMALLEST_TEXT = 16, 11


def make_deck(panels: list[Panel]) -> bytes:
    """Return the briefing as a file's bytes, a slide for each panel."""
    deck = Presentation()
    _widen(deck)
    for panel in panels:
        draw_panel(deck, panel)
    return save_deck(deck)


def save_deck(deck) -> bytes:
    """Return a deck's bytes, the same in every run."""
    about = deck.core_properties
    about.created = about.modified = DATE
    about.title, about.author, about.last_modified_by, about.comments = DECK_TITLE, "", "", ""
    data = io.BytesIO()
    deck.save(data)
    return fix_dates(data.getvalue())


def _widen(deck) -> None:
    """Make the template's slides 16:9, and its fonts Chinese for what a person adds."""
    factor = Inches(WIDTH) / deck.slide_width
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for page in (deck.slide_master, *deck.slide_layouts):
        for shape in page.placeholders:
            if shape.element.spPr.xfrm is not None:
                places = (Emu(int(length * factor)) for length in (shape.left, shape.width))
                shape.left, shape.width = places
    parts = (rel.target_part for rel in deck.slide_master.part.rels.values())
    theme = next(part for part in parts if "/theme/" in part.partname)
    font = f'<a:ea typeface="{FONT}"/>'.encode()
    theme._blob = theme.blob.replace(b'<a:ea typeface=""/>', font)


def draw_panel(deck, panel: Panel) -> None:
    """Add a slide: title, words, chart and table beside each other, footer, notes."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    inside = WIDTH - 2 * MARGIN
    size = _fit(panel.title, inside, TITLE_SIZE, SMALLEST_TITLE, 2)
    height = count_lines(panel.title, inside, size, bold=True) * line_height(size)
    _write(slide.shapes.title, [panel.title], size, bold=True)
    _place(slide.shapes.title, MARGIN, TITLE_TOP, inside, height)
    foot_lines = count_lines(panel.caption, inside, FOOT)
    bottom = HEIGHT - 0.25 - foot_lines * line_height(FOOT)
    _text(slide, [panel.caption], MARGIN, bottom, inside, FOOT, color=style.GREY, name="页脚")
    top, bottom = TITLE_TOP + height + GAP, bottom - GAP
    left, width = MARGIN, inside
    if panel.plot is not None and (panel.table is not None or panel.points):
        drawn = inside * PLOT_SHARE
        add_plot(slide, panel, MARGIN, top, drawn, bottom - top)
        left, width = MARGIN + drawn + GAP, inside - drawn - GAP
    elif panel.plot is not None:
        add_plot(slide, panel, MARGIN, top, inside, bottom - top)
    if panel.points:
        room = (bottom - top) * (0.45 if panel.table is not None else 1)
        top = _points(slide, panel.points, left, top, width, room) + GAP
    if panel.table is not None:
        add_table(slide, panel.table, left, top, width, bottom - top)
    if panel.notes:
        frame = slide.notes_slide.notes_text_frame
        fill_text(frame, panel.notes, 12)


def _fit(text: str, width: float, largest: int, smallest: int, lines: int) -> int:
    sizes = range(largest, smallest, -1)
    return next((s for s in sizes if count_lines(text, width, s, bold=True) <= lines), smallest)


def _place(shape, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top = Inches(left), Inches(top)
    shape.width, shape.height = Inches(width), Inches(height)


def _text(slide, paragraphs, left, top, width, size, *, name: str, **look):
    height = sum(count_lines(p, width, size) for p in paragraphs) * line_height(size)
    box = slide.shapes.add_textbox(0, 0, 0, 0)
    box.name = name
    _place(box, left, top, width, height)
    _write(box, paragraphs, size, **look)
    return top + height


def _points(slide, points, left: float, top: float, width: float, room: float) -> float:
    words = [f"· {point}" for point in points] if len(points) > 1 else list(points)

    def needed(size: int) -> float:
        return sum(count_lines(w, width, size) * line_height(size) + 0.08 for w in words)

    largest = TEXT if len(points) > 1 else SMALLEST_TEXT
    sizes = range(largest, SMALLEST_TEXT - 1, -1)
    size = next((s for s in sizes if needed(s) <= room), SMALLEST_TEXT)
    while len(words) > 1 and needed(size) > room:
        words.pop()
    box = slide.shapes.add_textbox(0, 0, 0, 0)
    box.name = "要点"
    _place(box, left, top, width, needed(size))
    _write(box, words, size, after=0.08)
    return top + needed(size)


def _write(shape, paragraphs, size, **look) -> None:
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    fill_text(frame, paragraphs, size, **look)
