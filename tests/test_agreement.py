import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement import (
    agreement,
    agreement_by_key,
    find_overlaps,
    match_best,
    match_pairs,
    mean_f1,
)

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda p: (p[0], sum(p))))


@given(SPANS, SPANS)
def test_overlaps_are_those_of_every_pair_compared(left, right):
    pairs = [
        (i, j, min(left[i][1], right[j][1]) - max(left[i][0], right[j][0]))
        for i in range(len(left))
        for j in range(len(right))
    ]
    assert sorted(find_overlaps(left, right)) == [pair for pair in pairs if pair[2] > 0]


def test_spans_that_only_touch_do_not_overlap():
    assert find_overlaps([(0, 5)], [(5, 9)]) == []


def test_best_match_shares_most_and_the_first_of_equals():
    # 10–20 shares 2, 5, 3; 20–30 shares 4 and 4; 40–50 nothing.
    left = [(10, 20), (20, 30), (40, 50)]
    right = [(8, 12), (12, 17), (17, 24), (26, 30)]
    assert match_best(left, right) == [1, 2, None]


def test_pairs_are_one_to_one_and_share_enough():
    # The long span takes the left one it shares more with; 3 of 7 characters are not half.
    assert match_pairs([(0, 4), (4, 10)], [(0, 10)], 0.5) == {1: 0}
    assert match_pairs([(0, 7)], [(4, 9)], 0.5) == {}
    assert match_pairs([(0, 6)], [(3, 9)], 0.5) == {0: 0}


def test_agreement():
    # 3 of 4 predictions right, 3 of 6 labels found; F1 = 2·3 / (4 + 6).
    assert agreement(3, 4, 6) == {"precision": 0.75, "recall": 0.5, "f1": 0.6}
    nothing = agreement(0, 0, 2)
    assert math.isnan(nothing["precision"])
    assert (nothing["recall"], nothing["f1"]) == (0, 0)


def test_agreement_by_key_leaves_missing_out():
    gold = pd.Series(["a", "a", "b", None])
    predicted = pd.Series(["a", None, "a", "b"])
    result = agreement_by_key(gold, predicted)
    # a: labelled 2, predicted 2, 1 right; b: labelled 1, predicted 1, none right.
    assert result["a"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "n": 2}
    assert result["b"] == {"precision": 0, "recall": 0, "f1": 0, "n": 1}
    assert mean_f1(result.values()) == pytest.approx(0.25)
    assert math.isnan(mean_f1([]))
