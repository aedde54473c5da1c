import numpy as np
from toys_links import FEW, tables_of
from toys_themes import real_book

from analysis.link_basis import make_links, make_row, say_shared
from analysis.link_scores import find_topics, pool_points
from analysis.link_sides import find_sides

ANSWERS = [
    ("完善考核办法，用好考核结果。", "countermeasure", None, "assessment_flaws"),
    ("办好老年大学。", "countermeasure"),
]


def test_what_is_shared_is_said_pair_by_pair():
    sides = find_sides(*tables_of(("甲", [("一", "一", FEW), ("二", "二", ANSWERS)]))[:3])
    topics = find_topics(sides.text, np.zeros(len(sides.text), dtype=int), real_book())
    pools = pool_points(sides.first, sides.behind, len(sides.text))
    pairs = np.array([0, 1]), sides.answers[[1, 0]]
    nothing, much = say_shared(sides, topics, pools, pairs, real_book())
    assert nothing == []
    name, theme = (real_book().names[key] for key in ("assessment_flaws", sides.theme[-2]))
    assert much[:2] == [f"点名该问题：{name}", f"主题相同：{theme}"]
    assert set(much[2].removeprefix("共同用词：").split("、")) == {"考核", "结果"}


def test_rows_of_the_table():
    rows = [
        make_row("a", "甲", "b", "甲", np.float64(0.123456), ["同", "近"]),
        make_row("a", "甲", "c", "乙", 0.5),
        make_row("d", "甲", basis="无"),
    ]
    links = make_links(rows)
    assert links["score"].tolist()[:2] == [0.1235, 0.5]
    assert links["basis"].tolist() == ["同；近", "内容相近", "无"]
    assert links["report_countermeasure"].fillna("").tolist() == ["甲", "乙", ""]
