import shutil

import pandas as pd
import pytest

from analysis.accept import (
    DECISION,
    NO,
    YES,
    ProposalError,
    accept_proposals,
    read_proposals,
    save_proposals,
)
from analysis.codebook import CodebookError, load_codebook
from analysis.results import folder_hashes
from analysis.schema import check, empty
from analysis.workspace import CHECKOUT

PATTERN = {
    "pattern": "assessment_flaws_own1_fact",
    "issue": "assessment_flaws",
    "regex": "轮流<near>坐庄",
    "example": "评优轮流来坐庄。",
    "counterexample": "评优凭实绩。",
    "note": "由 suggest 提出",
    **{
        "passages": 3,
        "reports": 2,
        "elsewhere": 0,
        "similarity": 0.2,
        "quotes": "甲：评优轮流坐庄。",
    },
}
TERM = {
    **{"theme": "staffing", "term": "多面手", "weight": 0.3, "note": None},
    **{"passages": 4, "reports": 2, "share": 1.0, "doubtful": 1, "quotes": "甲：多面手的事"},
}


def offer(first=YES, second=YES, **changes):
    """Proposals with one row each, some cells changed."""
    patterns = pd.DataFrame([{DECISION: first, **PATTERN, **changes}])
    terms = pd.DataFrame([{DECISION: second, **TERM}])
    tables = {"proposed_patterns": patterns, "proposed_terms": terms}
    return {name: check(name, table) for name, table in tables.items()}


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "s").mkdir()
    return tmp_path / "s", shutil.copytree(CHECKOUT / "data" / "codebook", tmp_path / "codebook")


def test_accepted_rows_are_appended_and_nothing_else_moves(folders):
    folder, codebook = folders
    before = {name: (codebook / name).read_bytes() for name in ("patterns.csv", "theme_terms.csv")}
    save_proposals(folder, offer())
    assert accept_proposals(folder, codebook) == {"patterns": 1, "theme_terms": 1}
    row = (
        "assessment_flaws_own1_fact,assessment_flaws,轮流<near>坐庄,评优轮流来坐庄。,"
        "评优凭实绩。,由 suggest 提出\n"
    )
    assert (codebook / "patterns.csv").read_bytes() == before["patterns.csv"] + row.encode()
    new = before["theme_terms.csv"] + "staffing,多面手,0.3,\n".encode()
    assert (codebook / "theme_terms.csv").read_bytes() == new
    book = load_codebook(codebook)
    assert book["patterns"]["compiled"].iloc[-1].search("轮流地坐庄")
    assert all(rows.empty for rows in read_proposals(folder).values())
    assert {path.name for path in folder.iterdir()} == {
        "proposed_patterns.csv",
        "proposed_terms.csv",
    }


def test_nothing_is_taken_in_that_nobody_accepted(folders):
    folder, codebook = folders
    before = folder_hashes(codebook)
    assert accept_proposals(folder, codebook) == {"patterns": 0, "theme_terms": 0}
    save_proposals(folder, offer(None, NO))
    assert accept_proposals(folder, codebook) == {"patterns": 0, "theme_terms": 0}
    assert folder_hashes(codebook) == before
    assert len(read_proposals(folder)["proposed_patterns"]) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"issue": "assessment_flaw"}, "issue “assessment_flaw” 不在编码手册中；是否想写"),
        ({"regex": "轮流(坐庄"}, "左括号多于右括号"),
        ({"regex": "轮流<nears>坐庄"}, "词类 <nears> 不在 word_classes.csv 中"),
        ({"regex": "轮番"}, "regex “轮番” 没有命中例句“评优轮流来坐庄。”"),
        ({"regex": "评优"}, "regex “评优” 命中了反例“评优凭实绩。”"),
        ({"pattern": "two_skins_saying"}, "编码手册里已有这一条（two_skins_saying）"),
    ],
)
def test_a_row_that_is_not_fit_is_named_and_nothing_is_written(folders, changes, said):
    folder, codebook = folders
    before = folder_hashes(codebook)
    save_proposals(folder, offer(**changes))
    with pytest.raises(ProposalError) as caught:
        accept_proposals(folder, codebook)
    assert str(caught.value).startswith("proposed_patterns.csv 第2行：")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert folder_hashes(codebook) == before
    assert read_proposals(folder)["proposed_terms"][DECISION].tolist() == [YES]


@pytest.mark.parametrize(
    ("pattern", "term", "said"),
    [(YES, NO, "编码手册里已有这一条"), (NO, YES, "编码手册里已有“多面手”")],
)
def test_the_same_row_is_not_taken_in_twice(folders, pattern, term, said):
    folder, codebook = folders
    save_proposals(folder, offer())
    accept_proposals(folder, codebook)
    after = folder_hashes(codebook)
    save_proposals(folder, offer(pattern, term))
    with pytest.raises(ProposalError, match=said):
        accept_proposals(folder, codebook)
    assert folder_hashes(codebook) == after


def test_the_whole_codebook_must_load_with_the_new_rows(folders):
    """One that also hits the empty string passes its own test, and would hit everywhere."""
    folder, codebook = folders
    before = folder_hashes(codebook)
    save_proposals(folder, offer(regex="轮流来|$(?<!绩。)"))
    with pytest.raises(CodebookError, match="连空白也会命中"):
        accept_proposals(folder, codebook)
    assert folder_hashes(codebook) == before
    assert [path.suffix for path in folder.iterdir()] == [".csv", ".csv"]


def test_rows_that_wait_are_not_overwritten(folders):
    folder, _ = folders
    save_proposals(folder, offer(YES, None))
    with pytest.raises(ProposalError, match="有 1 条填了“是”，还没有写入编码手册"):
        save_proposals(folder, offer(regex="新的"))
    assert read_proposals(folder)["proposed_patterns"]["regex"].tolist() == [PATTERN["regex"]]


def test_rejected_rows_are_remembered(folders):
    folder, _ = folders
    save_proposals(folder, offer(NO, None))
    both = [offer(None, None, **new)["proposed_patterns"] for new in ({}, {"regex": "新的"})]
    terms = empty("proposed_terms")
    save_proposals(folder, {"proposed_patterns": pd.concat(both), "proposed_terms": terms})
    rows = read_proposals(folder)["proposed_patterns"]
    assert rows["regex"].tolist() == ["新的", PATTERN["regex"]]
    assert rows[DECISION].fillna("").tolist() == ["", NO]
