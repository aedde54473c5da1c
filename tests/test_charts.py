import logging
import subprocess
import sys
import warnings

import matplotlib
import pandas as pd
import pytest
from toys_charts import FIVE, assert_readable, book, many, marks, rates, study, texts

from analysis import charts
from analysis.charts import style
from analysis.charts.matrix import choose_form, count_answers
from analysis.charts.profile import say_about, say_remarks
from analysis.charts.quotes import choose_quotes, shorten

BOOK = book()
TOY = study(FIVE)
STANDARD = dict(charts.plot_standard(TOY, TOY["sources"], BOOK))
ISSUES = STANDARD["issues_by_level"]
SKINS = STANDARD["focus_two_skins"]
COMPOSITION = STANDARD["composition"]


def issues_of(toy, **options):
    return charts.plot_matrix(toy, BOOK, **options)


def themes_of(toy, **options):
    return issues_of(toy, kind="theme", **options)


def answers_of(toy, **options):
    return issues_of(toy, kind="answer", **options)


def pairs_of(toy):
    return charts.plot_cooccurrence(toy, BOOK)


def stability_of(toy):
    return charts.plot_stability(toy, BOOK)


def profile_of(toy, report=None):
    report = report or toy["reports"]["report"].iloc[-1]
    return charts.plot_profile(toy, toy["sources"], BOOK, report=report)


def focus_of(toy, issue="two_skins", **options):
    return charts.plot_focus(toy, toy["sources"], BOOK, issue=issue, **options)


def composition_of(toy, **options):
    return charts.plot_composition(toy, BOOK, **options)


# --- the frame of marks -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "form"), [(1, "column"), (2, "column"), (3, "dots"), (4, "dots"), (5, "bar"), (40, "bar")]
)
def test_the_number_of_reports_chooses_the_form(n, form):
    assert choose_form(n) == form


def test_marks_are_complete_and_sorted_by_reports_then_passages_then_codebook():
    frame = charts.count_matrix(TOY["rates"], TOY["reports"], BOOK)
    keys = list(BOOK["issues"]["issue"])
    # 20 issues × 2 stances × (5 reports and the column of all of them)
    assert len(frame) == len(keys) * 2 * 6
    order = list(dict.fromkeys(frame.sort_values("row")["key"]))
    # Each is asserted by two reports and in two problem passages: the codebook decides.
    assert order == ["two_skins", "thin_staffing"] + [
        k for k in keys if k not in ("two_skins", "thin_staffing")
    ]


def test_a_cell_has_three_states():
    frame = charts.count_matrix(TOY["rates"], TOY["reports"], BOOK)
    skins = frame[(frame["key"] == "two_skins") & (frame["form"] == "column")]
    states = skins.set_index(["report", "stance"])["state"]
    assert states["city-a", "asserted"] == "提到"
    assert states["city-b", "asserted"] == "无从判断"
    assert states["province", "asserted"] == "无从判断"
    assert states["province", "addressed"] == "提到"
    assert states["study", "asserted"] == "未提到"
    assert states["city-b", "addressed"] == "未提到"


def test_unstated_stands_at_the_right_and_genres_are_named_where_they_differ():
    x = {a.get_gid(): a.get_position()[0] for a in ISSUES.axes[0].texts if a.get_gid()}
    groups = [f"group/{g}" for g in ("province", "city", "county", "unstated")]
    assert [x[g] for g in groups] == sorted(x[g] for g in groups)
    assert texts(ISSUES, "group/") == {
        "group/province": "省级 1 份",
        "group/city": "市级 2 份（报告1、讲话1）",
        "group/county": "县（市、区）级 1 份",
        "group/unstated": "层级未注明 1 份",
    }


# --- the issues by level ----------------------------------------------------------------------


def test_counts_are_printed_with_their_denominators():
    shown = texts(ISSUES)
    assert shown["count/report/city-a/issue/two_skins/asserted"] == "1/2"
    assert shown["count/report/county/issue/two_skins/asserted"] == "1/2"
    assert shown["count/report/city-a/issue/two_skins/addressed"] == "1/1"
    assert shown["count/all/all/issue/two_skins/asserted"] == "2/3 份"
    assert shown["passages/all/all/issue/two_skins/asserted"] == "2/5 段"
    assert shown["count/all/all/issue/formalism/asserted"] == "0/3 份"
    assert "count/report/study/issue/two_skins/asserted" not in {k for k, v in shown.items() if v}


