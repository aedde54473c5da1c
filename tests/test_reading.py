import errno
import hashlib
import os
import random
import unicodedata
from pathlib import Path

import opencc
import pytest

from analysis.reading import READERS, ReadingError, find_reports, name_reports, read_source
from analysis.reading.files import one_line
from analysis.reading.text import score

REPORTS = sorted((Path(__file__).parents[1] / "data" / "reports").glob("*.txt"))
# What a file may be written in, and what reading calls it.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "utf-16": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32-le",
}
WITHOUT_BOM = [e for e in ENCODINGS if e not in ("utf-8-sig", "utf-16", "utf-32")]


def encoded(path, encoding):
    """The report as a text that the encoding can hold (Big5: in Traditional script), and bytes."""
    text = path.read_bytes().decode("utf-8")
    if encoding == "big5":
        text = opencc.OpenCC("s2tw").convert(text)
    if encoding in ("big5", "gbk"):
        text = text.encode(encoding, "ignore").decode(encoding)
    return text, text.encode(encoding)


def read_bytes(folder, raw, name="a.txt"):
    path = folder / name
    path.write_bytes(raw)
    return read_source(path)


def refused(folder, raw, name="a.txt"):
    with pytest.raises(ReadingError) as caught:
        read_bytes(folder, raw, name)
    message = str(caught.value)
    assert "\n" not in message
    assert name in message
    return message


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_whole_reports_in_every_encoding(tmp_path, report, encoding):
    text, raw = encoded(report, encoding)
    source = read_bytes(tmp_path, raw)
    assert (source.text, source.encoding, source.note) == (text, ENCODINGS[encoding], None)
    assert source.sha256 == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_three_hundred_bytes_are_enough(tmp_path, report, encoding):
    text, raw = encoded(report, encoding)
    chance = random.Random(f"{report.stem} {encoding}")
    starts = [0]
    if encoding in WITHOUT_BOM:  # a BOM stands only at the beginning
        starts += [chance.randrange(len(raw) - 300) for _ in range(4)]
    for start in starts:
        source = read_bytes(tmp_path, raw[start : start + 300])
        assert source.encoding == ENCODINGS[encoding], start
        # Only characters about the cut may be lost: two-byte encodings find their step again.
        assert source.text[4:].rstrip("\ufffd") in text, start


