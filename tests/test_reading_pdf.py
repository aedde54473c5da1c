import io
import subprocess
import sys
import zlib

import pypdfium2 as pdfium
import pytest
from make_fixtures_nasty import small_pdf
from make_fixtures_pdf import Paper, columns_pdf, printable, report_pdf
from PIL import Image
from toys_reading import (
    MAX_ERROR,
    MIN_BOUNDARIES,
    NAMES,
    body,
    compare_lines,
    labels,
    report_lines,
)

from analysis.reading import ReadingError, pdf, read_source
from analysis.reading.pdf_paragraphs import rebuild

TEXT = [
    "一、基本情况",
    "党的建设是机关工作的根本保证，近年来市直机关党组织认真落实上级部署，取得明显成效。" * 3,
    "（一）认识不到位",
    "部分单位重业务轻党建，党建与业务“两张皮”，活动形式单一，台账记录不完整。" * 4,
]
EM = 16.0


def read_raw(folder, raw, name="a.pdf"):
    (folder / name).write_bytes(raw)
    return read_source(folder / name)


def read_paper(folder, paper):
    return read_raw(folder, bytes(paper.output()))


def refused(folder, raw):
    with pytest.raises(ReadingError) as caught:
        read_raw(folder, raw)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("a.pdf：")
    return message


def paper_of(lines, **options):
    paper = Paper(**options)
    paper.add_page()
    for line in lines:
        paper.paragraph(line)
    return paper


def lines_of(*texts, left=90.0, width=28, top=700.0, pitch=28.0, em=EM):
    """Lines of one page as `pdf_page` prints them; `texts` may be (text, indent in em)."""
    found = []
    for at, text in enumerate(texts):
        text, indent = text if isinstance(text, tuple) else (text, 0)
        start = left + indent * em
        base = top - at * pitch
        found.append([0, text, start, start + len(text) * em, base, base + em, em])
    return found


def page(*lines):
    return {"height": 842.0, "image": False, "lines": list(lines)}


# --- whole reports ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_report_comes_back_paragraph_by_paragraph(tmp_path, name):
    lines = [printable(line) for line in report_lines(name)]
    source = read_raw(tmp_path, report_pdf([line for line in lines if line]))
    error, boundaries = compare_lines(lines, body(source.text))
    assert error <= MAX_ERROR
    assert boundaries >= MIN_BOUNDARIES
    assert source.text.split("\n")[-1] == "【页眉】机关党建调研报告"  # once; no page numbers
    assert (source.encoding, source.note) == ("pdf", None)


@pytest.mark.slow
def test_the_same_labels_as_from_text(tmp_path, book):
    for at, name in enumerate(NAMES):
        lines = [printable(line) for line in report_lines(name)]
        (tmp_path / f"{at}文.txt").write_text("\n".join(lines), encoding="utf-8")
        (tmp_path / f"{at}页.pdf").write_bytes(report_pdf([line for line in lines if line]))
    found = labels(tmp_path, book)
    for at in range(len(NAMES)):
        assert found[f"{at}文"] == found[f"{at}页"], NAMES[at]


def test_two_columns_are_read_one_after_the_other(tmp_path):
    lines = report_lines("training/t11")[3:11]
    source = read_raw(tmp_path, columns_pdf("机关党建两栏排版", lines))
    assert source.text.split("\n") == ["机关党建两栏排版", *lines]


# --- pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages(tmp_path, turn):
    paper = Paper()
    paper.add_page()
    with paper.rotation(turn, 105, 148):
        for line in TEXT:
            paper.paragraph(line)
    assert read_paper(tmp_path, paper).text.split("\n") == TEXT