def test_marks_drawn_are_those_of_the_frame():
    drawn = marks(ISSUES)
    frame = ISSUES.data[ISSUES.data["图形"] == "报告"]
    found = frame["状态"] == "提到"
    assert drawn["asserted"] - 1 == (found & (frame["态度"] == "认定")).sum() == 4
    assert drawn["addressed"] - 1 == (found & (frame["态度"] == "拟解决")).sum() == 2
    assert drawn["unknown"] - 1 == (frame["状态"] == "无从判断").sum() == 2 * 20
    assert drawn["absent"] - 1 == (frame["状态"] == "未提到").sum()
    assert drawn["stroke"] == drawn["unknown"]


def test_the_title_says_what_is_seen_with_both_denominators():
    toy = study([row for row in FIVE if row[0] != "study"])
    assert issues_of(toy).title == "能够判断的 2 份报告中 2 份都提到“两张皮”，涉及 2/4 个问题段"


def test_issues_that_lead_together_are_named_together():
    assert ISSUES.title == (
        "能够判断的 3 份报告中，提到“两张皮”“党务力量薄弱”的各有 2 份，各涉及 2/5 个问题段"
    )
    toy = study([row for row in FIVE if row[0] in ("county", "study")])
    assert issues_of(toy).title == "2 份报告中 2 份都提到“党务力量薄弱”，涉及 2/3 个问题段"


def test_nothing_mentioned_is_not_said_to_be_absent():
    toy = study([("a", "题目", "city", "report", "found", [("background", "背景。", {})])])
    chart = issues_of(toy)
    assert chart.title == "这 20 种问题表现均未提到；未提到不等于无此问题"
    assert "asserted" in marks(chart)  # the legend's


def test_the_caption_gives_n_the_unknown_and_the_caveats():
    caption = ISSUES.caption
    counted = "共 5 份报告（省级1、市级2、县（市、区）级1、层级未注明1），5 个问题段、4 个对策段"
    assert caption.startswith(counted)
    assert "《堅持問題導向提高機關黨建質量研究》来源缺问题部分" in caption
    assert "《在全市机关党建工作会议上的讲话》没有单列问题部分" in caption
    assert "未提到不等于无此问题" in caption
    assert "省级、县（市、区）级各只有 1 份，不能代表所在层级" in caption
    assert issues_of(TOY, note="查准率 .90").caption.endswith("查准率 .90。")


def test_a_mention_outside_problem_passages_is_marked():
    row = ("a", "题目", "city", "report", "found", [
        ("background", "“两张皮”。", {"two_skins": "asserted"}), ("problem", "不足。", {}),
    ])  # fmt: skip
    chart = issues_of(study([row]))
    assert texts(chart)["count/report/a/issue/two_skins/asserted"] == "0/1*"
    assert "* 表示只在问题段（对策段）以外提到" in chart.caption


def test_three_reports_are_dots_with_k_of_n_and_no_bar():
    chart = issues_of(many(3))
    shown = texts(chart)
    row = chart.data[chart.data["数字编号"] == "level/city/issue/two_skins/asserted"].iloc[0]
    words = f"{row['提到的报告数']}/{row['可判断的报告数']}"
    assert shown["count/level/city/issue/two_skins/asserted"] == words
    assert not [p for p in chart.axes[0].patches if (p.get_gid() or "").startswith("bar/")]
    assert not any("%" in text for text in shown.values())


def test_from_five_reports_bars_are_as_long_as_the_share():
    chart = issues_of(many(5))
    bars = {p.get_gid(): p.get_width() for p in chart.axes[0].patches if p.get_gid()}
    data = chart.data.set_index("数字编号")
    drawn = [gid for gid in bars if gid.startswith("bar/level/")]
    assert drawn
    lengths = set()
    for gid in drawn:
        row = data.loc[gid.removeprefix("bar/")]
        assert row["可判断的报告数"] >= 5
        lengths.add(round(bars[gid] * row["可判断的报告数"] / row["提到的报告数"], 9))
        words = texts(chart)[gid.replace("bar/", "count/")]
        assert words.startswith(f"{row['提到的报告数']}/{row['可判断的报告数']} ")
        assert words.endswith("%")
    assert len(lengths) == 1


