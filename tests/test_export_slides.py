import io
import re
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from toys_charts import FIVE, study
from toys_pack import cases, material, one_level

from analysis.export.openxml import DRAWING, FONT
from analysis.export.panels import make_panels
from analysis.export.slides import make_deck

CASES = cases()
COUNTS = re.compile(r"\d+")


def deck(made):
    data = make_deck(make_panels(made))
    return data, Presentation(io.BytesIO(data))


@pytest.fixture(scope="module")
def five():
    made = material(CASES["five"])
    return made, *deck(made)


def charts(presentation):
    return [s.chart for slide in presentation.slides for s in slide.shapes if s.has_chart]


def text_of(slide):
    return "\n".join(
        run
        for shape in slide.shapes
        for run in (
            [shape.text_frame.text]
            if shape.has_text_frame
            else [c.text for r in shape.table.rows for c in r.cells]
            if shape.has_table
            else []
        )
    )


def behind(chart):
    """The embedded workbook as a frame."""
    sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    head, *rows = sheet.iter_rows(values_only=True)
    return pd.DataFrame(rows, columns=head)


def test_the_numbers_in_the_embedded_workbooks_are_those_of_the_rates(five):
    made, _, presentation = five
    rates, seen = made.tables["rates"].set_index("rate"), 0
    for chart in charts(presentation):
        frame, names = behind(chart), [series.name for series in chart.plots[0].series]
        for name, series in zip(names, chart.plots[0].series, strict=True):
            unit = "passages" if name.endswith("段") else "reports"
            for at, row in frame.iterrows():
                rate = rates.loc[row[f"{name}：数字编号"]]
                unknown = rate["reports"] == 0 and rate["reports_unknown"] > 0
                assert pd.isna(row[name]) == unknown
                assert unknown or row[name] == rate[f"{unit}_with"] == series.values[at]
                assert row[f"{name}：分母"] == rate[unit]
                seen += 1
    assert seen >= 20


def test_six_to_ten_slides_each_with_counts_and_footer(five):
    made, _, presentation = five
    assert 6 <= len(presentation.slides) <= 10
    for slide in presentation.slides:
        title = slide.shapes.title.text_frame.text
        assert COUNTS.search(title) or "没有" in title, title
        foot = next(s for s in slide.shapes if s.name == "页脚").text_frame.text
        assert foot.startswith("共 5 份报告（")
        assert foot.count("《") >= 5
    words = "".join(map(text_of, presentation.slides))
    assert "显著" not in words
    assert "本次更新：第一次分析" in words


def test_notes_have_quotes_with_their_sources(five):
    made, _, presentation = five
    notes = [s.notes_slide.notes_text_frame.text for s in presentation.slides if s.has_notes_slide]
    assert len(notes) >= 5
    quoted = [line for note in notes for line in note.splitlines() if "，字符 " in line]
    assert quoted
    for line in quoted:
        report = re.search(r"《(.+?)》", line)[1]
        assert report in set(made.listed["title"])
    first = next(line for line in notes[2].splitlines() if "县" in line)
    start, end = map(int, re.search(r"字符 (\d+)–(\d+)", first).groups())
    assert made.sources["county"][start:end][:8] in first


def test_every_run_has_latin_and_east_asian_fonts(five):
    _, data, _ = five
    names = [
        n for n in ZipFile(io.BytesIO(data)).namelist() if "/slides/slide" in n or "/charts/" in n
    ]
    xml = "".join(ZipFile(io.BytesIO(data)).read(n).decode() for n in names if n.endswith(".xml"))
    runs = re.findall(r"<a:rPr[^>]*?(?:/>|>.*?</a:rPr>)", xml)
    assert len(runs) > 100
    assert all(f'<a:ea typeface="{FONT}"' in run and "<a:latin" in run for run in runs)
    defaults = re.findall(r"<a:defRPr[^>]*>.*?</a:defRPr>", xml)
    assert defaults
    assert all(f'<a:ea typeface="{FONT}"' in one for one in defaults)
    assert DRAWING in xml