@pytest.mark.parametrize("encoding", WITHOUT_BOM + ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
@pytest.mark.parametrize("one_in", [1000, 33])
def test_damaged_bytes(tmp_path, report, encoding, one_in):
    _, raw = encoded(report, encoding)
    chance = random.Random(f"{report.stem} {encoding}")
    damaged = bytearray(raw)
    for _ in range(len(raw) // one_in):
        place = chance.randrange(4, len(damaged))
        if one_in == 1000 and not encoding.startswith("utf-16"):
            del damaged[place]
        else:
            damaged[place] = chance.randrange(256)
    source = read_bytes(tmp_path, bytes(damaged))
    assert source.encoding == ENCODINGS[encoding]


def test_line_ends_and_odd_characters_stay(tmp_path):
    text = "一、做法\r\n二、问题\r三、对策\n\u3000\ue7ad\x0c完。\u2028"
    assert read_bytes(tmp_path, text.encode("utf-8-sig")).text == text


def test_markdown_and_capital_suffixes(tmp_path):
    raw = "# 机关党建调研报告\n".encode()
    assert read_bytes(tmp_path, raw, "a.md").text == read_bytes(tmp_path, raw, "B.TXT").text


def test_the_note_counts_the_damaged_places(tmp_path):
    half = "机关党的建设存在薄弱环节，需要认真研究解决。\n".encode() * 9
    source = read_bytes(tmp_path, half + b"\xff\xfe" + half + b"\xff" + half)
    assert source.note == "按 UTF-8 读取，有 2 处无法识别的字节，请核对原文件。"
    damaged = half.decode().encode("gb18030") + b"\xff"
    assert read_bytes(tmp_path, damaged).note.startswith("按 GB18030 读取，有 1 处")


def test_a_replacement_character_of_the_file_itself_is_no_damage(tmp_path):
    assert read_bytes(tmp_path, "党建\ufffd报告".encode()).note is None


def test_prose_scores_one_and_garbage_less_than_nothing():
    assert score("各级机关党组织要高度重视。\n") == 1.0
    assert score("plain ASCII") == 1.0
    # 党 and 龘: one common character of two
    assert score("党龘") == 0.5
    assert score("党\ufffd\ue000\x01") == pytest.approx((1 - 3) / 4)
    assert score(random.Random(1).randbytes(4000).decode("gb18030", "replace")) < 0


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf \r\n\t", "只有空白"),
        ("　\n".encode(), "只有空白"),
        (b"PK\x03\x04" + b"\0" * 30 + b"word/document.xml", "Word 文档（.docx）"),
        (b"PK\x03\x04" + b"\0" * 30 + b"xl/workbook.xml", "Excel"),
        (b"PK\x03\x04" + b"\0" * 30, "ZIP 压缩包"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "旧版 Word"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "PNG 图片"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, "JPEG 图片"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\n<!DOCTYPE html><html>", "网页"),
        (bytes(range(256)) * 20, "二进制文件"),
        (b"\0" * 900 + b"abc", "二进制文件"),
        ("Отчёт о партийной работе".encode("cp1251") * 9, "编码无法识别"),
        ("Der größte Ärger über öde Übungen ".encode("latin-1") * 9, "编码无法识别"),
    ],
)
def test_refused_with_what_was_found_and_the_fix(tmp_path, raw, found):
    message = refused(tmp_path, raw)
    assert found in message
    assert "请" in message


NASTY = Path(__file__).parent / "data" / "nasty"
TOLD = {  # by make_fixtures_nasty.py
    "archive.txt": "内容却是RAR 压缩包；请先解压",
    "bomb.pdf": "PDF 文件已损坏或过于庞大，读取程序中途退出",
    "password.doc": "有密码，请解除密码后再放入。",
    "password.pdf": "PDF 设有打开密码；请输入密码打开",
    "photo.docx": "内容却是JPEG 图片；请先做文字识别（OCR）",
    "photo.pdf": "内容却是JPEG 图片；请先做文字识别（OCR）",
    "rtf.doc": "内容却是RTF 文档；请用原来的程序打开，另存为 docx。",
    "scan.pdf": "扫描件，没有文字层：请先做文字识别（OCR），或向来文单位索取 Word 版。",
    "ten-thousand-pages.pdf": "有 10000 页，超过上限 500 页",
    "truncated.doc": "文件已损坏",
    "truncated.pdf": "PDF 文件已损坏，打不开",
    "word95.doc": "是 Word 95 或更早的格式",
}


@pytest.mark.parametrize("name", sorted(path.name for path in NASTY.iterdir()))
def test_nasty_files_are_told_in_one_line_and_soon(tmp_path, name):
    start = sum(os.times()[:4])  # processor time, that of ended children included
    message = refused(tmp_path, (NASTY / name).read_bytes(), name)
    assert message.startswith(f"{name}：")
    assert TOLD[name] in message
    assert sum(os.times()[:4]) - start < 5


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


@pytest.mark.parametrize(
    ("name", "raw", "told"),
    [
        ("a.txt", b"PK\x03\x04" + b"\0" * 30 + b"word/document.xml", "请把扩展名改为 .docx。"),
        ("a.doc", b"PK\x03\x04" + b"\0" * 30 + b"word/document.xml", "请把扩展名改为 .docx。"),
        ("a.docx", b"%PDF-1.7\n", "内容却是PDF 文件；请把扩展名改为 .pdf。"),
        ("a.pdf", OLE + "WordDocument".encode("utf-16-le"), "请把扩展名改为 .doc。"),
        (
            "a.doc",
            OLE + "Workbook".encode("utf-16-le"),
            "旧版 Excel 表格；请用原来的程序打开，另存为 docx",
        ),
        (
            "a.docx",
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "a.docx：有密码，请解除密码后再放入。",
        ),
        ("a.doc", b"{\\rtf1\\ansi", "RTF 文档；请用原来的程序打开，另存为 docx。"),
        ("a.docx", b"\xff\xd8\xff\xe0" + b"\0" * 20, "JPEG 图片；请先做文字识别（OCR）"),
        ("a.docx", b"Rar!\x1a\x07", "RAR 压缩包；请先解压，再放入其中的报告。"),
    ],
)
def test_content_under_a_wrong_name_is_told_what_to_do(tmp_path, name, raw, told):
    assert told in refused(tmp_path, raw, name)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.rtf", "是RTF 文档，不能读取；请用原来的程序打开，另存为 docx。"),
        ("a.ODT", "是OpenDocument 文档，不能读取"),
        ("a.xls", "是表格"),
        ("a.ppt", "是演示文稿"),
        ("a.zip", "是压缩包，不能读取；请先解压，再放入其中的报告。"),
        ("a.jpg", "是图片，不能读取；请先做文字识别（OCR），或向来文单位索取 Word 版。"),
        ("a.ofd", "是OFD 版式文件"),
        ("a.xyz", "扩展名 “.xyz” 不能识别"),
        ("报告", "没有扩展名"),
    ],
)
def test_unknown_suffix(tmp_path, name, found):
    message = refused(tmp_path, "党建".encode(), name)
    assert found in message
    assert "请" in message


