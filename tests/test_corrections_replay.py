import pandas as pd
import pytest

from analysis.corrections.anchors import make_anchor
from analysis.corrections.places import (
    CUT_ANEW,
    Placed,
    assign_reports,
    check_values,
    find_silent,
    place_decisions,
    stale_table,
)
from analysis.corrections.replay import correct_mentions, correct_roles, correct_themes
from analysis.issues import find_mentions
from analysis.roles import tag_roles
from analysis.schema import TABLES, check
from analysis.structure import split_report
from analysis.themes import tag_themes

TEXT = (
    "关于机关党建工作的调研报告\n一、存在的问题\n"
    "（一）融合不够。有的单位党建与业务两张皮。有的党务干部业务不熟。市里开展了培训。\n"
    "二、对策建议\n（一）要压实主体责任。要建强党务干部队伍。\n"
)
REPORT = "甲"


@pytest.fixture(scope="module")
def tables(book):
    parts = split_report(REPORT, TEXT, book)
    sentences, passages = tag_roles(parts.sentences, parts.passages, book, genre="report")
    mentions = find_mentions(sentences, parts.edits, {REPORT: TEXT}, book)
    return sentences, passages, mentions


@pytest.fixture(scope="module")
def themed(tables, book):
    sentences, passages, mentions = tables
    return tag_themes(sentences, passages, mentions, book)


def row_of(sentences, text):
    return sentences[sentences["text"].str.contains(text)].iloc[0]


def decide(row, field, now, was=None, *, target="sentence", why=None, unit=None):
    unit = unit or row["sentence"]
    span = (int(row["start"]), int(row["end"]))
    return Placed("c1", target, field, was, now, why, REPORT, *span, (unit,))


def unlike(before, after, key):
    """Rows that differ, by key."""
    same = before.astype(object).eq(after.astype(object)) | (before.isna() & after.isna())
    return set(before.loc[~same.all(axis=1), key])


# --- roles ----------------------------------------------------------------------------------------


def test_without_decisions_the_tables_are_the_same_objects(tables, themed, book):
    sentences, passages, mentions = tables
    other = [decide(sentences.iloc[0], "link", "x")]
    assert correct_roles(sentences, passages, other, book)[0] is sentences
    assert correct_themes(*themed, other, book)[1] is themed[1]
    assert correct_mentions(mentions, sentences, other, {REPORT: TEXT}, book) is mentions


def test_a_sentence_takes_its_role_and_its_passage_is_counted_anew(tables, book):
    sentences, passages, _ = tables
    row = row_of(sentences, "市里开展")
    count = passages.set_index("passage").loc[row["passage"], "problem_sentences"]
    now = "problem" if row["role"] != "problem" else "practice"
    one = decide(row, "role", now, row["role"], why="是在讲做法")
    new, counted = correct_roles(sentences, passages, [one], book)
    assert unlike(sentences, new, "sentence") == {row["sentence"]}
    got = new.set_index("sentence").loc[row["sentence"]]
    assert (got["role"], got["role_margin"], got["corrected"]) == (now, 1.0, True)
    assert got["role_basis"] == f"人工更正（原为{book.names[row['role']]}）：是在讲做法"
    step = 1 if now == "problem" else -1
    assert unlike(passages, counted, "passage") == {row["passage"]}
    assert counted.set_index("passage").loc[row["passage"], "problem_sentences"] == count + step
    assert not counted["corrected"].any()
    check("sentences", new), check("passages", counted)


