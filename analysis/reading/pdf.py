"""PDF files that have a text layer; scans are recognised and refused.

The file is opened by a second process (`pdf_page`): the library is C code, and neither a crash nor
an endless loop nor a bomb of compressed data in it may take the run along. Nothing is drawn; links,
forms, scripts and attachments stay closed.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import unicodedata
from pathlib import Path

from analysis.reading.base import ReadingError, Source
from analysis.reading.pdf_paragraphs import rebuild
from analysis.reading.text import HAN, MIN_SCORE, score

PAGE_READER = Path(__file__).with_name("pdf_page.py")
MAX_PAGES = 500  # a volume of reports; one report had 40 at most
MAX_CHARACTERS = 500_000  # as many full pages
MAX_MEMORY = 600_000_000  # bytes, of the second process; 500 full pages take 300 million
MAX_SECONDS = 20  # 500 full pages take 6 on one core of 2020
SCANNED_CHARACTERS = 20  # a page with a picture and fewer has at most a page number or a stamp
MAX_NAMED = 10  # pages named in a note

# Fonts share one glyph between a character and the radical that looks like it, and writers of PDF
# then name the radical: ⼯ (U+2F2F) for 工. The second block has no mapping in Unicode.
RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
RADICALS |= str.maketrans(
    "⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
)
FIX = "请向来文单位索取 Word 版，或用 WPS 打开后另存为 docx。"
SCANNED = "扫描件，没有文字层：请先做文字识别（OCR），或向来文单位索取 Word 版。"
ERRORS = {
    "broken": f"PDF 文件已损坏，打不开；{FIX}",
    "password": "PDF 设有打开密码；请输入密码打开，去掉密码后另存，或向来文单位索取 Word 版。",
    "characters": f"文字超过 {MAX_CHARACTERS / 1e4:.0f} 万字，不像一份报告；请拆分后再放入。",
    "seconds": f"{MAX_SECONDS} 秒内没有读完，文件可能已损坏；{FIX}",
    "crash": f"PDF 文件已损坏或过于庞大，读取程序中途退出；{FIX}",
}


def read(path: Path, raw: bytes) -> Source:
    """Read the paragraphs of a PDF, one a line; running headers and footers come last.

    Parameters
    ----------
    path : pathlib.Path
        Only its name is used, for messages.
    raw : bytes
        The file.

    Raises
    ------
    ReadingError
        The file is damaged, has a password, is a scan, has no Chinese text or one whose fonts do
        not say which characters they show, or goes beyond a limit of this module.
    """
    found = _read_pages(raw)
    if "error" in found:
        raise ReadingError(f"{path.name}：{_explain(found)}")
    pages = found["pages"]
    scanned = [at for at, page in enumerate(pages, 1) if page and _is_scan(page)]
    text = "\n".join(rebuild(pages)).translate(RADICALS)
    if len(scanned) > len(pages) / 2:
        raise ReadingError(f"{path.name}：{SCANNED}")
    if not HAN.search(text):
        raise ReadingError(f"{path.name}：PDF 里没有可以读出的汉字；{FIX}")
    if score(text) < MIN_SCORE:
        raise ReadingError(
            f"{path.name}：PDF 的字体没有注明文字编码，读出的是乱码；"
            "请做文字识别（OCR），或向来文单位索取 Word 版。"
        )
    lost = [at for at, page in enumerate(pages, 1) if page is None]
    notes = [_note(scanned, "是扫描的图片，没有读入"), _note(lost, "已损坏，没有读出")]
    note = "；".join(filter(None, notes)) or None
    return Source(text, "pdf", hashlib.sha256(raw).hexdigest(), note)


def _read_pages(raw: bytes) -> dict:
    """Have the second process read the pages, within its limits."""
    limits = (MAX_PAGES, MAX_CHARACTERS, MAX_MEMORY)
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(PAGE_READER), *map(str, limits)],
            input=raw,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"error": "seconds"}
    except (subprocess.CalledProcessError, BrokenPipeError, json.JSONDecodeError):
        return {"error": "crash"}


def _explain(found: dict) -> str:
    if found["error"] != "pages":
        return ERRORS[found["error"]]
    return (
        f"有 {found['count']} 页，超过上限 {MAX_PAGES} 页，不像一份报告；"
        "请确认放对了文件，或拆分后再放入。"
    )


def _is_scan(page: dict) -> bool:
    characters = sum(len(line[1]) for line in page["lines"])
    return page["image"] and characters < SCANNED_CHARACTERS


def _note(pages: list[int], what: str) -> str | None:
    if not pages:
        return None
    named = "、".join(map(str, pages[:MAX_NAMED])) + ("等" if len(pages) > MAX_NAMED else "")
    return f"第 {named} 页{what}，请核对原文件"
