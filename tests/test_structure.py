"""The three tables of a report: columns, ids, numbers, what is preset and what is still missing."""

import pandas as pd
import pytest
from toys_structure import BODY, TITLE, split

from analysis.schema import TABLES
from analysis.structure import split_report

SOURCE = (
    f"{TITLE}某市直机关工委\n一、現狀\n{BODY}一是抓學習。{BODY}\n二、问题\n（一）思想建設\n{BODY}\n"
)


@pytest.fixture(scope="module")
def parts(book):
    return split_report("county-organs", SOURCE, book)


@pytest.mark.parametrize("table", ["edits", "passages", "sentences"])
def test_columns_are_those_of_the_schema(parts, table):
    assert getattr(parts, table).columns.tolist() == TABLES[table].names


@pytest.mark.parametrize("table", ["edits", "passages", "sentences"])
@pytest.mark.parametrize("source", ["", " \n\u3000\r\n"])
def test_a_blank_source_gives_empty_tables(book, source, table):
    frame = getattr(split(source, book), table)
    assert frame.empty
    assert frame.columns.tolist() == TABLES[table].names


def test_ids_begin_with_the_report_and_count_from_one(parts):
    assert parts.sentences["sentence"].tolist()[:2] == [
        "county-organs-s0001",
        "county-organs-s0002",
    ]
    assert len(parts.sentences) == 9
    assert parts.passages["passage"].tolist()[-1] == "county-organs-p0008"
    assert parts.passages["number"].tolist() == list(range(1, 9))
    assert parts.sentences["passage"].str[-2:].tolist() == [
        f"0{n}" for n in (1, 2, 3, 4, 5, 5, 6, 7, 8)
    ]


def test_every_row_names_its_report(parts):
    assert set(parts.sentences["report"]) == set(parts.passages["report"]) == {"county-organs"}


def test_text_is_simplified_and_positions_point_into_the_source(parts):
    heading = parts.sentences.iloc[2]
    assert heading["text"] == "一、现状"
    assert SOURCE[heading["start"] : heading["end"]] == "一、現狀"
    assert parts.passages.loc[4, "text"] == f"一是抓学习。{BODY}"


def test_sections_and_heading_paths(parts):
    assert parts.passages["section"].tolist()[2:] == ["一、现状"] * 3 + ["二、问题"] * 3
    assert parts.passages["heading_path"].tolist()[2:] == [
        "一、现状",
        "一、现状",
        "一、现状 › 一是抓学习",
        "二、问题",
        "二、问题 › （一）思想建设",
        "二、问题 › （一）思想建设",
    ]
    assert parts.passages["heading_path"].isna().tolist()[:2] == [True, True]


def test_heading_levels(parts):
    levels = parts.sentences["heading_level"]
    assert levels.isna().tolist() == [False, True, False, True, False, True, False, False, True]
    assert levels.dropna().tolist() == [0, 1, 2, 1, 2]


def test_only_noise_has_a_role_yet(parts):
    noise = parts.sentences["role"] == "noise"
    assert parts.sentences.loc[noise, "text"].tolist() == ["某市直机关工委"]
    assert parts.sentences.loc[noise, "role_basis"].tolist() == ["署名、日期或来源"]
    assert parts.sentences.loc[noise, "role_margin"].tolist() == [1.0]
    assert (
        parts.sentences.loc[~noise, ["role", "role_basis", "role_margin", "theme"]]
        .isna()
        .to_numpy()
        .all()
    )
    assert not parts.sentences["corrected"].any()
    assert parts.passages[["role", "problem_sentences", "theme", "cluster"]].isna().to_numpy().all()


def test_splitting_twice_gives_the_same(book, parts):
    again = split_report("county-organs", SOURCE, book)
    for table in ("edits", "passages", "sentences"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(parts, table))


def test_line_ends_do_not_matter(book, parts):
    other = split_report("county-organs", SOURCE.replace("\n", "\r\n"), book)
    assert other.sentences["text"].tolist() == parts.sentences["text"].tolist()
    assert other.passages["heading_path"].equals(parts.passages["heading_path"])
