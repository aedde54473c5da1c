import shutil

import pytest

import analysis as an
from analysis.history import keep_run
from analysis.results import ResultsError
from analysis.study import run
from analysis.workspace import Workspace


@pytest.fixture(scope="module")
def kept(study, tmp_path_factory):
    """The five kept twice under names that sort by their numbers, then four of them."""
    folder = tmp_path_factory.mktemp("kept") / "w"
    workspace = Workspace(shutil.copytree(study.workspace.root, folder))
    keep_run(workspace.results, "第2次")
    (workspace.reports / "city-speech.txt").unlink()
    now = run(workspace, charts=False, keep="第10次")
    (workspace.results / "kept" / ".第9次.part").mkdir()
    return now


def test_runs_kept_stand_in_the_order_of_their_numbers(kept, study):
    chart = an.plot_over_time(kept, issue="两张皮", by="留存")
    assert list(dict.fromkeys(chart.data["时间"])) == ["第2次", "第10次"]
    for results, point in ((study, "第2次"), (kept, "第10次")):
        row = results.rates("issue", by="all").query("key == 'two_skins' and stance == 'asserted'")
        drawn = chart.data[chart.data["时间"] == point].iloc[0]
        assert drawn["提到的段数"] == row["passages_with"].iloc[0]
        assert drawn["可判断的报告数"] == row["reports"].iloc[0]
    assert "“第10次”的 4 份报告中有 4 份“第2次”也有" in chart.caption
    assert "也可能出自这里" not in chart.caption
    back = an.plot_over_time(kept, theme="党务干部队伍", runs=["第10次", "第2次"])
    assert list(dict.fromkeys(back.data["时间"])) == ["第10次", "第2次"]
    with pytest.raises(ResultsError, match="留存的有：第2次、第10次。"):
        an.plot_over_time(kept, issue="两张皮", runs=["第3次"])


def test_without_a_run_kept_the_last_one_is_drawn(study):
    chart = an.plot_over_time(study, issue="两张皮", by="runs")
    assert set(chart.data["时间"]) == {"本次"}


def test_dates_count_by_their_year_and_the_unknown_stands_last(study):
    chart = an.plot_over_time(study, issue="两张皮")
    points = list(dict.fromkeys(chart.data["时间"]))
    years = sorted(study.reports["date"].dropna().str[:4].unique())
    assert points == [*(f"{year}年" for year in years), "日期未注明"]
    everything = study.rates("issue", by="all").query("key == 'two_skins' and stance == 'asserted'")
    own = chart.data[chart.data["态度"] == "提到（认定）"]
    assert own["提到的段数"].sum() == everything["passages_with"].iloc[0]
    assert chart.rates == []


def test_a_column_of_ones_own_leads_to_sentences(study):
    chart = an.plot_over_time(study, issue="两张皮", by="地区")
    rates = study.rates("issue", by="region")
    assert set(chart.rates) <= {*rates["rate"]}
