import pandas as pd

from analysis.display import column_names, label_table, show
from analysis.schema import empty
from analysis.tables import COLUMNS_BY_TABLE


def test_every_column_of_every_table_has_a_chinese_name():
    for table, columns in COLUMNS_BY_TABLE.items():
        names = column_names([column for column, *_ in columns])
        for column, name in names.items():
            assert any("\u4e00" <= char <= "\u9fff" for char in name), (table, column, name)


def test_names_come_from_the_table_that_holds_most_of_the_columns():
    assert column_names(["theme", "passages", "reports", "unstable"])["reports"] == "涉及的报告数"
    assert column_names(["rate", "reports_with", "reports"])["reports"] == "可判断的报告数"


def test_values_are_told_in_chinese_by_column():
    frame = pd.DataFrame(
        {
            "level": ["county", None],
            "genre": ["speech", "report"],
            "issue": ["two_skins", "unknown_key"],
            "corrected": pd.array([True, None], dtype="boolean"),
            "role_margin": [0.98765, None],
        }
    )
    labelled = label_table(frame, {"two_skins": "两张皮"})
    assert list(labelled.columns) == ["层级", "文种", "问题表现", "是否经人工更正", "差距"]
    assert labelled["层级"].tolist() == ["县级", ""]
    assert labelled["文种"].tolist() == ["讲话", "报告"]
    assert labelled["问题表现"].tolist() == ["两张皮", "unknown_key"]
    assert labelled["是否经人工更正"].tolist() == ["是", ""]
    assert labelled["差距"].tolist() == [0.99, ""]


def test_a_notebook_shows_long_texts_whole_and_harmless():
    text = "党" * 300 + "<script>"
    html = show(pd.DataFrame({"text": [text]})).to_html()
    assert "党" * 300 in html
    assert "<script>" not in html


def test_what_no_font_draws_is_given_by_number():
    assert "訊〔U+E7AD〕蛏" in show(pd.DataFrame({"text": ["訊\ue7ad蛏"]})).to_html()


def test_an_empty_table_can_be_shown():
    assert ">报告</th>" in show(empty("reports")).to_html()


def test_a_long_table_says_how_long_it_is():
    frame = pd.DataFrame({"text": [f"第{n}句" for n in range(50)]})
    html = show(frame).to_html()
    assert "只列前 40 行，共 50 行。" in html
    assert "第39句" in html
    assert "第40句" not in html
    assert "只列前" not in show(frame, rows=50).to_html()


def test_a_table_without_rows_says_so_and_notes_stand_above():
    assert "没有符合的内容。" in show(empty("edits")).to_html()
    frame = pd.DataFrame()
    frame.attrs["note"] = "没有标注<3"
    assert "没有标注&lt;3" in show(frame).to_html()


def test_of_quotes_only_what_one_reads_is_shown():
    quotes = pd.DataFrame(
        {"rate": ["x/y"], "report": ["甲"], "quote": ["原"], "marked": ["【原】"]}
    )
    html = show(quotes).to_html()
    assert "【原】" in html
    assert "x/y" not in html
