"""The two views of what rests on one report, on the five."""


def test_dispersion_reads_in_chinese_and_names_the_report_that_carries_most(study):
    table = study.dispersion("问题表现")
    assert [*table.columns][:3] == ["问题表现", "提到的报告数", "可判断的报告数"]
    named = table.set_index("问题表现")["一句话说明"]["两张皮（党建业务脱节）"]
    whole = study.rates("issue", by="all").set_index("rate").loc["all/all/issue/two_skins/asserted"]
    assert named.startswith(
        f"{whole['reports']} 份中 {whole['reports_with']} 份、"
        f"{whole['passages']} 个问题段中 {whole['passages_with']} 段"
    )


def test_a_city_of_two_reports_flips_without_the_one_that_tells(study):
    table = study.leave_one_out("issue", by="level")
    assert set(table["组"]) == {"市级"}  # the only level with two reports that can be judged
    single = table[table["提到的报告数"] == 1]
    assert len(single) and (single["去掉哪份说法就变"] != "").all()
    assert (table.loc[table["提到的报告数"] == 2, "去掉哪份说法就变"] == "").all()


def test_with_single_reports_there_is_nothing_to_leave_out(study):
    table = study.leave_one_out("主题", by="report")
    assert table.empty and "去掉一份" in table.attrs["note"]
