"""Linear models over character n-grams: scores, chances and reasons, worked by hand."""

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys_themes import toy_book, with_learned

from analysis.ngrams import MARK
from analysis.textmodel import (
    INTERCEPT,
    NGRAM,
    SHOWN,
    TextModel,
    format_weights,
    make_vectorizer,
    mark_of,
    normal,
    text_model,
)

ROWS = [
    (INTERCEPT, 0.0, "good=-1.0 bad=0.5"),
    (mark_of("problem"), 0.0, "bad=0.7"),
    ("弱", 2.0, "good=-1.0 bad=1.0"),
    ("不", 1.0, "bad=2.0"),
    ("不弱", 3.0, "good=1.5"),
    ("的", 0.5, None),
    ("#", 1.0, "good=1.0"),
]
KEYS = ("good", "bad")
make_vectorizer()  # imports scikit-learn, which takes longer than one example of hypothesis may


@pytest.fixture
def model():
    return TextModel(with_learned(toy_book(), ROWS), KEYS)


def sigmoid(value):
    return 1 / (1 + exp(-value))


def test_scores_are_sums_of_tf_idf_times_weight(model):
    # 弱 twice: (1 + ln 2) · 2; 不弱 and 不 once; 弱不 is no row. Then scaled to length one.
    weak, no, pair = 2 * (1 + log(2)), 1.0, 3.0
    length = sqrt(weak**2 + no**2 + pair**2)
    expected = [-1 + (-weak + 1.5 * pair) / length, 0.5 + (weak + 2 * no) / length]
    assert model.scores(["弱不弱"])[0] == pytest.approx(expected)


def test_a_row_without_weights_counts_for_the_length(model):
    length = sqrt(2**2 + 0.5**2)
    assert model.scores(["弱的"])[0] == pytest.approx([-1 - 2 / length, 0.5 + 2 / length])


def test_a_text_without_known_characters_has_the_intercept(model):
    assert model.scores(["甲乙", ""]).tolist() == [[-1, 0.5], [-1, 0.5]]


def test_every_digit_is_one_sign(model):
    assert model.scores(["3"])[0] == pytest.approx([0, 0.5])
    assert model.scores(["７"]).tolist() == model.scores(["3"]).tolist()


def test_what_the_models_see_has_the_length_of_the_text():
    text = "共12份，占４0%,不足;很弱"
    assert normal(text) == "共##份，占##%，不足；很弱"
    assert len(normal(text)) == len(text)


def test_a_mark_counts_for_its_texts_only(model):
    plain = model.scores(["弱", "弱", "弱"])
    marked = model.scores(["弱", "弱", "弱"], ["problem", "practice", "problem"])
    expected = [[0, 0.7], [0, 0], [0, 0.7]]  # no row is called （practice）
    assert marked - plain == pytest.approx(np.array(expected))


def test_a_mark_is_no_ngram(model):
    assert model.scores(["（problem）"]).tolist() == [[-1, 0.5]]


def test_chances_and_shares(model):
    assert model.chances(["甲"])[0] == pytest.approx([sigmoid(-1), sigmoid(0.5)])
    # Two keys that exclude each other: the share is that of the difference.
    assert model.shares(["甲"])[0] == pytest.approx([sigmoid(-1.5), sigmoid(1.5)])
    assert model.shares(["甲"], ["problem"])[0][1] == pytest.approx(sigmoid(2.2))


def test_a_key_without_weights_is_impossible():
    book = with_learned(toy_book(), ROWS)
    model = TextModel(book, ("good", "goo", "bad"))
    assert model.scores(["弱"])[0, 1] == -np.inf
    assert model.chances(["弱"])[0, 1] == model.shares(["弱"])[0, 1] == 0
    assert model.shares(["弱"])[0, [0, 2]] == pytest.approx(TextModel(book, KEYS).shares(["弱"])[0])


def test_without_any_weights_nothing_is_said():
    for rows in ((), ROWS):
        model = TextModel(with_learned(toy_book(), rows), ("a", "b"))
        assert model.shares(["弱", "不"]).tolist() == [[0, 0], [0, 0]]
        assert model.chances(["弱"]).tolist() == [[0, 0]]


def test_no_texts(model):
    assert model.scores([]).shape == model.shares([]).shape == model.chances([]).shape == (0, 2)


def test_weigh_spreads_an_ngram_over_its_characters(model):
    # good: 不弱 3 · 1.5 over two characters, 弱 2 · −1
    assert model.weigh("不弱", "good") == pytest.approx([2.25, 2.25 - 2])
    assert model.weigh("不弱甲", "bad") == pytest.approx([2, 2, 0])


