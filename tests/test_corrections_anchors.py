import random
from bisect import bisect_left

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys_corrections import Changed

from analysis.corrections.anchors import CONTEXT, Anchor, Plain, find_anchor, make_anchor, plain
from analysis.corrections.places import place_decisions
from analysis.issues import find_mentions
from analysis.structure import split_report

# A report in which one sentence stands twice.
TEXT = (
    "关于机关党建的调研报告\n一、主要做法\n各单位层层压实责任，形成了齐抓共管的格局。\n"
    "市直机关工委牵头开展督查，逐项建立台账。\n二、存在的问题\n有的党务干部业务不熟，工作被动应付。\n"
    "各单位层层压实责任，形成了齐抓共管的格局。\n但是考核仍然偏软，结果运用不够充分。\n"
)
ONE = "有的党务干部业务不熟，工作被动应付。"
TWICE = "各单位层层压实责任，形成了齐抓共管的格局。"


def anchor(text, quote, number=0):
    at = -1
    for _ in range(number + 1):
        at = text.index(quote, at + 1)
    return make_anchor(text, at, at + len(quote))


def find(made, text, **options):
    """The text that is found, or the reason why none is."""
    found = find_anchor(made, Plain(text), **options)
    return found if isinstance(found, str) else text[slice(*found[:2])]


def test_an_anchor_is_a_quotation_with_its_context():
    made = anchor(TEXT, ONE)
    assert made.exact == ONE
    assert made.prefix.endswith("逐项建立台账。 二、存在的问题 ") and "\n" not in made.prefix
    assert made.suffix.startswith(" 各单位层层压实责任")
    assert len(plain(made.suffix)) == len(plain(TEXT[TEXT.index(ONE) + len(ONE) :])) < CONTEXT
    assert TEXT[made.start : made.end] == ONE


def test_at_the_edges_of_the_text_there_is_no_context():
    title, last = "关于机关党建的调研报告", "但是考核仍然偏软，结果运用不够充分。"
    assert anchor(TEXT, title).prefix is None
    assert plain(anchor(TEXT, last).suffix) == ""
    assert find(anchor(TEXT, title), TEXT.replace("责任", "担子")) == title
    assert find(anchor(TEXT, last), TEXT.replace("一、主要做法\n", "")) == last


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "转载时间：2024年5月\n" + text,
        lambda text: text.replace("市直机关工委牵头开展督查，逐项建立台账。\n", ""),
        lambda text: text.replace("\n", "\r\n\r\n"),
        lambda text: text.replace("业务不熟", "业务\n不 熟"),
        lambda text: text.replace("，", ",").replace("。", "．"),
        lambda text: text.replace("有的党务干部业务不熟", "有的黨務幹部業務不熟"),
        lambda text: text.replace(ONE, "还有一点。" + ONE + "这要引起重视。"),
    ],
    ids=["before", "cut", "line ends", "wrapped", "width", "script", "neighbours"],
)
def test_what_does_not_touch_the_sentence_does_not_lose_it(change):
    changed = change(TEXT)
    assert plain(find(anchor(TEXT, ONE), changed)) == plain(ONE)


@pytest.mark.parametrize("new", ["有的党务干部业务较熟，工作被动应付。", "有的干部。", ""])
def test_an_edited_sentence_is_not_found(new):
    assert find(anchor(TEXT, ONE), TEXT.replace(ONE, new)) == "原句已改动或删去"


def test_the_same_sentence_elsewhere_is_told_apart_by_its_context():
    for number in (0, 1):
        made = anchor(TEXT, TWICE, number)
        longer = "编者按。\n" + TEXT
        places = [longer.index(TWICE), longer.rindex(TWICE)]
        assert find_anchor(made, Plain(longer))[0] == places[number]


@pytest.mark.parametrize("number", [0, 1])
def test_where_only_the_other_one_is_left_there_is_no_place(number):
    first = TEXT.index(TWICE)
    at = [first, TEXT.rindex(TWICE)][number]
    rest = TEXT[:at] + TEXT[at + len(TWICE) :]
    assert "无法确定" in find(anchor(TEXT, TWICE, number), rest)


