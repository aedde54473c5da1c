import pytest

from analysis.study.names import ChoiceError


def test_what_is_least_certain_comes_first(study):
    table = study.low_margin(10)
    assert len(table) == 10
    assert table["差距"].is_monotonic_increasing
    assert not set(table["角色"]) & {"标题", "噪声"}
    assert {"主题", "第二主题"} <= set(study.low_margin(of="主题"))


def test_issues_are_not_one_per_sentence_nor_are_links(study):
    for of in ("问题表现", "问题与对策"):
        with pytest.raises(ChoiceError, match="可用：角色（role）、主题（theme）"):
            study.low_margin(of=of)
    with pytest.raises(ChoiceError, match="含义：问题表现（issue）、主题（theme）、角色（role）"):
        study.meanings("问题与对策")
