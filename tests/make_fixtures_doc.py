"""Makes the .doc files of tests/data/doc: `python tests/make_fixtures_doc.py`, with LibreOffice.

Each is a .docx that python-docx writes, or a flat OpenDocument text, saved as Word 97–2003.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

HERE = Path(__file__).parent / "data" / "doc"
DATA = Path(__file__).parents[1] / "data"
REPORTS = [f"reports/{path.stem}" for path in sorted((DATA / "reports").glob("*.txt"))]
REPORTS += [f"training/{name}" for name in ("d1", "t11", "t21", "t41")]
# The formats of the levels of a list, and how Chinese offices write them.
LEVELS = [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
LEVELS += [("decimal", "（%4）"), ("decimalEnclosedCircle", "%5")]


def element(xml):
    """An element from XML, where a colon in a name stands for Word's namespace."""
    head, gap, rest = xml.partition(" ") if " " in xml.split(">")[0] else xml.partition(">")
    return parse_xml(f"{head} {nsdecls('w')}{gap}{rest}")


def field(paragraph, code, shown):
    run = paragraph.add_run()
    for xml in (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {code} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{shown}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        run._r.append(element(xml))


def report(lines, size=16):
    """A report as offices print it: title, indented paragraphs, running header, page number."""
    document = Document()
    document.styles["Normal"].font.size = Pt(size)
    section = document.sections[0]
    section.header.paragraphs[0].text = "机关党建调研报告"
    footer = section.footer.paragraphs[0]
    footer.add_run("— ")
    field(footer, "PAGE", "1")
    footer.add_run(" —")
    for at, line in enumerate(lines):
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.space_after = Pt(0)
        if at:
            paragraph.paragraph_format.first_line_indent = Pt(2 * size)
        else:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return document


def listed(document, text, level):
    """A paragraph with an automatic number."""
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        element(f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
    )
    return paragraph


def add_list(document):
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text) in enumerate(LEVELS)
    )
    numbering = document.part.numbering_part.element
    abstract = element(f'<w:abstractNum w:abstractNumId="77">{levels}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(element('<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def rich():
    """Everything that is kept, dropped or written out, in one document."""
    document = report(["关于全县机关党建工作情况的调研报告", "按照要求，现将有关情况报告如下。"])
    add_list(document)
    listed(document, "基本情况", 0)
    listed(document, "组织建设", 1)
    listed(document, "现有支部145个。", 2)
    listed(document, "5万元经费已经到位。", 2)
    listed(document, "制度建设", 1)
    listed(document, "修订制度3项。", 2)
    listed(document, "会议制度。", 3)
    listed(document, "学习制度。", 4)
    listed(document, "存在的主要问题", 0)
    listed(document, "认识不到位", 1)
    paragraph = document.add_paragraph("部分单位")
    paragraph._p.append(element('<w:ins w:id="1" w:author="a"><w:r><w:t>仍然</w:t></w:r></w:ins>'))
    paragraph._p.append(
        element('<w:del w:id="2" w:author="a"><w:r><w:delText>总是</w:delText></w:r></w:del>')
    )
    paragraph.add_run("重业务轻党建，详见")
    field(paragraph, 'HYPERLINK "http://example.invalid/"', "附表")
    paragraph.add_run("。")
    paragraph.add_run("这一句是隐藏的。").font.hidden = True
    paragraph = document.add_paragraph("换行之前")
    paragraph.add_run().add_break(WD_BREAK.LINE)
    paragraph.add_run("换行之后𠮷字。")
    table = document.add_table(rows=0, cols=3)
    for row in (("单位", "党员数", "问题"), ("甲局", "120", "两张皮"), ("乙局", "", "台账不全")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    table.rows[1].cells[2].add_paragraph("重形式")
    document.add_paragraph("表后的一段。")
    document.add_paragraph("样式带编号的第一条。", style="List Number")
    document.add_paragraph("样式带编号的第二条。", style="List Number")
    return document


NAMES = {"office": "office", "text": "text", "draw": "drawing", "svg": "svg-compatible"}
NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in NAMES.items()
)


def note(kind, number, text):
    return (
        f'<text:note text:note-class="{kind}"><text:note-citation>{number}</text:note-citation>'
        f"<text:note-body><text:p>{text}</text:p></text:note-body></text:note>"
    )


PARTY = f"党员309名{note('footnote', 2, '含预备。')}"
NOTES = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document office:mimetype="application/vnd.oasis.opendocument.text" {NAMESPACES}>
<office:body><office:text>
<text:p>机关党建调研{note("footnote", 1, "见党章第三十条。")}有关情况如下。</text:p>
<text:p>支部共有21个{note("endnote", "i", "截至年底。")}，{PARTY}。</text:p>
<text:p>旁边有一个文本框。<draw:frame svg:width="6cm" svg:height="2cm">
<draw:text-box><text:p>文本框里的字。</text:p></draw:text-box></draw:frame></text:p>
</office:text></office:body></office:document>
"""


def convert(folder, files, kind):
    command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder, files = Path(folder), []
        for name in REPORTS:
            text = (DATA / f"{name}.txt").read_text(encoding="utf-8")
            files.append(folder / f"{Path(name).name}.docx")
            report([line.strip() for line in text.splitlines() if line.strip()]).save(files[-1])
        files.append(folder / "rich.docx")
        rich().save(files[-1])
        (folder / "notes.fodt").write_text(NOTES, encoding="utf-8")
        convert(HERE, [folder / "notes.fodt"], "doc:MS Word 97")
        convert(HERE, files, "doc:MS Word 97")
        (HERE / "rich.docx").write_bytes(files[-1].read_bytes())


if __name__ == "__main__":
    sys.exit(main())
