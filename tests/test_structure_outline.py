"""Markers, headings, their levels and paths."""

import pytest
from toys_structure import BODY, TITLE, headings, split, texts

from analysis.structure import PATH_SEPARATOR
from analysis.structure.headings import find_marker
from analysis.structure.outline import Outline

TOPIC = "加强思想建设"


@pytest.mark.parametrize(
    ("text", "kind", "marker", "number"),
    [
        ("一、现状", "cn", "一、", 1),
        ("十一、现状", "cn", "十一、", 11),
        ("二十、现状", "cn", "二十、", 20),
        ("三十二、现状", "cn", "三十二、", 32),
        ("一．现状", "cn", "一．", 1),
        ("一 现状", "cn", "一", 1),
        ("（一）现状", "bracket_cn", "（一）", 1),
        ("(二)现状", "bracket_cn", "(二)", 2),
        ("（ 三 ）现状", "bracket_cn", "（ 三 ）", 3),
        ("㈠现状", "bracket_cn", "㈠", 1),
        ("1.现状", "digit", "1.", 1),
        ("12、现状", "digit", "12、", 12),
        ("１．现状", "digit", "１．", 1),
        ("⒈现状", "digit", "⒈", 1),
        ("（1）现状", "bracket", "（1）", 1),
        ("⑴现状", "bracket", "⑴", 1),
        ("1)现状", "bracket", "1)", 1),
        ("1 现状", "digit", "1", 1),
        ("2.1 支部建设", "decimal", "2.1", 2),
        ("一、十年树木", "cn", "一、", 1),
        ("三、四个原因", "cn", "三、", 3),
        ("第一句话：要敢抓", "ordinal", "第一句话：", 1),
        ("第二个问题，怎么抓", "ordinal", "第二个问题，", 2),
        ("话题一：怎么干", "ordinal", "话题一：", 1),
        ("【病根】活动少", "label", "【病根】", None),
        ("问题一 活动少", "pair", "问题一", 1),
        ("病根之二：活动少", "pair", "病根之二：", 2),
        ("②现状", "circled", "②", 2),
        ("◎现状", "bullet", "◎", None),
        ("第一章 现状", "part", "第一章", 1),
        ("第二部分：现状", "part", "第二部分：", 2),
        ("第一，要抓", "ordinal", "第一，", 1),
        ("一是抓学习", "is", "一是", 1),
        ("二要抓学习", "is", "二要", 2),
        ("一问：谁来抓", "is", "一问：", 1),
        ("〔二〕现状", "bracket_cn", "〔二〕", 2),
        ("十一是抓学习", "is", "十一是", 11),
        ("其二，抓学习", "each", "其二，", 2),
        ("首先，抓学习", "first", "首先，", None),
        ("一方面，抓学习", "aspect", "一方面，", 1),
        ("另一方面，抓学习", "aspect", "另一方面，", 1),
        ("【表现】活动少", "label", "【表现】", None),
        ("【对策建议】抓学习", "label", "【对策建议】", None),
        ("问题一：活动少", "pair", "问题一：", 1),
        ("对策：抓学习", "pair", "对策：", None),
        ("主要问题2：活动少", "pair", "主要问题2：", 2),
    ],
)
def test_marker(text, kind, marker, number):
    assert find_marker(text) == (kind, marker, number)


@pytest.mark.parametrize(
    "text",
    [
        *("三、四线城市发展快", "3.5%的党员", "2023.11.2召开会议", "十是整数", "一是的说法不对"),
        *("一代人有一代人的使命", "一是以此为基础", "12.", "一、", "一二三、齐步走", "三二十一"),
        *("第一书记要驻村", "首先要抓学习", "其一生", "问题很多", "1984年"),
        *(
            "三点：上午开会",
            "不统一：各干各的",
            "3 个支部没有换届",
            "2.5万名党员",
            "三分之一，不算少",
            "第一个月，支部换届",
        ),
        *("一方面要抓学习", "", "二是。", "一是否定", "十要求"),
    ],
)
def test_what_only_looks_like_a_marker(text):
    assert find_marker(text) is None


