import pandas as pd
import pytest
from toys_charts import assert_readable, marks, texts

from analysis import charts
from analysis.digest import FIGURES


def rates(*points, stances=("asserted", "addressed")):
    """Rates of one issue; a point: label, k, n, unknown, m, M."""
    rows = [
        {"point": point, "stance": stance, "rate": f"{point}/{stance}", "sentences_with": m}
        | dict(zip(FIGURES, (k, m, m, n, unknown, of, of), strict=True))
        for point, k, n, unknown, m, of in points
        for stance in stances
    ]
    return pd.DataFrame(rows, columns=["point", "stance", "rate", *FIGURES])


def plot(*points, kind="issue", **words):
    return charts.plot_over_time(rates(*points), kind, "两张皮", what="每列一年", **words)


FEW = plot(("2018年", 1, 1, 0, 2, 9), ("2019年", 0, 2, 1, 0, 7), ("2020年", 0, 0, 2, 0, 0))
MANY = plot(("2018年", 3, 5, 1, 8, 40), ("2019年", 2, 4, 0, 3, 30))


def test_few_reports_are_a_mark_each_and_no_percentage():
    found, words = marks(FEW), {*texts(FEW).values()}
    assert (found["asserted"], found["addressed"]) == (1, 1)
    assert (found["absent"], found["unknown"]) == (2 * 2, 3 * 2)
    assert not [text for text in words if "%" in text]
    assert {"1/1 份", "2/9 个问题段", "0/2 份", "另 1 份无从判断", "2 份无从判断"} <= words


def test_from_five_reports_bars_and_shares_of_both():
    assert {"3/5 份（60%）", "8/40 个问题段（20%）", "2/4 份", "3/30 个问题段"} <= {
        *texts(MANY).values()
    }
    bars = {p.get_gid(): p.get_height() for p in MANY.axes[0].patches if p.get_gid()}
    assert set(bars) == {f"bar/{s}/2018年/{n}" for s in ("asserted", "addressed") for n in (0, 1)}
    assert bars["bar/asserted/2018年/0"] == pytest.approx(3 * bars["bar/asserted/2018年/1"])
    assert marks(MANY)["asserted"] == 2


def test_no_line_joins_the_points_and_the_caption_gives_the_limits():
    for chart in (FEW, MANY):
        rules = [line.get_ydata() for line in chart.axes[0].lines]
        assert all(y[0] == y[-1] for y in rules)  # level rules only
        assert "不能当作变化趋势" in chart.caption
        assert "未提到不等于无此问题" in chart.caption
        assert "显著" not in chart.caption + chart.title


def test_the_title_gives_k_of_n():
    assert FEW.title == (
        "“两张皮”：2018年 1 份中 1 份提到，2019年 能够判断的 2 份中 0 份提到，2020年 2 份无从判断"
    )


def test_numbers_and_ids_are_carried():
    assert FEW.data.iloc[2].tolist() == ["2019年", "提到（认定）", "未提到", 0, 2, 1, 0, 7]
    assert FEW.data["状态"].iloc[4] == "无从判断"
    assert len(FEW.rates) == 6


@pytest.mark.parametrize("number", [1, 3, 14])
def test_nothing_is_cut_or_covered(number):
    points = [(f"{2000 + n}年", n % 5, n % 5 + 3, n % 3, 12, 345) for n in range(number)]
    assert_readable(plot(*points, kind="theme", extra="一句说明。", note="又一句。"))


def test_no_point_at_all():
    with pytest.raises(charts.ChartError, match="没有可以画的时间点"):
        plot()