def test_a_passage_moves_those_of_its_sentences_that_had_the_old_value(tables, book):
    sentences, passages, _ = tables
    first = row_of(sentences, "两张皮")
    mine = sentences[sentences["passage"] == first["passage"]]
    assert len(mine) > 2
    roles = dict.fromkeys(mine["sentence"], "problem") | {mine["sentence"].iloc[-1]: "practice"}
    start = sentences.assign(role=sentences["sentence"].map(roles).fillna(sentences["role"]))
    passage = passages.set_index("passage", drop=False).loc[first["passage"]]
    one = decide(passage, "role", "cause", "problem", target="passage", unit=passage["passage"])
    new, counted = correct_roles(start, passages, [one], book)
    moved = set(mine["sentence"].iloc[:-1])
    assert set(new.loc[new["role"] == "cause", "sentence"]) == moved
    assert set(new.loc[new["corrected"], "sentence"]) == moved
    got = counted.set_index("passage").loc[passage["passage"]]
    assert (got["role"], got["corrected"], got["problem_sentences"]) == ("cause", True, 0)
    # The program has changed its mind meanwhile: what the passage is now is moved.
    later = decide(passage, "role", "cause", "background", target="passage", unit=one.units[0])
    assert set(correct_roles(start, passages, [later], book)[0].query("corrected")["sentence"]) == (
        moved
    )


def test_later_decisions_win_and_confirming_is_one(tables, book):
    sentences, passages, _ = tables
    row = row_of(sentences, "压实主体责任")
    both = [decide(row, "role", "practice", row["role"]), decide(row, "role", row["role"])]
    new, _ = correct_roles(sentences, passages, both, book)
    same = decide(row, "role", row["role"], row["role"])
    sure, _ = correct_roles(sentences, passages, [same], book)
    for frame, basis in ((new, "人工更正"), (sure, "人工确认")):
        got = frame.set_index("sentence").loc[row["sentence"]]
        assert (got["role"], got["role_basis"], got["corrected"]) == (row["role"], basis, True)


# --- themes ---------------------------------------------------------------------------------------


def test_a_sentence_takes_its_theme(themed, book):
    sentences, passages = themed
    row = row_of(sentences, "两张皮")
    other = "staffing" if row["theme"] != "staffing" else "awareness"
    start = sentences.assign(
        theme2=sentences["theme2"].where(sentences["sentence"] != row["sentence"], other)
    )
    new, same = correct_themes(start, passages, [decide(row, "theme", other, row["theme"])], book)
    got = new.set_index("sentence").loc[row["sentence"]]
    assert (got["theme"], got["theme_margin"], got["corrected"]) == (other, 1.0, True)
    assert pd.isna(got["theme2"]) and unlike(start, new, "sentence") == {row["sentence"]}
    assert unlike(passages, same, "passage") == set()


def test_a_passage_takes_its_theme_and_its_sentences_follow(themed, book):
    sentences, passages = themed
    row = row_of(sentences, "两张皮")
    passage = passages.set_index("passage", drop=False).loc[row["passage"]]
    other = "informatization" if "informatization" in set(book["theme_names"]["theme"]) else None
    other = other or next(t for t in book["theme_names"]["theme"] if t != passage["theme"])
    one = decide(
        passage, "theme", other, passage["theme"], target="passage", unit=passage["passage"]
    )
    new, moved = correct_themes(sentences, passages, [one], book)
    got = moved.set_index("passage").loc[passage["passage"]]
    assert (got["theme"], got["theme_margin"], got["corrected"]) == (other, 1.0, True)
    assert got["theme_words"].startswith("人工更正（原为") and pd.isna(got["theme_score"])
    mine = sentences["passage"] == passage["passage"]
    had = sentences[mine & (sentences["theme"] == passage["theme"])]["sentence"]
    assert set(new.loc[new["theme"] == other, "sentence"]) >= set(had) and len(had)
    assert unlike(passages, moved, "passage") == {passage["passage"]}
    check("sentences", new), check("passages", moved)


def test_headings_have_no_theme_whatever_was_decided(themed, book):
    sentences, passages = themed
    row = row_of(sentences, "调研报告")
    assert row["role"] == "heading"
    one = decide(row, "theme", "staffing")
    new, same = correct_themes(sentences, passages, [one], book)
    assert unlike(sentences, new, "sentence") == set() == unlike(passages, same, "passage")
    passage = decide(row, "theme", "staffing", target="passage", unit=row["passage"])
    new, same = correct_themes(sentences, passages, [passage], book)
    assert unlike(sentences, new, "sentence") == set() == unlike(passages, same, "passage")
    for told in (one, passage):
        assert list(find_silent([told], sentences)) == ["c1"]
    assert find_silent([decide(row, "role", "cause"), decide(row, "issue", "x")], sentences) == {}


