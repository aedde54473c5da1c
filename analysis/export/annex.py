"""The annex (附表): each issue with counts, quotes and countermeasures, as an official document.

Layout and fonts follow GB/T 9704-2012, 党政机关公文格式: A4, margins 37/35/28/26 mm, lines of 28
points, 小标宋 二号 for the title, 黑体, 楷体 and 仿宋 三号 for 一、, （一） and text, page numbers
on the outer side.
"""

from __future__ import annotations

import io

import pandas as pd
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from analysis.charts import count_matrix
from analysis.charts.answered import Answers, match_answers
from analysis.charts.style import clean
from analysis.compare import UNKNOWN
from analysis.export.account import list_overview, list_trust, show_update
from analysis.export.material import NO_REPORTS, Material, cut
from analysis.export.openxml import DATE, fix_dates
from analysis.export.panel import SERIES
from analysis.export.panels import list_levels

TITLE = "机关党建报告问题表现与对策情况附表"
# Fonts of official documents, with what Word takes where they are not installed.
SONG, HEI, KAI, FANG = "方正小标宋简体", "黑体", "楷体", "仿宋"
LENT = {SONG: "华文中宋", HEI: "SimHei", KAI: "楷体_GB2312", FANG: "仿宋_GB2312"}
FONTS = "/word/fontTable.xml"
SECOND, THIRD, FIFTH = 22, 16, 10.5  # 二号, 三号, 五号 in points
LINE = 28  # points from line to line
TEXT_WIDTH = 156  # mm
MOST, QUOTED = 6, 110  # quotes and countermeasures of an issue; their characters
STYLES = {  # name: font, size, first-line indent in characters
    "Title": (SONG, SECOND, 0),
    "Heading 1": (HEI, THIRD, 2),
    "Heading 2": (KAI, THIRD, 2),
    "Heading 3": (FANG, THIRD, 2),
    "Normal": (FANG, THIRD, 2),
}
DIGITS = "一二三四五六七八九十"


def make_annex(material: Material) -> bytes:
    """Return the annex as a file's bytes."""
    doc = Document()
    _set_styles(doc)
    _set_page(doc)
    doc.add_paragraph(TITLE, style="Title")
    reports = material.tables["reports"]
    if material.read:
        marks = count_matrix(material.tables["rates"], reports, material.book)
        _write_overview(doc, material)
        _write_counts(doc, marks)
        _write_issues(doc, material, marks)
        _write_notes(doc, material)
    else:
        _add(doc, f"{NO_REPORTS}。")
        for message in reports["message"].dropna():
            _add(doc, message)
    about = doc.core_properties
    about.title, about.author, about.comments = TITLE, "", ""
    about.created = about.modified = DATE
    data = io.BytesIO()
    doc.save(data)
    return fix_dates(data.getvalue())


def _write_overview(doc, material: Material) -> None:
    doc.add_paragraph("一、报告情况", style="Heading 1")
    _add(doc, material.caption)
    table = list_overview(material)
    table.insert(0, "序号", range(1, len(table) + 1))
    _table(doc, table, (10, 22, 62, 14, 14, 34))


def _write_counts(doc, marks: pd.DataFrame) -> None:
    doc.add_paragraph("二、问题表现汇总", style="Heading 1")
    _add(doc, "先列份数，后列段数；分母为能够判断的报告数、段数。未提到不等于没有这个问题。")
    rows: dict[str, dict] = {}
    for row in marks[marks["form"] == "total"].itertuples():
        said = f"{row.reports_with}/{row.reports} 份，{row.passages_with}/{row.passages} 段"
        said += f"（另 {row.reports_unknown} 份{UNKNOWN}）" if row.reports_unknown else ""
        rows.setdefault(row.short, {})[SERIES[row.stance]] = said if row.reports else UNKNOWN
    table = pd.DataFrame.from_dict(rows, orient="index")[list(SERIES.values())]
    table = table.rename_axis("问题表现").reset_index()
    _table(doc, table, (40, 62, 54))


def _write_issues(doc, material: Material, marks: pd.DataFrame) -> None:
    doc.add_paragraph("三、各问题表现", style="Heading 1")
    rates = material.tables["rates"]
    rates = rates[(rates["kind"] == "issue") & rates["by"].isin(("all", "level"))]
    named = set(rates.loc[(rates["reports_with"] > 0), "key"])
    answers = match_answers(material.tables)
    issues = material.book["issues"].set_index("issue")
    order = marks.loc[marks["form"] == "total", "key"].drop_duplicates()
    for number, issue in enumerate([key for key in order if key in named], start=1):
        row = issues.loc[issue]
        doc.add_paragraph(f"（{chinese(number)}）{clean(row['name'])}", style="Heading 2")
        _part(doc, "1. 含义", [row["definition"]])
        doc.add_paragraph("2. 各级情况", style="Heading 3")
        _table(doc, list_levels(material, issue), (26, 66, 64))
        _part(doc, "3. 代表性引文", _numbered(material.quotes(issue)[:MOST]))
        _part(doc, "4. 提出的对策", _numbered(list_measures(material, answers, issue)))
    absent = [issues.loc[key, "short"] for key in order if key not in named]
    if absent:
        words = f"各报告均未提到的：{'、'.join(absent)}。未提到不等于没有这个问题。"
        _add(doc, words)


