from toys_links import FEW, MEASURES, links_of

from analysis.link_proposals import LEAST_ELSEWHERE, PROPOSALS


def test_another_report_is_only_proposed_and_only_where_there_is_no_answer():
    alone = ("甲", [("一", "一", FEW)])
    links = links_of(alone, ("乙", [("二", "二", MEASURES)]))
    assert links["problem"].tolist() == ["甲-s0000"] * 2 + ["甲-s0002"] * 2
    proposed = links[links["countermeasure"].notna()]
    assert (proposed["report_problem"] == "甲").all()
    assert (proposed["report_countermeasure"] == "乙").all()
    assert proposed["basis"].str.startswith("这一问题，市级报告已有对策可借鉴；").all()
    assert (proposed["score"] >= LEAST_ELSEWHERE).all()
    full = ("甲", [("一", "一", FEW), ("二", "二", MEASURES)])
    links = links_of(full, ("乙", [("二", "二", MEASURES)]))
    assert (links["report_problem"] == links["report_countermeasure"]).all()


def test_at_most_a_few_reports_are_proposed_each_once():
    others = [(name, [("二", "二", MEASURES)]) for name in "乙丙丁戊己"]
    links = links_of(("甲", [("一", "一", FEW)]), *others)
    named = links.dropna(subset="countermeasure").groupby("problem")["report_countermeasure"]
    assert (named.nunique() == PROPOSALS).all()
    assert (named.size() == PROPOSALS).all()
