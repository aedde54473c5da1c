"""Hard wraps, page breaks and paragraphs."""

import pytest
from toys_structure import BODY, TITLE, cleaned, noise, split, texts

from analysis.structure.lines import Line, split_lines, wrap_width

SENTENCES = [
    "近年来，各级党组织认真落实要求，工作取得了新的进展。",
    "有的支部组织生活不规范，对党员的吸引力不强。",
    "要进一步建立健全考核评价制度，用好考核的结果。",
    "各单位党组书记要当好第一责任人，带头抓好支部。",
    "调研组先后走访了十二个单位，召开了六次座谈会。",
]
PARAGRAPH = "".join(SENTENCES)


def chop(text, width=22):
    return [text[at : at + width] for at in range(0, len(text), width)]


def test_lines_know_span_indent_and_gap():
    source = "甲乙\r\n\r\n　　丙丁  \n  \n戊"
    lines = split_lines(source, [], source)
    assert [source[line.start : line.end] for line in lines] == ["甲乙", "丙丁", "戊"]
    assert [line.indented for line in lines] == [False, True, False]
    assert [line.gap for line in lines] == [False, True, True]


@pytest.mark.parametrize("source", ["", " \n\r\n\u3000\n"])
def test_no_lines_in_a_blank_source(source):
    assert split_lines(source, [], source) == []


@pytest.mark.parametrize(
    ("text", "ended"),
    [("要抓好。", True), ("要抓好。”", True), ("要抓好，", False), ("第一章", False)],
)
def test_a_line_ends_a_sentence_behind_quotes_too(text, ended):
    assert Line(0, len(text), text).ended is ended


def test_wrap_width_is_the_full_width_of_a_wrapped_report():
    wrapped = [Line(0, len(text), text) for text in chop(PARAGRAPH)]
    assert wrap_width(wrapped) == 22
    assert wrap_width([Line(0, len(text), text) for text in SENTENCES]) is None
    assert wrap_width(wrapped[:3]) is None
    some = [*wrapped[:3], *(Line(0, len(text), text) for text in SENTENCES[1:4])]
    assert wrap_width(some) == 23  # three of six lines stop in mid-sentence


@pytest.mark.parametrize("indent", ["", "　　"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_wrapped_lines_become_one_paragraph(book, indent, end):
    source = TITLE + end.join(chop(indent + PARAGRAPH))
    parts = split(source, book)
    assert texts(parts)[1:] == SENTENCES
    assert parts.passages["number"].tolist() == [1, 2]
    breaks = len(chop(indent + PARAGRAPH)) - 1
    assert cleaned(source, parts) == [("wrap", end, None)] * breaks


def test_paragraphs_in_a_wrapped_report_stay_apart(book):
    one = chop("　　" + PARAGRAPH)
    parts = split(TITLE + "\n".join([*one, *one]), book)
    assert texts(parts)[1:] == SENTENCES * 2
    assert len(parts.passages) == 3


def test_a_blank_line_parts_paragraphs_of_a_wrapped_report(book):
    open_end = PARAGRAPH[:-2]  # the paragraph stops without a full stop, at full width
    lines = chop(open_end[: len(open_end) // 22 * 22])
    parts = split(TITLE + "\n".join(lines) + "\n\n" + "\n".join(chop(PARAGRAPH)), book)
    assert parts.passages["text"].tolist()[-1] == PARAGRAPH


def test_a_title_is_never_joined_to_the_text(book):
    title = "关于机关党建工作的研究报告"
    parts = split("\n".join([title, *chop(PARAGRAPH)]), book)
    assert texts(parts) == [title, *SENTENCES]


def test_lines_of_whole_sentences_are_paragraphs(book):
    parts = split(TITLE + "\n".join(SENTENCES), book)
    assert texts(parts)[1:] == SENTENCES
    assert parts.edits.empty
    assert len(parts.passages) == 6


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("工作不断加强，", "成效十分明显。"),
        ("工作不断加强", "，成效十分明显。"),
        ("学习“", "三会一课”制度。"),
    ],
)
def test_a_break_beside_a_comma_or_in_a_quotation_is_a_wrap(book, before, after):
    source = f"{TITLE}{BODY}\n{before}\n{after}\n{BODY}\n"
    parts = split(source, book)
    assert before + after in texts(parts)
    assert cleaned(source, parts) == [("wrap", "\n", None)]


@pytest.mark.parametrize(
    ("page", "kind"),
    [("— 3 —", "page"), ("第3页 共9页", "page"), ("3", "page"), ("扫码领取", "advert")],
)
def test_what_interrupts_a_sentence_is_an_edit_of_it(book, page, kind):
    source = f"{TITLE}{BODY}\n工作不断加强，\n{page}\n成效十分明显。\n{BODY}\n"
    parts = split(source, book)
    assert "工作不断加强，成效十分明显。" in texts(parts)
    assert cleaned(source, parts) == [(kind, f"\n{page}\n", None)]
    assert noise(parts) == []


def test_a_page_number_between_paragraphs_is_a_sentence_of_noise(book):
    parts = split(f"{TITLE}{BODY}\n— 3 —\n{BODY}\n", book)
    assert noise(parts) == ["— 3 —"]
    assert parts.edits.empty


def test_a_page_number_in_the_middle_of_long_running_text_joins_it(book):
    half = BODY[:-1] * 2
    parts = split(f"{TITLE}{half}\n— 3 —\n{BODY}\n", book)
    assert half + BODY in texts(parts)


def test_headings_are_never_joined_to_wrapped_text(book):
    source = "\n".join([TITLE.strip(), *chop(PARAGRAPH), "二、存在的问题", *chop(PARAGRAPH)])
    assert texts(split(source, book))[1:] == [*SENTENCES, "二、存在的问题", *SENTENCES]
