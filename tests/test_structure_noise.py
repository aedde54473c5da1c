"""What is not the report is marked noise, and nothing that is the report."""

import pytest
from toys_structure import BODY, TITLE, headings, noise, split, texts

from analysis.structure.lines import Line
from analysis.structure.noise import is_body

SPEECH = "在机关党建工作会议上的讲话\n"


@pytest.mark.parametrize("line", ["1", "— 12 —", "第 3 页", "第3页 共10页", "- 3 -", "3/10", "·3·"])
def test_page_numbers(book, line):
    assert noise(split(f"{TITLE}{BODY}\n{line}\n{BODY}\n", book)) == [line]


@pytest.mark.parametrize("line", ["*****", "——————", "？", "12.", "2023年", "3号楼"])
def test_lines_without_words_are_noise_and_others_are_not(book, line):
    expected = [line] if line in ("*****", "——————", "？") else []
    assert noise(split(f"{TITLE}{BODY}\n{line}\n{BODY}\n", book)) == expected


def test_a_running_header_is_a_short_line_seen_three_times(book):
    twice = f"{TITLE}{BODY}\n某市机关党建研究\n{BODY}\n某市机关党建研究\n{BODY}\n"
    assert noise(split(twice, book)) == []
    parts = split(f"{twice}某市机关党建研究\n{BODY}\n", book)
    assert noise(parts) == ["某市机关党建研究"] * 3
    rows = parts.sentences
    assert rows.loc[rows["role"] == "noise", "role_basis"].unique() == ["页眉：同一行出现 3 次"]


def test_a_repeated_heading_or_sentence_is_no_header(book):
    source = TITLE + f"【表现】\n{BODY}\n" * 4 + "支部要建强。\n" * 3 + "作用要强。支部\n" * 3
    assert noise(split(source, book)) == []


@pytest.mark.parametrize("dots", ["……{}", "......{}", "\t{}", "   {}", ""])
@pytest.mark.parametrize("title", ["目录", "目  录", "目 次"])
def test_a_table_of_contents(book, title, dots):
    entries = ["一、现状" + dots.format(1), "二、问题" + dots.format(2)]
    contents = [title, *entries]
    body = f"一、现状\n{BODY}\n二、问题\n{BODY}\n"
    parts = split(TITLE + "\n".join(contents) + "\n" + body, book)
    assert noise(parts) == contents
    assert headings(parts) == [(0, TITLE.strip()), (1, "一、现状"), (1, "二、问题")]


def test_headings_that_do_not_come_again_are_no_contents(book):
    parts = split(f"{TITLE}一、现状\n（一）思想建设\n{BODY}\n（二）组织建设\n{BODY}\n", book)
    assert noise(parts) == []


def test_chrome_and_bylines_above_the_body(book):
    head = ["当前位置：首页 > 党建", "某某党建网  调查研究"]
    below = ["某市直机关工委", "张某某　李某", "2024年3月5日", "来源：某某网", "（2024年3月）"]
    parts = split("\n".join([*head, TITLE.strip(), *below, BODY, BODY]), book)
    assert noise(parts) == [*head, *below]
    assert headings(parts) == [(0, TITLE.strip())]


@pytest.mark.parametrize(
    "title",
    [
        ["关于新时代机关党建工作", "质量提升的调研报告"],
        ["关于加强党务干部队伍建设", "的调研报告"],
        ["关于加强机关党建工作", "和党务干部队伍建设"],
        ["机关党建与业务工作关系", "的实证研究", "——以某市为例"],
        ["推动机关党建高质量发展", "——某市的实践与思考"],
    ],
)
def test_a_title_in_several_lines_is_one_but_for_its_subtitle(book, title):
    parts = split("\n".join([*title, "某市直机关工委", BODY, BODY]), book)
    own = [line for line in title if not line.startswith("—")]
    assert headings(parts) == [(0, line) for line in ["".join(own), *title[len(own) :]]]
    assert noise(parts) == ["某市直机关工委"]


def test_a_report_without_title(book):
    parts = split(f"{BODY}\n{BODY}\n", book)
    assert headings(parts) == []
    assert noise(parts) == []


@pytest.mark.parametrize("line", ["同志们：", "各位领导、同志们：", "尊敬的各位代表："])
def test_a_salutation_is_noise(book, line):
    assert noise(split(f"{SPEECH}{line}\n{BODY}\n", book)) == [line]


def test_a_salutation_that_opens_a_sentence_is_not(book):
    sentence = "同志们，做好机关党建工作意义十分重大。"
    assert sentence in texts(split(f"{SPEECH}{sentence}\n{BODY}\n", book))


def test_chrome_between_paragraphs(book):
    parts = split(f"{TITLE}一、现状\n{BODY}\n点击下载全文\n二、问题\n{BODY}\n", book)
    assert noise(parts) == ["点击下载全文"]
    assert headings(parts)[1:] == [(1, "一、现状"), (1, "二、问题")]


def test_a_date_that_opens_a_sentence_is_no_date_line(book):
    sentence = "2024年3月5日召开了推进会。"
    assert sentence in texts(split(f"{TITLE}{BODY}\n{sentence}\n{BODY}\n", book))


def test_everything_behind_a_tail_is_noise(book):
    tail = ["相关阅读：", "某地的经验", "某某讲话", "2024年"]
    assert noise(split("\n".join([TITLE.strip(), BODY, BODY, *tail]), book)) == tail


def test_a_tail_in_the_middle_ends_where_the_report_goes_on(book):
    source = f"{TITLE}一、现状\n{BODY}\n相关阅读：\n某地的经验\n二、问题\n{BODY}\n"
    parts = split(source, book)
    assert noise(parts) == ["相关阅读：", "某地的经验"]
    assert (1, "二、问题") in headings(parts)