def test_outline_pushes_closes_and_goes_back():
    outline = Outline.new()
    pushed = [("cn", "一"), ("bracket_cn", "（一）"), ("is", "一是"), ("is", "二是")]
    assert [outline.push(kind, text) for kind, text in pushed] == [1, 2, 3, 3]
    assert outline.path == ["一", "（一）", "二是"]
    assert outline.push("bracket_cn", "（二）") == 2
    assert outline.path == ["一", "（二）"]
    assert outline.push("cn", "二") == 1
    assert outline.path == ["二"]


def test_a_section_heading_is_never_below_a_list():
    outline = Outline.new()
    assert outline.push("ordinal", "第一，") == 1
    assert outline.push("cn", "一、") == 1
    assert outline.path == ["一、"]


def test_topic_phrases_hang_below_numbered_headings():
    outline = Outline.new()
    kinds = ["cn", "phrase", "bracket_cn", "phrase"]
    assert [outline.push(kind, kind) for kind in kinds] == [1, 2, 2, 3]


@pytest.mark.parametrize(
    "markers",
    [
        ["一、", "（一）", "1.", "（1）", "①"],
        ["㈠", "⑴", "１．", "◎"],
        ["第一章 ", "一、", "（一）", "⒈"],
        ["（一）", "1、"],
        ["1.", "（1）"],
        ["◎"],
        ["一 ", "㈡", "⑶"],
        ["一、", "【表现】"],
    ],
)
def test_each_new_kind_opens_one_level_more(book, markers):
    lines = [f"{marker}{TOPIC}\n{BODY}" for marker in markers]
    parts = split(TITLE + "\n".join(lines), book)
    expected = [(n, marker + TOPIC) for n, marker in enumerate(markers, start=1)]
    assert headings(parts) == [(0, TITLE.strip()), *expected]
    paths = parts.passages["heading_path"].dropna()
    assert paths.iloc[-1] == PATH_SEPARATOR.join(text for _, text in expected)
    assert parts.passages["section"].dropna().unique().tolist() == [expected[0][1]]


def test_levels_go_down_and_up_again(book):
    numbers = ["一、", "（一）", "（二）", "二、", "（一）", "1.", "三、"]
    parts = split(TITLE + "".join(f"{n}{TOPIC}\n{BODY}\n" for n in numbers), book)
    assert [level for level, _ in headings(parts)[1:]] == [1, 2, 2, 1, 2, 3, 1]


@pytest.mark.parametrize("marker", ["第一，", "一是", "一要", "其一，", "首先，", "（一）", "1."])
def test_a_short_numbered_sentence_is_a_run_in_heading(book, marker):
    parts = split(f"{TITLE}一、对策\n{BODY}{marker}{TOPIC}。{BODY}\n", book)
    assert headings(parts)[2:] == [(2, f"{marker}{TOPIC}。")]
    assert parts.passages["heading_path"].iloc[-1] == f"一、对策 › {marker}{TOPIC}"


def test_a_long_numbered_point_is_no_heading_but_closes_its_own_kind(book):
    long = "二是抓好队伍，选优配强支部书记，建立后备人才库，不断提高支部书记履职尽责的能力和本领。"
    parts = split(f"{TITLE}一、对策\n一是抓学习。{BODY}{long}\n", book)
    assert headings(parts)[1:] == [(1, "一、对策"), (2, "一是抓学习。")]
    assert parts.passages["heading_path"].tolist()[-2:] == ["一、对策 › 一是抓学习", "一、对策"]


@pytest.mark.parametrize("end", ["，", "；", "、"])
def test_a_point_that_goes_on_is_no_heading(book, end):
    parts = split(f"{TITLE}一、对策\n一是抓学习{end}\n{BODY}\n", book)
    assert headings(parts)[1:] == [(1, "一、对策")]


