import errno
import io
import os
import re
from pathlib import Path
from zipfile import ZipFile

import matplotlib.pyplot as plt
import openpyxl
import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from pptx import Presentation
from toys_charts import FIVE, PROBLEM, book, study
from toys_pack import cases, material

from analysis.charts import ChartError, plot_focus, plot_matrix
from analysis.export.annex import chinese, make_annex
from analysis.export.own import OWN_DECK, add_slide
from analysis.export.pack import ANNEX, BRIEFING, WORKBOOK, save_pack
from analysis.export.panels import make_panels
from analysis.export.workbook import SHEETS, make_workbook
from analysis.quoting import quotes

CASES = cases()
MADE = material(CASES["five"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    save_pack(MADE, folder)
    return folder


@pytest.fixture(scope="module")
def workbook(folder):
    return openpyxl.load_workbook(folder / WORKBOOK)


def frame(sheet):
    head, *rows = sheet.iter_rows(values_only=True)
    return pd.DataFrame(rows, columns=head)


def test_every_table_has_a_sheet_with_filters_and_a_frozen_heading(workbook):
    assert workbook.sheetnames == ["说明", "图表", *(title for title, _ in SHEETS.values())]
    for name, (title, _) in SHEETS.items():
        sheet, rows = workbook[title], len(MADE.tables.get(name, []))
        assert sheet.freeze_panes == "A2"
        if name not in ("quotes", "corrections", "copies"):
            assert sheet.max_row == rows + 1
            assert sheet.auto_filter.ref == sheet.dimensions
        for cell in sheet[1]:
            assert re.search("[\u4e00-\u9fff]", cell.value), cell.value
    assert workbook["更正"]["A2"].value == "还没有人工更正。"
    assert workbook["重复段落"]["A2"].value == "没有发现重复段落。"
    assert len(workbook["图表"]._charts) == 4


def test_the_numbers_are_those_of_the_rates(workbook):
    table, rates = frame(workbook["数字"]), MADE.tables["rates"]
    assert table["数字编号"].tolist() == rates["rate"].tolist()
    assert table["一句话说明"].tolist() == rates["says"].tolist()
    pairs = {"提到的报告数": "reports_with", "可判断的报告数": "reports", "段数": "passages"}
    for column, name in pairs.items():
        assert table[column].tolist() == rates[name].tolist()


def test_each_number_links_to_exactly_its_sentences(workbook):
    sheet, listed = workbook["数字"], workbook["引文"]
    texts = [row[7].value for row in listed.iter_rows()]
    rates = [rate for rate in MADE.tables["rates"]["rate"] if not rate.startswith("genre/")]
    behind = quotes(rates, MADE.tables, MADE.sources, names=MADE.book.names)
    behind = behind.groupby("rate")["marked"].agg(sorted).to_dict()
    linked = 0
    for row in sheet.iter_rows(min_row=2):
        rate, cell = row[0].value, row[-1]
        if rate not in rates:
            continue
        wanted = behind.get(rate, [])
        if cell.hyperlink is None:
            assert (cell.value, len(wanted)) == ("没有", 0)
            continue
        first, last = map(int, re.search(r"!A(\d+):M(\d+)$", cell.hyperlink.location).groups())
        assert sorted(texts[first - 1 : last]) == wanted
        assert cell.value == f"看 {len(wanted)} 句"
        linked += 1
    assert linked > 50


@pytest.mark.parametrize("name", ["signs", "no problem"])
def test_text_never_becomes_a_formula(name):
    made = material(CASES[name])
    whole = openpyxl.load_workbook(io.BytesIO(make_workbook(made, make_panels(made))))
    cells = [cell for sheet in whole for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    if name == "signs":
        values = [cell.value for cell in cells if isinstance(cell.value, str)]
        assert {"=1+1", "@=SUM(A1)"} <= set(values)
        assert any(value.startswith("=HYPERLINK(1) ") for value in values)


def test_long_cells_say_that_they_were_cut():
    tables = dict(MADE.tables)
    tables["passages"] = tables["passages"].assign(text="长" * 40_000)
    made = material({**CASES["five"], **tables})
    whole = openpyxl.load_workbook(io.BytesIO(make_workbook(made, make_panels(made))))
    text = frame(whole["段落"])["正文"][0]
    assert len(text) == 32_767
    assert text.endswith("（过长，未全录）")


def test_the_annex_tells_each_issue_under_official_headings(folder):
    doc = Document(folder / ANNEX)
    by_style = {}
    for paragraph in doc.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert [words[:2] for words in by_style["Heading 1"]] == ["一、", "二、", "三、", "四、"]
    assert by_style["Heading 2"] == [
        "（一）两张皮（党建业务脱节）",
        "（二）党务力量薄弱（兼职、配备弱）",
    ]
    assert by_style["Heading 3"][:4] == ["1. 含义", "2. 各级情况", "3. 代表性引文", "4. 提出的对策"]
    rates = MADE.tables["rates"].set_index("rate")
    said = rates.loc["level/county/issue/two_skins/asserted", "says"].split("：", 1)[1]
    cells = [c.text for table in doc.tables for row in table.rows for c in row.cells]
    assert said in cells
    words = "\n".join(by_style["Normal"])
    assert (
        f"——县（市、区）级《县直机关党建工作的调查与思考》，字符 0–{len(PROBLEM)}（认定存在）"
        in words
    )
    assert "要着力破解“两张皮”，把党建与业务同谋划、同部署、同考核。——市级" in words
    assert "各报告均未提到的：" in words


def test_the_annex_has_official_fonts_page_numbers_and_repeated_headings(folder):
    doc = Document(folder / ANNEX)
    fonts = {"Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体", "Normal": "仿宋"}
    for name, font in fonts.items():
        assert doc.styles[name].element.rPr.rFonts.get(qn("w:eastAsia")) == font
    with ZipFile(folder / ANNEX) as whole:
        known = whole.read("word/fontTable.xml").decode()
        feet = [whole.read(n).decode() for n in whole.namelist() if "word/footer" in n]
    assert known.count("<w:altName") >= 4
    assert len(feet) == 2
    assert all('w:instr="PAGE"' in foot for foot in feet)
    assert len(doc.tables) >= 4
    for table in doc.tables:
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True] + [False] * (len(heads) - 1)


def test_headings_are_numbered_in_chinese():
    assert [chinese(n) for n in (1, 10, 11, 20, 99)] == ["一", "十", "十一", "二十", "九十九"]


@pytest.mark.parametrize("name", CASES)
def test_the_annex_always_comes(name):
    doc = Document(io.BytesIO(make_annex(material(CASES[name]))))
    assert doc.paragraphs[0].text == "机关党建报告问题表现与对策情况附表"
    assert len(doc.tables) >= 2


def test_two_runs_give_the_same_bytes(folder, tmp_path):
    save_pack(material(study(FIVE)), tmp_path)
    for name in (BRIEFING, WORKBOOK, ANNEX):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "被占用或没有写入权限）.*请先关闭，再运行一次"),
        (errno.ENOSPC, "磁盘已满）.*请腾出空间，再运行一次"),
        (errno.EROFS, "文件夹是只读的）.*请把整个文件夹拷到可以写入的地方，再运行一次"),
    ],
)
def test_a_file_that_cannot_be_written_stays_whole_and_the_others_come(
    tmp_path, monkeypatch, number, words
):
    (tmp_path / BRIEFING).write_bytes(b"old")
    replace = Path.replace

    def refuse(path, target):
        if Path(target).name == BRIEFING:
            raise OSError(number, os.strerror(number))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ChartError) as caught:
        save_pack(MADE, tmp_path)
    assert re.fullmatch(rf"不能写入 .*{BRIEFING}（.*{words}。", str(caught.value))
    assert "，原来的文件没有动；" in str(caught.value)
    assert (tmp_path / BRIEFING).read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {BRIEFING, WORKBOOK, ANNEX}


