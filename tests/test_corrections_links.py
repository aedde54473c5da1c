import pandas as pd
import pytest

from analysis.corrections.links import correct_links, name_answer
from analysis.corrections.places import Placed
from analysis.links import NO_ANSWER
from analysis.schema import check

# Two problems of report 甲, its two countermeasures, and one of report 乙.
SOURCES = {"甲": "有的支部涣散。有的书记不懂。要整顿支部。要培训书记。", "乙": "要压实责任。"}
ROWS = [
    ("甲-s1", "甲", "有的支部涣散。", "problem"),
    ("甲-s2", "甲", "有的书记不懂。", "problem"),
    ("甲-s3", "甲", "要整顿支部。", "countermeasure"),
    ("甲-s4", "甲", "要培训书记。", "countermeasure"),
    ("乙-s1", "乙", "要压实责任。", "countermeasure"),
]
S1, S3, S4, B1 = "甲-s1", "甲-s3", "甲-s4", "乙-s1"


@pytest.fixture(scope="module")
def sentences():
    rows = [
        {"sentence": name, "passage": name, "report": report, "role": role, "text": text}
        | {"start": SOURCES[report].index(text), "theme": name, "heading_level": pd.NA}
        for name, report, text, role in ROWS
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(end=frame["start"] + frame["text"].str.len())


MENTIONS = pd.DataFrame({"sentence": [], "issue": []}, dtype="str")


def links(*pairs):
    rows = [(S1, *pair) for pair in pairs] + [("甲-s2", None, None, NO_ANSWER)]
    frame = pd.DataFrame(rows, columns=["problem", "countermeasure", "score", "basis"])
    return check(
        "links",
        frame.assign(
            report_problem="甲",
            report_countermeasure=frame["countermeasure"].str.split("-").str[0],
        ),
    )


def value(sentences, name):
    row = sentences.set_index("sentence").loc[name]
    return name_answer(row["report"], row["start"], row["text"])


def redo(sentences, table, was=None, now=None, *, unit=S1, why=None):
    was, now = (name and value(sentences, name) for name in (was, now))
    one = Placed("c1", "link", "link", was, now, why, "甲", 0, 7, (unit,))
    return correct_links(table, sentences, MENTIONS, [one], SOURCES)


def said(table, problem=S1):
    rows = table[table["problem"] == problem]
    return [
        (name if isinstance(name, str) else None, basis)
        for name, basis in zip(rows["countermeasure"], rows["basis"], strict=True)
    ]


def test_no_decision_no_change(sentences):
    table = links((S3, 0.6, "主题相同"))
    assert correct_links(table, sentences, MENTIONS, [], SOURCES) == (table, {})


def test_an_answer_is_added_confirmed_and_exchanged(sentences):
    table = links((S3, 0.6, "主题相同"))
    new, reasons = redo(sentences, table, now=S4, why="对得上")
    assert said(new) == [(S4, "人工更正：对得上"), (S3, "主题相同")] and reasons == {}
    assert new["score"].iloc[0] == 1 and said(new, "甲-s2") == [(None, NO_ANSWER)]
    assert said(redo(sentences, table, S3, S3)[0]) == [(S3, "人工确认；主题相同")]
    assert said(redo(sentences, table, S3, S4)[0]) == [(S4, "人工更正")]


def test_the_first_answer_replaces_the_row_that_says_there_is_none(sentences):
    table = links((None, None, NO_ANSWER), (B1, 0.7, "可借鉴"))
    new, _ = redo(sentences, table, now=S4)
    assert said(new) == [(S4, "人工更正"), (B1, "可借鉴")]
    # A countermeasure of another report stays a proposal.
    new, _ = redo(sentences, table, B1, B1)
    assert said(new) == [(None, NO_ANSWER), (B1, "人工确认；可借鉴")]


def test_the_last_answer_that_is_rejected_leaves_a_problem_without_one(sentences):
    new, _ = redo(sentences, links((S3, 0.6, "甲"), (S4, 0.5, "乙")), was=S4)
    assert said(new) == [(S3, "甲")]
    new, _ = redo(sentences, links((S3, 0.6, "甲")), was=S3, why="两回事")
    assert said(new) == [(None, f"人工更正：两回事；{NO_ANSWER}")]
    assert new.loc[new["problem"] == S1, ["score", "report_countermeasure"]].isna().all(axis=None)


def test_what_no_longer_fits_is_told(sentences):
    table = links((S3, 0.6, "甲"))
    same, reasons = redo(sentences, table, now=S4, unit=S3)
    assert reasons == {"c1": "这处文字现在不是问题句"} and said(same) == said(table)
    edited = sentences.assign(role=sentences["role"].where(sentences["sentence"] != S4, "practice"))
    one = Placed("c1", "link", "link", None, value(sentences, S4), None, "甲", 0, 7, (S1,))
    same, reasons = correct_links(table, edited, MENTIONS, [one], SOURCES)
    assert reasons == {"c1": "对策原句已改动、删去，或者不再是对策句"}
    assert said(same) == said(table)


def test_the_same_words_twice_are_told_apart_by_their_place_only(sentences):
    twice = {**SOURCES, "甲": SOURCES["甲"] + "要培训书记。"}
    more = sentences[sentences["sentence"] == S4].assign(sentence="甲-s5", start=26, end=32)
    both = pd.concat([sentences, more], ignore_index=True)
    table = links((S3, 0.6, "甲"))
    for start, found in ((26, "甲-s5"), (25, None)):
        now = name_answer("甲", start, "要培训书记。")
        one = Placed("c1", "link", "link", None, now, None, "甲", 0, 7, (S1,))
        new, reasons = correct_links(table, both, MENTIONS, [one], twice)
        assert said(new)[0][0] == (found or S3) and bool(reasons) == (found is None)