def test_other_groupings_and_mistakes():
    chart = issues_of(TOY, by="genre")
    assert texts(chart, "group/")["group/speech"] == "讲话 1 份"
    with pytest.raises(
        charts.ChartError, match="没有按 “region” 的分组；已有：all、report、level、genre"
    ):
        issues_of(TOY, by="region")
    failed = TOY | {"reports": TOY["reports"].assign(status="failed")}
    with pytest.raises(charts.ChartError, match="没有可以画图的报告"):
        issues_of(failed)
    assert list(charts.plot_standard(failed, {}, BOOK)) == []


# --- the themes, and problems against countermeasures ------------------------------------------


def test_themes_are_told_by_problems_and_by_countermeasures():
    chart = STANDARD["themes_by_level"]
    assert chart.title == (
        "问题谈得最多的是“党务干部队伍”（3/3 份、3/5 个问题段），"
        "对策谈得最多的是“党建业务融合”（3/5 份、3/4 个对策段）"
    )
    shown = texts(chart)
    assert shown["count/report/county/theme/integration/asserted"] == "1/2"
    assert shown["count/report/county/theme/staffing/addressed"] == "1/1"
    assert shown["row/0"] == "党务干部队伍"
    assert "一段可谈到几个主题" in chart.caption
    drawn = marks(chart)
    # city-b and province leave 11 themes open each; the legend shows every mark once.
    assert (drawn["asserted"], drawn["addressed"], drawn["unknown"]) == (5 + 1, 4 + 1, 22 + 1)


def test_unstable_themes_are_marked_wherever_they_stand():
    for chart in (STANDARD["themes_by_level"], STANDARD["countermeasures_by_theme"]):
        assert "党建业务融合※" in texts(chart, "row/").values()
        assert "※ 归类不稳定的主题" in chart.caption
    assert "党建业务融合※" in texts(STANDARD["profile_county"], "row/").values()
    assert "※" not in "".join(texts(ISSUES).values())


def test_a_theme_with_problems_and_no_countermeasure_is_a_gap():
    chart = STANDARD["countermeasures_by_theme"]
    assert chart.title == "11 个主题中 2 个在至少 1 份报告里有问题而未见对策"
    shown = texts(chart)
    # Staffing: city-a and study name it and leave it; county answers it but not integration.
    assert shown["row/0"] == "党务干部队伍"
    assert shown["count/all/all/theme/staffing/addressed"] == "2/3 份"
    assert shown["count/all/all/theme/integration/addressed"] == "1/2 份"
    gaps = {gid for gid, words in shown.items() if words == "未见对策" and "/report/" in gid}
    assert gaps == {
        f"count/report/{key}/addressed"
        for key in ("city-a/theme/staffing", "study/theme/staffing", "county/theme/integration")
    }
    assert marks(chart)["gap"] == 3 + 1
    boxes = [p for p in chart.axes[0].patches if (p.get_gid() or "").startswith("gap/")]
    assert len(boxes) == 3 + 2  # and two in the column of all reports
    assert "未见问题" not in shown.values()  # the open ones are not said to lack a problem
    assert "按主题对照，不是逐条对应" in chart.caption
    assert "党务干部队伍（3 份谈到问题的报告中 2 份）" in chart.alt


def test_a_theme_named_only_among_causes_is_a_gap_too():
    row = ("a", "题目", "city", "report", "found", [
        ("problem", "不足。", {"formalism": "asserted"}), ("cause", "因为。", {}),
        ("countermeasure", "要务实。", {"formalism": "addressed"}),
    ])  # fmt: skip
    shown = texts(answers_of(study([row])))
    assert shown["count/report/a/theme/staffing/asserted"] == "0/1*"
    assert shown["count/report/a/theme/staffing/addressed"] == "未见对策"
    assert shown["count/all/all/theme/staffing/addressed"] == "1/1 份"


