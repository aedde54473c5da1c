import pandas as pd

import analysis as an
from analysis.workspace import make_workspace


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


def test_every_view_can_be_shown_for_one_poor_report(tmp_path):

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
