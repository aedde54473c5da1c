"""Plain text in any encoding that Chinese offices use.

A cascade instead of a guessing library: BOM, then strict UTF-8, then the candidate that gives the
largest share of common Chinese characters. Libraries that guess fail on short and damaged files.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

from analysis.reading.base import ReadingError, Source

BOMS = (  # UTF-32 first: its little-endian BOM begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# cp950 is Big5 as Windows writes it; it has seven more characters (恒, 裏 …) than Python's big5.
CANDIDATES = ("utf-8", "gb18030", "cp950", "utf-16-le", "utf-16-be")
ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "gb18030": "GB18030",
    "cp950": "Big5",
    "utf-16-le": "UTF-16（小端）",
    "utf-16-be": "UTF-16（大端）",
    "utf-32-le": "UTF-32（小端）",
    "utf-32-be": "UTF-32（大端）",
}
# Measured on the five reports in ten encodings: the right encoding scores .99 or more, with one
# byte in 33 damaged .63 or more; a wrong one .48 at most, and always less than the right one;
# random bytes less than 0.
MIN_SCORE = 0.4
BAD_CHARACTER = -1.0  # one that no report has takes back a common one
SAMPLE_BYTES = 262_144  # enough to know an encoding; even, so that UTF-16 is cut between characters
BINARY_SHARE = 0.02  # NUL and other control bytes; text has none but tab and line ends

ASCII = frozenset("\t\n\f\r" + "".join(map(chr, range(0x20, 0x7F))))
REPLACED = re.compile("\ufffd+")
HTML = re.compile(rb"\s*(?:<!doctype html|<html)", re.IGNORECASE)
MAGIC = (
    (b"%PDF", "PDF 文件"),
    (b"\xd0\xcf\x11\xe0", "旧版 Word、WPS 文档"),
    (b"{\\rtf", "RTF 文档"),
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
    (b"GIF8", "GIF 图片"),
    (b"RIFF", "音视频或 WebP 图片"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gzip 压缩包"),
    (b"SQLite format 3", "数据库文件"),
)
ZIP_PARTS = (
    (b"word/", "Word 文档（.docx）"),
    (b"xl/", "Excel 工作簿（.xlsx）"),
    (b"ppt/", "PowerPoint 演示文稿（.pptx）"),
    (b"opendocument.text", "Word 文档（.odt）"),
    (b"OFD.xml", "OFD 版式文件"),
)
HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def read(path: Path, raw: bytes) -> Source:
    """Decode a text file and keep every character but the BOM.

    Parameters
    ----------
    path : pathlib.Path
        Only its name is used, for messages.
    raw : bytes
        The file.

    Raises
    ------
    ReadingError
        The file is blank, binary, without a Chinese character, or in an unknown encoding.
    """
    text, encoding = _decode(path, raw)
    if not text.strip(" \t\r\n\f\v\u3000\xa0\u200b\ufeff"):
        raise ReadingError(f"{path.name}：文件里只有空白，请换成有内容的文件或移走它。")
    if not HAN.search(text):
        raise ReadingError(
            f"{path.name}：文件里没有汉字，不像一份报告（或文件已损坏）；请核对原文件或移走它。"
        )
    note = _note(raw, text, encoding)
    return Source(text, encoding, hashlib.sha256(raw).hexdigest(), note)


def score(text: str) -> float:
    """Tell how much ``text`` looks like Chinese prose, by the share of common characters.

    Common: level 1 of GB2312 and of Big5 (the characters the two standards put first because they
    are frequent), CJK and general punctuation, full-width forms. A character that prose does not
    have (U+FFFD, private use, control, unassigned, surrogate) counts :data:`BAD_CHARACTER`, others
    0. Printable ASCII is left out: nearly all encodings read it alike.

    Returns
    -------
    float
        At most 1, the score of faultless prose; below 0 where most characters are bad.
    """
    counts = {c: n for c, n in Counter(text).items() if c not in ASCII}
    total = sum(n * _value(character) for character, n in counts.items())
    return total / sum(counts.values()) if counts else 1.0


def _decode(path: Path, raw: bytes) -> tuple[str, str]:
    for bom, encoding in BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(encoding, "replace"), encoding
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        # UTF-16 and a few very short GB files happen to be valid UTF-8, but make no prose in it.
        if score(text[:SAMPLE_BYTES]) >= MIN_SCORE:
            return text, "utf-8"
    sample = raw[:SAMPLE_BYTES]
    # A fragment may begin with half a character; then all that follows is read askew, unless the
    # first byte is set aside.
    trials = [(name, skip) for skip in (0, 1) for name in CANDIDATES]
    scores = {trial: score(_decode_from(sample, *trial)) for trial in trials}
    best = max(scores, key=scores.__getitem__)
    if scores[best] < MIN_SCORE:
        raise ReadingError(_unreadable(path, sample))
    return _decode_from(raw, *best), best[0]


def _decode_from(raw: bytes, encoding: str, skip: int) -> str:
    return "\ufffd" * skip + raw[skip:].decode(encoding, "replace")


def _unreadable(path: Path, sample: bytes) -> str:
    controls = sum(sample.count(byte) for byte in range(32) if byte not in b"\t\n\f\r\v")
    if controls > BINARY_SHARE * len(sample):
        return (
            f"{path.name}：是二进制文件，不是文本（含大量控制字符）；"
            "请用原来的程序打开，另存为 UTF-8 文本（.txt）。"
        )
    return (
        f"{path.name}：编码无法识别，不是 UTF-8、GB18030（GBK）、Big5、UTF-16 中的任何一种；"
        "请用记事本或 WPS 打开，确认文字正常后另存为 UTF-8 文本（.txt）。"
    )


def _note(raw: bytes, text: str, encoding: str) -> str | None:
    """Say where bytes could not be read; a U+FFFD that the file itself holds is no damage."""
    places = len(REPLACED.findall(text))
    if not places:
        return None
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return f"按 {ENCODING_NAMES[encoding]} 读取，有 {places} 处无法识别的字节，请核对原文件。"
    return None


def _value(character: str) -> float:
    if character in _common():
        return 1.0
    bad = character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")
    return BAD_CHARACTER if bad else 0.0


@cache
def _common() -> frozenset[str]:
    gb2312 = _characters("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF))
    big5 = _characters("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
    marks = "·×—–―‘’“”…‰℃①②③④⑤⑥⑦⑧⑨⑩○●◎■□▲△★☆※→"
    wide = "".join(map(chr, [*range(0x3000, 0x3020), *range(0xFF01, 0xFF5F)]))
    return frozenset(gb2312 + big5 + marks + wide)


def _characters(encoding: str, leads, trails) -> str:
    pairs = (bytes((lead, trail)) for lead in leads for trail in trails)
    return "".join(pair.decode(encoding, "ignore") for pair in pairs)
