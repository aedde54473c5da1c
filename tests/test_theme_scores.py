from math import exp

import numpy as np
import pytest
from toys_themes import toy_book, toy_tables, with_learned

from analysis import theme_scores as ts
from analysis.theme_evidence import Lexicon, collect_evidence
from analysis.theme_scores import score_themes

STAFFING, ASSESSMENT, DIGITAL = range(3)


def scores(*parts, report="a", book=None):
    lexicon = Lexicon(book or toy_book())
    evidence = collect_evidence(*toy_tables((report, list(parts))), lexicon)
    return score_themes(evidence, lexicon.weights)


def test_own_words_by_hand():
    # 考核 once, whatever how often it stands there: 4 / (4 + OWN_HALF).
    own = 4 / (4 + ts.OWN_HALF)
    result = scores((None, None, ["考核与考核"]))
    assert result.sentences[0] == pytest.approx([0, own, 0])
    assert result.passages[0] == pytest.approx([0, own, 0])


def test_own_words_share_at_most_one():
    # 兼职 4, 平台 2: 4 / (6 + OWN_HALF) and 2 / (6 + OWN_HALF).
    total = 6 + ts.OWN_HALF
    assert scores((None, None, ["兼职平台"])).sentences[0] == pytest.approx(
        [4 / total, 0, 2 / total]
    )


def test_headings_count_by_distance():
    heading = 4 / (4 + ts.HEADING_HALF)
    result = scores((None, "一、督查 › （一）培训", ["无关"]))
    expected = [heading, ts.HEADING_DECAY * heading, 0]
    assert result.sentences[0] == pytest.approx(ts.HEADING_WEIGHT * np.array(expected))
    assert result.passages[0] == pytest.approx(ts.HEADING_WEIGHT * np.array(expected))


def test_an_inner_heading_is_nearer_than_the_path():
    heading = 4 / (4 + ts.HEADING_HALF)
    result = scores((None, "督查", ["无关", ("培训", "countermeasure", 3), "别的"]))
    context = ts.HEADING_WEIGHT * np.array([heading, ts.HEADING_DECAY * heading, 0])
    assert result.sentences[2][ASSESSMENT] == pytest.approx(context[ASSESSMENT])
    assert result.sentences[2][STAFFING] > context[STAFFING]
    # The sentence before it stands under the path alone.
    assert result.sentences[0][ASSESSMENT] == pytest.approx(ts.HEADING_WEIGHT * heading)


def test_the_title_says_nothing_about_a_passage():
    parts = [
        ("督查研究", "督查研究", [("督查研究", "heading", 0)]),
        ("督查研究", "督查研究", ["无关"]),
    ]
    assert scores(*parts).sentences[1].tolist() == [0, 0, 0]


def test_issues_count_once_each():
    tables = toy_tables(("a", [(None, None, [("无关", "problem", None, "thin_staffing")])]))
    sentences, passages, mentions = tables
    mentions = mentions.iloc[[0, 0]]
    lexicon = Lexicon(toy_book())
    result = score_themes(collect_evidence(sentences, passages, mentions, lexicon), lexicon.weights)
    assert result.sentences[0] == pytest.approx([ts.ISSUE_WEIGHT, 0, 0])


def test_the_point_is_pooled_by_hand():
    own = 4 / (4 + ts.OWN_HALF)
    result = scores((None, None, ["考核", "培训", "无关", ("督查", "noise")]))
    # The third sentence has two others with own words; noise neither gives nor counts.
    pooled = (ts.POINT_WEIGHT + ts.SUBPOINT_WEIGHT) * own / 2**ts.POOL_EXPONENT
    assert result.sentences[2] == pytest.approx([pooled, pooled, 0])
    assert result.passages[0] == pytest.approx([own / 3**ts.POOL_EXPONENT] * 2 + [0])


# 网 is the only n-gram known, so its tf-idf is 1: digital has the log-odds 2, the others 0.
LEARNED = [("（截距）", 0.0, "staffing=0.0 assessment=0.0 digital=0.0"), ("网", 1.0, "digital=2.0")]
SHARES = np.array([1, 1, exp(2)]) / (2 + exp(2))


def test_learned_shares_count_beside_the_terms_by_hand():
    book = with_learned(toy_book(), LEARNED)
    terms = np.array([0, 4 / (4 + ts.OWN_HALF), 0])
    result = scores((None, None, ["考核上网"]), book=book)
    assert result.own_sentences[0] == pytest.approx(terms + ts.LEARNED_WEIGHT * SHARES)
    assert result.sentences[0] == pytest.approx(result.own_sentences[0])
    assert result.passages[0] == pytest.approx(result.own_sentences[0])


def test_learned_shares_of_headings_by_hand():
    book = with_learned(toy_book(), LEARNED)
    result = scores((None, "上网 › 督查", ["无关"]), book=book)
    even = np.full(3, 1 / 3)
    nearest = np.array([0, 4 / (4 + ts.HEADING_HALF), 0]) + ts.LEARNED_HEADING_WEIGHT * even
    context = nearest + ts.HEADING_DECAY * ts.LEARNED_HEADING_WEIGHT * SHARES
    own = ts.LEARNED_WEIGHT * even
    assert result.sentences[0] == pytest.approx(own + ts.HEADING_WEIGHT * context)


def test_noise_and_headings_have_no_learned_shares():
    book = with_learned(toy_book(), LEARNED)
    result = scores((None, None, [("上网", "noise"), ("上网", "heading")]), book=book)
    assert result.sentences.tolist() == [[0, 0, 0]] * 2


def test_a_term_switched_off_counts_nothing():
    lexicon = Lexicon(toy_book())
    evidence = collect_evidence(*toy_tables(("a", [(None, None, ["考核"])])), lexicon)
    weights = lexicon.weights.copy()
    weights[lexicon.terms.index("考核")] = 0
    assert score_themes(evidence, weights).sentences.tolist() == [[0, 0, 0]]


def test_empty_tables():
    lexicon = Lexicon(toy_book())
    evidence = collect_evidence(*toy_tables(), lexicon)
    assert score_themes(evidence, lexicon.weights).sentences.shape == (0, 3)
