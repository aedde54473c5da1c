"""Roles of sentences and passages, with their reasons and margins."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import f1_score
from toys_structure import BODY, DEFECT, DEMAND, PLAIN, TITLE, genre_of, tag, tagged

from analysis.vocabulary import ROLES

GOLD = Path(__file__).parents[1] / "data" / "gold" / "sentences.tsv"
RESULT = "累计培训党务干部三千人次，取得明显成效。"
QUOTE = "习近平总书记强调，要抓基层、打基础。"


def role(sentence, section, book, genre="report"):
    """Role of a sentence behind a plain one in a section of this heading."""
    rows, _ = tagged(f"{TITLE}一、{section}\n{PLAIN}{sentence}\n", book, genre)
    return rows.loc[sentence, "role"]


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("主要做法", "practice"),
        ("存在的问题", "problem"),
        ("原因分析", "cause"),
        ("对策建议", "countermeasure"),
        ("重要意义", "background"),
    ],
)
def test_the_section_decides_where_words_do_not(book, section, expected):
    rows, _ = tagged(f"{TITLE}一、{section}\n{PLAIN}\n", book)
    assert rows.loc[PLAIN, "role"] == expected
    assert rows.loc[PLAIN, "role_basis"] == f"标题“一、{section}”"


@pytest.mark.parametrize(
    ("section", "sentence", "expected"),
    [
        ("主要做法", DEMAND, "practice"),
        ("主要做法", DEFECT, "practice"),
        ("存在的问题", DEMAND, "problem"),
        ("对策建议", DEFECT, "countermeasure"),
        ("重要意义", DEMAND, "background"),
        ("重要意义", DEFECT, "background"),
    ],
)
def test_in_a_report_words_of_another_role_are_damped(book, section, sentence, expected):
    assert role(sentence, section, book) == expected


def test_strong_words_object_to_the_section(book):
    defects = "有的单位认识不到位，仍然存在走过场的现象，主要问题表现在活动流于形式。"
    assert role("究其根源，主要原因是认识不到位。", "存在的问题", book) == "cause"
    assert role(QUOTE, "灵魂与根基", book) == "background"
    assert role(defects, "对策建议", book) == "problem"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [(DEMAND, "countermeasure"), (DEFECT, "problem"), (RESULT, "practice"), (QUOTE, "background")],
)
@pytest.mark.parametrize("section", ["主要做法", "存在的问题", "对策建议"])
def test_in_a_speech_the_words_decide(book, section, sentence, expected):
    assert role(sentence, section, book, "speech") == expected


def test_in_a_speech_what_claims_nothing_is_a_demand(book):
    rows, _ = tagged(f"{TITLE}一、灵魂与根基\n{PLAIN}\n", book, "speech")
    assert rows.loc[PLAIN, "role"] == "countermeasure"
    assert rows.loc[PLAIN, "role_basis"] == "讲话中以要求为主"


def test_a_missing_genre_counts_as_a_report(book):
    source = f"{TITLE}一、存在的问题\n{DEMAND}\n"
    missing, report = (tag(source, book, genre)[0] for genre in (None, "report"))
    pd.testing.assert_frame_equal(missing, report)


@pytest.mark.parametrize(
    ("section", "heading", "expected"),
    [
        ("存在的问题", "（一）思想认识不到位。", "problem"),
        ("对策建议", "（一）强化责任落实。", "countermeasure"),
        ("对策建议", "（一）支部党员大会。", "countermeasure"),
        ("主要做法", "（一）强化责任落实。", "practice"),
    ],
)
def test_a_run_in_heading_takes_the_role_of_its_section(book, section, heading, expected):
    rows, _ = tagged(f"{TITLE}一、{section}\n{heading}{BODY}\n", book)
    assert rows.loc[heading, "heading_level"] == 2
    assert rows.loc[heading, "role"] == expected


@pytest.mark.parametrize(
    ("source", "heading", "basis"),
    [
        (f"一、存在的问题\n{DEFECT}\n", "一、存在的问题", "一级标题"),
        (f"一、展望未来\n{PLAIN}\n", "一、展望未来", "一级标题"),
        (f"一、队伍建设情况\n（一）存在问题\n{DEFECT}\n", "（一）存在问题", "标题只说明部分的性质"),
        ("", TITLE.strip(), "题目"),
    ],
)
def test_bare_headings(book, source, heading, basis):
    rows, _ = tagged(f"{TITLE}{source}{BODY}\n", book)
    row = rows.loc[heading]
    assert (row["role"], row["role_basis"], row["role_margin"]) == ("heading", basis, 1.0)


@pytest.mark.parametrize("heading", ["（一）责任落实不到位", "（一）思想认识方面的突出问题和不足"])
def test_a_heading_that_claims_something_is_no_bare_heading(book, heading):
    rows, _ = tagged(f"{TITLE}一、存在的问题\n{heading}\n{DEFECT}\n", book)
    assert rows.loc[heading, "role"] == "problem"


def test_a_heading_that_ends_a_sentence_is_no_bare_heading(book):
    rows, _ = tagged(f"{TITLE}一、存在的问题。{DEFECT}\n", book)
    assert rows.loc["一、存在的问题。", ["heading_level", "role"]].tolist() == [1, "problem"]


def test_the_wording_of_a_run_in_heading_counts_where_no_section_decides(book):
    heading = "（一）支部党员大会，全力以赴。"
    rows, _ = tagged(f"{TITLE}一、灵魂与根基\n{heading}{PLAIN}\n", book)
    assert rows.loc[heading, "role"] == "countermeasure"
    assert "全力" in rows.loc[heading, "role_basis"]


def test_content_decides_where_the_heading_does_not(book):
    source = f"{TITLE}一、灵魂与根基\n{DEFECT}有的单位认识不到位。{PLAIN}\n"
    rows, _ = tagged(source, book)
    assert rows.loc[PLAIN, "role"] == "problem"
    assert "下以此类表述为主" in rows.loc[PLAIN, "role_basis"]


def test_the_introduction_is_background_unless_its_words_object(book):
    objection = "有的单位认识不到位，仍然存在走过场的现象，活动流于形式。"
    plain = "机关的支部党员大会每个季度召开一次。"
    rows, _ = tagged(f"{TITLE}{plain}{objection}\n一、主要做法\n{PLAIN}\n", book)
    assert rows.loc[plain, ["role", "role_basis"]].tolist() == ["background", "正文开头"]
    assert rows.loc[objection, "role"] == "problem"


def test_a_sentence_without_reasons_goes_with_the_one_before_it(book):
    other = "机关的支部党员大会每个季度召开一次。"
    rows, _ = tagged(f"{TITLE}{other}\n{DEFECT}{PLAIN}\n", book)
    assert rows.loc[PLAIN, ["role", "role_basis"]].tolist() == ["problem", "用语：随上句"]


def test_it_does_not_go_with_another_paragraph(book):
    other = "机关的支部党员大会每个季度召开一次。"
    rows, _ = tagged(f"{TITLE}{other}\n{DEFECT}\n{PLAIN}\n", book)
    row = rows.loc[PLAIN, ["role", "role_basis", "role_margin"]]
    assert row.tolist() == ["background", "没有可判断的词句", 0.0]


def test_noise_keeps_its_reason(book):
    rows, passages = tagged(f"{TITLE}某市直机关工委\n{BODY}\n", book)
    assert rows.loc["某市直机关工委", ["role", "role_basis"]].tolist() == [
        "noise",
        "署名、日期或来源",
    ]
    assert passages["role"].tolist()[:2] == ["heading", "noise"]


def test_a_passage_has_the_role_of_most_of_its_characters_and_counts_its_sentences(book):
    source = f"{TITLE}{DEFECT}{DEMAND}必须把责任扛起来，务必抓出成效。\n"
    rows, passages = tagged(source, book)
    last = passages.iloc[-1]
    assert rows["role"].tolist()[1:] == ["problem", "countermeasure", "countermeasure"]
    assert last["role"] == "countermeasure"
    assert (last["problem_sentences"], last["countermeasure_sentences"]) == (1, 2)
    assert passages["problem_sentences"].tolist()[:-1] == [0] * (len(passages) - 1)


def test_an_empty_report(book):
    sentences, passages = tag("", book)
    assert sentences.empty and passages.empty


def test_words_that_decide_are_named(book):
    rows, _ = tagged(f"{TITLE}一、存在的问题\n有的支部活动吸引力不强。\n", book)
    basis = rows.loc["有的支部活动吸引力不强。", "role_basis"]
    assert basis.startswith("标题“一、存在的问题”；用语：")
    assert "不强" in basis


def test_reasons_that_agree_give_a_greater_margin(book):
    rows, _ = tagged(f"{TITLE}一、存在的问题\n{PLAIN}有的支部活动吸引力不强。{DEMAND}\n", book)
    margins = rows["role_margin"]
    assert margins["有的支部活动吸引力不强。"] > margins[PLAIN] > margins[DEMAND] > 0


@pytest.fixture(scope="module")
def of_the_five(book, reports):
    return {name: tag(source, book, genre_of(name)) for name, source in reports.items()}


def test_every_sentence_of_the_five_has_role_reason_and_margin(of_the_five):
    rows = pd.concat(sentences for sentences, _ in of_the_five.values())
    assert rows["role"].isin(ROLES).all()
    assert rows["role_basis"].str.len().gt(0).all()
    assert rows["role_margin"].between(0, 1).all()


def test_agreement_with_the_reader_of_the_five(of_the_five):
    gold = pd.read_csv(GOLD, sep="\t", quoting=csv.QUOTE_NONE)
    assert len(gold) == 507
    found = [_overlapping(of_the_five[row.report][0], row) for row in gold.itertuples()]
    by_role = dict(
        zip(ROLES, f1_score(gold["role"], found, labels=ROLES, average=None), strict=True)
    )
    assert by_role["problem"] >= 0.95
    assert by_role["countermeasure"] >= 0.93
    del by_role["cause"]  # one sentence of 507: no target can rest on it
    assert sum(by_role.values()) / len(by_role) >= 0.92


def _overlapping(rows, gold):
    """Role of the sentence that overlaps a labelled one most."""
    shared = rows["end"].clip(upper=gold.end) - rows["start"].clip(lower=gold.start)
    return rows.loc[shared.idxmax(), "role"]


@pytest.mark.parametrize(
    ("section", "expected"), [("三、原因分析", "heading"), ("二、存在问题", "problem")]
)
def test_a_short_topic_line_is_a_heading_but_a_claim_among_problems(book, section, expected):
    source = f"{TITLE}{BODY}\n{section}\n（一）认知维度\n{PLAIN}{PLAIN}\n（二）制度维度\n{PLAIN}\n"
    rows, _ = tagged(source, book)
    assert rows.loc["（一）认知维度", "role"] == expected
