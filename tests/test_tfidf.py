import re

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.tfidf import to_unit, weigh_words

ONE = re.compile(".|一是")


def test_words_are_weighed_as_scikit_learn_does_group_by_group():
    words = "考核 结果 考核|结果 办法|结果 一是 干部||考核 办法|少"
    words = [part.split() for part in words.split("|")]
    groups = np.array([0, 0, 1, 1, 1, 2])
    weights, terms = weigh_words(words, groups, ONE)
    assert terms.tolist() == ["办法", "结果", "考核", "办法", "干部", "结果", "考核"]
    for group, columns in ((0, slice(0, 3)), (1, slice(3, 7))):
        part = [[w for w in words[at] if w != "一是"] for at in np.flatnonzero(groups == group)]
        expected = TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(part).toarray()
        assert (weights[groups == group][:, columns].toarray() == expected).all()
    assert weights[5].nnz == 0  # one character is no word
    assert (weights.sum(axis=1) > 0).A1.tolist() == [True, True, True, False, True, False]


def test_nothing_is_skipped_unless_told():
    assert weigh_words(["少", "太少"], np.zeros(2, dtype=int))[1].tolist() == ["太", "少"]


def test_no_word_at_all():
    weights, names = weigh_words([[], []], np.zeros(2, dtype=int))
    assert (weights.shape, names.tolist()) == ((2, 0), [])


def test_rows_of_length_one_but_for_empty_ones():
    rows = np.array([[3.0, 4.0], [0.0, 0.0]])
    expected = [[0.6, 0.8], [0.0, 0.0]]
    assert to_unit(csr_matrix(rows)).toarray().tolist() == expected
    assert to_unit(rows).tolist() == expected
