import shutil
import struct
from pathlib import Path

import pytest
from toys_reading import NAMES, body, labels, report_lines

from analysis.reading import ReadingError, read_source
from analysis.reading.doc_binary import DELETED, LEVEL, LIST, _read_pieces, read_sprms

DOC = Path(__file__).parent / "data" / "doc"
STREAM = b"\xec\xa5"  # the first bytes of the stream with the text: its kind


def changed(folder, place, value, name="rich.doc"):
    """A copy of a file with a number of its file information block set."""
    raw = bytearray((DOC / name).read_bytes())
    struct.pack_into("<H", raw, raw.index(STREAM) + place, value)
    (folder / "a.doc").write_bytes(raw)
    return folder / "a.doc"


def refused(path):
    with pytest.raises(ReadingError) as caught:
        read_source(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_comes_back_whole(name):
    source = read_source(DOC / f"{Path(name).name}.doc")
    assert ["".join(line.split()) for line in body(source.text)] == [
        "".join(line.split()) for line in report_lines(name)
    ]
    assert source.text.split("\n")[-1] == "【页眉】机关党建调研报告"
    assert (source.encoding, source.note) == ("doc", None)


@pytest.mark.slow
def test_the_same_labels_as_from_text(tmp_path, book):
    for at, name in enumerate(NAMES):
        lines = report_lines(name)
        (tmp_path / f"{at}文.txt").write_text("\n".join(lines), encoding="utf-8")
        shutil.copy(DOC / f"{Path(name).name}.doc", tmp_path / f"{at}页.doc")
    found = labels(tmp_path, book)
    for at in range(len(NAMES)):
        assert found[f"{at}文"] == found[f"{at}页"], NAMES[at]


def test_everything_that_is_kept_dropped_or_written_out():
    source = read_source(DOC / "rich.doc")
    assert source.text.split("\n") == [
        "关于全县机关党建工作情况的调研报告",
        "按照要求，现将有关情况报告如下。",
        "一、基本情况",  # automatic numbers
        "（一）组织建设",
        "1.现有支部145个。",
        "2. 5万元经费已经到位。",
        "（二）制度建设",
        "1.修订制度3项。",
        "（1）会议制度。",
        "①学习制度。",
        "二、存在的主要问题",
        "（一）认识不到位",
        "部分单位仍然重业务轻党建，详见附表。",  # inserted, deleted, hidden; a field
        "换行之前",
        "换行之后𠮷字。",
        "单位\t党员数\t问题",
        "甲局\t120\t两张皮 重形式",
        "乙局\t台账不全",
        "表后的一段。",
        "1.样式带编号的第一条。",
        "2.样式带编号的第二条。",
        "【页眉】机关党建调研报告",
    ]
    assert source.note == "文件带修订痕迹：插入的计入，删除的不计。"


def test_the_same_text_as_from_the_docx_it_was_made_of():
    assert read_source(DOC / "rich.doc").text == read_source(DOC / "rich.docx").text


def test_notes_and_text_boxes():
    assert read_source(DOC / "notes.doc").text.split("\n") == [
        "机关党建调研【脚注1】有关情况如下。",
        "支部共有21个【尾注1】，党员309名【脚注2】。",
        "旁边有一个文本框。",
        "文本框里的字。",
        "【脚注1】见党章第三十条。",
        "【脚注2】含预备。",
        "【尾注1】截至年底。",
    ]


def test_wps_documents_are_of_the_same_kind(tmp_path):
    shutil.copy(DOC / "rich.doc", tmp_path / "a.wps")
    assert read_source(tmp_path / "a.wps").text == read_source(DOC / "rich.doc").text


@pytest.mark.parametrize("cut", [600, 5_000, 15_000])
def test_damaged(tmp_path, cut):
    (tmp_path / "a.doc").write_bytes((DOC / "rich.doc").read_bytes()[:cut])
    assert "a.doc：文件已损坏" in refused(tmp_path / "a.doc")


def test_too_long(tmp_path):
    path = changed(tmp_path, 0x4C + 2, 0x00FF)  # the upper half of the length of the text
    assert "文字超过 50 万字" in refused(path)


def test_no_document_inside(tmp_path):
    path = tmp_path / "a.doc"
    path.write_bytes(
        (DOC / "rich.doc").read_bytes().replace("Word".encode("utf-16-le"), b"X\0" * 4)
    )
    assert "里面却没有 Word 正文" in refused(path)


def test_sprms_are_stepped_over_by_their_size():
    known = (
        struct.pack("<HB", DELETED, 1) + struct.pack("<HH", LIST, 5) + struct.pack("<HB", LEVEL, 2)
    )
    other = struct.pack("<HI", 0x6A03, 7)  # four bytes
    other += struct.pack("<HB3s", 0xC60D, 3, b"abc")  # its first byte says: three
    other += struct.pack("<HH3s", 0xD608, 4, b"abc")  # a table: two bytes say its size and one
    assert read_sprms(other + known + other) == {DELETED: 1, LIST: 5, LEVEL: 2}
    assert read_sprms(known[:4]) == {DELETED: 1}


def test_pieces_of_one_and_of_two_bytes_a_character():
    table = struct.pack("<3i", 0, 4, 9)
    table += struct.pack("<HIH", 0, 0x40000000 | 2 * 700, 0) + struct.pack("<HIH", 0, 900, 0)
    data = b"\x01" + struct.pack("<H3s", 3, b"abc") + b"\x02" + struct.pack("<I", 28) + table
    assert _read_pieces(data) == [(0, 4, 700, 1), (4, 9, 900, 2)]
    with pytest.raises(struct.error):
        _read_pieces(b"\x03" + table)