def test_a_countermeasure_without_a_problem_is_only_said():
    row = ("a", "题目", "city", "report", "found", [
        ("problem", "不足。", {"formalism": "asserted"}),
        ("countermeasure", "要破解。", {"two_skins": "addressed"}),
        ("countermeasure", "要务实。", {"formalism": "addressed"}),
    ])  # fmt: skip
    chart = answers_of(study([row]))
    assert texts(chart)["count/report/a/theme/integration/asserted"] == "未见问题"
    assert chart.title == "11 个主题中 0 个有问题而未见对策（共 1 份报告，无从判断的不计）"
    nothing = ("a", "题目", "city", "report", "found", [("background", "背景。", {})])
    title = answers_of(study([nothing])).title
    assert title == "1 份报告的问题段均未谈到这 11 个主题，无从对照问题与对策"


@pytest.mark.parametrize("per_level", [3, 5])
def test_gaps_of_many_reports_are_counted_by_group(per_level):
    toy = many(per_level)
    frame = count_answers(toy["rates"], toy["reports"], BOOK)
    assert set(frame["form"]) == {"total", "count"}
    sums = frame[frame["stance"] == "addressed"].groupby(["key", "form"])["gaps"].sum().unstack()
    assert (sums["total"] == sums["count"]).all()
    assert sums["total"].sum() > 0
    assert (frame["gaps"] <= frame["raised"]).all()
    chart = answers_of(toy)
    assert "%" not in "".join(texts(chart).values())
    # No report of the province can be judged: eleven cells, and the legend.
    assert marks(chart) == {"unknown": 11 + 1, "stroke": 11 + 1}


# --- issues in the same passage -----------------------------------------------------------------

A, B, C = "two_skins", "thin_staffing", "formalism"
TOGETHER = study([
    ("a", "报告甲", "city", "report", "found", [
        ("problem", "“两张皮”。", {A: "asserted", B: "asserted"}),
        ("problem", "“两张皮”。", {A: "asserted", B: "asserted"}),
        ("problem", "“两张皮”。", {A: "asserted", C: "asserted"}),
        ("problem", "如果。", {A: "asserted", C: "supposed"}),
        ("background", "背景。", {A: "asserted", C: "asserted"}),
    ]),
    ("b", "报告乙", "county", "report", "found", [
        ("problem", "“两张皮”。", {A: "asserted", C: "asserted"}),
    ]),
])  # fmt: skip


def test_pairs_are_counted_in_problem_passages_and_when_asserted():
    chart = pairs_of(TOGETHER)
    data = chart.data.set_index(["问题表现甲", "问题表现乙"])
    columns = ["同段提到的段数", "问题段总数", "涉及的报告数"]
    assert data.loc[("两张皮", "党务力量薄弱"), columns].tolist() == [2, 5, 1]
    assert data.loc[("两张皮", "党务力量薄弱"), "只出自的报告"] == "a"
    assert data.loc[("两张皮", "形式主义、应付"), columns].tolist() == [2, 5, 2]
    assert data.loc[("党务力量薄弱", "形式主义、应付"), columns].tolist() == [0, 5, 0]
    assert data.loc[("两张皮", "两张皮"), "同段提到的段数"] == 5
    shown = texts(chart)
    assert shown["pair/two_skins/formalism"] == "2"
    assert shown["reports/two_skins/formalism"] == "2份"
    assert "pair/thin_staffing/formalism" not in shown
    # One pair from two reports, one from a single report; and the legend.
    assert marks(chart) == {"asserted": 2, "single": 2}
    assert chart.title == "“两张皮”与“形式主义、应付”最常同段提到：5 个问题段中 2 段，出自 2 份报告"
    assert "同段出现不表示因果" in chart.caption
    counted = TOGETHER["rates"].set_index("rate").loc[chart.rates, "passages_with"]
    assert counted.tolist() == [5, 2, 2]


def test_no_pair_is_told_and_only_the_most_frequent_are_drawn():
    assert pairs_of(TOY).title == "没有两种问题表现在同一问题段中提到"
    nothing = study([("a", "题目", "city", "report", "found", [("background", "背景。", {})])])
    assert pairs_of(nothing).data.empty
    everything = dict.fromkeys(BOOK["issues"]["issue"], "asserted")
    row = ("a", "题目", "city", "report", "found", [("problem", "“两张皮”。", everything)])
    chart = pairs_of(study([row]))
    assert len(texts(chart, "row/")) == 13
    assert (len(chart.data), (chart.data["是否画出"] == "是").sum()) == (210, 91)
    assert "只画出最多的 13 种" in chart.caption
    assert chart.title.endswith(
        "等 190 对问题最常同段提到：1 个问题段中各有 1 段，都出自同 1 份报告"
    )