def test_without_a_single_report_every_file_says_so(tmp_path):
    toy = CASES["one report"]
    failed = toy["reports"].assign(status="failed", message="city-a.txt：文件是空的。")
    names = ("passages", "sentences", "mentions", "rates")
    made = material(toy | {"reports": failed} | {name: toy[name].head(0) for name in names})
    save_pack(made, tmp_path)
    (slide,) = Presentation(tmp_path / BRIEFING).slides
    words = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    notes = frame(openpyxl.load_workbook(tmp_path / WORKBOOK)["说明"])
    annex = [paragraph.text for paragraph in Document(tmp_path / ANNEX).paragraphs]
    for said in (words, notes.iloc[:, 1].tolist(), annex):
        assert any("没有读入任何报告，无从说起" in one for one in said if one)
    assert "city-a.txt：文件是空的。" in words
    assert "city-a.txt：文件是空的。" in annex


def matrix():
    return plot_matrix(MADE.tables, book())


def test_an_own_slide_is_native_and_comes_last(folder, tmp_path):
    for name in (BRIEFING,):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    chart = matrix()
    chart.data = chart.data[chart.data["名称"].str.startswith(("两张皮", "党务力量"))]
    path = add_slide(chart, "只看两种问题", tmp_path)
    assert path.name == OWN_DECK
    assert (tmp_path / BRIEFING).read_bytes() == (folder / BRIEFING).read_bytes()
    again = plot_focus(MADE.tables, MADE.sources, book(), issue="two_skins")
    add_slide(again, "再加一页", tmp_path)
    slides = list(Presentation(path).slides)
    before = len(Presentation(tmp_path / BRIEFING).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides[before:]]
    assert titles == ["只看两种问题", "再加一页"]
    first, second = (next(s.chart for s in one.shapes if s.has_chart) for one in slides[before:])
    assert [c.split("\n")[0][:3] for c in first.plots[0].categories] == ["两张皮", "党务力"]
    assert list(first.plots[0].series[0].values) == [2, 2]
    # province and city-b cannot be judged: nothing is drawn for them
    assert sorted(second.plots[0].series[0].values, key=str) == [0, 1, 1, None, None]


