import pandas as pd
import pytest

from analysis.study.names import ChoiceError


def test_quotes_by_id_and_by_name_are_the_same_sentences(study):
    rate = "level/county/issue/two_skins/asserted"
    by_id = study.quotes(rate)
    by_name = study.quotes(issue="two_skins", level="county", stance="asserted")
    pd.testing.assert_frame_equal(by_id, by_name)
    count = study.rates("issue").set_index("rate").loc[rate]
    assert len(by_id) >= count["sentences_with"] > 0
    for row in by_id.itertuples():
        assert row.report == "county-organs"
        assert study.sources[row.report][row.start : row.end] == row.quote
    assert len(study.quotes(theme="staffing")) > 0
    mine = study.quotes(issue="two_skins", report="county-organs", stance="asserted")
    assert mine["sentence"].tolist() == by_id["sentence"].tolist()


def test_trace_tells_the_count_and_every_sentence(study):
    rate = "level/county/issue/two_skins/asserted"
    text = study.trace(rate)
    says = study.rates("issue").set_index("rate").loc[rate, "says"]
    assert text.splitlines()[1] == says
    for number, row in enumerate(study.quotes(rate).itertuples(), start=1):
        assert f"[{number}] {row.report} · 字符 {row.start}–{row.end} · " in text


def test_what_is_asked_about_is_one_thing(study):
    for question in ({}, {"issue": "两张皮", "theme": "思想认识"}):
        with pytest.raises(ChoiceError, match="请写明一个问题表现或一个主题"):
            study.quotes(**question)


def test_questions_lead_to_the_same_count_however_they_are_put(study):
    expected = "level/county/issue/two_skins/asserted"
    assert study.rate_id(issue="两张皮", level="区级", stance="认定") == expected
    assert study.rate_id(issue="two_skins", level="county", stance="asserted") == expected
    assert study.rate_id(theme="思想认识", level="全部") == "all/all/theme/awareness/any"
    assert study.rate_id(theme="思想认识", report=1) == "report/city-speech/theme/awareness/any"


def test_a_column_and_its_group_are_only_named_together(study):
    said = "^请写明是“层级”的哪一组，例如 group=…；可用：.*county.*。$"
    with pytest.raises(ChoiceError, match=said):
        study.trace(issue="两张皮", by="层级")
    with pytest.raises(ChoiceError, match="^“东片”是哪一列的？请同时写明 by，例如 by=…"):
        study.quotes(issue="两张皮", group="东片")
