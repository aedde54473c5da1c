import numpy as np
import pandas as pd
import pytest

from analysis import unexplained
from analysis.schema import check, empty
from analysis.unexplained import NearestIssues, find_unexplained, say_unexplained

SOURCE = "标题。评优评先靠轮流坐庄。成效不错。打分凭印象。支部要开会。\n“两张皮”。"
TEXTS = SOURCE.replace("\n", "").split("。")[:-1]
ROLES = ["heading", "problem", "practice", "problem", "countermeasure", "problem"]
PASSAGES = ["r-p1", "r-p2", "r-p2", "r-p2", "r-p3", "r-p4"]


@pytest.fixture
def tables():
    sentences = pd.DataFrame({"text": TEXTS, "role": ROLES, "passage": PASSAGES, "report": "r"})
    sentences["sentence"] = [f"r-s{n}" for n in sentences.index]
    sentences["start"] = [SOURCE.index(text) for text in TEXTS]
    sentences["end"] = sentences["start"] + sentences["text"].str.len() + 1
    passages = pd.DataFrame({"passage": sorted(set(PASSAGES)), "report": "r"})
    passages["problem_sentences"] = [0, 2, 0, 1]
    mention = {"mention": "r-m1", "issue": "two_skins", "sentence": "r-s5", "passage": "r-p4"}
    return sentences, passages, pd.DataFrame([mention])


def test_a_problem_passage_without_mention_is_listed_with_its_words(tables, book):
    sentences, passages, mentions = tables
    found = find_unexplained(passages, sentences, mentions, {"r": SOURCE}, book)
    pd.testing.assert_frame_equal(check("unexplained", found), found)
    assert found["passage"].tolist() == ["r-p2"]
    row = found.iloc[0]
    assert row["quote"] == "评优评先靠轮流坐庄。成效不错。打分凭印象。"
    assert SOURCE[row["start"] : row["end"]] == row["quote"]
    assert row["nearest1"] == "assessment_flaws"
    near = row[["similarity1", "similarity2", "similarity3"]].tolist()
    assert near == sorted(near, reverse=True)
    assert len({row[f"nearest{n}"] for n in (1, 2, 3)}) == 3
    assert say_unexplained(passages, found) == (
        "1/2 个问题段没有对上任何一种问题表现（未归类问题）。"
    )


def test_where_every_problem_has_an_issue_nothing_is_listed(tables, book):
    sentences, passages, mentions = tables
    found = find_unexplained(passages[2:], sentences, mentions, {"r": SOURCE}, book)
    pd.testing.assert_frame_equal(found, empty("unexplained"))


def test_what_shares_nothing_with_an_issue_names_none(tables, book):
    sentences, passages, mentions = tables
    sentences.loc[1:3, "text"] = "x"
    row = find_unexplained(passages, sentences, mentions, {"r": SOURCE}, book).iloc[0]
    assert row[[f"nearest{n}" for n in (1, 2, 3)]].isna().all()


def test_sentences_already_tagged_make_an_issue_nearer(tables, book):
    sentences, _, mentions = tables
    nobody = find_similarity(book, sentences, mentions[:0])
    somebody = find_similarity(book, sentences, mentions.assign(sentence="r-s1"))
    assert somebody > nobody


def find_similarity(book, sentences, mentions):
    nearest = NearestIssues(book, sentences, mentions)
    scores = nearest.similarities(["轮流坐庄成了惯例。"])
    assert scores.shape == (1, len(book["issues"]))
    assert (np.round(scores, 4) == scores).all()
    return scores[0, nearest.issues.index("two_skins")]


def test_the_five_reports_list_theirs(study):
    named = set(study.mentions["passage"])
    problems = study.passages[study.passages["problem_sentences"] > 0]
    expected = problems.loc[~problems["passage"].isin(named), "passage"].tolist()
    assert study.unexplained["passage"].tolist() == expected
    assert say_unexplained(study.passages, study.unexplained) in repr(study)


def test_the_list_to_read_names_the_nearest_issues_in_chinese(study):
    """As if nothing had been found in one of the five reports."""
    t = study.tables
    mentions = t["mentions"][t["mentions"]["report"] != "county-organs"]
    found = find_unexplained(t["passages"], t["sentences"], mentions, study.sources, study.book)
    tables = t | {"unexplained": found}
    table = type(study)(study.workspace, study.book, tables, study.sources).unnamed("county-organs")
    rows = found[found["report"] == "county-organs"]
    assert len(rows) > 0
    for row in rows.itertuples():
        assert study.sources[row.report][row.start : row.end] == row.quote
    assert table["引文"].tolist() == rows["quote"].tolist()
    first = rows.iloc[0]
    near = [
        f"{study.book.names[first[f'nearest{n}']]}（{first[f'similarity{n}']:.2f}）"
        for n in (1, 2, 3)
    ]
    assert table["最近的问题表现（相似度）"].iloc[0] == "、".join(near)
    assert table.attrs["note"].startswith(f"{len(rows)}/{len(rows)} 个问题段")


def test_of_very_many_sentences_some_tell_an_issue_whatever_the_order(monkeypatch, book):
    sentences = pd.DataFrame(
        {"sentence": [f"r-s{n}" for n in range(9)], "text": [*"甲乙丙丁戊己庚辛壬"]}
    )
    mentions = sentences[["sentence"]].assign(issue=["two_skins"] * 8 + ["formalism"])
    monkeypatch.setattr(unexplained, "SENTENCES_AT_MOST", 3)
    place = book["issues"]["issue"].tolist().index("two_skins")

    def known(mentions):
        return NearestIssues(book, sentences, mentions).similarities(sentences["text"])[:8, place]

    assert (known(mentions) > 0).sum() == 3
    assert ((known(mentions) > 0) == (known(mentions[::-1]) > 0)).all()
