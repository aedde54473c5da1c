"""Hits, contexts and counts, which must equal the rates."""

import re

import pytest

from analysis import concordance
from analysis.concordance import (
    CONTEXT,
    Query,
    QueryError,
    find_hits,
    in_context,
    load_corpus,
    say_counts,
)
from analysis.structure import Edit, recompute_text
from analysis.vocabulary import LEVEL_GROUPS


@pytest.fixture(scope="module")
def corpus(study):
    return load_corpus(study.tables, study.sources)


def test_every_occurrence_is_a_hit_and_none_else(corpus):
    hits = find_hits(corpus, Query(text="不够"))
    texts = corpus.lines["text"]
    assert len(hits) == texts.str.count("不够").sum() > 5
    context = in_context(corpus, hits)
    assert set(context["match"]) == {"不够"}
    for row in context.itertuples():
        assert texts[row.line][row.start : row.end] == "不够"
        assert max(len(row.left), len(row.right)) <= CONTEXT


def test_context_runs_on_over_sentences_of_the_same_passage_only(corpus):
    lines = corpus.lines
    own = lines[lines["passage"] == lines["passage"].value_counts().index[0]]
    whole = "".join(own["text"])
    hits = find_hits(corpus, Query(text=own["text"].iloc[1][:6]))
    row = in_context(corpus, hits[hits["line"] == own.index[1]]).iloc[0]
    at = whole.index(own["text"].iloc[1])
    assert row["left"] == whole[max(at - CONTEXT, 0) : at]
    assert row["right"] == whole[at + 6 : at + 6 + CONTEXT]
    first = in_context(corpus, find_hits(corpus, Query()).iloc[[own.index[0]]]).iloc[0]
    assert first["left"] == ""


def test_sorting_looks_outwards_from_the_match(corpus):
    hits = in_context(corpus, find_hits(corpus, Query(text="党建", sort="right")))
    texts = corpus.lines["text"]
    right = [texts[row.line][row.end :] for row in hits.itertuples()]
    assert right == sorted(right)
    hits = find_hits(corpus, Query(text="党建", sort="left"))
    left = [texts[row.line][: row.start][::-1] for row in hits.itertuples()]
    assert left == sorted(left) and left != sorted(left, reverse=True)
    place = find_hits(corpus, Query(text="党建"))
    assert place["hit"].tolist() == [*range(1, len(place) + 1)]


def test_mentions_are_marked_where_the_source_has_them(corpus, study):
    """Also where something was cut out of the sentence."""
    reports = study.edits.groupby("report")
    for row in corpus.mentions.itertuples():
        line = corpus.lines.loc[row.line]
        edits = (
            [
                Edit(*(None if value != value else value for value in one))
                for one in reports.get_group(row.report)[list(Edit._fields)].to_numpy(object)
            ]
            if row.report in reports.groups
            else []
        )
        wanted = recompute_text(study.sources[row.report], edits, row.start, row.end)
        assert line["text"][row.first : row.last] == wanted


def test_counts_with_denominators_equal_the_rates(corpus, study):
    """Of every issue and level: hits, and the passages among the problem passages."""
    problems = study.passages.query("problem_sentences > 0")["passage"]
    rates = study.rates("issue", by="level").query("stance == 'asserted'")
    for rate in rates.itertuples():
        query = Query(issue=rate.key, stance="asserted", level=rate.group)
        hits = find_hits(corpus, query)
        assert set(hits["sentence"]) == set(study.quotes(rate.rate)["sentence"])
        inside = hits[hits["passage"].isin(problems)]
        assert inside["sentence"].nunique() == rate.sentences_with
        assert inside["passage"].nunique() == rate.passages_with


def test_what_is_told_follows_the_filter(corpus, study):
    level = study.reports.set_index("report")["level"].map(LEVEL_GROUPS)
    mine = corpus.lines[corpus.lines["report"].map(level) == "city"]
    query = Query(text="党建", level="city")
    hits = find_hits(corpus, query)
    numbers = [int(n) for n in re.findall(r"\d+", say_counts(corpus, hits, query))]
    found = mine[mine["text"].str.contains("党建")]
    assert numbers == [
        mine["text"].str.count("党建").sum(),
        *(mine["passage"].nunique(), found["passage"].nunique()),
        *(len(mine), len(found)),
        *(mine["report"].nunique(), found["report"].nunique()),
    ]


@pytest.mark.parametrize(
    ("limit", "query", "said"),
    [
        ("MOST", Query(text="党（建|务(", regex=True), "第 .* 个字符处"),
        ("PATIENCE", Query(text="党.*建", regex=True), "请换一个简单些的写法"),
        ("MOST", Query(text="党"), "请写得具体一些"),
    ],
)
def test_what_cannot_be_asked_is_one_line_of_chinese(corpus, monkeypatch, limit, query, said):
    monkeypatch.setattr(concordance, limit, 0)
    with pytest.raises(QueryError, match=said) as error:
        find_hits(corpus, query)
    assert "\n" not in str(error.value)


def test_signs_of_expressions_are_characters_unless_asked_for(corpus):
    assert len(find_hits(corpus, Query(text="党."))) == 0
    assert len(find_hits(corpus, Query(text="党.", regex=True))) > 100
    assert len(find_hits(corpus, Query(text="x*", regex=True))) < 50  # no empty hits