def test_a_chart_of_ones_own_keeps_its_form(folder, tmp_path):
    (tmp_path / BRIEFING).write_bytes((folder / BRIEFING).read_bytes())
    figure, axes = plt.subplots()
    pd.DataFrame({"甲": [3, 1], "乙": [1, 2]}, index=["省级", "市级"]).plot.bar(ax=axes)
    path = add_slide(figure, "柱形图", tmp_path)
    lines, other = plt.subplots()
    other.plot(["2022", "2023"], [1.5, 2])
    add_slide(other, "折线图", tmp_path)
    slides = list(Presentation(path).slides)[-2:]
    bars, line = (next(s.chart for s in one.shapes if s.has_chart) for one in slides)
    assert list(bars.plots[0].categories) == ["省级", "市级"]
    assert [list(series.values) for series in bars.plots[0].series] == [[3, 1], [1, 2]]
    assert list(line.plots[0].series[0].values) == [1.5, 2]
    plt.close(figure)
    plt.close(lines)


def test_an_own_slide_that_cannot_be_made_says_why(folder, tmp_path):
    with pytest.raises(ChartError, match=r"还没有 briefing.pptx：请先运行笔记本 01"):
        add_slide(matrix(), "没有汇报稿", tmp_path)
    (tmp_path / BRIEFING).write_bytes((folder / BRIEFING).read_bytes())
    figure, axes = plt.subplots()
    axes.imshow([[1, 2]])
    with pytest.raises(ChartError, match="没有能变成可编辑图表的数据"):
        add_slide(figure, "热力图", tmp_path)
    plt.close(figure)
    with pytest.raises(ChartError, match="第一个参数应是一张图"):
        add_slide("两张皮", "不是图", tmp_path)
    (tmp_path / OWN_DECK).write_bytes(b"not a deck")
    with pytest.raises(ChartError, match="打不开，可能已损坏"):
        add_slide(matrix(), "坏文件", tmp_path)
    assert (tmp_path / OWN_DECK).read_bytes() == b"not a deck"