def list_measures(material: Material, answers: Answers | None, issue: str) -> list[str]:
    """Return the countermeasures against an issue with their sources.

    They are the sentences that set out to solve it, then the best answers to the passages that
    assert it.
    """
    t = material.tables
    own = t["mentions"][t["mentions"]["issue"] == issue]
    sentences = own.loc[own["stance"] == "addressed", "sentence"].drop_duplicates()
    found = t["sentences"][t["sentences"]["sentence"].isin(sentences)]
    found = found[["report", "start", "end", "text"]]
    if answers is not None:
        asserted = own[own["stance"] == "asserted"]
        pairs = answers.pairs
        wanted = pairs["problem"].isin(answers.points.reindex(asserted["sentence"]))
        found = pd.concat([found, pairs.loc[wanted, found.columns]])
    found = found.drop_duplicates(["report", "start"])
    said = [
        f"{cut(row.text, QUOTED)}{material.source(row.report, row.start, row.end)}"
        for row in found.head(MOST).itertuples()
    ]
    if len(found) > MOST:
        said.append(f"另有 {len(found) - MOST} 处，见 workbook.xlsx。")
    return said or ["未见明确针对这一问题的对策；未见不等于没有。"]


def _numbered(paragraphs: list[str]) -> list[str]:
    many = len(paragraphs) > 1
    return [f"（{n}）{words}" if many else words for n, words in enumerate(paragraphs, start=1)]


def _write_notes(doc, material: Material) -> None:
    doc.add_paragraph("四、说明", style="Heading 1")
    for line in (material.accuracy, *material.remarks, f"{show_update(material).title}。"):
        _add(doc, line)
    if material.scores is not None:
        _table(doc, list_trust(material.scores), (48, 16, 16, 18, 20, 38))


def chinese(number: int) -> str:
    """Return a number up to 99 as it stands in headings: 十二."""
    tens, ones = divmod(number, 10)
    head = (DIGITS[tens - 1] if tens > 1 else "") + "十" if tens else ""
    return head + (DIGITS[ones - 1] if ones else "")


def _part(doc, heading: str, paragraphs: list[str]) -> None:
    doc.add_paragraph(heading, style="Heading 3")
    for words in paragraphs or ["没有。"]:
        _add(doc, words)


def _add(doc, words: str) -> None:
    doc.add_paragraph(clean(words))


def _set_fonts(style_or_run, font: str) -> None:
    fonts = style_or_run.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), font)


def _set_styles(doc) -> None:
    for name, (font, size, indent) in STYLES.items():
        style = doc.styles[name]
        _set_fonts(style, font)
        style.font.size, style.font.bold, style.font.italic = Pt(size), name == "Heading 3", False
        style.font.color.rgb = None
        form = style.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
        form.space_before = form.space_after = Pt(0)
        form.first_line_indent = Pt(indent * size)
        form.keep_with_next = name.startswith("Heading")
    title = doc.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(36)
    title.paragraph_format.space_after = Pt(LINE)
    for border in title.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    (part,) = (p for p in doc.part.package.iter_parts() if p.partname == FONTS)
    known = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{lent}"/><w:charset w:val="86"/></w:font>'
        for font, lent in LENT.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{known}</w:fonts>".encode())


def _set_page(doc) -> None:
    section = doc.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)  # 7 mm below the text
    doc.settings.odd_and_even_pages_header_footer = True
    sides = (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    for footer, side in zip((section.footer, section.even_page_footer), sides, strict=True):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        paragraph.paragraph_format.first_line_indent = Pt(0)
        for words in ("— ", "PAGE", " —"):
            run = paragraph.add_run("" if words == "PAGE" else words)
            _set_fonts(run, "宋体")
            run.font.size = Pt(14)  # 四号
            if words == "PAGE":
                field = OxmlElement("w:fldSimple")
                field.set(qn("w:instr"), words)
                run._r.addprevious(field)
                field.append(run._r)
                run.text = "1"


def _table(doc, table: pd.DataFrame, widths: tuple[int, ...]) -> None:
    """Add a table whose heading is repeated on every page and whose rows are not torn."""
    scale = TEXT_WIDTH / sum(widths)
    drawn = doc.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    drawn.autofit = False
    for column, wide in zip(drawn.columns, widths, strict=True):
        column.width = Mm(wide * scale)
    for at, row in enumerate([list(table.columns), *table.astype(object).to_numpy().tolist()]):
        line = drawn.add_row()
        properties = line._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if at == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, words, wide in zip(line.cells, row, widths, strict=True):
            cell.width = Mm(wide * scale)
            paragraph = cell.paragraphs[0]
            form = paragraph.paragraph_format
            form.first_line_indent, form.line_spacing = Pt(0), Pt(18)
            run = paragraph.add_run(clean(words))
            _set_fonts(run, HEI if at == 0 else FANG)
            run.font.size = Pt(FIFTH)
    doc.add_paragraph()