# --- stability ----------------------------------------------------------------------------------


def test_stability_names_what_is_not_stable():
    chart = stability_of(many(3))
    assert chart.title.startswith("9 个有段落的主题中 8 个稳定；“党建业务融合”（")
    assert chart.title.endswith("不稳定，引用前请看原文")
    shown = texts(chart)
    assert shown["verdict/integration"] == "不稳定"
    assert shown["stability_leave_one_out/integration"] == "0.30"
    assert shown["verdict/digital"] == "没有段落"
    assert shown["stability_resample/digital"] == "–"
    assert shown["limit"] == "界限 0.6"
    assert list(shown).index("row/integration") < list(shown).index("row/staffing")
    assert marks(chart) == {"asserted": 9 + 1, "addressed": 9 + 1}


def test_stability_of_one_report_says_what_cannot_be_tested():
    toy = study(FIVE[:1])
    toy["themes"]["stability_leave_one_out"] = float("nan")
    chart = stability_of(toy)
    assert texts(chart)["stability_leave_one_out/integration"] == "无从检验"
    assert "只有 1 份报告，不能作去一份检验" in chart.caption


# --- one report on a page -----------------------------------------------------------------------


def test_a_page_tells_what_a_report_names_and_answers():
    chart = STANDARD["profile_county"]
    assert chart.title == (
        "《县直机关党建工作的调查与思考》提到 20 种问题表现中的 2 种，均未见拟解决"
    )
    shown = texts(chart)
    assert shown["count/report/county/issue/two_skins/asserted"] == "1/2"
    assert shown["count/report/county/theme/integration/addressed"] == "未见对策"
    assert shown["rest"] == "其余 18 种未提到"
    lengths = [len(text) for _, text, _ in FIVE[2][5]]
    share = int(100 * lengths[3] / sum(lengths) + 0.5)
    role = "share/report/county/role/countermeasure/any"
    assert shown[role] == f"对策 {share}%（{lengths[3]} 字）"
    bars = [p for p in chart.axes[0].patches if (p.get_gid() or "").startswith("bar/")]
    assert sum(bar.get_width() for bar in bars) == pytest.approx(13.335 - 0.8, abs=0.01)
    quotes = [words for gid, words in shown.items() if gid.startswith("quote/")]
    assert len(quotes) == 2
    assert quotes[0].startswith("一些单位党建与业务“两张皮”")
    data = chart.data
    assert set(data["类别"]) == {"问题表现", "主题", "构成", "引文"}
    assert data.loc[data["有问题未见对策"] == "是", "名称"].tolist() == ["党建业务融合"]


def test_a_page_says_what_cannot_be_judged():
    chart = STANDARD["profile_province"]
    assert chart.title == "《堅持問題導向提高機關黨建質量研究》：20 种问题表现均无从判断"
    shown = texts(chart)
    assert "请注意：来源缺问题部分；未提到的问题无从判断。" in shown["about"]
    assert shown["rest"] == "其余 19 种无从判断"
    assert marks(chart)["unknown"] == 1 + 11
    city = STANDARD["profile_city-b"]
    assert city.title.endswith("：20 种问题表现均无从判断")
    assert texts(city)["quote"] == "没有引文"


def test_a_page_gives_the_basis_of_level_genre_and_date():
    toy = study(FIVE[:1])
    facts = {"level_basis": "市直机关工委", "genre_basis": "catalogue", "date": "2024-03"}
    toy["reports"] = toy["reports"].assign(**facts, message="编码：gb18030")
    profile = charts.count_profile(toy, toy["sources"], BOOK, "city-a")
    about, basis = say_about(profile)
    assert about.startswith("市级 · 报告 · 2024-03 · 全文 ")
    assert basis == "依据：层级见“市直机关工委”；文种由人工填写；日期未注明依据"
    assert say_remarks(profile) == "请注意：编码：gb18030。"


