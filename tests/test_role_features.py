"""The named numbers that decide a role, worked by hand for a few sentences."""

import re

import numpy as np
import pytest

from analysis.role_features import (
    HEADING_SCALE,
    LEAST_SHARE,
    LENGTH_CAP,
    PATTERN_CAP,
    Place,
    list_features,
)
from analysis.sections import TEXT_ROLES, Section
from analysis.sections.cues import Wording

PROBLEM, CAUSE, COUNTERMEASURE, PRACTICE, BACKGROUND = range(5)
HEADINGS = [
    ("problem", 4.0, re.compile("问题")),
    ("problem", 1.0, re.compile("不足")),
    ("countermeasure", 2.0, re.compile("强化|对策")),
]


def shares(**by_role):
    return np.array([by_role.get(role, 0.0) for role in TEXT_ROLES])


def place(text="句子。", passage="p1", path=None, role=None, damps=True, **given):
    section = Section(role=role, basis="", named=damps)
    own = given.get("own", np.full(5, 0.2))
    hits = tuple((role, score, "…") for role, score in given.get("scores", {}).items())
    report, heading = given.get("report", "r1"), given.get("heading", False)
    return Place(report, text, passage, path, section, own, heading, hits)


def features(*places, genres=("report",)):
    """Features of each place by name; those that are 0 left out."""
    genres = {f"r{number}": genre for number, genre in enumerate(genres, start=1)}
    rows = list_features(places, genres, Wording(tuple(HEADINGS))).to_dict("records")
    return [{name: value for name, value in row.items() if value} for row in rows]


def group(row, name):
    """Features of one group by what they say."""
    return {key.split(":")[1]: v for key, v in row.items() if key.startswith(f"{name}:")}


def test_own_words_are_logarithms_about_their_mean():
    row = features(place(own=shares(problem=0.9, cause=0.1)))[0]
    logs = np.log([0.9, 0.1, LEAST_SHARE, LEAST_SHARE, LEAST_SHARE])
    expected = dict(zip(TEXT_ROLES, logs - logs.mean(), strict=True))
    assert group(row, "own") == pytest.approx(expected)


def test_patterns_count_up_to_a_limit():
    row = features(place(scores={"problem": 1.5, "practice": PATTERN_CAP + 2}))[0]
    assert group(row, "pattern") == {"problem": 1.5, "practice": PATTERN_CAP}


def test_neighbours_are_those_of_the_passage():
    owns = [shares(**{role: 1.0}) for role in TEXT_ROLES]
    rows = features(
        *(place(own=own) for own in owns[:3]),
        *(place(passage="p2", own=own) for own in owns[3:]),
    )
    assert not group(rows[0], "before") and not group(rows[0], "above")
    assert group(rows[0], "behind")["cause"] == 1
    assert group(rows[1], "before")["problem"] == group(rows[1], "behind")["countermeasure"] == 1
    assert not group(rows[1], "before2")
    assert group(rows[2], "before2")["problem"] == group(rows[2], "before")["cause"] == 1
    assert not group(rows[2], "behind")  # the next sentence stands in another passage
    assert not group(rows[3], "before") and group(rows[3], "above")["countermeasure"] == 1
    assert not group(rows[4], "above")  # only for the first of a passage


def test_passage_and_section_are_the_mean_of_the_others():
    paths = ["一、甲 › （一）乙", "一、甲 › （二）丙", "二、丁"]
    rows = features(
        place(path=paths[0], own=shares(problem=1.0)),
        place(path=paths[0], own=shares(problem=0.4, cause=0.6)),
        place(path=paths[0], own=shares(practice=1.0)),
        place(passage="p2", path=paths[1], own=shares(practice=1.0)),
        place(passage="p3", path=paths[2], own=shares(background=1.0)),
    )
    assert group(rows[0], "passage") == pytest.approx(
        {"problem": 0.2, "cause": 0.3, "practice": 0.5}
    )
    assert group(rows[0], "section")["practice"] == pytest.approx(2 / 3)
    assert group(rows[3], "section")["problem"] == pytest.approx(1.4 / 3)
    assert not group(rows[3], "passage") and not group(rows[4], "section")  # alone there


