import unicodedata

import pytest
from toys_labels import predicted, write_labels

from analysis.labels import load_labels
from analysis.score_tables import (
    IN_SAMPLE,
    LEFT_OUT,
    NOTES,
    RANGE,
    format_scores,
    list_by_report,
    list_main,
    list_scores,
)
from analysis.scoring import score

NAMES = {"problem": "问题", "countermeasure": "对策", "two_skins": "两张皮"}


@pytest.fixture
def scores(tmp_path):
    tables = predicted()
    labels = load_labels(write_labels(tmp_path / "labels"))
    return score(labels, tables["sentences"], tables["mentions"], tables["reports"])


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_printed_table(scores):
    text = format_scores(scores, NAMES, kind=LEFT_OUT)
    blocks = [block.split("\n") for block in text.split("\n\n")]
    assert blocks[0] == ["与人工标注的一致程度：2 份报告，7 个标注句", *NOTES[LEFT_OUT].split("\n")]
    for block in blocks[1:]:
        assert len({width(line) for line in block}) == 1, block
    cells = {line.split()[0]: line.split()[1:] for block in blocks[1:] for line in block}
    assert cells["角色"] == ["查准率", "查全率", "F1", "比例", "标注数", "各份"]
    assert cells["问题"] == ["0.500", "0.500", "0.500", "–", "2", "–"]
    assert cells["两张皮"] == ["1.000", "0.667", "0.800", "–", "3", "–"]
    assert cells["认定"] == ["1.000", "0.333", "0.500", "–", "3", "–"]
    assert cells["准确率"] == ["–", "–", "–", "0.571", "7", "0.00–0.67，最低", "q"]
    assert cells["准确率（已找到的问题表现）"][3:5] == ["0.333", "3"]
    assert cells["r"][:2] == ["6", "0.667"]  # (1 + 2/3 + 2/3 + 1 + 0) / 5


def test_named_keys_stand_in_the_order_of_the_codebook(scores):
    names = list_scores(scores, NAMES)["名称"].tolist()
    assert names.index("问题") < names.index("对策") < names.index("cause") < names.index("noise")


def test_ranges_stand_beside_the_figures(scores):
    row = list_scores(scores, NAMES).set_index("名称").loc["准确率"]
    assert (row["比例"], row[RANGE]) == (pytest.approx(4 / 7), "0.00–0.67，最低 q")


def test_reports_that_agree_have_no_lowest(scores):
    same = scores.assign(value=0.5)
    row = list_scores(same, NAMES).set_index("名称").loc["准确率"]
    assert row[RANGE] == "都是 0.50"


def test_a_report_has_no_figure_of_what_it_has_no_labels_of(scores):
    table = list_by_report(scores).set_index("报告")
    # In q the cause is missed and a problem found that nobody labelled.
    assert table["原因F1"].fillna(-1).to_dict() == {"q": 0, "r": -1}
    assert table["问题F1"].fillna(-1).round(2).to_dict() == {"q": -1, "r": 0.67}


def test_kinds_of_figures_stand_side_by_side_each_with_its_range(scores):
    better = scores.assign(f1=scores["f1"].clip(lower=0.9))
    table = list_main({IN_SAMPLE: better, LEFT_OUT: scores}).set_index("项目")
    assert table.columns.tolist() == [
        *(IN_SAMPLE, f"{IN_SAMPLE}：各份", LEFT_OUT, f"{LEFT_OUT}：各份")
    ]
    row = table.loc["角色宏F1（不含原因）"]
    assert row[LEFT_OUT] == pytest.approx((1 + 1 / 2 + 2 / 3 + 1 + 0) / 5)
    assert row[IN_SAMPLE] == pytest.approx(0.9)
