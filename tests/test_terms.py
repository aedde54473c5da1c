import math
import tempfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys_themes import real_book, report_files, toy_book

from analysis.reading import read_source
from analysis.structure import to_simplified
from analysis.terms import TermFinder, Tokenizer, build_idf, split_paragraphs, term_weights


def simplified_reports() -> list[str]:
    return [to_simplified(read_source(path).text) for path in report_files()]


def test_rjieba_and_jieba_cut_the_five_reports_into_the_same_words():
    fast, reference = Tokenizer(real_book(), "rjieba"), Tokenizer(real_book(), "jieba")
    texts = simplified_reports()
    assert len(texts) == 5
    for text in texts:
        words = reference.words(text)
        assert len(words) > 1000
        assert fast.words(text) == words


def test_jieba_writes_neither_its_cache_nor_its_log(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert Tokenizer(real_book(), "jieba").words("机关党建")
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_terms_of_the_codebook_stay_whole(engine):
    tokenizer = Tokenizer(real_book(), engine)
    terms = list(real_book()["segmentation"]["term"])
    assert len(terms) > 100
    assert [term for term in terms if tokenizer.words(term) != [term]] == []


def test_only_chinese_characters_are_words():
    words = Tokenizer(toy_book(), "rjieba").words("党建App 2.0，考核-评价（督查）\n")
    assert words == ["党建", "考核", "评价", "督查"]


def test_automatic_choice_is_rjieba_and_unknown_engines_are_refused():
    assert Tokenizer(toy_book()).engine == "rjieba"
    with pytest.raises(ValueError, match="engine “thulac” 不在允许的取值中：auto、rjieba、jieba"):
        Tokenizer(toy_book(), "thulac")


def test_finder_takes_the_longest_term_at_each_place():
    finder = TermFinder(["创新", "创新理论", "理论", "党建+", "两张皮"])
    assert finder.words("党的创新理论、理论创新和“党建+”：破解两张皮") == [
        "创新理论",
        "理论",
        "创新",
        "党建+",
        "两张皮",
    ]
    assert finder.words("") == []
    assert TermFinder([]).words("创新") == []


@given(
    st.lists(st.text("甲乙丙+.", min_size=1, max_size=4), max_size=60),
    st.text("甲乙丙+.丁", max_size=30),
)
def test_finder_equals_a_plain_search(terms, text):
    expected, at = [], 0
    while at < len(text):
        here = [term for term in terms if text.startswith(term, at)]
        if here:
            expected.append(max(here, key=len))
        at += len(expected[-1]) if here else 1
    assert TermFinder(terms).words(text) == expected


def test_finder_with_many_first_characters():
    terms = [chr(0x4E00 + 7 * i) + "党" for i in range(300)]
    assert TermFinder(terms).words("。".join(terms)) == terms


def test_idf_by_hand():
    # Three documents: 考核 stands in two of them (twice in one), 督查 in one.
    texts = ["考核与考核", "考核、督查", "其他"]
    idf = build_idf(texts, TermFinder(["考核", "督查", "培训"]))
    assert list(idf["term"]) == ["考核", "督查"]
    assert list(idf["idf"]) == [round(math.log(4 / 3) + 1, 4), round(math.log(4 / 2) + 1, 4)]


def test_idf_of_the_codebook_follows_its_recipe():
    documents = [line for text in simplified_reports() for line in split_paragraphs(text)]
    assert len(documents) == 127  # as data/codebook/README.md says
    again = build_idf(documents, TermFinder(real_book()["theme_terms"]["term"]))
    pd.testing.assert_frame_equal(again, real_book()["idf"])


def test_short_lines_are_no_documents():
    assert split_paragraphs("党建研究\n\n##12345678901##\n一二三四五六七八九十\n") == [
        "一二三四五六七八九十"
    ]


def test_an_unseen_term_is_as_rare_as_the_rarest():
    book = toy_book()
    book.tables["idf"] = pd.DataFrame({"term": ["考核", "督查"], "idf": [2.0, 5.0]})
    weights = term_weights(book)
    assert weights["考核"] == {"assessment": 2.0}
    assert weights["兼职"] == {"staffing": 5.0}
    assert weights["平台"] == {"digital": 2.5}


def test_a_term_may_stand_under_two_themes():
    book = toy_book([("staffing", "考核", 0.5), ("assessment", "考核", 1.0)])
    assert term_weights(book) == {"考核": {"staffing": 2.0, "assessment": 4.0}}


def test_terms_of_the_codebook_are_plain_and_weighed():
    terms = real_book()["theme_terms"]
    assert terms["term"].str.len().between(2, 8).all()
    assert terms["weight"].between(0.05, 1).all()
    assert (terms["theme"].value_counts() >= 25).all()
    # General words that would pull everything to integration (they say nothing of the theme).
    general = {"结合", "高质量发展", "党建", "机关", "工作", "问题", "发展"}
    assert not general & set(terms["term"])