def test_pages_are_drawn_for_few_reports_and_asked_for_by_name(monkeypatch):
    assert [n for n in STANDARD if n.startswith("profile_")] == [
        f"profile_{name}" for name in ("city-a", "city-b", "county", "province", "study")
    ]
    monkeypatch.setattr(charts, "PROFILES_UP_TO", 4)
    drawn = dict(charts.plot_standard(TOY, TOY["sources"], BOOK))
    assert not [name for name in drawn if name.startswith("profile_")]
    assert "报告多于 24 份，各报告的简介页没有逐份画出" in drawn["composition"].caption
    with pytest.raises(charts.ChartError, match="没有报告 “count”；是否想写 county？"):
        profile_of(TOY, "count")


# --- one issue in focus -----------------------------------------------------------------------


def test_focus_says_who_asserts_and_who_solves():
    assert SKINS.title == (
        "能够判断的 3 份报告中 2 份提到“两张皮”（2/5 个问题段），5 份中 2 份拟解决（2/4 个对策段）"
    )
    shown = texts(SKINS)
    assert shown["count/report/city-a/issue/two_skins/asserted"] == "1/2 个问题段"
    assert shown["count/report/city-a/issue/two_skins/addressed"] == "1/1 个对策段"
    assert shown["count/report/province/issue/two_skins/asserted"] == "无从判断"
    assert shown["count/report/study/issue/two_skins/asserted"] == "未提到"
    drawn = {"unknown": 2, "stroke": 2, "asserted": 2, "addressed": 2, "other": 1}
    # One report asserts nothing, three solve nothing, four suppose nothing.
    assert marks(SKINS) == drawn | {"absent": 1 + 3 + 4}


def test_other_stances_are_shown_with_counts_but_not_counted():
    shown = texts(SKINS)
    assert shown["row"] == "提到（认定）拟解决假设引文"
    assert shown["supposed/city-b"] == "1/1 处"
    assert "supposed/county" not in shown
    assert "假设不计入“提到”和“拟解决”；按处计" in SKINS.caption
    data = SKINS.data.set_index("报告")
    assert data.loc["city-b", ["假设的处数", "转述的处数", "谈到的总处数"]].tolist() == [1, 0, 1]
    assert data.loc["county", "谈到的总处数"] == 2
    assert "假设" not in texts(STANDARD["focus_thin_staffing"])["row"]


def test_every_report_has_a_quote_or_says_why_not():
    shown = texts(SKINS)
    assert shown["quote/county"].startswith("一些单位党建与业务“两张皮”")
    assert shown["quote/province"] == "著力破解黨建與業務“兩張皮”。"
    assert shown["section/province"] == "拟解决"
    assert shown["section/city-b"] == "假设（不计入）"
    assert shown["quote/study"] == "没有引文"
    staffing = texts(STANDARD["focus_thin_staffing"])
    assert staffing["quote/province"] == "来源缺问题部分"


def test_focus_title_without_any_mention():
    chart = focus_of(TOY, issue="dark_under_lamp")
    assert chart.title == "能够判断的 3 份报告均未提到“灯下黑”，5 份均未见拟解决"


def test_an_unknown_issue_is_told_with_the_nearest():
    with pytest.raises(charts.ChartError, match="没有问题表现 “two_skin”；是否想写 two_skins？"):
        focus_of(TOY, issue="two_skin")


def test_with_very_many_reports_no_group_drops_out():
    chart = focus_of(many(8))
    drawn = {gid.removeprefix("quote/") for gid in texts(chart, "quote/")}
    assert len(drawn) == 24
    assert {name.split("-")[0] for name in drawn} == {"province", "city", "county", "unstated"}
    assert len(chart.data) == 32
    assert "另有 8 份没有画出" in chart.caption


def test_quotes_are_as_printed_with_edits_applied():
    text = "一些單位黨建與業務“兩張皮”(liǎng)的問題突出。"
    row = ("a", "題目", "city", "report", "found", [("problem", text, {"two_skins": "asserted"})])
    toy = study([row])
    at = text.index("(")
    edits = pd.DataFrame(
        [("a", at, at + 7, "phonetic", None, "注音")],
        columns=["report", "start", "end", "kind", "replacement", "basis"],
    )
    options = {"sources": toy["sources"], "edits": edits}
    found = choose_quotes(toy["mentions"], toy["sentences"], "two_skins", "两张皮", **options)
    assert found["quote"].tolist() == ["一些單位黨建與業務“兩張皮”的問題突出。"]