# --- issues and stances ---------------------------------------------------------------------------


def named(mentions):
    return set(zip(mentions["sentence"], mentions["issue"], mentions["stance"], strict=True))


def redone(tables, book, *decisions):
    sentences, _, mentions = tables
    new = correct_mentions(mentions, sentences, decisions, {REPORT: TEXT}, book)
    numbers = [f"{REPORT}-m{n:04d}" for n in range(1, len(new) + 1)]
    assert new["mention"].tolist() == numbers and list(new.columns) == list(mentions.columns)
    return new


def test_an_issue_is_added_to_a_whole_sentence_or_to_a_part_of_it(tables, book):
    sentences, _, mentions = tables
    row = row_of(sentences, "业务不熟")
    issue = next(i for i in book["issues"]["issue"] if i not in set(mentions["issue"]))
    new = redone(tables, book, decide(row, "issue", issue))
    added = new[new["issue"] == issue].iloc[0]
    assert (added["quote"], added["pattern"], added["corrected"]) == (
        TEXT[row["start"] : row["end"]],
        "corrected",
        True,
    )
    assert added["stance"] == "asserted" and added["role"] == row["role"]
    assert len(new) == len(mentions) + 1 and new["start"].is_monotonic_increasing
    at = TEXT.index("业务不熟")
    part = decide(row, "issue", f"{issue}/supposed", target="mention")._replace(
        start=at, end=at + 4
    )
    added = redone(tables, book, part).query("issue == @issue").iloc[0]
    assert (added["quote"], added["stance"]) == ("业务不熟", "supposed")


def test_an_issue_is_taken_away_exchanged_confirmed_and_its_stance_changed(tables, book):
    sentences, _, mentions = tables
    row = row_of(sentences, "两张皮")
    this = (mentions["issue"] == "two_skins") & (mentions["sentence"] == row["sentence"])
    there, rest = mentions[this].iloc[0], named(mentions[~this])
    gone = redone(tables, book, decide(row, "issue", None, "two_skins", target="mention"))
    assert named(gone) == rest
    other = decide(row, "issue", "self_circulation", "two_skins", target="mention")
    changed = redone(tables, book, other).query("issue == 'self_circulation'").iloc[0]
    assert changed["quote"] == there["quote"] and changed["corrected"]
    sure = redone(tables, book, decide(row, "issue", "two_skins", "two_skins", target="mention"))
    assert named(sure) == named(mentions) and sure["corrected"].sum() == 1
    said = ("two_skins/negated", "two_skins/asserted")
    stance = redone(tables, book, decide(row, "stance", *said, target="mention"))
    assert named(stance) == rest | {(row["sentence"], "two_skins", "negated")}
    # Taken away, then confirmed after all: it is there although no pattern found it.
    back = decide(row, "issue", "two_skins", "two_skins", target="mention")
    again = redone(tables, book, decide(row, "issue", None, "two_skins"), back)
    assert (row["sentence"], "two_skins") in set(
        zip(again["sentence"], again["issue"], strict=True)
    )
    # What is exchanged for an issue that is there already leaves one mention.
    twice = redone(tables, book, decide(row, "issue", "self_circulation"), other)
    assert (twice["issue"] == "self_circulation").sum() == 1


def test_noise_names_no_issue(tables, book):
    sentences, passages, mentions = tables
    row = row_of(sentences, "业务不熟")
    noisy, _ = correct_roles(sentences, passages, [decide(row, "role", "noise")], book)
    one = decide(row, "issue", "two_skins")
    new = correct_mentions(mentions, noisy, [one], {REPORT: TEXT}, book)
    assert named(new) == named(mentions) and list(find_silent([one], noisy)) == ["c1"]


# --- values, reports, places ----------------------------------------------------------------------


