import numpy as np
import pandas as pd
from toys_themes import TERMS, gold_tables, real_book, toy_book, toy_tables

from analysis import stability
from analysis.stability import UNSTABLE_BELOW, measure_stability
from analysis.themes import tag_themes


def measure(*reports, book=None, corrected=None):
    sentences, passages, mentions = toy_tables(*reports)
    book = book or toy_book()
    sentences, passages = tag_themes(sentences, passages, mentions, book)
    if corrected:
        passages = passages.assign(corrected=False)
        for row, theme in corrected.items():
            passages.loc[row, ["theme", "corrected"]] = [theme, True]
    return measure_stability(sentences, passages, mentions, book).set_index("theme")


def part(*lines):
    return (None, None, list(lines))


def test_counts_by_hand():
    table = measure(
        ("甲", [part("考核"), part("督查"), part(("培训", "background"))]),
        ("乙", [part(("考核", "countermeasure"))]),
    )
    assert list(table.index) == ["staffing", "assessment", "digital"]
    assert table["passages"].to_dict() == {"staffing": 0, "assessment": 3, "digital": 0}
    assert table["reports"].to_dict() == {"staffing": 0, "assessment": 2, "digital": 0}
    assert table.loc["digital", ["stability_resample", "stability_leave_one_out"]].isna().all()
    assert not table["unstable"]["digital"]


def test_leave_one_out_by_hand():
    # 考核 stands in both reports; 督查 and 平台 only in 甲, where the second passage has nothing
    # else: of the three pairs of assessment one stays together.
    table = measure(("甲", [part("考核"), part("督查"), part("平台")]), ("乙", [part("考核")]))
    assert table["stability_leave_one_out"]["assessment"] == round(1 / 3, 4)
    assert table["stability_leave_one_out"]["digital"] == 0
    assert table["unstable"][["assessment", "digital"]].all()


def test_terms_of_a_heading_count_for_their_report():
    reports = ("甲", [(None, "督查", ["无关"])]), ("乙", [part("督查")])
    table = measure(*reports)
    assert table["stability_leave_one_out"]["assessment"] == 1


def test_one_report_is_not_left_out():
    table = measure(("甲", [part("考核"), part("督查")]))
    assert np.isnan(table["stability_leave_one_out"]["assessment"])


def test_resamples_switch_off_a_fifth_of_the_terms():
    # Assessment has five terms, so each draw lacks one: the passages named by one term each lose
    # it now and then, the passage named by all five never.
    terms = [t for t in TERMS if t[0] != "assessment"]
    five = ["考核", "督查", "评议", "整改", "通报"]
    book = toy_book(terms + [("assessment", word, 1.0) for word in five])
    stable = measure(("甲", [part("、".join(five)), part("、".join(five))]), book=book)
    assert stable["stability_resample"]["assessment"] == 1
    shaky = measure(("甲", [part(word) for word in five]), book=book)
    # One of five is parted from the other four: 6 of 10 pairs are left in every draw.
    assert shaky["stability_resample"]["assessment"] == 0.6


def test_a_single_passage_keeps_its_theme_or_not():
    table = measure(("甲", [part("考核"), part("督查、考核")]), ("乙", [part("平台")]))
    assert table["passages"]["digital"] == 1
    assert table["stability_leave_one_out"]["digital"] == 0


def test_corrected_passages_do_not_move():
    reports = ("甲", [part("平台"), part("平台")]), ("乙", [part("考核")])
    free = measure(*reports)
    assert free["stability_leave_one_out"]["digital"] == 0
    fixed = measure(*reports, corrected={0: "staffing", 1: "staffing"})
    assert fixed["passages"].to_dict() == {"staffing": 2, "assessment": 1, "digital": 0}
    assert fixed["stability_leave_one_out"]["staffing"] == 1


def test_order_does_not_matter():
    sentences, passages, mentions = gold_tables()
    sentences, passages = tag_themes(sentences, passages, mentions, real_book())
    table = measure_stability(sentences, passages, mentions, real_book())
    again = measure_stability(
        sentences.sample(frac=1, random_state=1),
        passages.sample(frac=1, random_state=2),
        mentions,
        real_book(),
    )
    pd.testing.assert_frame_equal(table, again)


def test_a_large_study_is_sampled_evenly_whatever_the_order(monkeypatch):
    sentences, passages, mentions = gold_tables()
    sentences, passages = tag_themes(sentences, passages, mentions, real_book())
    whole = measure_stability(sentences, passages, mentions, real_book())
    monkeypatch.setattr(stability, "PASSAGES_AT_MOST", 60)
    table = measure_stability(sentences, passages, mentions, real_book())
    again = measure_stability(sentences, passages[::-1], mentions, real_book())
    pd.testing.assert_frame_equal(table, again)
    columns = ["theme", "passages", "reports"]
    pd.testing.assert_frame_equal(table[columns], whole[columns])
    # Themes with few passages are taken whole: their figures stay.
    rare = (whole["passages"] <= 4).to_numpy()
    assert 0 < rare.sum() < len(rare)
    pd.testing.assert_frame_equal(table[rare], whole[rare])
    assert not table.equals(whole)


def test_what_another_report_says_elsewhere_is_shared():
    # 督查 stands in 乙 only in a sentence that does not count: it is not 甲's alone.
    table = measure(("甲", [part("考核"), part("督查")]), ("乙", [part(("督查", "background"))]))
    assert table["stability_leave_one_out"]["assessment"] == 0
    table = measure(
        ("甲", [part("考核"), part("督查")]), ("乙", [part(("督查、考核", "background"))])
    )
    assert table["stability_leave_one_out"]["assessment"] == 1


def test_the_five():
    sentences, passages, mentions = gold_tables()
    sentences, passages = tag_themes(sentences, passages, mentions, real_book())
    table = measure_stability(sentences, passages, mentions, real_book()).set_index("theme")
    lower = table[["stability_resample", "stability_leave_one_out"]].min(axis=1)
    # 信息化 stands on the words of one report; the others lie well above the limit.
    assert list(table.index[table["unstable"]]) == ["digital"]
    assert lower.drop("digital").min() > UNSTABLE_BELOW + 0.05


def test_empty_tables():
    assert len(measure()) == 0
