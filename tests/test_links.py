import pandas as pd
import pytest
from toys_links import FEW, MEASURES, all_links, links_of, tables_of
from toys_themes import gold_tables, real_book

from analysis.codebook import Codebook
from analysis.links import LEAST_SCORE, NO_ANSWER, NO_MEASURES
from analysis.schema import empty
from analysis.themes import tag_themes


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
