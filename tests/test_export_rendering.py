"""The pack as another program shows it: nothing missing, nothing cut, nothing over the footer."""

import collections
import io
import re
import shutil
import subprocess

import pypdfium2
import pytest
from docx import Document
from pptx import Presentation
from pptx.util import Length
from toys_pack import cases, material

from analysis.export.annex import make_annex
from analysis.export.panels import make_panels
from analysis.export.slides import make_deck
from analysis.export.workbook import make_workbook

pytestmark = pytest.mark.slow

POINTS = 72
CASES = cases()


def render(data: bytes, name: str, folder):
    """Let LibreOffice make a PDF of a file and open it."""
    (folder / name).write_bytes(data)
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program, "LibreOffice is needed: libreoffice-impress, -writer, -calc"
    home = f"-env:UserInstallation=file://{folder / 'home'}"
    command = [program, home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), name]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    return pypdfium2.PdfDocument((folder / name).with_suffix(".pdf"))


def characters(page):
    """Every visible character with its box: left, bottom, right, top in points."""
    text = page.get_textpage()
    for at in range(text.count_chars()):
        sign = text.get_text_range(at, 1)
        if sign.strip():
            yield sign, text.get_charbox(at)


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def words_of(slide) -> list[str]:
    words = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            words.append(shape.text_frame.text)
        elif shape.has_table:
            words += [cell.text for row in shape.table.rows for cell in row.cells]
    return words


@pytest.mark.parametrize("name", CASES)
def test_slides_show_all_their_words_above_the_footer(name, tmp_path):
    data = make_deck(make_panels(material(CASES[name])))
    pages = render(data, "briefing.pptx", tmp_path)
    slides = list(Presentation(io.BytesIO(data)).slides)
    assert len(pages) == len(slides)
    for page, slide in zip(pages, slides, strict=True):
        width, height = page.get_size()
        foot = next(shape for shape in slide.shapes if shape.name == "页脚")
        line = height - Length(foot.top).inches * POINTS
        shown, below = collections.Counter(), []
        for sign, (left, bottom, right, top) in characters(page):
            assert left >= 0 and bottom >= 0 and right <= width + 1 and top <= height + 1, sign
            shown[sign] += 1
            if (bottom + top) / 2 < line:
                below.append(sign)
        wanted = collections.Counter(plain("".join(words_of(slide))))
        assert not wanted - shown, "not shown"
        assert collections.Counter(below) == collections.Counter(plain(foot.text_frame.text))


def test_the_annex_shows_all_its_words_on_numbered_pages(tmp_path):
    data = make_annex(material(CASES["five"]))
    pages = render(data, "annex.docx", tmp_path)
    doc = Document(io.BytesIO(data))
    wanted = [p.text for p in doc.paragraphs]
    wanted += [c.text for table in doc.tables for row in table.rows for c in row.cells]
    shown = collections.Counter()
    for number, page in enumerate(pages, start=1):
        width, height = page.get_size()
        for sign, (left, bottom, right, top) in characters(page):
            assert min(left, bottom) > 0 and right < width and top < height, sign
            shown[sign] += 1
        assert f"—{number}—" in plain(page.get_textpage().get_text_bounded())
    assert not collections.Counter(plain("".join(wanted))) - shown
    assert 4 < len(pages) < 40


def test_the_workbook_opens_with_its_charts(tmp_path):
    made = material(CASES["five"])
    pages = render(make_workbook(made, make_panels(made)), "workbook.xlsx", tmp_path)
    words = plain("".join(page.get_textpage().get_text_bounded() for page in pages))
    for title in ("两张皮", "提到（认定存在）", "数字编号"):
        assert plain(title) in words
