import re
from itertools import product

import pytest

from analysis.says import Counts, describe_group, say_rate, share, value_name
from analysis.schema import TABLES

FORBIDDEN = ("显著", "无此问题", "没有此问题", "不存在", "None", "nan", "unstated", "asserted")
KINDS = [
    (kind, stance) for kind in ("issue", "theme") for stance in ("asserted", "addressed", "any")
]
KINDS.append(("role", "any"))
CITY = describe_group("level", "city")


def sweep():
    groups = [
        CITY,
        describe_group("level", "city", ["report", "speech"]),
        describe_group("level", "unstated"),
        describe_group("genre", "speech"),
        describe_group("all", "all"),
    ]
    for (kind, stance), group, n in product(KINDS, groups, range(7)):
        open_cell = kind != "role" and stance != "addressed"
        for k, lost, none in product(range(n + 1), range(3), range(2)):
            if (n or lost or none) and (open_cell or not (lost or none)):
                for outside in (0, 2):
                    m = 3 * n
                    yield kind, stance, group, Counts(k, n, min(k, m), m, lost, none, outside, k)


def test_sweep_keeps_the_rules_of_small_numbers():
    seen = 0
    for kind, stance, group, counts in sweep():
        says = say_rate(kind, stance, counts, group, "做法成效")
        where = f"{kind} {stance} {counts}: {says}"
        n, k = counts.reports, counts.reports_with
        assert not any(word in says for word in FORBIDDEN), where
        assert says.startswith(f"{group.label}："), where
        assert ("%" in says) == (n >= 5 and k > 0), where
        unknown = counts.lost + counts.none
        assert ("无从判断" in says) == (unknown > 0), where
        if counts.lost:
            assert f"{counts.lost} 份来源缺问题部分" in says, where
        if counts.none:
            assert f"{counts.none} 份没有单列问题部分" in says, where
        if n:
            assert (f"{n} 份中 {k} 份" if k else f"{n} 份") in says, where
            assert re.search(rf"{counts.passages} (个.*?)?段中 {counts.passages_with} 段", says), (
                where
            )
            assert ("未提到" in says or "未见" in says) == (k == 0), where
            assert ("去掉这一份" in says) == (k == 1 < n), where
            assert ("只有 1 份" in says) == (n == 1), where
            assert ("2 处在" in says) == (counts.outside == 2), where
        seen += 1
    assert seen > 3000


def test_share_of_reports_and_passages_from_five():
    says = say_rate("issue", "asserted", Counts(3, 5, 7, 40), CITY)
    assert says == "市级：5 份中 3 份（60%）提到（认定存在），40 个问题段中 7 段（18%）"


@pytest.mark.parametrize(
    ("k", "n", "words"),
    [
        (3, 5, "（60%）"),
        (1, 8, "（13%）"),  # 12.5, half up
        (1, 300, "（不足1%）"),
        (299, 300, "（99%以上）"),
        (300, 300, "（100%）"),
        (0, 5, ""),
        (0, 0, ""),
    ],
)
def test_share(k, n, words):
    assert share(k, n, True) == words
    assert share(k, n, False) == ""


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        (
            Counts(1, 1, 3, 5),
            "县（市、区）级：1 份中 1 份提到（认定存在），5 个问题段中 3 段；"
            "只有 1 份，不能代表县（市、区）级",
        ),
        (
            Counts(0, 2, 0, 9),
            "县（市、区）级：2 份均未提到，9 个问题段中 0 段",
        ),
        (
            Counts(1, 2, 2, 9, lost=1),
            "县（市、区）级：能够判断的 2 份中 1 份提到（认定存在），9 个问题段中 2 段；"
            "另有 1 份来源缺问题部分，无从判断；仅见于 1 份，去掉这一份说法就不成立",
        ),
        (
            Counts(0, 0, 0, 0, lost=1, none=2),
            "县（市、区）级：1 份来源缺问题部分、2 份没有单列问题部分，无从判断",
        ),
        # Named but not said to exist: 未提到 alone would be untrue.
        (
            Counts(0, 3, 0, 9, otherwise=2),
            "县（市、区）级：3 份均未提到其存在，9 个问题段中 0 段，"
            "其中 2 份另以其他态度提到（如拟解决）",
        ),
        (
            Counts(1, 1, 0, 0, outside=1),
            "县（市、区）级：1 份中 1 份提到（认定存在），没有问题段，另有 1 处在问题段之外；"
            "只有 1 份，不能代表县（市、区）级",
        ),
    ],
)
def test_sentences_about_an_issue(counts, says):
    assert say_rate("issue", "asserted", counts, describe_group("level", "county")) == says


def test_asserted_and_addressed_are_worded_apart():
    counts = Counts(2, 3, 4, 9)
    said = {stance: say_rate("issue", stance, counts, CITY) for stance in ("asserted", "addressed")}
    assert said["asserted"] == "市级：3 份中 2 份提到（认定存在），9 个问题段中 4 段"
    assert said["addressed"] == "市级：3 份中 2 份拟解决，9 个对策段中 4 段"


def test_one_report_as_a_group_speaks_for_itself():
    group = describe_group("report", "某县调研", ["report"])
    assert say_rate("issue", "asserted", Counts(1, 1, 3, 5), group) == (
        "某县调研：这 1 份提到（认定存在），5 个问题段中 3 段；不能代表其他报告"
    )
    unknown = say_rate("issue", "asserted", Counts(0, 0, 0, 0, lost=1), group)
    assert unknown == "某县调研：来源缺问题部分，无从判断"


def test_genres_are_named_where_they_differ():
    label = describe_group("level", "city", ["speech", "report", "report", None]).label
    assert label == "市级 4 份（报告2、讲话1、文种未注明1）"
    assert describe_group("level", "city", ["report", "report"]).label == "市级"
    assert describe_group("level", "city", [None, float("nan")]).label == "市级"


def test_unstated_level_stands_for_no_level():
    group = describe_group("level", "unstated")
    assert say_rate("issue", "asserted", Counts(1, 1, 1, 4), group) == (
        "层级未注明：1 份中 1 份提到（认定存在），4 个问题段中 1 段；"
        "只有 1 份；层级未注明，不能归入任何层级"
    )
    assert "不能代表层级未注明" not in say_rate("issue", "any", Counts(1, 1, 1, 4), group)


def test_values_have_chinese_names():
    assert value_name("level", "county") == "县（市、区）级"
    assert value_name("genre", "speech") == "讲话"
    assert value_name("date", "unstated") == "日期未注明"
    assert value_name("region", "湖南省") == "湖南省"
    for column in TABLES["reports"].columns:
        assert value_name(column.name, "unstated").endswith("未注明")