def test_the_same_tables_give_the_same_bytes_and_no_date(five):
    made, data, _ = five
    assert make_deck(make_panels(material(study(FIVE)))) == data
    with ZipFile(io.BytesIO(data)) as whole:
        assert {info.date_time for info in whole.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        book = next(n for n in whole.namelist() if n.endswith(".xlsx"))
        inner = ZipFile(io.BytesIO(whole.read(book))).read("docProps/core.xml")
    assert re.findall(rb">(\d{4})-", inner) == [b"2000", b"2000"]


@pytest.mark.parametrize("reports", range(1, 7))
def test_no_percentage_and_no_bar_below_five_reports(reports):
    _, presentation = deck(material(one_level(reports)))
    words = "".join(map(text_of, presentation.slides))
    kinds = {chart.chart_type for chart in charts(presentation)}
    categories = [c for chart in charts(presentation) for c in chart.plots[0].categories]
    if reports < 5:
        assert "%" not in words + "".join(categories)
        assert XL_CHART_TYPE.BAR_CLUSTERED not in kinds
    else:
        assert "（100%）" in words
        assert XL_CHART_TYPE.BAR_CLUSTERED in kinds
    dots = re.findall(r"●+", words.replace("● 提到", ""))
    assert dots == (["●"] * reports if reports < 3 else ["●" * reports] if reports < 5 else [])


@pytest.mark.parametrize(
    ("name", "linked"), [*((name, True) for name in CASES), ("five", False), ("no problem", False)]
)
def test_every_deck_comes_and_everything_stands_above_the_footer(name, linked):
    made = material(CASES[name], linked=linked)
    _, presentation = deck(made)
    assert 6 <= len(presentation.slides) <= 10
    for slide in presentation.slides:
        assert slide.shapes.title.text_frame.text
        foot = next(shape for shape in slide.shapes if shape.name == "页脚")
        assert foot.top + foot.height <= presentation.slide_height
        for shape in slide.shapes:
            if shape is not foot and shape.name != "页脚":
                assert shape.top + shape.height <= foot.top, shape.name
                assert shape.left + shape.width <= presentation.slide_width


def test_what_cannot_be_judged_is_said():
    _, presentation = deck(material(CASES["no problem"]))
    titles = [slide.shapes.title.text_frame.text for slide in presentation.slides]
    assert titles[0] == "2 份报告都没有问题部分，是否提到这 20 种问题表现无从判断"
    assert "都无从判断" in titles[2]
    _, presentation = deck(material(CASES["one level"]))
    assert "只有县（市、区）级的报告，不能分级比较" in text_of(presentation.slides[1])
    assert "没有省级、市级的报告" in text_of(presentation.slides[1])


def test_links_are_told_by_point(five):
    made, _, presentation = five
    titles = [slide.shapes.title.text_frame.text for slide in presentation.slides]
    assert "5 个问题点中 2 个在本报告中有对应的对策，其余 3 个未见对策" in titles
    assert "5 个问题点中 3 个未见对策，其中 1 个别的报告已有对策可借鉴" in titles
    assert "个对策句中" in text_of(presentation.slides[titles.index(titles[4])])


def test_a_report_that_changed_is_told():
    said = "上一次读了 4 份报告，这一次 5 份。编码手册和程序没有变。下面的变化都是 x 带来的。"
    note = f"# 本次更新说明\n\n{said}\n\n- 新增：x，县级\n"
    _, presentation = deck(material(CASES["five"], update=note))
    slide = next(s for s in presentation.slides if "本次更新" in s.shapes.title.text_frame.text)
    assert slide.shapes.title.text_frame.text == "本次更新：上一次读了 4 份报告，这一次 5 份"
    assert "新增：x，县级" in text_of(slide) and "下面的变化都是 x 带来的。" in text_of(slide)
