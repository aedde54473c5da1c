"""Word documents (.docx, .docm): every paragraph as the page shows it, on a line of its own.

Automatic numbers are written out; tracked insertions are kept and deletions dropped, as if all had
been accepted; text boxes follow the paragraph they hang on; a table is a line for each row. Notes,
headers and footers stand last. Pictures, macros, comments and hidden text are left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.reading.base import ReadingError, Source
from analysis.reading.docx_numbering import Numbering, is_on
from analysis.reading.docx_package import Package, attribute, child, children, local
from analysis.reading.numerals import write_symbol
from analysis.reading.text import HAN

DROPPED = frozenset(
    # what was deleted or moved away; properties; the reading printed above a character
    ("del", "moveFrom", "delText", "delInstrText", "pPr", "rPr", "sdtPr", "sdtEndPr", "sectPr")
    + ("rt", "tblPr", "tblGrid", "trPr", "tcPr", "posOffset")
)
MARKS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
BOXED = ("drawing", "pict", "object")
NOTES = {"footnote": "脚注", "endnote": "尾注"}
MARGINS = {"header": "页眉", "footer": "页脚"}
PAGE_FIELDS = (["PAGE"], ["NUMPAGES"], ["SECTIONPAGES"])  # their results are page numbers
JOINED = ("del", "moveFrom")  # marks of a paragraph's end: it runs on in the next paragraph
REVISIONS = ("ins", "del", "moveFrom", "moveTo")
BLANKS = re.compile("[\t\r\n]+")  # inside XML text they are blanks; real ones are elements


def read(path: Path, raw: bytes) -> Source:
    """Read a .docx.

    Parameters
    ----------
    path : pathlib.Path
        Only its name is used, for messages.
    raw : bytes
        The file.

    Returns
    -------
    Source
        ``text``: a line for each paragraph and table row (cells with a tab between them), then
        【脚注1】…, 【尾注1】…, 【页眉】…, 【页脚】…. ``encoding``: ``docx``.

    Raises
    ------
    ReadingError
        It is damaged, unpacks to too much, or holds no text.
    """
    package = Package(path, raw)
    body = child(package.document, "body")
    walker = _Walker(Numbering(*map(package.first_related, ("numbering", "styles"))))
    lines = walker.lines(body) if body is not None else []
    lines += walker.notes(package) + walker.margins(package)
    text = "\n".join(lines)
    if not HAN.search(text):
        found = f"只有 {package.pictures} 张图片，像是扫描件" if package.pictures else "没有汉字"
        fix = "请先识别成文字再放入" if package.pictures else "请核对原文件或移走它"
        raise ReadingError(f"{path.name}：文件里{found}，不像一份报告；{fix}。")
    note = "文件带修订痕迹：插入的计入，删除的不计。" if walker.revised else None
    return Source(text, "docx", hashlib.sha256(raw).hexdigest(), note)


class _Walker:
    """Goes through the parts of one document in reading order; lists and notes count on."""

    def __init__(self, numbering: Numbering):
        self.numbering = numbering
        self.revised = False
        self._cited: dict[str, dict[str | None, int]] = {kind: {} for kind in NOTES}
        self._carried = ""  # text of a paragraph whose end was deleted
        self._fields: list[list] = []  # open fields of the paragraph: code, whether it is over
        self._boxes: list = []

    def lines(self, root) -> list[str]:
        """Lines of a part, a table cell or a text box."""
        found = [line for text in self._blocks(root) for line in text.split("\n")]
        found.append(self._carried)
        self._carried = ""
        return [line for line in found if line.strip()]

    def notes(self, package: Package) -> list[str]:
        """The notes that the text cites, in its order."""
        found = []
        for kind, label in NOTES.items():
            root = package.first_related(f"{kind}s") if self._cited[kind] else None
            by_id = {attribute(one, "id"): one for one in children(root, kind)}
            for note, at in self._cited[kind].items():
                if note in by_id:
                    found.append(f"【{label}{at}】" + " ".join(self.lines(by_id[note])).strip())
        return found

    def margins(self, package: Package) -> list[str]:
        """Headers and footers, each text once."""
        found = []
        for kind, label in MARGINS.items():
            for name in dict.fromkeys(package.related(package.main, kind)):
                root = package.part(name)
                text = " ".join(self.lines(root)).strip() if root is not None else ""
                found += [f"【{label}】{text}"] if re.search(r"\w", text) else []
        return list(dict.fromkeys(found))

    def _blocks(self, parent) -> Iterator[str]:
        for element in _shown(parent):
            kind = local(element)
            if kind == "p":
                yield from self._paragraph(element)
            elif kind == "tbl":
                yield from self._rows(element)
            elif kind in DROPPED:
                self.revised |= kind in REVISIONS
            elif not _is_placeholder(element):
                yield from self._blocks(element)

    def _rows(self, table) -> Iterator[str]:
        for row in _inside(table, "tr"):
            if child(row, "trPr", "del") is not None:
                self.revised = True
                continue
            cells = [self.lines(cell) for cell in _inside(row, "tc")]
            cells = [lines for lines in cells if lines]
            if len(cells) == 1:  # a frame around text, or a row that spans the table
                yield from cells[0]
            elif cells:
                yield "\t".join(" ".join(lines) for lines in cells)

    def _paragraph(self, paragraph) -> Iterator[str]:
        properties = child(paragraph, "pPr")
        mark = child(properties, "rPr")
        outer, self._boxes, self._fields = self._boxes, [], []
        hidden = self.numbering.hides(attribute(child(properties, "pStyle")))
        text = "" if hidden else "".join(self._inline(paragraph))
        boxes, self._boxes = self._boxes, outer
        text, self._carried = self._carried + text, ""
        joined = any(child(mark, kind) is not None for kind in JOINED)
        self.revised |= joined or child(mark, "ins") is not None
        if not joined:
            gone = not text.strip() and _is_hidden(mark)
            number = "" if gone or hidden else self.numbering.number(properties)
            if text.strip():
                # 1. and 5万 must not read as 1.5万
                gap = " " if number[-1:] in (".", "．") and text[:1].isdigit() else ""
                yield number + gap + text
        for box in boxes:
            yield from self.lines(box)
        if joined:
            self._carried = text

    def _inline(self, parent) -> Iterator[str]:
        for element in _shown(parent):
            kind = local(element)
            if kind in DROPPED:
                self.revised |= kind in REVISIONS
            elif kind == "t":
                if not self._in_page_field():
                    yield BLANKS.sub(" ", element.text or "").replace("\u00ad", "")
            elif kind == "r":
                mark = child(element, "rPr")
                style = attribute(child(mark, "rStyle"))
                if not (_is_hidden(mark) or self.numbering.hides(style)):
                    yield from self._inline(element)
            elif kind in MARKS:
                yield MARKS[kind]
            elif kind == "br":
                yield "" if attribute(element, "type") in ("page", "column") else "\n"
            elif kind == "sym":
                yield _symbol(element)
            elif kind.endswith("Reference") and kind.removesuffix("Reference") in NOTES:
                yield self._cite(kind.removesuffix("Reference"), attribute(element, "id"))
            elif kind in BOXED:
                self._boxes += _find_boxes(element)
            elif kind in ("fldChar", "instrText"):
                self._follow_field(element, kind)
            elif not _is_placeholder(element) and not _is_page_field(attribute(element, "instr")):
                self.revised |= kind in REVISIONS
                yield from self._inline(element)

    def _cite(self, kind: str, note: str | None) -> str:
        cited = self._cited[kind]
        return f"【{NOTES[kind]}{cited.setdefault(note, len(cited) + 1)}】"

    def _follow_field(self, element, kind: str) -> None:
        state = attribute(element, "fldCharType")
        if state == "begin":
            self._fields.append(["", False])
        elif self._fields and kind == "instrText":
            self._fields[-1][0] += element.text or ""
        elif self._fields and state == "separate":
            self._fields[-1][1] = True
        elif self._fields and state == "end":
            self._fields.pop()

    def _in_page_field(self) -> bool:
        return any(over and _is_page_field(code) for code, over in self._fields)


def _shown(parent) -> Iterator:
    """Child elements; of alternatives for newer and older programs, the first that has text."""
    for element in parent:
        if local(element) == "AlternateContent":
            options = list(element)
            has_text = (one for one in options if any(local(e) == "t" for e in one.iter()))
            yield from next(has_text, options[0] if options else ())
        else:
            yield element


def _inside(parent, wanted: str) -> Iterator:
    """Rows of a table, cells of a row, also those in content controls; not of a table inside."""
    for element in _shown(parent):
        if local(element) == wanted:
            yield element
        elif local(element) not in DROPPED and local(element) not in ("tbl", "p"):
            yield from _inside(element, wanted)


def _find_boxes(element) -> Iterator:
    """Text boxes of a drawing; a box inside a box is found when its own text is read."""
    if local(element) == "txbxContent":
        yield element
        return
    for one in _shown(element):
        yield from _find_boxes(one)


def _is_hidden(mark) -> bool:
    vanish = child(mark, "vanish")
    return vanish is not None and is_on(vanish)


def _is_placeholder(element) -> bool:
    """Whether it is a content control that still shows its prompt (单击此处输入文字)."""
    return child(element, "sdtPr", "showingPlcHdr") is not None


def _is_page_field(code: str | None) -> bool:
    return (code or "").upper().split()[:1] in PAGE_FIELDS


def _symbol(element) -> str:
    code = attribute(element, "char") or ""
    number = int(code, 16) if re.fullmatch("[0-9A-Fa-f]{4}", code) else 0
    if number < 0x20 or 0xD800 <= number < 0xE000:  # no character
        return ""
    return write_symbol(chr(number), element)