def test_unknown_suffix_of_a_known_content(tmp_path):
    message = refused(tmp_path, b"%PDF-1.7\n", "报告")
    assert message == "报告：文件名没有扩展名，内容是PDF 文件；请把扩展名改为 .pdf。"
    assert "可用的扩展名：.txt、.md、" in refused(tmp_path, "党建".encode(), "a.xyz")


def test_a_name_with_line_ends_and_quotes_stays_one_line():
    assert one_line("a\n'b\"\r\x1b[2J" + "长" * 180) == "a 'b\"  [2J" + "长" * 180


def test_too_large_by_size_alone(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(50_000_001)  # sparse: nothing is written, and nothing may be read
    with pytest.raises(ReadingError, match="a.txt：有 50 MB，超过上限 50 MB"):
        read_source(path)


def test_links_may_not_lead_out_of_the_folder(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    outside = tmp_path / "秘密.txt"
    outside.write_text("各级机关党组织", encoding="utf-8")
    (folder / "out.txt").symlink_to(outside)
    with pytest.raises(ReadingError, match="out.txt：是指向 reports 文件夹之外的链接"):
        read_source(folder / "out.txt")
    (folder / "a.txt").write_text("各级机关党组织", encoding="utf-8")
    (folder / "in.txt").symlink_to(folder / "a.txt")
    assert read_source(folder / "in.txt").text == "各级机关党组织"


def test_folder_missing_file_and_no_permission(tmp_path, monkeypatch):
    (tmp_path / "sub.txt").mkdir()
    with pytest.raises(ReadingError, match="sub.txt：是文件夹"):
        read_source(tmp_path / "sub.txt")
    with pytest.raises(ReadingError, match="none.txt：找不到文件"):
        read_source(tmp_path / "none.txt")
    (tmp_path / "a.txt").write_text("党建", encoding="utf-8")

    def forbid(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", forbid)
    with pytest.raises(ReadingError, match="a.txt：没有读取权限"):
        read_source(tmp_path / "a.txt")
    for number, told in ((errno.EIO, "磁盘读写出错"), (errno.EDOM, "系统错误 EDOM")):

        def fail(path, number=number):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(Path, "read_bytes", fail)
        with pytest.raises(ReadingError, match=f"a.txt：读取失败（{told}），请检查磁盘或网络盘"):
            read_source(tmp_path / "a.txt")


def test_what_a_reader_did_not_foresee_is_one_line_too(tmp_path, monkeypatch):
    def fail(path, raw):
        raise RecursionError("deep\nerror")

    monkeypatch.setitem(READERS, ".txt", fail)
    assert "a.txt：读取时出错（RecursionError），文件可能已损坏；请" in refused(tmp_path, b"x")


def test_find_reports_leaves_litter_out_and_sorts(tmp_path):
    for name in ("b.txt", "a.txt", "é.txt", "c.docx", "子文件夹.txt"):
        (tmp_path / unicodedata.normalize("NFD", name)).write_bytes(b"x")
    for name in (".DS_Store", "~$a.docx", "Thumbs.db", "README.md", "readme.txt", "desktop.ini"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "sub").mkdir()
    names = [unicodedata.normalize("NFC", path.name) for path in find_reports(tmp_path)]
    assert names == ["a.txt", "b.txt", "c.docx", "sub", "é.txt", "子文件夹.txt"]
    assert find_reports(tmp_path / "none") == []


def test_report_names():
    stem = unicodedata.normalize("NFD", "é报告")
    files = [Path("市直.txt"), Path("County.txt"), Path("county.md"), Path(f"{stem}.txt")]
    assert list(name_reports(files).values()) == [
        "市直",
        "County.txt",
        "county.md",
        unicodedata.normalize("NFC", stem),
    ]


def test_reading_writes_nothing(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("机关党建调研报告".encode("gb18030"))
    before = (path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir()))
    read_source(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns, sorted(tmp_path.iterdir())) == before


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"hello, world\n", "１２３，。".encode()])
def test_a_file_without_a_chinese_character_is_no_report(tmp_path, raw):
    path = tmp_path / "坏.txt"
    path.write_bytes(raw)
    with pytest.raises(ReadingError, match=r"坏\.txt：文件里没有汉字"):
        read_source(path)
