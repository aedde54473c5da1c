"""Blocks cut into sentences and passages; reports on one line."""

import pytest
from toys_structure import BODY, TITLE, headings, noise, split, texts

ONE_LINE = (
    "关于机关党建工作的调研报告为了摸清情况，我们开展了专题调研。"
    f"一、主要做法{BODY}{BODY}"
    f"二、存在的问题（一）思想认识不到位。{BODY}（二）责任落实不够。{BODY}"
    f"三、对策建议（一）加强思想建设。{BODY}（二）压实工作责任。{BODY}"
)
OUTLINE = [
    (0, "关于机关党建工作的调研报告"),
    (1, "一、主要做法"),
    (1, "二、存在的问题"),
    (2, "（一）思想认识不到位。"),
    (2, "（二）责任落实不够。"),
    (1, "三、对策建议"),
    (2, "（一）加强思想建设。"),
    (2, "（二）压实工作责任。"),
]


@pytest.mark.parametrize(
    ("paragraph", "sentences"),
    [
        ("支部要建强。作用要发挥！怎么办？", ["支部要建强。", "作用要发挥！", "怎么办？"]),
        ("他说：“要干好。”大家赞成。", ["他说：“要干好。”", "大家赞成。"]),
        ("他说“要干好！”，大家赞成。", ["他说“要干好！”，大家赞成。"]),
        ("会上问“怎么干？”、“谁来干？”。", ["会上问“怎么干？”、“谁来干？”。"]),
        ("真好！！是吧？！", ["真好！！", "是吧？！"]),
        ("这是什么?人们要问。", ["这是什么?", "人们要问。"]),
        ("干部说好?、支部说好。", ["干部说好?、支部说好。"]),
        ("这是什么? 人们要问。", ["这是什么?", "人们要问。"]),
        ("支部要建强｡作用要发挥", ["支部要建强｡", "作用要发挥"]),
        ("一是学；二是做；三是改。", ["一是学；二是做；三是改。"]),
    ],
)
def test_sentences(book, paragraph, sentences):
    assert texts(split(f"{TITLE}{BODY}\n{paragraph}\n", book))[2:] == sentences


def test_an_edit_at_the_end_goes_with_the_sentence_before(book):
    source = f"{TITLE}{BODY}【广告】\n【广告】{BODY}\n"
    parts = split(source, book)
    assert texts(parts)[1:] == [BODY, BODY]
    spans = list(zip(parts.sentences["start"], parts.sentences["end"], strict=True))
    assert [source[a:b] for a, b in spans[1:]] == [BODY + "【广告】", "【广告】" + BODY]


@pytest.mark.parametrize("blank", ["", " ", "　　"])
def test_a_report_on_one_line(book, blank):
    source = ONE_LINE.replace("。一、", f"。{blank}一、").replace("。二、", f"。{blank}二、")
    assert headings(split(source, book)) == OUTLINE


def test_a_glued_heading_ends_at_a_blank(book):
    source = ONE_LINE.replace("一、主要做法", "一、政治引领 ")
    assert (1, "一、政治引领") in headings(split(source, book))


def test_blanks_for_line_ends_in_a_report_on_one_line(book):
    source = " ".join(
        [
            *(
                "关于机关党建工作的调研报告",
                "某某镇党委书记　王某某",
                "（2024年3月5日，据录音整理）",
                "同志们：",
            ),
            *(
                "一、主要做法",
                BODY * 20,
                "二、存在的问题",
                "（一）责任落实不够，担子没有担稳",
                "1.扛得不牢。" + BODY,
            ),
            *("三、对策建议", BODY * 20, "谢谢大家！"),
        ]
    )
    parts = split(source, book)
    assert headings(parts) == [
        *(OUTLINE[0], (1, "一、主要做法"), (1, "二、存在的问题")),
        *((2, "（一）责任落实不够，担子没有担稳"), (3, "1.扛得不牢。"), (1, "三、对策建议")),
    ]
    assert noise(parts) == [
        *("某某镇党委书记　王某某", "（2024年3月5日，据录音整理）", "同志们：", "谢谢大家！")
    ]


def test_a_short_paragraph_is_not_searched_for_glued_headings(book):
    paragraph = "会议研究了三个议题：一、听取汇报二、审议方案三、其他事项。"
    parts = split(f"{TITLE}{BODY}\n{paragraph}\n{BODY}\n", book)
    assert paragraph in texts(parts)


def test_glued_numbers_out_of_order_are_no_headings(book):
    sentence = "各支部要对照清单五、纪律要求和（四）工作保障两部分，逐条进行检查和整改落实。"
    other = "线路太单一、停车太难，这事归交通部门管。"
    source = ONE_LINE.replace("二、存在", sentence + other + "二、存在")
    parts = split(source, book)
    assert {sentence, other} <= set(texts(parts))
    assert headings(parts) == OUTLINE


def points(paragraph, book):
    """Texts of the passages of one paragraph below a heading."""
    return split(f"{TITLE}一、现状\n{paragraph}\n", book).passages["text"].tolist()[2:]


@pytest.mark.parametrize(
    "markers",
    [
        ("一是", "二是"),
        ("（一）", "（二）"),
        ("1.", "2."),
        ("第一，", "第二，"),
        ("首先，", "其次，"),
        ("①", "②"),
    ],
)
def test_numbered_points_are_passages(book, markers):
    first, second = (marker + BODY for marker in markers)
    assert points(BODY + first + BODY + second, book) == [BODY, first + BODY, second]


@pytest.mark.parametrize(
    "openings",
    [("有的单位", "有的支部"), ("一方面，", "另一方面，"), ("此外，", "同时，"), ("◎", "◎")],
)
def test_other_openings_are_not(book, openings):
    paragraph = "".join(opening + BODY for opening in openings)
    assert points(paragraph, book) == [paragraph]


def test_each_line_is_a_passage(book):
    assert points(f"{BODY}\n{BODY}", book) == [BODY, BODY]