@pytest.mark.parametrize(
    "line",
    [
        "三、四线城市的党组织工作做得比较好，取得了进展。",
        "3.5%的党员参加了培训，效果比较好。",
        "2023.11.2的会议研究部署了有关工作，效果比较好。",
        "十是整数，大家都知道这个道理。",
        "一代人有一代人的使命和担当。",
    ],
)
def test_false_markers_are_no_headings(book, line):
    parts = split(f"{TITLE}一、现状\n{line}{BODY}\n", book)
    assert headings(parts)[1:] == [(1, "一、现状")]
    assert line in texts(parts)


def test_unnumbered_headings_on_their_own_lines(book):
    source = f"{TITLE}{BODY}\n思想认识不到位\n{BODY}\n责任落实不够\n{BODY}\n"
    assert headings(split(source, book))[1:] == [(1, "思想认识不到位"), (1, "责任落实不够")]


def test_unnumbered_headings_below_numbered_ones(book):
    source = f"{TITLE}{BODY}\n一、存在的问题\n思想认识不到位\n{BODY}\n"
    assert headings(split(source, book))[1:] == [(1, "一、存在的问题"), (2, "思想认识不到位")]


@pytest.mark.parametrize(
    "line", ["情况如下：", "2024年3月完成", "甲，乙，丙，丁", "（略）", "其中"]
)
def test_other_short_lines_are_no_headings(book, line):
    assert len(headings(split(f"{TITLE}{BODY}\n{line}\n{BODY}\n", book))) == 1


def test_topic_phrases_in_series(book):
    source = f"{TITLE}一、对策\n主动融入工作大局。{BODY}夯实基层组织基础。{BODY}\n"
    expected = [(1, "一、对策"), (2, "主动融入工作大局。"), (2, "夯实基层组织基础。")]
    assert headings(split(source, book))[1:] == expected


def test_a_single_phrase_counts_only_short_and_at_the_head_of_a_paragraph(book):
    phrase, longer = "强化责任落实。", "夯实基层党组织工作基础。"
    parts = split(f"{TITLE}一、对策\n{phrase}{BODY}\n{BODY}{phrase}{BODY}\n{longer}{BODY}\n", book)
    assert headings(parts)[1:] == [(1, "一、对策"), (2, phrase)]


@pytest.mark.parametrize("sentence", ["这是好事情。", "我们做到了。", "成效好，影响大，反响热。"])
def test_a_short_statement_is_no_topic_phrase(book, sentence):
    parts = split(f"{TITLE}一、对策\n{sentence}{BODY}\n", book)
    assert headings(parts)[1:] == [(1, "一、对策")]


def test_points_told_in_full_are_no_headings(book):
    run_in = f"{TITLE}一、对策\n1.{BODY}2.建立考核制度。3.推行积分制，让党员动起来。{BODY}\n"
    assert headings(split(run_in, book))[1:] == [(1, "一、对策")]
    lines = f"{TITLE}一、问题\n1.认识不够。\n2.队伍不强。\n3.经费不足。\n二、对策\n{BODY}\n"
    assert headings(split(lines, book))[1:] == [(1, "一、问题"), (1, "二、对策")]


def test_a_numbered_label_is_a_heading_inside_its_sentence(book):
    said = "⑴ 问题：活动少。", "⑵ 原因：人手少。"
    parts = split(f"{TITLE}一、逐题剖析\n{said[0]}{BODY}{said[1]}{BODY}\n", book)
    assert headings(parts)[1:] == [(1, "一、逐题剖析"), (2, said[0]), (2, said[1])]
    assert parts.passages["heading_path"].tolist()[-2:] == [
        "一、逐题剖析 › ⑴ 问题",
        "一、逐题剖析 › ⑵ 原因",
    ]


@pytest.mark.parametrize(
    "rows",
    [
        ["单位\t党员数", "市财政局\t45"],
        ["单位  党员数  支部数", "市财政局  45  5"],
        ["| 单位 | 党员数 |", "| 市财政局 | 45 |"],
        ["单位", "市财政局", "市教育局"],
    ],
)
def test_rows_of_a_table_are_no_headings(book, rows):
    table = "\n".join(rows)
    parts = split(f"{TITLE}一、现状\n{BODY}\n{table}\n二、问题\n{BODY}\n", book)
    assert headings(parts)[1:] == [(1, "一、现状"), (1, "二、问题")]
    assert set(rows) <= set(texts(parts))


