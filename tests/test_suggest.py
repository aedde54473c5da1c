import re

import numpy as np
import pandas as pd
import pytest

from analysis.regexes import compile_regex
from analysis.schema import check, empty
from analysis.suggest import (
    FACT,
    GAP,
    find_phrases,
    keyness,
    propose_patterns,
    propose_terms,
)
from analysis.terms import Tokenizer

ODD = "评优轮流坐庄"
OTHERS = ["春耕备耕已经结束", "道路修到了山脚", "渔船陆续返港", "果园开出新路", "老街亮起灯笼"] * 4


def toy(problems, others=OTHERS, reports=("甲", "乙")):
    """Sentences of two reports in turn, each a passage of its own; no mentions."""
    rows = [(text, "problem") for text in problems] + [(text, "practice") for text in others]
    frame = pd.DataFrame(rows, columns=["text", "role"])
    frame["sentence"] = [f"s{n}" for n in frame.index]
    frame["passage"] = [f"p{n}" for n in frame.index]
    frame["report"] = [reports[n % len(reports)] for n in frame.index]
    return frame, empty("mentions")


PROBLEMS = [
    *(f"{place}的考核{ODD}。" for place in ("城东", "城西", "河口")),
    *(
        "考场漏雨。",
        "考卷泛黄。",
        "粮仓空着。",
        "渡口停摆。",
        "钟楼失修。",
        "围墙塌了。",
        "井水干涸。",
    ),
]


def test_phrases_are_words_in_a_row_or_two_with_a_gap(book):
    tokenizer = Tokenizer(book)
    words = tokenizer.words("党员干部轮流坐庄")
    assert words == ["党员干部", "轮流", "坐庄"]
    found = find_phrases("党员干部轮流坐庄，好。", tokenizer)
    assert found == {
        "党员干部",
        "党员干部轮流",
        "轮流坐庄",
        "党员干部轮流坐庄",
        f"党员干部{GAP}坐庄",
    }
    assert find_phrases("党员干部轮流坐庄", tokenizer, common={"党员干部"}) == {"轮流坐庄"}


def test_keyness_is_the_log_likelihood_of_dunning():
    """Worked by hand: 4 of 10 here, 0 of 30 elsewhere; expected 1 and 3: 2 × 4 × ln 4."""
    assert keyness(4, 0, 10, 30) == pytest.approx(8 * np.log(4))
    assert keyness(1, 3, 10, 30) == 0
    assert keyness(0, 4, 10, 30) == pytest.approx(-8 * np.log(4 / 3))


def test_a_wording_of_several_reports_is_proposed_with_what_stands_behind_it(book):
    sentences, mentions = toy(PROBLEMS)
    table = propose_patterns(sentences, mentions, book)
    pd.testing.assert_frame_equal(check("proposed_patterns", table), table)
    (row,) = [row for row in table.to_dict("records") if "坐庄" in row["regex"]]
    assert row["issue"] == "assessment_flaws"
    assert row["pattern"] == f"assessment_flaws_own1{FACT}"
    assert (row["passages"], row["reports"], row["elsewhere"]) == (3, 2, 0)
    assert row["quotes"].splitlines() == [
        f"{report}：{text}" for report, text in zip("甲乙甲", PROBLEMS[:3], strict=True)
    ]
    assert pd.isna(row["采纳"])


def test_every_proposal_hits_its_example_and_misses_its_counterexample(book, study):
    classes = dict(book["word_classes"][["word_class", "words"]].itertuples(index=False))
    table = propose_patterns(study.sentences, study.mentions[:0], book)
    assert len(table) > 0
    for row in table.itertuples():
        compiled = compile_regex(row.regex, classes)
        assert compiled.search(row.example)
        assert not compiled.search(row.counterexample)
        assert row.pattern not in set(book["patterns"]["pattern"])
    assert table["pattern"].is_unique
    again = propose_patterns(
        study.sentences.sample(frac=1, random_state=1), study.mentions[:0], book
    )
    assert len(again) == len(table)


def test_the_same_tables_give_the_same_proposals(book, study):
    first, second = (propose_patterns(study.sentences, study.mentions[:0], book) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"reports": ("甲",)}, id="one report only"),
        pytest.param(
            {"others": [*OTHERS, *(f"村里的考核{ODD}之风已经刹住。",) * 3]}, id="common elsewhere"
        ),
        pytest.param({"problems": PROBLEMS[:5]}, id="too little"),
        pytest.param({"others": []}, id="nothing to compare with"),
    ],
)
def test_what_is_thin_or_not_special_is_not_proposed(book, change):
    sentences, mentions = toy(**{"problems": PROBLEMS, **change})
    table = propose_patterns(sentences, mentions, book)
    assert not table["regex"].str.contains("坐庄").any()


def test_sentences_with_an_issue_are_explained_already(book):
    sentences, mentions = toy(PROBLEMS)
    tagged = pd.DataFrame({"sentence": ["s0", "s1", "s2"], "issue": "assessment_flaws"})
    table = propose_patterns(sentences, tagged, book)
    assert not table["regex"].str.contains("坐庄").any()


def passages(*rows):
    columns = ["report", "text", "theme", "theme_margin"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(problem_sentences=1, countermeasure_sentences=0, corrected=False)


FILLERS = [("甲", "别的话", "awareness", 0.9)] * 30
SURE = [(report, "换岗的事", "staffing", 0.9) for report in "甲乙甲乙"]
DOUBTFUL = [("乙", "换岗的话", "awareness", 0.1)]


def test_a_word_that_keeps_company_with_one_theme_is_proposed(book):
    table = propose_terms(passages(*SURE, *DOUBTFUL, *FILLERS), book)
    pd.testing.assert_frame_equal(check("proposed_terms", table), table)
    (row,) = table[table["term"] == "换岗"].to_dict("records")
    assert (row["theme"], row["passages"], row["reports"]) == ("staffing", 4, 2)
    assert (row["share"], row["doubtful"]) == (1, 1)
    assert row["quotes"].count("换岗") == 4


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([*SURE, *FILLERS], id="of no use: no doubtful passage has it"),
        pytest.param([*SURE[:3], *DOUBTFUL, *FILLERS], id="too few"),
        pytest.param([*SURE[::2] * 2, *DOUBTFUL, *FILLERS], id="one report"),
        pytest.param(
            [*SURE, ("甲", "换岗", "awareness", 0.9), ("乙", "换岗", "assessment", 0.9), *DOUBTFUL]
            + FILLERS,
            id="two themes",
        ),
    ],
)
def test_a_word_with_thin_support_is_not_proposed(book, rows):
    assert "换岗" not in set(propose_terms(passages(*rows), book)["term"])


def test_terms_of_the_codebook_are_not_proposed_again(book, study):
    table = propose_terms(study.passages, book)
    assert not set(table["term"]) & set(book["theme_terms"]["term"])
    assert all(re.fullmatch("[\u4e00-\u9fd5]{2,}", term) for term in table["term"])