@pytest.mark.parametrize(
    ("sentence", "span", "longest", "expected"),
    [
        ("短句不动。", (0, 2), 20, "短句不动。"),
        ("甲甲甲甲，乙乙乙乙，丙丙丙丙。", (5, 7), 12, "…乙乙乙乙，丙丙丙丙。"),
        ("甲甲甲甲，乙乙乙乙，丙丙丙丙。", (0, 2), 12, "甲甲甲甲，乙乙乙乙…"),
        ("甲甲甲甲，乙乙乙乙，丙丙丙丙。", (11, 13), 8, "…丙丙丙丙。"),
        ("一二三四五六七八九十一二三四五六七八九十", (8, 10), 10, "…六七八九十一二三…"),
    ],
)
def test_long_sentences_are_cut_at_punctuation(sentence, span, longest, expected):
    assert shorten(sentence, *span, longest) == expected
    assert len(expected) <= max(longest, len("短句不动。"))


# --- what each report consists of -------------------------------------------------------------


def test_composition_counts_every_character_once():
    data = COMPOSITION.data
    county = data[data["报告"] == "county"].set_index("角色")
    lengths = [len(text) for _, text, _ in FIVE[2][5]]
    assert county.loc["问题", "字数"] == lengths[0] + lengths[1]
    assert county.loc["背景意义", "字数"] == lengths[2]
    assert county.loc["对策", "字数"] == lengths[3]
    assert county["字数"].sum() == sum(lengths) == county["全文字数"].iloc[0]
    shown = texts(COMPOSITION)
    assert shown["characters/report/county/role/background/any"] == f"{lengths[2]} 字"
    share = int(100 * lengths[2] / sum(lengths) + 0.5)
    assert shown["share/report/county/role/background/any"] == f"{share}%"


def test_composition_marks_what_is_missing():
    shown = texts(COMPOSITION)
    assert shown["state/province"] == "问题部分来源缺失"
    assert shown["state/city-b"] == "没有单列问题部分"
    assert "state/county" not in shown
    assert shown["about/city-b"].startswith("市级 · 讲话 · ")
    # city-b has a countermeasure and no problem; the others have more on problems.
    expected = "除来源缺问题部分的 1 份外，4 份报告中 1 份写对策的篇幅多于写问题"
    assert COMPOSITION.title == expected


# --- form, fonts, display ---------------------------------------------------------------------


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("per_level", [1, 2, 3, 5, 8])
def test_no_text_is_cut_or_covered(per_level, long):
    toy = many(per_level, long=long)
    plots = [issues_of, themes_of, answers_of, focus_of, composition_of]
    # The others do not grow with the levels: the ends are enough.
    for plot in plots + ([pairs_of, stability_of, profile_of] if per_level in (1, 8) else []):
        chart = plot(toy)
        width, height = chart.get_size_inches()
        assert width / height == pytest.approx(16 / 9, abs=0.002)
        assert_readable(chart)


def test_the_real_form_is_a_slide():
    for chart in STANDARD.values():
        assert tuple(chart.get_size_inches() * chart.dpi) == pytest.approx((2667, 1500))
        assert_readable(chart)


def test_every_glyph_is_in_the_bundled_font(monkeypatch):
    monkeypatch.setattr(style, "FONT_CHAIN", style.FONT_CHAIN[:1])
    with style.look():
        assert matplotlib.rcParams["font.family"] == ["Gongwen Sans"]
    for _, chart in charts.plot_standard(TOY, TOY["sources"], BOOK):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            chart.canvas.draw()
        families = {tuple(text.get_fontfamily()) for text in chart.axes[0].texts}
        assert families == {("Gongwen Sans",)}


def test_a_character_no_font_has_is_replaced_and_told():
    text = "党建与业务“两张皮”\ue7ad突出。"
    row = ("a", "题\ue7ad目", "city", "report", "found", [
        ("problem", text, {"two_skins": "asserted"}),
    ])  # fmt: skip
    chart = focus_of(study([row]))
    assert texts(chart)["quote/a"] == "党建与业务“两张皮”〓突出。"
    assert texts(chart)["report/a"] == "题〓目"
    assert "〓 代表字库中没有的字" in chart.caption
    assert "〓" not in SKINS.caption


