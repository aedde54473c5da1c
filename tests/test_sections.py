"""Which role a heading gives to what stands below it; whether there is a problem section."""

import re

import pytest
from toys_structure import BODY, DEFECT, DEMAND, PLAIN, TITLE, genre_of, split, tag

from analysis.schema import as_lists
from analysis.sections import (
    find_problem_sections,
    find_sections,
    heading_role,
    list_rows,
    opening_label,
    score_patterns,
    select_patterns,
    words_hit,
)
from analysis.sections.cues import Wording

RESULTS = "近年来，累计开展培训12期，取得明显成效。先后建成活动阵地30个。"


@pytest.fixture(scope="module")
def heads(book):
    return select_patterns(book, "heading")


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("二、存在的主要问题", "problem"),
        ("（一）思想认识不到位", "problem"),
        ("短板弱项", "problem"),
        ("【表现】", "problem"),
        ("三、原因分析", "cause"),
        ("问题产生的根源", "cause"),
        ("四、对策与建议", "countermeasure"),
        ("下一步工作打算", "countermeasure"),
        ("【对策】", "countermeasure"),
        ("一要压实主体责任", "countermeasure"),
        ("（二）强化责任落实", "countermeasure"),
        ("一、主要做法及成效", "practice"),
        ("政治理论武装进一步强化", "practice"),
        ("一、重要意义", "background"),
        ("调研背景", "background"),
        ("灵魂与根基", None),
        ("", None),
    ],
)
def test_heading_role(heads, heading, role):
    assert heading_role(heading, heads)[0] == role


def test_a_heading_of_two_kinds_names_none(heads):
    assert heading_role("存在的问题与对策建议", heads) == (None, 4.0)


def test_score_patterns_sums_by_role_and_keeps_the_words(book):
    patterns = [("problem", 2.0, re.compile("不强")), ("problem", 1.0, re.compile("活动"))]
    patterns += [("practice", 1.5, re.compile("取得"))]
    wording = Wording(tuple(patterns))
    assert score_patterns(DEFECT, wording) == {"problem": 3.0}
    assert words_hit(wording.hits(DEFECT), "problem") == ["不强", "活动"]
    assert words_hit(wording.hits(DEFECT), "practice") == []


def sections_of(source, book):
    """What the headings say of each passage, by its text."""
    parts = split(source, book)
    paths = as_lists(parts.passages[["passage", "heading_path"]])
    paths = dict(zip(*paths.values(), strict=True))
    scopes = select_patterns(book, "heading"), select_patterns(book, "sentence")
    found = find_sections(list_rows(parts.sentences), paths, *scopes)
    texts = parts.passages.set_index("passage")["text"]
    return {texts[passage]: section for passage, section in found.items()}


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("存在的问题", "problem"),
        ("原因分析", "cause"),
        ("对策建议", "countermeasure"),
        ("主要做法", "practice"),
        ("重要意义", "background"),
    ],
)
def test_a_clear_heading_decides(book, heading, role):
    section = sections_of(f"{TITLE}一、{heading}\n{PLAIN}\n", book)[PLAIN]
    assert (section.role, section.basis) == (role, f"标题“一、{heading}”")
    assert section.named


@pytest.mark.parametrize(
    ("body", "role"),
    [
        (f"{DEFECT}有的单位认识不到位，工作不扎实。", "problem"),
        (f"{DEMAND}必须健全机制。", "countermeasure"),
        (RESULTS, "practice"),
    ],
)
def test_a_heading_that_names_nothing_is_judged_by_its_content(book, body, role):
    section = sections_of(f"{TITLE}一、灵魂与根基\n{body}\n", book)[body]
    assert section.role == role
    assert section.basis == "标题“一、灵魂与根基”下以此类表述为主"
    assert not section.named  # known by its content only


def test_a_heading_without_content_names_nothing(book):
    assert sections_of(f"{TITLE}一、灵魂与根基\n{PLAIN}\n", book)[PLAIN].role is None


def test_verbs_at_the_head_are_practice_before_the_problems_and_remedies_after(book):
    before = sections_of(f"{TITLE}一、强化政治引领\n{RESULTS}\n", book)[RESULTS]
    source = f"{TITLE}一、存在的问题\n{DEFECT}\n二、强化政治引领\n{RESULTS}\n"
    after = sections_of(source, book)[RESULTS]
    assert (before.role, after.role) == ("practice", "countermeasure")


