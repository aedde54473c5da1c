import pandas as pd
from toys_links import tables_of

from analysis.points import find_points


def points_of(*lines) -> list[int]:
    """Number of the point of each problem sentence, counted from 0."""
    parts = lines if isinstance(lines[0], list) else [list(lines)]
    sentences, _, mentions, _ = tables_of(("甲", [("一", "一", part) for part in parts]))
    points = find_points(sentences.assign(theme="staffing"), mentions)
    return pd.factorize(points)[0].tolist()


def test_a_point_is_a_run_of_problem_sentences_of_a_passage():
    assert points_of("甲少。", "乙少。", ("要改。", "countermeasure"), "丙少。") == [0, 0, 1]
    assert points_of(["甲少。", "乙少。"], ["丙少。"]) == [0, 0, 1]


def test_noise_between_two_sentences_does_not_part_them():
    assert points_of("甲少。", ("第3页", "noise"), "乙少。") == [0, 0]


def test_other_issues_part_and_shared_ones_do_not():
    thin, flaws = "thin_staffing", "assessment_flaws"
    assert points_of(("甲。", "problem", None, thin), ("乙。", "problem", None, flaws)) == [0, 1]
    assert points_of(("甲。", "problem", None, thin), ("乙。", "problem", None, thin)) == [0, 0]
    assert points_of(("甲。", "problem", None, thin), "乙。") == [0, 0]


def test_other_themes_part():
    sentences, _, mentions, _ = tables_of(("甲", [("一", "一", ["甲。", "乙。"])]))
    points = find_points(sentences.assign(theme=["staffing", "digital"]), mentions)
    assert points.nunique() == 2


def test_a_heading_belongs_to_what_comes_first_under_it():
    head, under = ("（一）甲", "problem", 1), ("1.乙", "problem", 2)
    assert points_of([head], [under], ["丙少。"], ["丁少。"]) == [0, 0, 0, 1]
    # A heading of the same level has nothing under it.
    assert points_of([head], [head], ["丙少。"]) == [0, 1, 1]


def test_points_are_named_by_their_first_sentence():
    sentences, _, mentions, _ = tables_of(("甲", [("一", "一", ["甲。", "乙。"])]))
    points = find_points(sentences.assign(theme="staffing"), mentions)
    assert points.to_dict() == {"甲-s0000": "甲-s0000", "甲-s0001": "甲-s0000"}


def test_without_problems_there_are_no_points():
    sentences, _, mentions, _ = tables_of(("甲", [("一", "一", [("要改。", "countermeasure")])]))
    for rows in (sentences, sentences[:0]):
        points = find_points(rows.assign(theme="staffing"), mentions)
        assert (len(points), points.dtype) == (0, "str")
