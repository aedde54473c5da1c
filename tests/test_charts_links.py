from toys_charts import FIVE, assert_readable, book, many, study, texts
from toys_pack import links

from analysis.charts import plot_links
from analysis.charts.answered import match_answers
from analysis.charts.links import count_links
from analysis.links import tag_links


def linked(toy):
    found = links(toy)
    tagged = tag_links(toy["sentences"], toy["mentions"], found)
    return toy | {"links": found, "sentences": tagged}


def test_points_are_counted_by_theme_with_orphans_on_both_sides():
    toy = linked(study(FIVE))
    frame = count_links(match_answers(toy), toy["sentences"], book())
    rows = {(r.name, r.name2): (r.points, r.reports) for r in frame.itertuples(index=False)}
    # city-a and county answer their first problem, two skins; staffing is answered nowhere, and
    # province proposes without having told a problem
    assert rows == {
        ("党建业务融合", "党建业务融合"): (1, 1),
        ("党建业务融合", "党务干部队伍"): (1, 1),
        ("党务干部队伍", "未见对策"): (3, 3),
        ("未对应本报告问题", "党建业务融合"): (2, 2),
    }


def test_the_picture_says_what_it_shows_and_is_readable():
    for toy in (linked(study(FIVE)), linked(many(3))):
        chart = plot_links(toy, book())
        assert_readable(chart)
        assert "个问题点中" in chart.title
        assert "个对策句中" in chart.caption
    chart = plot_links(linked(study(FIVE)), book())
    counts = texts(chart, "count/")
    assert counts["count/integration/integration"] == "1"
    assert sorted(chart.data["个数"]) == [1, 1, 2, 3]


def test_without_problems_there_is_no_picture():
    toy = study(FIVE)
    assert plot_links(toy, book()) is None
    assert plot_links(toy | {"links": links(toy).head(0)}, book()) is None