def test_headings_without_number_on_two_levels(book):
    lines = [
        "工作现状",
        BODY,
        "存在的问题",
        "关于认识",
        BODY,
        "关于队伍",
        BODY,
        "对策建议",
        BODY,
        "写在后面",
        BODY,
    ]
    assert headings(split(TITLE + "\n".join(lines), book))[1:] == [
        *((1, "工作现状"), (1, "存在的问题"), (2, "关于认识"), (2, "关于队伍")),
        *((1, "对策建议"), (1, "写在后面")),
    ]


def test_a_closing_word_stands_outside_the_numbering(book):
    parts = split(f"{TITLE}一、对策\n（一）思想建设\n{BODY}\n结　语\n{BODY}\n", book)
    assert headings(parts)[1:] == [(1, "一、对策"), (2, "（一）思想建设"), (1, "结　语")]


def test_a_section_name_before_a_colon_is_a_heading(book):
    source = f"{TITLE}{BODY}\n工作中的亮点和经验：\n{BODY}\n情况如下：\n{BODY}\n"
    assert headings(split(source, book))[1:] == [(1, "工作中的亮点和经验：")]


def test_questions_on_their_own_lines_are_headings(book):
    source = f"{TITLE}{BODY}\n会为什么开不起来？\n{BODY}\n接下来怎么办？\n{BODY}\n"
    found = [(1, "会为什么开不起来？"), (1, "接下来怎么办？")]
    assert headings(split(source, book))[1:] == found


def test_a_turn_to_the_next_topic_is_a_heading_on_its_own_line(book):
    source = (
        f"{TITLE}{BODY}\n再说说味道的事。\n{BODY}\n最后一点，讲讲作风。\n{BODY}再说说会风。{BODY}\n"
    )
    found = [(1, "再说说味道的事。"), (1, "最后一点，讲讲作风。")]
    assert headings(split(source, book))[1:] == found


def test_problem_and_remedy_on_their_own_lines_are_headings(book):
    lines = [f"{label}\n{BODY}" for label in ("问题一：认识不够", "对策一：提高站位")]
    found = [(1, "问题一：认识不够"), (1, "对策一：提高站位")]
    assert headings(split(TITLE + "\n".join(lines), book))[1:] == found


def test_labels_in_brackets_alternate_on_one_level(book):
    source = "".join(
        f"{n}、思想建设\n【表现】有的支部学习不多。{BODY}\n【对策】{BODY}\n" for n in "一二"
    )
    assert [level for level, _ in headings(split(TITLE + source, book))] == [0, 1, 1]
    paths = split(TITLE + source, book).passages["heading_path"].dropna().tolist()
    assert paths[1:3] == ["一、思想建设 › 【表现】", "一、思想建设 › 【对策】"]


def test_problem_and_remedy_pairs_open_points_by_their_label(book):
    lines = [f"{label}{BODY}" for label in ("问题一：", "对策：", "问题二：", "对策：")]
    parts = split(TITLE + "\n".join(lines), book)
    assert headings(parts) == [(0, TITLE.strip())]
    paths = parts.passages["heading_path"].dropna().tolist()
    assert paths == ["问题一：", "对策：", "问题二：", "对策："]


def test_the_last_line_is_no_heading_of_nothing(book):
    assert headings(split("一、现状\n二、问题\n三、对策\n", book)) == [
        (1, "一、现状"),
        (1, "二、问题"),
    ]


def test_signposts_are_headings_that_reach_to_the_next_line_of_their_own(book):
    report = f"{TITLE}{BODY}先看变化。{BODY}再看差距。{BODY}\n第一句话：要敢抓。\n{BODY}\n"
    assert headings(split(report, book)) == [
        *((0, TITLE.strip()), (1, "先看变化。"), (1, "再看差距。"), (1, "第一句话：要敢抓。"))
    ]
