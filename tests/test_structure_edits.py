"""Every kind of cleaning: what is found, what it reads instead, what is left alone."""

import pytest
from toys_structure import BODY, TITLE, cleaned, edits_of, split, texts

from analysis.structure import Edit, apply_edits, recompute_text, to_simplified


def test_simplified_script_keeps_the_length():
    assert to_simplified("機關黨建著力強化") == "机关党建着力强化"
    assert to_simplified("") == ""


def test_simplified_script_goes_on_behind_a_nul_character():
    assert to_simplified("黨\x00建設") == "党\x00建设"


def test_apply_edits_leaves_out_replaces_and_ignores_what_is_outside():
    source = "0123456789"
    edits = [
        Edit(1, 2, "marker", None, "x"),
        Edit(4, 6, "mojibake", "。", "x"),
        Edit(8, 9, "wrap", None, "x"),
    ]
    assert apply_edits(source, edits, 0, 10) == "023。679"
    assert apply_edits(source, edits, 2, 8) == "23。67"
    assert apply_edits(source, edits, 6, 8) == "67"
    assert apply_edits(source, [], 3, 5) == "34"


def test_recompute_text_converts_after_editing():
    source = "黨(dǎng)建工作"
    edits = [Edit(1, 7, "phonetic", None, "x")]
    assert recompute_text(source, edits, 0, len(source)) == "党建工作"


@pytest.mark.parametrize(
    ("source", "edit", "text"),
    [
        ("##SPS_UNPUBLISH## 支部要建强。", ("marker", "##SPS_UNPUBLISH## ", None), "支部要建强。"),
        ("# 二、问题", ("marker", "# ", None), "二、问题"),
        ("  ## 二、问题", ("marker", "## ", None), "二、问题"),
        ("> 支部要建强。", ("marker", "> ", None), "支部要建强。"),
        ("企業(yè)要發展。", ("phonetic", "(yè)", None), "企业要发展。"),
        ("党建（dǎng）要加强。", ("phonetic", "（dǎng）", None), "党建要加强。"),
        ("党的?建设要加强。", ("mojibake", "?", None), "党的建设要加强。"),
        ("党建【广告】要加强。", ("advert", "【广告】", None), "党建要加强。"),
        ("支部（本文来源：某某范文网）作用大。", None, "支部作用大。"),
        ("见www.example.cn网站。", ("advert", "www.example.cn", None), "见网站。"),
    ],
)
def test_what_stands_inside_a_line_is_an_edit(book, source, edit, text):
    full = TITLE + BODY + "\n" + source + "\n" + BODY + "\n"
    parts = split(full, book)
    assert texts(parts)[2] == text
    assert len(parts.edits) == 1
    if edit:
        assert cleaned(full, parts) == [edit]


@pytest.mark.parametrize(
    "sentence",
    [
        "有的单位（3个）活动不多。",
        "为什么要抓党建?",
        "党员（干部）要带头学习。",
        "机关【问题】清单已经建立。",
        "使用#号的表格要上报。",
        "党组织（来自基层单位）普遍反映良好。",
    ],
)
def test_what_the_author_wrote_is_no_edit(book, sentence):
    parts = split(TITLE + BODY + "\n" + sentence + "\n" + BODY + "\n", book)
    assert parts.edits.empty
    assert sentence in texts(parts)


def test_bold_marks_are_two_edits(book):
    source = TITLE + BODY + "\n**有的支部**活动不多，作用不大。\n"
    parts = split(source, book)
    assert cleaned(source, parts) == [("marker", "**", None)] * 2
    assert texts(parts)[2] == "有的支部活动不多，作用不大。"


def test_shifted_bytes_that_close_on_a_letter_are_repaired(book):
    source = "要健全制度??茖W考核是关键。"  # 。科學 without its first byte
    parts = split(source, book)
    assert texts(parts) == ["要健全制度。", "科学考核是关键。"]
    assert cleaned(source, parts) == [("mojibake", "??", "。"), ("mojibake", "茖W", "科學")]
    assert parts.edits["basis"].str.contains("GB18030").all()


@pytest.mark.parametrize(
    "source",
    [
        "坚持日??己?、专项督查。",
        "要抓什么?!党建工作A类支部。",
        "要不要抓??",
        "抓党建?!大家说要抓。",
    ],
)
def test_damage_that_cannot_be_repaired_for_certain_stays(book, source):
    parts = split(source, book)
    assert parts.edits.empty
    assert "".join(texts(parts)) == source


def test_an_advert_never_crosses_the_end_of_a_line(book):
    source = TITLE + "支部作用大（来源：某某\n范文网）要继续加强。\n" + BODY
    parts = split(source, book)
    assert "\n" not in "".join(printed for _, printed, _ in cleaned(source, parts))


def test_where_two_edits_overlap_the_earlier_stands(book):
    source = f"{TITLE}{BODY}\n党建【更多www.a.cn关注】要继续不断地加强。\n"
    parts = split(source, book)
    assert cleaned(source, parts) == [("advert", "【更多www.a.cn关注】", None)]


def test_edits_inside_a_noise_line_are_not_listed(book):
    source = "##SPS_UNPUBLISH##\n当前位置：首页 > 黨(dǎng)建\n" + TITLE + BODY
    parts = split(source, book)
    assert parts.edits.empty
    assert parts.sentences["role"].tolist()[:2] == ["noise", "noise"]


def test_edits_of_the_five_are_counted(book, reports):
    kinds = {name: split(source, book).edits["kind"].tolist() for name, source in reports.items()}
    assert kinds == {
        "city-speech": [],
        "city-systems-view": ["marker"],
        "county-organs": ["marker"],
        "hubei-problem-led": ["mojibake"] * 4,
        "quality-study": [],
    }
    repaired = [e.replacement for e in edits_of(split(reports["hubei-problem-led"], book))]
    assert repaired == ["。", "科學", "。", "基層導向深研難"]
