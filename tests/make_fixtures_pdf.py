"""Write reports as PDF: the bundled font, wrapped lines, a running header and page numbers."""

from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF

FONT = Path(__file__).parents[1] / "analysis" / "fonts" / "GongwenSans-Regular.ttf"
GLYPHS = TTFont(FONT).getBestCmap()
SIZE = 16  # points, as official documents are printed
PITCH = 10  # mm from line to line


class Paper(FPDF):
    """A4 with the margins of an official document."""

    def __init__(self, head="", **options):
        super().__init__(**options)
        self.head = head
        self.set_margins(28, 37, 26)
        self.set_auto_page_break(True, 35)
        self.add_font("gongwen", "", FONT)
        self.set_font("gongwen", size=SIZE)

    def header(self):
        if self.head and self.page_no() > 1:
            with self.local_context():
                self.set_font_size(9)
                self.text(80, 15, self.head)

    def footer(self):
        if self.head:
            with self.local_context():
                self.set_font_size(9)
                self.text(100, 285, f"— {self.page_no()} —")

    def paragraph(self, text, indent="　　"):
        self.multi_cell(
            0, PITCH, indent + text, align="J", wrapmode="CHAR", new_x="LMARGIN", new_y="NEXT"
        )


def printable(text):
    """The text without the characters that the font lacks; they would leave no trace in a PDF."""
    return "".join(c for c in text if ord(c) in GLYPHS or c.isspace())


def report_pdf(lines, head="机关党建调研报告"):
    """The bytes of a report: a centred title, indented paragraphs."""
    paper = Paper(head)
    paper.add_page()
    paper.set_font_size(22)
    paper.multi_cell(0, 14, lines[0], align="C", new_x="LMARGIN", new_y="NEXT", wrapmode="CHAR")
    paper.set_font_size(SIZE)
    for line in lines[1:]:
        paper.paragraph(line)
    return bytes(paper.output())


def columns_pdf(title, lines):
    """The bytes of a page in two columns under a title over the whole width."""
    paper = Paper()
    paper.add_page()
    paper.set_font_size(22)
    paper.cell(0, 14, title, align="C", new_x="LMARGIN", new_y="NEXT")
    paper.set_font_size(11)
    with paper.text_columns(ncols=2, gutter=8, text_align="J") as columns:
        for line in lines:
            with columns.paragraph(first_line_indent=8, wrapmode="CHAR") as paragraph:
                paragraph.write(line)
    return bytes(paper.output())
