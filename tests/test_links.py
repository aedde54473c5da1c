import pandas as pd
import pytest
from toys_themes import gold_tables, real_book, toy_tables

from analysis.codebook import Codebook
from analysis.links import (
    LEAST_ELSEWHERE,
    LEAST_SCORE,
    NO_ANSWER,
    NO_MEASURES,
    PROPOSALS,
    find_links,
    find_points,
    propose_answers,
)
from analysis.schema import empty
from analysis.themes import tag_themes

FEW = [
    ("（一）人手不足", "problem", 1),
    "专职党务干部太少，大多身兼多职。",
    ("考核只看台账，结果不用。", "problem", None, "assessment_flaws"),
]
MEASURES = [
    ("配齐专职党务干部，减少身兼多职。", "countermeasure"),
    ("改进考核办法，用好考核结果。", "countermeasure"),
]


def tables_of(*reports, book: Codebook | None = None):
    sentences, passages, mentions = toy_tables(*reports)
    sentences, passages = tag_themes(sentences, passages, mentions, book or real_book())
    levels = pd.DataFrame({"report": [name for name, _ in reports], "level": "city"})
    return sentences, passages, mentions, levels.astype("str")


def all_links(sentences, passages, mentions, reports, book) -> pd.DataFrame:
    """Links within the reports, then what others propose."""
    own = find_links(sentences, passages, mentions, book)
    return propose_answers(own, sentences, passages, mentions, reports, book)


def links_of(*reports) -> pd.DataFrame:
    return all_links(*tables_of(*reports), real_book())


def points_of(*lines) -> list[int]:
    """Number of the point of each problem sentence, counted from 0."""
    parts = lines if isinstance(lines[0], list) else [list(lines)]
    sentences, _, mentions, _ = tables_of(("甲", [("一", "一", part) for part in parts]))
    points = find_points(sentences.assign(theme="staffing"), mentions)
    return pd.factorize(points)[0].tolist()


def test_a_point_is_a_run_of_problem_sentences_of_a_passage():
    assert points_of("甲少。", "乙少。", ("要改。", "countermeasure"), "丙少。") == [0, 0, 1]
    assert points_of(["甲少。", "乙少。"], ["丙少。"]) == [0, 0, 1]


def test_noise_between_two_sentences_does_not_part_them():
    assert points_of("甲少。", ("第3页", "noise"), "乙少。") == [0, 0]


def test_other_issues_part_and_shared_ones_do_not():
    thin, flaws = "thin_staffing", "assessment_flaws"
    assert points_of(("甲。", "problem", None, thin), ("乙。", "problem", None, flaws)) == [0, 1]
    assert points_of(("甲。", "problem", None, thin), ("乙。", "problem", None, thin)) == [0, 0]
    assert points_of(("甲。", "problem", None, thin), "乙。") == [0, 0]


def test_other_themes_part():
    sentences, _, mentions, _ = tables_of(("甲", [("一", "一", ["甲。", "乙。"])]))
    points = find_points(sentences.assign(theme=["staffing", "digital"]), mentions)
    assert points.nunique() == 2


def test_a_heading_belongs_to_what_comes_first_under_it():
    head, under = ("（一）甲", "problem", 1), ("1.乙", "problem", 2)
    assert points_of([head], [under], ["丙少。"], ["丁少。"]) == [0, 0, 0, 1]
    # A heading of the same level has nothing under it.
    assert points_of([head], [head], ["丙少。"]) == [0, 1, 1]


def test_points_are_named_by_their_first_sentence():
    sentences, _, mentions, _ = tables_of(("甲", [("一", "一", ["甲。", "乙。"])]))
    points = find_points(sentences.assign(theme="staffing"), mentions)
    assert points.to_dict() == {"甲-s0000": "甲-s0000", "甲-s0001": "甲-s0000"}


def test_each_problem_finds_its_countermeasure_and_says_why():
    links = links_of(("甲", [("一", "一", FEW), ("二", "二", MEASURES)]))
    best = links.drop_duplicates("problem").set_index("problem")
    assert best["countermeasure"].to_dict() == {"甲-s0000": "甲-s0003", "甲-s0002": "甲-s0004"}
    assert (best["score"] >= LEAST_SCORE).all()
    assert (best["report_countermeasure"] == "甲").all()
    assert "主题相同：党务干部队伍" in best["basis"]["甲-s0000"]
    assert "身兼多职" in best["basis"]["甲-s0000"]
    assert "先后次序相应" in best["basis"]["甲-s0000"]
    ranked = links.groupby("problem")["score"].apply(list)
    assert all(scores == sorted(scores, reverse=True) for scores in ranked)


