import pandas as pd
import pytest
from toys_compare import analysed

from analysis.quoting import RateError, mark, quotes, trace

# One report: 「三、问题」 above 「党务干部多为兼职，与业务“两张皮”。」 with a line break inside.
SOURCE = "党务干部多为兼职，与业\r\n务“两张皮”。要坚决破解“两张皮”。"


@pytest.fixture
def real():
    passage = [
        ("problem", "staffing", {"thin_staffing": "asserted", "two_skins": "asserted"}, 20),
        ("countermeasure", "integration", {"two_skins": "addressed"}, len(SOURCE) - 20),
    ]
    corpus = [
        {"report": "某县", "title": "某县调研", "level": "county", "passages": [passage]},
        {"report": "某省", "level": "county", "problem_section": "lost"},
        {"report": "某区", "level": "district", "passages": [[("problem", "staffing", {}, 4)]]},
    ]
    tables = analysed(corpus)
    mentions = tables["mentions"]
    mentions["start"] = pd.array([2, 14, 25], dtype="Int64")
    mentions["end"] = pd.array([8, 19, 30], dtype="Int64")
    tables["sources"] = {"某县": SOURCE, "某省": "", "某区": "字字字。"}
    return tables


def test_quotes_are_slices_of_the_source(real):
    rate = "level/county/issue/two_skins/any"
    found = quotes(rate, real, real["sources"], names={"problem": "问题", "countermeasure": "对策"})
    assert found["quote"].tolist() == [SOURCE[:20], SOURCE[20:]]
    assert found["marked"].tolist() == [
        "党务干部多为兼职，与业\r\n务【“两张皮”】。",
        "要坚决破解【“两张皮”】。",
    ]
    columns = ["report", "title", "level", "heading_path", "role", "stance", "pattern"]
    assert found[columns].values.tolist() == [
        ["某县", "某县调研", "县级", "第1节", "问题", "认定", "p1"],
        ["某县", "某县调研", "县级", "第1节", "对策", "拟解决", "p1"],
    ]


def test_quotes_of_several_rates_and_of_none(real):
    rates = [f"level/county/issue/two_skins/{stance}" for stance in ("asserted", "addressed")]
    assert quotes(rates, real, real["sources"])["rate"].tolist() == rates
    none = quotes("level/county/issue/thin_staffing/addressed", real, real["sources"])
    assert none.empty
    assert "marked" in none


def test_trace_tells_number_reports_and_sentences(real):
    names = {"two_skins": "两张皮", "problem": "问题"}
    text = trace("level/county/issue/two_skins/asserted", real, real["sources"], names=names)
    assert text == "\n".join(
        [
            "问题表现：两张皮（认定）",
            "县（市、区）级：能够判断的 2 份中 1 份提到（认定存在），2 个问题段中 1 段；"
            "另有 1 份来源缺问题部分，无从判断；仅见于 1 份，去掉这一份说法就不成立",
            "提到 1 份：某县",
            "未提到 1 份：某区",
            "无从判断 1 份：某省（问题部分：来源缺失）",
            "出处：1 句",
            "",
            "[1] 某县 · 字符 0–20 · 第1节",
            "    党务干部多为兼职，与业⏎务【“两张皮”】。",
            "    （问题；认定；模式 p1）",
        ]
    )


def test_trace_of_themes_and_roles(real):
    theme = trace("report/某县/theme/integration/addressed", real, real["sources"])
    assert "要坚决破解“两张皮”。" in theme
    assert "出处：没有相应的句子" in trace("all/all/role/noise/any", real, real["sources"])


def test_unknown_rate_suggests_the_nearest(real):
    with pytest.raises(RateError, match="level/county/issue/two_skins/asserted"):
        trace("level/county/issue/two_skin/asserted", real, real["sources"])
    with pytest.raises(RateError, match="没有编号为 “xyz” 的数字。编号的写法是"):
        quotes("xyz", real, real["sources"])


@pytest.mark.parametrize(
    ("spans", "marked"),
    [
        ([], "三四五六"),
        ([(3, 4)], "三【四】五六"),
        ([(2, 4), (3, 5)], "【三四五】六"),
        ([(5, 6), (2, 3)], "【三】四五【六】"),
        ([(0, 3)], "【三】四五六"),  # begins before the sentence
        ([(7, 9)], "三四五六"),
    ],
)
def test_mark(spans, marked):
    assert mark("一二三四五六七八九", 2, 6, spans) == marked
