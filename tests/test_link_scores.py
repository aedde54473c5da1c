import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from toys_themes import real_book

from analysis.link_scores import (
    ANY_ORDER,
    CONTEXT,
    START,
    WEIGHTS,
    compare_places,
    compare_topics,
    drop_labels,
    find_topics,
    pool_answers,
    pool_points,
    pool_topics,
    score_pairs,
)

TEXTS = [
    "党务干部大多兼职，人手少。",
    "考核结果不用。",
    "配齐专职党务干部。",
    "用好考核结果。",
    "一是用好考核结果。",
]


@pytest.fixture(scope="module")
def topics():
    return find_topics(TEXTS, np.zeros(len(TEXTS), dtype=int), real_book())


def test_order_is_the_distance_of_relative_places():
    found = compare_places(np.array([None] * 2), np.array([None] * 4))
    # Points stand at 1/4 and 3/4, countermeasures at 1/8, 3/8, 5/8, 7/8.
    assert (-found["order"]).tolist() == [
        [1 / 8, 1 / 8, 3 / 8, 5 / 8],
        [5 / 8, 3 / 8, 1 / 8, 1 / 8],
    ]


def test_together_needs_a_heading():
    paths = np.array(["甲", "乙", None], dtype=object)
    found = compare_places(paths, paths[[1, 2, 0]])
    assert found["together"].tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 0]]
    missing = np.array([np.nan], dtype=object)
    assert compare_places(missing, missing)["together"].tolist() == [[0]]


def test_labels_that_come_again_under_other_headings_are_left_out():
    paths = ["话题一 › （2）问题", "话题一 › （4）对策", "话题二 › （2）问题", "话题二 › （4）对策"]
    assert drop_labels(paths) == ["话题一"] * 2 + ["话题二"] * 2
    numbered = ["二 › （一）甲 › 问题一：", "二 › （二）乙 › 问题二：", "二 › （二）乙"]
    assert drop_labels(numbered) == [
        "二 › （一）甲",
        "二 › （二）乙",
        "二 › （二）乙",
    ]
    kept = ["一、问题 › （一）人手少", "一、问题 › （二）办法旧", "二、对策", None]
    assert drop_labels(kept) == kept
    # Alone at the top, the same label has no heading above it.
    assert drop_labels([*paths, "（3）问题"])[-1] is None


def test_scores_add_weighted_evidence():
    score = score_pairs({"issue": np.array([0.5]), "order": np.array([-0.2])})
    assert logit(score[0]) == pytest.approx(START + 0.5 * WEIGHTS["issue"] - 0.2 * WEIGHTS["order"])
    elsewhere = score_pairs({"issue": np.array([0.0])})
    assert logit(elsewhere[0]) == pytest.approx(START + ANY_ORDER * WEIGHTS["order"])


def test_pools_count_the_passage_beside_the_countermeasure():
    points = pool_points(np.array([0, 3]), np.array([2, 4]), 5).toarray()
    assert points.tolist() == [[1, 1, 0, 0, 0], [0, 0, 0, 1, 0]]
    passages = np.array(["p", "p", "q", "q", "r"], dtype=object)
    answers = pool_answers(np.array([2, 3, 4]), passages).toarray()
    half = CONTEXT / 2
    expected = [[0, 0, 1 + half, half, 0], [0, 0, half, 1 + half, 0], [0, 0, 0, 0, 1 + CONTEXT]]
    np.testing.assert_allclose(answers, expected)


def test_topics_tell_what_belongs_together(topics):
    passages = np.array([*"abcde"], dtype=object)
    answers = pool_answers(np.array([2, 3]), passages)
    points = pool_points(np.array([0, 1]), np.array([1, 2]), len(TEXTS))
    found = compare_topics(pool_topics(topics, points), pool_topics(topics, answers))
    assert set(found) == {"issue", "theme", "words"}
    for name, value in found.items():
        assert value.shape == (2, 2)
        assert value.argmax(axis=1).tolist() == [0, 1], name
        assert (np.abs(value) <= 1 + 1e-9).all()
    # Words by hand: 考核 and 结果 of the second text are all of its words that the fourth has.
    words = pd.DataFrame(topics.words.toarray(), columns=topics.terms)
    assert found["words"][1, 1] == pytest.approx(words.loc[1] @ words.loc[3])


def test_shared_words_are_words_of_both_and_no_ordinals(topics):
    points = pool_points(np.array([1, 0, 1]), np.array([2, 1, 2]), len(TEXTS))
    both, none, one = topics.shared_words(points, np.array([3, 3, 3]), 2)
    assert (set(both), none, one) == ({"考核", "结果"}, [], both)
    assert topics.shared_words(points[:1], np.array([3]), 1) == [both[:1]]
    assert "一是" not in topics.terms


def test_no_group_changes_the_topics_of_another(topics):
    count = len(TEXTS)
    both = find_topics([*TEXTS, *TEXTS[:2]], np.repeat([0, 1], [count, 2]), real_book())
    np.testing.assert_array_equal(both.issues[:count], topics.issues)
    width = topics.words.shape[1]
    assert (both.words[:count, :width] != topics.words).nnz == 0
    assert both.words[:count, width:].nnz == 0


def test_issues_are_told_apart_from_the_mean(topics):
    np.testing.assert_allclose(topics.issues.mean(axis=0), 0, atol=1e-12)
