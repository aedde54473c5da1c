import pandas as pd
import pytest

import analysis as an
from analysis.doubt import mark_doubt
from analysis.study.names import ChoiceError


def test_overview_numbers_the_reports_and_counts_their_passages(study):
    table = study.overview()
    assert table["序号"].tolist() == [1, 2, 3, 4, 5]
    assert table.loc[2, ["报告", "层级", "文种", "问题部分"]].tolist() == [
        *("county-organs", "县级", "报告", "有")
    ]
    rates = study.rates(by="report").set_index("rate")
    for row in table.itertuples():
        for name, stance in (("问题段", "asserted"), ("对策段", "addressed")):
            rate = rates.loc[f"report/{row.报告}/theme/awareness/{stance}"]
            assert getattr(row, name) == rate["passages"] or rate["reports"] == 0


def test_meanings_are_those_of_the_codebook(study):
    assert study.meanings("主题")["名称"].tolist() == study.book["theme_names"]["name"].tolist()
    assert study.meanings("issue").loc[0, "含义"].startswith("党建工作与业务部门")
    assert len(study.meanings("角色")) == 7


def test_the_notes_on_the_clusters_stand_above_them(study):
    assert study.notes
    html = study.show("clusters").to_html()
    assert all(note in html for note in study.notes)


def test_headings_are_indented_by_their_level(study):
    table = study.headings("county-organs")
    assert table["标题"].iloc[0] == "关于做好新形势下县直机关党建工作的调研报告"
    second = table[table["标题层次"] == 2]
    assert len(second) > 5
    assert second["标题"].str.fullmatch("　　　　（[一二三四五六]）.+").all()


def test_sentences_of_one_report_and_role(study):
    table = study.sentences_of(3, "问题")
    mine = study.sentences[study.sentences["report"] == "county-organs"]
    assert table["正文"].tolist() == mine.loc[mine["role"] == "problem", "text"].tolist()
    assert set(table["角色"]) == {"问题"}
    assert len(study.sentences_of(3)) == len(mine)


def test_edits_tell_what_was_repaired_and_what_is_not_counted(study):
    table = study.edits_of()
    noise = (study.sentences["role"] == "noise").sum()
    assert len(table) == len(study.edits) + noise
    assert (table["处理"] == "整句不计").sum() == noise
    for row in table.itertuples():
        assert study.sources[row.报告][row.起点 :].startswith(row.原文)
    assert set(study.edits_of("hubei-problem-led")["报告"]) == {"hubei-problem-led"}


def test_passages_of_a_theme(study):
    table = study.passages_of("党务干部队伍", "county-organs")
    assert len(table) == 2
    assert table["主题依据"].str.contains("党务干部|干部队伍").all()


def test_counts_have_denominators_and_three_states(study):
    table = study.counts("问题表现", by="层级", stance="认定").set_index("问题表现")
    assert len(table) == len(study.book["issues"])
    row = table.loc["两张皮（党建业务脱节）"]
    assert row.to_dict() == {
        "省级": "无从判断",
        "市级": "1/1 份，2/4 段（另 1 份无从判断）",
        "县（市、区）级": "1/1 份，3/5 段",
        "层级未注明": "1/1 份，4/5 段",
    }
    assert "未提到" in set(table["县（市、区）级"])
    by_report = study.counts("主题", by="报告", stance="拟解决").set_index("主题")
    assert by_report.loc["信息化", "city-speech"] == "2/26 段"
    roles = study.counts("角色", by="全部").set_index("角色")
    assert roles.loc["标题", "全部报告"].startswith("5/5 份，")


def test_the_commonest_come_first(study):
    rates = study.rates("issue", by="all")
    rates = rates[rates["stance"] == "asserted"].set_index("key")
    names = {name: key for key, name in study.book.names.items()}
    listed = rates.loc[study.counts()["问题表现"].map(names), ["reports_with", "passages_with"]]
    assert list(listed.itertuples(index=False)) == sorted(
        listed.itertuples(index=False), reverse=True
    )


def test_says_are_those_of_the_rates(study):
    table = study.says(issue="两张皮")
    rates = study.rates("issue").query("key == 'two_skins' and stance == 'asserted'")
    assert table["一句话说明"].tolist() == rates["says"].tolist()
    assert table["组"].tolist() == ["省级", "市级", "县（市、区）级", "层级未注明"]