@pytest.mark.parametrize("first", ["（一）存在问题", "【问题】", "问题一："])
def test_a_label_below_a_topic_decides(book, first):
    end = "" if first.endswith("：") else "\n"
    source = f"{TITLE}一、队伍建设\n{first}{end}{PLAIN}\n"
    roles = {section.role for section in list(sections_of(source, book).values())[2:]}
    assert roles == {"problem"}


def test_a_label_in_brackets_that_runs_into_its_sentence_decides(book):
    text = f"【对策】支部党员大会每个季度召开一次，由书记主持。{PLAIN}"
    source = f"{TITLE}一、存在的问题\n【问题】{BODY}\n{text}\n"
    assert sections_of(source, book)[text].role == "countermeasure"


def test_a_long_sub_heading_is_a_topic_and_no_label(book):
    text = "（一）坚持问题导向补齐基层支部建设短板弱项"
    source = f"{TITLE}一、对策建议\n{text}\n{PLAIN}\n"
    assert sections_of(source, book)[PLAIN].role == "countermeasure"


def test_text_above_the_first_heading_is_background(book):
    source = f"{TITLE}{BODY}\n一、主要做法\n{PLAIN}\n"
    section = sections_of(source, book)[BODY]
    assert (section.role, section.basis, section.named) == ("background", "正文开头", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("【成因】责任没有压实。", ("成因", "cause")),
        ("［表现］活动单一。", ("表现", "problem")),
        ("(1) 【建议】配强干部。", ("建议", "countermeasure")),
        ("②原因：责任没有压实。", ("原因", "cause")),
        ("【摘要】本文研究机关党建。", ("摘要", "background")),
        ("【某县】责任没有压实。", None),
        ("会上提出【建议】三条。", None),  # only where a sentence opens
        ("原因，是多方面的。", None),
    ],
)
def test_labels_that_open_a_sentence(heads, text, expected):
    assert opening_label(text, heads) == expected


def state(source, book, genre="report"):
    return find_problem_sections(*tag(source, book, genre), book, {"toy": genre})["toy"]


@pytest.mark.parametrize(
    "source",
    [
        f"{TITLE}一、存在的问题\n{DEFECT}\n",
        f"{TITLE}一、队伍建设\n（一）存在问题\n{DEFECT}\n",
        f"{TITLE}一、灵魂与根基\n{DEFECT}有的单位认识不到位，工作不扎实。\n",
        f"{TITLE}{BODY}\n{DEFECT}有的单位认识不到位，工作不扎实。\n{DEMAND}\n",
    ],
)
def test_a_problem_section_is_found(book, source):
    assert state(source, book) == ("found", None)


def test_a_problem_heading_without_problems_is_no_section(book):
    source = f"{TITLE}一、存在的问题\n二、对策建议\n{DEMAND}\n"
    assert state(source, book) == ("none", None)


@pytest.mark.parametrize(
    ("source", "genre"),
    [
        (f"{TITLE}一、对策建议\n{DEMAND}\n", "report"),
        (f"{TITLE}一、主要做法\n{RESULTS}\n", "report"),
        (f"{TITLE}一、加强学习\n{DEFECT}有的单位认识不到位，工作不扎实。\n", "speech"),
        ("", "report"),
    ],
)
def test_no_problem_section(book, source, genre):
    assert state(source, book, genre) == ("none", None)


def test_a_lost_problem_section_quotes_the_announcement(book):
    opening = "调研组系统梳理问题，提出对策，形成报告。"
    found, basis = state(f"{TITLE}{opening}\n一、对策建议\n{DEMAND}\n", book)
    assert found == "lost"
    assert basis == "问题部分来源缺失：正文称“梳理问题”，但没有问题部分"


@pytest.mark.parametrize(
    "body", [f"一、主要做法\n{RESULTS}\n", f"一、存在的问题\n{DEFECT}\n二、对策\n{DEMAND}\n"]
)
def test_an_announcement_alone_does_not_make_it_lost(book, body):
    opening = "调研组系统梳理问题，提出对策，形成报告。"
    assert state(f"{TITLE}{opening}\n{body}", book)[0] != "lost"


def test_the_five(book, reports):
    states = {name: state(text, book, genre_of(name))[0] for name, text in reports.items()}
    assert states == {
        "city-speech": "none",
        "city-systems-view": "found",
        "county-organs": "found",
        "hubei-problem-led": "lost",
        "quality-study": "found",
    }
