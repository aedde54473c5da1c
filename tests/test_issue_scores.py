"""Chances of issues by words, role and neighbours, worked by hand."""

from math import exp

import numpy as np
import pandas as pd
import pytest
from toys_themes import toy_book, with_learned

from analysis.issue_scores import ANY_ISSUE, FEATURES, find_chances, list_evidence
from analysis.textmodel import INTERCEPT, mark_of

NGRAMS = [
    (INTERCEPT, 0.0, f"thin_staffing=-2.0 assessment_flaws=-1.0 {ANY_ISSUE}=-0.5"),
    (mark_of("problem"), 0.0, "thin_staffing=0.5"),
    ("兼", 1.0, "thin_staffing=3.0"),
    ("考", 1.0, f"assessment_flaws=2.0 {ANY_ISSUE}=1.5"),
]
WEIGHTS = {"start": -1.0, "words": 2.0, "others": -0.5, "finding": 1.5, "any": 3.0, "before": 0.7}
CONTEXT = [(f"issue:{name}", "issue", weight) for name, weight in WEIGHTS.items()]
THIN, FLAWS = 0, 1


def sigmoid(value):
    return 1 / (1 + exp(-value))


def sentences(*rows):
    return pd.DataFrame(rows, columns=["passage", "role", "text"])


ROWS = sentences(("p1", "problem", "兼"), ("p1", "practice", "考"), ("p2", "cause", "无"))


def test_evidence_by_hand():
    # words: 兼 in a problem −2 + .5 + 3 = 1.5, else −2; 考 −1 + 2 = 1, else −1
    evidence = list_evidence(ROWS, with_learned(toy_book(), NGRAMS))
    named = [pd.DataFrame(row, ["thin", "flaws"], FEATURES).T.to_dict() for row in evidence]
    first = {"start": 1, "finding": 1, "any": 0, "before": 0}
    assert named[0]["thin"] == pytest.approx(
        first | {"words": 1.5, "others": 0, "behind": sigmoid(-2)}
    )
    assert named[0]["flaws"] == pytest.approx(
        first | {"words": -1, "others": 2.5, "behind": sigmoid(1)}
    )
    second = {"start": 1, "finding": 0, "any": sigmoid(1), "behind": 0}  # another passage
    assert named[1]["thin"] == pytest.approx(
        second | {"words": -2, "others": 3, "before": sigmoid(1.5)}
    )
    assert named[1]["flaws"] == pytest.approx(
        second | {"words": 1, "others": 0, "before": sigmoid(-1)}
    )
    assert named[2]["flaws"] == pytest.approx(
        {"start": 1, "words": -1, "others": 0, "finding": 1, "any": 0, "before": 0, "behind": 0}
    )


def test_chances_add_up_the_evidence():
    chances = find_chances(ROWS, with_learned(toy_book(), NGRAMS, CONTEXT))
    assert chances[0] == pytest.approx(
        [sigmoid(-1 + 2 * 1.5 + 1.5), sigmoid(-1 + 2 * -1 - 0.5 * 2.5 + 1.5)]
    )
    assert chances[1, FLAWS] == pytest.approx(
        sigmoid(-1 + 2 * 1 + 3 * sigmoid(1) + 0.7 * sigmoid(-1))
    )
    assert chances.shape == (3, 2)


def test_the_same_words_say_more_where_faults_are_told():
    rows = sentences(("p1", "problem", "考"), ("p2", "practice", "考"))
    book = with_learned(toy_book(), NGRAMS, [c for c in CONTEXT if c[0] != "issue:any"])
    found, told = find_chances(rows, book)[:, FLAWS]
    assert found > told


def test_no_issue_in_noise():
    rows = ROWS.assign(role="noise")
    book = with_learned(toy_book(), NGRAMS, CONTEXT)
    assert find_chances(rows, book).tolist() == [[0, 0]] * 3
    assert (find_chances(ROWS.assign(role="cause"), book) > 0).all()


def test_in_other_roles_the_topic_alone_is_no_issue():
    """However sure the topic is, a sentence that names no defect names no issue."""
    sure = (INTERCEPT, 0.0, f"thin_staffing=9.0 assessment_flaws=9.0 {ANY_ISSUE}=-9.0")
    book = with_learned(toy_book(), [sure, *NGRAMS[1:]], CONTEXT)
    for role, least, most in (("problem", 0.9, 1), ("practice", 0, 0)):
        chances = find_chances(ROWS.assign(role=role), book)
        assert least <= chances.max() <= most


def test_an_issue_that_no_label_taught_is_impossible():
    ngrams = [(name, idf, weights.split()[0]) for name, idf, weights in NGRAMS[:3]]
    rows = ROWS.assign(role="problem")
    chances = find_chances(rows, with_learned(toy_book(), ngrams, CONTEXT))
    assert (chances[:, THIN] > 0).all()
    assert chances[:, FLAWS].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("ngrams", "context"), [((), ()), (NGRAMS, ()), ((), CONTEXT)])
def test_without_models_there_are_no_chances(ngrams, context):
    chances = find_chances(ROWS, with_learned(toy_book(), ngrams, context))
    assert chances.tolist() == [[0, 0]] * 3


def test_no_sentences():
    chances = find_chances(ROWS.head(0), with_learned(toy_book(), NGRAMS, CONTEXT))
    assert chances.shape == (0, 2)
    assert chances.dtype == np.float64
