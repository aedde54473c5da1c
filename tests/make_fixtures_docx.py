"""Makes .docx: whole reports with python-docx, and single features from XML.

`python tests/make_fixtures_docx.py` writes the files of tests/data/docx/.
"""

import io
import re
import zipfile
from pathlib import Path

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from toys_reading import report_lines

HERE = Path(__file__).parent / "data" / "docx"
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OTHER_NS = """xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
xmlns:v="urn:schemas-microsoft-com:vml" """
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NOTE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
NOTES = """<w:footnotes {ns}>
<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>
<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> {text}</w:t>
</w:r></w:p></w:footnote></w:footnotes>"""
LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
HAN = "[一二三四五六七八九十]{1,3}"
TYPED = (f"({HAN})、", f"（({HAN})）", r"(\d{1,2})\.(?!\d)")
NUMBERS = ["", *"一二三四五六七八九", *("十" + c for c in ["", *"一二三四五六七八九"])]


def write_report(path, lines, *, numbered=False, revised=False, margins=False):
    """Write a paragraph for each line.

    numbered: 一、 （一） 1. at the head of a line become automatic numbers. revised: a third
    of each line is a tracked insertion, something deleted and moved away stands beside it.
    margins: a header, a footer with the page number, a footnote.
    """
    document = docx.Document()
    numbers = Numbers(document)
    for line in lines:
        paragraph = document.add_paragraph()
        text = numbers.take(paragraph, line) if numbered else line
        if revised and len(text) > 8:
            revise(paragraph, text)
        else:
            paragraph.add_run(text)
    if margins:
        add_margins(document)
    document.save(path)
    return path


class Numbers:
    """Turns typed numbers into automatic ones; where the count jumps, a list that starts there."""

    def __init__(self, document):
        self._root = document.part.numbering_part.element
        levels = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
            for at, (kind, text) in enumerate(LEVELS)
        )
        self._root.insert(
            0, parse_xml(f'<w:abstractNum {NS} w:abstractNumId="77">{levels}</w:abstractNum>')
        )
        self._counts, self._list = [0, 0, 0], 700
        self._begin("")

    def _begin(self, override, level=None):
        self._list, self._level = self._list + 1, level
        inner = f'<w:abstractNumId w:val="77"/>{override}'
        self._root.append(parse_xml(f'<w:num {NS} w:numId="{self._list}">{inner}</w:num>'))

    def take(self, paragraph, line):
        """Return the line without its number, if the paragraph now has an automatic one."""
        level, match = next(
            ((at, m) for at, typed in enumerate(TYPED) if (m := re.match(typed, line))), (0, None)
        )
        if not match:
            return line
        number = NUMBERS.index(match[1]) if match[1] in NUMBERS else int(match[1])
        # A list that starts elsewhere starts there after each paragraph of a level above, too.
        again = self._counts[level] == 0 and self._level == level
        if again or number != self._counts[level] + 1:
            self._begin(
                f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{number}"/>'
                "</w:lvlOverride>",
                level,
            )
        self._counts[level:] = [number] + [0] * (2 - level)
        place = f'<w:ilvl w:val="{level}"/><w:numId w:val="{self._list}"/>'
        paragraph._p.get_or_add_pPr().append(parse_xml(f"<w:numPr {NS}>{place}</w:numPr>"))
        return line[match.end() :]


def revise(paragraph, text):
    third = len(text) // 3
    who = 'w:id="9" w:author="审稿人" w:date="2024-03-05T00:00:00Z"'
    paragraph.add_run(text[:third])
    for tag, kind, part in (
        ("del", "delText", "删去的话"),
        ("ins", "t", text[third : 2 * third]),
        ("moveFrom", "t", "移走的话"),
    ):
        run = f'<w:r><w:{kind} xml:space="preserve">{part}</w:{kind}></w:r>'
        paragraph._p.append(parse_xml(f"<w:{tag} {NS} {who}>{run}</w:{tag}>"))
    paragraph.add_run(text[2 * third :])


def add_margins(document):
    section = document.sections[0]
    section.header.paragraphs[0].text = "机关党建调研（内部资料）"
    footer = section.footer.paragraphs[0]
    footer.add_run("第")
    for xml in (
        '<w:fldChar w:fldCharType="begin"/>',
        "<w:instrText> PAGE </w:instrText>",
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>3</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        footer._p.append(parse_xml(f"<w:r {NS}>{xml}</w:r>"))
    footer.add_run("页")
    blob = NOTES.format(ns=NS, text="数据来源于本次问卷调查。").encode()
    part = Part(PackURI("/word/footnotes.xml"), NOTE_TYPE, blob, document.part.package)
    document.part.relate_to(part, RT.FOOTNOTES)
    cited = max(document.paragraphs, key=lambda one: len(one.text))
    cited._p.append(parse_xml(f'<w:r {NS}><w:footnoteReference w:id="2"/></w:r>'))


def pack(body, *, main="word/document.xml", declare="", **parts):
    """A .docx from the XML of its body and of other parts: numbering, styles, header1 …."""
    links = "".join(
        f'<Relationship Id="r{at}" Type="{RELATION}/{name.rstrip("0123456789")}" '
        f'Target="{name}.xml"/>'
        for at, name in enumerate(parts)
    )
    relations = '<Relationships xmlns="{}">{}</Relationships>'
    about = "http://schemas.openxmlformats.org/package/2006/relationships"
    top = f'<Relationship Id="r" Type="{RELATION}/officeDocument" Target="{main}"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", relations.format(about, top))
        package.writestr("word/_rels/document.xml.rels", relations.format(about, links))
        package.writestr(
            "word/document.xml",
            f"{declare}<w:document {NS} {OTHER_NS}><w:body>{body}</w:body></w:document>",
        )
        for name, xml in parts.items():
            root = {"numbering": "numbering", "styles": "styles"}.get(name, name[:3])
            root = {"hea": "hdr", "foo": "ftr", "end": "endnotes"}.get(root, root)
            root = "footnotes" if name == "footnotes" else root
            package.writestr(f"word/{name}.xml", f"<w:{root} {NS}>{xml}</w:{root}>")
    return out.getvalue()


def p(content, properties=""):
    """XML of a paragraph; plain text becomes a run."""
    content = content if content.startswith("<") else r(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def r(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def main():
    HERE.mkdir(parents=True, exist_ok=True)
    lines = report_lines("training/t11")[:14]
    write_report(HERE / "t11.docx", lines, numbered=True, revised=True, margins=True)


if __name__ == "__main__":
    main()
