"""Word 97–2003 and WPS documents (.doc, .wps): every paragraph on a line of its own.

What is kept, dropped and written out is the same as for .docx: automatic numbers are written out,
tracked insertions kept and deletions dropped, a table is a line for each row; notes, headers and
footers stand last. No macro, picture, link or embedded object is opened.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

from analysis.reading import doc_binary as binary
from analysis.reading.base import ReadingError, Source
from analysis.reading.doc_lists import Numbering
from analysis.reading.text import HAN

MAGIC, MAGIC_95 = 0xA5EC, 0xA5DC  # the first number of the stream with the text
WORD_97 = 0xC1  # number of the format; earlier ones are laid out in another way
ENCRYPTED, TABLE_1 = 0x0100, 0x0200  # flags of the file
MAX_CHARACTERS = 500_000  # 500 full pages; one report had 40 at most
CELL, LINE, PAGE, NOTE = "\x07", "\x0b", "\x0c", "\x02"
BEGIN, SEPARATE, END = "\x13", "\x14", "\x15"  # of a field: code, then what it shows
WRITTEN = {LINE: "\n", "\x1e": "-", "\x1f": "", "\xad": ""}  # no-break and optional hyphens
PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
HEADER_KINDS = (
    "页眉",
    "页眉",
    "页脚",
    "页脚",
    "页眉",
    "页脚",
)  # of a section: even, odd, first page
SEPARATORS = 6  # stories before the first header: lines between text and notes


def read(path: Path, raw: bytes) -> Source:
    """Read a .doc or .wps.

    Parameters
    ----------
    path : pathlib.Path
        Only its name is used, for messages.
    raw : bytes
        The file.

    Returns
    -------
    Source
        ``text`` as that of a .docx. ``encoding``: ``doc``.

    Raises
    ------
    ReadingError
        It has a password, is older than Word 97, damaged, too long, or holds no Chinese text.
    """
    try:
        document = _open(path, raw)
        lines, numbering = [], Numbering(document)
        cited = _citations(document)
        main, boxes = document.stories["main"], document.stories["box"]
        for start, end in (main, boxes):
            lines += _lines(document, start, end, numbering, cited)
        lines += [*_notes(document), *_margins(document)]
    except ReadingError:
        raise
    except Exception as error:  # whatever a parser meets in a damaged file; the run goes on
        raise ReadingError(
            f"{path.name}：文件已损坏（{type(error).__name__}），"
            "请用 Word 或 WPS 打开并修复，另存为 docx 后再放入。"
        ) from None
    # The file holds UTF-16 units; a character outside the basic plane is two of them.
    text = "\n".join(lines).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if not HAN.search(text):
        raise ReadingError(
            f"{path.name}：文件里没有汉字，不像一份报告；"
            "如果是扫描的图片，请先做文字识别（OCR），否则请核对原文件。"
        )
    note = "文件带修订痕迹：插入的计入，删除的不计。" if document.revised else None
    return Source(text, "doc", hashlib.sha256(raw).hexdigest(), note)


def _open(path: Path, raw: bytes) -> binary.Document:
    file = olefile.OleFileIO(io.BytesIO(raw))
    if file.exists("EncryptedPackage"):
        raise ReadingError(f"{path.name}：有密码，请解除密码后再放入。")
    if not file.exists("WordDocument"):
        raise ReadingError(
            f"{path.name}：扩展名是 {path.suffix}，里面却没有 Word 正文，"
            "可能已损坏，或是其他程序的文件；请用原来的程序打开，另存为 docx。"
        )
    main = file.openstream("WordDocument").read()
    magic, version = struct.unpack_from("<HH", main)
    flags = struct.unpack_from("<H", main, 0x0A)[0]
    if flags & ENCRYPTED:
        raise ReadingError(f"{path.name}：有密码，请解除密码后再放入。")
    if magic not in (MAGIC, MAGIC_95):
        raise struct.error("no file information block")
    if magic != MAGIC or version < WORD_97:
        raise ReadingError(
            f"{path.name}：是 Word 95 或更早的格式，请用 Word 或 WPS 打开，另存为 docx。"
        )
    tables = file.openstream("1Table" if flags & TABLE_1 else "0Table").read()
    document = binary.Document(main, tables)
    if max(end for _, end in document.stories.values()) > MAX_CHARACTERS:
        raise ReadingError(
            f"{path.name}：文字超过 {MAX_CHARACTERS // 10_000} 万字，不像一份报告；请拆分后再放入。"
        )
    return document


def _lines(document, start: int, end: int, numbering=None, cited=None) -> list[str]:
    """Lines of a story or a part of one."""
    found: list[str] = []
    row, cell = [], []
    for text, mark, sprms in _paragraphs(document, start, end, cited or {}):
        number = numbering.number(sprms) if numbering and mark != CELL else ""
        if text.strip() and number:
            # 1. and 5万 must not read as 1.5万
            text = number + (" " if number[-1] in ".．" and text[:1].isdigit() else "") + text
        lines = [line for line in text.split("\n") if line.strip()]
        if binary.ROW_END in sprms:
            found += _row(row)
            row, cell = [], []
        elif mark == CELL:
            row, cell = [*row, [*cell, *lines]], []
        elif binary.IN_TABLE in sprms:
            cell += lines
        else:
            found += [*_row([*row, cell]), *lines]  # a row without an end
            row, cell = [], []
    return found + _row([*row, cell])


def _row(cells: list[list[str]]) -> list[str]:
    cells = [lines for lines in cells if lines]
    if len(cells) == 1:  # a frame around text, or a row that spans the table
        return cells[0]
    return ["\t".join(" ".join(lines) for lines in cells)] if cells else []


def _paragraphs(document, start, end, cited) -> Iterator[tuple[str, str, dict[int, int]]]:
    """Text of each paragraph, the mark that ends it and its sprms; fields as what they show."""
    text: list[str] = []
    fields: list[list] = []  # open ones: code, whether it is over
    for position, unit, place in document.characters(start, end):
        if unit in "\r\x07\x0c":
            yield "".join(text), unit, document.paragraph(place)
            text = []
        elif unit == BEGIN:
            fields.append(["", False])
        elif unit in (SEPARATE, END):
            if fields and unit == SEPARATE:
                fields[-1][1] = True
            elif fields:
                fields.pop()
        elif fields and not fields[-1][1]:
            fields[-1][0] += unit
        elif any(not over or PAGE_FIELD.match(code) for code, over in fields):
            continue
        elif unit == NOTE:
            text.append(cited.get(position, ""))
        else:
            text.append(WRITTEN.get(unit, unit if unit >= " " or unit == "\t" else ""))
    yield "".join(text), "\r", {}


def _citations(document) -> dict[int, str]:
    """Where the text cites a note, and how that is written."""
    kinds = (("脚注", binary.NOTE_REFS), ("尾注", binary.ENDNOTE_REFS))
    return {
        position: f"【{kind}{number}】"
        for kind, table in kinds
        for number, position in enumerate(document.positions(table, 2)[:-1], 1)
    }


def _notes(document) -> Iterator[str]:
    """Footnotes, then endnotes; the last entry of their tables ends them."""
    kinds = (("脚注", "footnote", binary.NOTES), ("尾注", "endnote", binary.ENDNOTES))
    for kind, story, table in kinds:
        base = document.stories[story][0]
        places = document.positions(table)[:-1]
        for number, (start, end) in enumerate(zip(places, places[1:], strict=False), 1):
            text = " ".join(_lines(document, base + start, base + end)).strip()
            if text:
                yield f"【{kind}{number}】{text}"


def _margins(document) -> list[str]:
    """Headers and footers, each text once."""
    base, found = document.stories["header"][0], []
    places = document.positions(binary.HEADERS)[SEPARATORS:-1]
    for at, (start, end) in enumerate(zip(places, places[1:], strict=False)):
        text = " ".join(_lines(document, base + start, base + end)).strip()
        if re.search(r"\w", text):
            found.append(f"【{HEADER_KINDS[at % 6]}】{text}")
    return sorted(dict.fromkeys(found), key=lambda line: line[1:3], reverse=True)