def test_an_issue_named_on_both_sides_is_told():
    lines = [
        ("存在“灯下黑”。", "problem", None, "dark_under_lamp"),
        ("谨防“灯下黑”。", "countermeasure", None, "dark_under_lamp"),
    ]
    links = links_of(("甲", [("一", "一", lines)]))
    assert links["basis"][0].startswith("点名该问题：灯下黑")
    assert links["basis"][0].endswith("在同一标题之下")


def test_a_remedy_labelled_under_the_same_topic_stands_together_with_it():
    topics = [("一、人员", FEW[1], MEASURES[0]), ("二、考核", FEW[2], MEASURES[1])]
    parts = [
        (topic, f"{topic} › {label}", [line])
        for topic, *lines in topics
        for label, line in zip(("【问题】", "【对策】"), lines, strict=True)
    ]
    best = links_of(("甲", parts)).drop_duplicates("problem")
    assert best["countermeasure"].tolist() == ["甲-s0001", "甲-s0003"]
    assert best["basis"].str.endswith("在同一标题之下").all()


def test_a_problem_without_answer_has_one_row_that_says_so():
    far = [("加强离退休干部工作，办好老年大学。", "countermeasure")]
    links = links_of(("甲", [("一", "一", FEW[:2]), ("二", "二", far)]))
    assert links["problem"].tolist() == ["甲-s0000"]
    assert links.loc[0, ["countermeasure", "report_countermeasure", "score"]].isna().all()
    assert links["basis"][0] == NO_ANSWER
    links = links_of(("甲", [("一", "一", FEW[:2])]))
    assert links["basis"].tolist() == [NO_MEASURES]


def test_another_report_is_only_proposed_and_only_where_there_is_no_answer():
    alone = ("甲", [("一", "一", FEW)])
    links = links_of(alone, ("乙", [("二", "二", MEASURES)]))
    assert links["problem"].tolist() == ["甲-s0000"] * 2 + ["甲-s0002"] * 2
    proposed = links[links["countermeasure"].notna()]
    assert (proposed["report_problem"] == "甲").all()
    assert (proposed["report_countermeasure"] == "乙").all()
    assert proposed["basis"].str.startswith("这一问题，市级报告已有对策可借鉴；").all()
    assert (proposed["score"] >= LEAST_ELSEWHERE).all()
    full = ("甲", [("一", "一", FEW), ("二", "二", MEASURES)])
    links = links_of(full, ("乙", [("二", "二", MEASURES)]))
    assert (links["report_problem"] == links["report_countermeasure"]).all()


def test_at_most_a_few_reports_are_proposed_each_once():
    others = [(name, [("二", "二", MEASURES)]) for name in "乙丙丁戊己"]
    links = links_of(("甲", [("一", "一", FEW)]), *others)
    named = links.dropna(subset="countermeasure").groupby("problem")["report_countermeasure"]
    assert (named.nunique() == PROPOSALS).all()
    assert (named.size() == PROPOSALS).all()


@pytest.mark.parametrize(
    "reports",
    [
        (),
        (("甲", [("一", "一", [("只有做法。", "practice")])]),),
        (("甲", [("一", None, MEASURES)]),),
        (("甲", [("一", None, ["？", ("！", "countermeasure")])]),),
    ],
    ids=["no reports", "no problem", "no problem but measures", "not one word"],
)
def test_where_nothing_can_be_linked_the_table_still_comes(reports):
    links = links_of(*reports) if reports else all_links(*no_tables(), real_book())
    assert links.columns.tolist() == empty("links").columns.tolist()
    assert links["countermeasure"].isna().all()


def no_tables():
    return [empty(name) for name in ("sentences", "passages", "mentions", "reports")]


def test_without_learned_models_words_and_places_still_link(book):
    bare = Codebook(book.tables | {n: empty(n) for n in ("learned_ngrams", "learned_context")})
    parts = [("一", "一", FEW), ("二", "二", MEASURES)]
    links = all_links(*tables_of(("甲", parts), book=bare), bare)
    assert links["score"].dropna().between(LEAST_SCORE, 1).all()


def test_links_of_a_report_do_not_move_with_others_or_with_the_order_of_rows(book):
    sentences, passages, mentions = gold_tables()
    sentences, passages = tag_themes(sentences, passages, mentions, book)
    reports = pd.DataFrame({"report": sentences["report"].unique(), "level": "city"})
    links = all_links(sentences, passages, mentions, reports, book)
    mixed = all_links(sentences.sample(frac=1, random_state=0), passages, mentions, reports, book)
    pd.testing.assert_frame_equal(links, mixed)
    name = "county-organs"
    alone = sentences[sentences["report"] == name]
    alone = all_links(alone, passages, mentions, reports, book)
    own = (links["report_problem"] == name) & (links["report_countermeasure"].fillna(name) == name)
    pd.testing.assert_frame_equal(alone, links[own].reset_index(drop=True))
    assert alone["countermeasure"].isna().any()
    assert alone["countermeasure"].notna().any()