def test_twins_with_the_same_neighbours_are_told_apart_by_what_is_farther_off():
    block = "各支部按时开展学习。" + "形式比较单一。" + "党员的参与热情不高。"
    text = f"{'甲单位情况如下。' * 9}{block * 9}{'乙单位情况如下。' * 9}"
    for number in (0, 4, 8):
        made = anchor(text, "形式比较单一。", number)
        found = find_anchor(made, Plain(f"前言。{text}"))
        assert found == 2 * (made.start + 3, made.end + 3)
    gone = text.replace(block, "", 1)
    assert "无法确定" in find(anchor(text, "形式比较单一。", 4), gone.replace(block, "", 1))


def test_a_copied_paragraph_leaves_no_certain_place():
    assert find(anchor(TEXT, ONE), TEXT + TEXT) == "同样的话有 2 处，无法确定是哪一处"


def test_the_same_file_is_not_searched():
    text = "重复。" * 30
    made = Anchor("重复。", None, None, 9, 12)
    assert find_anchor(made, Plain(text), unchanged=True) == (9, 12, 9, 12)
    assert isinstance(find_anchor(made, Plain(text)), str)
    # Another program may read another text out of the same bytes.
    assert find(made._replace(start=8, end=11), text, unchanged=True).endswith("无法确定是哪一处")


def test_a_quotation_of_nothing():
    assert find(Anchor(" \u3000", "前", "后", 0, 2), "前 \u3000后") == "没有可以定位的文字"


@given(st.text(max_size=60), st.data())
def test_every_stretch_of_an_unchanged_text_is_found_where_it_is_or_refused(text, data):
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = data.draw(st.integers(start, len(text)))
    made = make_anchor(text, start, end)
    known = Plain(text)
    if not plain(text[start:end]):
        return
    same = find_anchor(made, known, unchanged=True)
    assert plain(text[slice(*same[:2])]) == plain(text[start:end])
    found = find_anchor(made, known)
    assert isinstance(found, str) or found == same


# --- five reports, changed at random --------------------------------------------------------------

LEAST = 0.95


def decisions(report, source, sentences, mentions):
    """A decision about every sentence and every mention."""
    known, rows = Plain(source), []
    spans = sentences.set_index("sentence")[["start", "end"]]
    for target, table in (("sentence", sentences), ("mention", mentions)):
        for row in table.itertuples():
            within = tuple(spans.loc[row.sentence]) if target == "mention" else None
            made = make_anchor(source, row.start, row.end, within=within, known=known)
            name = f"{getattr(row, target)}"
            rows.append({"correction": name, "target": target, "sentence": row.sentence})
            rows[-1] |= made._asdict()
    frame = pd.DataFrame(rows).assign(report=report, unchanged=False)
    return frame.assign(field=None, was=None, now=None, why=None)


@pytest.mark.parametrize(
    ("heavy", "seeds"),
    [(True, 1), *(pytest.param(heavy, 10, marks=pytest.mark.slow) for heavy in (False, True))],
)
def test_decisions_about_five_reports_find_their_text_or_none(book, reports, heavy, seeds):
    """Few are lost and none is misplaced; ``pytest -s`` prints the figures."""
    right, wrong, lost = {"sentence": 0, "mention": 0}, 0, {"sentence": 0, "mention": 0}
    for report, source in reports.items():
        parts = split_report(report, source, book)
        sentences = parts.sentences.assign(role=parts.sentences["role"].fillna("problem"))
        mentions = find_mentions(sentences, parts.edits, {report: source}, book)
        made, before = decisions(report, source, sentences, mentions), Plain(source)
        begins = dict(zip(sentences["sentence"], sentences["start"], strict=True))
        for seed in range(seeds):
            changed = Changed(source, sentences, random.Random(f"{report}{seed}"), heavy)
            now, new = Plain(changed.source), split_report(report, changed.source, book)
            args = ({report: changed.source}, new.sentences, new.passages)
            placed = {one.correction: one for one in place_decisions(made, *args)[0]}
            for row in made.itertuples():
                truth, one = changed.now[row.sentence], placed.get(row.correction)
                if truth is not None:
                    first = bisect_left(before.places, begins[row.sentence])
                    truth = truth[0] + bisect_left(before.places, row.start) - first
                if one is None:
                    lost[row.target] += truth is not None
                elif bisect_left(now.places, one.start) == truth:
                    right[row.target] += 1
                else:
                    wrong += 1
    for target in right:
        share = right[target] / (right[target] + lost[target])
        print(f"heavy={heavy} {target}: {right[target]} right, {lost[target]} lost, {share:.3f}")
        assert share >= LEAST
    assert wrong == 0