def test_settings_hold_only_while_drawing():
    before = dict(matplotlib.rcParams)
    issues_of(TOY)
    assert dict(matplotlib.rcParams) == before


def test_importing_draws_nothing_and_changes_nothing():
    # Reading `backend` would import pyplot.
    code = (
        "import sys, matplotlib as m\n"
        "keys = [k for k in m.rcParams if k != 'backend']\n"
        "before = [m.rcParams[k] for k in keys]\n"
        "import analysis.charts\n"
        "from matplotlib.font_manager import fontManager as f\n"
        "assert [m.rcParams[k] for k in keys] == before\n"
        "assert 'matplotlib.pyplot' not in sys.modules and 'seaborn' not in sys.modules\n"
        "assert not [x for x in f.ttflist if 'analysis' in x.fname]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_chart_shows_itself_in_a_notebook():
    from IPython.core.formatters import format_display_data

    data, metadata = format_display_data(SKINS)
    assert data["image/png"]
    assert metadata["image/png"]["width"] > 0
    assert data["text/plain"] == f"图：{SKINS.title}"


def test_a_text_that_an_analyst_adds_is_in_chinese_too():
    chart = focus_of(TOY)
    added = chart.text(0.5, 0.5, "补充说明")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert chart._repr_png_()[0]
    assert added.get_fontfamily()[0] == "Gongwen Sans"


def test_a_chart_shows_itself_with_inline_pictures_on():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.pylabtools import select_figure_formats

    shell = InteractiveShell()
    select_figure_formats(shell, {"png"})
    data, _ = shell.display_formatter.format(SKINS)
    assert data["image/png"]


def test_wrapping_keeps_marks_with_their_words():
    lines = style.wrap("机关党建（含群团），2024年“两张皮”问题突出。", 1.0, 10)
    assert "".join(lines) == "机关党建（含群团），2024年“两张皮”问题突出。"
    assert all(style.text_width(line, 10) <= 1.0 for line in lines)
    assert not any(line[0] in style.NEVER_FIRST for line in lines)
    assert not any(line[-1] in style.NEVER_LAST for line in lines)
    assert any("2024" in line for line in lines)
    assert style.wrap("一二三四五六七八九十", 0.7, 10, lines=1) == ["一二三四…"]
    assert style.wrap("", 1.0, 10) == [""]
    assert "".join(style.wrap("x" * 60, 1.0, 10)) == "x" * 60


def test_every_number_drawn_has_its_rate():
    known = set(TOY["rates"]["rate"])
    for name, chart in STANDARD.items():
        # Stability is no rate: its numbers stand in the table `themes`. No pair occurs in this toy
        # but each issue's own passages do.
        assert bool(chart.rates) == (name != "stability")
        assert set(chart.rates) <= known
        assert chart.alt.startswith(chart.title)


def test_no_significance_and_no_percentages_below_five():
    # Shares of a report's characters, and of the words switched off, are no shares of reports.
    shares = ("composition", "profile", "stability")
    for name, chart in STANDARD.items():
        words = "".join(texts(chart).values()) + chart.alt
        assert "显著" not in words
        assert name.startswith(shares) or "%" not in words


def test_colours_are_those_of_the_colour_blind_palette():
    import seaborn

    palette = {matplotlib.colors.to_hex(c) for c in seaborn.color_palette("colorblind")}
    assert set(style.colours().values()) - palette == {"#c8c8c8"}  # noise, lighter than headings


def test_the_order_of_reports_does_not_matter():
    turned = TOY | {"reports": TOY["reports"].iloc[::-1].reset_index(drop=True)}
    turned["rates"] = rates(turned, "all", "report", "level", "genre")
    assert issues_of(turned).data.equals(ISSUES.data)
    assert focus_of(turned).caption == SKINS.caption


def test_a_system_font_without_bold_is_no_news(caplog):
    log = logging.getLogger("matplotlib.font_manager")
    with style.look():
        log.warning("findfont: Failed to find font weight bold for WenQuanYi Micro Hei")
        log.warning("findfont: Font family 'x' not found.")
    log.warning("findfont: Failed to find font weight bold")
    assert [record.message[:26] for record in caplog.records] == [
        "findfont: Font family 'x' ",
        "findfont: Failed to find f",
    ]