def test_a_signature_below_the_body(book):
    parts = split(f"{TITLE}{BODY}\n{BODY}\n中共某县委县直机关工委\n二〇二三年十月\n", book)
    assert noise(parts) == ["中共某县委县直机关工委", "二〇二三年十月"]


def test_a_last_line_of_text_is_no_signature(book):
    parts = split(f"{TITLE}{BODY}\n{BODY}\n以上就是调研的全部情况\n", book)
    assert noise(parts) == []


@pytest.mark.parametrize(
    ("text", "noise_because", "body"),
    [
        (BODY, None, True),
        (BODY, "目录", False),
        ("支部要建强。", None, False),
        ("某某网", None, False),
    ],
)
def test_running_text_is_long_and_has_a_stop(text, noise_because, body):
    assert is_body(Line(0, len(text), text, noise=noise_because)) is body


def test_a_labelled_advert_inside_a_paragraph_is_noise(book):
    parts = split(f"{TITLE}{BODY}[推广]名师讲座今日开课！{BODY}\n", book)
    assert noise(parts) == ["名师讲座今日开课！"]  # the label is an edit
    parts = split(f"{TITLE}{BODY}【问题】有的支部不开会。{BODY}\n", book)
    assert noise(parts) == []


@pytest.mark.parametrize(
    "line",
    [
        *("责编｜某某", "一审：某某　二审：某某", "（供稿：某某）", "作者：某某"),
        *(
            "【字体：大 中 小】",
            "[打印] [关闭]",
            "阅读 1234",
            "浏览次数：312",
            "0条评论",
            "约3000字",
        ),
        *(
            "首页 要闻 党建 专题",
            "上一条 某某召开会议",
            "分享到：微信 新浪微博",
            "阅读原文",
            "返回顶部",
        ),
        *(
            "[中图分类号]D267 [文献标识码]A",
            "〔关键词〕 中国共产党",
            "DOI: 10.15936/j.cnki.1008",
            "收稿日期：2020-01-01",
        ),
        *(
            "（某某大学 马克思主义学院，甘肃 兰州 730000）",
            "（作者系某某市委党校教授）",
            "（本刊记者 某某）",
        ),
        *(
            "[1]某某．机关党建研究[J]．党建，2020（3）．",
            "Key words: party building",
            "<div>",
            "——END——",
        ),
        *(
            "如有侵权，请联系我们删除。",
            "预览结束，免费获取全文！",
            "索引号：0001/2020",
            "标签：机关党建",
        ),
        *(
            "（征求意见稿）",
            "（此件公开发布）",
            "附件2：问卷",
            "谢谢大家！",
            "我的发言完了，谢谢大家！",
        ),
    ],
)
def test_page_chrome_and_data_about_the_text(book, line):
    assert noise(split(f"{TITLE}{BODY}\n一、现状\n{BODY}\n{line}\n{BODY}\n", book)) == [line]


@pytest.mark.parametrize(
    "line",
    [
        *(
            "来源于基层的经验表明，抓支部要抓书记。",
            "打印材料堆成山",
            "登录率低",
            "注册党员志愿者队伍",
            "分享会流于形式",
        ),
        *(
            "首页设置专栏，栏目更新慢",
            "举报渠道不畅",
            "更多党员上讲台",
            "评论引导不够有力",
            "扫码签到成了形式",
        ),
        *(
            "优惠政策落实不够",
            "文秘岗位兼任党务",
            "心得体会请人代写",
            "在线观看党课的党员少",
            "点赞多、落实少",
        ),
        *(
            "审核不严",
            "时间紧、任务重",
            "附件多、材料厚",
            "约3000名党员参加了学习",
            "内部资料管理不严",
        ),
        *(
            "声明退党的没有发现",
            "感谢党组织的关心",
            "记者走访了五个支部。",
            "主题党日",
            "支部书记 党务干部",
        ),
    ],
)
def test_words_of_page_chrome_in_the_report(book, line):
    for source in (f"{TITLE}{BODY}\n{line}\n{BODY}\n", f"{TITLE}{BODY}\n{BODY}\n{line}\n"):
        assert noise(split(source, book)) == []


@pytest.mark.parametrize(
    "line", ["市直各单位党委：", "某机党〔2024〕41号", "某某镇党委书记　王某某", "周一苇　唐见深"]
)
def test_what_stands_between_title_and_text(book, line):
    assert noise(split(f"{TITLE}{line}\n{BODY}\n{BODY}\n", book)) == [line]


def test_thanks_inside_a_paragraph_are_noise(book):
    assert noise(split(f"{SPEECH}{BODY}\n{BODY}谢谢大家！\n", book)) == ["谢谢大家！"]


def test_the_title_as_header_beside_page_numbers(book):
    page = f"{BODY}\n— {{}} —\n{TITLE}"
    parts = split(TITLE + page.format(1) + page.format(2) + BODY, book)
    assert noise(parts) == ["— 1 —", TITLE.strip(), "— 2 —", TITLE.strip()]
    assert headings(parts) == [(0, TITLE.strip())]


def test_a_verse_is_no_title(book):
    parts = split("春眠不觉晓，处处闻啼鸟。\n夜来风雨声，花落知多少。\n", book)
    assert headings(parts) == [] and noise(parts) == []


def test_an_english_page_is_not_noise_throughout(book):
    assert "The board met twice." in texts(split("Annual report\nThe board met twice.\n", book))


def test_the_name_of_a_column_is_not_the_title(book):
    parts = split(f"·调查与研究·\n{TITLE}{BODY}\n", book)
    assert noise(parts) == ["·调查与研究·"]
    assert texts(parts)[0] == TITLE.strip()