def test_problems_and_answers_side_by_side(study):
    table = study.side_by_side("党务干部队伍").set_index("报告")
    own = study.sentences.query(
        "report == 'county-organs' and theme == 'staffing' and role == 'problem'"
    )
    assert table.loc["county-organs", "问题"].splitlines() == [
        f"· {text}{f'（{doubt}把握不大）' if isinstance(doubt, str) else ''}"
        for text, doubt in zip(own["text"], mark_doubt(own), strict=True)
    ]
    assert table.loc["quality-study", "对策"] == "（没有）"
    assert table.loc["hubei-problem-led", "问题"] == "（来源缺问题部分，无从判断）"
    assert len(study.side_by_side("党务干部队伍", 3)) == 1


def test_gaps_are_themes_with_problems_and_no_countermeasure(study):
    table = study.gaps()
    found = set(zip(table["报告"], table["主题"], strict=True))
    found = {(report, theme) for report, theme in found if theme != "其余主题"}
    rates = study.rates("theme", by="report").pivot(
        index=["group", "key"], columns="stance", values="sentences_with"
    )
    gaps = rates[(rates["asserted"] > 0) & (rates["addressed"] == 0)]
    assert found == {(group, study.book.names[key]) for group, key in gaps.index}
    assert ("county-organs", "党建业务融合") in found
    others = table[table["主题"] == "其余主题"].set_index("报告")["问题怎么说的"]
    assert others.to_dict() == {
        "city-speech": "没有单列问题部分，无从判断",
        "hubei-problem-led": "来源缺问题部分，无从判断",
    }


def test_what_is_least_certain_comes_first(study):
    table = study.low_margin(10)
    assert len(table) == 10
    assert table["差距"].is_monotonic_increasing
    assert not set(table["角色"]) & {"标题", "噪声"}
    assert {"主题", "第二主题"} <= set(study.low_margin(of="主题"))


def test_issues_are_not_one_per_sentence_nor_are_links(study):
    for of in ("问题表现", "问题与对策"):
        with pytest.raises(ChoiceError, match="可用：角色（role）、主题（theme）"):
            study.low_margin(of=of)
    with pytest.raises(ChoiceError, match="含义：问题表现（issue）、主题（theme）、角色（role）"):
        study.meanings("问题与对策")


def test_every_view_can_be_shown_for_one_poor_report(tmp_path):
    from analysis.workspace import make_workspace

    workspace = make_workspace(tmp_path / "w")
    (workspace.reports / "甲.txt").write_text("好", encoding="utf-8")
    (workspace.reports / "乙.txt").write_text("", encoding="utf-8")
    study = an.run(workspace, charts=False)
    tables = [study.overview(), study.headings(1), study.sentences_of(1), study.edits_of()]
    tables += [study.passages_of("思想认识"), study.counts(), study.counts("角色", by="报告")]
    tables += [study.says(issue="两张皮"), study.side_by_side("思想认识"), study.gaps()]
    tables += [study.low_margin(), study.low_margin(of="主题"), study.quotes(issue="两张皮")]
    for table in tables:
        assert isinstance(table, pd.DataFrame)
        assert "<table" in study.show(table).to_html()
    assert study.overview()["报告"].tolist() == ["甲", "乙"]  # those not read stand last
    assert "未能读取：" in repr(study)
    assert "未能读取：" in study._repr_html_()


def test_answers_show_the_words_of_both_sides(study):
    table, links = study.answers(), study.links
    assert (table.groupby(["问题", "对策所在报告"]).size() <= 3).all()
    none = links[links["countermeasure"].isna()]
    assert (table["对策"] == "（未见对策）").sum() == len(none)
    best = links.dropna(subset="countermeasure").iloc[0]
    row = table[table["对策"] != "（未见对策）"].iloc[0]
    texts = study.sentences.set_index("sentence")["text"]
    assert row["对策"] == texts[best["countermeasure"]]
    assert row["问题"].startswith(texts[best["problem"]])
    own = study.answers(best["report_problem"])
    assert set(own["问题所在报告"]) == {best["report_problem"]}