REASONS = [
    (INTERCEPT, 0.0, "bad=0.0"),
    *(
        (character, 1.0, f"bad={weight}")
        for character, weight in zip("甲乙丙丁", "2341", strict=True)
    ),
    ("戊", 1.0, "bad=-5.0"),
    ("，", 1.0, "bad=9.0"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲乙戊丙丁", ["甲乙", "丙丁"]),  # 5 and 5: the first of equals
        ("甲丁戊乙丙戊甲乙", ["乙丙", "甲乙", "甲丁"]),
        ("丙戊丙", []),  # single characters are no reason
        ("甲乙，丙丁", ["甲乙", "丙丁"]),  # no stretch crosses a comma, whatever its weight
        ("甲乙,丙丁", ["甲乙", "丙丁"]),
        ("丁丁戊甲甲戊乙乙戊丙丙", ["丙丙", "乙乙", "甲甲"]),
        ("戊戊", []),
        ("", []),
    ],
)
def test_reasons_are_the_stretches_that_speak_for_a_key(text, expected):
    model = TextModel(with_learned(toy_book(), REASONS), ("bad",))
    assert model.reasons(text, "bad") == expected
    assert len(expected) <= SHOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲甲，丙丙，丁。", "丙丙"),
        ("丁甲，甲丁。", "丁甲"),  # the first of equals
        ("，甲；戊！", "甲"),
        ("戊戊？", "戊戊"),
        ("已", "已"),
        ("。。", "。。"),  # nothing else to name
    ],
)
def test_clause_is_the_one_that_speaks_most_for_a_key(text, expected):
    model = TextModel(with_learned(toy_book(), REASONS), ("bad",))
    start, end = model.clause(text, "bad")
    assert text[start:end] == expected


def test_weights_are_written_as_they_are_read():
    assert format_weights({"bad": 0.26, "good": -1.0}) == "bad=0.3 good=-1.0"
    assert format_weights({}) is None
    rows = [(INTERCEPT, 0.0, format_weights({"bad": 0.26, "good": -1.0}))]
    model = TextModel(with_learned(toy_book(), rows), KEYS)
    assert model.intercepts.tolist() == [-1.0, 0.3]


def test_a_model_is_made_once_for_a_codebook():
    book, other = (with_learned(toy_book(), ROWS) for _ in range(2))
    assert text_model(book, KEYS) is text_model(book, KEYS)
    assert text_model(book, KEYS) is not text_model(other, KEYS)
    assert text_model(book, KEYS[::-1]).scores(["弱"])[0].tolist() == pytest.approx(
        text_model(book, KEYS).scores(["弱"])[0, ::-1]
    )


def test_the_ngrams_of_the_codebook_are_those_that_a_model_reads(book):
    """A longer one, a blank or a plain digit could never be met in a text."""
    names = book["learned_ngrams"]["ngram"]
    ngrams = names[~names.str.fullmatch("（..+）")]
    assert ngrams.str.len().between(*NGRAM).all()
    assert (ngrams.map(normal) == ngrams).all()
    assert (book["learned_ngrams"].loc[ngrams.index, "idf"] > 0).all()


@given(st.lists(st.text("不弱的3７,， \u3000\n甲𠀀", max_size=12), max_size=6))
def test_vectors_are_those_of_scikit_learn_to_the_last_bit(texts):
    model = TextModel(with_learned(toy_book(), ROWS), KEYS)
    rows = [row for row in ROWS if not MARK.fullmatch(row[0])]
    plain = make_vectorizer(vocabulary={name: at for at, (name, *_) in enumerate(rows)})
    plain.idf_ = np.array([idf for _, idf, _ in rows])
    found = model.vectors(texts)
    assert found.shape == (len(texts), len(rows))
    if texts:
        assert (found != plain.transform(map(normal, texts))).nnz == 0


def test_many_texts_at_once_give_what_each_gives_alone(book, study):
    sentences = study.sentences["text"].tolist()[:200]
    model = text_model(book, ("two_skins", "monotonous_activities"))
    keys = [model.keys[at % 2] for at in range(len(sentences))]
    pairs = list(zip(sentences, keys, strict=True))
    assert model.reasons_of(sentences, keys) == [model.reasons(*pair) for pair in pairs]
    assert model.clauses_of(sentences, keys) == [model.clause(*pair) for pair in pairs]
    assert model.scores(sentences).tolist() == [model.scores([s])[0].tolist() for s in sentences]