def test_sentences_above_all_headings_are_a_section():
    rows = features(place(own=shares(problem=1.0)), place(passage="p2", own=shares(cause=1.0)))
    assert group(rows[0], "section")["cause"] == 1
    assert group(rows[0], "heading") == {"none": 1.0, "above_all": 1.0}


@pytest.mark.parametrize(
    ("role", "damps", "name"),
    [
        ("problem", True, "problem"),
        ("problem", False, "problem?"),  # known by content only
        (None, False, "none?"),
    ],
)
def test_the_section_is_a_feature_of_its_own(role, damps, name):
    row = features(place(role=role, damps=damps, path="无关"))[0]
    assert group(row, "heading") == {name: 1.0}


def test_headings_nearest_and_further_out():
    row = features(place(path="二、问题与不足 › （一）对策 › 强化不足", role="problem"))[0]
    assert group(row, "heading") == {
        "problem": 1.0,
        "nearest_problem": 1 / HEADING_SCALE,
        "nearest_countermeasure": 2 / HEADING_SCALE,
        "outer_problem": 5 / HEADING_SCALE,
        "outer_countermeasure": 2 / HEADING_SCALE,
    }


def test_of_several_outer_headings_the_clearest_counts():
    row = features(place(path="不足 › 问题 › 不足 › 无关"))[0]
    assert group(row, "heading")["outer_problem"] == 4 / HEADING_SCALE


def test_place_in_the_report():
    rows = features(*(place(passage=f"p{at // 5}", heading=at == 20) for at in range(100)))
    assert [row.get("place:share", 0) for row in rows] == pytest.approx(np.arange(100) / 100)
    assert [at for at, row in enumerate(rows) if "place:opening" in row] == [*range(8)]
    assert [at for at, row in enumerate(rows) if "place:closing" in row] == [96, 97, 98, 99]
    assert [at for at, row in enumerate(rows) if "place:first" in row] == [*range(0, 100, 5)]
    assert [at for at, row in enumerate(rows) if "place:heading" in row] == [20]


def test_reports_do_not_see_each_other():
    own = [shares(problem=0.7, cause=0.3), shares(practice=1.0), shares(background=1.0)]
    one = [place(own=own[0], path="一、甲"), place(passage="p2", own=own[1], path="一、甲")]
    other = [place(own=own[2], path="一、甲", report="r2")]
    apart = features(*one) + features(*other, genres=("report", "speech"))
    assert features(*one, *other, genres=("report", "speech")) == apart


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        ("怎么办？\n", "question", 1),
        ("怎么办。", "question", 0),
        ("加油!", "call", 1),
        ("共７个。", "figure", 1),
        ("共七个。", "figure", 0),
        ("“两张皮”。", "quote", 1),
        ("两张皮。", "quote", 0),
        (" 六个字的句子 ", "length", 6 / LENGTH_CAP),
        ("长" * (LENGTH_CAP + 1), "length", 1),
    ],
)
def test_shape(text, named, expected):
    assert group(features(place(text))[0], "shape").get(named, 0) == pytest.approx(expected)


def test_the_genre_is_a_feature_and_an_empty_report_has_none():
    assert features(place(), genres=["speech"])[0]["genre:speech"] == 1
    assert features() == []


def test_the_models_of_the_checkout_weigh_only_what_is_listed(book):
    """A feature renamed in the code and not in ``learned_context.csv`` would count nothing."""
    table = book["learned_context"]
    known = set(table.loc[table["key"] != "issue", "feature"].str.partition(":")[0])
    path = "二、问题 › （一）强化"
    places = [place(passage=p, path=path, scores={"problem": 1.0}) for p in ("p1", "p1", "p2")]
    rows = list_features(places, {"r1": "report"}, Wording(tuple(HEADINGS)))
    listed = {name.partition(":")[0] for name in rows}
    assert known == listed