def test_headers_of_turned_pages(tmp_path):
    paper = Paper()
    for lines in (TEXT[:2], TEXT[2:]):
        paper.add_page()
        with paper.rotation(90, 105, 148):  # the page's upper edge is now at 43 mm
            paper.text(90, 55, "党建调研")
            paper.set_y(80)
            for line in lines:
                paper.paragraph(line)
    assert read_paper(tmp_path, paper).text.split("\n") == [*TEXT, "【页眉】党建调研"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_shown_turned(tmp_path, turn):
    document = pdfium.PdfDocument(bytes(paper_of(TEXT).output()))
    document[0].set_rotation(turn)
    out = io.BytesIO()
    document.save(out)
    assert read_raw(tmp_path, out.getvalue()).text.split("\n") == TEXT


def test_a_watermark_stands_last_and_once(tmp_path):
    paper = Paper()
    for lines in (TEXT[:2], TEXT[2:]):
        paper.add_page()
        for line in lines:
            paper.paragraph(line)
        with paper.rotation(45, 105, 148):
            paper.text(60, 148, "内部资料")
    paper.add_page()  # an empty page is nothing to tell
    source = read_paper(tmp_path, paper)
    assert source.text.split("\n") == [*TEXT, "【页眉】内部资料"]
    assert source.note is None


def test_a_table_row_is_a_line_with_tabs(tmp_path):
    paper = paper_of(TEXT[:2])
    for row in (("单位", "党员", "问题"), ("甲局", "120", "两张皮")):
        for cell in row:
            paper.cell(50, 10, cell)
        paper.ln()
    assert read_paper(tmp_path, paper).text.split("\n")[2:] == [
        "单位\t党员\t问题",
        "甲局\t120\t两张皮",
    ]


def test_latin_words_keep_their_blanks_and_digits_none(tmp_path):
    text = "截至2024年12月31日，PDF Reader 2.0 已在18个单位使用"
    assert read_paper(tmp_path, paper_of([text])).text == text


def scan(paper, pages):
    picture = Image.new("RGB", (60, 80), "white")
    for _ in range(pages):
        paper.add_page()
        paper.image(picture, 0, 0, 210)
    return paper


def test_a_scan_is_told_as_such(tmp_path):
    message = refused(tmp_path, bytes(scan(Paper("页眉"), 3).output()))
    assert message == (
        "a.pdf：扫描件，没有文字层：请先做文字识别（OCR），或向来文单位索取 Word 版。"
    )


def test_some_scanned_pages_are_named(tmp_path):
    source = read_paper(tmp_path, scan(paper_of(TEXT), 1))
    assert source.text.split("\n") == TEXT
    assert source.note == "第 2 页是扫描的图片，没有读入，请核对原文件"


# --- paragraphs from lines ----------------------------------------------------------------------


def test_indents_decide_even_after_a_full_line():
    lines = lines_of(("字" * 26, 2), ("文" * 26, 2), "文" * 28, "文" * 5, ("段" * 26, 2), "段" * 3)
    assert rebuild([page(*lines)]) == ["字" * 26, "文" * 59, "段" * 29]


def test_without_indents_a_short_line_ends_a_paragraph():
    lines = lines_of("一" * 28, "一" * 9, "二" * 28, "二" * 28, "二" * 27, "三" * 28)
    assert rebuild([page(*lines)]) == ["一" * 37, "二" * 83 + "三" * 28]


def test_a_line_may_be_short_by_what_may_not_be_parted():
    kept = lines_of("一" * 28, "一" * 23, "2024.12.31止", "二" * 28)
    assert rebuild([page(*kept)])[0].startswith("一" * 51 + "2024.12.31止")
    ended = lines_of("一" * 28, "一" * 23, "此后二" + "二" * 25)
    assert rebuild([page(*ended)]) == ["一" * 51, "此后二" + "二" * 25]


def test_a_gap_and_another_size_begin_a_paragraph():
    lines = lines_of("一" * 28, "一" * 28) + lines_of("二" * 28, "二" * 28, top=600.0)
    assert rebuild([page(*lines)]) == ["一" * 56, "二" * 56]
    lines = lines_of("题" * 20, em=22.4) + lines_of("二" * 28, "二" * 28, top=672.0)
    assert rebuild([page(*lines)]) == ["题" * 20, "二" * 56]


def test_a_paragraph_runs_over_the_page_behind_header_and_number():
    def sheet(number, *texts):
        head = lines_of("党建调研", left=250.0, top=800.0, em=9.0)
        foot = lines_of(f"— {number} —", left=280.0, top=40.0, em=9.0)
        return page(*head, *lines_of(*texts), *foot)

    pages = [sheet(1, ("一" * 26, 2), "一" * 28), sheet(2, "一" * 28, "一" * 4)]
    assert rebuild(pages) == ["一" * 86, "【页眉】党建调研"]


def test_what_stands_once_at_the_edge_of_a_page_is_text():
    pages = [page(*lines_of("一" * 28, "一" * 9, top=780.0)), page(*lines_of("二" * 9, top=780.0))]
    assert rebuild(pages) == ["一" * 37, "二" * 9]


# --- what is refused ----------------------------------------------------------------------------


def test_a_password_for_changes_only_does_not_matter(tmp_path):
    paper = Paper()
    paper.set_encryption("owner")
    paper.add_page()
    paper.paragraph(TEXT[1])
    assert read_paper(tmp_path, paper).text == TEXT[1]


@pytest.mark.parametrize("cut", [0.02, 0.5, 0.9])
def test_damaged(tmp_path, cut):
    raw = bytes(paper_of(TEXT).output())
    assert "PDF 文件已损坏" in refused(tmp_path, raw[: int(len(raw) * cut)])


def test_a_lost_cross_reference_table_is_made_anew(tmp_path):
    raw = bytes(paper_of(TEXT).output())
    at = raw.rindex(b"startxref")
    broken = raw[:at] + b"startxref\n7\n%%EOF"
    assert read_raw(tmp_path, broken).text.split("\n") == TEXT


def test_no_text_at_all_and_no_chinese(tmp_path):
    paper = Paper()
    paper.add_page()
    assert "没有可以读出的汉字" in refused(tmp_path, bytes(paper.output()))
    assert "没有可以读出的汉字" in refused(tmp_path, bytes(paper_of(["nothing here"]).output()))


def test_fonts_that_do_not_say_their_characters(tmp_path, monkeypatch):
    garbled = page(*lines_of("\ue001\ue002党\ue003\ue004\ufffd\ue005"))
    monkeypatch.setattr(pdf, "_read_pages", lambda raw: {"pages": [garbled]})
    assert "读出的是乱码" in refused(tmp_path, b"%PDF-1.4")


def test_radicals_become_the_characters_they_look_like(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "_read_pages", lambda raw: {"pages": [page(*lines_of("⼯作⻓期"))]})
    assert read_raw(tmp_path, b"%PDF-1.4").text == "工作长期"


def test_too_many_characters(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 50)
    assert "不像一份报告" in refused(tmp_path, bytes(paper_of(TEXT).output()))


def test_a_bomb_ends_the_second_process_only(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "MAX_MEMORY", 200_000_000)
    stream = zlib.compress(b" " * 300_000_000, 1)
    # Windows has no limit of memory for a process, only one of time.
    told = "没有可以读出的汉字" if sys.platform == "win32" else "已损坏或过于庞大"
    assert told in refused(tmp_path, small_pdf(stream))


def test_a_reader_that_never_ends_is_stopped(tmp_path, monkeypatch):
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass\n", encoding="utf-8")
    monkeypatch.setattr(pdf, "PAGE_READER", endless)
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0.5)
    assert "秒内没有读完" in refused(tmp_path, b"%PDF-1.4")


def test_a_reader_that_crashes_is_told(tmp_path, monkeypatch):
    crash = tmp_path / "crash.py"
    crash.write_text("import os\nos.abort()\n", encoding="utf-8")
    monkeypatch.setattr(pdf, "PAGE_READER", crash)
    assert "读取程序中途退出" in refused(tmp_path, b"%PDF-1.4")


def test_the_second_process_imports_nothing_of_the_package():
    code = (
        "import runpy, sys; runpy.run_path(sys.argv[1]);"
        "sys.exit(any(name.split('.')[0] == 'analysis' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-P", "-c", code, str(pdf.PAGE_READER)]).returncode == 0
