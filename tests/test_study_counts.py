import pandas as pd

from analysis.compare import compare_rates


def test_rates_of_a_kind_and_a_grouping(study):
    level = study.rates("issue")
    assert set(level["by"]) == {"level"}
    assert set(level["kind"]) == {"issue"}
    assert len(study.rates(by="report")) == 5 * len(study.rates(by="all"))


def test_rates_by_any_other_column(study):
    genre = study.rates("issue", by="genre")
    assert set(genre["group"]) == {"report", "speech"}
    two = genre.set_index("rate").loc["genre/speech/issue/two_skins/any"]
    own = study.rates("issue", by="report").set_index("rate")
    own = own.loc["report/city-speech/issue/two_skins/any"]
    counts = ["reports_with", "reports", "passages_with", "passages", "sentences_with"]
    assert two[counts].tolist() == own[counts].tolist()
    t = study.tables
    names = ("reports", "passages", "sentences", "mentions")
    expected = compare_rates(*(t[name] for name in names), study.book, by="genre")
    expected = expected[expected["kind"] == "issue"].reset_index(drop=True)
    pd.testing.assert_frame_equal(genre, expected)


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
