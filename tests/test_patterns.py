"""Every pattern of the codebook hits its example and misses its counterexample."""

import re
from pathlib import Path

import pytest

from analysis.codebook import PATTERN_TABLES, load_codebook

ROOT = Path(__file__).parents[1]
BOOK = load_codebook(ROOT / "data" / "codebook")
ROWS = [
    pytest.param(table, row, id=f"{table}:{row['pattern']}")
    for table in PATTERN_TABLES
    for row in BOOK[table].to_dict("records")
]


def looked_at(table: str, row: dict, sentence: str) -> str:
    """Return what the pattern is applied to: for stance, the part beside the marked mention."""
    if table != "stance_patterns" or row["scope"] == "sentence":
        return sentence
    before, _, rest = sentence.partition("【")
    return before if row["scope"] == "before" else rest.partition("】")[2]


@pytest.mark.parametrize(("table", "row"), ROWS)
def test_pattern_hits_its_example_and_misses_its_counterexample(table, row):
    assert row["compiled"].search(looked_at(table, row, row["example"])), row["example"]
    miss = row["compiled"].search(looked_at(table, row, row["counterexample"]))
    assert not miss, f"{row['counterexample']} → {miss}"


@pytest.mark.parametrize("column", ["example", "counterexample"])
def test_stance_rows_mark_exactly_one_mention(column):
    marks = BOOK["stance_patterns"][column].str.count("【[^】]+】")
    assert (marks == 1).all()


@pytest.mark.parametrize(("table", "row"), ROWS)
def test_no_word_class_is_left_unexpanded(table, row):
    assert not re.search(r"(?<!\(\?)(?<!\(\?P)<[a-z][a-z_0-9]*>", row["compiled"].pattern)


def test_every_issue_has_patterns():
    assert set(BOOK["issues"]["issue"]) == set(BOOK["patterns"]["issue"])
