"""Whatever the text: nothing is lost, nothing stands twice, everything can be traced."""

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toys_structure import edits_of, split

from analysis.structure import recompute_text, to_simplified

PIECES = [
    *(
        "一、",
        "（一）",
        "1.",
        "⑴",
        "㈠",
        "１．",
        "◎",
        "第一，",
        "一是",
        "【表现】",
        "问题一：",
        "对策：",
    ),
    *(
        "。",
        "？",
        "?",
        "??",
        "?;",
        "!",
        "，",
        "、",
        "“",
        "”",
        "……1",
        "3.5%",
        "三二、",
        "有的",
        "一方面，",
    ),
    *("\n", "\r\n", "\r", "\n\n", "　　", " ", "\t", "\x0c", "\x00", "\x1f", "\u200b", "\u2028"),
    *(
        "##SPS_UNPUBLISH##",
        "# ",
        "**",
        "> ",
        "(yè)",
        "【广告】",
        "（来源：某某网）",
        "http://a.cn/b",
    ),
    *(
        "目录",
        "— 3 —",
        "同志们：",
        "2024年3月5日",
        "中共某县委",
        "猜你喜欢",
        "茖W",
        "鶎訉",
        "後",
        "裏",
    ),
    *("关于机关党建的调研报告", "党", "建", "工作", "不足", "各单位普遍重视党建工作，" * 4),
]
TEXT = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    max_size=40,
).map("".join)
SECONDS = 5  # .4 at most when measured; quadratic patterns took minutes
bounded = settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def assert_traceable(source, book):
    """Everything the contract of ``split_report`` promises for any source."""
    parts = split(source, book)
    edits = edits_of(parts)
    covered = [0] * len(source)
    for rows in (parts.sentences, parts.passages):
        last = 0
        for row in rows.itertuples():
            assert last <= row.start < row.end <= len(source)
            assert row.text == recompute_text(source, edits, row.start, row.end)
            last = row.end
    for row in parts.sentences.itertuples():
        covered[row.start : row.end] = [n + 1 for n in covered[row.start : row.end]]
    assert all(n == 1 for n, char in zip(covered, source, strict=True) if not char.isspace())
    assert all(n <= 1 for n in covered)
    last = 0
    for edit in edits:
        assert last <= edit.start < edit.end <= len(source)
        last = edit.end
        inside = (parts.sentences["start"] <= edit.start) & (edit.end <= parts.sentences["end"])
        assert inside.sum() == 1
    grouped = parts.sentences.groupby("passage", sort=False)
    assert grouped["start"].first().tolist() == parts.passages["start"].tolist()
    assert grouped["end"].last().tolist() == parts.passages["end"].tolist()


@bounded
@given(TEXT)
def test_any_text_can_be_split_and_traced(book, source):
    assert_traceable(source, book)


@bounded
@given(TEXT)
def test_simplified_script_keeps_the_length_of_any_text(source):
    assert len(to_simplified(source)) == len(source)


@pytest.mark.parametrize(
    "source", ["", "\n", "。", "?", "**", "# ", "\x00", "目录", "\ufeff", "一、"]
)
def test_next_to_nothing(book, source):
    assert_traceable(source, book)


def cut(source, chance):
    start = chance.randrange(len(source))
    return source[start : chance.randrange(start, len(source))]


def by_line(source, chance, change):
    lines = source.splitlines(keepends=True)
    return "".join(change(lines, chance))


MUTATIONS = {
    "cut": cut,
    "lines_lost": lambda s, c: by_line(s, c, lambda x, c: [e for e in x if c.random() < 0.7]),
    "lines_twice": lambda s, c: by_line(s, c, lambda x, c: [e * c.choice([1, 2, 3]) for e in x]),
    "lines_shuffled": lambda s, c: by_line(s, c, lambda x, c: c.sample(x, len(x))),
    "characters_lost": lambda s, c: "".join(char for char in s if c.random() < 0.9),
    "pieces_inserted": lambda s, c: "".join(
        char + (c.choice(PIECES) if c.random() < 0.02 else "") for char in s
    ),
}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_damaged_report_can_be_split_and_traced(book, reports, mutation, seed):
    chance = random.Random(seed)
    source = reports[chance.choice(sorted(reports))]
    assert_traceable(MUTATIONS[mutation](source, chance), book)


@pytest.mark.parametrize(
    "piece",
    [
        "◎支部",
        "一、",
        "猜你喜欢\n",
        "党(dǎng)建",
        "党?",
        ".",
        " ",
        "（",
        "1     ",
        "党建，\n",
        "张三 李四 ",
        "首页 登录 ",
    ],
)
def test_near_misses_in_great_number_are_split_in_time(book, piece):
    source = (piece * 60_000)[:60_000] + "x"
    start = time.process_time()
    parts = split(source, book)
    assert time.process_time() - start < SECONDS
    assert parts.sentences["end"].max() == len(source)