def table(*rows):
    common = {"correction": "c1", "target": "sentence", "field": "role", "now": "problem"}
    common |= {"report": REPORT, "sha256": "s1"}
    made = []
    for number, row in enumerate(rows, start=1):
        quote = row.pop("quote", "有的单位党建与业务两张皮。")
        start = TEXT.index(quote)
        anchor = make_anchor(TEXT, start, start + len(quote))._asdict()
        made.append(common | {"correction": f"c{number}"} | anchor | row)
    return check("corrections", pd.DataFrame(made).reindex(columns=TABLES["corrections"].names))


def test_values_may_be_chinese_and_must_be_in_the_codebook(book):
    decisions = table(
        {"now": "对策", "was": "gone"},
        {"field": "theme", "now": "staffing_x"},
        {"field": "issue", "now": "两张皮/认定"},
        {"field": "issue", "now": None, "was": "old_issue"},
        {"target": "mention", "field": "stance", "now": "two_skins/negated"},
        {"target": "mention", "field": "stance", "now": "negated"},
        {"target": "mention", "field": "stance", "now": "two_skins/nagated"},
    )
    good, reasons = check_values(decisions, book)
    assert good["now"].tolist() == ["countermeasure", "two_skins/asserted", "two_skins/negated"]
    assert good["was"].iloc[0] == "gone"
    assert sorted(reasons) == ["c2", "c4", "c6", "c7"]
    assert reasons["c2"].startswith("now “staffing_x” 不在编码手册中；是否想写 staffing？")
    assert reasons["c4"] == "was “old_issue” 不在编码手册中，可能已改名或删去"
    assert "negated" in reasons["c7"] and "不在编码手册中" in reasons["c6"]


def test_a_renamed_report_is_known_by_its_bytes(book):
    one = table({})
    for hashes, name, unchanged in (
        ({"甲": "s1", "乙": "s2"}, "甲", True),
        ({"新名": "s1", "乙": "s2"}, "新名", True),
        ({"甲": "s3"}, "甲", False),
        ({"甲": "s2", "乙": "s1"}, "乙", True),  # the names were exchanged
        ({"甲": "s1", "乙": "s1"}, "甲", True),
    ):
        got, reasons = assign_reports(one, hashes)
        assert reasons == {} and got["report"].tolist() == [name]
        assert got["unchanged"].tolist() == [unchanged]
    for hashes, reason in (
        ({"乙": "s2"}, "报告 甲 已不在 data/reports 中，或者读不出来"),
        ({"乙": "s1", "丙": "s1"}, "有 2 份内容相同的报告（乙、丙）"),
    ):
        got, reasons = assign_reports(one, hashes)
        assert got.empty and reasons == {"c1": reason}
    told = stale_table(one, reasons)
    assert told["reason"].tolist() == [reason] and told["exact"].iloc[0].startswith("有的单位")


def test_a_decision_is_about_the_sentence_as_it_was(tables, book):
    sentences, passages, _ = tables
    decisions = table({}, {"target": "passage", "quote": TEXT[slice(*_span(passages))]}).assign(
        unchanged=False
    )
    placed, reasons = place_decisions(decisions, {REPORT: TEXT}, sentences, passages)
    assert reasons == {} and [one.units for one in placed] == [
        (row_of(sentences, "两张皮")["sentence"],),
        (row_of(sentences, "两张皮")["passage"],),
    ]
    longer = TEXT.replace("两张皮。", "两张皮。这是通病。").replace("有的单位", "如今有的单位")
    parts = split_report(REPORT, longer, book)
    placed, reasons = place_decisions(decisions, {REPORT: longer}, parts.sentences, parts.passages)
    assert placed == [] and reasons["c1"] == CUT_ANEW and reasons["c2"] == "原句已改动或删去"
    assert place_decisions(decisions, {"乙": TEXT}, sentences, passages) == ([], {})


def _span(passages):
    row = passages[passages["text"].str.contains("两张皮")].iloc[0]
    return row["start"], row["end"]
